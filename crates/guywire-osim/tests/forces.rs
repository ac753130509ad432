//! Every force class beside OpenSim's own numbers (`conformance/forces`), from the file to generalised forces.

use guywire_engine::force::{Applied, Moment};
use guywire_engine::{Dynamics, Kinematics};
use guywire_math::{Vec3, Wrench};
use guywire_osim::build::{Built, forces};
use guywire_osim::description::PathPointKind;
use guywire_osim::{OsimModel, ReadOptions};
use serde_json::Value;

/// OpenSim's inverse dynamics cancels against the weight and inertia of the bodies, here up to 1e3 N.
const ABSOLUTE: f64 = 1e-9;
const RELATIVE: f64 = 1e-9;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
}

/// Ends of a path of two points: body and position.
fn ends(model: &OsimModel, built: &Built, owner: usize) -> [(usize, Vec3<f64>); 2] {
    let path = forces::path_of(&model.description.forces[owner].kind).expect("a path");
    let end = |i: usize| {
        let point = &path.points[i];
        let PathPointKind::Fixed(location) = point.kind else { panic!("a fixed point") };
        (built.index.body(point.base), point.frame.point(location))
    };
    [end(0), end(1)]
}

/// A straight path, taut between two bodies.
struct Span {
    bodies: [usize; 2],
    /// On the first body, in ground.
    start: Vec3<f64>,
    /// Towards the second body.
    direction: Vec3<f64>,
    length: f64,
    speed: f64,
}

#[test]
fn every_force_is_opensims() {
    let model =
        OsimModel::read(include_bytes!("../../../conformance/forces/forces.osim"), &ReadOptions::default())
            .expect("the model is read");
    compare(&model, include_str!("../../../conformance/forces/forces.json"));
}

fn mesh_file(name: &str) -> Result<Vec<u8>, String> {
    let path = format!("{}/../../conformance/meshes/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).map_err(|error| error.to_string())
}

#[test]
fn contact_of_meshes_is_opensims() {
    let bytes = mesh_file("meshes.osim").expect("the model");
    let model = OsimModel::read_with_files(&bytes, &ReadOptions::default(), &mut mesh_file);
    compare(&model.expect("the model is read"), include_str!("../../../conformance/meshes/meshes.json"));
}

#[test]
fn a_mesh_that_cannot_be_used_stops_the_force_by_name() {
    let bytes = mesh_file("meshes.osim").expect("the model");
    let mut without = |name: &str| match name {
        "egg.vtp" => Err("it was taken away".to_owned()),
        "block.stl" => Ok(b"solid\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendsolid".to_vec()),
        _ => mesh_file(name),
    };
    let error = OsimModel::read_with_files(&bytes, &ReadOptions::default(), &mut without);
    let text = error.expect_err("no egg").to_string();
    assert!(
        text.contains("ContactMesh `egg`: the mesh `egg.vtp` cannot be used: it was taken away"),
        "{text}"
    );
    assert!(
        text.contains("`block.stl` cannot be used: the edge between vertices 1 and 2 does not"),
        "{text}"
    );
    let allowed = OsimModel::read_with_files(&bytes, &ReadOptions { allow_missing: true }, &mut without);
    let allowed = allowed.expect("allowed");
    assert_eq!(allowed.report.refused().count(), 2);
    assert_eq!(Built::new(&allowed.description).expect("the model is built").forces.len(), 3);
}

/// Every force of a model against what it makes of `data`'s states.
fn compare(model: &OsimModel, data: &str) {
    let data: Value = serde_json::from_str(data).expect("JSON");
    let built = Built::new(&model.description).expect("the model is built");
    let names: Vec<&str> =
        data["forces"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
    assert_eq!(built.forces.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), names);
    let controls = numbers(&data["controls"]);
    let control_names: Vec<&str> =
        data["control_names"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
    assert_eq!(built.controls.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), control_names);
    assert_eq!(built.index.coordinate_names(), data["coordinates"].as_array().expect("names").as_slice());

    let owners = forces::path_owners(&model.description);
    let tree = &built.tree;
    let (n, bodies) = (tree.dof(), tree.bodies().len());
    let mut kinematics = Kinematics::<f64>::new(tree);
    let mut dynamics = Dynamics::<f64>::new(tree, built.gravity);
    let mut applied = Applied::<f64>::new(n, bodies, owners.len());
    let mut acting = vec![0usize; names.len()];
    for (k, state) in data["states"].as_array().expect("states").iter().enumerate() {
        let (q, u) = (numbers(&state["q"]), numbers(&state["u"]));
        let mut rates = u.clone();
        built.speeds.to_rates(&q, &mut rates).expect("no gimbal lock");
        kinematics.update(tree, &q);
        dynamics.update(tree, &kinematics, &rates);
        let spans: Vec<Span> = owners
            .iter()
            .map(|&owner| {
                let [(a, pa), (b, pb)] = ends(model, &built, owner);
                let (pa, pb) = (kinematics.bodies[a].point(pa), kinematics.bodies[b].point(pb));
                let between = pb - pa;
                let length = between.norm();
                let apart = dynamics.velocity(b).of_point(pb) - dynamics.velocity(a).of_point(pa);
                let (direction, speed) = (between * (1.0 / length), apart.dot(between) / length);
                Span { bodies: [a, b], start: pa, direction, length, speed }
            })
            .collect();
        let (lengths, speeds): (Vec<f64>, Vec<f64>) = spans.iter().map(|s| (s.length, s.speed)).unzip();
        let moment = Moment {
            time: 0.0,
            coordinates: &q,
            speeds: &u,
            bodies: &kinematics.bodies,
            velocities: dynamics.velocities(),
            path_lengths: &lengths,
            path_speeds: &speeds,
            controls: &controls,
            states: &[],
        };
        for (i, force) in built.forces.iter().enumerate() {
            applied.clear();
            force.apply(&moment, &mut applied);
            for (span, &tension) in spans.iter().zip(&applied.tensions) {
                let pull = Wrench::at(span.start, span.direction * tension);
                applied.bodies[span.bodies[0]] += pull;
                applied.bodies[span.bodies[1]] += -pull;
            }
            let mut found = vec![0.0; n];
            kinematics.clone().generalized_forces(tree, &applied.bodies, &mut found);
            built.speeds.from_rate_forces(&q, &mut found).expect("no gimbal lock");
            found.iter_mut().zip(&applied.coordinates).for_each(|(f, c)| *f += c);
            let expected = numbers(&state["tau"][i]);
            let scale = expected.iter().fold(0.0f64, |m, x| m.max(x.abs()));
            acting[i] += usize::from(scale > 1e-3);
            for (j, (f, e)) in found.iter().zip(&expected).enumerate() {
                assert!(
                    (f - e).abs() <= ABSOLUTE + RELATIVE * scale,
                    "{} along {} in state {k}: {f} against {e}",
                    force.name,
                    built.index.coordinate_names()[j]
                );
            }
        }
    }
    for (name, count) in names.iter().zip(acting) {
        assert!(count >= 2, "{name} acts in {count} states only");
    }
}
