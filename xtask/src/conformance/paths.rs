//! Lengths, lengthening speeds and moment arms of paths.
//!
//! Without surfaces OpenSim's path is exact, and so must ours be; entries that OpenSim's own finite differences
//! contradict (`flags`) and paths with a conditional point that switches at the pose are left out.
//!
//! With surfaces ours is the shortest line on the allowed side and OpenSim's an approximation of it. The tests of the
//! engine hold ours to an independent search; here the difference is shown, and every unflagged length or moment arm
//! that differs by more than half a millimetre needs a cause of [`super::causes`].

use super::case::{Case, Pose, numbers, places};
use super::causes::{Causes, EXPLAINED_FROM, Line};
use super::row::{Bound, Row};
use anyhow::{Context, Result};
use guywire_engine::path::{MomentArms, Route};
use guywire_engine::{Constraint, ConstraintSolver, PathSet};

/// All path quantities of a model; lines over surfaces that differ are added to `differences`.
pub fn rows(case: &Case, differences: &mut Vec<String>) -> Result<Vec<Row>> {
    let mut rows = [
        ("path length", Bound::Within(1e-9)),
        ("path speed", Bound::Within(1e-8)),
        ("moment arm", Bound::Within(1e-7)),
        ("wrapped length", Bound::Shown),
        ("wrapped moment arm", Bound::Shown),
        ("unexplained", Bound::Within(EXPLAINED_FROM)),
    ]
    .map(|(quantity, bound)| Row::new(quantity, bound));
    let paths = &case.built.paths;
    let names = case.names("paths");
    let order = places(&case.built.path_names, &names).context("paths")?;
    let columns = case.names("moment_arm_coordinates");
    let degrees = places(case.built.index.coordinate_names(), &columns).context("coordinates")?;
    let mut arms = paths.moment_arms();
    let mut solver = ConstraintSolver::new(&case.built.tree);
    let mut causes = Causes::default();
    let mut route = Route::new();
    for pose in case.poses() {
        let pose = pose?;
        let all_found = paths.update(&case.built.tree, &pose.kinematics, &mut arms).is_ok();
        let directions = directions(case, &pose, &degrees, &mut solver)?;
        for (k, &m) in order.iter().enumerate() {
            let at = At { case, pose: &pose, paths, arms: &arms, k, m, name: &names[k] };
            if at.flagged("event_narrow")
                || case.data["history_dependent_paths"].as_array().is_some_and(|l| l.iter().any(|v| *v == k))
            {
                rows.iter_mut().take(3).for_each(Row::leave_out);
                continue;
            }
            if !all_found && route.lay(&paths.paths()[m], &pose.kinematics).is_err() {
                rows[5].compare(f64::NAN, || format!("no line of {}, pose {}", names[k], pose.index));
                continue;
            }
            if paths.paths()[m].wraps.is_empty() {
                at.exact(&mut rows, &columns, &directions);
            } else {
                at.wrapped(&mut rows, &columns, &directions, &mut causes);
            }
        }
    }
    causes.print(&case.name);
    differences.append(&mut causes.lines);
    Ok(rows.to_vec())
}

/// The constraint-consistent motion of every column, in OpenSim's speeds; none where the column cannot move.
fn directions(
    case: &Case,
    pose: &Pose,
    degrees: &[usize],
    solver: &mut ConstraintSolver,
) -> Result<Vec<Option<Vec<f64>>>> {
    let (tree, built) = (&case.built.tree, &case.built);
    let n = tree.dof();
    let mut list = Vec::new();
    for &degree in degrees {
        // OpenSim unlocks the coordinate it asks for.
        let own = |c: &&Constraint| {
            !matches!(c, Constraint::Coordinate { coordinate, law: guywire_engine::Law::Constant(_) }
                | Constraint::Prescribed { coordinate, .. } if *coordinate == degree)
                && !matches!(c, Constraint::Prescribed { coordinate, .. } if *coordinate == degree)
        };
        let constraints: Vec<Constraint> = built.constraints.iter().filter(own).cloned().collect();
        let mut rows = solver.jacobian(tree, &pose.kinematics, &constraints, false).to_vec();
        for row in rows.chunks_exact_mut(n) {
            built.speeds.from_rate_forces(&pose.q, row)?;
        }
        let mut direction = vec![0.0; n];
        solver.direction(&rows, degree, &mut direction);
        // |direction|² is the inverse of what is left of the column; below 1e-8 the reference data's own finite
        // differences give up.
        let size: f64 = direction.iter().map(|v| v * v).sum();
        list.push((size > 0.0 && size < 1e8).then_some(direction));
    }
    Ok(list)
}

/// A path at a pose.
struct At<'a> {
    case: &'a Case,
    pose: &'a Pose<'a>,
    paths: &'a PathSet,
    arms: &'a MomentArms<f64>,
    /// Index of the path in the data.
    k: usize,
    /// Index of the path in the engine.
    m: usize,
    name: &'a str,
}

impl At<'_> {
    fn flagged(&self, flag: &str) -> bool {
        self.pose.data["flags"][flag].as_array().is_some_and(|list| list.iter().any(|v| *v == self.k))
    }

    /// Whether OpenSim's moment arm is not the slope of OpenSim's length.
    fn arm_flagged(&self, column: usize) -> bool {
        let list = self.pose.data["flags"]["moment_arm_fd"].as_array();
        list.is_some_and(|l| l.iter().any(|v| v[0] == self.k && v[1] == column))
    }

    fn speed_flagged(&self) -> bool {
        let list = self.pose.data["flags"]["path_speed_fd"].as_array();
        list.is_some_and(|l| l.iter().any(|v| v[0] == self.k))
    }

    fn expected(&self, quantity: &str) -> f64 {
        self.pose.data[quantity][self.k].as_f64().unwrap_or(f64::NAN)
    }

    /// Our moment arms less OpenSim's, column by column; none where OpenSim has no number and we have. They are for a motion of one unit of the fastest coordinate: dividing
    /// by what little the constraints leave of a coupled column magnifies round-off with the moment arm.
    fn moment_arms(&self, directions: &[Option<Vec<f64>>]) -> Vec<(usize, Option<f64>)> {
        let tree = &self.case.built.tree;
        let mut row = vec![0.0; tree.dof()];
        for k in self.paths.row(self.m) {
            row[self.paths.columns()[k]] = self.arms.values[k];
        }
        // Moment arms act on rates; OpenSim's on its speeds.
        if self.case.built.speeds.from_rate_forces(&self.pose.q, &mut row).is_err() {
            return Vec::new();
        }
        let expected = numbers(&self.pose.data["moment_arm"][self.k]);
        let difference = |(c, direction): (usize, &Option<Vec<f64>>)| {
            let direction = direction.as_ref()?;
            let found: f64 = row.iter().zip(direction).map(|(a, b)| a * b).sum();
            let fastest = direction.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
            let unknown = found.is_finite() && self.pose.data["moment_arm"][self.k][c].is_null();
            let expected = expected.get(c).copied().unwrap_or(f64::NAN);
            Some((c, (!unknown).then_some((found - expected) / fastest)))
        };
        directions.iter().enumerate().filter_map(difference).collect()
    }

    fn exact(&self, rows: &mut [Row; 6], columns: &[String], directions: &[Option<Vec<f64>>]) {
        let place = |what: &str| format!("{}{what}, pose {}", self.name, self.pose.index);
        rows[0].compare(self.arms.lengths[self.m] - self.expected("path_length"), || place(""));
        if self.speed_flagged() || self.flagged("event_wide") {
            rows[1].leave_out();
        } else {
            let speed = self.arms.speed(self.paths, self.m, &self.pose.rates);
            rows[1].compare(speed - self.expected("path_speed"), || place(""));
        }
        for (column, difference) in self.moment_arms(directions) {
            match difference {
                Some(difference) if !self.arm_flagged(column) => {
                    rows[2].compare(difference, || place(&format!(" about {}", columns[column])));
                }
                _ => rows[2].leave_out(),
            }
        }
    }

    fn wrapped(
        &self,
        rows: &mut [Row; 6],
        columns: &[String],
        directions: &[Option<Vec<f64>>],
        causes: &mut Causes,
    ) {
        let place = |what: &str| format!("{}{what}, pose {}", self.name, self.pose.index);
        let difference = self.arms.lengths[self.m] - self.expected("path_length");
        let [.., lengths, arms, unexplained] = rows;
        lengths.compare(difference, || place(""));
        let line = Line {
            path: &self.paths.paths()[self.m],
            kinematics: &self.pose.kinematics,
            opensim_points: self.pose.data["active_path_points"][self.k].as_u64().unwrap_or(0) as usize,
        };
        if difference.abs() > EXPLAINED_FROM {
            let (case, pose, ours) = (&self.case.name, self.pose.index, self.arms.lengths[self.m]);
            let cause = line.cause(difference).unwrap_or("unexplained");
            causes.lines.push(format!("{case}\t{pose}\t{}\t{ours:.9}\t{cause}", self.name));
        }
        let mut judge = |size: f64, arm: bool, what: &str| {
            if size.abs() <= EXPLAINED_FROM {
                unexplained.compare(size, || place(what));
                return;
            }
            if arm && self.flagged("event_wide") {
                causes.add("the points of OpenSim's path change within 1e-3 of the pose", difference);
                unexplained.leave_out();
                return;
            }
            match line.cause(difference) {
                Some(cause) => {
                    causes.add(cause, difference);
                    unexplained.leave_out();
                }
                None => unexplained.compare(size, || place(what)),
            }
        };
        judge(difference, false, "");
        for (column, difference) in self.moment_arms(directions) {
            let Some(difference) = difference.filter(|_| !self.arm_flagged(column)) else {
                arms.leave_out();
                continue;
            };
            let what = format!(" about {}", columns[column]);
            arms.compare(difference, || place(&what));
            judge(difference, true, &what);
        }
    }
}
