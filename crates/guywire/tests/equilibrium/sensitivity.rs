//! What a small change of the body does to a posture, against the posture searched for again.

use guywire::body::{Body, ReferenceBody};
use guywire::case::{Person, Property, Setting, Sex, Target, Tissue};
use guywire::posture::{Positions, settle};
use guywire::side::Side;
use guywire_engine::equilibrium::{Equilibrium, Imbalance, Sensitivity};

fn person() -> Person {
    Person {
        name: "Somebody".into(),
        age: 30.0,
        sex: Sex::Male,
        height_cm: 175.0,
        mass_kg: 72.0,
        pelvic_incidence_deg: Some(52.0),
        segments: Default::default(),
    }
}

fn setting(target: Target, side: Option<Side>, property: Property, value: f64) -> Tissue {
    Tissue { settings: vec![Setting { target, side, property, value }], ..Tissue::default() }
}

/// Every kind of change, up and down: the pose and the compressions go where the implicit function theorem says. (The search
/// itself may end 3e-4 rad off where muscles switch on.)
#[test]
fn a_posture_answers_as_when_searched_for_again() {
    let reference = ReferenceBody::adult().unwrap();
    let positions = Positions::read().unwrap();
    let group = |name: &str| Target::Group(name.into());
    type Change = (&'static str, Box<dyn Fn(f64) -> (Person, Tissue)>, f64);
    let tissue = |target: Target, side, property, centre: f64| {
        Box::new(move |by: f64| (person(), setting(target.clone(), side, property, centre + by)))
    };
    let changes: [Change; 6] = [
        ("hip flexors' length", tissue(group("hip_flexors"), None, Property::Length, 0.93), 0.0003),
        ("one side's length", tissue(group("hip_flexors"), Some(Side::Left), Property::Length, 0.95), 0.002),
        ("stiffness", tissue(group("hip_flexors"), None, Property::Stiffness, 1.2), 0.02),
        ("tone", tissue(group("hamstrings"), None, Property::Tone, 0.02), 0.002),
        ("neutral lordosis", tissue(Target::Lumbar, None, Property::NeutralLordosisDeg, 0.0), 0.2),
        (
            "incidence",
            Box::new(|by| {
                let person = Person { pelvic_incidence_deg: Some(52.0 + by), ..person() };
                (person, setting(Target::Group("hip_flexors".into()), None, Property::Length, 0.95))
            }),
            0.2,
        ),
    ];
    for (what, change, step) in changes {
        let body = |by: f64| -> Body {
            let (person, tissue) = change(by);
            reference.scaled_to(&person, &tissue).unwrap()
        };
        let here = body(0.0);
        let at = settle(&here, &positions, "standing", None).unwrap();
        let sensitivity: Sensitivity = Equilibrium::new(&here.system, here.settings.clone())
            .sensitivity(&at.task, &at.solution)
            .unwrap();
        let small = 1e-3 * step;
        let imbalance = |by: f64| -> Imbalance {
            let body = body(by);
            let task = positions.task(positions.get("standing").unwrap(), &body).unwrap();
            Equilibrium::new(&body.system, body.settings.clone()).imbalance(&task, &sensitivity).unwrap()
        };
        let shift = sensitivity.shift(&imbalance(small).slope(&imbalance(-small), 2.0 * small));
        let again = |by: f64| settle(&body(by), &positions, "standing", Some(&at.solution)).unwrap().solution;
        let (up, down) = (again(step), again(-step));
        // The largest difference of a list, as a share of its largest change.
        let off = |up: &[f64], down: &[f64], found: &[f64]| -> f64 {
            let most = found.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let each = up.iter().zip(down).zip(found);
            each.fold(0.0, |m, ((up, down), found)| m.max(((up - down) / (2.0 * step) - found).abs() / most))
        };
        let pose = off(&up.q, &down.q, &shift.q);
        let press = off(&up.compression, &down.compression, &shift.compression);
        println!("{what}: {pose:.1e} of the pose, {press:.1e} of the compressions");
        assert!(pose < 0.01 && press < 0.01, "{what}: {pose} {press}");
    }
}
