//! Whether the moment arms of paths over surfaces are the slopes of their own lengths.
//!
//! Every arm `r = −∂L/∂q` is compared with differences of `L` over steps before, about and behind the pose, of order 2.
//! Where the line is smooth they agree. Where the geometry has a kink at the pose (a contact that begins there, the end
//! of a moving point's range) the arm must be the slope to one of its sides; a kink between the steps is passed by with
//! smaller ones.

use super::case::{Case, Pose};
use super::row::{Bound, Row};
use anyhow::Result;
use guywire_engine::Kinematics;
use guywire_engine::path::Route;

/// Steps, rad or m: at the largest, rounding of the lengths makes 1e-8; smaller ones are for kinks nearby.
const STEPS: [f64; 3] = [1e-4, 1e-5, 1e-6];

/// The row of a model; without numbers where no path has a surface.
pub fn rows(case: &Case) -> Result<Vec<Row>> {
    let mut row = Row::new("moment arm less slope", Bound::Within(1e-6));
    for pose in case.poses() {
        compare(case, &pose?, &mut row);
    }
    Ok(vec![row])
}

fn compare(case: &Case, pose: &Pose, row: &mut Row) {
    let (tree, paths) = (&case.built.tree, &case.built.paths);
    let mut arms = paths.moment_arms::<f64>();
    // A line that is not found is a miss of another row.
    let _ = paths.update(tree, &pose.kinematics, &mut arms);
    let mut lengths =
        Lengths { case, q: pose.q.clone(), kinematics: Kinematics::new(tree), route: Route::new() };
    for (m, path) in paths.paths().iter().enumerate() {
        if path.wraps.is_empty() {
            continue;
        }
        for k in paths.row(m) {
            let (degree, arm) = (paths.columns()[k], arms.values[k]);
            let mut least = f64::INFINITY;
            for step in STEPS {
                if least < 1e-6 {
                    break;
                }
                let slopes = lengths.slopes(m, degree, step, arms.lengths[m]);
                least = slopes.into_iter().flatten().fold(least, |l, slope| l.min((arm + slope).abs()));
            }
            row.compare(least, || {
                let coordinate = &case.built.index.coordinate_names()[degree];
                format!("{} about {coordinate}, pose {}", case.built.path_names[m], pose.index)
            });
        }
    }
}

/// Lengths of paths at poses beside one.
struct Lengths<'a> {
    case: &'a Case,
    q: Vec<f64>,
    kinematics: Kinematics<f64>,
    route: Route<f64>,
}

impl Lengths<'_> {
    /// Slopes of the length of path `m` over steps about, behind and before the pose, where it is `here`.
    fn slopes(&mut self, m: usize, degree: usize, h: f64, here: f64) -> [Option<f64>; 3] {
        let [b2, b1, f1, f2] = [-2.0 * h, -h, h, 2.0 * h].map(|by| self.at(m, degree, by));
        let pair = |a: Option<f64>, b: Option<f64>, of: fn(f64, f64, f64) -> f64| Some(of(a?, b?, here));
        [
            pair(b1, f1, |b, f, _| f - b),
            pair(f1, f2, |one, two, here| 4.0 * one - 3.0 * here - two),
            pair(b1, b2, |one, two, here| 3.0 * here + two - 4.0 * one),
        ]
        .map(|slope| slope.map(|s| s / (2.0 * h)))
    }

    fn at(&mut self, m: usize, degree: usize, by: f64) -> Option<f64> {
        let built = &self.case.built;
        let known = self.q[degree];
        self.q[degree] += by;
        self.kinematics.update(&built.tree, &self.q);
        self.q[degree] = known;
        let path = &built.paths.paths()[m];
        self.route.lay(path, &self.kinematics).ok()?;
        Some(self.route.strands(path, |_| {}))
    }
}
