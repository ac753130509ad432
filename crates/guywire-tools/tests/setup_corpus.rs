//! The fuzz corpus of setup files, replayed: every tool takes or refuses every file, with a line.

use guywire_osim::xml::Document;
use guywire_tools::analysis_setup::AnalyzeSetup;
use guywire_tools::analyze::AnalyzeSettings;
use guywire_tools::fd::FdSettings;
use guywire_tools::id::IdSettings;
use guywire_tools::ik::IkSettings;
use guywire_tools::jr::JrSettings;
use guywire_tools::scale::ScaleSettings;
use guywire_tools::setup::{SetupError, SetupObject};
use guywire_tools::so::SoSettings;
use std::path::Path;

/// What the tools that are named in a setup refuse of it.
fn refused(document: &Document) -> Vec<SetupError> {
    let tool = SetupObject::tool(document);
    let mut errors = Vec::new();
    match tool.class() {
        "ScaleTool" => errors.extend(ScaleSettings::from_setup(&tool).err()),
        "InverseKinematicsTool" => errors.extend(IkSettings::from_setup(&tool).err()),
        "InverseDynamicsTool" => errors.extend(IdSettings::from_setup(document, tool.node).err()),
        "ForwardTool" => errors.extend(FdSettings::from_setup(&tool).err()),
        "AnalyzeTool" => match AnalyzeSetup::from_setup(&tool) {
            Ok(setup) => {
                errors.extend(AnalyzeSettings::from_setup(&setup, &tool).err());
                for analysis in AnalyzeSetup::analyses(&tool) {
                    errors.extend(match analysis.class() {
                        "StaticOptimization" => SoSettings::from_setup(&setup, &analysis).err(),
                        "JointReaction" => JrSettings::from_setup(&setup, &analysis).err(),
                        _ => None,
                    });
                }
            }
            Err(error) => errors.push(error),
        },
        _ => {}
    }
    errors
}

#[test]
fn every_file_is_taken_or_refused_with_its_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/setup");
    let (mut taken, mut wrong) = (0, 0);
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("the corpus").path();
        let document = Document::parse(&std::fs::read(&path).expect("a file")).expect("the corpus is XML");
        let errors = refused(&document);
        assert!(errors.iter().all(|e| e.line > 0 && !e.expected.is_empty()), "{}", path.display());
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let sound = ["ik", "id", "analyze", "scale", "forward", "empty"].contains(&stem.as_str());
        assert_eq!(errors.is_empty(), sound, "{stem}: {errors:?}");
        if sound {
            taken += 1;
        } else {
            wrong += 1;
        }
    }
    assert!(taken >= 6 && wrong >= 3, "{taken} {wrong}");
}
