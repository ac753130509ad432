//! Many paths at once: all lengths and the sparse matrix of moment arms.

use super::{MAX_CONTACTS, Path};
use crate::{Kinematics, Model};
use guywire_math::{Real, Wrench};
use std::ops::Range;

/// Most different bodies that one path may touch.
const MAX_BODIES: usize = 8;

/// Paths prepared for a model: which joints each crosses is known once and for all.
#[derive(Clone, Debug)]
pub struct PathSet {
    paths: Vec<Path>,
    /// For every path: which local body each of its points and wraps belongs to.
    local: Vec<Vec<u8>>,
    /// For every path: its bodies.
    bodies: Vec<Vec<usize>>,
    /// For every path: the joints it crosses and the local bodies beyond each, as a bit mask.
    crossings: Vec<Vec<(usize, u8)>>,
    rows: Vec<Range<usize>>,
    columns: Vec<usize>,
    /// Position in `columns` of every (path, crossing, slot, term), in the order they are visited.
    targets: Vec<u32>,
    target_start: Vec<usize>,
}

/// A path that a [`PathSet`] cannot hold.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("path {index} {problem}")]
pub struct PathError {
    /// Which path.
    pub index: usize,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// The lengths of all paths and their moment arms, row by row, over the degrees of freedom each crosses.
#[derive(Clone, Debug)]
pub struct MomentArms<T> {
    /// Length of every path, m.
    pub lengths: Vec<T>,
    /// Moment arms −∂L/∂q in the sparse layout of the [`PathSet`].
    pub values: Vec<T>,
}

impl PathSet {
    /// Prepares paths for a model.
    ///
    /// # Errors
    /// When a path has fewer than two points, a wrap range outside them, or too many bodies or contacts.
    pub fn new(model: &Model, paths: Vec<Path>) -> Result<Self, PathError> {
        let zero = Kinematics::<f64>::new(model);
        let mut set = Self {
            local: Vec::new(),
            bodies: Vec::new(),
            crossings: Vec::new(),
            rows: Vec::new(),
            columns: Vec::new(),
            targets: Vec::new(),
            target_start: vec![0],
            paths,
        };
        for (index, path) in set.paths.iter().enumerate() {
            let refuse = |problem| Err(PathError { index, problem });
            if path.points.len() < 2 {
                return refuse("has fewer than two points");
            }
            if path.wraps.iter().any(|w| w.first >= w.last || w.last >= path.points.len()) {
                return refuse("has a wrap range outside its points");
            }
            if path.contact_count() > MAX_CONTACTS {
                return refuse("may touch surfaces in more places than a path may");
            }
            let mut bodies: Vec<usize> = Vec::new();
            let mut local = Vec::new();
            for body in path.points.iter().map(|p| p.body).chain(path.wraps.iter().map(|w| w.surface.body)) {
                let known = bodies.iter().position(|&b| b == body);
                local.push(known.unwrap_or(bodies.len()) as u8);
                if known.is_none() {
                    bodies.push(body);
                }
            }
            if bodies.len() > MAX_BODIES {
                return refuse("touches more bodies than a path may");
            }
            let all = ((1u16 << bodies.len()) - 1) as u8;
            let mut crossings = Vec::new();
            let mut columns: Vec<usize> = Vec::new();
            let mut touched = Vec::new();
            for joint in 0..model.joints.len() {
                let mut mask = 0;
                for (k, &body) in bodies.iter().enumerate() {
                    mask |= u8::from(model.is_in_subtree(body, joint + 1)) << k;
                }
                if mask == 0 || mask == all {
                    continue;
                }
                crossings.push((joint, mask));
                for slot in model.slots[joint].clone() {
                    zero.to_degrees(model, model.slot_coordinate[slot], |degree, _| {
                        let column = columns.iter().position(|&c| c == degree).unwrap_or_else(|| {
                            columns.push(degree);
                            columns.len() - 1
                        });
                        touched.push(column);
                    });
                }
            }
            // Columns in ascending order, so that sums over them do not depend on the order of the joints.
            let mut order: Vec<usize> = (0..columns.len()).collect();
            order.sort_by_key(|&k| columns[k]);
            let mut place = vec![0; columns.len()];
            for (new, &old) in order.iter().enumerate() {
                place[old] = new;
            }
            let start = set.columns.len();
            set.columns.extend(order.iter().map(|&k| columns[k]));
            set.rows.push(start..set.columns.len());
            set.targets.extend(touched.iter().map(|&k| (start + place[k]) as u32));
            set.target_start.push(set.targets.len());
            set.local.push(local);
            set.bodies.push(bodies);
            set.crossings.push(crossings);
        }
        Ok(set)
    }

    /// Number of paths.
    pub fn len(&self) -> usize {
        self.paths.len()
    }
    /// Whether there is no path.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
    /// The paths.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }
    /// Where path `m`'s moment arms stand in [`MomentArms::values`].
    pub fn row(&self, m: usize) -> Range<usize> {
        self.rows[m].clone()
    }
    /// The degree of freedom of every moment arm.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }
    /// Room for the results.
    pub fn moment_arms<T: Real>(&self) -> MomentArms<T> {
        MomentArms { lengths: vec![T::zero(); self.paths.len()], values: vec![T::zero(); self.columns.len()] }
    }

    /// Length of path `m` and the wrench of one newton of tension on each of its bodies.
    #[inline]
    fn pull<T: Real>(&self, m: usize, kinematics: &Kinematics<T>, on: &mut [Wrench<T>; MAX_BODIES]) -> T {
        let local = &self.local[m];
        *on = [Wrench::zero(); MAX_BODIES];
        self.paths[m].follow(kinematics, |strand| {
            let pull = Wrench::at(strand.at, strand.pull);
            on[usize::from(local[strand.from])] += pull;
            // The same line of action, so the same moment: the far end is pulled the other way.
            on[usize::from(local[strand.to])] += -pull;
        })
    }

    /// All lengths and moment arms at a pose.
    pub fn update<T: Real>(&self, model: &Model, kinematics: &Kinematics<T>, out: &mut MomentArms<T>) {
        out.values.fill(T::zero());
        let mut on = [Wrench::zero(); MAX_BODIES];
        for m in 0..self.paths.len() {
            out.lengths[m] = self.pull(m, kinematics, &mut on);
            let mut target = self.target_start[m];
            for &(joint, mask) in &self.crossings[m] {
                let mut beyond = Wrench::zero();
                for (k, wrench) in on.iter().enumerate() {
                    if mask >> k & 1 == 1 {
                        beyond += *wrench;
                    }
                }
                for slot in model.slots[joint].clone() {
                    let arm = kinematics.slots[slot].power(&beyond);
                    kinematics.to_degrees(model, model.slot_coordinate[slot], |_, gain| {
                        out.values[self.targets[target] as usize] += arm * gain;
                        target += 1;
                    });
                }
            }
        }
    }

    /// Adds to `bodies` the wrenches of all paths under tension; `tension(m, length)` gives it in N.
    pub fn add_wrenches<T: Real>(
        &self,
        kinematics: &Kinematics<T>,
        bodies: &mut [Wrench<T>],
        mut tension: impl FnMut(usize, T) -> T,
    ) {
        let mut on = [Wrench::zero(); MAX_BODIES];
        for m in 0..self.paths.len() {
            let length = self.pull(m, kinematics, &mut on);
            let force = tension(m, length);
            for (&body, wrench) in self.bodies[m].iter().zip(&on) {
                bodies[body] += wrench.scaled(force);
            }
        }
    }

    /// The wrench of one newton of tension in path `m` on each body, as (body, wrench).
    pub fn wrenches(&self, m: usize, kinematics: &Kinematics<f64>) -> Vec<(usize, Wrench<f64>)> {
        let mut on = [Wrench::zero(); MAX_BODIES];
        self.pull(m, kinematics, &mut on);
        self.bodies[m].iter().copied().zip(on).collect()
    }
}
