//! Postures of other people's models: the built-in body's positions, solved, certified and read off.

use guywire::body::foreign::{ForeignBody, ForeignError, Naming};
use guywire::case::{Property, Setting, Target, Tissue};
use guywire::posture::{Positions, Settled, settle};
use guywire::results::{Posture, Side};
use guywire_osim::{OsimModel, ReadOptions};
use std::path::Path;

/// Whole-body models that the reference data hold.
const PEOPLE: [&str; 5] = [
    "gait10dof18musc",
    "gait2392_thelen2003muscle",
    "gait2392_millard2012muscle",
    "Rajagopal2016",
    "FullBodyModel_Hamner2010_v2_0",
];

fn read(folder: &Path, name: &str) -> OsimModel {
    let bytes = std::fs::read(folder.join(format!("{name}.osim"))).unwrap();
    OsimModel::read(&bytes, &ReadOptions::default()).unwrap()
}

fn body(folder: &Path, name: &str) -> ForeignBody {
    ForeignBody::read(&read(folder, name), &Naming::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn solve(foreign: &ForeignBody, tissue: &Tissue, position: &str) -> (Settled, Posture) {
    let body = foreign.with_tissue(tissue).unwrap();
    let settled = settle(&body, &Positions::read().unwrap(), position, None)
        .unwrap_or_else(|e| panic!("{}: {e}", foreign.name()));
    let posture = settled.describe(&body, 0.0).unwrap().posture;
    (settled, posture)
}

fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
}

#[test]
fn every_position_is_solved_and_certified_for_every_model_of_a_person() {
    let Some(folder) = guywire_reference::find(
        "every_position_is_solved_and_certified_for_every_model_of_a_person",
        "models",
    ) else {
        return;
    };
    for name in PEOPLE {
        let foreign = body(&folder, name);
        let weight = foreign.mass_kg() * guywire::posture::GRAVITY;
        for position in Positions::read().unwrap().all() {
            let what = format!("{name}, {}", position.name);
            let (settled, posture) = solve(&foreign, &Tissue::default(), &position.name);
            let proof = &posture.certificate;
            assert!(proof.max_residual_n < 1.0 && proof.max_residual_nm < 0.1, "{what}: {proof:?}");
            assert!(proof.kkt_residual < 1e-6 && settled.solution.condition_violation < 1e-9, "{what}");
            // All that is not lifted stands on something; the backrest leans and takes its share obliquely.
            let lifted = if position.name.contains("20kg") { 20.0 * guywire::posture::GRAVITY } else { 0.0 };
            let up: f64 = settled.solution.contact_force.iter().map(|f| f.y).sum();
            close(&what, up, weight + lifted, 1.0);
            let m = &posture.measures;
            assert!(m.lumbar_lordosis_deg.is_nan() && posture.discs.is_empty(), "{what}");
            for measure in ["lumbar_lordosis_deg", "sacral_slope_deg", "discs"] {
                assert!(
                    posture.absent.iter().any(|a| a.what == measure && !a.why.is_empty()),
                    "{what}: {measure}"
                );
            }
            assert!(m.pelvic_tilt_deg.is_finite() && m.gravity_line_mm.is_finite(), "{what}");
            // Models are symmetric, but for rounding in their files; what breaks a tie is small.
            if position.name == "standing" {
                close(&what, m.hip_flexion_left_deg, m.hip_flexion_right_deg, 0.5);
                close(&what, m.knee_flexion_left_deg, 0.0, 1e-6);
                close(&what, m.thorax_inclination_deg, 0.0, 3.0);
                // The mass is over the feet.
                assert!((-60.0..180.0).contains(&m.gravity_line_mm), "{what}: {}", m.gravity_line_mm);
            }
            if let Some(angle) = position.name.strip_prefix("bend_") {
                close(&what, m.thorax_inclination_deg, angle.parse().unwrap(), 1e-6);
            }
            if position.name.starts_with("sitting") {
                close(&what, m.knee_flexion_right_deg, 85.0, 1e-6);
                assert!(m.hip_flexion_right_deg > 30.0, "{what}: {}", m.hip_flexion_right_deg);
            }
        }
    }
}

#[test]
fn angles_are_counted_as_the_built_in_body_does() {
    let Some(folder) = guywire_reference::find("angles_are_counted_as_the_built_in_body_does", "models")
    else {
        return;
    };
    // gait2392 bends its knee below zero, Rajagopal2016 above.
    for (name, sign) in [("gait2392_thelen2003muscle", -1.0), ("Rajagopal2016", 1.0)] {
        let foreign = body(&folder, name);
        let own = foreign.with_tissue(&Tissue::default()).unwrap();
        let (settled, posture) = solve(&foreign, &Tissue::default(), "sitting_upright");
        let knee = own.system.model.degree("knee_angle_r").unwrap();
        close(name, settled.solution.q[knee].to_degrees(), 85.0 * sign, 1e-6);
        close(name, posture.measures.knee_flexion_right_deg, 85.0, 1e-6);
    }
}

/// Muscles, contacts and weight balance on every degree of freedom of the model's own tree, by another way than
/// the search's: moment arms, contact Jacobians and the weight of the bodies, each by finite differences.
#[test]
fn the_balance_holds_by_virtual_work() {
    let Some(folder) = guywire_reference::find("the_balance_holds_by_virtual_work", "models") else { return };
    for name in ["gait2392_millard2012muscle", "gait10dof18musc"] {
        let foreign = body(&folder, name);
        let own = foreign.with_tissue(&Tissue::default()).unwrap();
        let (settled, _) = solve(&foreign, &Tissue::default(), "bend_30");
        let (system, s, task) = (&own.system, &settled.solution, &settled.task);
        let mut kinematics = guywire_engine::Kinematics::new(&system.model);
        let forces: Vec<f64> = s.active_force.iter().zip(&s.passive_force).map(|(a, p)| a + p).collect();
        let mut potential = |q: &[f64]| {
            kinematics.update(&system.model, q);
            let mut energy = 0.0;
            for (body, pose) in system.model.bodies().iter().zip(&kinematics.bodies) {
                energy -= body.mass * task.gravity.dot(pose.point(body.center_of_mass));
            }
            for (path, force) in system.paths.paths().iter().zip(&forces) {
                energy += force * path.follow(&kinematics, |_| {});
            }
            for (contact, force) in task.contacts.iter().zip(&s.contact_force) {
                energy -= force.dot(kinematics.bodies[contact.body].point(contact.center));
            }
            for load in &task.loads {
                if let guywire_engine::task::Load::Force { body, point, force, .. } = load {
                    energy -= force.dot(kinematics.bodies[*body].point(*point));
                }
            }
            for (actuator, moment) in system.actuators.iter().zip(&s.actuator_force) {
                energy -= moment * q[actuator.degree];
            }
            energy
        };
        let h = 1e-5;
        for i in 0..s.q.len() {
            let mut q = s.q.clone();
            q[i] = s.q[i] + h;
            let above = potential(&q);
            q[i] = s.q[i] - h;
            let slope = (above - potential(&q)) / (2.0 * h);
            let coordinate = &system.model.degree_coordinate(i).name;
            close(&format!("{name}: {coordinate}"), slope, 0.0, 0.02);
        }
    }
}

#[test]
fn shorter_hip_flexors_tilt_a_foreign_pelvis_forward() {
    let Some(folder) = guywire_reference::find("shorter_hip_flexors_tilt_a_foreign_pelvis_forward", "models")
    else {
        return;
    };
    let shorter = |side| Tissue {
        settings: vec![Setting {
            target: Target::Group("hip_flexors".into()),
            side,
            property: Property::Length,
            value: 0.85,
        }],
        ..Tissue::default()
    };
    for name in ["gait2392_millard2012muscle", "gait2392_thelen2003muscle"] {
        let foreign = body(&folder, name);
        let (_, plain) = solve(&foreign, &Tissue::default(), "standing");
        let (_, tight) = solve(&foreign, &shorter(None), "standing");
        assert!(tight.measures.pelvic_tilt_deg > plain.measures.pelvic_tilt_deg + 0.5, "{name}");
        // On one side only: that side's group pulls otherwise than the other's.
        let (_, one) = solve(&foreign, &shorter(Some(Side::Left)), "standing");
        let pull = |side| {
            let own = one.muscles.iter().filter(|m| m.group == "hip_flexors" && m.side == side);
            own.map(|m| m.passive_force_n).sum::<f64>()
        };
        assert!(pull(Side::Left) > pull(Side::Right) + 1.0, "{name}");
    }
}

#[test]
fn a_model_without_a_trunk_says_what_it_lacks() {
    let Some(folder) = guywire_reference::find("a_model_without_a_trunk_says_what_it_lacks", "models") else {
        return;
    };
    let refused = ForeignBody::read(&read(&folder, "arm26"), &Naming::default()).unwrap_err();
    let told = refused.to_string();
    assert!(matches!(refused, ForeignError::MissingParts { .. }));
    for part in [
        "body `pelvis`, `thorax`",
        "coordinate `pelvis_tilt`",
        "`knee_angle_r`",
        "r_shoulder_elev",
        "--names",
    ] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn names_that_nobody_knows_are_taken_from_the_user() {
    let Some(folder) = guywire_reference::find("names_that_nobody_knows_are_taken_from_the_user", "models")
    else {
        return;
    };
    let mut model = read(&folder, "gait2392_thelen2003muscle");
    for body in &mut model.description.bodies {
        if body.name == "torso" {
            body.name = "oberkoerper".into();
        }
    }
    let refused = ForeignBody::read(&model, &Naming::default()).unwrap_err().to_string();
    assert!(refused.contains("body `thorax`") && refused.contains("oberkoerper"), "{refused}");
    let naming = Naming::parse("[bodies]\nthorax = \"oberkoerper\"").unwrap();
    ForeignBody::read(&model, &naming).unwrap();
    let wrong = Naming::parse("[bodies]\nthorax = \"rumpf\"").unwrap();
    let refused = ForeignBody::read(&model, &wrong).unwrap_err().to_string();
    assert!(refused.contains("`rumpf`"), "{refused}");
    // A coordinate that turns about something else.
    let wrong =
        Naming::parse("[bodies]\nthorax = \"oberkoerper\"\n[coordinates]\nknee_angle_r = \"hip_rotation_r\"");
    let refused = ForeignBody::read(&model, &wrong.unwrap()).unwrap_err();
    assert!(matches!(refused, ForeignError::OtherAxis { .. }), "{refused}");
}

#[test]
fn what_is_absent_is_null_in_json_and_reads_back() {
    let Some(folder) = guywire_reference::find("what_is_absent_is_null_in_json_and_reads_back", "models")
    else {
        return;
    };
    let (_, posture) = solve(&body(&folder, "gait10dof18musc"), &Tissue::default(), "standing");
    let text = serde_json::to_string(&posture).unwrap();
    assert!(text.contains("\"lumbar_lordosis_deg\":null"), "{text}");
    let back: Posture = serde_json::from_str(&text).unwrap();
    assert!(back.measures.lumbar_lordosis_deg.is_nan());
    assert_eq!(back.measures.pelvic_tilt_deg, posture.measures.pelvic_tilt_deg);
    assert_eq!(back.absent, posture.absent);
}

#[test]
fn a_report_on_a_model_tells_its_caveats_and_causes() {
    use guywire::case::ReportOptions;
    use guywire::study::{Asked, Subject, report_of};
    let Some(folder) = guywire_reference::find("a_report_on_a_model_tells_its_caveats_and_causes", "models")
    else {
        return;
    };
    let foreign = body(&folder, "gait10dof18musc");
    let target = Target::Group("hip_flexors".into());
    let tissue = Tissue {
        settings: vec![Setting { target, side: None, property: Property::Length, value: 0.9 }],
        ..Tissue::default()
    };
    let positions = ["standing".to_owned(), "sitting_relaxed".to_owned()];
    let report = &ReportOptions { causes: true, uncertainty: true };
    let asked = Asked { tissue: &tissue, positions: &positions, report };
    let results = report_of(Subject::Model(&foreign), asked, &|_, _, _| {}).unwrap();
    assert!(results.person.is_none() && results.positions.len() == 2);
    assert!(!results.model.unwrap().caveats.is_empty());
    // No range and no effect of a measure that there is not.
    assert!(results.normal_ranges.iter().all(|r| !r.measure.contains("lordosis")));
    let effects = &results.positions[0].causes[0].effects;
    assert!(!effects.is_empty() && effects.iter().all(|e| e.alone.is_finite()), "{effects:?}");
    assert!(results.uncertainty.iter().all(|u| u.low90 <= u.value && u.value <= u.high90));
}

#[test]
fn positions_without_a_balance_are_named_beside_those_with_one() {
    use guywire::case::ReportOptions;
    use guywire::study::{Asked, StudyError, Subject, report_of};
    let Some(folder) =
        guywire_reference::find("positions_without_a_balance_are_named_beside_those_with_one", "models")
    else {
        return;
    };
    let foreign = body(&folder, "gait10dof18musc");
    let setting = |group: &str, value| Setting {
        target: Target::Group(group.into()),
        side: None,
        property: Property::Strength,
        value,
    };
    let tissue = Tissue {
        settings: vec![setting("hamstrings", 0.05), setting("gluteus_maximus", 0.05)],
        ..Tissue::default()
    };
    let report = &ReportOptions { causes: false, uncertainty: false };
    let positions = ["standing".to_owned(), "lift_20kg_bent_back".to_owned()];
    let asked = Asked { tissue: &tissue, positions: &positions, report };
    let results = report_of(Subject::Model(&foreign), asked, &|_, _, _| {}).unwrap();
    assert_eq!(results.positions.iter().map(|p| p.position.as_str()).collect::<Vec<_>>(), ["standing"]);
    let [unsolved] = results.unsolved.as_slice() else { panic!("{:?}", results.unsolved) };
    assert_eq!(
        (unsolved.position.as_str(), unsolved.tissue.as_str()),
        ("lift_20kg_bent_back", "with all settings")
    );
    for told in ["lacks", "N·m", "fully active already", "hamstrings"] {
        assert!(unsolved.problem.contains(told), "{}", unsolved.problem);
    }
    // Nothing solved at all is no report.
    let asked = Asked { tissue: &tissue, positions: &positions[1..], report };
    let refused = report_of(Subject::Model(&foreign), asked, &|_, _, _| {}).unwrap_err();
    assert!(matches!(refused, StudyError::NoEquilibrium(_)), "{refused}");
}

/// A foot whose muscles all turn it in, and which hangs in the air: without the peroneals nothing turns it out.
#[test]
fn a_joint_that_muscles_turn_one_way_only_is_stopped_the_other_way() {
    let Some(folder) =
        guywire_reference::find("a_joint_that_muscles_turn_one_way_only_is_stopped_the_other_way", "models")
    else {
        return;
    };
    let mut model = read(&folder, "gait2392_thelen2003muscle");
    let whole = ForeignBody::read(&model, &Naming::default()).unwrap();
    let told = |foreign: &ForeignBody| {
        foreign.caveats().iter().any(|c| c.contains("subtalar_angle_r") && c.contains("one way"))
    };
    assert!(!told(&whole));
    let everts = ["per_brev", "per_long", "per_tert", "ext_dig"];
    model.description.forces.retain(|f| !everts.iter().any(|name| f.name.starts_with(name)));
    let foreign = ForeignBody::read(&model, &Naming::default()).unwrap();
    assert!(told(&foreign), "{:?}", foreign.caveats());
    let (settled, posture) = solve(&foreign, &Tissue::default(), "standing_on_left");
    assert!(posture.certificate.max_residual_nm < 0.1);
    // The stop pushes outwards only, which the model counts below zero.
    let own = foreign.with_tissue(&Tissue::default()).unwrap();
    let stops = own.system.actuators.iter().zip(&settled.solution.actuator_force);
    let stops: Vec<f64> =
        stops.filter(|(a, _)| a.name.contains("subtalar")).map(|(_, moment)| *moment).collect();
    assert!(
        stops.len() == 2 && stops.iter().all(|m| *m <= 1e-9) && stops.iter().any(|m| *m < -0.1),
        "{stops:?}"
    );
}

#[test]
fn a_coordinate_that_moves_nothing_plays_no_part() {
    let Some(folder) = guywire_reference::find("a_coordinate_that_moves_nothing_plays_no_part", "models")
    else {
        return;
    };
    let bytes = std::fs::read(folder.join("gait2392_thelen2003muscle.osim")).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let used = "<coordinates>hip_rotation_l</coordinates>";
    assert!(text.contains(used));
    let text = text.replace(used, "<coordinates></coordinates>");
    let model = OsimModel::read(text.as_bytes(), &ReadOptions::default()).unwrap();
    let foreign = ForeignBody::read(&model, &Naming::default()).unwrap();
    let (_, posture) = solve(&foreign, &Tissue::default(), "standing");
    assert!(posture.certificate.max_residual_nm < 0.1);
}
