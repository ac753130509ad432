//! Loads of discs and hips against statics by hand.

use crate::cases::{POSITIONS, REFERENCE as BODY};
use guywire::posture::{Settled, settle};
use guywire::results::{DiscLoad, Posture};
use guywire_engine::reaction::for_each_wrench;
use guywire_engine::task::{Condition, Load};
use guywire_engine::{Kinematics, equilibrium::Equilibrium};
use guywire_math::Vec3;
use std::collections::HashMap;

fn settled(position: &str) -> Settled {
    settle(&BODY, &POSITIONS, position, None).unwrap()
}

fn posture(settled: &Settled) -> Posture {
    settled.describe(&BODY, 0.0).unwrap().posture
}

fn kinematics(q: &[f64]) -> Kinematics<f64> {
    let mut kinematics = Kinematics::new(&BODY.system.model);
    kinematics.update(&BODY.system.model, q);
    kinematics
}

fn disc<'a>(posture: &'a Posture, level: &str) -> &'a DiscLoad {
    posture.discs.iter().find(|d| d.level == level).unwrap()
}

fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
}

/// A row of a table in `data/body` as numbers by column.
fn row(table: &str, key: &str, value: &str) -> HashMap<String, f64> {
    let path = format!("{}/../../data/body/{table}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = headers.iter().position(|h| h == key).unwrap();
    let found = reader.records().map(Result::unwrap).find(|r| &r[at] == value).unwrap();
    headers.iter().zip(&found).filter_map(|(h, v)| Some((h.to_owned(), v.parse().ok()?))).collect()
}

fn tissue() -> toml::Table {
    let path = format!("{}/../../data/body/tissue.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

/// L5/S1 alone under a force of 500 N along its normal: without bending, pressure is force over `k A`, and both
/// edges carry force over area. Flexed, the ligaments pull the disc together and the front edge carries more.
#[test]
fn a_disc_under_a_known_force_has_the_pressure_of_its_area() {
    let mut case = settled("standing");
    let system = &BODY.system;
    let level = &system.levels[0];
    assert_eq!(level.name, "L5/S1");
    case.task.gravity = Vec3::zero();
    for force in case.solution.active_force.iter_mut().chain(&mut case.solution.passive_force) {
        *force = 0.0;
    }
    case.solution.contact_force.fill(Vec3::zero());
    let flexion = system.model.degree("L5_S1_FE").unwrap();
    let tissue = tissue();
    let number = |table: &str, key: &str| tissue[table][key].as_float().unwrap();
    let (own, measured) = (row("discs.csv", "level", "L5_S1"), row("discs.csv", "level", "L4_L5"));
    let mean = |row: &HashMap<String, f64>, what: &str| {
        0.5 * (row[&format!("upper_endplate_{what}_m")] + row[&format!("lower_endplate_{what}_m")])
    };
    let (depth, width) = (mean(&own, "depth"), mean(&own, "width"));
    let area =
        number("disc", "area_mm2") * (depth * width) / (mean(&measured, "depth") * mean(&measured, "width"));
    let pressed = |flexed_deg: f64| {
        let mut case = case.clone();
        case.solution.q[flexion] = BODY.neutral[0] - flexed_deg.to_radians();
        let normal = kinematics(&case.solution.q).bodies[level.upper].rotation * level.normal;
        case.task.loads = vec![Load::Force {
            name: "press".into(),
            body: level.upper,
            point: Vec3::zero(),
            force: normal * -500.0,
        }];
        case.solution.compression[0] = 500.0;
        disc(&posture(&case), "L5/S1").clone()
    };
    let straight = pressed(0.0);
    close("compression", straight.compression_n, 500.0, 1e-9);
    close("shear", straight.anterior_shear_n.hypot(straight.lateral_shear_n), 0.0, 1e-9);
    close("moment", straight.flexion_moment_nm, 0.0, 1e-9);
    close("pressure", straight.pressure_mpa, 500.0 / area / number("disc", "pressure_factor"), 1e-12);
    close("front", straight.anterior_stress_mpa, 500.0 / area, 1e-12);
    close("back", straight.posterior_stress_mpa, 500.0 / area, 1e-12);

    let flexed = pressed(4.0);
    // The table's stiffness is that at 500 N of compression.
    let segment = row("segment_stiffness.csv", "level", "L5_S1");
    let (t, range) = (4.0_f64.to_radians(), segment["flexion_at_10Nm_deg"].to_radians());
    let linear = segment["flexion_Nm_per_rad"];
    let alone = linear / number("segments", "preload_factor_at_500_n");
    let cubic = ((10.0 - alone * range) / range.powi(3)).max(0.0);
    let moment = linear * t + cubic * t.powi(3);
    close("moment", flexed.flexion_moment_nm, moment, 1e-9);
    // Adams 1980: the ligaments take 0.71 of the moment in full flexion, half of that at 3 N·m; 40 mm behind.
    let share = 0.71 * moment / (moment + 3.0);
    let compression = 500.0 + share * moment / 0.040;
    close("compression", flexed.compression_n, compression, 1e-9);
    let (a, b) = (0.5e3 * width, 0.5e3 * depth);
    let second_moment = std::f64::consts::PI * a * b.powi(3) / 4.0;
    let bending = (1.0 - share) * moment * 1e3 * b / second_moment;
    close("front", flexed.anterior_stress_mpa, compression / area + bending, 1e-12);
    close("back", flexed.posterior_stress_mpa, compression / area - bending, 1e-12);
    assert!(pressed(-4.0).anterior_stress_mpa < straight.anterior_stress_mpa);
}

/// Compression by a cut through the level: weight above times the cosine of the disc's slope, tension of every
/// muscle where it crosses the cut, less what the abdominal pressure lifts. And the same from below.
#[test]
fn compression_is_weight_above_and_muscles_across() {
    for position in ["standing", "bend_60", "sitting_relaxed", "hold_20kg_close"] {
        let case = settled(position);
        let (system, solution) = (&BODY.system, &case.solution);
        let kinematics = kinematics(&solution.q);
        let described = posture(&case);
        for level in &system.levels {
            let above = |body: usize| system.model.is_in_subtree(body, level.upper);
            let normal = kinematics.bodies[level.upper].rotation * level.normal;
            let slope = normal.y;
            let mut compression = 0.0;
            for (b, body) in system.model.bodies().iter().enumerate().filter(|(b, _)| above(*b)) {
                let _ = b;
                compression += body.mass * case.task.gravity.norm() * slope;
            }
            for (m, path) in system.paths.paths().iter().enumerate() {
                let force = solution.active_force[m] + solution.passive_force[m];
                let body_of = |at: usize| match at.checked_sub(path.points.len()) {
                    None => path.points[at].body,
                    Some(wrap) => path.wraps[wrap].surface.body,
                };
                path.follow(&kinematics, |strand| {
                    match (above(body_of(strand.from)), above(body_of(strand.to))) {
                        (true, false) => compression -= force * strand.pull.dot(normal),
                        (false, true) => compression += force * strand.pull.dot(normal),
                        _ => {}
                    }
                });
            }
            for load in &case.task.loads {
                match load {
                    Load::Force { body, force, .. } if above(*body) => compression -= force.dot(normal),
                    Load::Force { .. } => {}
                    Load::Push { from, to, force, .. } => {
                        let at = |end: &(usize, Vec3<f64>)| kinematics.bodies[end.0].point(end.1);
                        assert!(above(to.0) && !above(from.0));
                        let up = at(to) - at(from);
                        compression -= force * up.dot(normal) / up.norm();
                    }
                }
            }
            let disc = disc(&described, &level.name);
            let ligaments: f64 = disc
                .contributions
                .iter()
                .filter(|c| c.source == "posterior ligaments")
                .map(|c| c.compression_n)
                .sum();
            assert!(ligaments >= 0.0);
            let what = format!("{position} {}", level.name);
            close(&what, disc.compression_n - ligaments, compression, 1e-6);

            let mut below = Vec3::zero();
            for_each_wrench(system, &case.task, solution, &kinematics, |_, on, wrench| {
                if !above(on) {
                    below += wrench.force;
                }
            });
            close(&format!("{what} from below"), below.dot(normal), compression, 1e-4);
        }
    }
}

/// Standing on two legs, either hip carries at least half of what is above it; on one leg, all of it and the
/// abductors that keep the pelvis level, whose lever is shorter than the weight's.
#[test]
fn hips_carry_what_is_above_them() {
    let model = &BODY.system.model;
    let leg = model.body("femur_r").unwrap();
    let leg: f64 = (0..model.bodies().len())
        .filter(|&b| model.is_in_subtree(b, leg))
        .map(|b| model.bodies()[b].mass / model.mass())
        .sum();
    assert!((0.12..0.20).contains(&leg), "{leg}");
    let standing = posture(&settled("standing"));
    for hip in &standing.hips {
        let carried = 0.5 * (1.0 - 2.0 * leg);
        assert!(carried > 0.3 && hip.contact_force_bw > carried && hip.contact_force_bw < 1.5, "{hip:?}");
        close("force", hip.contact_force_n, hip.contact_force_bw * model.mass() * 9.80665, 1e-6);
    }
    close("left and right", standing.hips[0].contact_force_bw, standing.hips[1].contact_force_bw, 1e-3);

    let case = settled("standing_on_left");
    let [left, right] = &posture(&case).hips[..] else { panic!() };
    // Moment of what hangs on the hip about the axis through it from back to front.
    let at = kinematics(&case.solution.q);
    let stance = model.body("femur_l").unwrap();
    let (mut weight, mut moment) = (0.0, 0.0);
    for (b, body) in model.bodies().iter().enumerate().filter(|(b, _)| !model.is_in_subtree(*b, stance)) {
        let ahead = at.bodies[b].point(body.center_of_mass) - at.bodies[stance].position;
        weight += body.mass * 9.80665;
        moment += body.mass * 9.80665 * ahead.z;
    }
    let abduction = model.degree("hip_adduction_l").unwrap();
    let mut arms = BODY.system.paths.moment_arms();
    BODY.system.paths.update(model, &at, &mut arms).unwrap();
    let columns = BODY.system.paths.columns();
    let longest =
        (0..columns.len()).filter(|&k| columns[k] == abduction).fold(0.0f64, |m, k| m.max(-arms.values[k]));
    assert!(moment > 0.0 && longest > 0.03, "{moment} N·m, {longest} m");
    let least = weight + moment / longest;
    assert!(left.contact_force_n > 0.9 * least && left.contact_force_bw < 6.0, "{left:?}, at least {least}");
    assert!(right.contact_force_bw < 0.5, "{right:?}");
}

/// Moving floor, seat, feet and start through the room moves the answer and changes nothing else.
#[test]
fn moving_the_room_changes_nothing() {
    let shift = Vec3::new(1.3, -0.7, 2.1);
    let model = &BODY.system.model;
    for position in ["standing", "standing_on_right", "sitting_upright", "lift_20kg_bent_knees"] {
        let case = settled(position);
        let mut task = case.task.clone();
        for support in &mut task.supports {
            support.offset += support.normal.dot(shift);
        }
        for condition in &mut task.conditions {
            if let Condition::OnPlane { normal, offset, .. } = condition {
                *offset += normal.dot(shift);
            }
        }
        let slides = [("pelvis_tx", shift.x), ("pelvis_ty", shift.y), ("pelvis_tz", shift.z)];
        for (name, by) in slides {
            task.start[model.degree(name).unwrap()] += by;
        }
        let moved = Equilibrium::new(&BODY.system, BODY.settings.clone()).solve(&task).unwrap();
        for (i, (a, b)) in case.solution.q.iter().zip(&moved.q).enumerate() {
            let name = &model.degree_coordinate(i).name;
            let by = slides.iter().find(|s| s.0 == name).map_or(0.0, |s| s.1);
            // 2e-3 deg and the millimetre that goes with it at a leg's length.
            close(&format!("{position} {name}"), *b, a + by, 4e-5);
        }
        let forces = case.solution.active_force.iter().zip(&moved.active_force);
        for (muscle, (a, b)) in BODY.system.muscles.iter().zip(forces) {
            close(&format!("{position} {}", muscle.name), *b, *a, 0.1);
        }
    }
}
