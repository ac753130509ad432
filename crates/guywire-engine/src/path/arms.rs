//! The lengths of all paths at a pose and the sparse matrix of their moment arms.

use super::set::{Crossing, PathSet, Plan};
use super::{Path, Route};
use crate::kinematics::Motion;
use crate::{Kinematics, Model};
use guywire_math::{Real, Vec3, Wrench};

/// The lengths of all paths and their moment arms, row by row, over the degrees of freedom each crosses.
#[derive(Clone, Debug)]
pub struct MomentArms<T> {
    /// Length of every path, m.
    pub lengths: Vec<T>,
    /// Moment arms −∂L/∂q in the sparse layout of the [`PathSet`].
    pub values: Vec<T>,
    motions: Vec<Motion<T>>,
    route: Route<T>,
}

/// A path whose line over a surface was not found; its numbers are not to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line of path {path} over its wrap {wrap} was not found")]
pub struct Unsettled {
    /// Which path.
    pub path: usize,
    /// Which of its wraps.
    pub wrap: usize,
}

impl<T: Real> MomentArms<T> {
    /// Lengthening speed of path `m` in m/s at the rates `qd` of the degrees of freedom.
    pub fn speed(&self, paths: &PathSet, m: usize, qd: &[T]) -> T {
        let row = paths.row(m);
        let terms = self.values[row.clone()].iter().zip(&paths.columns()[row]);
        terms.fold(T::zero(), |sum, (arm, &degree)| sum - *arm * qd[degree])
    }

    /// Adds the generalised forces (N·m or N) of all paths under tension (N) to `out`, those of moving points
    /// included.
    pub fn add_forces(&self, paths: &PathSet, tension: &[T], out: &mut [T]) {
        for (m, tension) in tension.iter().enumerate() {
            for k in paths.row(m) {
                out[paths.columns()[k]] += self.values[k] * *tension;
            }
        }
    }
}

impl PathSet {
    /// Room for the results.
    pub fn moment_arms<T: Real>(&self) -> MomentArms<T> {
        MomentArms {
            lengths: vec![T::zero(); self.paths.len()],
            values: vec![T::zero(); self.columns().len()],
            motions: vec![Motion::zero(); self.motions],
            route: Route::new(),
        }
    }

    /// All lengths and moment arms at a pose.
    ///
    /// # Errors
    /// The last path whose line over a surface was not found; the others are right.
    pub fn update<T: Real>(
        &self,
        model: &Model,
        kinematics: &Kinematics<T>,
        out: &mut MomentArms<T>,
    ) -> Result<(), Unsettled> {
        let MomentArms { lengths, values, motions, route } = out;
        values.fill(T::zero());
        self.fill_motions(model, kinematics, motions);
        let mut unsettled = Ok(());
        for (m, (plan, path)) in self.plans.iter().zip(&self.paths).enumerate() {
            lengths[m] = match plan {
                Plan::Plain { constant, spans } => {
                    let mut length = T::lift(*constant);
                    for span in &self.spans[spans.clone()] {
                        let [a, b] = [0, 1].map(|k| {
                            let station = &self.stations[span.station as usize + k];
                            kinematics.bodies[station.body as usize].point(station.position.lift())
                        });
                        let (along, size) = unit(b - a);
                        length += size;
                        let range = span.crossings.start as usize..span.crossings.end as usize;
                        add_arms(&self.crossings[range], motions, &Wrench::at(a, along), values);
                    }
                    length
                }
                Plan::Routed(routed) => {
                    if let Err(wrap) = route.lay(path, kinematics) {
                        unsettled = Err(Unsettled { path: m, wrap });
                    }
                    route.strands(path, |strand| {
                        let (a, b) = (routed.local[strand.from], routed.local[strand.to]);
                        let range = routed.between[a * routed.bodies.len() + b].clone();
                        add_arms(&self.crossings[range], motions, &strand.wrench(), values);
                        if !routed.moved.is_empty() {
                            let target = &mut |k: usize, force| values[routed.moved[k]] += force;
                            moved(model, kinematics, path, strand.from, strand.pull, target);
                            moved(model, kinematics, path, strand.to, -strand.pull, target);
                        }
                    })
                }
                Plan::Functions(places) => {
                    let Some(functions) = &path.by_coordinates else { continue };
                    let mut places = places.iter();
                    functions.arms(kinematics, |coordinate, arm| {
                        kinematics.to_degrees(model, coordinate, |_, gain| {
                            if let Some(&place) = places.next() {
                                values[place] += arm * gain;
                            }
                        });
                    });
                    functions.length(kinematics)
                }
            };
        }
        unsettled
    }

    /// Adds to `bodies` the wrenches of all paths under tension; `tension(m, length)` gives it in N. The work of
    /// moving points on their coordinates, and all of paths by functions, is not in them: [`MomentArms::add_forces`] has it.
    pub fn add_wrenches<T: Real>(
        &self,
        kinematics: &Kinematics<T>,
        route: &mut Route<T>,
        bodies: &mut [Wrench<T>],
        tension: impl FnMut(usize, T) -> T,
    ) {
        self.add_wrenches_of(|_| true, kinematics, route, bodies, tension);
    }

    /// The same of some paths only.
    pub(crate) fn add_wrenches_of<T: Real>(
        &self,
        wanted: impl Fn(usize) -> bool,
        kinematics: &Kinematics<T>,
        route: &mut Route<T>,
        bodies: &mut [Wrench<T>],
        mut tension: impl FnMut(usize, T) -> T,
    ) {
        for (m, (plan, path)) in self.plans.iter().zip(&self.paths).enumerate().filter(|(m, _)| wanted(*m)) {
            match plan {
                Plan::Plain { constant, spans } => {
                    let spans = &self.spans[spans.clone()];
                    let pull = |station: usize| {
                        let [a, b] = [0, 1].map(|k| {
                            let station = &self.stations[station + k];
                            kinematics.bodies[station.body as usize].point(station.position.lift())
                        });
                        let (along, size) = unit(b - a);
                        (Wrench::at(a, along), size)
                    };
                    let mut length = T::lift(*constant);
                    for span in spans {
                        length += pull(span.station as usize).1;
                    }
                    let force = tension(m, length);
                    for span in spans {
                        let station = span.station as usize;
                        let wrench = pull(station).0.scaled(force);
                        bodies[self.stations[station].body as usize] += wrench;
                        // The same line of action, so the same moment: the far end is pulled the other way.
                        bodies[self.stations[station + 1].body as usize] += -wrench;
                    }
                }
                Plan::Routed(routed) => {
                    // The line is laid as far as it goes; `update` reports one that is not found.
                    let _ = route.lay(path, kinematics);
                    let force = tension(m, route.strands(path, |_| {}));
                    let body = |end: usize| routed.bodies[routed.local[end]];
                    route.strands(path, |strand| {
                        let pull = strand.wrench().scaled(force);
                        bodies[body(strand.from)] += pull;
                        bodies[body(strand.to)] += -pull;
                    });
                }
                // It pulls no body.
                Plan::Functions(_) => {
                    if let Some(functions) = &path.by_coordinates {
                        tension(m, functions.length(kinematics));
                    }
                }
            }
        }
    }

    /// Adds to `out` the generalised forces of moving points and of paths by functions under tension: what
    /// [`PathSet::add_wrenches`] leaves out. Other paths without moving points are not laid.
    pub fn add_moving_forces<T: Real>(
        &self,
        model: &Model,
        kinematics: &Kinematics<T>,
        route: &mut Route<T>,
        out: &mut [T],
        tension: impl FnMut(usize, T) -> T,
    ) {
        self.add_moving_forces_of(|_| true, (model, kinematics), route, out, tension);
    }

    /// The same of some paths only.
    pub(crate) fn add_moving_forces_of<T: Real>(
        &self,
        wanted: impl Fn(usize) -> bool,
        (model, kinematics): (&Model, &Kinematics<T>),
        route: &mut Route<T>,
        out: &mut [T],
        mut tension: impl FnMut(usize, T) -> T,
    ) {
        for (m, (plan, path)) in self.plans.iter().zip(&self.paths).enumerate().filter(|(m, _)| wanted(*m)) {
            if let Some(functions) = &path.by_coordinates {
                let force = tension(m, functions.length(kinematics));
                functions.arms(kinematics, |coordinate, arm| {
                    kinematics.to_degrees(model, coordinate, |i, gain| out[i] += arm * gain * force);
                });
                continue;
            }
            let Plan::Routed(routed) = plan else { continue };
            if routed.moved.is_empty() {
                continue;
            }
            let _ = route.lay(path, kinematics);
            let force = tension(m, route.strands(path, |_| {}));
            route.strands(path, |strand| {
                for (end, pull) in [(strand.from, strand.pull), (strand.to, -strand.pull)] {
                    let Some(point) = path.points.get(end) else { continue };
                    for component in &point.motion {
                        let axis = kinematics.bodies[point.body].rotation * component.axis.lift();
                        let along = pull.dot(axis) * component.slope(kinematics) * force;
                        kinematics.to_degrees(model, component.coordinate, |i, gain| out[i] += along * gain);
                    }
                }
            });
        }
    }

    /// The wrench of one newton of tension in path `m` on each of its bodies, as (body, wrench).
    pub fn wrenches(&self, m: usize, kinematics: &Kinematics<f64>) -> Vec<(usize, Wrench<f64>)> {
        let path = &self.paths[m];
        let body = |end: usize| {
            path.points.get(end).map_or_else(|| path.wraps[end - path.points.len()].surface.body, |p| p.body)
        };
        let mut on: Vec<(usize, Wrench<f64>)> = Vec::new();
        let mut add = |body: usize, wrench: Wrench<f64>| match on.iter_mut().find(|w| w.0 == body) {
            Some(known) => known.1 += wrench,
            None => on.push((body, wrench)),
        };
        path.follow(kinematics, |strand| {
            let pull = strand.wrench();
            add(body(strand.from), pull);
            add(body(strand.to), -pull);
        });
        on
    }

    /// The work of one newton of tension in path `m` on the coordinates that move its points, as (coordinate,
    /// generalised force): what OpenSim applies to a coordinate beside the forces on the bodies.
    pub fn moving_forces(&self, m: usize, kinematics: &Kinematics<f64>) -> Vec<(usize, f64)> {
        let path = &self.paths[m];
        let mut list: Vec<(usize, f64)> = Vec::new();
        if let Some(functions) = &path.by_coordinates {
            functions.arms(kinematics, |coordinate, arm| list.push((coordinate, arm)));
        }
        path.follow(kinematics, |strand| {
            for (end, pull) in [(strand.from, strand.pull), (strand.to, -strand.pull)] {
                let Some(point) = path.points.get(end) else { continue };
                for component in &point.motion {
                    let axis = kinematics.bodies[point.body].rotation * component.axis;
                    let force = pull.dot(axis) * component.slope(kinematics);
                    match list.iter_mut().find(|f| f.0 == component.coordinate) {
                        Some(known) => known.1 += force,
                        None => list.push((component.coordinate, force)),
                    }
                }
            }
        });
        list
    }
}

#[inline]
fn unit<T: Real>(along: Vec3<T>) -> (Vec3<T>, T) {
    let size = along.norm();
    if size.value() < 1e-12 { (Vec3::zero(), size) } else { (along.scaled(T::one() / size), size) }
}

#[inline]
fn add_arms<T: Real>(crossings: &[Crossing], motions: &[Motion<T>], pull: &Wrench<T>, values: &mut [T]) {
    for crossing in crossings {
        values[crossing.target as usize] += motions[crossing.motion as usize].power(pull) * crossing.sign;
    }
}

/// The generalised forces of `pull` on a point that coordinates move, term by term.
fn moved<T: Real>(
    model: &Model,
    kinematics: &Kinematics<T>,
    path: &Path,
    end: usize,
    pull: Vec3<T>,
    each: &mut impl FnMut(usize, T),
) {
    let Some(own) = path.points.get(end).filter(|p| !p.motion.is_empty()) else { return };
    let mut term = 0;
    for component in path.points[..end].iter().flat_map(|p| &p.motion) {
        kinematics.to_degrees(model, component.coordinate, |_, _| term += 1);
    }
    for component in &own.motion {
        let axis = kinematics.bodies[own.body].rotation * component.axis.lift();
        let force = pull.dot(axis) * component.slope(kinematics);
        kinematics.to_degrees(model, component.coordinate, |_, gain| {
            each(term, force * gain);
            term += 1;
        });
    }
}
