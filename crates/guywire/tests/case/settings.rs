//! `--set` arguments.

use crate::vocabulary;
use guywire::case::Tissue;

fn refused(text: &str) -> String {
    let mut tissue = Tissue::default();
    let errors = tissue.apply_setting(text, &vocabulary()).expect_err("the setting is wrong");
    assert_eq!(tissue, Tissue::default(), "a refused setting changes nothing");
    errors.describe("--set", text).replace("--set:1:", "")
}

fn applied(settings: &[&str]) -> Vec<String> {
    let mut tissue = Tissue::default();
    for setting in settings {
        tissue.apply_setting(setting, &vocabulary()).unwrap_or_else(|errors| panic!("{setting}: {errors}"));
    }
    tissue.settings.iter().map(ToString::to_string).collect()
}

#[test]
fn settings_are_applied_in_order() {
    assert_eq!(
        applied(&["hip_flexors.length=0.9", "hamstrings.left.tone = 5e-2", "hip.extension_range_deg=-2.6"]),
        ["hip_flexors.length = 0.9", "hamstrings.left.tone = 0.05", "hip.extension_range_deg = -2.6"]
    );
    let mut tissue = Tissue::default();
    tissue.apply_setting("reciprocal_inhibition=0.5", &vocabulary()).unwrap();
    assert_eq!(tissue.reciprocal_inhibition, 0.5);
}

#[test]
fn the_same_setting_is_replaced_and_another_side_combines() {
    assert_eq!(applied(&["psoas.length=0.9", "psoas.length=0.8"]), ["psoas.length = 0.8"]);
    let mut tissue = Tissue::default();
    tissue.apply_setting("psoas.length=0.9", &vocabulary()).unwrap();
    tissue.apply_setting("psoas.left.length=0.8", &vocabulary()).unwrap();
    assert_eq!(tissue.settings.len(), 2);
    let errors = tissue.apply_setting("psoas.left.length=0.51", &vocabulary()).unwrap_err();
    assert!(errors.to_string().contains("make 0.459 together"), "{errors}");
}

#[test]
fn a_written_setting_reads_back() {
    for setting in
        ["hip_flexors.left.length = 0.9", "Ps_L1_VB.tone = 0.05", "lumbar.neutral_lordosis_deg = -5"]
    {
        assert_eq!(applied(&[setting]), [setting]);
    }
}

#[test]
fn refusals_point_into_the_argument() {
    let form = "a setting is `tissue.property=value`, for example `hip_flexors.length=0.9` or \
                `hamstrings.left.tone=0.05`";
    assert_eq!(refused("hip_flexors.length"), format!("1: `hip_flexors.length` is not a setting; {form}"));
    assert_eq!(refused("..=1"), format!("1: `..=1` is not a setting; {form}"));
    assert_eq!(
        refused("hip_flexors.left=0.9"),
        format!("1: `hip_flexors.left=0.9` is not a setting; {form}")
    );
    assert_eq!(
        refused("hip_flexors.lenght=0.9"),
        "13: `hip_flexors` has no property `lenght`; did you mean `length`?"
    );
    assert_eq!(
        refused("hipflexors.length=1"),
        "1: the body has no tissue group or muscle `hipflexors`; did you mean `hip_flexors`?"
    );
    assert_eq!(
        refused("hip_flexors.length=0,9"),
        "20: `hip_flexors.length` must be a number, but here is `0,9`; write `hip_flexors.length=0.9`"
    );
    assert_eq!(
        refused("hip_flexors.length=90%"),
        "20: `hip_flexors.length` must be a number, but here is `90%`; write `hip_flexors.length=0.9`"
    );
    assert_eq!(refused("psoas.tone=inf"), "12: `psoas.tone` must be a finite number, but here is `inf`");
    assert_eq!(refused("psoas.tone=0.6"), "12: `psoas.tone` is 0.6; it must lie between 0 and 0.5");
    assert_eq!(
        refused("psoas.links.tone=0.1"),
        "7: `psoas` has no property `links`; valid here: `left`, `right`"
    );
}
