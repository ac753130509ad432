//! Coordinates, bodies and points.

use super::frame::Frame;
use super::{Analysis, NamedTable, Plan, chosen};
use crate::ToolError;
use guywire_math::Vec3;
use guywire_osim::Description;
use guywire_osim::angles::euler_xyz;
use guywire_osim::build::Built;
use guywire_osim::description::CoordinateMotion;
use guywire_osim::table::{Table, Unit};

const DEGREES: f64 = 180.0 / core::f64::consts::PI;

pub(super) fn plan<'a>(
    model: &Description,
    built: &'a Built,
    tool: &str,
    analysis: &Analysis,
) -> Result<Plan<'a>, ToolError> {
    match analysis {
        Analysis::Kinematics { name, coordinates, in_degrees } => {
            kinematics(model, built, &format!("{tool}_{name}"), coordinates, *in_degrees)
        }
        Analysis::BodyKinematics { name, bodies, center_of_mass, local, in_degrees } => {
            let scale = if *in_degrees { DEGREES } else { 1.0 };
            let prefix = format!("{tool}_{name}");
            self::bodies(model, built, &prefix, bodies, *center_of_mass, *local, scale)
        }
        Analysis::PointKinematics { name, body, relative_to, point_name, point } => {
            let prefix = format!("{tool}_{name}_{point_name}");
            self::point(model, built, &prefix, body, relative_to.as_deref(), point_name, *point)
        }
        // Planned beside this.
        _ => Ok(Plan::new(vec![], |_, _| Ok(()))),
    }
}

fn file(name: String, title: &str, columns: &[String], in_degrees: bool) -> NamedTable {
    let mut table = Table::with_columns(title, columns.iter().map(|c| (c.clone(), Unit::Unstated)));
    table.in_degrees = Some(in_degrees);
    NamedTable { file: format!("{name}.sto"), table }
}

fn kinematics<'a>(
    model: &Description,
    built: &'a Built,
    prefix: &str,
    wanted: &[String],
    in_degrees: bool,
) -> Result<Plan<'a>, ToolError> {
    let indices = chosen("Kinematics", wanted, built.index.coordinate_names())?;
    let angles: Vec<bool> = model
        .joints
        .iter()
        .flat_map(|j| (0..j.coordinates.len()).map(|i| j.motion(i) == CoordinateMotion::Rotational))
        .collect();
    let columns: Vec<String> = indices.iter().map(|&i| built.index.coordinate_names()[i].clone()).collect();
    let scales: Vec<(usize, f64)> = indices
        .into_iter()
        .map(|i| (i, if in_degrees && angles.get(i) == Some(&true) { DEGREES } else { 1.0 }))
        .collect();
    let titles = [("q", "Coordinates"), ("u", "Speeds"), ("dudt", "Accelerations")];
    let files =
        titles.map(|(end, title)| file(format!("{prefix}_{end}"), title, &columns, in_degrees)).into();
    let record = move |frame: &Frame, row: &mut Vec<f64>| {
        let (speeds, mut accelerations) = (frame.speeds(built), frame.qdd.clone());
        built.speeds.from_accelerations(&frame.q, &frame.qd, &mut accelerations);
        for source in [&frame.q, &speeds, &accelerations] {
            row.extend(scales.iter().map(|&(i, scale)| source[i] * scale));
        }
        Ok(())
    };
    Ok(Plan::new(files, record))
}

fn bodies<'a>(
    model: &Description,
    built: &'a Built,
    prefix: &str,
    wanted: &[String],
    center_of_mass: bool,
    local: bool,
    scale: f64,
) -> Result<Plan<'a>, ToolError> {
    let names: Vec<String> = model.bodies.iter().map(|body| body.name.clone()).collect();
    // Without any name OpenSim records all bodies and the whole.
    let indices = chosen("bodies of BodyKinematics", wanted, &names)?;
    let parts: Vec<(usize, f64, Vec3<f64>)> = model
        .bodies
        .iter()
        .enumerate()
        .map(|(i, body)| {
            (built.index.body(guywire_osim::description::Base::Body(i)), body.mass, body.mass_center)
        })
        .collect();
    let mut columns = Vec::new();
    for &i in &indices {
        columns.extend(["X", "Y", "Z", "Ox", "Oy", "Oz"].map(|end| format!("{}_{end}", names[i])));
    }
    if center_of_mass {
        columns.extend(["X", "Y", "Z"].map(|end| format!("center_of_mass_{end}")));
    }
    let suffix = if local { "bodyLocal" } else { "global" };
    let ends = [
        ("pos_global".to_owned(), "Positions"),
        (format!("vel_{suffix}"), "Velocities"),
        (format!("acc_{suffix}"), "Accelerations"),
    ];
    let degrees = scale != 1.0;
    let files = ends.map(|(end, title)| file(format!("{prefix}_{end}"), title, &columns, degrees)).into();
    let record = move |frame: &Frame, row: &mut Vec<f64>| {
        for kind in 0..3 {
            for &i in &indices {
                let (body, _, center) = parts[i];
                let (linear, angular) = at(frame, body, center, kind);
                let turn = |v: Vec3<f64>| match local && kind > 0 {
                    true => frame.kinematics.bodies[body].rotation.transpose() * v,
                    false => v,
                };
                row.extend(turn(linear).to_array());
                row.extend((turn(angular) * scale).to_array());
            }
            if center_of_mass {
                let (mut sum, mut mass) = (Vec3::zero(), 0.0);
                for &(body, own, center) in &parts {
                    sum += at(frame, body, center, kind).0 * own;
                    mass += own;
                }
                row.extend((sum * (1.0 / mass)).to_array());
            }
        }
        Ok(())
    };
    Ok(Plan::new(files, record))
}

fn point<'a>(
    model: &Description,
    built: &'a Built,
    prefix: &str,
    body: &str,
    relative_to: Option<&str>,
    point_name: &str,
    point: Vec3<f64>,
) -> Result<Plan<'a>, ToolError> {
    use guywire_osim::description::Base;
    let names: Vec<String> = model.bodies.iter().map(|body| body.name.clone()).collect();
    let find = |name: &str| match name {
        "ground" => Ok(0),
        _ => {
            chosen("PointKinematics", &[name.to_owned()], &names).map(|i| built.index.body(Base::Body(i[0])))
        }
    };
    let (body, seen_from) = (find(body)?, relative_to.map(find).transpose()?);
    let columns = ["X", "Y", "Z"].map(|end| format!("{point_name}_{end}"));
    let ends = [("pos", "PointPosition"), ("vel", "PointVelocity"), ("acc", "PointAcceleration")];
    let files = ends.map(|(end, title)| file(format!("{prefix}_{end}"), title, &columns, false)).into();
    let record = move |frame: &Frame, row: &mut Vec<f64>| {
        for kind in 0..3 {
            let (value, _) = at(frame, body, point, kind);
            let value = match (seen_from, kind) {
                (Some(other), 0) => frame.kinematics.bodies[other].inverse_point(value),
                (Some(other), _) => frame.kinematics.bodies[other].rotation.transpose() * value,
                (None, _) => value,
            };
            row.extend(value.to_array());
        }
        Ok(())
    };
    Ok(Plan::new(files, record))
}

/// Position and angles (`kind` 0), velocity and angular velocity (1), or accelerations (2) of a point of a body, in
/// ground.
fn at(frame: &Frame, body: usize, point: Vec3<f64>, kind: usize) -> (Vec3<f64>, Vec3<f64>) {
    let pose = &frame.kinematics.bodies[body];
    let position = pose.point(point);
    if kind == 0 {
        return (position, Vec3::from_array(euler_xyz(&pose.rotation)));
    }
    if body == 0 {
        return (Vec3::zero(), Vec3::zero());
    }
    let velocity = frame.dynamics.velocity(body);
    if kind == 1 {
        return (velocity.of_point(position), velocity.angular);
    }
    let acceleration = frame.dynamics.acceleration(body);
    let carried = velocity.angular.cross(velocity.of_point(position));
    (acceleration.of_point(position) + carried, acceleration.angular)
}
