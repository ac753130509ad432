//! The example cases can be read, and are about the people they say.

use crate::vocabulary;
use guywire::case::Case;
use std::path::Path;

fn examples() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let read = |file: &std::path::PathBuf| {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(file).unwrap();
        let case = Case::parse(&text, &vocabulary())
            .unwrap_or_else(|errors| panic!("{}", errors.describe(&name, &text)));
        (name, case)
    };
    files.iter().map(read).collect()
}

#[test]
fn every_example_is_a_case() {
    let examples = examples();
    let names: Vec<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    for expected in ["desk-worker", "footballer-12", "reference", "runner", "stairs-leader"] {
        assert!(names.contains(&expected), "{expected} is missing from {names:?}");
    }
}

#[test]
fn only_the_child_needs_a_warning() {
    for (name, case) in examples() {
        assert_eq!(
            case.warnings().len(),
            usize::from(name == "footballer-12"),
            "{name}: {:?}",
            case.warnings()
        );
    }
}

#[test]
fn only_the_reference_person_has_reference_tissue() {
    for (name, case) in examples() {
        assert_eq!(case.tissue.settings.is_empty(), name == "reference", "{name}");
    }
}
