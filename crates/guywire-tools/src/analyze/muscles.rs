//! Lengths, velocities, forces, powers, moment arms and moments of muscles.
//!
//! Activations and fibre lengths are those of the states, if there are any. Coordinates say nothing of them: every muscle
//! then has its default activation, and its fibre and tendon are in equilibrium at every frame, as OpenSim's tool has
//! them with `solve_for_equilibrium_for_auxiliary_states`, which in some classes depends on the path's speed
//! ([`HillMuscle::initial_fiber_length`]); the fibre's velocity then follows from the balance of forces at that length.
//! Without that property OpenSim's fibres keep the default length whatever the path does, which says nothing; they are
//! in equilibrium here.
//!
//! Damping takes energy away, so that its power counts as active, as in OpenSim.

use super::{Analysis, AnalyzeSettings, Frame, NamedTable, Plan, chosen};
use crate::ToolError;
use crate::motion::is_state_of;
use guywire_engine::muscle::MuscleState;
use guywire_osim::build::Built;
use guywire_osim::table::{Column, Table, Unit};

#[cfg(doc)]
use guywire_engine::muscle::HillMuscle;

/// OpenSim's files, in its order, and what is in them.
type Quantity = (&'static str, Unit, fn(&MuscleState, &Path) -> f64);

/// What of a muscle is not in its state.
struct Path {
    /// m.
    length: f64,
    /// m/s.
    speed: f64,
    /// Passive force of the fibre without damping, N.
    elastic: f64,
}

const QUANTITIES: [Quantity; 18] = [
    ("PennationAngle", Unit::Radian, |s, _| s.pennation()),
    ("Length", Unit::Metre, |_, path| path.length),
    ("FiberLength", Unit::Metre, |s, _| s.fiber_length),
    ("NormalizedFiberLength", Unit::One, |s, _| s.norm_fiber_length),
    ("TendonLength", Unit::Metre, |s, _| s.tendon_length),
    ("FiberVelocity", Unit::Unstated, |s, _| s.fiber_velocity),
    ("NormFiberVelocity", Unit::One, |s, _| s.norm_fiber_velocity),
    ("PennationAngularVelocity", Unit::Unstated, |s, _| s.pennation_velocity()),
    ("TendonForce", Unit::Newton, |s, _| s.tendon_force),
    ("FiberForce", Unit::Newton, |s, _| s.fiber_force()),
    ("ActiveFiberForce", Unit::Newton, |s, _| s.active_fiber_force),
    ("PassiveFiberForce", Unit::Newton, |s, _| s.passive_fiber_force),
    ("ActiveFiberForceAlongTendon", Unit::Newton, |s, _| s.active_fiber_force * s.cos_pennation),
    ("PassiveFiberForceAlongTendon", Unit::Newton, |s, _| s.passive_fiber_force * s.cos_pennation),
    ("FiberActivePower", Unit::Unstated, |s, path| (path.elastic - s.fiber_force()) * s.fiber_velocity),
    ("FiberPassivePower", Unit::Unstated, |s, path| -path.elastic * s.fiber_velocity),
    ("TendonPower", Unit::Unstated, |s, _| -s.tendon_force * s.tendon_velocity),
    ("MuscleActuatorPower", Unit::Unstated, |s, path| -s.tendon_force * path.speed),
];

pub(super) fn plan<'a>(
    built: &'a Built,
    states: Option<&'a Table>,
    settings: &AnalyzeSettings,
    analysis: &Analysis,
    notes: &mut Vec<String>,
) -> Result<Plan<'a>, ToolError> {
    let Analysis::MuscleAnalysis { name, muscles, coordinates, moments } = analysis else {
        return Ok(Plan { files: vec![], paths: false, record: Box::new(|_, _| Ok(())) });
    };
    // The paths of muscles come first.
    let names = &built.path_names[..built.muscles.len().min(built.path_names.len())];
    let muscles = chosen("muscle_list", muscles, names)?;
    let known = built.index.coordinate_names();
    let coordinates =
        if *moments { chosen("moment_arm_coordinate_list", coordinates, known)? } else { vec![] };
    let table = |end: String, unit: Unit| {
        let columns = muscles.iter().map(|&m| (names[m].clone(), unit));
        let mut table = Table::with_columns(&end, columns);
        table.in_degrees = Some(false);
        NamedTable { file: format!("{}_{name}_{end}.sto", settings.name), table }
    };
    let mut files: Vec<NamedTable> =
        coordinates.iter().map(|&c| table(format!("MomentArm_{}", known[c]), Unit::Unstated)).collect();
    files.extend(coordinates.iter().map(|&c| table(format!("Moment_{}", known[c]), Unit::Unstated)));
    files.extend(QUANTITIES.map(|(end, unit, _)| table(end.to_owned(), unit)));
    let column = |m: usize, state: &str| -> Option<&'a Column> {
        states?.columns.iter().find(|column| is_state_of(&column.name, &names[m], state))
    };
    let activations: Vec<_> = muscles.iter().map(|&m| column(m, "activation")).collect();
    // A rigid tendon leaves its fibre no choice.
    let given = |m: usize| column(m, "fiber_length").filter(|_| !settings.equilibrium);
    let fibers: Vec<_> = muscles.iter().map(|&m| given(m)).collect();
    if activations.iter().any(Option::is_none) {
        notes.push("muscles of which no state tells have their default activation".into());
    }
    let elastic = |m: usize| !built.muscles[m].properties().ignore_tendon_compliance;
    if muscles.iter().zip(&fibers).any(|(&m, fiber)| fiber.is_none() && elastic(m)) {
        notes.push("fibres of which no state tells are in equilibrium at every frame".into());
    }

    let record = move |frame: &Frame, row: &mut Vec<f64>| {
        let paths = &built.reduced_paths;
        let mut found = Vec::with_capacity(muscles.len());
        for (k, &m) in muscles.iter().enumerate() {
            let (muscle, length) = (&built.muscles[m], frame.arms.lengths[m]);
            let speed = frame.arms.speed(paths, m, &frame.own_qd);
            let state = |column: Option<&Column>| Some(states?.value_at(column?, frame.time));
            let activation = state(activations[k]).unwrap_or(muscle.properties().default_activation);
            let fiber =
                state(fibers[k]).unwrap_or_else(|| muscle.initial_fiber_length(activation, length, speed));
            let state = muscle.state(activation, fiber, length, speed).map_err(|_| ToolError::NotFinite {
                what: format!("the state of `{}`", built.path_names[m]),
                time: frame.time,
            })?;
            let elastic = state.passive_force_length * muscle.properties().max_isometric_force;
            found.push((state, Path { length, speed, elastic }));
        }
        let arm = |m: usize, coordinate: usize| match frame.slopes[coordinate] {
            // Per unit of the coordinate, whatever else moves with it.
            Some((degree, slope)) if slope != 0.0 => {
                let of_degree = paths.row(m).find(|&k| paths.columns()[k] == degree);
                of_degree.map_or(0.0, |k| frame.arms.values[k] / slope)
            }
            _ => 0.0,
        };
        for &coordinate in &coordinates {
            row.extend(muscles.iter().map(|&m| arm(m, coordinate)));
        }
        for &coordinate in &coordinates {
            let pairs = muscles.iter().zip(&found);
            row.extend(pairs.map(|(&m, (state, _))| arm(m, coordinate) * state.tendon_force));
        }
        for (_, _, value) in QUANTITIES {
            row.extend(found.iter().map(|(state, path)| value(state, path)));
        }
        Ok(())
    };
    Ok(Plan { files, paths: true, record: Box::new(record) })
}
