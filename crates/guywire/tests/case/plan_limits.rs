//! `[plan]`: what there is to exercise with, and where it hurts.

use crate::{read_with, refused_with, vocabulary};
use guywire::case::{PainLimit, PlanLimits};

fn limits(text: &str) -> PlanLimits {
    read_with(text).plan
}

#[test]
fn what_there_is_and_what_hurts_is_read() {
    let told = limits(
        "[plan]\nequipment = [\"mat\", \"band\", \"mat\"]\npainful = [\"hip_flexion.left > 90\", \"lumbar_flexion< -5.5\"]",
    );
    assert_eq!(told.equipment, Some(vec!["mat".to_owned(), "band".to_owned()]));
    let [hip, back] = &told.painful[..] else { panic!("two bounds") };
    assert_eq!((hip.measure.as_str(), hip.above, hip.bound_deg), ("hip_flexion_left_deg", true, 90.0));
    assert_eq!((back.measure.as_str(), back.above, back.bound_deg), ("lumbar_flexion_deg", false, -5.5));
    // A measure with sides that names none is of both.
    let both = limits("[plan]\npainful = [\"hip_flexion > 90\"]").painful;
    let fields: Vec<&str> = both.iter().map(|limit| limit.measure.as_str()).collect();
    assert_eq!(fields, ["hip_flexion_left_deg", "hip_flexion_right_deg"]);
    // Nothing said is not known; an empty list is nothing.
    assert_eq!(limits("[plan]\npainful = []").equipment, None);
    assert_eq!(limits("[plan]\nequipment = []").equipment, Some(Vec::new()));
}

#[test]
fn a_bound_is_passed_beyond_it_and_by_what_is_not_known() {
    let of = |text: &str| PainLimit::read(text, &vocabulary().measures).unwrap().remove(0);
    let above = of("hip_flexion.left>90");
    assert!(!above.is_passed(90.0) && above.is_passed(90.001) && above.is_passed(f64::NAN));
    let below = of("hip_flexion.left<-10");
    assert!(!below.is_passed(-10.0) && below.is_passed(-10.001) && below.is_passed(f64::NAN));
}

#[test]
fn wrong_limits_are_refused_with_the_place_and_what_was_expected() {
    let one = |line: &str| refused_with(&format!("[plan]\n{line}"));
    assert_eq!(
        one("equipment = [\"mat\", \"bend\"]"),
        ":9:21: `equipment` cannot be \"bend\"; did you mean `band`?"
    );
    assert!(one("equipment = \"mat\"").contains("must be a list of names"));
    assert!(one("equipment = [1]").contains("must be a list of names"));
    assert_eq!(
        one("painful = [\"hip_flexoin.left > 90\"]"),
        ":9:12: `hip_flexoin.left > 90` is no bound of pain: no pose has a measure `hip_flexoin.left` in degrees; did you mean `hip_flexion.left`?"
    );
    assert!(one("painful = [\"hip_flexion.left\"]").contains("expected `MEASURE > DEGREES`"));
    assert!(one("painful = [\"hip_flexion.left >= 90\"]").contains("expected `MEASURE > DEGREES`"));
    assert!(one("painful = [\"hip_flexion.left > much\"]").contains("expected `MEASURE > DEGREES`"));
    assert!(one("painful = [\"hip_flexion.left > nan\"]").contains("between -180 and 180 degrees"));
    assert!(one("painful = [\"hip_flexion.left > 190\"]").contains("between -180 and 180 degrees"));
    assert!(one("painful = [90]").contains("a list of texts"));
    assert!(one("minutes = 3").contains("there is no field `minutes` in `[plan]`"));
    assert!(
        refused_with("plan = 3").contains("must be a section")
            || refused_with("plan = 3").contains("belongs")
    );
    assert!(refused_with("painful = []").contains("it belongs in `[plan]`"));
}
