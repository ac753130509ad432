//! From the tables of bodies, joints and splines to a tree of bodies, scaled to a person.

use super::tables::{BodyRow, CouplingRow, JointRow, SplineRow, TableError, rows};
use guywire_engine::{Axis, Body, Coordinate, Coupler, Joint, Law, Model};
use guywire_math::function::CubicSpline;
use guywire_math::{Function, Mat3, Pose, Vec3};
use std::collections::BTreeMap;

/// The left counterpart of a right-side name; a midline name keeps itself.
pub(crate) fn left(name: &str) -> String {
    name.strip_suffix("_r").map_or_else(|| name.replace("_r_", "_l_"), |stem| format!("{stem}_l"))
}

/// Linear scale factors of every body along its own axes, and one factor for all masses.
#[derive(Clone, Debug)]
pub(crate) struct Scaling {
    /// By body name of the right side or midline; a body that is not named keeps its size.
    pub lengths: BTreeMap<String, Vec3<f64>>,
    /// Mass over reference mass, by body name.
    pub masses: BTreeMap<String, f64>,
}

impl Scaling {
    pub(crate) fn of(&self, body: &str) -> Vec3<f64> {
        let right = body.strip_suffix("_l").map_or_else(|| body.to_owned(), |stem| format!("{stem}_r"));
        self.lengths.get(&right).copied().unwrap_or(Vec3::new(1.0, 1.0, 1.0))
    }
    fn mass_of(&self, body: &str) -> f64 {
        let right = body.strip_suffix("_l").map_or_else(|| body.to_owned(), |stem| format!("{stem}_r"));
        self.masses.get(&right).copied().unwrap_or(1.0)
    }
}

fn functions() -> Result<BTreeMap<String, Function>, TableError> {
    let name = "splines.csv";
    let rows = rows!(SplineRow, "splines.csv")?;
    let mut functions = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        let problem = |problem: String| TableError { table: name, line: i as u64 + 2, problem };
        let numbers = |text: &str| -> Result<Vec<f64>, TableError> {
            text.split_whitespace()
                .map(|w| w.parse().map_err(|_| problem(format!("`{w}` is not a number"))))
                .collect()
        };
        let x = numbers(&row.x_or_coefficients)?;
        let function = if row.kind.starts_with("poly") {
            Function::Polynomial(x)
        } else {
            Function::Spline(CubicSpline::simm(x, numbers(&row.y)?).map_err(|e| problem(e.to_string()))?)
        };
        functions.insert(row.name.clone(), function);
    }
    Ok(functions)
}

/// The rows of one joint, on one side.
struct JointRows {
    name: String,
    parent: String,
    child: String,
    sign: f64,
    first_line: u64,
    rows: Vec<JointRow>,
}

/// Builds the tree of bodies.
pub(crate) fn build(scaling: &Scaling) -> Result<Model, TableError> {
    let functions = functions()?;
    let body_rows = rows!(BodyRow, "bodies.csv")?;
    let mut masses: BTreeMap<String, Body> = BTreeMap::new();
    for row in body_rows {
        for sign in if row.mirrored { &[1.0, -1.0][..] } else { &[1.0][..] } {
            let name = if *sign < 0.0 { left(&row.body) } else { row.body.clone() };
            let (s, k) = (scaling.of(&name), scaling.mass_of(&name));
            // Inertia grows with mass and with the square of size; sizes differ little between axes,
            // so the mean square serves (OpenSim scales inertia the same way).
            let size = k * (s.x * s.x + s.y * s.y + s.z * s.z) / 3.0;
            let inertia = Mat3 {
                rows: [
                    Vec3::new(row.ixx, row.ixy, sign * row.ixz) * size,
                    Vec3::new(row.ixy, row.iyy, sign * row.iyz) * size,
                    Vec3::new(sign * row.ixz, sign * row.iyz, row.izz) * size,
                ],
            };
            let center_of_mass = Vec3::new(row.com_x, row.com_y, sign * row.com_z).times(s);
            masses.insert(name.clone(), Body { name, mass: row.mass_kg * k, center_of_mass, inertia });
        }
    }
    let table_name = "joints.csv";
    let rows = rows!(JointRow, "joints.csv")?;
    let mut pending: Vec<JointRows> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        for sign in if row.mirrored { &[1.0, -1.0][..] } else { &[1.0][..] } {
            let side = |name: &str| if *sign < 0.0 { left(name) } else { name.to_owned() };
            let name = side(&row.joint);
            match pending.iter_mut().find(|j| j.name == name) {
                Some(joint) => joint.rows.push(row.clone()),
                None => pending.push(JointRows {
                    parent: side(&row.parent),
                    child: side(&row.child),
                    sign: *sign,
                    first_line: i as u64 + 2,
                    rows: vec![row.clone()],
                    name,
                }),
            }
        }
    }
    let mut bodies = vec![Body {
        name: "ground".into(),
        mass: 0.0,
        center_of_mass: Vec3::zero(),
        inertia: Mat3 { rows: [Vec3::zero(); 3] },
    }];
    let (mut joints, mut coordinates): (Vec<Joint>, Vec<Coordinate>) = (Vec::new(), Vec::new());
    while !pending.is_empty() {
        let ready = pending.iter().position(|j| bodies.iter().any(|b| b.name == j.parent));
        let Some(ready) = ready else {
            let problem = format!(
                "joint `{}` hangs on `{}`, which no joint carries",
                pending[0].name, pending[0].parent
            );
            return Err(TableError { table: table_name, line: pending[0].first_line, problem });
        };
        let joint = pending.remove(ready);
        let line = joint.first_line;
        let refuse = |problem: String| TableError { table: table_name, line, problem };
        let parent = bodies.iter().position(|b| b.name == joint.parent).unwrap_or(0);
        let body = masses.remove(&joint.child).ok_or_else(|| {
            refuse(format!("joint `{}` carries `{}`, which is not in bodies.csv", joint.name, joint.child))
        })?;
        let (sign, row) = (joint.sign, &joint.rows[0]);
        let (ps, cs) = (scaling.of(&joint.parent), scaling.of(&joint.child));
        let frame = |p: [f64; 3], r: [f64; 3], s: Vec3<f64>| Pose {
            rotation: Mat3::euler_xyz(sign * r[0], sign * r[1], r[2]),
            position: Vec3::new(p[0], p[1], sign * p[2]).times(s),
        };
        let mut built = Joint::weld(
            &joint.name,
            parent,
            bodies.len(),
            frame([row.px, row.py, row.pz], [row.prx, row.pry, row.prz], ps),
            frame([row.cx, row.cy, row.cz], [row.crx, row.cry, row.crz], cs),
        );
        for row in &joint.rows {
            let turning = match row.slot.as_bytes() {
                b"weld" => continue,
                [b'r', ..] => true,
                [b't', ..] => false,
                _ => return Err(refuse(format!("slot `{}` is none of weld, r1–r3, t1–t3", row.slot))),
            };
            let (Some(ax), Some(ay), Some(az)) = (row.ax, row.ay, row.az) else {
                return Err(refuse(format!("slot {} has no axis", row.slot)));
            };
            let direction =
                if turning { Vec3::new(sign * ax, sign * ay, az) } else { Vec3::new(ax, ay, sign * az) };
            let function = match row.function.split_once(':') {
                None if row.function == "linear" => {
                    Function::Linear { slope: row.slope.unwrap_or(1.0), intercept: row.intercept }
                }
                None if row.function == "constant" => Function::Constant(row.intercept),
                Some((_, name)) => functions
                    .get(name)
                    .cloned()
                    .ok_or_else(|| refuse(format!("no function `{name}` in splines.csv")))?,
                None => return Err(refuse(format!("function `{}` is not known", row.function))),
            };
            if matches!(function, Function::Constant(0.0)) {
                continue;
            }
            // Distances grow with the parent: a joint's translations are given in its frame.
            let function = if turning { function } else { scaled(&function, (ps.x + ps.y + ps.z) / 3.0) };
            let coordinate = (!row.coordinate.is_empty()).then(|| {
                let name = if sign < 0.0 { left(&row.coordinate) } else { row.coordinate.clone() };
                coordinates.iter().position(|c| c.name == name).unwrap_or_else(|| {
                    let range = row.range_min.zip(row.range_max);
                    coordinates.push(Coordinate { name, default: row.default, range, locked: row.locked });
                    coordinates.len() - 1
                })
            });
            let law = match coordinate {
                Some(coordinate) => Law::Of([coordinate], function),
                None => Law::Constant(function.at(0.0)),
            };
            let axis = Axis { direction, law };
            if turning { built.rotations.push(axis) } else { built.translations.push(axis) }
        }
        joints.push(built);
        bodies.push(body);
    }
    let couplers = couplers(&coordinates)?;
    Model::new(bodies, joints, coordinates, couplers).map_err(|e| TableError {
        table: table_name,
        line: 1,
        problem: e.to_string(),
    })
}

/// The function's value multiplied by `factor`.
fn scaled(function: &Function, factor: f64) -> Function {
    match function {
        // A direct coordinate is a distance in metres already.
        Function::Linear { slope, intercept } => {
            Function::Linear { slope: *slope, intercept: intercept * factor }
        }
        other => other.scaled(factor),
    }
}

fn couplers(coordinates: &[Coordinate]) -> Result<Vec<Coupler>, TableError> {
    let name = "couplings.csv";
    let rows = rows!(CouplingRow, "couplings.csv")?;
    let mut couplers: Vec<Coupler> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let find = |wanted: &str| {
            coordinates.iter().position(|c| c.name == wanted).ok_or_else(|| TableError {
                table: name,
                line: i as u64 + 2,
                problem: format!("no coordinate `{wanted}` in joints.csv"),
            })
        };
        let (dependent, term) = (find(&row.dependent)?, (find(&row.source)?, row.gain));
        match couplers.iter_mut().find(|c| c.dependent == dependent) {
            Some(coupler) => coupler.terms.push(term),
            None => couplers.push(Coupler { dependent, terms: vec![term], function: Function::IDENTITY }),
        }
    }
    Ok(couplers)
}
