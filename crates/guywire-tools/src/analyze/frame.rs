//! Where everything is in one frame, and what acts in it.

use super::{Analysis, AnalyzeSettings, Fibers, Given};
use crate::{Motion, ToolError};
use guywire_engine::force::{Applied, Force};
use guywire_engine::forward::Drive;
use guywire_engine::muscle::MuscleState;
use guywire_engine::{AtMoment, Dynamics, Kinematics, Mechanism, MomentArms};
use guywire_math::Wrench;
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::table::Column;

/// What is the same in every frame.
pub(super) struct Scene<'a> {
    pub built: &'a Built,
    motion: &'a Motion,
    given: Given<'a>,
    pub fibers: Fibers<'a>,
    paths: bool,
    /// Where what acts is asked for: the model with its forces, and the columns of the forces' own states.
    acting: Option<(Mechanism, Vec<Option<&'a Column>>)>,
}

impl<'a> Scene<'a> {
    pub fn new(
        model: &Description,
        built: &'a Built,
        motion: &'a Motion,
        given: &Given<'a>,
        settings: &AnalyzeSettings,
        notes: &mut Vec<String>,
    ) -> Result<Self, ToolError> {
        let fibers = Fibers::new(built, given.states, settings, notes)?;
        let wanted = |test: fn(&Analysis) -> bool| settings.analyses.iter().any(|s| test(&s.analysis));
        let forces = wanted(|a| {
            matches!(
                a,
                Analysis::ForceReporter { .. } | Analysis::Actuation { .. } | Analysis::StatesReporter { .. }
            )
        });
        let acting = forces.then(|| {
            let mut columns = vec![None; built.forces.iter().filter(|f| f.state().is_some()).count()];
            let states = crate::states::columns(model, built);
            for column in &states {
                if let (crate::states::State::Force(k), Some(table)) = (column.state, given.states) {
                    columns[k] = table.columns.iter().find(|own| own.name == column.name);
                }
            }
            (built.mechanism(model), columns)
        });
        let paths = forces || wanted(|a| matches!(a, Analysis::MuscleAnalysis { .. }));
        Ok(Self { built, motion, given: *given, fibers, paths, acting })
    }
}

/// The model in one frame.
pub(super) struct Frame {
    pub time: f64,
    pub kinematics: Kinematics<f64>,
    pub dynamics: Dynamics<f64>,
    pub arms: MomentArms<f64>,
    /// Values, rates and second derivatives of the coordinates of the tree, in its order.
    pub q: Vec<f64>,
    pub qd: Vec<f64>,
    pub qdd: Vec<f64>,
    /// The same of the degrees of freedom of the reduced model.
    own_q: Vec<f64>,
    pub own_qd: Vec<f64>,
    own_qdd: Vec<f64>,
    /// Rate of every coordinate per unit rate of the degree of freedom that moves it alone.
    pub slopes: Vec<Option<(usize, f64)>>,
    /// Activation and state of the muscles that are asked for.
    pub muscles: Vec<Option<(f64, MuscleState)>>,
    /// What acts, where it is asked for.
    pub acting: Option<Box<Acting>>,
    speeds: Vec<f64>,
    controls: Vec<f64>,
    tau: Vec<f64>,
    nothing: Vec<Wrench<f64>>,
}

/// What acts in a frame besides muscles.
pub(super) struct Acting {
    moment: AtMoment,
    alone: Applied<f64>,
    /// States of forces that have one.
    pub states: Vec<f64>,
    /// What every force records, one after the other, and where each begins.
    values: Vec<f64>,
    starts: Vec<usize>,
    /// Actuation, speed and power of every force that is an actuator.
    pub actuators: Vec<Option<[f64; 3]>>,
}

impl Acting {
    /// What a force records.
    pub fn recorded(&self, force: usize) -> &[f64] {
        &self.values[self.starts[force]..self.starts[force + 1]]
    }
}

impl Frame {
    pub fn new(scene: &Scene<'_>) -> Self {
        let built = scene.built;
        let (model, tree) = (&built.reduced, &built.tree);
        let (n, all) = (model.dof(), tree.dof());
        let acting = scene.acting.as_ref().map(|(mechanism, states)| {
            let (coordinates, bodies) = (model.coordinates().len(), model.bodies().len());
            Box::new(Acting {
                moment: AtMoment::new(mechanism),
                alone: Applied::new(coordinates, bodies, mechanism.paths.len()),
                states: vec![0.0; states.len()],
                values: vec![],
                starts: vec![],
                actuators: vec![],
            })
        });
        Self {
            time: 0.0,
            kinematics: Kinematics::new(model),
            dynamics: Dynamics::new(model, built.gravity),
            arms: built.reduced_paths.moment_arms(),
            q: vec![0.0; all],
            qd: vec![0.0; all],
            qdd: vec![0.0; all],
            own_q: vec![0.0; n],
            own_qd: vec![0.0; n],
            own_qdd: vec![0.0; n],
            slopes: vec![None; all],
            muscles: vec![None; built.muscles.len()],
            acting,
            speeds: vec![0.0; all],
            controls: vec![0.0; built.controls.len()],
            tau: vec![0.0; n],
            nothing: vec![Wrench::zero(); model.bodies().len()],
        }
    }

    pub fn go_to(&mut self, scene: &Scene<'_>, time: f64) -> Result<(), ToolError> {
        let (built, motion) = (scene.built, scene.motion);
        let model = &built.reduced;
        self.time = time;
        motion.at(time, &mut self.q, &mut self.qd, &mut self.qdd);
        if motion.has_written_rates() {
            self.speeds.copy_from_slice(&self.qd);
            built.speeds.from_rates(&self.q, &mut self.speeds);
            motion.written_rates(time, &mut self.speeds, &mut self.qdd);
            let rates = built.speeds.to_rates(&self.q, &mut self.speeds);
            rates.map_err(|lock| ToolError::NotFinite { what: lock.to_string(), time })?;
            self.qd.copy_from_slice(&self.speeds);
        }
        for degree in 0..model.dof() {
            let coordinate = model.coordinate_of_degree(degree);
            self.own_q[degree] = self.q[coordinate];
            self.own_qd[degree] = self.qd[coordinate];
            self.own_qdd[degree] = self.qdd[coordinate];
        }
        self.kinematics.update(model, &self.own_q);
        self.dynamics.update(model, &self.kinematics, &self.own_qd);
        self.dynamics.inverse_dynamics(model, &self.kinematics, &self.own_qdd, &self.nothing, &mut self.tau);
        self.q.copy_from_slice(&self.kinematics.coordinates);
        self.follow(built);
        if let Some(controls) = scene.given.controls {
            controls.drive(None).controls(time, &mut self.controls);
        }
        if scene.paths {
            built.reduced_paths.update(model, &self.kinematics, &mut self.arms).map_err(|unsettled| {
                ToolError::NotFinite {
                    what: format!("the line of `{}`", built.path_names[unsettled.path]),
                    time,
                }
            })?;
            for m in 0..self.muscles.len() {
                let (length, speed) = (self.arms.lengths[m], self.path_speed(built, m));
                self.muscles[m] = scene.fibers.at(m, time, self.controls[m], length, speed)?;
            }
        }
        self.act(scene)
    }

    /// Lengthening speed of a path, m/s.
    pub fn path_speed(&self, built: &Built, path: usize) -> f64 {
        self.arms.speed(&built.reduced_paths, path, &self.own_qd)
    }

    /// Speeds of all coordinates, as OpenSim counts them.
    pub fn speeds(&self, built: &Built) -> Vec<f64> {
        let mut speeds = self.qd.clone();
        built.speeds.from_rates(&self.q, &mut speeds);
        speeds
    }

    fn act(&mut self, scene: &Scene<'_>) -> Result<(), ToolError> {
        let (Some((mechanism, columns)), Some(acting)) = (&scene.acting, self.acting.as_deref_mut()) else {
            return Ok(());
        };
        let (time, built) = (self.time, scene.built);
        let Acting { moment, alone, states, values, starts, actuators } = acting;
        for (k, initial) in built.forces.iter().filter_map(Force::state) {
            let given = scene.given.states.zip(columns[k]);
            states[k] = given.map_or(initial, |(table, column)| table.value_at(column, time));
        }
        moment
            .move_to(mechanism, &self.own_q, &self.own_qd)
            .map_err(|unsettled| ToolError::Path { path: built.path_names[unsettled.path].clone(), time })?;
        values.clear();
        starts.clear();
        actuators.clear();
        moment.each_force(mechanism, time, &self.controls, states, |force, moment| {
            starts.push(values.len());
            force.record(moment, alone, values);
            let of =
                force.actuation(moment).zip(force.actuator_speed(moment)).zip(force.actuator_power(moment));
            actuators.push(of.map(|((actuation, speed), power)| [actuation, speed, power]));
        });
        starts.push(values.len());
        Ok(())
    }

    /// Rates of all coordinates from those of the degrees of freedom.
    fn follow(&mut self, built: &Built) {
        let model = &built.reduced;
        self.qd.fill(0.0);
        self.qdd.fill(0.0);
        self.slopes.fill(None);
        for degree in 0..model.dof() {
            let coordinate = model.coordinate_of_degree(degree);
            self.qd[coordinate] = self.own_qd[degree];
            self.qdd[coordinate] = self.own_qdd[degree];
            self.slopes[coordinate] = Some((degree, 1.0));
        }
        for coupler in model.couplers() {
            let sum: f64 = coupler.terms.iter().map(|(source, gain)| gain * self.q[*source]).sum();
            let rate: f64 = coupler.terms.iter().map(|(source, gain)| gain * self.qd[*source]).sum();
            let second: f64 = coupler.terms.iter().map(|(source, gain)| gain * self.qdd[*source]).sum();
            let [_, slope, bend, _] = coupler.function.taylor(sum);
            self.qd[coupler.dependent] = slope * rate;
            self.qdd[coupler.dependent] = slope * second + bend * rate * rate;
            if let [(source, gain)] = coupler.terms[..]
                && let Some((degree, own)) = self.slopes[source]
            {
                self.slopes[coupler.dependent] = Some((degree, slope * gain * own));
            }
        }
    }
}
