//! Muscle lengths and moment arms over the whole range of motion of every coordinate that they cross, alone
//! and with every other one at the ends and the middle of its range.
//!
//! Where the length between two poses of a sweep changes by more than the moment arms say, the interval is
//! halved until it is nearly a point, and what remains is a jump. Moment arms are treated alike.

use guywire::body::{Body, ReferenceBody};
use guywire_engine::{Kinematics, MomentArms, PathSet};
use rayon::prelude::*;

/// Poses of a sweep over a range of motion.
const STEPS: usize = 80;
/// Largest jump that counts as none: of the length in m, of a moment arm in m.
const CONTINUOUS: [f64; 2] = [1e-6, 1e-4];

/// Muscles whose length (m) or moment arm (m) jumps somewhere, by at most how much, and why.
const JUMPS: [(&str, [f64; 2], &str); 3] = [
    (
        "glmax1",
        [1e-6, 0.02],
        "at 35° and more of hip rotation with full adduction or abduction both its femoral points sink into the \
         pelvic cylinder",
    ),
    (
        "glmax2",
        [1e-6, 0.05],
        "beyond 110° of hip flexion the other side of the cylinder becomes the shorter one",
    ),
    (
        "recfem",
        [1e-6, 0.05],
        "beyond 137° of knee flexion the patella stands so far behind that the other side of the condyles \
         becomes the shorter one",
    ),
];

/// One path along a straight line of poses.
struct Sweep<'b> {
    body: &'b Body,
    alone: PathSet,
    kinematics: Kinematics<f64>,
    arms: MomentArms<f64>,
    start: Vec<f64>,
    degree: usize,
}

/// A pose of the sweep: value of the coordinate, and the length and its slope.
type Sample = (f64, [f64; 2]);

impl<'b> Sweep<'b> {
    fn new(body: &'b Body, muscle: usize) -> Self {
        let model = &body.system.model;
        let alone = PathSet::new(model, vec![body.system.paths.paths()[muscle].clone()]).unwrap();
        let (kinematics, arms) = (Kinematics::new(model), alone.moment_arms());
        Self { body, alone, kinematics, arms, start: model.default_pose(), degree: 0 }
    }

    fn at(&mut self, value: f64) -> Sample {
        let model = &self.body.system.model;
        self.start[self.degree] = value;
        self.kinematics.update(model, &self.start);
        self.alone.update(model, &self.kinematics, &mut self.arms).unwrap();
        let column = self.alone.columns().iter().position(|&c| c == self.degree);
        (value, [self.arms.lengths[0], -column.map_or(0.0, |c| self.arms.values[c])])
    }

    /// The largest jumps of length and moment arm over a range, each with its place.
    fn jumps(&mut self, (low, high): (f64, f64)) -> [(f64, f64); 2] {
        let mut largest = [(0.0, low); 2];
        let mut before = self.at(low);
        for k in 1..=STEPS {
            let after = self.at(low + (high - low) * k as f64 / STEPS as f64);
            for (which, largest) in largest.iter_mut().enumerate() {
                if unexplained(which, &before, &after) > CONTINUOUS[which] / 2.0 {
                    let found = self.narrow(which, before, after);
                    if found.0 > largest.0 {
                        *largest = found;
                    }
                }
            }
            before = after;
        }
        largest
    }

    /// What remains of a change when the interval shrinks to nothing.
    fn narrow(&mut self, which: usize, mut low: Sample, mut high: Sample) -> (f64, f64) {
        // A jump stays in one of the halves; what falls below the limit was a slope.
        while high.0 - low.0 > 1e-9 && unexplained(which, &low, &high) > CONTINUOUS[which] {
            let middle = self.at((low.0 + high.0) / 2.0);
            if unexplained(which, &low, &middle) > unexplained(which, &middle, &high) {
                high = middle;
            } else {
                low = middle;
            }
        }
        (unexplained(which, &low, &high), low.0)
    }
}

/// Change of the length beyond what its slope says (0), or of the slope (1).
fn unexplained(which: usize, a: &Sample, b: &Sample) -> f64 {
    match which {
        0 => (b.1[0] - a.1[0] - (b.0 - a.0) * (a.1[1] + b.1[1]) / 2.0).abs(),
        _ => (b.1[1] - a.1[1]).abs(),
    }
}

#[test]
fn lengths_and_moment_arms_are_continuous() {
    let body = ReferenceBody::adult().unwrap().unscaled().unwrap();
    let model = &body.system.model;
    let range = |i: usize| model.degree_coordinate(i).range.unwrap();
    // The left side is the mirror image, which another test sees to.
    let found: Vec<(String, [f64; 2], String)> = (0..body.muscles.len() / 2)
        .into_par_iter()
        .map(|m| {
            let mut sweep = Sweep::new(&body, m);
            let columns = sweep.alone.columns().to_vec();
            let mut worst = [0.0; 2];
            let mut places = String::new();
            for &i in &columns {
                for &j in &columns {
                    for level in [0.0, 0.5, 1.0] {
                        let (low, high) = range(j);
                        sweep.start = model.default_pose();
                        // With itself: the sweep from the default pose.
                        sweep.start[j] = low + level * (high - low);
                        sweep.degree = i;
                        for (which, (jump, at)) in sweep.jumps(range(i)).into_iter().enumerate() {
                            if jump > CONTINUOUS[which] {
                                let [i, j] = [i, j].map(|k| &model.degree_coordinate(k).name);
                                let what = ["length", "moment arm"][which];
                                places += &format!(
                                    "  {what} jumps by {jump:.6} at {i} = {at:.3}, {j} at {level}\n"
                                );
                            }
                            worst[which] = f64::max(worst[which], jump);
                        }
                        if i == j {
                            break;
                        }
                    }
                }
            }
            (body.muscles[m].name.clone(), worst, places)
        })
        .collect();
    let mut bad = String::new();
    for (muscle, worst, places) in &found {
        let allowed = JUMPS.iter().find(|j| j.0 == muscle).map_or(CONTINUOUS, |j| j.1);
        if worst[0] > allowed[0] || worst[1] > allowed[1] {
            bad += &format!("{muscle}:\n{places}");
        }
    }
    assert!(bad.is_empty(), "{bad}");
    // An exception that is none any more has to leave the list.
    for (muscle, _, why) in JUMPS {
        let (_, worst, _) = found.iter().find(|f| f.0 == muscle).unwrap();
        assert!(
            worst[0] > CONTINUOUS[0] || worst[1] > CONTINUOUS[1],
            "{muscle} no longer jumps because {why}"
        );
    }
}
