//! Every kind of constraint against finite differences and the laws of motion.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire_engine::constraint::{
    AssemblyError, BodyDirection, BodyFrame, BodyPoint, Constraint, ConstraintSolver,
};
use guywire_engine::{Body, Coordinate, Dynamics, Joint, Kinematics, Law, Model};
use guywire_math::function::CubicSpline;
use guywire_math::{Function, Mat3, Multivariate, Pose, Vec3, Wrench};

const GRAVITY: Vec3<f64> = Vec3::new(0.3, -9.80665, -0.2);

fn body(name: &str, mass: f64) -> Body {
    let k = 0.02 * mass;
    let rows =
        [Vec3::new(3.0 * k, 0.0, 0.1 * k), Vec3::new(0.0, 4.0 * k, 0.0), Vec3::new(0.1 * k, 0.0, 5.0 * k)];
    Body { name: name.into(), mass, center_of_mass: Vec3::new(0.05, -0.2, 0.1), inertia: Mat3 { rows } }
}

fn frame(k: f64) -> Pose<f64> {
    Pose { rotation: Mat3::euler_xyz(0.3 * k, -0.2, 0.5 * k), position: Vec3::new(0.1 * k, -0.4, 0.2) }
}

/// Two free bodies, and a hinge and a slider on the second.
fn model() -> Model {
    let joints = vec![
        Joint::weld("first", 0, 1, frame(0.5), frame(-0.3)).free([0, 1, 2], [3, 4, 5]),
        Joint::weld("second", 0, 2, frame(1.0), frame(0.2)).free([6, 7, 8], [9, 10, 11]),
        Joint::weld("hinge", 2, 3, frame(0.7), frame(0.1)).hinge(12),
        Joint::weld("slider", 3, 4, frame(-0.4), frame(0.3)).slider(13),
    ];
    let bodies = [("ground", 0.0), ("a", 3.0), ("b", 2.0), ("c", 1.5), ("d", 1.0)].map(|(n, m)| body(n, m));
    let coordinates = (0..14)
        .map(|i| Coordinate { name: format!("c{i}"), default: 0.0, range: None, locked: false })
        .collect();
    Model::new(bodies.to_vec(), joints, coordinates, vec![]).unwrap()
}

fn state(k: usize, scale: f64) -> Vec<f64> {
    (0..14).map(|i| scale * ((1.3 + 0.7 * k as f64) * (i + 1) as f64).sin()).collect()
}

fn point(body: usize, k: f64) -> BodyPoint {
    BodyPoint { body, position: Vec3::new(0.2 * k, 0.1, -0.3 * k) }
}

fn direction(body: usize, k: f64) -> BodyDirection {
    let v = Vec3::new(0.6, 0.8 * k.cos(), 0.8 * k.sin());
    BodyDirection { body, direction: v }
}

fn every() -> Vec<(&'static str, Constraint)> {
    let x = vec![-2.0, -1.0, 0.0, 0.7, 2.0];
    let spline = Function::Spline(CubicSpline::simm(x, vec![0.3, -0.2, 0.1, 0.5, 0.2]).unwrap());
    let linear = Multivariate::Linear { gains: vec![0.4, -1.2], constant: 0.1 };
    vec![
        ("lock", Constraint::Coordinate { coordinate: 4, law: Law::Constant(0.3) }),
        ("coupler", Constraint::Coordinate { coordinate: 12, law: Law::Of([7], spline.clone()) }),
        (
            "coupler of two",
            Constraint::Coordinate { coordinate: 13, law: Law::OfSeveral(vec![0, 12], linear) },
        ),
        ("prescribed", Constraint::Prescribed { coordinate: 12, function: spline }),
        (
            "weld",
            Constraint::Weld(
                BodyFrame { body: 1, pose: frame(0.4) },
                BodyFrame { body: 4, pose: frame(-0.6) },
            ),
        ),
        (
            "weld to ground",
            Constraint::Weld(
                BodyFrame { body: 0, pose: frame(0.4) },
                BodyFrame { body: 4, pose: frame(0.9) },
            ),
        ),
        ("point", Constraint::Point(point(1, 1.0), point(4, -0.5))),
        ("distance", Constraint::Distance(point(1, 1.0), point(3, -0.5), 1.1)),
        ("plane", Constraint::Plane { normal: direction(1, 0.4), height: 0.2, point: point(4, 0.3) }),
        (
            "line",
            Constraint::Line {
                line: point(1, 0.7),
                normals: [Vec3::new(0.0, 0.6, 0.8), Vec3::new(1.0, 0.0, 0.0)],
                point: point(3, 0.2),
            },
        ),
        ("right angle", Constraint::RightAngle(direction(1, 1.0), direction(3, 2.0))),
        ("no slip", Constraint::NoSlip { at: point(1, 0.1), direction: Vec3::new(1.0, 0.0, 0.0), other: 3 }),
    ]
}

fn at(model: &Model, q: &[f64]) -> Kinematics<f64> {
    let mut kinematics = Kinematics::new(model);
    kinematics.update(model, q);
    kinematics
}

fn errors(model: &Model, constraint: &Constraint, q: &[f64], time: f64) -> Vec<f64> {
    let mut errors = vec![];
    constraint.errors(&at(model, q), time, |e| errors.push(e));
    errors
}

fn moved(q: &[f64], by: &[f64], t: f64) -> Vec<f64> {
    q.iter().zip(by).map(|(q, d)| q + t * d).collect()
}

fn rows(model: &Model, constraint: &Constraint, q: &[f64]) -> Vec<f64> {
    let mut rows = vec![0.0; constraint.equations() * model.dof()];
    constraint.add_rows(model, &at(model, q), &mut rows);
    rows
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn rows_are_slopes_of_the_errors() {
    let (model, h) = (model(), 1e-6);
    let n = model.dof();
    for (name, constraint) in every().into_iter().filter(|(_, c)| c.is_positional()) {
        for k in 0..4 {
            let (q, d) = (state(k, 0.6), state(k + 7, 1.0));
            let rows = rows(&model, &constraint, &q);
            let up = errors(&model, &constraint, &moved(&q, &d, h), 0.0);
            let down = errors(&model, &constraint, &moved(&q, &d, -h), 0.0);
            assert_eq!(up.len(), constraint.equations(), "{name}");
            for (e, row) in rows.chunks(n).enumerate() {
                let difference = (up[e] - down[e]) / (2.0 * h);
                assert!((dot(row, &d) - difference).abs() < 1e-8, "{name} {e}");
            }
        }
    }
}

/// The velocity of the other body against the first, taken from how its material point moves.
#[test]
fn no_slip_sees_the_velocity_at_the_point() {
    let (model, h) = (model(), 1e-6);
    let (q, d) = (state(2, 0.6), state(5, 1.0));
    let constraint = Constraint::NoSlip { at: point(1, 0.1), direction: Vec3::new(0.0, 0.0, 1.0), other: 3 };
    let here = at(&model, &q);
    let place = here.bodies[1].point(point(1, 0.1).position);
    let velocity = |body: usize| {
        let local = here.bodies[body].inverse_point(place);
        let now = |t: f64| at(&model, &moved(&q, &d, t)).bodies[body].point(local);
        (now(h) - now(-h)) * (0.5 / h)
    };
    let along = here.bodies[1].rotation * Vec3::new(0.0, 0.0, 1.0);
    let expected = along.dot(velocity(3) - velocity(1));
    assert!((dot(&rows(&model, &constraint, &q), &d) - expected).abs() < 1e-8);
}

/// Accelerations keep every equation to second order, and what they need beside the given forces is a combination of
/// its rows.
#[test]
fn accelerations_keep_the_constraints() {
    let (model, n, h) = (model(), 14, 1e-4);
    let (mut dynamics, mut solver) = (Dynamics::new(&model, GRAVITY), ConstraintSolver::new(&model));
    for (name, constraint) in every() {
        for k in 0..4 {
            let (q, mut rates) = (state(k, 0.6), state(k + 7, 1.0));
            let kinematics = at(&model, &q);
            // The same twice: one of each equation is redundant.
            let constraints = [constraint.clone(), constraint.clone()];
            solver.project_rates(&model, &constraints, 0.2, &kinematics, &mut rates);
            dynamics.update(&model, &kinematics, &rates);
            let (mut mass, mut bias) = (vec![0.0; n * n], vec![0.0; n]);
            dynamics.mass_matrix(&model, &kinematics, &mut mass);
            let none = vec![Wrench::zero(); 5];
            dynamics.inverse_dynamics(&model, &kinematics, &vec![0.0; n], &none, &mut bias);
            let force: Vec<f64> = state(k + 3, 2.0).iter().zip(&bias).map(|(t, b)| t - b).collect();
            let (mut qdd, mut multipliers) = (vec![0.0; n], vec![]);
            solver
                .accelerations(
                    &model,
                    &constraints,
                    0.2,
                    &kinematics,
                    &q,
                    &rates,
                    &mass,
                    &force,
                    &mut qdd,
                    &mut multipliers,
                )
                .unwrap();
            let rate_of = |t: f64| {
                let q = moved(&moved(&q, &rates, t), &qdd, 0.5 * t * t);
                let mut course = vec![0.0; constraint.equations()];
                if let Constraint::Prescribed { function, .. } = &constraint {
                    course[0] = function.taylor(0.2 + t)[1];
                }
                let now = moved(&rates, &qdd, t);
                let rows = rows(&model, &constraint, &q);
                rows.chunks(n).zip(course).map(|(r, c)| dot(r, &now) + c).collect::<Vec<f64>>()
            };
            let scale = 1.0 + qdd.iter().fold(0.0_f64, |m, a| m.max(a.abs()));
            for (e, (up, down)) in rate_of(h).iter().zip(rate_of(-h)).enumerate() {
                assert!((up + down).abs() / 2.0 < 1e-6, "{name} {e}: velocities are missed");
                assert!(
                    (up - down).abs() / (2.0 * h) < 1e-6 * scale,
                    "{name} {e}: {}",
                    (up - down) / (2.0 * h)
                );
            }
            let rows = rows(&model, &constraint, &q);
            for i in 0..n {
                let pull: f64 = (0..multipliers.len())
                    .map(|e| rows[e % constraint.equations() * n + i] * multipliers[e])
                    .sum();
                let needed = dot(&mass[i * n..(i + 1) * n], &qdd) - force[i];
                assert!((needed - pull).abs() < 1e-8 * scale, "{name} {i}: {needed} {pull}");
            }
        }
    }
}

#[test]
fn assembly_reaches_the_constraints() {
    let model = model();
    let mut solver = ConstraintSolver::new(&model);
    let ease = vec![1.0; 14];
    for (name, constraint) in every() {
        let mut q = state(1, 0.3);
        let mut kinematics = at(&model, &q);
        let constraints = [constraint];
        solver.assemble(&model, &constraints, 0.2, &ease, 1e-12, &mut kinematics, &mut q).unwrap();
        assert!(ConstraintSolver::worst(&at(&model, &q), &constraints, 0.2).0 <= 1e-12, "{name}");
    }
    // Two distances that cannot both be.
    let apart = |d: f64| Constraint::Distance(point(1, 1.0), point(3, -0.5), d);
    let (mut q, mut kinematics) = (state(1, 0.3), at(&model, &state(1, 0.3)));
    let error = solver
        .assemble(&model, &[apart(1.0), apart(2.0)], 0.0, &ease, 1e-12, &mut kinematics, &mut q)
        .unwrap_err();
    assert!(matches!(error, AssemblyError::NotReached { .. }));
}

/// A pendulum whose pivot is a point constraint moves as one with a ball joint.
#[test]
fn a_pinned_body_moves_as_with_a_joint() {
    let coordinates = |n: usize| -> Vec<Coordinate> {
        (0..n)
            .map(|i| Coordinate { name: format!("c{i}"), default: 0.0, range: None, locked: false })
            .collect()
    };
    let same = Pose::identity();
    let pivot = Vec3::new(0.1, 0.4, -0.2);
    let bodies = vec![body("ground", 0.0), body("a", 3.0)];
    let on_pivot = Pose { position: pivot, ..same };
    let jointed = Model::new(
        bodies.clone(),
        vec![Joint::weld("ball", 0, 1, same, on_pivot).ball([0, 1, 2])],
        coordinates(3),
        vec![],
    )
    .unwrap();
    let pinned = Model::new(
        bodies,
        vec![Joint::weld("free", 0, 1, same, same).free([0, 1, 2], [3, 4, 5])],
        coordinates(6),
        vec![],
    )
    .unwrap();
    let (q, qd) = ([0.4, -0.3, 0.8], [1.0, -2.0, 0.5]);
    let solve = |model: &Model, constraints: &[Constraint]| {
        let n = model.dof();
        let (mut q6, mut qd6) = (vec![0.0; n], vec![0.0; n]);
        q6[..3].copy_from_slice(&q);
        qd6[..3].copy_from_slice(&qd);
        let (mut solver, mut kinematics) = (ConstraintSolver::new(model), at(model, &q6));
        let mut ease = vec![0.0; n];
        ease.iter_mut().skip(3).for_each(|e| *e = 1.0);
        solver.assemble(model, constraints, 0.0, &ease, 1e-14, &mut kinematics, &mut q6).unwrap();
        // The translation that keeps the pivot still, whatever the projection would have chosen.
        let mut rows = vec![0.0; constraints.len() * 3 * n];
        constraints.iter().for_each(|c| c.add_rows(model, &kinematics, &mut rows));
        for k in 0..n - 3 {
            qd6[3 + k] = -dot(&rows[k * n..k * n + 3], &qd) / rows[k * n + 3 + k];
        }
        let mut dynamics = Dynamics::new(model, GRAVITY);
        dynamics.update(model, &kinematics, &qd6);
        let (mut mass, mut bias) = (vec![0.0; n * n], vec![0.0; n]);
        dynamics.mass_matrix(model, &kinematics, &mut mass);
        dynamics.inverse_dynamics(model, &kinematics, &vec![0.0; n], &[Wrench::zero(); 2], &mut bias);
        bias.iter_mut().for_each(|b| *b = -*b);
        let (mut qdd, mut multipliers) = (vec![0.0; n], vec![]);
        solver
            .accelerations(
                model,
                constraints,
                0.0,
                &kinematics,
                &q6,
                &qd6,
                &mass,
                &bias,
                &mut qdd,
                &mut multipliers,
            )
            .unwrap();
        qdd
    };
    let free = solve(&jointed, &[]);
    let origin = BodyPoint { body: 0, position: Vec3::zero() };
    let held = solve(&pinned, &[Constraint::Point(origin, BodyPoint { body: 1, position: pivot })]);
    for i in 0..3 {
        assert!((free[i] - held[i]).abs() < 1e-10, "{} {}", free[i], held[i]);
    }
}

/// The direction of a coordinate moves it by one and keeps the constraints.
#[test]
fn directions_keep_the_constraints() {
    let model = model();
    let mut solver = ConstraintSolver::new(&model);
    for (name, constraint) in every() {
        let q = state(3, 0.5);
        let rows = rows(&model, &constraint, &q);
        for degree in 0..14 {
            let mut d = vec![0.0; 14];
            solver.direction(&rows, degree, &mut d);
            let held = d.iter().all(|v| *v == 0.0);
            assert!(held || (d[degree] - 1.0).abs() < 1e-14, "{name} {degree}");
            assert!(
                held == (name == "lock" && degree == 4 || name == "prescribed" && degree == 12),
                "{name}"
            );
            for row in rows.chunks(14) {
                assert!(dot(row, &d).abs() < 1e-12, "{name} {degree}");
            }
        }
    }
}
