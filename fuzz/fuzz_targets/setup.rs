//! Any bytes as the setup file of every tool: settings, or an error that says where.
//!
//! ```sh
//! cargo xtask fuzz 60
//! ```
#![no_main]

use guywire_osim::xml::Document;
use guywire_tools::analysis_setup::AnalyzeSetup;
use guywire_tools::analyze::AnalyzeSettings;
use guywire_tools::fd::FdSettings;
use guywire_tools::id::IdSettings;
use guywire_tools::ik::IkSettings;
use guywire_tools::jr::JrSettings;
use guywire_tools::scale::ScaleSettings;
use guywire_tools::setup::SetupObject;
use guywire_tools::so::SoSettings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::parse(bytes) else { return };
    let tool = SetupObject::tool(&document);
    let said = |result: Result<(), guywire_tools::setup::SetupError>| drop(result.map_err(|e| e.to_string()));
    said(ScaleSettings::from_setup(&tool).map(drop));
    said(IkSettings::from_setup(&tool).map(drop));
    said(IdSettings::from_setup(&document, tool.node).map(drop));
    said(FdSettings::from_setup(&tool).map(drop));
    let Ok(setup) = AnalyzeSetup::from_setup(&tool) else { return };
    said(AnalyzeSettings::from_setup(&setup, &tool).map(drop));
    for analysis in AnalyzeSetup::analyses(&tool) {
        said(SoSettings::from_setup(&setup, &analysis).map(drop));
        said(JrSettings::from_setup(&setup, &analysis).map(drop));
    }
});
