//! Systems whose motion is known by hand: double pendulum, torque-free body, mass on a spring.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire_engine::{Body, Coordinate, Dynamics, Joint, Kinematics, Model};
use guywire_math::linalg::{cholesky, cholesky_solve};
use guywire_math::{Mat3, Pose, Vec3, Wrench};

const G: f64 = 9.80665;
const DOWN: Vec3<f64> = Vec3::new(0.0, -G, 0.0);

fn body(name: &str, mass: f64, center_of_mass: Vec3<f64>, inertia: [f64; 3]) -> Body {
    let mut rows = [Vec3::zero(); 3];
    (rows[0].x, rows[1].y, rows[2].z) = (inertia[0], inertia[1], inertia[2]);
    Body { name: name.into(), mass, center_of_mass, inertia: Mat3 { rows } }
}

fn coordinates(count: usize) -> Vec<Coordinate> {
    (0..count)
        .map(|i| Coordinate { name: format!("q{i}"), default: 0.0, range: None, locked: false })
        .collect()
}

fn ground() -> Body {
    body("ground", 0.0, Vec3::zero(), [0.0; 3])
}

/// Buffers for the motion of one model.
struct Motion<'m> {
    model: &'m Model,
    kinematics: Kinematics<f64>,
    dynamics: Dynamics<f64>,
    still: Vec<Wrench<f64>>,
}

impl<'m> Motion<'m> {
    fn new(model: &'m Model, gravity: Vec3<f64>) -> Self {
        Self {
            model,
            kinematics: Kinematics::new(model),
            dynamics: Dynamics::new(model, gravity),
            still: vec![Wrench::zero(); model.bodies().len()],
        }
    }

    fn at(&mut self, q: &[f64], qd: &[f64]) {
        self.kinematics.update(self.model, q);
        self.dynamics.update(self.model, &self.kinematics, qd);
    }

    fn forces(&mut self, q: &[f64], qd: &[f64], qdd: &[f64]) -> Vec<f64> {
        self.at(q, qd);
        let mut tau = vec![0.0; q.len()];
        self.dynamics.inverse_dynamics(self.model, &self.kinematics, qdd, &self.still, &mut tau);
        tau
    }

    /// Accelerations under the given joint forces.
    fn accelerations(&mut self, q: &[f64], qd: &[f64], tau: &[f64]) -> Vec<f64> {
        let n = q.len();
        let bias = self.forces(q, qd, &vec![0.0; n]);
        let mut mass = vec![0.0; n * n];
        self.dynamics.mass_matrix(self.model, &self.kinematics, &mut mass);
        let mut qdd: Vec<f64> = tau.iter().zip(&bias).map(|(t, b)| t - b).collect();
        cholesky(&mut mass, n).unwrap();
        cholesky_solve(&mass, n, &mut qdd);
        qdd
    }

    /// One classical Runge–Kutta step under joint forces that depend on the pose.
    fn step(&mut self, q: &mut [f64], qd: &mut [f64], h: f64, tau: impl Fn(&[f64]) -> Vec<f64>) {
        let plus =
            |a: &[f64], b: &[f64], s: f64| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a + s * b).collect() };
        let (mut rates, mut sum_q, mut sum_qd) = (qd.to_vec(), vec![0.0; q.len()], vec![0.0; q.len()]);
        let mut pose = q.to_vec();
        for (weight, next) in [(1.0, 0.5), (2.0, 0.5), (2.0, 1.0), (1.0, 0.0)] {
            let qdd = self.accelerations(&pose, &rates, &tau(&pose));
            sum_q = plus(&sum_q, &rates, weight);
            sum_qd = plus(&sum_qd, &qdd, weight);
            pose = plus(q, &rates, h * next);
            rates = plus(qd, &qdd, h * next);
        }
        q.copy_from_slice(&plus(q, &sum_q, h / 6.0));
        qd.copy_from_slice(&plus(qd, &sum_qd, h / 6.0));
    }
}

/// Two rods that hang from hinges about z: the textbook equations of the double pendulum.
#[test]
fn double_pendulum_equals_its_closed_form() {
    let (m1, m2, l1, c1, c2, i1, i2) = (2.0, 1.3, 0.5, 0.2, 0.35, 0.04, 0.06);
    let at = |y: f64| Pose { position: Vec3::new(0.0, y, 0.0), ..Pose::identity() };
    let model = Model::new(
        vec![
            ground(),
            body("upper", m1, Vec3::new(0.0, -c1, 0.0), [1.0, 1.0, i1]),
            body("lower", m2, Vec3::new(0.0, -c2, 0.0), [1.0, 1.0, i2]),
        ],
        vec![
            Joint::weld("shoulder", 0, 1, at(0.0), at(0.0)).hinge(0),
            Joint::weld("elbow", 1, 2, at(-l1), at(0.0)).hinge(1),
        ],
        coordinates(2),
        vec![],
    )
    .unwrap();
    let mut motion = Motion::new(&model, DOWN);
    for k in 0..20 {
        let wave = |a: f64| (a * f64::from(k + 1)).sin();
        let (q, qd, qdd) =
            ([2.0 * wave(0.7), 3.0 * wave(1.1)], [4.0 * wave(1.3), 5.0 * wave(1.9)], [wave(2.3), wave(2.9)]);
        // Spong, Hutchinson, Vidyasagar 2006, Robot Modeling and Control, section 7.3, angles from the hanging position.
        let coupling = m2 * l1 * c2 * q[1].cos();
        let m22 = i2 + m2 * c2 * c2;
        let m11 = i1 + m1 * c1 * c1 + m2 * l1 * l1 + m22 + 2.0 * coupling;
        let h = -m2 * l1 * c2 * q[1].sin();
        let lower = m2 * G * c2 * (q[0] + q[1]).sin();
        let expected = [
            m11 * qdd[0]
                + (m22 + coupling) * qdd[1]
                + h * (2.0 * qd[0] * qd[1] + qd[1] * qd[1])
                + (m1 * c1 + m2 * l1) * G * q[0].sin()
                + lower,
            (m22 + coupling) * qdd[0] + m22 * qdd[1] - h * qd[0] * qd[0] + lower,
        ];
        let found = motion.forces(&q, &qd, &qdd);
        for i in 0..2 {
            assert!((found[i] - expected[i]).abs() < 1e-12, "{i}: {} against {}", found[i], expected[i]);
        }
    }
}

/// A body thrown and spinning without forces keeps its momenta and its energy.
#[test]
fn free_body_keeps_its_momentum() {
    let joint = Joint::weld("free", 0, 1, Pose::identity(), Pose::identity()).free([0, 1, 2], [3, 4, 5]);
    let thrown = body("thrown", 3.0, Vec3::new(0.1, -0.2, 0.05), [0.3, 0.5, 0.9]);
    let model = Model::new(vec![ground(), thrown], vec![joint], coordinates(6), vec![]).unwrap();
    let mut motion = Motion::new(&model, Vec3::zero());
    let mut q = vec![0.2, -0.1, 0.3, 1.0, 2.0, -1.0];
    let mut qd = vec![1.5, 0.4, -2.0, 0.3, -0.6, 0.2];
    motion.at(&q, &qd);
    let (before, energy) = (motion.dynamics.momentum(), motion.dynamics.kinetic_energy());
    let center = motion.kinematics.center_of_mass(&model);
    let velocity = motion.dynamics.center_of_mass_velocity(&model);
    for _ in 0..500 {
        motion.step(&mut q, &mut qd, 1e-3, |q| vec![0.0; q.len()]);
    }
    motion.at(&q, &qd);
    let after = motion.dynamics.momentum();
    assert!((after.linear - before.linear).norm() < 1e-9);
    assert!((after.angular - before.angular).norm() < 1e-9);
    assert!((motion.dynamics.kinetic_energy() - energy).abs() < 1e-9);
    // The centre of mass goes straight on.
    assert!((motion.kinematics.center_of_mass(&model) - center - velocity * 0.5).norm() < 1e-9);
}

/// A weight on a vertical spring swings about its sag `m g / k` with the period `2π √(m/k)`.
#[test]
fn mass_on_a_spring_swings_with_its_period() {
    let (mass, stiffness, amplitude) = (2.5, 90.0, 0.07);
    let mut joint = Joint::weld("slider", 0, 1, Pose::identity(), Pose::identity());
    joint.translations = vec![guywire_engine::Axis::direct([0.0, 1.0, 0.0], 0)];
    let weight = body("weight", mass, Vec3::new(0.3, 0.0, 0.2), [1.0; 3]);
    let model = Model::new(vec![ground(), weight], vec![joint], coordinates(1), vec![]).unwrap();
    let mut motion = Motion::new(&model, DOWN);
    let sag = -mass * G / stiffness;
    let (mut q, mut qd) = (vec![sag + amplitude], vec![0.0]);
    let (steps, omega) = (400, (stiffness / mass).sqrt());
    let h = 1.3 * std::f64::consts::TAU / omega / f64::from(steps);
    for k in 1..=steps {
        motion.step(&mut q, &mut qd, h, |q| vec![-stiffness * q[0]]);
        let expected = sag + amplitude * (omega * h * f64::from(k)).cos();
        assert!((q[0] - expected).abs() < 1e-8, "step {k}: {} against {expected}", q[0]);
    }
}
