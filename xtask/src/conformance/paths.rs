//! Lengths, lengthening speeds and moment arms of paths.
//!
//! Without surfaces OpenSim's path is exact, and so must ours be; entries that OpenSim's own finite differences
//! contradict (`flags`) and paths with a conditional point that switches at the pose are left out.
//!
//! With surfaces ours is the shortest line on the allowed side and OpenSim's an approximation of it. The tests of the
//! engine hold ours to an independent search; here the difference is shown, and every unflagged length or moment arm
//! that differs by more than half a millimetre gets a cause:
//!
//! | cause | rule |
//! | --- | --- |
//! | contradicts itself | OpenSim's moment arm is not the slope of its length there |
//! | event near | the points of OpenSim's path change within 1e-3 of the pose |
//! | end inside | a point of the path lies inside a surface, where OpenSim drops the contact |
//! | several surfaces | more than one surface in a gap: OpenSim's turns stop at 0.5 mm or after eight |
//! | several gaps | OpenSim wraps a surface in one gap only, however many cut it |
//! | ellipsoid | OpenSim's line over an ellipsoid lies in a plane |
//! | ring | OpenSim's line over a ring runs over a cylinder |
//! | OpenSim longer | OpenSim takes a longer line outside the same surfaces |
//! | OpenSim cuts | OpenSim's line is shorter: it leaves out a contact or passes another side |

use super::case::{Case, Pose, numbers};
use super::row::{Bound, Row};
use anyhow::{Context, Result};
use guywire_engine::path::{MomentArms, Shape, Wrap};
use guywire_engine::{Constraint, ConstraintSolver, PathSet};
use std::collections::BTreeMap;

/// From here on a difference over a surface needs a cause, m.
const EXPLAINED_FROM: f64 = 5e-4;

/// All path quantities of a model.
pub fn rows(case: &Case) -> Result<Vec<Row>> {
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
    let order: Vec<usize> = names
        .iter()
        .map(|name| {
            let place = case.built.path_names.iter().position(|n| n == name);
            place.with_context(|| format!("no path `{name}`"))
        })
        .collect::<Result<_>>()?;
    let columns = case.names("moment_arm_coordinates");
    let degrees: Vec<usize> = columns
        .iter()
        .map(|name| case.built.index.coordinate(name).with_context(|| format!("no coordinate `{name}`")))
        .collect::<Result<_>>()?;
    let mut arms = paths.moment_arms();
    let mut solver = ConstraintSolver::new(&case.built.tree);
    let mut causes: BTreeMap<&'static str, usize> = BTreeMap::new();
    for pose in case.poses() {
        let pose = pose?;
        paths.update(&case.built.tree, &pose.kinematics, &mut arms)?;
        let directions = directions(case, &pose, &degrees, &mut solver)?;
        for (k, &m) in order.iter().enumerate() {
            let at = At { case, pose: &pose, paths, arms: &arms, k, m, name: &names[k] };
            if at.flagged("event_narrow")
                || case.data["history_dependent_paths"].as_array().is_some_and(|l| l.iter().any(|v| *v == k))
            {
                rows.iter_mut().take(3).for_each(Row::leave_out);
                continue;
            }
            if paths.paths()[m].wraps.is_empty() {
                at.exact(&mut rows, &columns, &directions);
            } else {
                at.wrapped(&mut rows, &columns, &directions, &mut causes);
            }
        }
    }
    for (cause, count) in causes {
        eprintln!("{}: {count} differences over 0.5 mm: {cause}", case.name);
    }
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

    /// Our moment arms less OpenSim's, column by column, for a motion of one unit of the fastest coordinate: dividing
    /// by what little the constraints leave of a coupled column magnifies round-off with the moment arm.
    fn moment_arms(&self, directions: &[Option<Vec<f64>>]) -> Vec<(usize, f64)> {
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
            Some((c, (found - expected.get(c).copied().unwrap_or(f64::NAN)) / fastest))
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
            if self.arm_flagged(column) {
                rows[2].leave_out();
            } else {
                rows[2].compare(difference, || place(&format!(" about {}", columns[column])));
            }
        }
    }

    fn wrapped(
        &self,
        rows: &mut [Row; 6],
        columns: &[String],
        directions: &[Option<Vec<f64>>],
        causes: &mut BTreeMap<&'static str, usize>,
    ) {
        let place = |what: &str| format!("{}{what}, pose {}", self.name, self.pose.index);
        let difference = self.arms.lengths[self.m] - self.expected("path_length");
        let [.., lengths, arms, unexplained] = rows;
        lengths.compare(difference, || place(""));
        let mut judge = |size: f64, arm: bool, what: &str| {
            if size.abs() <= EXPLAINED_FROM {
                unexplained.compare(size, || place(what));
                return;
            }
            match self.cause(difference, arm) {
                Some(cause) => {
                    *causes.entry(cause).or_default() += 1;
                    unexplained.leave_out();
                }
                None => unexplained.compare(size, || place(what)),
            }
        };
        judge(difference, false, "");
        for (column, difference) in self.moment_arms(directions) {
            if self.arm_flagged(column) {
                arms.leave_out();
                continue;
            }
            let what = format!(" about {}", columns[column]);
            arms.compare(difference, || place(&what));
            judge(difference, true, &what);
        }
    }

    /// Why OpenSim's line differs.
    fn cause(&self, difference: f64, arm: bool) -> Option<&'static str> {
        let path = &self.paths.paths()[self.m];
        let kinematics = &self.pose.kinematics;
        if self.flagged("event_wide") && arm {
            return Some("event near");
        }
        let present: Vec<usize> =
            (0..path.points.len()).filter(|&k| path.points[k].is_present(kinematics)).collect();
        let inside = path.wraps.iter().any(|w| {
            let pose = w.surface.pose(&kinematics.bodies[w.surface.body]);
            let range = present.iter().filter(|&&k| (w.first..=w.last).contains(&k));
            range.clone().any(|&k| w.surface.contains(&pose, path.points[k].in_ground(kinematics)))
        });
        if inside {
            return Some("end inside");
        }
        let contacts = path.contacts(kinematics);
        // Surfaces that the straight line of a gap meets, each by itself.
        let met = |gap: &[usize]| {
            let ends = [0, 1].map(|k| path.points[gap[k]].in_ground(kinematics));
            let own = path.wraps.iter().filter(|w| w.first <= gap[0] && gap[1] <= w.last);
            let pose = |w: &Wrap| w.surface.pose(&kinematics.bodies[w.surface.body]);
            own.filter(|w| !matches!(w.surface.touch(&pose(w), ends, w.surface.side), Ok(None))).count()
        };
        let in_gap = |gap: usize| contacts.iter().filter(|c| c.gap == gap).count();
        if present.windows(2).any(|gap| met(gap) > 1)
            || contacts.iter().any(|c| in_gap(c.gap) > 1)
            || path.wraps.len() > 1 && contacts.len() != self.opensim_contacts(present.len())
        {
            return Some("several surfaces");
        }
        if contacts.iter().any(|c| contacts.iter().filter(|d| d.wrap == c.wrap).count() > 1) {
            return Some("several gaps");
        }
        let touches = |shape: &dyn Fn(&Shape) -> bool| path.wraps.iter().any(|w| shape(&w.surface.shape));
        if touches(&|s| matches!(s, Shape::Ellipsoid { .. })) {
            return Some("ellipsoid");
        }
        if touches(&|s| matches!(s, Shape::Torus { .. })) {
            return Some("ring");
        }
        if difference < -1e-9 && !contacts.is_empty() || difference < -EXPLAINED_FROM {
            return Some("OpenSim longer");
        }
        (contacts.len() != self.opensim_contacts(present.len())).then_some("OpenSim cuts")
    }

    fn opensim_contacts(&self, points: usize) -> usize {
        let active = self.pose.data["active_path_points"][self.k].as_u64().unwrap_or(0) as usize;
        active.saturating_sub(points) / 2
    }
}
