//! Muscle tables: fibre, tendon and activation of every muscle on its own.
//!
//! Differences of lengths and angles are relative to the value, those of velocities to the value and a thousandth of the
//! optimal fibre length a second, those of forces to the value and a thousandth of the maximum isometric force.
//!
//! * `elastic`: OpenSim stops where fibre and tendon differ by 1e-8 of the maximum isometric force. What that leaves open
//!   is taken off the difference: the force itself (over the cosine of the pennation angle for forces along the fibre),
//!   and for lengths the force over the stiffness of fibre and tendon. The fibre velocity is noise there.
//! * Rows where OpenSim holds the fibre at its shortest are compared as they are.
//! * `RigidTendonMuscle`: its activation is its control, which OpenSim's table leaves at zero whatever it says.
//! * Activation of `DeGrooteFregly2016Muscle`: OpenSim gives every muscle of a process the constants of the first one
//!   (they are `static`), so the first muscle of the model is asked for all of them.
//! * Left out: muscles without a table (OpenSim's Python knows no deprecated class), rows that OpenSim failed at,
//!   `Millard2012AccelerationMuscle` (read as an equilibrium muscle, which the import report says) and classes whose fibre
//!   is not modelled.

use super::case::{Case, numbers};
use super::row::{Bound, Row};
use anyhow::{Context, Result};
use guywire_engine::muscle::{HillMuscle, MuscleClass, MuscleState};
use serde_json::Value;

const BOUND: Bound = Bound::Within(1e-6);
/// OpenSim's `computeEquilibrium` stops at this force error over the maximum isometric force.
const STOP: f64 = 1e-8;
/// Added to the value that a difference is relative to: over maximum isometric force, or over the optimal fibre length.
const FLOOR: f64 = 1e-3;

/// What a row of a table says.
struct Line {
    path_length: f64,
    path_speed: f64,
    activation: f64,
    fiber_length: f64,
    pennation: f64,
    fiber_velocity: f64,
    active: f64,
    passive: f64,
    tendon: f64,
}

impl Line {
    /// A row with (`dynamic`) or without a path speed; none where a number is missing.
    fn read(row: &Value, dynamic: bool) -> Option<Self> {
        let mut values = numbers(row);
        if !dynamic {
            values.insert(1.min(values.len()), 0.0);
        }
        let [
            path_length,
            path_speed,
            activation,
            fiber_length,
            pennation,
            fiber_velocity,
            active,
            passive,
            tendon,
            _,
        ] = values[..]
        else {
            return None;
        };
        let line = Self {
            path_length,
            path_speed,
            activation,
            fiber_length,
            pennation,
            fiber_velocity,
            active,
            passive,
            tendon,
        };
        values.iter().all(|v| v.is_finite()).then_some(line)
    }
}

/// All tables of a model.
pub fn rows(case: &Case) -> Result<Vec<Row>> {
    let mut tables = [
        Row::new("muscles elastic", BOUND),
        Row::new("muscles elastic, moving", BOUND),
        Row::new("muscles rigid", BOUND),
        Row::new("muscles rigid, moving", BOUND),
        Row::new("activation dynamics", BOUND),
    ];
    let mut first_groote: Option<&HillMuscle> = None;
    for table in case.data["muscle_tables"].as_array().into_iter().flatten() {
        let name = table["name"].as_str().context("a muscle table without a name")?;
        let index = case.built.controls.iter().position(|c| c.name == name);
        let muscle =
            index.and_then(|i| case.built.muscles.get(i)).with_context(|| format!("no muscle {name}"))?;
        let class = table["class"].as_str().unwrap_or_default();
        if !table["error"].is_null() || class == "Millard2012AccelerationMuscle" || is_unknown(muscle) {
            tables.iter_mut().for_each(Row::leave_out);
            continue;
        }
        let [elastic, moving, rigid, rigid_moving, dynamics] = &mut tables;
        let failed = table["failed"].as_array().map_or(0, Vec::len);
        (0..failed).for_each(|_| elastic.leave_out());
        let (soft, stiff) = (muscle.with_tendon(false), muscle.with_tendon(true)?);
        if let Ok(soft) = soft {
            compare(elastic, table, "elastic", &soft, |m, line| {
                m.equilibrium(line.activation, line.path_length, line.path_speed)
            })?;
            compare(moving, table, "elastic_dynamic", &soft, |m, line| {
                m.state(line.activation, line.fiber_length, line.path_length, line.path_speed)
            })?;
        }
        for (row, kind) in [(rigid, "rigid"), (rigid_moving, "rigid_dynamic")] {
            compare(row, table, kind, &stiff, |m, line| {
                let excited = !matches!(m.class(), MuscleClass::RigidTendon { .. });
                let activation = if excited { line.activation } else { 0.0 };
                m.rigid(activation, line.path_length, line.path_speed)
            })?;
        }
        let asked = match muscle.class() {
            MuscleClass::DeGrooteFregly2016(_) => *first_groote.get_or_insert(muscle),
            _ => muscle,
        };
        for row in table["activation_dynamics"].as_array().into_iter().flatten() {
            if let [excitation, activation, rate] = numbers(row)[..] {
                let difference =
                    (asked.activation_rate(excitation, activation) - rate) / (rate.abs() + FLOOR);
                dynamics.compare(difference, || format!("{name}, excitation {excitation}"));
            }
        }
    }
    Ok(tables.to_vec())
}

fn is_unknown(muscle: &HillMuscle) -> bool {
    matches!(muscle.class(), MuscleClass::PathOnly)
}

fn compare<E: core::error::Error + Send + Sync + 'static>(
    row: &mut Row,
    table: &Value,
    kind: &str,
    muscle: &HillMuscle,
    state: impl Fn(&HillMuscle, &Line) -> Result<MuscleState, E>,
) -> Result<()> {
    let (name, dynamic) = (table["name"].as_str().unwrap_or_default(), kind.ends_with("dynamic"));
    let (most, optimal) = (muscle.properties().max_isometric_force, muscle.properties().optimal_fiber_length);
    for entry in table[kind].as_array().into_iter().flatten() {
        let Some(line) = Line::read(entry, dynamic) else {
            row.leave_out();
            continue;
        };
        let s = state(muscle, &line)?;
        let stop = if kind == "elastic" { STOP } else { 0.0 };
        let stiffness =
            muscle.imbalance(line.activation, s.fiber_length * s.cos_pennation, line.path_length).1;
        let loose = if stop > 0.0 && stiffness > 0.0 { stop / stiffness } else { 0.0 };
        let along = stop * most / s.cos_pennation;
        let mut put = |what: &str, found: f64, expected: f64, open: f64, floor: f64| {
            // Not max(): what is not a number has to stay so.
            let beyond = (found - expected).abs() - open;
            let difference = if beyond <= 0.0 { 0.0 } else { beyond / (expected.abs() + floor) };
            row.compare(difference, || {
                format!("{name}: {what} at path {} m, activation {}", line.path_length, line.activation)
            });
        };
        put("fibre length", s.fiber_length, line.fiber_length, loose, 0.0);
        let turn = loose / (line.fiber_length * s.cos_pennation);
        put("pennation angle", s.pennation(), line.pennation, turn, 1e-6);
        if dynamic {
            put("fibre velocity", s.fiber_velocity, line.fiber_velocity, 0.0, FLOOR * optimal);
        }
        put("active force", s.active_fiber_force, line.active, along, FLOOR * most);
        put("passive force", s.passive_fiber_force, line.passive, along, FLOOR * most);
        put("tendon force", s.tendon_force, line.tendon, stop * most, FLOOR * most);
    }
    Ok(())
}
