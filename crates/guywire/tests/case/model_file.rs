//! A case whose body is a model of its own: the files that it names, and what does not go with them.

use crate::{PERSON, case_with, vocabulary};
use guywire::case::{Case, ModelFile, Vocabulary};

fn messages(text: &str) -> String {
    Case::parse(text, &vocabulary()).unwrap_err().describe("case", text)
}

#[test]
fn a_case_names_the_files_of_its_body() {
    let text = case_with("[body]\nmodel = \"gait2392.osim\"\nnames = \"names.toml\"");
    let case = Case::parse(&text, &vocabulary()).unwrap();
    let files = case.model.unwrap();
    assert_eq!(
        (files.model.path.as_str(), files.names.unwrap().path.as_str()),
        ("gait2392.osim", "names.toml")
    );
    assert_eq!(&text[files.model.span], "\"gait2392.osim\"");
    assert_eq!(Case::parse(&case_with(""), &vocabulary()).unwrap().model, None);
}

/// The files must be open before the case can be read, because its tissue is named by them.
#[test]
fn the_files_are_found_in_a_case_that_is_otherwise_wrong() {
    let text = case_with("[body]\nmodel = \"my.osim\"\n[tissue]\nnobody_knows = { length = 0.9 }");
    let files = ModelFile::of(&text).unwrap();
    assert_eq!(files.model.path, "my.osim");
    assert_eq!(files.files().count(), 1);
    assert_eq!(ModelFile::of(PERSON), None);
    assert_eq!(ModelFile::of("[body]\nnames = \"names.toml\""), None);
    assert_eq!(ModelFile::of("[body\nmodel"), None);
    let broken = files.model.unusable("model", "it cannot be read");
    assert_eq!(
        guywire::case::CaseErrors::one(broken).describe("case", &text),
        "case:9:9: `model` = \"my.osim\" cannot be used: it cannot be read"
    );
}

#[test]
fn what_does_not_go_together_is_refused_at_its_place() {
    for (more, expected) in [
        (
            "[body]\nnames = \"names.toml\"",
            "case:8:2: `model` is missing from `[body]`; for example `model = \"gait2392.osim\"`",
        ),
        (
            "[body]\nmodell = \"a.osim\"",
            "case:9:1: there is no field `modell` in `[body]`; did you mean `model`?",
        ),
        (
            "[body]\nmodel = 3",
            "case:9:9: `model` must be the name of a file in quotes, but here is the number 3",
        ),
        (
            "[body]\nmodel = \"gait2392.xml\"",
            "case:9:9: `model` = \"gait2392.xml\" cannot be used: the name of such a file ends in `.osim`",
        ),
        (
            "pelvic_incidence_deg = 50\n[body]\nmodel = \"a.osim\"",
            "case:8:1: `pelvic_incidence_deg` shapes the built-in body, and this case has a `[body]` of its own; leave \
             it out; `guywire scale` fits a model to a person's measures",
        ),
        (
            "[person.segments]\nthigh_cm = 40\n[body]\nmodel = \"a.osim\"",
            "case:8:9: `segments` shapes the built-in body, and this case has a `[body]` of its own; leave it out; \
             `guywire scale` fits a model to a person's measures",
        ),
        (
            "body = \"a.osim\"",
            "case:8:1: `body` does not belong in `[person]`; it belongs at the top of the file, before the first `[section]`",
        ),
    ] {
        let told = messages(&case_with(more));
        assert!(told.lines().any(|line| line == expected), "{more}:\n{told}\ninstead of\n{expected}");
    }
}

#[test]
fn a_body_without_discs_has_no_lumbar_tissue() {
    let text = case_with("[tissue]\nlumbar.neutral_lordosis_deg = 5");
    Case::parse(&text, &vocabulary()).unwrap();
    let without = Vocabulary { discs: false, ..vocabulary() };
    let told = Case::parse(&text, &without).unwrap_err().describe("case", &text);
    assert!(told.starts_with("case:9:1: the body has no tissue group or muscle `lumbar`"), "{told}");
}
