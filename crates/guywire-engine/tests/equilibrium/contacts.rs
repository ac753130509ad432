//! How supports share a weight: levers, friction, balls.

use crate::bodies::{DOWN, G, UP, block, close, floor, foot, solve, task};
use guywire_engine::Task;
use guywire_engine::equilibrium::EquilibriumError;
use guywire_engine::task::{Condition, Contact, Support};
use guywire_math::Vec3;

/// A block on two feet shares its weight as the levers say.
#[test]
fn a_block_shares_its_weight_by_position() {
    let (mass, rear, front, ahead) = (20.0, -0.2, 0.3, 0.22);
    let system = block(mass, Vec3::new(ahead, 0.4, 0.0), true);
    let contacts = vec![foot(rear, 0.5, true), foot(front, 0.5, true)];
    let task = Task { supports: vec![floor(UP)], contacts, ..task(&[0.1, 0.05, 0.2]) };
    let solution = solve(&system, &task).unwrap();
    close("height", solution.q[1], 0.0, 1e-9);
    close("pitch", solution.q[2], 0.0, 1e-9);
    let weight = mass * G;
    let on_front = weight * (ahead - rear) / (front - rear);
    close("front", solution.contact_force[1].y, on_front, 1e-3);
    close("rear", solution.contact_force[0].y, weight - on_front, 1e-3);
    assert!(solution.contact_force.iter().all(|f| f.x.abs() < 1e-3 && f.z.abs() < 1e-3));
}

/// With a third foot between, the least sum of squares makes the forces lie on a line over the feet.
#[test]
fn a_contact_that_follows_from_others_need_not_touch() {
    let system = block(10.0, Vec3::zero(), true);
    let mut task = Task {
        supports: vec![floor(UP)],
        contacts: vec![foot(-0.2, 0.5, true), foot(0.2, 0.5, true), foot(0.0, 0.5, true)],
        ..task(&[0.0, 0.0, 0.0])
    };
    let side = |offset| Condition::OnPlane {
        body: 1,
        point: Vec3::zero(),
        normal: Vec3::new(0.0, 0.0, 1.0),
        offset,
    };
    task.conditions = vec![Condition::Degree { degree: 0, value: 0.1 }, side(0.3)];
    task.keep_independent(&system);
    // The block has no way to the side, and its third foot touches wherever the first two do.
    assert!(matches!(task.conditions.as_slice(), [Condition::Degree { .. }]));
    assert_eq!(task.contacts.iter().map(|c| c.touching).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn three_feet_share_in_line() {
    let (mass, ahead) = (20.0, 0.08);
    let feet = [-0.2, 0.05, 0.3];
    let system = block(mass, Vec3::new(ahead, 0.4, 0.0), true);
    let contacts = vec![foot(feet[0], 0.5, true), foot(feet[1], 0.5, false), foot(feet[2], 0.5, true)];
    let task = Task { supports: vec![floor(UP)], contacts, ..task(&[0.0; 3]) };
    let solution = solve(&system, &task).unwrap();
    // N = α + β x with Σ N = m g and Σ N x = m g · ahead.
    let (n, sum, squares) = (3.0, feet.iter().sum::<f64>(), feet.iter().map(|x| x * x).sum::<f64>());
    let det = n * squares - sum * sum;
    let alpha = mass * G * (squares - sum * ahead) / det;
    let beta = mass * G * (n * ahead - sum) / det;
    for (x, force) in feet.iter().zip(&solution.contact_force) {
        assert!(alpha + beta * x > 0.0);
        close("share", force.y, alpha + beta * x, 1e-3);
    }
}

/// A block whose weight lies beyond its feet tips: no contact pulls.
#[test]
fn a_block_that_overhangs_is_not_balanced() {
    let system = block(20.0, Vec3::new(0.32, 0.4, 0.0), true);
    let contacts = vec![foot(-0.2, 0.5, true), foot(0.3, 0.5, true)];
    let task = Task { supports: vec![floor(UP)], contacts, ..task(&[0.0; 3]) };
    let error = solve(&system, &task).unwrap_err();
    assert!(matches!(error, EquilibriumError::Unbalanced { .. }), "{error}");
}

/// On a slope the foot holds up to the friction angle and not beyond; what is missing is the weight's
/// distance from the cone.
#[test]
fn friction_holds_up_to_its_angle() {
    let (mass, friction) = (20.0, 0.4_f64);
    let angle = friction.atan();
    let system = block(mass, Vec3::zero(), false);
    let on_slope = |slope: f64| {
        let normal = Vec3::new(-slope.sin(), slope.cos(), 0.0);
        Task { supports: vec![floor(normal)], contacts: vec![foot(0.0, friction, true)], ..task(&[0.0; 2]) }
    };
    for sign in [1.0, -1.0] {
        let slope = sign * (angle - 0.01);
        let solution = solve(&system, &on_slope(slope)).unwrap();
        close("foot", (solution.contact_force[0] + DOWN * mass).norm(), 0.0, 1e-2);

        let slope = sign * (angle + 0.05);
        match solve(&system, &on_slope(slope)) {
            Err(EquilibriumError::Unbalanced { coordinate, missing, unit, .. }) => {
                // The gap stands square on the steepest edge of the cone, which leans by slope − angle.
                let gap = mass * G * 0.05_f64.sin();
                assert_eq!((coordinate.as_str(), unit), ("x", "N"));
                close("missing", missing, gap * 0.05_f64.cos(), 0.01 * gap);
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A ball rests on its radius.
#[test]
fn a_ball_rests_on_its_radius() {
    let system = block(5.0, Vec3::zero(), false);
    let contacts = vec![Contact { radius: 0.07, ..foot(0.0, 0.5, true) }];
    let supports = vec![Support { offset: 0.3, ..floor(UP) }];
    let solution = solve(&system, &Task { supports, contacts, ..task(&[0.0, 1.0]) }).unwrap();
    close("height", solution.q[1], 0.37, 1e-9);
}

// ---- what is refused ---------------------------------------------------------------------------
