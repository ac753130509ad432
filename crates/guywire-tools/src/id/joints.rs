//! The force and moment at a joint that do the work of its generalised forces, as OpenSim reports them.
//!
//! With rows of `Hᵥ` and `H_ω` the velocity and angular velocity of the child per unit rate of each coordinate:
//!
//! ```text
//! Hᵥ F + H_ω M = τ
//! ```
//!
//! has many solutions. OpenSim solves for a force alone and for a moment alone, each the smallest in the least-squares
//! sense, keeps the one that explains more of τ for its size, and gives the rest to the other. The result is in
//! ground axes. It is not the joint's reaction: only what the coordinates themselves must supply.

use guywire_engine::{Joint, Kinematics, Motion};
use guywire_math::Vec3;
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description;

/// What contributes less than this to the generalised forces contributes nothing (Simbody's `SignificantReal`).
const NOTHING: f64 = 1e-14;

/// Velocities below this, m/s or rad/s at unit rate, are round-off of axes that do not move that way (assumed: a
/// hundred times the rounding of metres).
const NO_MOTION: f64 = 1e-13;

/// Coordinates that a joint of the tree depends on, in order.
pub(super) fn coordinates(joint: &Joint) -> Vec<usize> {
    let axes = joint.rotations.iter().chain(&joint.translations);
    let mut all: Vec<usize> = axes.flat_map(|axis| axis.law.coordinates()).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A joint of the file in the tree.
pub(super) struct ReportedJoint {
    /// Engine bodies before and beyond it.
    parent: usize,
    child: usize,
    /// Where it acts, in the frame of the child, m.
    origin: Vec3<f64>,
    coordinates: Vec<usize>,
}

impl ReportedJoint {
    pub(super) fn new(model: &Description, built: &Built, joint: &description::Joint) -> Option<Self> {
        let tree = &built.tree;
        let last = tree.joints().iter().find(|own| own.name == joint.name)?;
        let mut first = last;
        // A scapulothoracic joint is two joints of the tree, the first before the one of its name.
        if matches!(joint.kind, description::JointKind::Scapulothoracic { .. }) {
            first = &tree.joints()[last.parent.checked_sub(1)?];
        }
        let before = model.joints.iter().take_while(|other| other.node != joint.node);
        let start: usize = before.map(|other| other.coordinates.len()).sum();
        let coordinates = (start..start + joint.coordinates.len()).collect();
        Some(Self { parent: first.parent, child: last.child, origin: last.in_child.position, coordinates })
    }

    /// Force (N) and moment (N·m) in ground.
    pub(super) fn equivalent(&self, built: &Built, kinematics: &Kinematics<f64>, tau: &[f64]) -> [f64; 6] {
        let columns = |body| {
            let mut out = vec![Motion::zero(); built.tree.dof()];
            kinematics.add_jacobian(&built.tree, body, &mut out);
            out
        };
        let (child, parent) = (columns(self.child), columns(self.parent));
        let origin = kinematics.bodies[self.child].point(self.origin);
        let (mut forces, mut moments, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
        for &c in &self.coordinates {
            let relative = child[c].plus(&parent[c].scaled(-1.0));
            forces.push(without_rounding(relative.of_point(origin)));
            moments.push(without_rounding(relative.angular));
            wanted.push(tau[c]);
        }
        let (mut force, mut moment) = (smallest(&forces, &wanted), smallest(&moments, &wanted));
        let (by_force, by_moment) = (apply(&forces, force), apply(&moments, moment));
        let size = |v: &[f64]| libm::sqrt(v.iter().map(|x| x * x).sum());
        let rest = |done: &[f64]| wanted.iter().zip(done).map(|(w, d)| w - d).collect::<Vec<f64>>();
        if size(&by_force) > NOTHING && size(&by_moment) > NOTHING {
            if size(&by_moment) / moment.norm() > size(&by_force) / force.norm() {
                force = smallest(&forces, &rest(&by_moment));
            } else {
                moment = smallest(&moments, &rest(&by_force));
            }
        }
        [force.x, force.y, force.z, moment.x, moment.y, moment.z]
    }
}

fn without_rounding(velocity: Vec3<f64>) -> [f64; 3] {
    if velocity.norm() < NO_MOTION { [0.0; 3] } else { velocity.to_array() }
}

fn apply(rows: &[[f64; 3]], x: Vec3<f64>) -> Vec<f64> {
    rows.iter().map(|row| Vec3::from_array(*row).dot(x)).collect()
}

/// The smallest x that solves `rows · x = right` best: `V λ⁻¹ Vᵀ rowsᵀ right` with the eigenvalues of `rowsᵀ rows`.
fn smallest(rows: &[[f64; 3]], right: &[f64]) -> Vec3<f64> {
    let mut matrix = [[0.0; 3]; 3];
    let mut projected = [0.0; 3];
    for (row, value) in rows.iter().zip(right) {
        for i in 0..3 {
            projected[i] += row[i] * value;
            for j in 0..3 {
                matrix[i][j] += row[i] * row[j];
            }
        }
    }
    let (values, vectors) = eigen(matrix);
    let largest = values.iter().fold(0.0, |a: f64, b| a.max(*b));
    let mut out = Vec3::zero();
    for (value, vector) in values.into_iter().zip(vectors) {
        let vector = Vec3::from_array(vector);
        // Squares of singular values: rank is decided at the root of the machine's precision.
        if value > 1e-14 * largest {
            out += vector * (vector.dot(Vec3::from_array(projected)) / value);
        }
    }
    out
}

/// Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations.
fn eigen(mut a: [[f64; 3]; 3]) -> ([f64; 3], [[f64; 3]; 3]) {
    let mut v = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    // Convergence is quadratic: a 3×3 matrix needs four or five sweeps.
    for _ in 0..12 {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q] == 0.0 {
                continue;
            }
            let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
            let t = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
            let c = 1.0 / libm::sqrt(t * t + 1.0);
            let s = t * c;
            let turn = |x: f64, y: f64| (c * x - s * y, s * x + c * y);
            for row in &mut a {
                (row[p], row[q]) = turn(row[p], row[q]);
            }
            for k in 0..3 {
                (a[p][k], a[q][k]) = turn(a[p][k], a[q][k]);
                (v[p][k], v[q][k]) = turn(v[p][k], v[q][k]);
            }
        }
    }
    ([a[0][0], a[1][1], a[2][2]], v)
}
