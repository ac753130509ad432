//! A posed body as one binary glTF 2.0 file (`.glb`): bones as rounded rods and blobs between the joints, muscles
//! as tubes, thicker and darker with tension, supports as slabs.
//!
//! Metres, y up, as glTF has it; the body looks along +x. Every body of the model is a node with its pose, so that a
//! viewer can move it; every muscle is a node with its force, activation and group as `extras`.
//! Source of the format: Khronos Group, glTF 2.0 Specification, 2.0.1 (2021).

mod bones;
mod file;
mod shape;

use crate::figure::muscles::step;
use file::{File, Material, Node};
use guywire::results::Solved;
use shape::Shape;

/// Colours of the tension steps, slack first (linear RGB): those of the report's pictures.
const TENSION: [[f64; 3]; 6] = [
    [0.694, 0.485, 0.434],
    [0.694, 0.323, 0.258],
    [0.624, 0.159, 0.117],
    [0.468, 0.051, 0.047],
    [0.275, 0.012, 0.023],
    [0.107, 0.002, 0.009],
];
/// Radii of the tubes at these steps, m.
const RADIUS: [f64; 6] = [0.0012, 0.0016, 0.0022, 0.003, 0.0042, 0.006];
/// Around a tube.
const SIDES: usize = 8;

const BONE: Material = Material { name: "bone", color: [0.82, 0.76, 0.62, 1.0], rough: 0.8 };
const SUPPORT: Material = Material { name: "support", color: [0.45, 0.47, 0.5, 1.0], rough: 0.95 };
const WEIGHT: Material = Material { name: "held weight", color: [0.12, 0.14, 0.2, 1.0], rough: 0.5 };

/// A posed body as a `.glb` file. The same posture gives the same bytes.
pub fn gltf(solved: &Solved) -> Vec<u8> {
    let mut file = File::default();
    let bone = file.material(&BONE);
    for drawn in bones::of(&solved.figure) {
        let mesh = drawn.shape.as_ref().map(|shape| file.mesh(&drawn.name, shape, bone));
        file.add(Node { name: drawn.name, mesh, pose: Some(drawn.pose), extras: None });
    }
    muscles(&mut file, solved);
    let support = file.material(&SUPPORT);
    for surface in &solved.figure.surfaces {
        let mesh = file.mesh(&surface.name, &bones::slab(surface, &solved.figure), support);
        file.add(Node { name: surface.name.clone(), mesh: Some(mesh), pose: None, extras: None });
    }
    let weight = file.material(&WEIGHT);
    for held in &solved.figure.held {
        let name = format!("{} kg", held.mass_kg);
        let mut block = Shape::default();
        // A block of iron of that mass.
        block.ball(held.position_m, 0.5 * (held.mass_kg / 7800.0).cbrt(), SIDES);
        let mesh = file.mesh(&name, &block, weight);
        file.add(Node { name, mesh: Some(mesh), pose: None, extras: None });
    }
    file.to_glb()
}

fn muscles(file: &mut File, solved: &Solved) {
    let names = ["tension 0", "tension 1", "tension 2", "tension 3", "tension 4", "tension 5"];
    let materials: Vec<usize> = names
        .iter()
        .zip(TENSION)
        .map(|(name, [r, g, b])| file.material(&Material { name, color: [r, g, b, 1.0], rough: 0.6 }))
        .collect();
    for (muscle, line) in solved.posture.muscles.iter().zip(&solved.figure.muscle_lines) {
        let step = step(muscle.force_n).min(RADIUS.len() - 1);
        let mut shape = Shape::default();
        shape.tube(line, RADIUS[step], SIDES);
        if shape.is_empty() {
            continue;
        }
        let name = format!("{}.{}", muscle.name, muscle.side.name());
        let mesh = file.mesh(&name, &shape, materials[step]);
        let extras = serde_json::json!({
            "group": muscle.group,
            "anatomical": muscle.anatomical,
            "force_n": muscle.force_n,
            "passive_force_n": muscle.passive_force_n,
            "activation": muscle.activation,
        });
        file.add(Node { name, mesh: Some(mesh), pose: None, extras: Some(extras) });
    }
}
