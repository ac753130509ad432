//! From the tables of muscles, points and wraps to paths and muscles of both sides.

use super::BodyError;
use super::scale::ScaledPerson;
use super::skeleton::{self, left};
use super::tables::{MuscleRow, PointRow, TableError, WrapRow, rows};
use super::tissue_constants::TissueConstants;
use crate::side::Side;
use guywire_engine::muscle::{
    ActiveForceLength, MuscleParameters, PassiveCurve, PassiveForceLength, ThelenPassive, millard,
};
use guywire_engine::path::{AllowedSide, Path, PathPoint, Shape, Surface, Wrap};
use guywire_engine::{Model, Muscle};
use guywire_math::{Mat3, Pose, Vec3};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a muscle is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MuscleInfo {
    /// Fascicle without side, as in the table.
    pub name: String,
    /// Anatomical muscle in words.
    pub anatomical: String,
    /// Anatomical muscle as written in case files.
    pub key: String,
    /// Tissue group it is reported in.
    pub group: String,
    /// Side.
    pub side: Side,
    /// Greatest isometric force of this body's muscle, N.
    pub max_isometric_force_n: f64,
    /// Optimal fibre length, m.
    pub optimal_fiber_length_m: f64,
    /// Tendon slack length, m.
    pub tendon_slack_length_m: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// A source of the body's data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceInfo {
    /// File of the data folder.
    pub path: String,
    /// What it holds.
    pub what: String,
    /// Where it comes from.
    pub source: String,
    /// Licence of the source.
    pub licence: String,
}

#[derive(Clone, Debug, Deserialize)]
struct CurveRow {
    name: String,
    kind: String,
    strain_zero: Option<f64>,
    strain_one: Option<f64>,
    stiffness_low: Option<f64>,
    stiffness_one: Option<f64>,
    shape: Option<f64>,
    curviness: Option<f64>,
}

fn passive_curve(row: &CurveRow) -> Result<(PassiveForceLength, FiberCurve), String> {
    let need =
        |value: Option<f64>, what: &str| value.ok_or_else(|| format!("curve `{}` has no {what}", row.name));
    let built = match row.kind.as_str() {
        "millard" => {
            let shape = millard::PassiveShape {
                strain_at_zero_force: need(row.strain_zero, "strain_zero")?,
                strain_at_one_norm_force: need(row.strain_one, "strain_one")?,
                stiffness_at_low_force: need(row.stiffness_low, "stiffness_low")?,
                stiffness_at_one_norm_force: need(row.stiffness_one, "stiffness_one")?,
                curviness: need(row.curviness, "curviness")?,
            };
            PassiveForceLength::millard(&shape).map(|curve| (curve, FiberCurve::Millard(shape)))
        }
        "thelen" => {
            let (shape, strain) = (need(row.shape, "shape")?, need(row.strain_one, "strain_one")?);
            ThelenPassive::new(shape, strain).map(|curve| {
                let rounded = PassiveCurve::Thelen(curve.rounded(THELEN_ROUNDING));
                (rounded.into(), FiberCurve::Thelen { shape, strain })
            })
        }
        kind => return Err(format!("curve `{}` is of no known kind `{kind}`", row.name)),
    };
    built.map_err(|e| e.to_string())
}

/// Strain over which the corner of Thelen's passive curve is rounded (assumed; a hundredth of a fibre).
pub(super) const THELEN_ROUNDING: f64 = 0.01;

/// The muscles of a body: one entry each in all lists.
pub(super) struct Built {
    pub infos: Vec<MuscleInfo>,
    pub paths: Vec<Path>,
    pub muscles: Vec<Muscle>,
    pub fibers: Vec<Fiber>,
}

/// What the curves of a muscle are made of.
#[derive(Clone, Debug)]
pub(crate) struct Fiber {
    pub curve: FiberCurve,
    /// Tendon strain at maximum isometric force in the source; the body's own tendons do not stretch.
    pub tendon_strain: f64,
}

/// A passive curve by its parameters.
#[derive(Clone, Debug)]
pub(crate) enum FiberCurve {
    Millard(millard::PassiveShape),
    Thelen { shape: f64, strain: f64 },
}

/// Lengths of the paths of the unscaled body in its neutral pose, m, in the order of [`Built`].
pub(super) fn reference_lengths() -> Result<Vec<f64>, BodyError> {
    let person = ScaledPerson::reference();
    let model = skeleton::build(&person.scaling)?;
    let at = super::landmarks::neutral(&model)?;
    let (rows, points) = (rows!(MuscleRow, "muscles.csv")?, rows!(PointRow, "paths.csv")?);
    let wraps = rows!(WrapRow, "wraps.csv")?;
    let each = [Side::Right, Side::Left].into_iter().flat_map(|side| rows.iter().map(move |row| (side, row)));
    each.map(|(side, row)| Ok(path(row, side, &model, &person, points, wraps)?.follow(&at, |_| {}))).collect()
}

/// Builds the muscles of `model`, scaled by the ratio of their path lengths to those of the unscaled body.
pub(super) fn build(
    model: &Model,
    reference_lengths: &[f64],
    person: &ScaledPerson,
    constants: &TissueConstants,
) -> Result<Built, BodyError> {
    let rows = rows!(MuscleRow, "muscles.csv")?;
    let points = rows!(PointRow, "paths.csv")?;
    let wraps = rows!(WrapRow, "wraps.csv")?;
    let curves = rows!(CurveRow, "passive_curves.csv")?;
    // Muscles of one shape share its curve.
    let curves: BTreeMap<&str, _> = curves.iter().map(|c| (c.name.as_str(), passive_curve(c))).collect();
    let millard = ActiveForceLength::millard(&millard::ActiveShape::default()).map_err(|e| e.to_string());
    let at = super::landmarks::neutral(model)?;
    let mut built = Built { infos: Vec::new(), paths: Vec::new(), muscles: Vec::new(), fibers: Vec::new() };
    for side in [Side::Right, Side::Left] {
        for (i, row) in rows.iter().enumerate() {
            let refuse = |problem: String| TableError {
                table: "muscles.csv",
                line: i as u64 + 2,
                problem: format!("{}: {problem}", row.muscle),
            };
            let path = path(row, side, model, person, points, wraps)?;
            // Fibres and tendons grow with the path they lie in.
            let size = path.follow(&at, |_| {}) / reference_lengths[built.paths.len()];
            let curve = curves.get(row.passive_curve.as_str());
            let curve = curve.ok_or_else(|| refuse(format!("no passive curve `{}`", row.passive_curve)))?;
            let (mut passive, curve) = curve.clone().map_err(&refuse)?;
            built.fibers.push(Fiber { curve, tendon_strain: row.tendon_strain_at_fmax });
            let fascicle = row.muscle.strip_suffix("_r").unwrap_or(&row.muscle);
            let named = |name: &String| *name == row.key || name == fascicle;
            for adjustment in constants.passive.iter().filter(|a| a.muscles.iter().any(named)) {
                passive.stretch *= adjustment.stretch;
                passive.scale *= adjustment.scale;
            }
            let active = match row.model.as_str() {
                "millard2012" => millard.clone().map_err(&refuse)?,
                "thelen2003" => ActiveForceLength::Thelen { gamma: 0.45 },
                other => return Err(refuse(format!("no muscle model `{other}`")).into()),
            };
            let parameters = MuscleParameters {
                max_isometric_force: row.f_max * person.strength,
                optimal_fiber_length: row.l_opt * size,
                tendon_slack_length: row.l_slack * size,
                pennation_at_optimal: row.pennation,
                active,
                passive,
            };
            parameters
                .validate()
                .map_err(|e| BodyError::Muscle { muscle: row.muscle.clone(), problem: e.to_string() })?;
            let name = row.muscle.strip_suffix("_r").unwrap_or(&row.muscle).to_owned();
            built.infos.push(MuscleInfo {
                name: name.clone(),
                anatomical: row.anatomical.clone(),
                key: row.key.clone(),
                group: row.tissue_group.clone(),
                side,
                max_isometric_force_n: parameters.max_isometric_force,
                optimal_fiber_length_m: parameters.optimal_fiber_length,
                tendon_slack_length_m: parameters.tendon_slack_length,
                source: row.source.clone(),
            });
            built.muscles.push(Muscle {
                name: format!("{name}.{}", side.name()),
                volume: parameters.max_isometric_force * parameters.optimal_fiber_length,
                floor: 0.0,
                ceiling: 1.0,
                parameters,
            });
            built.paths.push(path);
        }
    }
    Ok(built)
}

fn path(
    row: &MuscleRow,
    side: Side,
    model: &Model,
    person: &ScaledPerson,
    points: &[PointRow],
    wraps: &[WrapRow],
) -> Result<Path, BodyError> {
    let find = |name: &str| -> Result<(usize, Vec3<f64>), BodyError> {
        let name = if side == Side::Left { left(name) } else { name.to_owned() };
        let body = model.body(&name).ok_or(BodyError::Missing { what: "body", name: name.clone() })?;
        Ok((body, person.scaling.of(&name)))
    };
    let sign = if side == Side::Left { -1.0 } else { 1.0 };
    let mut own: Vec<&PointRow> = points.iter().filter(|p| p.muscle == row.muscle).collect();
    own.sort_by_key(|p| p.index);
    let points = own
        .iter()
        .map(|p| {
            let (body, size) = find(&p.body)?;
            Ok(PathPoint::fixed(body, Vec3::new(p.x, p.y, sign * p.z).times(size)))
        })
        .collect::<Result<Vec<_>, BodyError>>()?;
    let mut own: Vec<&WrapRow> = wraps.iter().filter(|w| w.muscle == row.muscle).collect();
    own.sort_by_key(|w| w.order);
    let last_point = points.len().saturating_sub(1);
    let wraps = own
        .iter()
        .map(|w| {
            let (body, size) = find(&w.body)?;
            let side_allowed = match w.quadrant.as_str() {
                "x" => AllowedSide::Positive(0),
                "-x" => AllowedSide::Negative(0),
                "y" => AllowedSide::Positive(1),
                "-y" => AllowedSide::Negative(1),
                _ => AllowedSide::Any,
            };
            let mean = (size.x + size.y + size.z) / 3.0;
            let right = Surface {
                name: w.wrap.clone(),
                body,
                frame: Pose {
                    rotation: Mat3::euler_xyz(w.rx, w.ry, w.rz),
                    position: Vec3::new(w.x, w.y, w.z).times(size),
                },
                shape: Shape::Cylinder { radius: w.radius_m * mean, length: w.length_m * mean },
                side: side_allowed,
            };
            let surface = if side == Side::Left { right.mirrored(left(&w.wrap), body) } else { right };
            // Ranges count points from 1; −1 is the whole path.
            let first = usize::try_from(w.range_first - 1).unwrap_or(0);
            let last = usize::try_from(w.range_last - 1).unwrap_or(last_point);
            Ok(Wrap { surface, first, last })
        })
        .collect::<Result<Vec<_>, BodyError>>()?;
    Ok(Path::through(points, wraps))
}
