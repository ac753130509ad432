//! Derivatives against differences, and energies that must not come from nowhere.

use super::contact::{Material, Shape, Surface};
use super::elastic_foundation::{BedShape, BedSurface};
use super::mesh::{MeshError, TriangleMesh};
use super::*;
use std::sync::Arc;

use guywire_math::{Dual, Function, Mat3};

fn site(body: usize, x: [f64; 3], turn: [f64; 3]) -> Site {
    let rotation = Mat3::euler_xyz(turn[0], turn[1], turn[2]);
    Site { body, offset: Pose { rotation, position: Vec3::from_array(x) } }
}

/// Elastic forces and contacts between ground and body 1, without damping and friction, by name.
fn elastic() -> Vec<(&'static str, ForceLaw)> {
    let (first, second) =
        (site(0, [0.1, 0.2, 0.0], [0.1, 0.2, 0.3]), site(1, [0.0, 0.1, 0.1], [-0.2, 0.1, 0.0]));
    let material = Material {
        stiffness: 1e5,
        dissipation: 0.0,
        static_friction: 0.0,
        dynamic_friction: 0.0,
        viscous_friction: 0.0,
    };
    let law = BushingLaw::Linear([30.0, 40.0, 50.0, 500.0, 600.0, 700.0]);
    let damping = [0.0; 6];
    let floor = Surface { site: site(0, [0.0; 3], [0.0, 0.0, -1.57]), shape: Shape::HalfSpace, material };
    let ball = Surface {
        site: site(1, [0.02, 0.0, 0.01], [0.0; 3]),
        shape: Shape::Sphere { radius: 0.6 },
        material,
    };
    let ends = [
        Point { body: 0, position: first.offset.position },
        Point { body: 1, position: second.offset.position },
    ];
    vec![
        ("bushing", ForceLaw::Bushing(Box::new(Bushing { first, second, law, damping }))),
        (
            "spring between points",
            ForceLaw::Point(Box::new(PointLaw::Spring { ends, stiffness: 120.0, rest_length: 0.05 })),
        ),
        (
            "Hunt and Crossley",
            ForceLaw::HuntCrossley(Box::new(HuntCrossley {
                surfaces: vec![floor, ball],
                transition_velocity: 0.1,
            })),
        ),
        ("a mesh on the floor", bed(BedShape::HalfSpace, material)),
        ("a mesh on a ball", bed(BedShape::Sphere { radius: 0.4 }, material)),
        ("a mesh on a mesh", bed(BedShape::Mesh(block([0.5, 0.3, 0.4])), material)),
    ]
}

/// A block about the origin, half edges in m.
fn block(half: [f64; 3]) -> Arc<TriangleMesh> {
    let corner = |k: usize| {
        let side = |axis: usize| if k >> axis & 1 == 1 { half[axis] } else { -half[axis] };
        Vec3::new(side(0), side(1), side(2))
    };
    let vertices: Vec<Vec3<f64>> = (0..8).map(corner).collect();
    let sides = [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
    let triangles: Vec<[usize; 3]> = sides.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [c, d, a]]).collect();
    Arc::new(TriangleMesh::new(&vertices, &triangles).expect("it is closed"))
}

/// A block of body 1 on a shape of ground.
fn bed(shape: BedShape, material: Material) -> ForceLaw {
    let floor = BedSurface { site: site(0, [0.0; 3], [0.0, 0.1, -1.57]), shape, material };
    let own = BedShape::Mesh(block([0.3, 0.4, 0.5]));
    let surface = BedSurface { site: site(1, [0.02, 0.0, 0.01], [0.3, 0.1, 0.2]), shape: own, material };
    ForceLaw::ElasticFoundation(Box::new(ElasticFoundation {
        surfaces: vec![floor, surface],
        transition_velocity: 0.1,
    }))
}

/// The nearest point of a ball of triangles by looking at all of them, against the tree.
#[test]
fn the_nearest_point_of_a_mesh_is_no_further_than_any() {
    let mesh = block([0.3, 0.4, 0.5]);
    for k in 0..200 {
        let part = |k: usize| (k * 7919 % 1000) as f64 / 1000.0 - 0.5;
        let p = Vec3::new(0.58 * part(k), 0.78 * part(k + 311), 0.98 * part(k + 717));
        let nearest: Vec3<f64> = mesh.nearest_from_inside(p).expect("it is inside");
        let off = [0.3 - p.x.abs(), 0.4 - p.y.abs(), 0.5 - p.z.abs()];
        let least = off.into_iter().fold(f64::INFINITY, f64::min);
        assert!(((nearest - p).norm() - least).abs() < 1e-14, "{p:?}: {nearest:?}");
        assert!(mesh.nearest_from_inside(p + p.scaled(1.0 / p.norm())).is_none());
    }
}

#[test]
fn what_is_not_closed_is_no_mesh() {
    let vertices = [Vec3::zero(), Vec3::new(1.0, 0.0, 0.0), Vec3::new(0.0, 1.0, 0.0)];
    let error = |triangles: &[[usize; 3]]| TriangleMesh::new(&vertices, triangles).expect_err("not closed");
    assert_eq!(error(&[]), MeshError::Empty);
    assert_eq!(error(&[[0, 1, 2]]), MeshError::Open { edge: [1, 2] });
    assert_eq!(error(&[[0, 1, 2], [0, 1, 2]]), MeshError::Open { edge: [1, 2] });
    assert_eq!(error(&[[0, 1, 1]]), MeshError::Degenerate { face: 1 });
    assert_eq!(error(&[[0, 1, 3]]), MeshError::Vertex { face: 1, vertex: 4, vertices: 3 });
}

/// Body 1 at body-fixed X-Y-Z angles and a position; velocities of rates, taken at the ground origin.
fn body<T: Real>(q: &[T; 6]) -> Pose<T> {
    let axis = |i: usize| Vec3::from_array([0, 1, 2].map(|k| if k == i { 1.0 } else { 0.0 }));
    let rotation =
        Mat3::rotation(axis(0), q[0]) * Mat3::rotation(axis(1), q[1]) * Mat3::rotation(axis(2), q[2]);
    Pose { rotation, position: Vec3::new(q[3], q[4], q[5]) }
}

fn wrench<T: Real>(law: &ForceLaw, q: &[T; 6]) -> Wrench<T> {
    let force = Force { name: String::new(), source: 0, applies: true, law: law.clone() };
    let mut applied = Applied::new(0, 2, 0);
    let moment = Moment {
        time: 0.0,
        coordinates: &[],
        speeds: &[],
        bodies: &[Pose::identity(), body(q)],
        velocities: &[Motion::zero(); 2],
        path_lengths: &[],
        path_speeds: &[],
        controls: &[],
        states: &[],
    };
    force.apply(&moment, &mut applied);
    let sum = applied.bodies[0] + applied.bodies[1];
    let sums = sum.force.value().norm() + sum.moment.value().norm();
    assert!(sums < 1e-9 * (1.0 + applied.bodies[1].force.value().norm()), "action is not reaction: {sums}");
    applied.bodies[1]
}

/// Work of the wrench along a small closed loop of poses is zero where a potential exists, and the derivatives carried
/// along equal central differences.
#[test]
fn elastic_forces_have_a_potential_and_exact_derivatives() {
    let at = [0.3, -0.2, 0.4, 0.05, 0.3, -0.1];
    let h = 1e-5;
    for (name, law) in elastic() {
        // Generalised forces along the six coordinates from the wrench: columns of the motion of body 1.
        let generalized = |q: &[f64; 6]| -> [f64; 6] {
            let w = wrench(&law, q);
            core::array::from_fn(|i| {
                let dual: [Dual<1>; 6] =
                    core::array::from_fn(|k| if k == i { Dual::variable(q[k], 0) } else { Dual::lift(q[k]) });
                let (pose, moved) = (body(q), body(&dual));
                // ω from Ṙ Rᵀ, velocity at the ground origin from the velocity of the body origin.
                let rate = |r: usize, c: usize| {
                    let row = [moved.rotation.rows[r].x, moved.rotation.rows[r].y, moved.rotation.rows[r].z];
                    let fixed = [pose.rotation.rows[c].x, pose.rotation.rows[c].y, pose.rotation.rows[c].z];
                    (0..3).map(|k| row[k].slope[0] * fixed[k]).sum::<f64>()
                };
                let angular = Vec3::new(rate(2, 1), rate(0, 2), rate(1, 0));
                let p = moved.position;
                let linear =
                    Vec3::new(p.x.slope[0], p.y.slope[0], p.z.slope[0]) - angular.cross(pose.position);
                w.force.dot(linear) + w.moment.dot(angular)
            })
        };
        let scale = generalized(&at).iter().fold(0.0f64, |m, v| m.max(v.abs()));
        assert!(scale > 1.0, "{name} does nothing here");
        let column = |k: usize| -> [f64; 6] {
            let (mut up, mut down) = (at, at);
            up[k] += h;
            down[k] -= h;
            let (up, down) = (generalized(&up), generalized(&down));
            core::array::from_fn(|i| (up[i] - down[i]) / (2.0 * h))
        };
        let stiffness: Vec<[f64; 6]> = (0..6).map(column).collect();
        let most = stiffness.iter().flatten().fold(0.0f64, |m, v| m.max(v.abs()));
        for i in 0..6 {
            for (k, column) in stiffness.iter().enumerate().take(i) {
                let difference = column[i] - stiffness[i][k];
                assert!(difference.abs() < 1e-6 * most, "{name}: {i} {k} {difference}");
            }
            let dual: [Dual<6>; 6] = core::array::from_fn(|k| Dual::variable(at[k], k));
            let carried = wrench(&law, &dual);
            let (mut up, mut down) = (at, at);
            up[i] += h;
            down[i] -= h;
            let (up, down) = (wrench(&law, &up), wrench(&law, &down));
            let difference = (up.moment.x - down.moment.x) / (2.0 * h);
            let slope = carried.moment.x.slope[i];
            assert!((slope - difference).abs() < 1e-5 * (1.0 + most), "{name} {i}: {slope} {difference}");
        }
    }
}

/// OpenSim's own potential energy of a stop is what its force does work against.
#[test]
fn a_stop_pushes_back_down_its_energy() {
    let limit = CoordinateLimit {
        upper_limit: 0.3,
        upper_stiffness: 80.0,
        lower_limit: -0.2,
        lower_stiffness: 50.0,
        damping: 0.0,
        transition: 0.1,
    };
    let energy = |q: f64| {
        let (stiffness, past) = if q > 0.3 { (80.0, q - 0.3) } else { (50.0, -0.2 - q) };
        let x = past / 0.1;
        if past <= 0.0 {
            0.0
        } else if x >= 1.0 {
            stiffness * (0.5 * past * past - 2.0 / 14.0 * 0.01)
        } else {
            stiffness * past * past * x * x * x * (2.0 - 2.5 * x + 6.0 / 7.0 * x * x)
        }
    };
    for k in -60..=60 {
        let (q, h) = (0.0101 * f64::from(k), 1e-6);
        let difference = -(energy(q + h) - energy(q - h)) / (2.0 * h);
        let force = limit.at(q, 0.0);
        assert!((force - difference).abs() < 1e-6, "{q}: {force} {difference}");
        let slope = limit.at(Dual::<1>::variable(q, 0), Dual::lift(0.0)).slope[0];
        let stiffness = (limit.at(q + h, 0.0) - limit.at(q - h, 0.0)) / (2.0 * h);
        assert!((slope - stiffness).abs() < 1e-4, "{q}: {slope} {stiffness}");
    }
}

/// Damping and friction take energy, whatever moves.
#[test]
fn damping_and_friction_only_take_energy() {
    let material = Material {
        stiffness: 1e5,
        dissipation: 0.9,
        static_friction: 0.8,
        dynamic_friction: 0.5,
        viscous_friction: 0.3,
    };
    let floor = Surface { site: site(0, [0.0; 3], [0.0, 0.0, -1.57]), shape: Shape::HalfSpace, material };
    let ball = Surface { site: site(1, [0.0; 3], [0.0; 3]), shape: Shape::Sphere { radius: 0.2 }, material };
    let law = ForceLaw::HuntCrossley(Box::new(HuntCrossley {
        surfaces: vec![floor, ball],
        transition_velocity: 0.1,
    }));
    let force = Force { name: String::new(), source: 0, applies: true, law };
    let bodies = [Pose::identity(), Pose { rotation: Mat3::identity(), position: Vec3::new(0.0, 0.15, 0.0) }];
    let push = |velocity: Motion<f64>| {
        let mut applied = Applied::new(0, 2, 0);
        let moment = Moment {
            time: 0.0,
            coordinates: &[],
            speeds: &[],
            bodies: &bodies,
            velocities: &[Motion::zero(), velocity],
            path_lengths: &[],
            path_speeds: &[],
            controls: &[],
            states: &[],
        };
        force.apply(&moment, &mut applied);
        applied.bodies[1]
    };
    let still = push(Motion::zero());
    for k in 0..64 {
        let at = |n: i32| 0.5 * libm::sin(f64::from(k * n));
        let velocity =
            Motion { angular: Vec3::new(at(1), at(2), at(3)), linear: Vec3::new(at(5), at(7), at(11)) };
        let moved = push(velocity);
        let extra = velocity.power(&moved) - velocity.power(&still);
        assert!(extra <= 1e-9, "{velocity:?}: {extra}");
    }
}

#[test]
fn tensions_follow_their_laws() {
    let moment = Moment {
        time: 0.0,
        coordinates: &[],
        speeds: &[],
        bodies: &[],
        velocities: &[],
        path_lengths: &[],
        path_speeds: &[],
        controls: &[0.5],
        states: &[0.02],
    };
    let spring = PathLaw::Spring { resting_length: 0.2, stiffness: 100.0, dissipation: 0.5 };
    assert_eq!(spring.tension(0.19, 1.0, &moment), 0.0);
    assert!((spring.tension(0.3, 1.0, &moment) - 15.0).abs() < 1e-12);
    let band = PathLaw::Ligament {
        resting_length: 0.2,
        pcsa_force: 50.0,
        force_length_curve: Function::Linear { slope: 2.0, intercept: -2.0 },
    };
    assert!(
        (band.tension(0.25, 0.0, &moment) - 25.0).abs() < 1e-12 && band.tension(0.2, 0.0, &moment) == 0.0
    );
    let clutch = PathLaw::Clutched {
        control: 0,
        state: 0,
        initial: 0.0,
        stiffness: 400.0,
        dissipation: 0.5,
        relaxation: 1e-3,
    };
    assert!((clutch.tension(1.0, 1.0, &moment) - 6.0).abs() < 1e-12);
    let ligament = PathLaw::Blankevoort {
        slack_length: 0.1,
        linear_stiffness: 1000.0,
        transition_strain: 0.06,
        damping_coefficient: 0.0,
    };
    for (strain, force) in [(-0.1, 0.0), (0.03, 7.5), (0.06, 30.0), (0.1, 70.0)] {
        assert!((ligament.tension(0.1 * (1.0 + strain), 0.0, &moment) - force).abs() < 1e-9, "{strain}");
    }
}
