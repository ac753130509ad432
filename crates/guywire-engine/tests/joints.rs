//! Every kind of joint through the same list of kinematic and dynamic identities.
//!
//! The independent witness is the kinetic energy taken from the poses alone: bodies are moved with dual
//! numbers along `q̇`, which gives the velocity of their centres of mass and their angular velocity without
//! any joint axis. Lagrange's equations, differentiated numerically, then say what the forces must be.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire_engine::{Axis, Body, Coordinate, Coupler, Dynamics, Joint, Kinematics, Law, Model};
use guywire_math::function::CubicSpline;
use guywire_math::{Dual, Function, Mat3, Multivariate, Pose, Vec3, Wrench};

const GRAVITY: Vec3<f64> = Vec3::new(0.3, -9.80665, -0.2);

fn body(name: &str, mass: f64) -> Body {
    let k = mass * 0.01;
    let inertia = Mat3 {
        rows: [
            Vec3::new(3.0 * k, 0.3 * k, -0.2 * k),
            Vec3::new(0.3 * k, 4.0 * k, 0.1 * k),
            Vec3::new(-0.2 * k, 0.1 * k, 5.0 * k),
        ],
    };
    Body { name: name.into(), mass, center_of_mass: Vec3::new(0.11, -0.23, 0.07), inertia }
}

fn frame(k: f64) -> Pose<f64> {
    Pose {
        rotation: Mat3::euler_xyz(0.4 * k, -0.3, 0.7 + k),
        position: Vec3::new(0.2, -0.3 * k, 0.1 + 0.2 * k),
    }
}

fn coordinate(name: &str, locked: bool) -> Coordinate {
    Coordinate { name: name.into(), default: 0.3, range: None, locked }
}

fn axis(direction: [f64; 3], coordinate: usize, function: Function) -> Axis {
    Axis::following(direction, coordinate, function)
}

fn spline(scale: f64) -> Function {
    let x = vec![-2.0, -1.0, -0.3, 0.4, 1.1, 2.2];
    let y = [0.3, -0.2, 0.1, 0.5, 0.2, -0.4].iter().map(|v| v * scale).collect();
    Function::Spline(CubicSpline::simm(x, y).unwrap())
}

/// A hinge, the joint under test and another hinge, in frames that are not aligned: every joint is carried
/// by a moving body and carries one. Coordinates 0 and 1 belong to the hinges, the others to the joint.
fn chain(count: usize, locked: &[usize], couplers: Vec<Coupler>, joint: impl Fn(Joint) -> Joint) -> Model {
    let at = |name: &str, parent: usize| {
        let k = parent as f64;
        Joint::weld(name, parent, parent + 1, frame(0.5 + k), frame(-0.2 * k))
    };
    let bodies = [("ground", 0.0), ("first", 3.0), ("second", 2.0), ("third", 1.5)];
    let coordinates = (0..count + 2).map(|i| coordinate(&format!("c{i}"), locked.contains(&i))).collect();
    let joints = vec![at("base", 0).hinge(0), joint(at("tested", 1)), at("tip", 2).hinge(1)];
    Model::new(bodies.map(|(n, m)| body(n, m)).to_vec(), joints, coordinates, couplers).unwrap()
}

fn custom(mut joint: Joint, function: impl Fn(f64) -> Function) -> Joint {
    joint.rotations = vec![
        axis([1.0, 0.2, 0.0], 2, function(1.0)),
        axis([0.0, 1.0, -0.3], 3, function(0.7)),
        Axis::constant([0.0, 0.0, 1.0], 0.4),
    ];
    joint.translations = vec![
        axis([0.0, 1.0, 0.5], 2, function(0.3)),
        Axis::constant([1.0, 0.0, 0.0], 0.15),
        axis([0.0, 0.0, 1.0], 3, function(-0.2)),
    ];
    joint
}

fn sine(k: f64) -> Function {
    Function::Sine { amplitude: 0.7 * k, omega: 1.2, phase: 0.3, offset: 0.1 * k }
}

fn free_reversed(joint: Joint) -> Joint {
    Joint { reversed: true, ..joint.free([2, 3, 4], [5, 6, 7]) }
}

/// Axes that follow two or three coordinates.
fn several(joint: Joint) -> Joint {
    let coefficients: Vec<f64> = (0..10).map(|k| 0.4 * f64::from(k + 1).sin()).collect();
    let polynomial = Multivariate::polynomial(2, 3, &coefficients).unwrap();
    let linear = Multivariate::Linear { gains: vec![0.5, -0.8, 0.3], constant: 0.2 };
    let mut joint = custom(joint, spline);
    joint.rotations[1].law = Law::OfSeveral(vec![3, 2], polynomial.clone());
    joint.rotations[2].law = Law::OfSeveral(vec![2, 3, 4], linear);
    joint.translations[2].law = Law::OfSeveral(vec![4, 2], polynomial);
    joint
}

fn all_joints() -> Vec<(&'static str, Model)> {
    let polynomial = |k: f64| Function::Polynomial(vec![0.3 * k, -0.5 * k, 0.8, 0.1 * k]);
    let coupler = |function| Coupler { dependent: 3, terms: vec![(2, 0.8), (0, -0.4)], function };
    vec![
        ("weld", chain(0, &[], vec![], |j| j)),
        ("hinge", chain(1, &[], vec![], |j| j.hinge(2))),
        ("universal", chain(2, &[], vec![], |j| j.universal([2, 3]))),
        ("ball", chain(3, &[], vec![], |j| j.ball([2, 3, 4]))),
        ("free", chain(6, &[], vec![], |j| j.free([2, 3, 4], [5, 6, 7]))),
        ("constant", chain(2, &[], vec![], |j| custom(j, Function::Constant))),
        (
            "linear",
            chain(2, &[], vec![], |j| custom(j, |k| Function::Linear { slope: 1.4 * k, intercept: 0.2 })),
        ),
        ("polynomial", chain(2, &[], vec![], |j| custom(j, polynomial))),
        ("spline", chain(2, &[], vec![], |j| custom(j, spline))),
        ("planar", chain(3, &[], vec![], |j| j.planar([2, 3, 4]))),
        ("slider", chain(1, &[], vec![], |j| j.slider(2))),
        ("ellipsoid", chain(3, &[], vec![], |j| j.ellipsoid([2, 3, 4], Vec3::new(0.3, 0.5, 0.4)))),
        ("several", chain(3, &[], vec![], several)),
        ("several, reversed", chain(3, &[], vec![], |j| Joint { reversed: true, ..several(j) })),
        ("free, reversed", chain(6, &[], vec![], free_reversed)),
        ("spline, reversed", chain(2, &[], vec![], |j| Joint { reversed: true, ..custom(j, spline) })),
        ("sine", chain(2, &[], vec![], |j| custom(j, sine))),
        ("locked", chain(3, &[3], vec![], |j| j.ball([2, 3, 4]))),
        ("coupled", chain(2, &[], vec![coupler(polynomial(1.3))], |j| custom(j, spline))),
        ("coupled to a locked one", chain(2, &[0], vec![coupler(spline(2.0))], |j| custom(j, polynomial))),
    ]
}

/// Pose, rates and accelerations, different for every degree of freedom.
fn state(model: &Model, k: usize) -> [Vec<f64>; 3] {
    let wave = |i: usize, a: f64| (a * (i + 1) as f64 + 1.7 * k as f64).sin();
    [(0.9, 0.8), (2.1, 1.5), (3.3, 4.0)]
        .map(|(a, size)| (0..model.dof()).map(|i| size * wave(i, a)).collect())
}

fn for_all(mut check: impl FnMut(&str, &Model, &[f64], &[f64], &[f64])) {
    for (name, model) in all_joints() {
        for k in 0..4 {
            let [q, qd, qdd] = state(&model, k);
            check(name, &model, &q, &qd, &qdd);
        }
    }
}

fn close(name: &str, a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs())), "{name}: {a} against {b}");
}

fn moved(q: &[f64], direction: &[f64], by: f64) -> Vec<f64> {
    q.iter().zip(direction).map(|(q, d)| q + by * d).collect()
}

fn moving(model: &Model, q: &[f64], qd: &[f64]) -> (Kinematics<f64>, Dynamics<f64>) {
    let (mut kinematics, mut dynamics) = (Kinematics::new(model), Dynamics::new(model, GRAVITY));
    kinematics.update(model, q);
    dynamics.update(model, &kinematics, qd);
    (kinematics, dynamics)
}

fn forces(model: &Model, q: &[f64], qd: &[f64], qdd: &[f64]) -> Vec<f64> {
    let (kinematics, mut dynamics) = moving(model, q, qd);
    let mut tau = vec![0.0; model.dof()];
    dynamics.inverse_dynamics(model, &kinematics, qdd, &vec![Wrench::zero(); model.bodies().len()], &mut tau);
    tau
}

/// Angular velocity and velocity of the body's origin, from its pose as a dual number.
fn rates(pose: &Pose<Dual<1>>) -> [Vec3<f64>; 2] {
    let slope = |v: Vec3<Dual<1>>| Vec3::new(v.x.slope[0], v.y.slope[0], v.z.slope[0]);
    let turning = Mat3 { rows: pose.rotation.rows.map(slope) } * pose.rotation.value().transpose();
    let angular = Vec3::new(turning.rows[2].y, turning.rows[0].z, turning.rows[1].x);
    [angular, slope(pose.position)]
}

fn along(model: &Model, q: &[f64], qd: &[f64]) -> Kinematics<Dual<1>> {
    let mut kinematics = Kinematics::new(model);
    let q: Vec<_> = q.iter().zip(qd).map(|(&value, &rate)| Dual { value, slope: [rate] }).collect();
    kinematics.update(model, &q);
    kinematics
}

/// Kinetic energy from the motion of the poses.
fn kinetic_energy(model: &Model, q: &[f64], qd: &[f64]) -> f64 {
    let kinematics = along(model, q, qd);
    let mut sum = 0.0;
    for (body, pose) in model.bodies().iter().zip(&kinematics.bodies).skip(1) {
        let [angular, origin] = rates(pose);
        let rotation = pose.rotation.value();
        let center = origin + angular.cross(rotation * body.center_of_mass);
        let local = rotation.transpose() * angular;
        sum += 0.5 * (body.mass * center.dot(center) + local.dot(body.inertia * local));
    }
    sum
}

fn potential_energy(model: &Model, q: &[f64]) -> f64 {
    let mut kinematics = Kinematics::<f64>::new(model);
    kinematics.update(model, q);
    -GRAVITY.dot(kinematics.center_of_mass(model)) * model.mass()
}

fn unit(n: usize, i: usize) -> Vec<f64> {
    (0..n).map(|k| f64::from(u8::from(k == i))).collect()
}

#[test]
fn body_velocities_are_rates_of_poses() {
    for_all(|name, model, q, qd, _| {
        let (_, dynamics) = moving(model, q, qd);
        for (body, pose) in along(model, q, qd).bodies.iter().enumerate() {
            let ([angular, linear], velocity) = (rates(pose), dynamics.velocity(body));
            let off = (velocity.angular - angular).norm()
                + (velocity.of_point(pose.position.value()) - linear).norm();
            assert!(off < 1e-12, "{name}, body {body}: {off}");
        }
    });
}

#[test]
fn energies_and_center_of_mass_velocity_follow_from_poses() {
    for_all(|name, model, q, qd, _| {
        let (_, dynamics) = moving(model, q, qd);
        close(name, dynamics.kinetic_energy(), kinetic_energy(model, q, qd), 1e-12);
        close(name, dynamics.potential_energy(), potential_energy(model, q), 1e-12);
        let center = along(model, q, qd).center_of_mass(model);
        let velocity = dynamics.center_of_mass_velocity(model);
        close(name, velocity.x, center.x.slope[0], 1e-12);
        close(name, velocity.y, center.y.slope[0], 1e-12);
        close(name, velocity.z, center.z.slope[0], 1e-12);
    });
}

/// `τ_i = d/dt ∂T/∂q̇_i − ∂T/∂q_i + ∂V/∂q_i`, all by central differences of the pose-based energies.
#[test]
fn inverse_dynamics_obeys_lagrange() {
    for_all(|name, model, q, qd, qdd| {
        let (n, h) = (model.dof(), 1e-5);
        let tau = forces(model, q, qd, qdd);
        for (i, &found) in tau.iter().enumerate() {
            let e = unit(n, i);
            // T is quadratic in the rates: a difference over a step of any size is exact.
            let momentum = |t: f64| {
                let q = moved(&moved(q, qd, t), qdd, 0.5 * t * t);
                let qd = moved(qd, qdd, t);
                kinetic_energy(model, &q, &moved(&qd, &e, 0.5))
                    - kinetic_energy(model, &q, &moved(&qd, &e, -0.5))
            };
            let lagrangian = |s: f64| {
                let q = moved(q, &e, s);
                kinetic_energy(model, &q, qd) - potential_energy(model, &q)
            };
            let expected = (momentum(h) - momentum(-h) - lagrangian(h) + lagrangian(-h)) / (2.0 * h);
            close(name, found, expected, 1e-6);
        }
    });
}

#[test]
fn mass_matrix_equals_columns_of_inverse_dynamics_and_is_positive_definite() {
    for_all(|name, model, q, qd, _| {
        let n = model.dof();
        let (kinematics, mut dynamics) = moving(model, q, qd);
        let mut mass = vec![0.0; n * n];
        dynamics.mass_matrix(model, &kinematics, &mut mass);
        let rest = forces(model, q, qd, &vec![0.0; n]);
        for j in 0..n {
            let column = forces(model, q, qd, &unit(n, j));
            for i in 0..n {
                close(name, mass[i * n + j], column[i] - rest[i], 1e-10);
                assert!((mass[i * n + j] - mass[j * n + i]).abs() <= 1e-14, "{name}: not symmetric");
            }
        }
        let quadratic: f64 = (0..n * n).map(|k| 0.5 * mass[k] * qd[k / n] * qd[k % n]).sum();
        close(name, quadratic, kinetic_energy(model, q, qd), 1e-12);
        // Axes that stand still give a coordinate without inertia.
        if name != "constant" {
            guywire_math::linalg::cholesky(&mut mass, n).unwrap();
        }
    });
}

#[test]
fn gravity_forces_are_slopes_of_potential_energy() {
    for_all(|name, model, q, qd, _| {
        let (kinematics, mut dynamics) = moving(model, q, qd);
        let mut found = vec![0.0; model.dof()];
        dynamics.gravity_forces(model, &kinematics, &mut found);
        for (i, &force) in found.iter().enumerate() {
            let (e, h) = (unit(model.dof(), i), 1e-5);
            let slope = (potential_energy(model, &moved(q, &e, h))
                - potential_energy(model, &moved(q, &e, -h)))
                / (2.0 * h);
            close(name, force, -slope, 1e-8);
        }
    });
}

/// The power of the joint forces and of external wrenches is the rate of the energy.
#[test]
fn power_balances_energy() {
    for_all(|name, model, q, qd, qdd| {
        let (kinematics, mut dynamics) = moving(model, q, qd);
        let external: Vec<_> = (0..model.bodies().len())
            .map(|b| Wrench { force: Vec3::new(5.0, -7.0, b as f64), moment: Vec3::new(1.0, b as f64, -2.0) })
            .collect();
        let mut tau = vec![0.0; model.dof()];
        dynamics.inverse_dynamics(model, &kinematics, qdd, &external, &mut tau);
        let joints: f64 = tau.iter().zip(qd).map(|(f, v)| f * v).sum();
        let outside: f64 = external.iter().enumerate().map(|(b, w)| dynamics.velocity(b).power(w)).sum();
        let energy = |t: f64| {
            let q = moved(&moved(q, qd, t), qdd, 0.5 * t * t);
            kinetic_energy(model, &q, &moved(qd, qdd, t)) + potential_energy(model, &q)
        };
        let h = 1e-5;
        close(name, joints + outside, (energy(h) - energy(-h)) / (2.0 * h), 1e-6);
    });
}

#[test]
fn external_wrenches_act_through_the_jacobian() {
    for_all(|name, model, q, qd, qdd| {
        let (kinematics, mut dynamics) = moving(model, q, qd);
        let wrench = Wrench { force: Vec3::new(3.0, -4.0, 5.0), moment: Vec3::new(-1.0, 0.5, 2.0) };
        let without = forces(model, q, qd, qdd);
        for body in 1..model.bodies().len() {
            let mut external = vec![Wrench::zero(); model.bodies().len()];
            external[body] = wrench;
            let mut with = vec![0.0; model.dof()];
            dynamics.inverse_dynamics(model, &kinematics, qdd, &external, &mut with);
            let mut jacobian = vec![guywire_engine::Motion::zero(); model.dof()];
            kinematics.add_jacobian(model, body, &mut jacobian);
            for i in 0..model.dof() {
                close(name, without[i] - with[i], jacobian[i].power(&wrench), 1e-12);
            }
        }
    });
}

/// Exact derivatives by pose, rate and acceleration equal central differences.
#[test]
fn dual_numbers_differentiate_inverse_dynamics() {
    for_all(|name, model, q, qd, qdd| {
        let n = model.dof();
        let [dq, dqd, dqdd] = state(model, 9);
        let dual = |v: &[f64], d: &[f64]| -> Vec<Dual<1>> {
            v.iter().zip(d).map(|(&value, &slope)| Dual { value, slope: [slope] }).collect()
        };
        let mut kinematics = Kinematics::<Dual<1>>::new(model);
        let mut dynamics = Dynamics::new(model, GRAVITY);
        let mut tau = vec![Dual { value: 0.0, slope: [0.0] }; n];
        kinematics.update(model, &dual(q, &dq));
        dynamics.update(model, &kinematics, &dual(qd, &dqd));
        let external = vec![Wrench::zero(); model.bodies().len()];
        dynamics.inverse_dynamics(model, &kinematics, &dual(qdd, &dqdd), &external, &mut tau);
        let (value, h) = (forces(model, q, qd, qdd), 1e-6);
        let at = |s: f64| forces(model, &moved(q, &dq, s), &moved(qd, &dqd, s), &moved(qdd, &dqdd, s));
        let (up, down) = (at(h), at(-h));
        for i in 0..n {
            close(name, tau[i].value, value[i], 1e-13);
            close(name, tau[i].slope[0], (up[i] - down[i]) / (2.0 * h), 1e-6);
        }
    });
}
