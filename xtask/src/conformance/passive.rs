//! Inverse dynamics with the passive forces on: springs, stops, bushings, ligaments and what else needs no control.
//!
//! Relative to the largest force of the pose. As the reference data do it, a class that is in `passive_force_classes` acts
//! with all of its forces, also those that the file has switched off. Forces outside the ForceSet are never switched there
//! and are left out here. Where a path wraps, OpenSim's length and moment arms are its approximation: a pose with tension
//! in such a path is shown, not judged.

use super::case::{Case, Pose, numbers};
use super::row::{Bound, Row};
use anyhow::Result;
use guywire_engine::force::{Applied, Moment};
use guywire_math::Wrench;

/// The rows of a model; without numbers where it has no passive forces.
pub fn rows(case: &Case) -> Result<Vec<Row>> {
    let mut rows = vec![
        Row::new("inverse dynamics, passive", Bound::Within(1e-8)),
        Row::new("inverse dynamics, passive over wraps", Bound::Shown),
    ];
    let classes = case.names("passive_force_classes");
    if classes.is_empty() {
        return Ok(rows);
    }
    let document = &case.model.document;
    let acting: Vec<bool> = case
        .built
        .forces
        .iter()
        .map(|force| {
            let node = case.model.description.forces[force.source].node;
            classes.iter().any(|class| class == document.name(node))
        })
        .collect();
    for pose in case.poses() {
        let mut pose = pose?;
        compare(case, &mut pose, &acting, &mut rows)?;
    }
    Ok(rows)
}

fn compare(case: &Case, pose: &mut Pose, acting: &[bool], rows: &mut [Row]) -> Result<()> {
    let (built, index) = (&case.built, pose.index);
    let expected = numbers(&pose.data["inverse_dynamics_passive"]);
    if expected.is_empty() {
        rows[0].leave_out();
        return Ok(());
    }
    let (tree, n) = (&built.tree, built.tree.dof());
    let mut arms = built.paths.moment_arms::<f64>();
    let unsettled = built.paths.update(tree, &pose.kinematics, &mut arms).err();
    let path_speeds: Vec<f64> =
        (0..built.paths.len()).map(|m| arms.speed(&built.paths, m, &pose.rates)).collect();
    let speeds = numbers(&pose.data["u"]);
    let controls = vec![0.0; built.controls.len()];
    let states: Vec<f64> =
        built.forces.iter().filter_map(|f| f.state()).map(|(_, initial)| initial).collect();
    let mut applied = Applied::new(n, tree.bodies().len(), built.paths.len());
    let moment = Moment {
        time: 0.0,
        coordinates: &pose.q,
        speeds: &speeds,
        bodies: &pose.kinematics.bodies,
        velocities: pose.dynamics.velocities(),
        path_lengths: &arms.lengths,
        path_speeds: &path_speeds,
        controls: &controls,
        states: &states,
    };
    for (force, _) in built.forces.iter().zip(acting).filter(|(_, acts)| **acts) {
        force.apply(&moment, &mut applied);
    }
    if unsettled.is_some_and(|u| applied.tensions[u.path] != 0.0) {
        rows[1].leave_out();
        return Ok(());
    }
    let wraps = |m: usize| !built.paths.paths()[m].wraps.is_empty();
    let shown = applied.tensions.iter().enumerate().any(|(m, tension)| *tension != 0.0 && wraps(m));

    let mut qdd = numbers(&pose.data["udot"]);
    built.speeds.to_accelerations(&pose.q, &pose.rates, &mut qdd)?;
    let mut found = vec![0.0; n];
    let none = vec![Wrench::zero(); tree.bodies().len()];
    pose.dynamics.inverse_dynamics(tree, &pose.kinematics, &qdd, &none, &mut found);
    let mut passive = vec![0.0; n];
    pose.kinematics.generalized_forces(tree, &applied.bodies, &mut passive);
    arms.add_forces(&built.paths, &applied.tensions, &mut passive);
    found.iter_mut().zip(&passive).for_each(|(f, p)| *f -= p);
    built.speeds.from_rate_forces(&pose.q, &mut found)?;
    // Forces along coordinates are counted as OpenSim counts speeds.
    found.iter_mut().zip(&applied.coordinates).for_each(|(f, c)| *f -= c);

    let scale = expected.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let row = &mut rows[usize::from(shown)];
    for (i, e) in expected.iter().enumerate() {
        let difference = found.get(i).map_or(f64::NAN, |f| if f == e { 0.0 } else { (f - e) / scale });
        row.compare(difference, || format!("{}, pose {index}", built.index.coordinate_names()[i]));
    }
    Ok(())
}
