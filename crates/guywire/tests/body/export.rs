//! The built-in body written as an OpenSim model and read again is the same body.

use guywire::body::ReferenceBody;
use guywire::body::export::Treatment;
use guywire_engine::{Dynamics, Kinematics};
use guywire_math::Wrench;
use guywire_osim::build::Built;
use guywire_osim::{OsimModel, ReadOptions, write};

#[test]
fn the_body_reads_back_as_it_was_written() {
    let body = ReferenceBody::adult().unwrap().unscaled().unwrap();
    let exported = body.export("the reference body").unwrap();
    assert_eq!(exported.description.name, "the_reference_body");
    // Every muscle that differs is told, and nothing is left out.
    assert!(exported.notes.iter().all(|n| n.treatment == Treatment::Approximated && !n.why.is_empty()));
    let bytes = write::document(&exported.description).to_bytes();
    let file = OsimModel::read(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(file.report.refused().count(), 0);
    let built = Built::new(&file.description).unwrap();
    let (model, other) = (&body.system.model, &built.reduced.clone().with_true_accelerations());
    assert_eq!((model.dof(), body.system.paths.len()), (other.dof(), built.muscles.len()));
    let place: Vec<usize> =
        (0..model.dof()).map(|i| other.degree(&model.degree_coordinate(i).name).unwrap()).collect();
    let (mut here, mut there) = (Kinematics::new(model), Kinematics::new(other));
    let (mut arms, mut other_arms) = (body.system.paths.moment_arms(), built.reduced_paths.moment_arms());
    for pose in 0..4 {
        let spread = |k: usize, i: usize| f64::from(pose) * 0.1 * (1.0 + (3 * i + k) as f64).sin();
        let mut q = model.default_pose();
        let (mut qd, mut qdd) = (vec![0.0; q.len()], vec![0.0; q.len()]);
        let [mut q2, mut qd2, mut qdd2] = [q.clone(), q.clone(), q.clone()];
        for (i, &p) in place.iter().enumerate() {
            (q[i], qd[i], qdd[i]) = (q[i] + spread(0, i), 5.0 * spread(1, i), 20.0 * spread(2, i));
            (q2[p], qd2[p], qdd2[p]) = (q[i], qd[i], qdd[i]);
        }
        here.update(model, &q);
        there.update(other, &q2);
        body.system.paths.update(model, &here, &mut arms).unwrap();
        built.reduced_paths.update(other, &there, &mut other_arms).unwrap();
        for (m, length) in arms.lengths.iter().enumerate() {
            let name = &built.path_names[m];
            assert!(
                (length - other_arms.lengths[m]).abs() < 1e-9,
                "{name}: {length} {}",
                other_arms.lengths[m]
            );
        }
        let dynamics = |model: &guywire_engine::Model, at: &Kinematics<f64>, qd: &[f64], qdd: &[f64]| {
            let mut dynamics = Dynamics::new(model, built.gravity);
            dynamics.update(model, at, qd);
            let mut tau = vec![0.0; qd.len()];
            let none = vec![Wrench::zero(); model.bodies().len()];
            dynamics.inverse_dynamics(model, at, qdd, &none, &mut tau);
            tau
        };
        let (ours, theirs) = (dynamics(model, &here, &qd, &qdd), dynamics(other, &there, &qd2, &qdd2));
        let scale = ours.iter().fold(1.0f64, |m, t| m.max(t.abs()));
        for (i, &p) in place.iter().enumerate() {
            let name = &model.degree_coordinate(i).name;
            assert!((ours[i] - theirs[p]).abs() < 1e-9 * scale, "{name}: {} {}", ours[i], theirs[p]);
        }
    }
}
