//! Lengths, velocities, forces, powers, moment arms and moments of muscles.
//!
//! A motion says nothing of activations: every muscle has its default activation, and its fibre and tendon are in
//! equilibrium at every frame, as OpenSim's tool has them with `solve_for_equilibrium_for_auxiliary_states`; the fibre's
//! velocity then follows from the balance of forces at that length.

use super::{Analysis, Frame, NamedTable, Plan, chosen};
use crate::ToolError;
use guywire_engine::muscle::MuscleState;
use guywire_osim::build::Built;
use guywire_osim::table::{Table, Unit};

/// OpenSim's files, in its order, and what is in them.
type Quantity = (&'static str, Unit, fn(&MuscleState, f64, f64) -> f64);
const QUANTITIES: [Quantity; 18] = [
    ("PennationAngle", Unit::Radian, |s, _, _| s.pennation()),
    ("Length", Unit::Metre, |_, length, _| length),
    ("FiberLength", Unit::Metre, |s, _, _| s.fiber_length),
    ("NormalizedFiberLength", Unit::One, |s, _, _| s.norm_fiber_length),
    ("TendonLength", Unit::Metre, |s, _, _| s.tendon_length),
    ("FiberVelocity", Unit::Unstated, |s, _, _| s.fiber_velocity),
    ("NormFiberVelocity", Unit::One, |s, _, _| s.norm_fiber_velocity),
    ("PennationAngularVelocity", Unit::Unstated, |s, _, _| s.pennation_velocity()),
    ("TendonForce", Unit::Newton, |s, _, _| s.tendon_force),
    ("FiberForce", Unit::Newton, |s, _, _| s.fiber_force()),
    ("ActiveFiberForce", Unit::Newton, |s, _, _| s.active_fiber_force),
    ("PassiveFiberForce", Unit::Newton, |s, _, _| s.passive_fiber_force),
    ("ActiveFiberForceAlongTendon", Unit::Newton, |s, _, _| s.active_fiber_force * s.cos_pennation),
    ("PassiveFiberForceAlongTendon", Unit::Newton, |s, _, _| s.passive_fiber_force * s.cos_pennation),
    ("FiberActivePower", Unit::Unstated, |s, _, _| -s.active_fiber_force * s.fiber_velocity),
    ("FiberPassivePower", Unit::Unstated, |s, _, _| -s.passive_fiber_force * s.fiber_velocity),
    ("TendonPower", Unit::Unstated, |s, _, _| -s.tendon_force * s.tendon_velocity),
    ("MuscleActuatorPower", Unit::Unstated, |s, _, speed| -s.tendon_force * speed),
];

pub(super) fn plan<'a>(
    built: &'a Built,
    tool: &str,
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
        NamedTable { file: format!("{tool}_{name}_{end}.sto"), table }
    };
    let mut files: Vec<NamedTable> =
        coordinates.iter().map(|&c| table(format!("MomentArm_{}", known[c]), Unit::Unstated)).collect();
    files.extend(coordinates.iter().map(|&c| table(format!("Moment_{}", known[c]), Unit::Unstated)));
    files.extend(QUANTITIES.map(|(end, unit, _)| table(end.to_owned(), unit)));
    notes.push("muscles have their default activation and are in equilibrium at every frame".into());

    let record = move |frame: &Frame, row: &mut Vec<f64>| {
        let paths = &built.reduced_paths;
        let mut states = Vec::with_capacity(muscles.len());
        for &m in &muscles {
            let (muscle, length) = (&built.muscles[m], frame.arms.lengths[m]);
            let speed = frame.arms.speed(paths, m, &frame.own_qd);
            let activation = muscle.properties().default_activation;
            let fiber = muscle.equilibrium_length(activation, length);
            let state = muscle.state(activation, fiber, length, speed).map_err(|_| ToolError::NotFinite {
                what: format!("the state of `{}`", built.path_names[m]),
                time: frame.time,
            })?;
            states.push((state, length, speed));
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
            let pairs = muscles.iter().zip(&states);
            row.extend(pairs.map(|(&m, (state, ..))| arm(m, coordinate) * state.tendon_force));
        }
        for (_, _, value) in QUANTITIES {
            row.extend(states.iter().map(|(state, length, speed)| value(state, *length, *speed)));
        }
        Ok(())
    };
    Ok(Plan { files, paths: true, record: Box::new(record) })
}
