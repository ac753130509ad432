//! Any bytes as a case file and as `--set` arguments: no panic, and every error points into the text.
//!
//! ```sh
//! cargo +nightly fuzz run case_file -- -max_len=3000
//! ```
#![no_main]

use guywire::case::{
    AnswersFile, Case, CaseErrors, Date, ScreeningAnswers, TestVocabulary, Tissue, Vocabulary,
};
use guywire::exercise::Library;
use guywire::screening::RuleSet;
use guywire::week::Activities;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

fn check(errors: &CaseErrors, text: &str) {
    for error in errors.as_slice() {
        assert!(text.get(error.span()).is_some(), "{error:?}");
        let _ = (error.to_string(), error.help(), error.line_and_column(text));
    }
}

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::read().expect("the rules of the screening"));

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Vocabulary {
        groups: owned(&["hip_flexors", "hamstrings"]),
        muscles: owned(&["psoas", "Ps_L1_VB"]),
        positions: owned(&["standing", "sitting_relaxed"]),
        discs: true,
        screening_questions: RULES.names(),
        tests: TestVocabulary::all().unwrap_or_default(),
        activities: Activities::read().map(|activities| activities.names()).unwrap_or_default(),
        equipment: owned(&["mat", "band"]),
        measures: owned(&["hip_flexion_left_deg", "lumbar_flexion_deg"]),
        exercises: Library::read().map(|library| library.names()).unwrap_or_default(),
        today: Date::new(2026, 11, 21),
    }
});

/// A screening is found for every case that can be read, and is the same of its answers written and read again.
fn screen(case: &Case) {
    let screening = RULES.screen(&case.person, &case.screening);
    let written = RULES.section(&case.person, &case.screening);
    let read = AnswersFile::parse(&written, &VOCABULARY).map(|file| file.over(ScreeningAnswers::default()));
    let again = read.map(|answers| RULES.screen(&case.person, &answers));
    assert_eq!(
        again.as_ref().map(|again| (again.result, &again.answers)),
        Ok((screening.result, &screening.answers))
    );
}

fuzz_target!(|bytes: &[u8]| {
    let vocabulary = &*VOCABULARY;
    let text = String::from_utf8_lossy(bytes);
    match Case::parse(&text, vocabulary) {
        Err(errors) => check(&errors, &text),
        Ok(case) => {
            assert!(case.questions.iter().all(|question| text.get(question.span.clone()).is_some()));
            let followed = guywire::outcomes::follow_up(&case.visits, &vocabulary.tests, case.today);
            assert!(followed.is_ok(), "{followed:?}");
            screen(&case);
        }
    }
    if let Err(errors) = AnswersFile::parse(&text, vocabulary) {
        check(&errors, &text);
    }
    for line in text.lines() {
        if let Err(errors) = Tissue::default().apply_setting(line, vocabulary) {
            check(&errors, line);
        }
    }
});
