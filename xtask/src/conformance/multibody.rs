//! Where bodies are, how they move and what moves them.
//!
//! Tolerances are those of the reference data's own repeatability: poses are sums of a few hundred products of
//! numbers near one metre (1e-9 leaves six digits for round-off); forces and accelerations are relative to the
//! largest of their vector at the pose, since a mass matrix of condition 1e5 to 1e6 leaves 1e-10 of a double.
//!
//! *Inverse dynamics of the motion* is shown where OpenSim's own inverse dynamics is not that of its motion: in a custom
//! joint whose second or third rotation is carried by a coordinate in another place of its list, Simbody takes the wrong
//! angular velocity for the rate of its axes. guywire reproduces that for agreement and can do without
//! (`Model::with_true_accelerations`); the row says how much it makes.
//! Where OpenSim's velocities are not the rates of its own positions (its joint of constant curvature), neither they nor what
//! follows from them is compared.
//! Entries of a mass matrix are relative to the geometric mean of the two diagonal entries.

use super::case::{Case, Pose, numbers, vector};
use super::row::{Bound, Row};
use anyhow::Result;
use guywire_engine::{ConstraintSolver, Dynamics, Kinematics};
use guywire_math::{Vec3, Wrench};
use guywire_osim::description::Base;

const POSE: Bound = Bound::Within(1e-9);
const FORCE: Bound = Bound::Within(1e-8);

/// All multibody quantities of a model.
pub fn rows(case: &Case) -> Result<Vec<Row>> {
    let mut rows = [
        ("body poses", POSE),
        ("body velocities", POSE),
        ("markers", POSE),
        ("centre of mass", POSE),
        ("constraints", POSE),
        ("mass matrix", FORCE),
        ("gravity", FORCE),
        ("inverse dynamics", FORCE),
        ("forward acceleration", FORCE),
        ("inverse dynamics of the motion", Bound::Shown),
        ("forward acceleration, reduced", FORCE),
    ]
    .map(|(quantity, bound)| Row::new(quantity, bound));
    let mut solver = ConstraintSolver::new(&case.built.tree);
    let bodies = case.names("bodies");
    let markers = case.names("markers");
    let contradiction = contradiction(case, &bodies)?;
    if let Some((body, pose, theirs, ours)) = &contradiction {
        eprintln!(
            "{}: OpenSim's velocities are not those of its positions ({body}, pose {pose}: off the difference of positions by \
             {theirs:.1e} m/s, ours {ours:.1e}); nothing that follows from them is compared",
            case.name
        );
    }
    for pose in case.poses() {
        let mut pose = pose?;
        let [places, velocities, marker_row, center, kept, mass, gravity, inverse, forward, motion, reduced] =
            &mut rows;
        compare_bodies(case, &pose, &bodies, places, velocities, contradiction.is_some());
        for (k, name) in markers.iter().enumerate() {
            let expected = vector(&pose.data["marker_position"][k]);
            let found = case.built.markers.get(k).filter(|m| m.name == *name);
            let found = found.map(|m| pose.kinematics.bodies[m.body].point(m.position));
            compare_vector(marker_row, found, expected, || format!("{name}, pose {}", pose.index));
        }
        let found = pose.kinematics.center_of_mass(&case.built.tree);
        let expected = vector(&pose.data["center_of_mass"]);
        compare_vector(center, Some(found), expected, || format!("pose {}", pose.index));
        // OpenSim assembled the pose: our form of the constraints has to hold there too.
        let constraints = &case.built.constraints;
        if pose.data["kind"] == "random" && !constraints.is_empty() {
            let (error, which) = ConstraintSolver::worst(&pose.kinematics, constraints, 0.0);
            kept.compare(error, || format!("{:?}, pose {}", constraints[which], pose.index));
        }
        if contradiction.is_some() {
            [mass, gravity, inverse, forward, motion, reduced].into_iter().for_each(Row::leave_out);
            continue;
        }
        compare_forces(case, &mut pose, &mut solver, [mass, gravity, inverse, forward, motion])?;
        reduced_acceleration(case, &pose, reduced);
    }
    Ok(rows.to_vec())
}

fn compare_vector(row: &mut Row, found: Option<Vec3<f64>>, expected: Vec3<f64>, place: impl Fn() -> String) {
    let difference = found.map_or(f64::NAN, |f| {
        let d = f - expected;
        d.x.abs().max(d.y.abs()).max(d.z.abs()) + 0.0 * (d.x + d.y + d.z)
    });
    row.compare(difference, place);
}

/// Step of the difference of positions, s.
const STEP: f64 = 1e-5;
/// Velocities that are off the difference of positions by more are another motion's, m/s: its own error is some 1e-9.
const OFF: f64 = 1e-6;

/// Where OpenSim's velocities are not the rates of its positions and ours are: body, pose, how far theirs and ours are off,
/// m/s. Where positions agree, ours stand for both.
fn contradiction(case: &Case, bodies: &[String]) -> Result<Option<(String, usize, f64, f64)>> {
    for pose in case.poses() {
        let pose = pose?;
        let tree = &case.built.tree;
        let [before, behind] = [-STEP, STEP].map(|step| {
            let q: Vec<f64> = pose.q.iter().zip(&pose.rates).map(|(q, rate)| q + step * rate).collect();
            let mut kinematics = Kinematics::new(tree);
            kinematics.update(tree, &q);
            kinematics
        });
        for (k, name) in bodies.iter().enumerate() {
            let known = case.model.description.bodies.iter().position(|b| b.name == *name);
            let Some(body) = known.map(|i| case.built.index.body(Base::Body(i))) else { continue };
            let at = pose.kinematics.bodies[body].position;
            let rate = (behind.bodies[body].position - before.bodies[body].position) * (0.5 / STEP);
            let ours = (pose.dynamics.velocity(body).of_point(at) - rate).norm();
            let theirs = (vector(&pose.data["body_linear_velocity"][k]) - rate).norm();
            let same_place = (vector(&pose.data["body_origin"][k]) - at).norm() < OFF;
            if same_place && ours < OFF && theirs > OFF {
                return Ok(Some((name.clone(), pose.index, theirs, ours)));
            }
        }
    }
    Ok(None)
}

fn compare_bodies(
    case: &Case,
    pose: &Pose,
    bodies: &[String],
    places: &mut Row,
    velocities: &mut Row,
    contradicted: bool,
) {
    for (k, name) in bodies.iter().enumerate() {
        let place = || format!("{name}, pose {}", pose.index);
        let known = case.model.description.bodies.iter().position(|b| b.name == *name);
        let Some(body) = known.map(|i| case.built.index.body(Base::Body(i))) else {
            places.compare(f64::NAN, place);
            continue;
        };
        let at = &pose.kinematics.bodies[body];
        compare_vector(places, Some(at.position), vector(&pose.data["body_origin"][k]), place);
        let rotation = numbers(&pose.data["body_rotation"][k]);
        for (i, row) in at.rotation.rows.iter().enumerate() {
            for (j, entry) in row.to_array().into_iter().enumerate() {
                places.compare(entry - rotation.get(3 * i + j).copied().unwrap_or(f64::NAN), place);
            }
        }
        if contradicted {
            velocities.leave_out();
            continue;
        }
        let velocity = pose.dynamics.velocity(body);
        let (angular, linear) =
            (&pose.data["body_angular_velocity"][k], &pose.data["body_linear_velocity"][k]);
        compare_vector(velocities, Some(velocity.angular), vector(angular), place);
        compare_vector(velocities, Some(velocity.of_point(at.position)), vector(linear), place);
    }
}

/// Differences over the largest of what is expected.
fn compare_relative(case: &Case, row: &mut Row, found: &[f64], expected: &[f64], pose: usize) {
    // Where all are zero but for round-off there is nothing to be relative to.
    let scale = expected.iter().fold(1e-3_f64, |m, v| m.max(v.abs()));
    if found.len() != expected.len() {
        row.compare(f64::NAN, || format!("pose {pose}"));
        return;
    }
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        let difference = if f == e { 0.0 } else { (f - e) / scale };
        row.compare(difference, || format!("{}, pose {pose}", case.built.index.coordinate_names()[i]));
    }
}

/// Whether a force stands outside the ForceSet. Whoever made the reference data switches off the forces of the set; those
/// outside, muscles among them, are in what is said to be without forces, and nothing is compared with that.
fn has_loose_forces(case: &Case) -> bool {
    let document = &case.model.document;
    case.model.description.forces.iter().filter(|f| f.applies_force).any(|force| {
        let set = document.parent(force.node).and_then(|objects| document.parent(objects));
        set.is_some_and(|set| document.name(set) != "ForceSet")
    })
}

fn compare_forces(
    case: &Case,
    pose: &mut Pose,
    solver: &mut ConstraintSolver,
    [mass_row, gravity_row, inverse_row, forward_row, motion_row]: [&mut Row; 5],
) -> Result<()> {
    let (tree, speeds) = (&case.built.tree, &case.built.speeds);
    let (n, q) = (tree.dof(), &pose.q);
    let none = vec![Wrench::zero(); tree.bodies().len()];
    let mut mass = vec![0.0; n * n];
    pose.dynamics.mass_matrix(tree, &pose.kinematics, &mut mass);
    let mut found = mass.clone();
    speeds.from_rate_mass_matrix(q, &mut found)?;
    let names = case.built.index.coordinate_names();
    let expected: Vec<Vec<f64>> = (0..n).map(|i| numbers(&pose.data["mass_matrix"][i])).collect();
    for i in 0..n {
        for j in 0..n {
            let scale = (expected[i][i] * expected[j][j]).sqrt();
            let difference = found[i * n + j] - expected[i][j];
            let difference = if difference == 0.0 { 0.0 } else { difference / scale };
            mass_row.compare(difference, || format!("{} × {}, pose {}", names[i], names[j], pose.index));
        }
    }
    if has_loose_forces(case) {
        [gravity_row, inverse_row, forward_row].into_iter().for_each(Row::leave_out);
        return Ok(());
    }
    // Gravity is what holds the model still; OpenSim takes it at zero speeds and zero rates of speeds.
    let mut holds = vec![0.0; n];
    pose.dynamics.gravity_forces(tree, &pose.kinematics, &mut holds);
    holds.iter_mut().for_each(|g| *g = -*g);
    speeds.from_rate_forces(q, &mut holds)?;
    compare_relative(case, gravity_row, &holds, &numbers(&pose.data["gravity_forces"]), pose.index);

    let mut qdd = numbers(&pose.data["udot"]);
    speeds.to_accelerations(q, &pose.rates, &mut qdd)?;
    let mut tau = vec![0.0; n];
    pose.dynamics.inverse_dynamics(tree, &pose.kinematics, &qdd, &none, &mut tau);
    speeds.from_rate_forces(q, &mut tau)?;
    compare_relative(case, inverse_row, &tau, &numbers(&pose.data["inverse_dynamics"]), pose.index);

    if tree.departing_joints().next().is_some() {
        let true_tree = tree.clone().with_true_accelerations();
        let mut dynamics = Dynamics::new(&true_tree, case.built.gravity);
        dynamics.update(&true_tree, &pose.kinematics, &pose.rates);
        dynamics.inverse_dynamics(&true_tree, &pose.kinematics, &qdd, &none, &mut tau);
        speeds.from_rate_forces(q, &mut tau)?;
        compare_relative(case, motion_row, &tau, &numbers(&pose.data["inverse_dynamics"]), pose.index);
    }

    // OpenSim gives none for a model in which some motion moves no mass.
    let expected = numbers(&pose.data["forward_acceleration"]);
    if expected.iter().any(|v| v.is_nan()) || expected.is_empty() {
        forward_row.leave_out();
        return Ok(());
    }
    let mut force = vec![0.0; n];
    pose.dynamics.inverse_dynamics(tree, &pose.kinematics, &vec![0.0; n], &none, &mut force);
    force.iter_mut().for_each(|f| *f = -*f);
    let (mut qdd, mut multipliers) = (vec![0.0; n], vec![]);
    let constraints = &case.built.constraints;
    let solved = solver.accelerations(
        tree,
        constraints,
        0.0,
        &pose.kinematics,
        q,
        &pose.rates,
        &mass,
        &force,
        &mut qdd,
        &mut multipliers,
    );
    if let Err(error) = solved {
        forward_row.compare(f64::NAN, || format!("pose {}: {error}", pose.index));
        return Ok(());
    }
    let mut theirs = expected.clone();
    speeds.to_accelerations(q, &pose.rates, &mut theirs)?;
    let [kept, left] = [&qdd, &theirs].map(|qdd| leaves_constraints(case, pose, qdd));
    if kept < KEPT && left > 1e2 * KEPT {
        eprintln!(
            "{}: at pose {} OpenSim's accelerations leave the constraints (second derivative {left:.1e}, ours {kept:.1e})",
            case.name, pose.index
        );
        forward_row.leave_out();
        return Ok(());
    }
    speeds.from_accelerations(q, &pose.rates, &mut qdd);
    compare_relative(case, forward_row, &qdd, &expected, pose.index);
    Ok(())
}

/// What round-off and the third derivative leave of a second difference, over the largest acceleration.
const KEPT: f64 = 1e-6;

/// How fast accelerations leave the constraints on positions: the second difference of their errors along the motion that
/// begins with them, over the largest acceleration. It knows nothing of how either engine differentiates constraints.
fn leaves_constraints(case: &Case, pose: &Pose, qdd: &[f64]) -> f64 {
    const STEP: f64 = 1e-4;
    let constraints = &case.built.constraints;
    let mut kinematics = Kinematics::new(&case.built.tree);
    let mut errors = |step: f64| {
        let motion = pose.rates.iter().zip(qdd);
        let moved: Vec<f64> =
            pose.q.iter().zip(motion).map(|(q, (v, a))| q + step * v + 0.5 * step * step * a).collect();
        kinematics.update(&case.built.tree, &moved);
        let mut errors = vec![];
        constraints.iter().filter(|c| c.is_positional()).for_each(|c| {
            c.errors(&kinematics, step, |e| errors.push(e));
        });
        errors
    };
    let [before, at, after] = [-STEP, 0.0, STEP].map(&mut errors);
    let fastest = qdd.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
    let second = |k: usize| (after[k] - 2.0 * at[k] + before[k]) / (STEP * STEP * fastest);
    (0..at.len()).fold(0.0, |m, k| f64::max(m, second(k).abs()))
}

/// The same accelerations from the model that follows locks and couplers by itself.
fn reduced_acceleration(case: &Case, pose: &Pose, row: &mut Row) {
    let (tree, model) = (&case.built.tree, &case.built.reduced);
    let (n, time) = (model.dof(), 0.0);
    let mut expected = numbers(&pose.data["forward_acceleration"]);
    let kept = pose.data["kind"] == "random" || case.built.constraints.is_empty();
    if n == tree.dof()
        || !kept
        || has_loose_forces(case)
        || expected.len() != tree.dof()
        || expected.iter().any(|v| v.is_nan())
    {
        return;
    }
    let place = |what: &str| format!("{what}, pose {}", pose.index);
    if case.built.speeds.to_accelerations(&pose.q, &pose.rates, &mut expected).is_err() {
        row.compare(f64::NAN, || place("gimbal lock"));
        return;
    }
    let scale = expected.iter().fold(1e-3_f64, |m, v| m.max(v.abs()));
    let free = |of: &[f64]| -> Vec<f64> { (0..n).map(|i| of[model.coordinate_of_degree(i)]).collect() };
    let (q, rates) = (free(&pose.q), free(&pose.rates));
    let mut kinematics = Kinematics::new(model);
    kinematics.update(model, &q);
    let mut dynamics = Dynamics::new(model, case.built.gravity);
    dynamics.update(model, &kinematics, &rates);
    let (mut mass, mut force) = (vec![0.0; n * n], vec![0.0; n]);
    dynamics.mass_matrix(model, &kinematics, &mut mass);
    dynamics.inverse_dynamics(
        model,
        &kinematics,
        &vec![0.0; n],
        &vec![Wrench::zero(); model.bodies().len()],
        &mut force,
    );
    force.iter_mut().for_each(|f| *f = -*f);
    let (mut qdd, mut multipliers) = (vec![0.0; n], vec![]);
    let constraints = &case.built.reduced_constraints;
    let solved = ConstraintSolver::new(model).accelerations(
        model,
        constraints,
        time,
        &kinematics,
        &q,
        &rates,
        &mass,
        &force,
        &mut qdd,
        &mut multipliers,
    );
    if let Err(error) = solved {
        row.compare(f64::NAN, || place(&error.to_string()));
        return;
    }
    for (i, found) in qdd.iter().enumerate() {
        let coordinate = model.coordinate_of_degree(i);
        let name = || place(&model.degree_coordinate(i).name);
        row.compare((found - expected[coordinate]) / scale, name);
    }
}
