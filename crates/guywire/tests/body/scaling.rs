//! What a person's measures do to the body, and the laws of similarity that hold for every equilibrium.

use crate::common;
use guywire::body::{Body, ReferenceBody};
use guywire::case::{Person, Sex, Tissue};
use guywire::posture::{Positions, settle};
use guywire::results::Posture;
use guywire_engine::equilibrium::Equilibrium;
use guywire_engine::passive::{PassiveLaw, PassiveMoment};
use guywire_engine::task::Load;
use std::sync::LazyLock;

static POSITIONS: LazyLock<Positions> = LazyLock::new(|| Positions::read().unwrap());
static REFERENCE: LazyLock<ReferenceBody> = LazyLock::new(|| ReferenceBody::adult().unwrap());

/// The reference person, whose body is the one of the tables.
fn reference() -> Person {
    let mass_kg = REFERENCE.unscaled().unwrap().system.model.mass();
    Person { mass_kg, ..common::person() }
}

fn body(person: &Person) -> Body {
    REFERENCE.scaled_to(person, &Tissue::default()).unwrap()
}

fn standing(person: &Person) -> Posture {
    let body = body(person);
    let settled = settle(&body, &POSITIONS, "standing", None).unwrap();
    settled.describe(&body, 0.0).unwrap().posture
}

/// A law whose moments are `by` times as large at the same angles.
fn stronger(passive: &mut PassiveMoment, by: f64) {
    match &mut passive.law {
        PassiveLaw::Linear { stiffness, .. } => *stiffness *= by,
        PassiveLaw::Exponential { moment, .. } => *moment *= by,
        PassiveLaw::Segment { stiffness, cubic_below, cubic_above, .. } => {
            for k in [stiffness, cubic_below, cubic_above] {
                *k *= by;
            }
        }
    }
    if let Some(price) = &mut passive.price {
        *price *= by;
    }
}

/// Muscle force grows with mass to the power of the table; masses of segments with mass; lengths do not.
#[test]
fn twice_the_mass_on_the_same_bones() {
    let person = reference();
    let (one, two) = (body(&person), body(&Person { mass_kg: 2.0 * person.mass_kg, ..person.clone() }));
    for (a, b) in one.system.model.bodies().iter().zip(two.system.model.bodies()) {
        assert!((b.mass - 2.0 * a.mass).abs() < 1e-9 * (1.0 + a.mass), "{}", a.name);
        assert!((b.center_of_mass - a.center_of_mass).norm() < 1e-12, "{}", a.name);
    }
    let factor = 2.0_f64.powf(0.667);
    for (a, b) in one.system.muscles.iter().zip(&two.system.muscles) {
        let (p, q) = (&a.parameters, &b.parameters);
        let ratio = q.max_isometric_force / p.max_isometric_force;
        assert!((ratio - factor).abs() < 1e-9, "{}: {ratio}", a.name);
        assert!((q.optimal_fiber_length - p.optimal_fiber_length).abs() < 1e-12, "{}", a.name);
        assert!((q.tendon_slack_length - p.tendon_slack_length).abs() < 1e-12, "{}", a.name);
    }
}

/// Twice the weight on twice the strength is the same posture with the same activations and twice the forces.
#[test]
fn twice_the_weight_on_twice_the_strength_stands_the_same() {
    let one = body(&reference());
    let mut two = one.clone();
    for muscle in &mut two.system.muscles {
        muscle.parameters.max_isometric_force *= 2.0;
        muscle.volume *= 2.0;
    }
    for passive in &mut two.system.passives {
        stronger(passive, 2.0);
    }
    for ligament in &mut two.system.ligaments {
        ligament.stiffness *= 2.0;
    }
    two.system.preload.per_newton /= 2.0;
    // The balance is held with a stiffness per N², on twice as many of them.
    two.settings.balance_stiffness /= 4.0;
    for position in ["standing", "bend_60", "sitting_upright", "standing_on_left"] {
        let settled = settle(&one, &POSITIONS, position, None).unwrap();
        let mut task = settled.task.clone();
        task.gravity = task.gravity * 2.0;
        for load in &mut task.loads {
            match load {
                Load::Force { force, .. } => *force = *force * 2.0,
                Load::Push { force, .. } => *force *= 2.0,
            }
        }
        let a = &settled.solution;
        let b = Equilibrium::new(&two.system, two.settings.clone()).solve(&task).unwrap();
        assert!((b.cost - a.cost).abs() < 1e-6 * (1.0 + a.cost), "{position}: {} and {}", a.cost, b.cost);
        for (i, (x, y)) in a.q.iter().zip(&b.q).enumerate() {
            let name = &one.system.model.degree_coordinate(i).name;
            assert!((x - y).abs() < 4e-5, "{position}: {name} {x} and {y}");
        }
        for (m, (x, y)) in a.active_force.iter().zip(&b.active_force).enumerate() {
            let name = &one.system.muscles[m].name;
            assert!((2.0 * x - y).abs() < 0.2, "{position}: {name} {x} and {y}");
        }
        for (x, y) in a.compression.iter().zip(&b.compression) {
            assert!((2.0 * x - y).abs() < 1e-3 * y.abs(), "{position}: {x} and {y} N");
        }
    }
}

/// Every length of a larger body is larger by the same factor.
#[test]
fn a_taller_body_is_similar() {
    let factor = 1.12;
    let person = reference();
    let (one, tall) = (body(&person), body(&Person { height_cm: 170.0 * factor, ..person }));
    for (a, b) in one.landmarks.iter().zip(&tall.landmarks) {
        assert!((a.position * factor - b.position).norm() < 1e-12, "{}", a.name);
    }
    for (a, b) in one.system.model.bodies().iter().zip(tall.system.model.bodies()) {
        assert!((a.center_of_mass * factor - b.center_of_mass).norm() < 1e-12, "{}", a.name);
    }
    for (a, b) in one.system.model.joints().iter().zip(tall.system.model.joints()) {
        assert!((a.in_parent.position * factor - b.in_parent.position).norm() < 1e-12, "{}", a.name);
        assert!((a.in_child.position * factor - b.in_child.position).norm() < 1e-12, "{}", a.name);
    }
    for (a, b) in one.system.muscles.iter().zip(&tall.system.muscles) {
        let (p, q) = (&a.parameters, &b.parameters);
        assert!((p.optimal_fiber_length * factor - q.optimal_fiber_length).abs() < 1e-9, "{}", a.name);
        assert!((p.tendon_slack_length * factor - q.tendon_slack_length).abs() < 1e-9, "{}", a.name);
        assert_eq!(p.max_isometric_force, q.max_isometric_force, "{}", a.name);
    }
}

/// The same weights and muscle forces on longer bones: every moment grows alike, so that with passive moments
/// that grow too the posture is the same.
#[test]
fn a_taller_body_of_the_same_mass_stands_the_same() {
    let factor = 1.12;
    let person = reference();
    let one = body(&person);
    let mut tall = body(&Person { height_cm: 170.0 * factor, ..person });
    for passive in &mut tall.system.passives {
        stronger(passive, factor);
    }
    for (ligament, shorter) in tall.system.ligaments.iter_mut().zip(&one.system.ligaments) {
        assert!((ligament.slack_length - factor * shorter.slack_length).abs() < 1e-12);
        // The same force at the same strain.
        ligament.stiffness = shorter.stiffness / factor;
        ligament.toe = shorter.toe * factor;
    }
    for position in ["standing", "bend_60", "sitting_upright"] {
        let a = settle(&one, &POSITIONS, position, None).unwrap();
        let mut task = POSITIONS.task(POSITIONS.get(position).unwrap(), &tall).unwrap();
        for (load, shorter) in task.loads.iter_mut().zip(&a.task.loads) {
            // Abdominal pressure presses on a larger diaphragm: here it shall not.
            if let (Load::Push { force, .. }, Load::Push { force: smaller, .. }) = (load, shorter) {
                assert!((*force - smaller * factor * factor).abs() < 1e-9);
                *force = *smaller;
            }
        }
        let b = Equilibrium::new(&tall.system, tall.settings.clone()).solve(&task).unwrap();
        let model = &one.system.model;
        for (i, (x, y)) in a.solution.q.iter().zip(&b.q).enumerate() {
            let name = &model.degree_coordinate(i).name;
            let scale = if model.degree_turns(i) { 1.0 } else { factor };
            // The balance is held softly in N and N·m alike, of which only the latter have grown.
            assert!((x * scale - y).abs() < 2e-4, "{position}: {name} {x} and {y}");
        }
        for (m, (x, y)) in a.solution.active_force.iter().zip(&b.active_force).enumerate() {
            assert!((x - y).abs() < 0.5, "{position}: {} {x} and {y}", one.system.muscles[m].name);
        }
    }
}

/// Pelvic incidence is what the person's file says, and lordosis follows it.
#[test]
fn pelvic_incidence_is_set_and_lordosis_follows() {
    let with = |incidence| standing(&Person { pelvic_incidence_deg: incidence, ..reference() }).measures;
    let own = with(None);
    let (flat, steep) = (with(Some(45.0)), with(Some(65.0)));
    for (wanted, found) in [(45.0, &flat), (65.0, &steep)] {
        let incidence = found.pelvic_incidence_deg;
        assert!((incidence - wanted).abs() < 0.5, "{incidence}° instead of {wanted}°");
    }
    assert!((45.0..65.0).contains(&own.pelvic_incidence_deg));
    let lordosis = [flat.lumbar_lordosis_deg, own.lumbar_lordosis_deg, steep.lumbar_lordosis_deg];
    assert!(lordosis[0] + 2.0 < lordosis[1] && lordosis[1] + 2.0 < lordosis[2], "{lordosis:?}");
    let slope = [flat.sacral_slope_deg, own.sacral_slope_deg, steep.sacral_slope_deg];
    assert!(slope[0] < slope[1] && slope[1] < slope[2], "{slope:?}");
}

/// Children, women, tall and heavy people stand; their hips carry multiples of their own weight alike.
#[test]
fn people_of_all_sizes_stand() {
    for (age, sex, height_cm, mass_kg) in [
        (12.0, Sex::Male, 150.0, 42.0),
        (12.0, Sex::Female, 150.0, 42.0),
        (40.0, Sex::Female, 160.0, 58.0),
        (25.0, Sex::Male, 198.0, 95.0),
        (55.0, Sex::Male, 175.0, 120.0),
    ] {
        let posture = standing(&Person { age, sex, height_cm, mass_kg, ..reference() });
        let who = format!("{} of {height_cm} cm, {mass_kg} kg", sex.name());
        let certificate = &posture.certificate;
        assert!(
            certificate.max_residual_n < 1.0 && certificate.max_residual_nm < 0.1,
            "{who}: {certificate:?}"
        );
        let floor: f64 = posture.supports.iter().map(|s| s.share_of_weight).sum();
        assert!((floor - 1.0).abs() < 1e-3, "{who}: the floor carries {floor} of the weight");
        for hip in &posture.hips {
            assert!((0.3..1.5).contains(&hip.contact_force_bw), "{who}: {hip:?}");
        }
        let lean = posture.measures.thorax_inclination_deg;
        assert!(lean.abs() < 10.0, "{who}: leans {lean}°");
    }
}
