//! Gradient and curvature of the marker cost, in one pass up the tree.
//!
//! With `f = w (p − m)` the pull of a marker at `p` (observed at `m`, weight `w`), and `S = (ω, v)` the motion
//! of a slot at the ground origin, everything the cost needs of the markers beyond a joint are sums that add
//! up the tree:
//!
//! ```text
//! F = Σ f,   B = Σ p fᵀ,   W = Σ w,   P = Σ w p,   Q = Σ w p pᵀ
//! gradient         g_j  = v_j · F + ω_j · M,            M = Σ p × f (the skew part of B)
//! Gauss–Newton     N_ij = S_i · I S_j,                  I the spatial inertia of point masses w at p
//! second order     C_ij = ω_i · (v_j × F + B ω_j − tr B ω_j),   i nearer to ground than j, or the same
//! ```
//!
//! so that `N` is a mass matrix (composite rigid bodies, Featherstone 2008, table 6.2) and `C` comes at the
//! price of one more product. Left out of `C` is only the bending of the functions that drive an axis or a
//! coupled coordinate; that costs the search a fraction of a step, never the answer.

use crate::kinematics::{Kinematics, Motion};
use crate::model::Model;
use guywire_math::{Vec3, Wrench};

/// What the markers on a body, or on all bodies beyond a joint, add up to; at the ground origin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums {
    weight: f64,
    first: Vec3<f64>,
    second: [Vec3<f64>; 3],
    force: Vec3<f64>,
    spread: [Vec3<f64>; 3],
}

impl Sums {
    pub(super) fn zero() -> Self {
        let o = Vec3::zero();
        Self { weight: 0.0, first: o, second: [o; 3], force: o, spread: [o; 3] }
    }

    /// Adds a marker at `p`, `off` from where it was observed.
    pub(super) fn add_marker(&mut self, weight: f64, p: Vec3<f64>, off: Vec3<f64>) {
        let (weighted, force) = (p * weight, off * weight);
        self.weight += weight;
        self.first += weighted;
        self.force += force;
        for (row, part) in p.to_array().into_iter().enumerate() {
            self.second[row] += weighted * part;
            self.spread[row] += force * part;
        }
    }

    fn add(&mut self, o: &Self) {
        self.weight += o.weight;
        self.first += o.first;
        self.force += o.force;
        for row in 0..3 {
            self.second[row] += o.second[row];
            self.spread[row] += o.spread[row];
        }
    }

    fn wrench(&self) -> Wrench<f64> {
        let [x, y, z] = self.spread;
        Wrench { force: self.force, moment: Vec3::new(y.z - z.y, z.x - x.z, x.y - y.x) }
    }

    /// `I S`: momentum of the weights as point masses.
    fn momentum(&self, s: &Motion<f64>) -> Wrench<f64> {
        let [x, y, z] = self.second;
        let w = s.angular;
        let turned = Vec3::new(x.dot(w), y.dot(w), z.dot(w));
        Wrench {
            force: s.linear * self.weight + w.cross(self.first),
            moment: w * (x.x + y.y + z.z) - turned + self.first.cross(s.linear),
        }
    }

    /// `v × F + B ω − tr B ω`.
    fn bend(&self, s: &Motion<f64>) -> Vec3<f64> {
        let [x, y, z] = self.spread;
        let w = s.angular;
        let turned = Vec3::new(x.dot(w), y.dot(w), z.dot(w));
        s.linear.cross(self.force) + turned - w * (x.x + y.y + z.z)
    }
}

/// Gradient and curvature over the degrees of freedom.
#[derive(Clone, Debug)]
pub(super) struct Normal {
    /// ∂E/∂q.
    pub(super) gradient: Vec<f64>,
    /// Gauss–Newton part of the curvature, row by row; the lower half is filled.
    pub(super) gauss: Vec<f64>,
    /// Second-order part, likewise.
    pub(super) second: Vec<f64>,
    /// The slots of every joint, nearest to ground first: translations, then rotations; in a reversed joint
    /// the rotations backwards, then the translations.
    order: Vec<usize>,
    sums: Vec<Sums>,
}

impl Normal {
    pub(super) fn new(model: &Model) -> Self {
        let n = model.dof();
        let mut order = Vec::with_capacity(model.slot_coordinate.len());
        for (steps, slots) in model.steps.iter().zip(&model.slots) {
            let (turns, slides) = (slots.start..steps.first_slide, steps.first_slide..slots.end);
            if steps.reversed {
                order.extend(turns.rev().chain(slides));
            } else {
                order.extend(slides.chain(turns));
            }
        }
        Self {
            gradient: vec![0.0; n],
            gauss: vec![0.0; n * n],
            second: vec![0.0; n * n],
            order,
            sums: vec![Sums::zero(); model.bodies.len()],
        }
    }

    /// Takes the markers' sums, one a body, and makes gradient and curvature.
    pub(super) fn gather(&mut self, model: &Model, kinematics: &Kinematics<f64>, bodies: &[Sums]) {
        self.gradient.fill(0.0);
        self.gauss.fill(0.0);
        self.second.fill(0.0);
        self.sums.copy_from_slice(bodies);
        let n = self.gradient.len();
        for (index, joint) in model.joints.iter().enumerate().rev() {
            let beyond = self.sums[joint.child];
            self.sums[joint.parent].add(&beyond);
            if beyond.weight == 0.0 {
                continue;
            }
            let wrench = beyond.wrench();
            for place in model.slots[index].clone() {
                let slot = self.order[place];
                let motion = kinematics.slots[slot];
                let slope = motion.power(&wrench);
                let (column, bend) = (beyond.momentum(&motion), beyond.bend(&motion));
                kinematics.to_degrees(model, model.slot_coordinate[slot], |i, gain| {
                    self.gradient[i] += slope * gain;
                });
                // From this slot towards ground.
                let (mut carrier, mut last) = (index, place + 1);
                loop {
                    for &other in self.order[model.slots[carrier].start..last].iter().rev() {
                        let near = kinematics.slots[other];
                        let gauss = near.power(&column);
                        let second = near.angular.dot(bend);
                        let same = other == slot;
                        kinematics.to_degrees(model, model.slot_coordinate[slot], |i, gain_i| {
                            kinematics.to_degrees(model, model.slot_coordinate[other], |j, gain_j| {
                                if same && j > i {
                                    return;
                                }
                                let twice = if i == j && !same { 2.0 } else { 1.0 };
                                let at = i.max(j) * n + i.min(j);
                                self.gauss[at] += gauss * gain_i * gain_j * twice;
                                self.second[at] += second * gain_i * gain_j * twice;
                            });
                        });
                    }
                    let parent = model.joints[carrier].parent;
                    if parent == 0 {
                        break;
                    }
                    carrier = parent - 1;
                    last = model.slots[carrier].end;
                }
            }
        }
    }

    /// Adds `½ weight (c − target)²` of a coordinate, `off` from its target.
    pub(super) fn add_coordinate(
        &mut self,
        model: &Model,
        kinematics: &Kinematics<f64>,
        coordinate: usize,
        weight: f64,
        off: f64,
    ) {
        let n = self.gradient.len();
        kinematics.to_degrees(model, coordinate, |i, gain_i| {
            self.gradient[i] += weight * off * gain_i;
            kinematics.to_degrees(model, coordinate, |j, gain_j| {
                if j <= i {
                    self.gauss[i * n + j] += weight * gain_i * gain_j;
                }
            });
        });
    }
}
