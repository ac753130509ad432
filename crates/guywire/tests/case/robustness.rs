//! No text breaks the reader, and every error points into the text.

use crate::{case_with, vocabulary};
use guywire::case::{AnswersFile, Case, CaseErrors, Tissue};
use proptest::prelude::*;
use std::path::Path;

fn check_places(errors: &CaseErrors, text: &str) {
    assert!(!errors.as_slice().is_empty());
    let mut before = 0;
    for error in errors.as_slice() {
        let related = error.related().map(|(span, _)| span);
        for span in [Some(error.span()), related].into_iter().flatten() {
            assert!(text.get(span.clone()).is_some(), "{span:?} is not a part of {text:?}: {error}");
        }
        assert!(error.span().start >= before, "out of order: {error}");
        before = error.span().start;
        let (line, column) = error.line_and_column(text);
        assert!(line >= 1 && column >= 1);
        assert!(!error.to_string().contains('\n') && !error.help().unwrap_or_default().contains('\n'));
    }
}

fn check(text: &str) {
    if let Err(errors) = Case::parse(text, &vocabulary()) {
        check_places(&errors, text);
    }
    if let Err(errors) = AnswersFile::parse(text, &vocabulary()) {
        check_places(&errors, text);
    }
    for line in text.lines().take(20) {
        let mut tissue = Tissue::default();
        if let Err(errors) = tissue.apply_setting(line, &vocabulary()) {
            check_places(&errors, line);
        }
    }
}

fn valid() -> String {
    case_with(
        "pelvic_incidence_deg = 52\n[person.segments]\nthigh_cm = 41\n[tissue]\nhip_flexors = { length = 0.9 }\n\
         hamstrings.left = { length = 0.9, tone = 0.05 }\nhip.extension_range_deg = -2.6\n\
         lumbar.neutral_lordosis_deg = 5\n[screening]\nlimp = false\ngroin_pain = \"unsure\"\n\
         examined_by = \"Dr. Weber\"\nexamined_on = 2026-03-02\naudience = \"clinician\"\n[report]\nuncertainty = false # ë\n\
         [[visit]]\ndate = 2026-03-02\n[[visit.test]]\nname = \"ely\"\nside = \"left\"\nreadings = [110, 112]\n\
         [visit.outcomes]\nroland_morris = [1, 5]\nstart_back = { agreed = [2], bothersomeness = \"very_much\" }\n\
         patient_specific = [{ activity = \"sit\", score = 4 }]",
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_soup_of_words(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "[", "]", "{", "}", "=", ".", ",", "\"", "'", "\"\"\"", "\n", "\n", " ", "#", "\\", "person", "tissue",
                "positions", "hip_flexors", "left", "length", "screening", "limp", "examined_on", "height_m", "0.9", "-1e999", "nan", "0xff", "é", "\r",
                "\"standing\"", "1979-05-27", "true", "visit", "[[visit]]\n", "[[visit.test]]\n", "date", "name", "\"ely\"",
                "side", "reading", "readings", "[visit.outcomes]\n", "roland_morris", "start_back", "-7", "9999-12-31", "\u{feff}", "\u{0}",
            ]),
            0..60,
        ),
    ) {
        check(&words.concat());
    }

    #[test]
    fn a_valid_case_with_a_few_slips(
        slips in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<char>()), 1..6),
    ) {
        let mut letters: Vec<char> = valid().chars().collect();
        for (place, kind, letter) in slips {
            let at = place.index(letters.len());
            match kind {
                0 if letters.len() > 1 => { letters.remove(at); }
                1 => letters.insert(at, letter),
                2 => letters[at] = letter,
                _ => letters.truncate(at.max(1)),
            }
        }
        check(&letters.into_iter().collect::<String>());
    }

    #[test]
    fn any_setting(text in "[a-z_.éL=0-9 %,+-]{0,40}") {
        check(&text);
    }
}

#[test]
fn inputs_of_the_fuzzer_are_replayed() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/case_file");
    let mut files: Vec<_> = std::fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 5, "the corpus is in the repository");
    for file in files {
        check(&String::from_utf8_lossy(&std::fs::read(file).unwrap()));
    }
}

#[test]
fn size_and_depth_are_bounded() {
    check(&"[".repeat(90_000));
    check(&"a = [".repeat(15_000));
    check(&"a.".repeat(40_000));
    check(&"x = 1 = 2\n".repeat(9_000));
    check(&format!("{} = 1", "k".repeat(90_000)));
    check(&format!("positions = [{}]", "\"standng\",".repeat(9_000)));
    let too_long = "#".repeat(200_000);
    let errors = Case::parse(&too_long, &vocabulary()).unwrap_err();
    assert_eq!(errors.to_string(), "the file has 200000 bytes; a case file has at most 100000");
}
