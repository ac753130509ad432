//! Any bytes as a case file and as `--set` arguments: no panic, and every error points into the text.
//!
//! ```sh
//! cargo +nightly fuzz run case_file -- -max_len=3000
//! ```
#![no_main]

use guywire::case::{AnswersFile, Case, CaseErrors, Date, TestVocabulary, Tissue, Vocabulary};
use libfuzzer_sys::fuzz_target;

fn check(errors: &CaseErrors, text: &str) {
    for error in errors.as_slice() {
        assert!(text.get(error.span()).is_some(), "{error:?}");
        let _ = (error.to_string(), error.help(), error.line_and_column(text));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let vocabulary = Vocabulary {
        groups: owned(&["hip_flexors", "hamstrings"]),
        muscles: owned(&["psoas", "Ps_L1_VB"]),
        positions: owned(&["standing", "sitting_relaxed"]),
        discs: true,
        screening_questions: owned(&["groin_pain", "limp", "bladder_change"]),
        tests: TestVocabulary::all().unwrap_or_default(),
        today: Date::new(2026, 11, 21),
    };
    let text = String::from_utf8_lossy(bytes);
    match Case::parse(&text, &vocabulary) {
        Err(errors) => check(&errors, &text),
        Ok(case) => {
            assert!(case.questions.iter().all(|question| text.get(question.span.clone()).is_some()));
            let followed = guywire::outcomes::follow_up(&case.visits, &vocabulary.tests);
            assert!(followed.is_ok(), "{followed:?}");
        }
    }
    if let Err(errors) = AnswersFile::parse(&text, &vocabulary) {
        check(&errors, &text);
    }
    for line in text.lines() {
        if let Err(errors) = Tissue::default().apply_setting(line, &vocabulary) {
            check(&errors, line);
        }
    }
});
