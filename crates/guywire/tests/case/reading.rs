use crate::{PERSON, case_with, vocabulary};
use guywire::case::{Case, Property, Sex, Target};

fn settings(tissue: &str) -> Vec<String> {
    let text = case_with(&format!("[tissue]\n{tissue}"));
    let case = Case::parse(&text, &vocabulary())
        .unwrap_or_else(|errors| panic!("{}", errors.describe("case", &text)));
    case.tissue.settings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_person_alone_is_a_case_of_reference_tissue() {
    let case = Case::parse(PERSON, &vocabulary()).unwrap();
    assert_eq!(case.person.name, "Ada");
    assert_eq!(case.person.sex, Sex::Female);
    assert_eq!((case.person.age, case.person.height_cm, case.person.mass_kg), (35.0, 168.0, 62.0));
    assert_eq!(case.person.pelvic_incidence_deg, None);
    assert_eq!(case.person.segments, Default::default());
    assert_eq!(case.positions, ["standing"]);
    assert_eq!(case.tissue, Default::default());
    assert!(case.report.causes && case.report.uncertainty);
    assert!(case.warnings().is_empty());
}

#[test]
fn all_fields_are_read() {
    let text = "positions = [\"supine\", \"bend_60\"]\n\
        report = { causes = false, uncertainty = false }\n\
        [person]\nname = \"Zoë\"\nage = 12.5\nsex = \"male\"\nheight_cm = 150.5\nmass_kg = 41\n\
        pelvic_incidence_deg = 48.5\n\
        [person.segments]\nthigh_cm = 36\nshank_cm = 35\nfoot_cm = 23\nhip_width_cm = 14\ntrunk_cm = 42\n\
        [tissue]\nreciprocal_inhibition = 0.5\n";
    let case = Case::parse(text, &vocabulary()).unwrap();
    assert_eq!(case.positions, ["supine", "bend_60"]);
    assert_eq!(case.person.pelvic_incidence_deg, Some(48.5));
    let segments = &case.person.segments;
    assert_eq!(
        (segments.thigh_cm, segments.shank_cm, segments.foot_cm),
        (Some(36.0), Some(35.0), Some(23.0))
    );
    assert_eq!((segments.hip_width_cm, segments.trunk_cm), (Some(14.0), Some(42.0)));
    assert_eq!(case.tissue.reciprocal_inhibition, 0.5);
    assert!(!case.report.causes && !case.report.uncertainty);
}

#[test]
fn every_way_to_write_a_setting_means_the_same() {
    let expected = ["hamstrings.left.length = 0.9", "hamstrings.left.tone = 0.05"];
    for written in [
        "hamstrings.left = { length = 0.9, tone = 0.05 }",
        "hamstrings = { left = { length = 0.9, tone = 0.05 } }",
        "hamstrings.left.length = 0.9\nhamstrings.left.tone = 5e-2",
        "[tissue.hamstrings.left]\nlength = 0.9\ntone = 0.05",
    ] {
        assert_eq!(settings(written), expected, "{written}");
    }
}

#[test]
fn settings_keep_the_order_of_the_file() {
    assert_eq!(
        settings("psoas.length = 0.9\nabdominals.strength = 0.8\nhamstrings = { tone = 0.1, length = 0.95 }"),
        [
            "psoas.length = 0.9",
            "abdominals.strength = 0.8",
            "hamstrings.tone = 0.1",
            "hamstrings.length = 0.95"
        ]
    );
}

#[test]
fn joints_groups_muscles_and_fascicles_are_told_apart() {
    let text = case_with(
        "[tissue]\nhip.extension_range_deg = -2.6\nhip.left.extension_range_deg = -1\n\
         lumbar.neutral_lordosis_deg = 5\nhip_flexors.length = 1\npsoas.length = 1\nPs_L1_VB.length = 1",
    );
    let case = Case::parse(&text, &vocabulary()).unwrap();
    let targets: Vec<_> = case.tissue.settings.iter().map(|setting| setting.target.clone()).collect();
    assert_eq!(
        targets,
        [
            Target::Hip,
            Target::Hip,
            Target::Lumbar,
            Target::Group("hip_flexors".into()),
            Target::Muscle("psoas".into()),
            Target::Muscle("Ps_L1_VB".into()),
        ]
    );
    assert_eq!(case.tissue.settings[2].property, Property::NeutralLordosisDeg);
}

#[test]
fn whole_numbers_and_windows_files_are_fine() {
    let text = case_with("[tissue]\nhip_flexors.stiffness = 2").replace('\n', "\r\n");
    assert_eq!(Case::parse(&text, &vocabulary()).unwrap().tissue.settings[0].value, 2.0);
    let with_mark = format!("\u{feff}{PERSON}");
    assert!(Case::parse(&with_mark, &vocabulary()).is_ok());
}

#[test]
fn a_child_and_an_unusual_build_are_warned_of() {
    let warnings = |text: &str| Case::parse(text, &vocabulary()).unwrap().warnings();
    let child = warnings(&PERSON.replace("age = 35", "age = 12"));
    assert_eq!(child.len(), 1);
    assert!(child[0].starts_with("Ada is 12 years old. The body is an adult's scaled"), "{}", child[0]);
    let heavy = warnings(&PERSON.replace("mass_kg = 62", "mass_kg = 120"));
    assert!(heavy[0].starts_with("The body mass index is 42.5 kg/m²."), "{}", heavy[0]);
    let thin = warnings(&PERSON.replace("mass_kg = 62", "mass_kg = 42"));
    assert!(thin[0].starts_with("The body mass index is 14.9 kg/m²."), "{}", thin[0]);
}

#[test]
fn the_hypothesis_of_reciprocal_inhibition_is_said_wherever_it_is_used() {
    let text = case_with("[tissue]\nreciprocal_inhibition = 0.5");
    let warnings = Case::parse(&text, &vocabulary()).unwrap().warnings();
    assert!(warnings[0].contains("hypothesis"), "{}", warnings[0]);
}
