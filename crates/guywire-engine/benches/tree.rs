//! The bare tree: kinematics, inverse dynamics and mass matrix of trees of hinges.
//!
//! The trees are those that pinocchio is timed on (`conformance/peers.py`): a root of three slides and three hinges,
//! and limbs of hinges about coordinate axes and about oblique ones.

use divan::Bencher;
use guywire_engine::{Axis, Body, Coordinate, Dynamics, Joint, Kinematics, Model};
use guywire_math::{Mat3, Pose, Vec3, Wrench};

fn main() {
    divan::main();
}

const X: [f64; 3] = [1.0, 0.0, 0.0];
const Y: [f64; 3] = [0.0, 1.0, 0.0];
const Z: [f64; 3] = [0.0, 0.0, 1.0];

struct Tree {
    bodies: Vec<Body>,
    joints: Vec<Joint>,
    coordinates: usize,
}

impl Tree {
    fn new() -> Self {
        Self { bodies: vec![body("ground", 0.0)], joints: vec![], coordinates: 0 }
    }

    /// A body on `parent` that turns about the axes in turn.
    fn add(&mut self, parent: usize, turns: &[[f64; 3]], slides: &[[f64; 3]]) -> usize {
        let child = self.bodies.len();
        let position = Vec3::new(0.02, -0.3, 0.05);
        let frame = Pose { position, ..Pose::identity() };
        let mut joint = Joint::weld(&format!("j{child}"), parent, child, frame, Pose::identity());
        let mut axes = |directions: &[[f64; 3]]| -> Vec<Axis> {
            directions
                .iter()
                .map(|&d| {
                    self.coordinates += 1;
                    Axis::direct(d, self.coordinates - 1)
                })
                .collect()
        };
        joint.translations = axes(slides);
        joint.rotations = axes(turns);
        self.joints.push(joint);
        self.bodies.push(body(&format!("b{child}"), 2.0));
        child
    }

    fn model(self) -> Model {
        let coordinates = (0..self.coordinates)
            .map(|i| Coordinate { name: format!("q{i}"), default: 0.0, range: None, locked: false })
            .collect();
        Model::new(self.bodies, self.joints, coordinates, vec![]).expect("the tree is one")
    }
}

fn body(name: &str, mass: f64) -> Body {
    let rows = [Vec3::new(0.02, 0.0, 0.0), Vec3::new(0.0, 0.03, 0.0), Vec3::new(0.0, 0.0, 0.04)];
    Body { name: name.into(), mass, center_of_mass: Vec3::new(0.01, -0.2, 0.02), inertia: Mat3 { rows } }
}

/// `coordinates` 23: the joints of gait2392. More: arms of hinges on the torso.
fn tree(coordinates: usize) -> Model {
    let mut tree = Tree::new();
    let pelvis = tree.add(0, &[Z, X, Y], &[X, Y, Z]);
    for _ in 0..2 {
        let femur = tree.add(pelvis, &[Z, X, Y], &[]);
        let tibia = tree.add(femur, &[Z], &[]);
        let talus = tree.add(tibia, &[[-0.1, -0.17, 0.98]], &[]);
        let heel = tree.add(talus, &[[0.79, 0.6, -0.12]], &[]);
        tree.add(heel, &[[-0.58, 0.0, 0.81]], &[]);
    }
    let torso = tree.add(pelvis, &[Z, X, Y], &[]);
    let mut last = torso;
    while tree.coordinates < coordinates {
        last = tree.add(last, &[Z, X, Y][..(coordinates - tree.coordinates).min(3)], &[]);
    }
    tree.model()
}

/// A different pose every time, so that nothing can be remembered.
fn states(n: usize) -> Vec<[Vec<f64>; 3]> {
    let wave = |k: usize, a: f64| (0..n).map(|i| (a * (i + 1) as f64 + k as f64).sin() * 0.5).collect();
    (0..64).map(|k| [wave(k, 0.9), wave(k, 2.1), wave(k, 3.3)]).collect()
}

#[divan::bench(args = [23, 117])]
fn inverse_dynamics(bencher: Bencher, coordinates: usize) {
    let model = tree(coordinates);
    let (mut kinematics, states) = (Kinematics::new(&model), states(model.dof()));
    let mut dynamics = Dynamics::new(&model, Vec3::new(0.0, -9.80665, 0.0));
    let external = vec![Wrench::zero(); model.bodies().len()];
    let (mut tau, mut k) = (vec![0.0; model.dof()], 0);
    bencher.bench_local(|| {
        k = (k + 1) % states.len();
        let [q, qd, qdd] = &states[k];
        kinematics.update(&model, q);
        dynamics.update(&model, &kinematics, qd);
        dynamics.inverse_dynamics(&model, &kinematics, qdd, &external, &mut tau);
        tau[0]
    });
}

#[divan::bench(args = [23, 117])]
fn kinematics(bencher: Bencher, coordinates: usize) {
    let model = tree(coordinates);
    let (mut kinematics, states) = (Kinematics::new(&model), states(model.dof()));
    let mut k = 0;
    bencher.bench_local(|| {
        k = (k + 1) % states.len();
        kinematics.update(&model, &states[k][0]);
        kinematics.bodies[1].position.x
    });
}

#[divan::bench(args = [23, 117])]
fn mass_matrix(bencher: Bencher, coordinates: usize) {
    let model = tree(coordinates);
    let mut kinematics = Kinematics::new(&model);
    let mut dynamics = Dynamics::new(&model, Vec3::new(0.0, -9.80665, 0.0));
    let [q, qd, _] = &states(model.dof())[0];
    let mut matrix = vec![0.0; model.dof() * model.dof()];
    kinematics.update(&model, q);
    dynamics.update(&model, &kinematics, qd);
    bencher.bench_local(|| {
        dynamics.mass_matrix(&model, &kinematics, &mut matrix);
        matrix[0]
    });
}
