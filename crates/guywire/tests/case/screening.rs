//! The `[screening]` section: what it accepts and what it refuses.

use crate::{case_with, vocabulary};
use guywire::case::{Answer, AnswersFile, Audience, Case, Date};

fn read(section: &str) -> Case {
    let text = case_with(section);
    Case::parse(&text, &vocabulary()).unwrap_or_else(|errors| panic!("{}", errors.describe("case", &text)))
}

fn refused(section: &str) -> String {
    let text = case_with(section);
    Case::parse(&text, &vocabulary()).unwrap_err().describe("case.toml", &text)
}

#[test]
fn answers_are_booleans_or_words() {
    let case = read(
        "[screening]\ngroin_pain = true\nlimp = false\nfever = \"unsure\"\nback_pain = \"yes\"\nhip_pain = \"no\"\n\
         audience = \"clinician\"\nexamined_by = \" Dr. Weber \"\nexamined_on = 2026-03-02",
    );
    let answer = |name| case.screening.of(name);
    assert_eq!(answer("groin_pain"), Some(Answer::Yes));
    assert_eq!(answer("limp"), Some(Answer::No));
    assert_eq!(answer("fever"), Some(Answer::Unsure));
    assert_eq!(answer("back_pain"), Some(Answer::Yes));
    assert_eq!(answer("hip_pain"), Some(Answer::No));
    assert_eq!(answer("bladder_change"), None);
    assert_eq!(case.screening.audience, Audience::Clinician);
    let examination = case.screening.examination.unwrap();
    assert_eq!((examination.by.as_str(), Some(examination.on)), ("Dr. Weber", Date::new(2026, 3, 2)));
}

#[test]
fn without_the_section_nothing_was_asked() {
    assert_eq!(read("").screening, Default::default());
    assert_eq!(read("[screening]").screening, Default::default());
}

#[test]
fn everything_wrong_is_told_at_once_with_its_place() {
    let text = refused(
        "[screening]\ngroin_pian = true\nlimp = \"maybe\"\nfever = 1\naudience = \"doctor\"\nback_pain = \"yess\"\n\
         examined_on = \"2026-03-02\"",
    );
    for expected in [
        "case.toml:9:1: there is no field `groin_pian` in `[screening]`; did you mean `groin_pain`?",
        "case.toml:10:8: `limp` cannot be \"maybe\"; did you mean `unsure`?",
        "case.toml:11:9: `fever` must be `true`, `false` or \"unsure\", but here is the number 1",
        "case.toml:12:12: `audience` cannot be \"doctor\"; did you mean `clinician`?",
        "case.toml:13:13: `back_pain` cannot be \"yess\"; did you mean `yes`?",
        "case.toml:14:15: `examined_on` must be a date without quotes and time, year-month-day as in `2026-03-02`, but here \
         is the text \"2026-03-02\"; write `examined_on = 2026-03-02`",
        "`examined_by` is missing from `[screening]`; for example `examined_by = \"Dr. Weber\"`",
    ] {
        assert!(text.contains(expected), "`{expected}` is not in\n{text}");
    }
    assert_eq!(text.lines().count(), 7, "{text}");
}

#[test]
fn an_examination_is_who_and_when() {
    assert!(refused("[screening]\nexamined_by = \"Dr. Weber\"").contains("`examined_on` is missing"));
    let both = refused("[screening]\nexamination_note = \"hips turn freely\"");
    assert!(both.contains("`examined_by` is missing") && both.contains("`examined_on` is missing"), "{both}");
    let empty = refused("[screening]\nexamined_by = \" \"\nexamined_on = 2026-03-02");
    assert!(empty.contains("`examined_by` must be a text on one line"), "{empty}");
    let later = refused("[screening]\nexamined_by = \"Dr. Weber\"\nexamined_on = 2027-03-02");
    assert!(later.contains("`examined_on` = 2027-03-02 lies in the future: today is 2026-11-21"), "{later}");
    let stamp = refused("[screening]\nexamined_by = \"Dr. Weber\"\nexamined_on = 2026-03-02T10:00:00");
    assert!(
        stamp.contains("but here is the time 2026-03-02T10:00:00; write `examined_on = 2026-03-02`"),
        "{stamp}"
    );
}

#[test]
fn fields_in_the_wrong_section_are_sent_home() {
    let text = refused("limp = true");
    assert!(text.contains("`limp` does not belong in `[person]`; it belongs in `[screening]`"), "{text}");
    let text = refused("[screening]\nheight_cm = 170");
    assert!(text.contains("it belongs in `[person]`"), "{text}");
    assert!(refused("screening = true").contains("does not belong"));
}

#[test]
fn a_file_of_answers_has_the_section_or_its_fields() {
    let over = |text: &str| {
        let file = AnswersFile::parse(text, &vocabulary()).unwrap();
        file.over(read("[screening]\nlimp = true\nfever = true\naudience = \"clinician\"").screening)
    };
    for text in ["limp = false\nback_pain = true\n", "[screening]\nlimp = false\nback_pain = true\n"] {
        let answers = over(text);
        assert_eq!(answers.of("limp"), Some(Answer::No));
        assert_eq!(answers.of("back_pain"), Some(Answer::Yes));
        assert_eq!(answers.of("fever"), Some(Answer::Yes));
        assert_eq!(answers.audience, Audience::Clinician);
    }
    let refused = |text: &str| AnswersFile::parse(text, &vocabulary()).unwrap_err().describe("answers", text);
    assert!(refused("limmp = true").contains("answers:1:1: there is no field `limmp`"));
    assert!(refused("[screening]\nlimp = 2\n[person]\nage = 3").contains("`person` does not belong"));
}
