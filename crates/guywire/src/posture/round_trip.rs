//! The built-in body, written as an OpenSim model and read again as another model, stands and is loaded as itself.
//!
//! The two ways share muscles and search, and nothing else that decides: parts by name and joint centres against the
//! tables, passive moments as formulas of the file against laws, sections as sums of all wrenches above a joint
//! against the moment of its tissue.

use super::{Positions, settle};
use crate::body::foreign::{ForeignBody, Naming};
use crate::body::{Body, MuscleInfo, ReferenceBody};
use crate::case::Tissue;
use crate::results::{ContributionKind, DiscLoad, Posture};
use guywire_engine::passive::{PassiveLaw, PreloadEffect};
use guywire_osim::{OsimModel, ReadOptions, write};

/// Preload at which the file's spinal segments are written, N.
const WRITTEN_PRELOAD: f64 = 500.0;

/// The built-in body without what a file cannot say of it, and the same as another model.
fn bodies() -> (Body, Body) {
    let mut own = ReferenceBody::adult().unwrap().unscaled().unwrap();
    let exported = own.export("reference").unwrap();
    let bytes = write::document(&exported.description).to_bytes();
    let file = OsimModel::read(&bytes, &ReadOptions::default()).unwrap();
    // The tables' trunk stands upright with the pelvis pitched.
    let naming = Naming::parse("[upright_deg]\npelvis_tilt = -9.478344").unwrap();
    let mut other = ForeignBody::read(&file, &naming).unwrap().with_tissue(&Tissue::default()).unwrap();
    let factor = own.system.preload.factor(WRITTEN_PRELOAD);
    for passive in &mut own.system.passives {
        passive.price = None;
        if let (Some(_), PassiveLaw::Segment { stiffness, .. }) = (passive.level.take(), &mut passive.law) {
            *stiffness *= factor;
        }
    }
    own.system.preload = PreloadEffect { per_newton: 0.0, ceiling: 1.0 };
    own.constants.abdomen.diaphragm_area_m2 = 0.0;
    for (info, muscle) in other.muscles.iter().zip(&mut other.system.muscles) {
        let same = |own: &MuscleInfo| own.name == info.name && own.side == info.side;
        let index = own.muscles.iter().position(same).unwrap_or_else(|| panic!("{}", info.name));
        let source = &own.system.muscles[index];
        (muscle.parameters, muscle.volume) = (source.parameters.clone(), source.volume);
    }
    (own, other)
}

fn solve(body: &Body, position: &str) -> Posture {
    let settled = settle(body, &Positions::read().unwrap(), position, None).unwrap();
    settled.describe(body, 0.0).unwrap().posture
}

#[track_caller]
fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
}

#[test]
fn the_written_body_stands_and_is_loaded_as_the_built_in_one() {
    let (own, other) = bodies();
    for position in ["standing", "bend_60", "sitting_upright", "lift_20kg_bent_back"] {
        let (expected, found) = (solve(&own, position), solve(&other, position));
        let angles = |p: &Posture| {
            let m = &p.measures;
            [
                ("pelvic tilt", m.pelvic_tilt_deg),
                ("sacral slope", m.sacral_slope_deg),
                ("lordosis", m.lumbar_lordosis_deg),
                ("lumbar flexion", m.lumbar_flexion_deg),
                ("thorax", m.thorax_inclination_deg),
                ("hip", m.hip_flexion_right_deg),
                ("gravity line", m.gravity_line_mm),
            ]
        };
        for ((name, found), (_, expected)) in angles(&found).into_iter().zip(angles(&expected)) {
            close(&format!("{position}, {name}"), found, expected, 0.05);
        }
        assert_eq!(found.discs.len(), 6);
        // The ligaments that press the built-in discs beyond the section are tissue that the model does not have.
        let section = |d: &DiscLoad| {
            let tissue = d
                .contributions
                .iter()
                .filter(|c| c.kind == ContributionKind::Ligament && c.source == "posterior ligaments");
            d.compression_n - tissue.map(|c| c.compression_n).sum::<f64>()
        };
        let mut belly = None;
        for (found, expected) in found.discs.iter().zip(&expected.discs) {
            let what = |quantity: &str| format!("{position}, {} {quantity}", found.level);
            assert_eq!(found.level, expected.level);
            close(&what("compression"), found.compression_n, section(expected), 2.0);
            close(&what("forward"), found.anterior_shear_n, expected.anterior_shear_n, 2.0);
            close(&what("right"), found.lateral_shear_n, expected.lateral_shear_n, 2.0);
            // The belly wall hangs on a body that follows all levels alike. What its muscles put on it, the coupling
            // passes to every level: to a section that is moment, to the law of the built-in disc it is not.
            let coupled = found.flexion_moment_nm - expected.flexion_moment_nm;
            close(&what("moment"), coupled, *belly.get_or_insert(coupled), 0.02);
            assert!(found.pressure_mpa.is_nan(), "{}", what("pressure"));
            let sum: f64 = found.contributions.iter().map(|c| c.compression_n).sum();
            close(&what("parts"), sum, found.compression_n, 1e-6);
        }
        for (found, expected) in found.hips.iter().zip(&expected.hips) {
            close(&format!("{position}, hip"), found.contact_force_n, expected.contact_force_n, 2.0);
        }
    }
}
