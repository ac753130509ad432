//! Writes the built-in body as an OpenSim model, and what this program computes of it: `export_body OUT.osim OUT.json`.
//!
//! The numbers come from the body itself, not from the file: values of all coordinates at a few poses, path lengths,
//! moment arms and inverse dynamics (with Simbody's accelerations of custom joints, see `Joint::mobilities`). `conformance/export_check.py` lets OpenSim load the file and compares.

use guywire::body::ReferenceBody;
use guywire_engine::{Dynamics, Kinematics, Model};
use guywire_math::{Vec3, Wrench};
use serde_json::json;
use std::error::Error;

const POSES: usize = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, numbers] = arguments.as_slice() else {
        return Err("expected two files: OUT.osim OUT.json".into());
    };
    let body = ReferenceBody::adult()?.unscaled()?;
    let exported = body.export("guywire_reference_body")?;
    std::fs::write(file, guywire_osim::write::document(&exported.description).to_bytes())?;

    let (model, paths) = (&as_simbody(&body.system.model)?, &body.system.paths);
    let name = |i: usize| model.degree_coordinate(i).name.clone();
    let mut kinematics = Kinematics::new(model);
    let mut dynamics = Dynamics::new(model, exported.description.gravity);
    let mut arms = paths.moment_arms();
    let none = vec![Wrench::zero(); model.bodies().len()];
    // Knuth's multiplicative generator: the same poses everywhere.
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut poses = Vec::new();
    for pose in 0..POSES {
        let mut q = model.default_pose();
        let (mut qd, mut qdd) = (vec![0.0; q.len()], vec![0.0; q.len()]);
        for i in 0..if pose == 0 { 0 } else { q.len() } {
            let (low, high) = model.degree_coordinate(i).range.unwrap_or((-1.0, 1.0));
            // The middle of the range, as far as a person goes: at its ends thin bodies wrap the wrong way round.
            let (low, high) = (low.max(-2.0), high.min(2.0));
            q[i] = low + (high - low) * (0.1 + 0.8 * random());
            (qd[i], qdd[i]) = (2.0 * random() - 1.0, 10.0 * random() - 5.0);
        }
        kinematics.update(model, &q);
        paths.update(model, &kinematics, &mut arms)?;
        dynamics.update(model, &kinematics, &qd);
        let mut tau = vec![0.0; q.len()];
        dynamics.inverse_dynamics(model, &kinematics, &qdd, &none, &mut tau);
        let coordinates: serde_json::Map<String, serde_json::Value> = model
            .coordinates()
            .iter()
            .zip(&kinematics.coordinates)
            .map(|(c, v)| (c.name.clone(), json!(v)))
            .collect();
        let rows: Vec<serde_json::Value> = (0..paths.len())
            .map(|m| {
                paths
                    .row(m)
                    .map(|k| (name(paths.columns()[k]), json!(arms.values[k])))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            })
            .collect();
        poses.push(json!({
            "coordinates": coordinates, "qd": qd, "qdd": qdd, "inverse_dynamics": tau,
            "length": arms.lengths, "moment_arm": rows,
            "center_of_mass": vector(kinematics.center_of_mass(model)),
        }));
    }
    let followers: Vec<serde_json::Value> = model
        .couplers()
        .iter()
        .map(|c| {
            let coordinates = model.coordinates();
            let terms: Vec<_> = c.terms.iter().map(|&(i, gain)| json!([coordinates[i].name, gain])).collect();
            json!({ "dependent": coordinates[c.dependent].name, "terms": terms })
        })
        .collect();
    let muscles: Vec<_> = exported
        .description
        .forces
        .iter()
        .filter(|f| matches!(f.kind, guywire_osim::description::ForceKind::Muscle(_)))
        .map(|f| f.name.clone())
        .collect();
    let wrapped: Vec<bool> = paths.paths().iter().map(|p| !p.wraps.is_empty()).collect();
    let all = json!({
        "degrees": (0..model.dof()).map(name).collect::<Vec<_>>(),
        "muscles": muscles, "wrapped": wrapped, "followers": followers, "poses": poses, "notes": exported.notes,
    });
    std::fs::write(numbers, serde_json::to_string(&all)?)?;
    Ok(())
}

/// The same tree with Simbody's velocity-dependent accelerations of custom joints, which are not those of the motion.
fn as_simbody(model: &Model) -> Result<Model, Box<dyn Error>> {
    let mut joints = model.joints().to_vec();
    for joint in &mut joints {
        let axes = joint.rotations.iter().chain(&joint.translations);
        for &coordinate in axes.flat_map(|axis| axis.law.coordinates()) {
            if !joint.mobilities.contains(&coordinate) {
                joint.mobilities.push(coordinate);
            }
        }
    }
    let (bodies, coordinates) = (model.bodies().to_vec(), model.coordinates().to_vec());
    Ok(Model::new(bodies, joints, coordinates, model.couplers().to_vec())?)
}

fn vector(v: Vec3<f64>) -> [f64; 3] {
    v.to_array()
}
