//! Contacts with several surfaces of one gap that agree with each other.
//!
//! Contact `k` is known once it is known where the line leaves the contact before it and where it enters the one behind:
//!
//! ```text
//! enter_k, leave_k = touch_k(leave_{k−1}, enter_{k+1})
//! ```
//!
//! Putting one into the other in turn creeps where two surfaces lie close together, and derivatives carried along
//! creep behind. Newton's method on all joints at once does neither: it takes the slopes of every touch by both its
//! ends (dual numbers), and one more step in the scalar of the pose gives the derivatives of the solution.
//!
//! **Slopes of the length.** With `Lₖ` the length of contact `k` from end to end, that of the gap is
//!
//! ```text
//! L = Σ Lₖ(leaveₖ₋₁, enterₖ₊₁) − Σ |enterₖ₊₁ − leaveₖ|
//! ```
//!
//! Tangents pull a joint to and fro alike, so it may move without changing `L`. A contact that has an end inside or
//! rests on its rim pulls otherwise, and `L` changes with its joints `j` by `r = ∂L/∂j`. What the joints hand on to the
//! ends and surfaces is `λ`, with `F = j − touch(j)`:
//!
//! ```text
//! (∂F/∂j)ᵀ λ = r      dL = ∂L + λ · ∂touch
//! ```

use super::Path;
use super::route::{Route, SHORT, Slot};
use super::surface::{NotFound, Touch};
use guywire_math::linalg::{lu, lu_sign, lu_solve};
use guywire_math::{Dual, Mat3, Real, Vec3};

/// Most steps of Newton's method.
const MAX_STEPS: usize = 40;
/// How often a step is halved because a contact comes free on it or the joints miss by more, all steps together.
const MAX_HALVINGS: usize = 12;
/// Most times that a contact is taken in or let go.
const MAX_CHANGES: usize = 12;
/// A cylinder that comes free so often, being cut without a contact, is taken to go on beyond its ends.
const SLID_OFF: usize = 2;
/// Joints that miss by less have settled, m; lines over ellipsoids are exact to about this.
const SETTLED: f64 = 1e-12;
/// Contacts found in turn agree when their joints miss by less, m: lengths change by the square of it.
const AGREED: f64 = 1e-6;
/// Joints that miss by less cannot be better written down, m.
const EXACT: f64 = 1e-16;
/// Coordinates of a joint.
const JOINT: usize = 6;

/// Where the line leaves one contact and enters the next.
#[derive(Clone, Copy, Debug)]
struct Joint {
    leave: Vec3<f64>,
    enter: Vec3<f64>,
}

impl Joint {
    fn moved(&mut self, by: &[f64], share: f64) {
        self.leave += Vec3::new(by[0], by[1], by[2]) * share;
        self.enter += Vec3::new(by[3], by[4], by[5]) * share;
    }
}

/// Memory for the joints of one gap after another.
#[derive(Clone, Debug)]
pub(super) struct Chain<T> {
    joints: Vec<Joint>,
    /// By how much the joints miss, and its slopes by the joints.
    miss: Vec<f64>,
    matrix: Vec<f64>,
    pivots: Vec<usize>,
    /// The last step, and the one that carries derivatives.
    step: Vec<f64>,
    moved: Vec<T>,
    /// Slopes of where the first contact is left by the first point of the gap, and of where the last one is entered by
    /// its second, row by row.
    by_ends: [Mat3<f64>; 2],
    /// The contacts before they were tried.
    before: Vec<Option<Touch<T>>>,
    /// How often each slot of the gap came free.
    let_go: Vec<usize>,
    may_sink: bool,
}

impl<T> Chain<T> {
    /// Empty.
    pub fn new() -> Self {
        Self {
            joints: Vec::new(),
            miss: Vec::new(),
            matrix: Vec::new(),
            pivots: Vec::new(),
            step: Vec::new(),
            moved: Vec::new(),
            by_ends: [Mat3 { rows: [Vec3::zero(); 3] }; 2],
            before: Vec::new(),
            let_go: Vec::new(),
            may_sink: false,
        }
    }
}

/// What became of the contacts of a gap.
enum Outcome {
    /// They agree.
    Agreed,
    /// One does not touch between its neighbours.
    Free(usize),
    /// They were not found to agree.
    Open,
}

impl<T: Real> Route<T> {
    /// Tries to make the contacts of a gap agree, from where they are; one that comes free is let go, one that is cut is
    /// taken in. Whether it worked; otherwise they stay as they were. `may_sink`: a contact may lie inside the surface
    /// of the next one, which is then treated as an end inside.
    pub(super) fn agree(&mut self, path: &Path, gap: usize, may_sink: bool) -> bool {
        let range = self.gaps[gap].clone();
        let mut chain = core::mem::replace(&mut self.chain, Chain::new());
        chain.may_sink = may_sink;
        chain.before.clear();
        chain.before.extend(self.slots[range.clone()].iter().map(|s| s.touch));
        self.keep_ways(gap);
        let agreed = self.try_to_agree(&mut chain, path, gap);
        if agreed {
            self.balance(&mut chain, path, gap);
        } else {
            for (slot, before) in self.slots[range].iter_mut().zip(&chain.before) {
                slot.touch = *before;
            }
            self.sort(gap);
        }
        self.forget_ways(gap);
        self.chain = chain;
        agreed
    }

    /// Whether contacts found in turn agree, and their slopes if they do. Where a contact lies behind another one and
    /// is found before it, no length changes, but there is no line.
    pub(super) fn agrees(&mut self, path: &Path, gap: usize) -> bool {
        let mut chain = core::mem::replace(&mut self.chain, Chain::new());
        self.keep_ways(gap);
        self.take_joints(&mut chain, gap);
        let agrees = matches!(self.linearise(&mut chain, path, gap), Ok(None))
            && chain.miss.iter().all(|miss| miss.abs() < AGREED);
        if agrees {
            self.balance(&mut chain, path, gap);
        }
        self.forget_ways(gap);
        self.chain = chain;
        agrees
    }

    fn keep_ways(&mut self, gap: usize) {
        for slot in self.gaps[gap].clone() {
            self.keep_way(slot);
        }
    }

    fn forget_ways(&mut self, gap: usize) {
        for slot in &mut self.slots[self.gaps[gap].clone()] {
            (slot.manner.near, slot.manner.endless) = (None, false);
        }
    }

    /// Keeps a contact to the way about its surface that it takes now: with other neighbours the other way may be
    /// the shorter one, and with that the first again.
    fn keep_way(&mut self, slot: usize) {
        let own = &mut self.slots[slot];
        own.manner.near = own.touch.as_ref().map(Touch::value);
    }

    fn try_to_agree(&mut self, chain: &mut Chain<T>, path: &Path, gap: usize) -> bool {
        chain.let_go.clear();
        chain.let_go.resize(self.gaps[gap].len(), 0);
        for _ in 0..MAX_CHANGES {
            self.sort(gap);
            match self.settle_joints(chain, path, gap) {
                Outcome::Free(slot) => {
                    let let_go = &mut chain.let_go[slot - self.gaps[gap].start];
                    *let_go += 1;
                    let own = &mut self.slots[slot];
                    own.touch = None;
                    // Drawn tight, the line may slide off a cylinder that it meets within its ends when it is free again.
                    own.manner.endless = *let_go >= SLID_OFF;
                }
                Outcome::Open => return false,
                Outcome::Agreed => match self.cut(path, gap) {
                    Err(NotFound) => return false,
                    Ok(None) => return true,
                    Ok(Some((slot, touch))) => {
                        self.slots[slot].touch = Some(touch);
                        self.keep_way(slot);
                    }
                },
            }
        }
        false
    }

    /// A surface that the line does not touch and should.
    fn cut(&self, path: &Path, gap: usize) -> Result<Option<(usize, Touch<T>)>, NotFound> {
        for slot in self.gaps[gap].clone() {
            if self.slots[slot].touch.is_none()
                && let Some(touch) = self.insert(path, gap, slot)?
            {
                return Ok(Some((slot, touch)));
            }
        }
        Ok(None)
    }

    /// The contacts of a gap in their order.
    fn met(&self, gap: usize) -> impl Iterator<Item = &Touch<T>> {
        let first = self.gaps[gap].start;
        self.order[first..first + self.touched[gap]]
            .iter()
            .filter_map(|&slot| self.slots[slot].touch.as_ref())
    }

    /// Takes the joints from the contacts as they are.
    fn take_joints(&self, chain: &mut Chain<T>, gap: usize) {
        chain.joints.clear();
        for (a, b) in self.met(gap).zip(self.met(gap).skip(1)) {
            chain.joints.push(Joint { leave: a.leave.value(), enter: b.enter.value() });
        }
    }

    /// Newton's method on the joints between the touched slots.
    fn settle_joints(&mut self, chain: &mut Chain<T>, path: &Path, gap: usize) -> Outcome {
        if self.touched[gap] == 0 {
            return Outcome::Agreed;
        }
        self.take_joints(chain, gap);
        let mut last = f64::INFINITY;
        let (mut share, mut halvings) = (0.0, 0);
        for _ in 0..MAX_STEPS {
            let found = self.linearise(chain, path, gap);
            let n = chain.miss.len();
            let size = chain.miss.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
            let is_better = matches!(found, Ok(None)) && size < 2.0 * last;
            if !is_better && share > 0.0 && halvings < MAX_HALVINGS {
                // Back half the way.
                share *= 0.5;
                halvings += 1;
                for (joint, by) in chain.joints.iter_mut().zip(chain.step.chunks_exact(JOINT)) {
                    joint.moved(by, -share);
                }
                continue;
            }
            match found {
                Ok(None) if is_better => {}
                Ok(Some(slot)) => return Outcome::Free(slot),
                _ => return Outcome::Open,
            }
            if lu(&mut chain.matrix, n, &mut chain.pivots).is_err() {
                return Outcome::Open;
            }
            if size <= EXACT || size <= SETTLED && size > 0.25 * last {
                // Where the joints' slopes turn over, the line is longer than some beside it, though no contact alone is.
                return if lu_sign(&chain.matrix, n, &chain.pivots) < 0.0
                    || !chain.may_sink && self.is_buried(&chain.joints, path, gap)
                {
                    Outcome::Open
                } else {
                    self.carry(chain, path, gap)
                };
            }
            (last, share) = (size, 1.0);
            chain.step.clone_from(&chain.miss);
            lu_solve(&chain.matrix, n, &chain.pivots, &mut chain.step);
            for (joint, by) in chain.joints.iter_mut().zip(chain.step.chunks_exact(JOINT)) {
                joint.moved(by, 1.0);
            }
        }
        Outcome::Open
    }

    /// By how much the joints miss, and how that changes with them; a slot that does not touch.
    fn linearise(&self, chain: &mut Chain<T>, path: &Path, gap: usize) -> Result<Option<usize>, NotFound> {
        let Chain { joints, miss, matrix, by_ends, .. } = chain;
        let n = joints.len() * JOINT;
        miss.clear();
        miss.resize(n, 0.0);
        matrix.clear();
        matrix.resize(n * n, 0.0);
        for i in 0..n {
            matrix[i * n + i] = 1.0;
        }
        for k in 0..=joints.len() {
            let slot = self.order[self.gaps[gap].start + k];
            let Slot { wrap, manner, .. } = self.slots[slot];
            let frame = self.frames[wrap].value();
            let variable = |v: Vec3<f64>, from: usize| {
                Vec3::new(
                    Dual::variable(v.x, from),
                    Dual::variable(v.y, from + 1),
                    Dual::variable(v.z, from + 2),
                )
            };
            let [p, q] = [self.points[gap].1, self.points[gap + 1].1].map(Vec3::value);
            let ends: [Vec3<Dual<JOINT>>; 2] = [
                variable(if k > 0 { joints[k - 1].leave } else { p }, 0),
                variable(joints.get(k).map_or(q, |joint| joint.enter), 3),
            ];
            let surface = &path.wraps[wrap].surface;
            let touch = surface.touch_as(&frame.lift(), ends, &manner)?;
            let Some(touch) = touch else { return Ok(Some(slot)) };
            // Columns of the joint before and of the one behind.
            let columns = [k.checked_sub(1), (k < joints.len()).then_some(k)];
            let mut row = |at: usize, found: Dual<JOINT>, known: f64| {
                miss[at] = found.value - known;
                let halves = [columns[0].map(|j| j * JOINT), columns[1].map(|j| j * JOINT + 3)];
                for (half, column) in halves.into_iter().enumerate() {
                    let Some(column) = column else { continue };
                    for i in 0..3 {
                        matrix[at * n + column + i] -= found.slope[3 * half + i];
                    }
                }
            };
            if k > 0 {
                let (at, known) = ((k - 1) * JOINT + 3, joints[k - 1].enter);
                row(at, touch.enter.x, known.x);
                row(at + 1, touch.enter.y, known.y);
                row(at + 2, touch.enter.z, known.z);
            }
            if k < joints.len() {
                let (at, known) = (k * JOINT, joints[k].leave);
                row(at, touch.leave.x, known.x);
                row(at + 1, touch.leave.y, known.y);
                row(at + 2, touch.leave.z, known.z);
            }
            let by = |v: Vec3<Dual<JOINT>>, from: usize| Mat3 {
                rows: [v.x, v.y, v.z].map(|c| Vec3::new(c.slope[from], c.slope[from + 1], c.slope[from + 2])),
            };
            if k == 0 {
                by_ends[0] = by(touch.leave, 0);
            }
            if k == joints.len() {
                by_ends[1] = by(touch.enter, 3);
            }
        }
        Ok(None)
    }

    /// Whether a joint lies inside a surface that it joins: no line outside both ends there.
    fn is_buried(&self, joints: &[Joint], path: &Path, gap: usize) -> bool {
        let contains = |k: usize, at: Vec3<f64>| {
            let wrap = self.slots[self.order[self.gaps[gap].start + k]].wrap;
            path.wraps[wrap].surface.contains(&self.frames[wrap].value(), at)
        };
        joints.iter().enumerate().any(|(k, joint)| contains(k, joint.enter) || contains(k + 1, joint.leave))
    }

    /// The solution in the scalar of the pose: the joints moved by one step more, and the contacts between them.
    fn carry(&mut self, chain: &mut Chain<T>, path: &Path, gap: usize) -> Outcome {
        let first = self.gaps[gap].start;
        let (start, end) = (self.points[gap].1, self.points[gap + 1].1);
        let last = chain.joints.len();
        chain.moved.clear();
        chain.moved.resize(last * JOINT, T::zero());
        for is_final in [false, true] {
            let joints = &chain.joints;
            let point = |v: Vec3<f64>, by: &[T]| v.lift::<T>() + Vec3::new(by[0], by[1], by[2]);
            for k in 0..=last {
                let slot = self.order[first + k];
                let moved = |at: usize| &chain.moved[at..at + 3];
                let ends = [
                    if k > 0 { point(joints[k - 1].leave, moved((k - 1) * JOINT)) } else { start },
                    joints.get(k).map_or(end, |joint| point(joint.enter, moved(k * JOINT + 3))),
                ];
                match self.touch(path, slot, ends) {
                    Ok(Some(touch)) => self.slots[slot].touch = Some(touch),
                    Ok(None) => return Outcome::Free(slot),
                    Err(NotFound) => return Outcome::Open,
                }
            }
            if is_final {
                break;
            }
            for (k, joint) in joints.iter().enumerate() {
                let pair = [self.order[first + k], self.order[first + k + 1]].map(|s| self.slots[s].touch);
                let [Some(a), Some(b)] = pair else { return Outcome::Open };
                let (leave, enter) = (a.leave - joint.leave.lift(), b.enter - joint.enter.lift());
                let miss = [leave.x, leave.y, leave.z, enter.x, enter.y, enter.z];
                chain.moved[k * JOINT..(k + 1) * JOINT].copy_from_slice(&miss);
            }
            lu_solve(&chain.matrix, last * JOINT, &chain.pivots, &mut chain.moved);
        }
        Outcome::Agreed
    }

    /// Gives every contact of a gap the slopes of the gap's length by both its ends, where tangents are not all there is.
    /// Derivatives of the pose go through them with `∂F/∂j` held.
    fn balance(&mut self, chain: &mut Chain<T>, path: &Path, gap: usize) {
        let count = self.touched[gap];
        if count < 2 || self.met(gap).all(|touch| touch.slopes.is_none()) {
            return;
        }
        self.take_joints(chain, gap);
        let Ok(None) = self.linearise(chain, path, gap) else { return };
        let n = chain.miss.len();
        for i in 0..n {
            for k in 0..i {
                chain.matrix.swap(i * n + k, k * n + i);
            }
        }
        if lu(&mut chain.matrix, n, &mut chain.pivots).is_err() {
            return;
        }
        let own = |touch: &Touch<T>| touch.slopes.unwrap_or([-touch.along[0], touch.along[1]]);
        chain.moved.clear();
        for (a, b) in self.met(gap).zip(self.met(gap).skip(1)) {
            let t = direction(a, b);
            let (leave, enter) = (own(b)[0] + t, own(a)[1] - t);
            chain.moved.extend([leave.x, leave.y, leave.z, enter.x, enter.y, enter.z]);
        }
        lu_solve(&chain.matrix, n, &chain.pivots, &mut chain.moved);
        let handed = |at: usize| Vec3::new(chain.moved[at], chain.moved[at + 1], chain.moved[at + 2]);
        let back = |by: &Mat3<f64>, v: Vec3<T>| {
            by.rows[0].lift().scaled(v.x) + by.rows[1].lift().scaled(v.y) + by.rows[2].lift().scaled(v.z)
        };
        let first = self.gaps[gap].start;
        for k in 0..count {
            let met = &self.order[first..first + count];
            let at = |k: usize| met.get(k).and_then(|&slot| self.slots[slot].touch.as_ref());
            let Some(touch) = at(k) else { continue };
            let mut slopes = own(touch);
            match k.checked_sub(1).and_then(at) {
                Some(before) => slopes[0] = handed((k - 1) * JOINT) - direction(before, touch),
                None => slopes[0] += back(&chain.by_ends[0], handed(0)),
            }
            match at(k + 1) {
                Some(behind) => slopes[1] = handed(k * JOINT + 3) + direction(touch, behind),
                None => slopes[1] += back(&chain.by_ends[1], handed(n - 3)),
            }
            if let Some(touch) = self.slots[self.order[first + k]].touch.as_mut() {
                touch.slopes = Some(slopes);
            }
        }
    }
}

/// The direction from one contact to the next.
fn direction<T: Real>(a: &Touch<T>, b: &Touch<T>) -> Vec3<T> {
    let along = b.enter - a.leave;
    let length = along.norm();
    if length.value() < SHORT { b.along[0] } else { along.scaled(T::one() / length) }
}
