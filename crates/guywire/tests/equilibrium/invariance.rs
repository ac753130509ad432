//! What must not matter: which side is which, where the pelvis stands, how large the body is.

use crate::common;
use guywire::body::{Body, ReferenceBody};
use guywire::case::{Person, Tissue};
use guywire_engine::{Dynamics, Kinematics, MomentArms};
use guywire_math::Vec3;
use guywire_math::linalg::cholesky;
use proptest::prelude::*;

const DOWN: Vec3<f64> = Vec3::new(0.0, -9.80665, 0.0);
const PELVIS: [&str; 6] =
    ["pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz"];

fn reference() -> Body {
    ReferenceBody::adult().unwrap().unscaled().unwrap()
}

/// A pose within the ranges of motion; `fractions` are repeated as needed.
fn pose(body: &Body, fractions: &[f64]) -> Vec<f64> {
    let model = &body.system.model;
    (0..model.dof())
        .map(|i| {
            let (low, high) = model.degree_coordinate(i).range.unwrap();
            low + fractions[i % fractions.len()] * (high - low)
        })
        .collect()
}

fn arms(body: &Body, q: &[f64]) -> MomentArms<f64> {
    let model = &body.system.model;
    let mut kinematics = Kinematics::<f64>::new(model);
    kinematics.update(model, q);
    let mut arms = body.system.paths.moment_arms();
    body.system.paths.update(model, &kinematics, &mut arms).unwrap();
    arms
}

/// The degree of freedom that mirrors `degree`, and the sign of its value.
fn image(body: &Body, degree: usize) -> (usize, f64) {
    let model = &body.system.model;
    let name = &model.degree_coordinate(degree).name;
    let other = match (name.strip_suffix("_r"), name.strip_suffix("_l")) {
        (Some(stem), _) => format!("{stem}_l"),
        (_, Some(stem)) => format!("{stem}_r"),
        _ => name.clone(),
    };
    // On the midline, what turns about x or y or slides along z changes its sign.
    let odd = ["pelvis_list", "pelvis_rotation", "pelvis_tz"].contains(&name.as_str())
        || name.ends_with("_LB")
        || name.ends_with("_AR");
    (model.degree(&other).unwrap(), if odd { -1.0 } else { 1.0 })
}

fn moment_arm(body: &Body, arms: &MomentArms<f64>, muscle: usize, degree: usize) -> f64 {
    let paths = &body.system.paths;
    paths.row(muscle).find(|&p| paths.columns()[p] == degree).map_or(0.0, |p| arms.values[p])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Left muscles in a pose are right muscles in its mirror image.
    #[test]
    fn left_is_mirrored_right(fractions in prop::collection::vec(0.0..1.0f64, 41)) {
        let body = reference();
        let q = pose(&body, &fractions);
        let mut mirrored = vec![0.0; q.len()];
        for (i, &value) in q.iter().enumerate() {
            let (other, sign) = image(&body, i);
            mirrored[other] = sign * value;
        }
        let (here, there) = (arms(&body, &q), arms(&body, &mirrored));
        let half = body.muscles.len() / 2;
        for m in 0..2 * half {
            let other = (m + half) % (2 * half);
            prop_assert_eq!(&body.muscles[m].name, &body.muscles[other].name);
            let off = here.lengths[m] - there.lengths[other];
            prop_assert!(off.abs() < 1e-12, "{}: {off}", body.muscles[m].name);
            for i in 0..q.len() {
                let (j, sign) = image(&body, i);
                let (a, b) = (moment_arm(&body, &here, m, i), sign * moment_arm(&body, &there, other, j));
                prop_assert!((a - b).abs() < 1e-10, "{}: {a} against {b}", body.muscles[m].name);
            }
        }
    }

    /// Where the pelvis stands and how it is turned changes no length and no moment arm.
    #[test]
    fn moving_the_pelvis_changes_nothing(
        fractions in prop::collection::vec(0.0..1.0f64, 41),
        pelvis in prop::array::uniform6(-1.5..1.5f64),
    ) {
        let body = reference();
        let q = pose(&body, &fractions);
        let mut moved = q.clone();
        for (name, value) in PELVIS.iter().zip(pelvis) {
            moved[body.system.model.degree(name).unwrap()] = value;
        }
        let (here, there) = (arms(&body, &q), arms(&body, &moved));
        for (m, info) in body.muscles.iter().enumerate() {
            prop_assert!((here.lengths[m] - there.lengths[m]).abs() < 1e-12, "{}", info.name);
            for p in body.system.paths.row(m) {
                prop_assert!((here.values[p] - there.values[p]).abs() < 1e-10, "{}", info.name);
            }
        }
    }

    /// A body with all lengths multiplied by a factor has all path lengths and moment arms multiplied by it.
    #[test]
    fn paths_grow_with_the_body(fractions in prop::collection::vec(0.0..1.0f64, 41), factor in 0.8..1.2f64) {
        let of = |height_cm: f64| {
            let person = Person { height_cm, mass_kg: 75.0, ..common::person() };
            ReferenceBody::adult().unwrap().scaled_to(&person, &Tissue::default()).unwrap()
        };
        let (body, larger) = (of(175.0), of(175.0 * factor));
        // The pelvis stands where it stands: its place in ground does not scale, and does not matter.
        let q = pose(&body, &fractions);
        let (here, there) = (arms(&body, &q), arms(&larger, &q));
        for (m, info) in body.muscles.iter().enumerate() {
            let off = factor * here.lengths[m] - there.lengths[m];
            prop_assert!(off.abs() < 1e-12, "{}: {off}", info.name);
            for p in body.system.paths.row(m) {
                prop_assert!((factor * here.values[p] - there.values[p]).abs() < 1e-10, "{}", info.name);
            }
        }
    }

    /// The mass matrix is symmetric and positive definite, gives the kinetic energy, and agrees with inverse
    /// dynamics.
    #[test]
    fn mass_matrix_is_positive_definite(
        fractions in prop::collection::vec(0.0..1.0f64, 41),
        rates in prop::collection::vec(-3.0..3.0f64, 41),
    ) {
        let body = reference();
        let model = &body.system.model;
        let n = model.dof();
        let (q, qd) = (pose(&body, &fractions), (0..n).map(|i| rates[i % rates.len()]).collect::<Vec<_>>());
        let (mut kinematics, mut dynamics) = (Kinematics::<f64>::new(model), Dynamics::new(model, DOWN));
        kinematics.update(model, &q);
        dynamics.update(model, &kinematics, &qd);
        let mut mass = vec![0.0; n * n];
        dynamics.mass_matrix(model, &kinematics, &mut mass);
        let energy: f64 = (0..n * n).map(|k| 0.5 * mass[k] * qd[k / n] * qd[k % n]).sum();
        prop_assert!((energy - dynamics.kinetic_energy()).abs() < 1e-9 * (1.0 + energy));
        let still = vec![guywire_math::Wrench::zero(); model.bodies().len()];
        let (mut with, mut without) = (vec![0.0; n], vec![0.0; n]);
        dynamics.inverse_dynamics(model, &kinematics, &qd, &still, &mut with);
        dynamics.inverse_dynamics(model, &kinematics, &vec![0.0; n], &still, &mut without);
        for i in 0..n {
            let product: f64 = (0..n).map(|j| mass[i * n + j] * qd[j]).sum();
            prop_assert!((product - with[i] + without[i]).abs() < 1e-9 * (1.0 + product.abs() + without[i].abs()));
            for j in 0..i {
                prop_assert_eq!(mass[i * n + j], mass[j * n + i]);
            }
        }
        prop_assert!(cholesky(&mut mass, n).is_ok());
    }
}
