//! Lengths, velocities, forces, powers, moment arms and moments of muscles.
//!
//! Damping takes energy away, so that its power counts as active, as in OpenSim.

use super::fibers::muscle_names;
use super::frame::Frame;
use super::{Analysis, AnalyzeSettings, NamedTable, Plan, chosen};
use crate::ToolError;
use guywire_engine::muscle::MuscleState;
use guywire_osim::build::Built;
use guywire_osim::table::{Table, Unit};

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
    settings: &AnalyzeSettings,
    analysis: &Analysis,
) -> Result<Plan<'a>, ToolError> {
    let Analysis::MuscleAnalysis { name, muscles, coordinates, moments } = analysis else {
        return Ok(Plan::new(vec![], |_, _| Ok(())));
    };
    let names = muscle_names(built);
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

    let record = move |frame: &Frame, row: &mut Vec<f64>| {
        let paths = &built.reduced_paths;
        let mut found = Vec::with_capacity(muscles.len());
        for &m in &muscles {
            let Some((_, state)) = frame.muscles[m] else {
                let what = format!("the state of `{}`", built.path_names[m]);
                return Err(ToolError::NotFinite { what, time: frame.time });
            };
            let muscle = &built.muscles[m];
            let (length, speed) = (frame.arms.lengths[m], frame.path_speed(built, m));
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
    Ok(Plan::new(files, record))
}
