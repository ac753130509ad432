//! One frame of static optimisation: what is required, and what every control gives.

use super::MuscleStrength;
use super::report::{Missing, SuppliedBy};
use crate::external_loads::ExternalLoads;
use crate::{Motion, ToolError};
use guywire_engine::force::Force;
use guywire_engine::static_optimization::{Shortfall, StaticOptimization};
use guywire_engine::{AtMoment, Mechanism};
use guywire_math::{RowSpace, SplineBasis};
use guywire_osim::build::Built;

/// Everything that is the same in every frame.
pub(super) struct Problem<'a> {
    pub built: &'a Built,
    pub mechanism: &'a Mechanism,
    pub loads: Option<&'a ExternalLoads>,
    /// The controls that are sought, as indices into [`Built::controls`].
    pub unknowns: Vec<usize>,
    motion: &'a Motion,
    strength: MuscleStrength,
    /// For every force of the mechanism, whether a control drives it.
    driven: Vec<bool>,
    /// For every control, the forces that it drives.
    forces: Vec<Vec<usize>>,
    /// For every control, the force (N or N·m) that one unit of it makes; muscles aside.
    optimal: Vec<f64>,
    accelerations: Option<Accelerations>,
}

/// A spline through the rates of every coordinate.
type Accelerations = (SplineBasis, Vec<Vec<f64>>);

/// Memory for one frame.
pub(super) struct Frame {
    pub moment: AtMoment,
    /// Force of one unit of each unknown, N or N·m.
    pub strength: Vec<f64>,
    values: [Vec<f64>; 3],
    q: Vec<f64>,
    qd: Vec<f64>,
    qdd: Vec<f64>,
    required: Vec<f64>,
    passive: Vec<f64>,
    controls: Vec<f64>,
    states: Vec<f64>,
    column: Vec<f64>,
    rows: Vec<(usize, f64)>,
    space: RowSpace,
    null: Vec<f64>,
    along: Vec<f64>,
}

impl Frame {
    pub fn new(problem: &Problem<'_>) -> Self {
        let (n, all) = (problem.mechanism.model.dof(), problem.mechanism.model.coordinates().len());
        let states = problem.mechanism.forces.iter().filter(|f| f.state().is_some()).count();
        Self {
            moment: AtMoment::new(problem.mechanism),
            strength: Vec::new(),
            values: [vec![0.0; all], vec![0.0; all], vec![0.0; all]],
            q: vec![0.0; n],
            qd: vec![0.0; n],
            qdd: vec![0.0; n],
            required: vec![0.0; n],
            passive: vec![0.0; n],
            controls: vec![0.0; problem.built.controls.len()],
            states: vec![0.0; states],
            column: vec![0.0; n],
            rows: Vec::with_capacity(n),
            space: RowSpace::default(),
            null: Vec::new(),
            along: Vec::new(),
        }
    }
}

impl<'a> Problem<'a> {
    pub fn new(
        built: &'a Built,
        mechanism: &'a Mechanism,
        motion: &'a Motion,
        loads: Option<&'a ExternalLoads>,
        strength: MuscleStrength,
    ) -> Result<Self, ToolError> {
        let muscles = mechanism.muscles.len();
        let control_of =
            |force: &Force| built.controls[muscles..].iter().position(|c| c.force == force.source);
        let driven: Vec<bool> = mechanism.forces.iter().map(|f| control_of(f).is_some()).collect();
        let forces: Vec<Vec<usize>> = built
            .controls
            .iter()
            .enumerate()
            .map(|(k, control)| {
                let own = |f: &Force| k >= muscles && f.source == control.force;
                (0..mechanism.forces.len()).filter(|&f| own(&mechanism.forces[f])).collect()
            })
            .collect();
        let unknowns = (0..built.controls.len())
            .filter(|&k| match k < muscles {
                true => mechanism.muscle_applies[k],
                false => forces[k].iter().any(|&f| mechanism.forces[f].applies),
            })
            .collect();
        let optimal = (0..built.controls.len())
            .map(|k| forces[k].first().and_then(|&f| mechanism.forces[f].optimal_force()).unwrap_or(1.0))
            .collect();
        let accelerations = accelerations(motion)?;
        Ok(Self {
            built,
            mechanism,
            motion,
            loads,
            strength,
            unknowns,
            driven,
            forces,
            optimal,
            accelerations,
        })
    }

    /// What the user should know of the muscles' strengths.
    pub fn left_out(&self) -> Option<String> {
        if self.strength != MuscleStrength::OpenSim {
            return None;
        }
        // At optimal length and rest.
        let excess = |&unknown: &usize| {
            let muscle = self.mechanism.muscles.get(unknown)?;
            let p = muscle.properties();
            let along = p.optimal_fiber_length * libm::cos(p.pennation_angle_at_optimal);
            let path = p.tendon_slack_length + along;
            let opensim = muscle.inextensible_active_force_of_opensim(path, 0.0).ok()?;
            let excess = opensim / muscle.inextensible_active_force(path, 0.0).ok()? - 1.0;
            (excess > 1e-6).then_some((unknown, excess))
        };
        let stronger: Vec<(usize, f64)> = self.unknowns.iter().filter_map(excess).collect();
        let (most, excess) = stronger.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(format!(
            "as in OpenSim, {} muscles are stronger than along their tendons, because their pennation is left out: \
             `{}` most, by {:.1} %",
            stronger.len(),
            self.built.controls[most].name,
            1e2 * excess
        ))
    }

    /// Puts the frame at a time into the search.
    pub fn state(
        &self,
        frame: &mut Frame,
        time: f64,
        search: &mut StaticOptimization,
    ) -> Result<(), ToolError> {
        let mechanism = self.mechanism;
        let model = &mechanism.model;
        self.place(frame, time)?;
        frame.moment.act(mechanism, time, &frame.controls, &frame.states, |f, _| !self.driven[f]);
        let moment = &mut frame.moment;
        if let Some(loads) = self.loads {
            loads.add_wrenches(time, &moment.kinematics.bodies, &mut moment.applied.bodies);
        }
        frame.passive.copy_from_slice(moment.generalized_forces(mechanism));
        moment.needed(mechanism, &frame.qdd, &mut frame.required);
        for (required, passive) in frame.required.iter_mut().zip(&frame.passive) {
            *required -= passive;
        }
        let loops = !mechanism.constraints.is_empty();
        if loops {
            let (solver, kinematics) = moment.solver();
            let jacobian = solver.jacobian(model, kinematics, &mechanism.constraints, false);
            frame.space.update(jacobian, model.dof(), DEPENDENT, 0.0);
            frame.space.null_space(&mut frame.null);
            along(&frame.null, &frame.required, &mut frame.along);
            search.begin(&frame.along);
        } else {
            search.begin(&frame.required);
        }
        frame.strength.clear();
        for &unknown in &self.unknowns {
            let strength = self.gains(frame, time, unknown)?;
            frame.strength.push(strength);
            let [lower, upper] = self.built.controls[unknown].range;
            if loops {
                frame.column.fill(0.0);
                frame.rows.iter().for_each(|&(row, gain)| frame.column[row] += gain);
                along(&frame.null, &frame.column, &mut frame.along);
                search.push(frame.along.iter().copied().enumerate(), lower, upper);
            } else {
                search.push(frame.rows.iter().copied(), lower, upper);
            }
        }
        Ok(())
    }

    /// Moves the frame to a time.
    fn place(&self, frame: &mut Frame, time: f64) -> Result<(), ToolError> {
        let model = &self.mechanism.model;
        let [q, qd, qdd] = &mut frame.values;
        self.motion.at(time, q, qd, qdd);
        if let Some((basis, rates)) = &self.accelerations {
            let local = basis.at(time);
            for (value, coefficients) in qdd.iter_mut().zip(rates) {
                *value = local.derivative(1, coefficients);
            }
        }
        for degree in 0..model.dof() {
            let coordinate = model.coordinate_of_degree(degree);
            frame.q[degree] = q[coordinate];
            frame.qd[degree] = qd[coordinate];
            frame.qdd[degree] = qdd[coordinate];
        }
        frame.moment.move_to(self.mechanism, &frame.q, &frame.qd).map_err(|unsettled| {
            let force = &self.built.path_names[unsettled.path];
            ToolError::Path { path: force.clone(), time }
        })
    }

    /// Fills `frame.rows` with the generalised forces of one unit of a control; its force.
    fn gains(&self, frame: &mut Frame, time: f64, unknown: usize) -> Result<f64, ToolError> {
        let (mechanism, moment) = (self.mechanism, &mut frame.moment);
        frame.rows.clear();
        if let Some(muscle) = mechanism.muscles.get(unknown) {
            let (length, speed) = (moment.arms.lengths[unknown], moment.path_speeds[unknown]);
            let strength = match self.strength {
                MuscleStrength::OpenSim => muscle.inextensible_active_force_of_opensim(length, speed),
                MuscleStrength::AlongTendon => muscle.inextensible_active_force(length, speed),
                MuscleStrength::Isometric => Ok(muscle.properties().max_isometric_force),
            };
            let strength = strength.map_err(|_| ToolError::NotFinite {
                what: format!("the strength of `{}`", self.built.controls[unknown].name),
                time,
            })?;
            let row = mechanism.paths.row(unknown);
            let degrees = &mechanism.paths.columns()[row.clone()];
            let gains = moment.arms.values[row].iter().map(|arm| arm * strength);
            frame.rows.extend(degrees.iter().copied().zip(gains));
            return Ok(strength);
        }
        frame.controls[unknown] = 1.0;
        for &force in &self.forces[unknown] {
            if let Some((state, _)) = mechanism.forces[force].state() {
                frame.states[state] = 1.0;
            }
        }
        moment.applied.clear();
        let own = &self.forces[unknown];
        moment.act(mechanism, time, &frame.controls, &frame.states, |f, _| own.contains(&f));
        frame
            .rows
            .extend(moment.generalized_forces(mechanism).iter().copied().enumerate().filter(|g| g.1 != 0.0));
        frame.controls[unknown] = 0.0;
        for &force in &self.forces[unknown] {
            if let Some((state, _)) = mechanism.forces[force].state() {
                frame.states[state] = 0.0;
            }
        }
        Ok(self.optimal[unknown])
    }

    /// Names what is missing in a frame.
    pub fn missing(&self, frame: &Frame, shortfalls: &[Shortfall]) -> Vec<Missing> {
        let model = &self.mechanism.model;
        let n = model.dof();
        shortfalls
            .iter()
            .map(|shortfall| {
                // With loops a row is a direction; it is named by the coordinate that moves most in it.
                let degree = match frame.null.chunks_exact(n.max(1)).nth(shortfall.row) {
                    Some(direction) if !self.mechanism.constraints.is_empty() => {
                        let most = |a: &usize, b: &usize| direction[*a].abs().total_cmp(&direction[*b].abs());
                        (0..n).max_by(most).unwrap_or(0)
                    }
                    _ => shortfall.row,
                };
                let coordinate = model.coordinate_of_degree(degree);
                let joint = model.joints().iter().find(|joint| {
                    let axes = joint.rotations.iter().chain(&joint.translations);
                    axes.flat_map(|axis| axis.law.coordinates()).any(|&c| c == coordinate)
                });
                Missing {
                    coordinate: self.built.index.coordinate_names()[coordinate].clone(),
                    joint: joint.map_or_else(String::new, |joint| joint.name.clone()),
                    is_moment: model.degree_turns(degree),
                    missing: shortfall.missing,
                    suppliers: shortfall
                        .suppliers
                        .iter()
                        .map(|supplier| SuppliedBy {
                            name: self.built.controls[self.unknowns[supplier.index]].name.clone(),
                            given: supplier.given,
                            remaining: supplier.remaining,
                        })
                        .collect(),
                }
            })
            .collect()
    }
}

/// Rows that depend on others by more than this are not independent motions; as in the constraint solver.
const DEPENDENT: f64 = 1e-9;

/// Components of a generalised force along directions.
fn along(directions: &[f64], force: &[f64], out: &mut Vec<f64>) {
    out.clear();
    let dot = |direction: &[f64]| direction.iter().zip(force).map(|(d, f)| d * f).sum::<f64>();
    out.extend(directions.chunks_exact(force.len().max(1)).map(dot));
}

/// Splines through the rates at the frames, as OpenSim makes accelerations from states; none for too few frames.
fn accelerations(motion: &Motion) -> Result<Option<Accelerations>, ToolError> {
    const DEGREE: usize = 5;
    let (time, all) = (motion.time(), motion.len());
    if time.len() <= DEGREE {
        return Ok(None);
    }
    let basis = SplineBasis::new(DEGREE, time).map_err(crate::motion::MotionError::Spline)?;
    let mut rates = vec![Vec::with_capacity(time.len()); all];
    let mut values = [vec![0.0; all], vec![0.0; all], vec![0.0; all]];
    for &at in time {
        let [q, qd, qdd] = &mut values;
        motion.at(at, q, qd, qdd);
        rates.iter_mut().zip(qd).for_each(|(rates, &mut rate)| rates.push(rate));
    }
    let splines = rates
        .iter()
        .map(|rates| basis.interpolate(rates))
        .collect::<Result<_, _>>()
        .map_err(crate::motion::MotionError::Spline)?;
    Ok(Some((basis, splines)))
}
