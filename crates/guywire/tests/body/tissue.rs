//! What a tissue setting does to the body.

use guywire::body::{Body, ReferenceBody};
use guywire::case::{Property, Setting, Target, Tissue};

fn with_tone(group: &str, tone: f64, gain: f64) -> Body {
    let target = Target::Group(group.into());
    let setting = Setting { target, side: None, property: Property::Tone, value: tone };
    let tissue = Tissue { settings: vec![setting], reciprocal_inhibition: gain };
    ReferenceBody::adult().unwrap().unscaled_with(&tissue).unwrap()
}

/// Ceiling of the muscles of a key, which all share one.
fn ceiling(body: &Body, key: &str) -> f64 {
    let of_key = body.muscles.iter().zip(&body.system.muscles).filter(|(info, _)| info.key == key);
    let ceilings: Vec<f64> = of_key.map(|(_, muscle)| muscle.ceiling).collect();
    assert!(!ceilings.is_empty() && ceilings.iter().all(|c| *c == ceilings[0]), "{key}: {ceilings:?}");
    ceilings[0]
}

/// Tone of every agonist takes gain × tone from the antagonist, and nothing from others.
#[test]
fn tone_inhibits_the_antagonist() {
    let body = with_tone("back_extensors", 0.1, 0.5);
    assert!((ceiling(&body, "rectus_abdominis") - 0.95).abs() < 1e-12);
    assert!((ceiling(&body, "transversus_abdominis") - 0.95).abs() < 1e-12);
    assert_eq!(ceiling(&body, "gluteus_maximus_middle"), 1.0);
    let body = with_tone("hip_flexors", 0.1, 0.5);
    assert!((ceiling(&body, "gluteus_maximus_middle") - 0.95).abs() < 1e-12);
    assert_eq!(ceiling(&body, "rectus_abdominis"), 1.0);
}

/// The erector spinae alone inhibits too: it is a group, not a muscle's key.
#[test]
fn a_group_inhibits_through_its_members() {
    let less = 1.0 - ceiling(&with_tone("erector_spinae", 0.1, 0.5), "rectus_abdominis");
    assert!(less > 0.01 && less < 0.05, "{less}");
}

/// The hypothesis is off unless a case asks for it.
#[test]
fn without_a_gain_nothing_is_inhibited() {
    let body = with_tone("hip_flexors", 0.1, 0.0);
    assert!(body.system.muscles.iter().all(|m| m.ceiling == 1.0));
}
