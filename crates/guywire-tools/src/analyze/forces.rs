//! Forces of all classes, what actuators do, and states, in OpenSim's files and columns.

use super::frame::Frame;
use super::{Given, NamedTable, Plan};
use crate::ToolError;
use crate::states::State;
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description::{CoordinateMotion, Force, ForceKind};
use guywire_osim::table::{Table, Unit};

/// Where the numbers of a force are in a frame.
#[derive(Clone, Copy, Debug)]
enum Source {
    Muscle(usize),
    /// Index into [`Built::forces`].
    Other(usize),
}

/// Every force that is on, in the order of the ForceSet; what is not understood is none.
fn sources(model: &Description, built: &Built) -> Vec<(usize, Source)> {
    let mut muscles = 0;
    let mut found = Vec::new();
    for (index, force) in model.forces.iter().enumerate() {
        let source = match &force.kind {
            ForceKind::Muscle(_) => {
                muscles += 1;
                Some(Source::Muscle(muscles - 1))
            }
            _ => built.forces.iter().position(|own| own.source == index).map(Source::Other),
        };
        found.extend(source.filter(|_| force.applies_force).map(|source| (index, source)));
    }
    found
}

fn table(title: &str, file: String, columns: impl IntoIterator<Item = (String, Unit)>) -> NamedTable {
    let mut table = Table::with_columns(title, columns);
    table.in_degrees = Some(false);
    NamedTable { file: format!("{file}.sto"), table }
}

fn missing(frame: &Frame) -> ToolError {
    ToolError::NotFinite { what: "a force that was not computed".into(), time: frame.time }
}

/// `ForceReporter`: every force that is on, then the loads from outside.
pub(super) fn reporter<'a>(
    model: &Description,
    built: &'a Built,
    given: &Given<'a>,
    prefix: &str,
) -> Plan<'a> {
    let sources = sources(model, built);
    let mut columns: Vec<_> =
        sources.iter().flat_map(|(index, _)| labels(model, &model.forces[*index])).collect();
    let loads = given.loads;
    columns.extend(loads.into_iter().flat_map(|loads| loads.columns()));
    let files = vec![table("ModelForces", format!("{prefix}_forces"), columns)];
    Plan::new(files, move |frame, row| {
        let acting = frame.acting.as_deref().ok_or_else(|| missing(frame))?;
        for &(_, source) in &sources {
            match source {
                Source::Muscle(m) => {
                    let (_, state) = frame.muscles[m].as_ref().ok_or_else(|| missing(frame))?;
                    row.push(state.tendon_force);
                }
                Source::Other(k) => row.extend(acting.recorded(k)),
            }
        }
        if let Some(loads) = loads {
            loads.report(frame.time, &frame.kinematics.bodies, row);
        }
        Ok(())
    })
}

/// `Actuation`: force, speed and power of every actuator that is on.
pub(super) fn actuation<'a>(
    model: &Description,
    built: &'a Built,
    prefix: &str,
    notes: &mut Vec<String>,
) -> Plan<'a> {
    let mut actuators = sources(model, built);
    let controlled = |index: usize| built.controls.iter().any(|control| control.force == index);
    actuators.retain(|&(index, _)| controlled(index));
    let six: Vec<&str> = actuators
        .iter()
        .map(|&(index, _)| &model.forces[index])
        .filter(|force| matches!(force.kind, ForceKind::BodyActuator { .. }))
        .map(|force| force.name.as_str())
        .collect();
    if !six.is_empty() {
        // OpenSim 4.6 ends without a message on such a model.
        notes.push(format!(
            "body actuators have six controls and are in no table of actuation: {}",
            six.join(", ")
        ));
    }
    actuators.retain(|&(index, _)| !matches!(model.forces[index].kind, ForceKind::BodyActuator { .. }));
    let titles = [("force", "ActuatorForces"), ("speed", "ActuatorSpeeds"), ("power", "ActuatorPowers")];
    let files = titles.map(|(end, title)| {
        let columns = actuators.iter().map(|&(index, _)| {
            let force = &model.forces[index];
            let unit = if end == "force" { unit(model, force) } else { Unit::Unstated };
            (force.name.clone(), unit)
        });
        table(title, format!("{prefix}_{end}"), columns)
    });
    Plan::new(files.into(), move |frame, row| {
        let acting = frame.acting.as_deref().ok_or_else(|| missing(frame))?;
        let mut all = Vec::with_capacity(actuators.len());
        for &(_, source) in &actuators {
            all.push(match source {
                Source::Muscle(m) => {
                    let (_, state) = frame.muscles[m].as_ref().ok_or_else(|| missing(frame))?;
                    let speed = frame.path_speed(built, m);
                    [state.tendon_force, speed, -state.tendon_force * speed]
                }
                Source::Other(k) => acting.actuators[k].ok_or_else(|| missing(frame))?,
            });
        }
        for quantity in 0..3 {
            row.extend(all.iter().map(|numbers| numbers[quantity]));
        }
        Ok(())
    })
}

/// `StatesReporter`: all states.
pub(super) fn states<'a>(model: &Description, built: &'a Built, prefix: &str) -> Plan<'a> {
    let columns = crate::states::columns(model, built);
    let named = columns.iter().map(|column| (column.name.clone(), column.unit));
    let files = vec![table("ModelStates", format!("{prefix}_states"), named)];
    Plan::new(files, move |frame, row| {
        let acting = frame.acting.as_deref().ok_or_else(|| missing(frame))?;
        let speeds = frame.speeds(built);
        for column in &columns {
            let muscle = |m: usize| frame.muscles[m].as_ref().ok_or_else(|| missing(frame));
            row.push(match column.state {
                State::Value(k) => frame.q[k],
                State::Speed(k) => speeds[k],
                State::Activation(m) => muscle(m)?.0,
                State::FiberLength(m) => muscle(m)?.1.fiber_length,
                State::Force(k) => acting.states[k],
            });
        }
        Ok(())
    })
}

/// Whether a coordinate turns.
fn turns(model: &Description, coordinate: &str) -> bool {
    model.joints.iter().any(|joint| {
        let place = joint.coordinates.iter().position(|c| c.name == coordinate);
        place.is_some_and(|k| joint.motion(k) != CoordinateMotion::Translational)
    })
}

/// Unit of a force of one number.
fn unit(model: &Description, force: &Force) -> Unit {
    match &force.kind {
        ForceKind::TorqueActuator { .. } => Unit::NewtonMetre,
        ForceKind::CoordinateActuator { coordinate, .. }
        | ForceKind::ActivationCoordinateActuator { coordinate, .. }
        | ForceKind::CoordinateLimitForce { coordinate, .. }
        | ForceKind::SpringGeneralizedForce { coordinate, .. }
        | ForceKind::ExpressionBasedCoordinate { coordinate, .. }
            if turns(model, coordinate) =>
        {
            Unit::NewtonMetre
        }
        _ => Unit::Newton,
    }
}

/// Columns of a force, in the order of [`guywire_engine::force::Force::record`].
fn labels(model: &Description, force: &Force) -> Vec<(String, Unit)> {
    let name = &force.name;
    let one = |end: &str| (format!("{name}{end}"), unit(model, force));
    let axes = |begin: &str, unit: Unit| ["X", "Y", "Z"].map(|axis| (format!("{name}.{begin}.{axis}"), unit));
    let on_frames = |frames: &[String], second: &str, unit: Unit| {
        let of = |frame: &String| {
            let begin = |what: &str| format!("{frame}.{what}");
            [axes(&begin("force"), Unit::Newton), axes(&begin(second), unit)].concat()
        };
        frames.iter().flat_map(of).collect::<Vec<_>>()
    };
    match &force.kind {
        ForceKind::CoordinateLimitForce { .. } => vec![one(""), ("PotentialEnergy".into(), Unit::Unstated)],
        ForceKind::SpringGeneralizedForce { .. } => vec![one("_Force")],
        ForceKind::PathSpring { .. } | ForceKind::ExpressionBasedPath { .. } => vec![one("_tension")],
        ForceKind::BlankevoortLigament { .. } => vec![
            one(".force_spring"),
            one(".force_damping"),
            one(".force_total"),
            (format!("{name}.length"), Unit::Metre),
            (format!("{name}.lengthening_speed"), Unit::Unstated),
            (format!("{name}.strain"), Unit::One),
            (format!("{name}.strain_rate"), Unit::Unstated),
        ],
        ForceKind::PointToPointSpring { .. } | ForceKind::ExpressionBasedPointToPoint { .. } => {
            on_frames(&force.frames, "point", Unit::Metre)
        }
        ForceKind::MeyerFregly2016 { .. } => {
            let of = |station: &String| axes(&format!("{station}.force"), Unit::Newton);
            force.frames.iter().flat_map(of).collect()
        }
        ForceKind::Bushing { .. }
        | ForceKind::FunctionBasedBushing { .. }
        | ForceKind::ExpressionBasedBushing { .. }
        | ForceKind::HuntCrossley { .. }
        | ForceKind::ElasticFoundation { .. } => on_frames(&force.frames, "torque", Unit::NewtonMetre),
        ForceKind::SmoothSphereHalfSpace { .. } => {
            on_frames(&["Sphere", "HalfSpace"].map(str::to_owned), "torque", Unit::NewtonMetre)
        }
        ForceKind::PrescribedForce { force_is_global, force: pushing, point, torque, .. } => {
            let frame = force.frames.first().filter(|_| !force_is_global).map_or("ground", String::as_str);
            let three = |what: &str, unit: Unit| {
                ["x", "y", "z"].map(|axis| (format!("{frame}_{name}_{what}{axis}"), unit))
            };
            let mut columns = Vec::new();
            if pushing.len() == 3 {
                columns.extend(three("f", Unit::Newton));
                if point.len() == 3 {
                    columns.extend(three("p", Unit::Metre));
                }
            }
            if torque.len() == 3 {
                columns.extend(three("torque_", Unit::NewtonMetre));
            }
            columns
        }
        ForceKind::BodyActuator { .. } | ForceKind::Unknown { .. } => vec![],
        _ => vec![one("")],
    }
}
