//! The glTF file of a posture, read again by its specification: lengths, bounds, indices, references.

use guywire::results::{Results, Solved};
use serde_json::Value;

fn solved() -> Solved {
    let results: Results = serde_json::from_str(include_str!("fixture.json")).unwrap();
    results.positions[0].person.clone()
}

fn word(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// JSON and binary of a container.
fn chunks(bytes: &[u8]) -> (Value, &[u8]) {
    assert_eq!(&bytes[..4], b"glTF");
    assert_eq!((word(bytes, 4), word(bytes, 8)), (2, bytes.len()));
    let length = word(bytes, 12);
    assert_eq!((&bytes[16..20], length % 4), (&b"JSON"[..], 0));
    let json = serde_json::from_slice(&bytes[20..20 + length]).unwrap();
    let at = 20 + length;
    assert_eq!((&bytes[at + 4..at + 8], word(bytes, at)), (&b"BIN\0"[..], bytes.len() - at - 8));
    (json, &bytes[at + 8..])
}

fn index(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// The floats or integers of an accessor, with its bounds checked.
fn numbers(json: &Value, binary: &[u8], accessor: usize) -> Vec<f64> {
    let accessor = &json["accessors"][accessor];
    let view = &json["bufferViews"][index(&accessor["bufferView"])];
    let (offset, length) = (index(&view["byteOffset"]), index(&view["byteLength"]));
    assert!(offset % 4 == 0 && offset + length <= binary.len());
    let width = if accessor["type"] == "VEC3" { 3 } else { 1 };
    assert_eq!(length, 4 * width * index(&accessor["count"]));
    let read = |b: &[u8]| match index(&accessor["componentType"]) {
        5126 => f64::from(f32::from_le_bytes(b.try_into().unwrap())),
        5125 => f64::from(u32::from_le_bytes(b.try_into().unwrap())),
        other => panic!("component type {other}"),
    };
    let all: Vec<f64> = binary[offset..offset + length].chunks_exact(4).map(read).collect();
    assert!(all.iter().all(|v| v.is_finite()));
    for (bound, pick) in [("min", f64::min as fn(f64, f64) -> f64), ("max", f64::max)] {
        if let Some(bounds) = accessor[bound].as_array() {
            for (k, bound) in bounds.iter().enumerate() {
                let found = all.iter().skip(k).step_by(3).copied().reduce(pick).unwrap();
                assert!((bound.as_f64().unwrap() - found).abs() < 1e-7);
            }
        }
    }
    all
}

#[test]
fn a_file_holds_what_its_header_says() {
    let solved = solved();
    let bytes = guywire_report::gltf(&solved);
    let (json, binary) = chunks(&bytes);
    assert_eq!(json["asset"]["version"], "2.0");
    assert_eq!(index(&json["buffers"][0]["byteLength"]), binary.len());
    let nodes = json["nodes"].as_array().unwrap();
    let scene: Vec<usize> = json["scenes"][0]["nodes"].as_array().unwrap().iter().map(index).collect();
    assert_eq!(scene, (0..nodes.len()).collect::<Vec<_>>());
    let mut used = 0;
    for mesh in json["meshes"].as_array().unwrap() {
        for primitive in mesh["primitives"].as_array().unwrap() {
            let points = numbers(&json, binary, index(&primitive["attributes"]["POSITION"]));
            let normals = numbers(&json, binary, index(&primitive["attributes"]["NORMAL"]));
            let indices = numbers(&json, binary, index(&primitive["indices"]));
            assert_eq!(points.len(), normals.len());
            assert!(indices.len() >= 3 && indices.len().is_multiple_of(3));
            assert!(indices.iter().all(|i| *i < points.len() as f64 / 3.0));
            for n in normals.chunks_exact(3) {
                let length = n.iter().map(|v| v * v).sum::<f64>().sqrt();
                assert!((length - 1.0).abs() < 1e-4, "{}: {n:?}", mesh["name"]);
            }
            assert!(index(&primitive["material"]) < json["materials"].as_array().unwrap().len());
            used += 3;
        }
    }
    assert_eq!(used, json["accessors"].as_array().unwrap().len());
    assert_eq!(used, json["bufferViews"].as_array().unwrap().len());
}

#[test]
fn bodies_stand_where_the_figure_has_them_and_muscles_say_their_force() {
    let solved = solved();
    let bytes = guywire_report::gltf(&solved);
    let (json, binary) = chunks(&bytes);
    let find =
        |name: &str| json["nodes"].as_array().unwrap().iter().find(|n| n["name"] == name).unwrap().clone();
    let femur = solved.figure.bodies.iter().find(|b| b.body == "femur_r").unwrap();
    let node = find("femur_r");
    for (k, expected) in femur.origin_m.iter().enumerate() {
        assert_eq!(node["translation"][k].as_f64().unwrap(), *expected);
    }
    let strongest = |a: &&guywire::results::MuscleState, b: &&guywire::results::MuscleState| {
        a.force_n.total_cmp(&b.force_n)
    };
    let muscle = solved.posture.muscles.iter().max_by(strongest).unwrap();
    let node = find(&format!("{}.{}", muscle.name, muscle.side.name()));
    assert_eq!(node["extras"]["force_n"].as_f64().unwrap(), muscle.force_n);
    // Its tube begins about its line's first point.
    let at = solved.posture.muscles.iter().position(|m| std::ptr::eq(m, muscle)).unwrap();
    let primitive = &json["meshes"][index(&node["mesh"])]["primitives"][0];
    let points = numbers(&json, binary, index(&primitive["attributes"]["POSITION"]));
    let first = solved.figure.muscle_lines[at][0];
    let off: f64 = (0..3).map(|k| (points[k] - first[k]).powi(2)).sum::<f64>().sqrt();
    assert!(off < 0.007, "{off}");
}

#[test]
fn the_same_posture_gives_the_same_bytes_and_an_empty_one_a_file() {
    let mut solved = solved();
    assert_eq!(guywire_report::gltf(&solved), guywire_report::gltf(&solved));
    solved.figure.bodies.clear();
    solved.figure.muscle_lines.clear();
    solved.figure.surfaces.clear();
    solved.figure.held.clear();
    let bytes = guywire_report::gltf(&solved);
    let length = word(&bytes, 12);
    assert_eq!(bytes.len(), 20 + length);
    assert!(serde_json::from_slice::<Value>(&bytes[20..]).is_ok());
}
