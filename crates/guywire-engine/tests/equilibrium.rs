//! Equilibria that are known by hand: levers, springs, blocks. And what is refused.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire_engine::equilibrium::{Equilibrium, EquilibriumError, Settings, Solution};
use guywire_engine::force::{CoordinateLaw, Elastic, Force, ForceLaw, PathLaw};
use guywire_engine::muscle::{ActiveForceLength, MuscleParameters, PassiveCurve};
use guywire_engine::passive::{Ligament, PassiveLaw, PassiveMoment, PreloadEffect};
use guywire_engine::path::{Path, PathPoint};
use guywire_engine::reaction::{Source, for_each_wrench};
use guywire_engine::task::{Aim, Condition, Contact, Load, Support};
use guywire_engine::{
    Actuator, Axis, Body, Coordinate, Joint, Kinematics, Level, Model, Muscle, PathSet, System, Task,
};
use guywire_math::{Mat3, Pose, Vec3};

const G: f64 = 9.80665;
const DOWN: Vec3<f64> = Vec3::new(0.0, -G, 0.0);
const UP: Vec3<f64> = Vec3::new(0.0, 1.0, 0.0);

/// Width of Thelen's active curve; its value is 1 at optimal length.
const GAMMA: f64 = 0.45;

fn settings() -> Settings {
    Settings {
        effort: 100.0,
        strain_price: 0.0,
        strain_price_floor: 0.1,
        linear_effort: 0.0,
        contact_price: 1e-2,
        balance_stiffness: 1e3,
        tolerance_moment: 0.1,
        tolerance_force: 1.0,
        max_iterations: 300,
    }
}

fn body(name: &str, mass: f64, center_of_mass: Vec3<f64>) -> Body {
    Body { name: name.into(), mass, center_of_mass, inertia: Mat3::identity() }
}

fn coordinates(names: &[&str]) -> Vec<Coordinate> {
    let free = |name: &&str| Coordinate { name: (*name).into(), default: 0.0, range: None, locked: false };
    names.iter().map(free).collect()
}

fn weld_frame(name: &str) -> Joint {
    Joint::weld(name, 0, 1, Pose::identity(), Pose::identity())
}

/// One body on a hinge about z at the ground's origin.
fn lever(mass: f64, center_of_mass: Vec3<f64>) -> System {
    let bodies = vec![body("ground", 0.0, Vec3::zero()), body("lever", mass, center_of_mass)];
    let model = Model::new(bodies, vec![weld_frame("hinge").hinge(0)], coordinates(&["elbow"]), vec![]);
    system(model.unwrap())
}

/// One body that slides in the sagittal plane, and turns in it if wanted.
fn block(mass: f64, center_of_mass: Vec3<f64>, turns: bool) -> System {
    let bodies = vec![body("ground", 0.0, Vec3::zero()), body("block", mass, center_of_mass)];
    let mut joint = weld_frame("slide");
    joint.translations = vec![Axis::direct([1.0, 0.0, 0.0], 0), Axis::direct([0.0, 1.0, 0.0], 1)];
    let mut names = vec!["x", "y"];
    if turns {
        joint = joint.hinge(2);
        names.push("pitch");
    }
    system(Model::new(bodies, vec![joint], coordinates(&names), vec![]).unwrap())
}

fn system(model: Model) -> System {
    let paths = PathSet::new(&model, vec![]).unwrap();
    System {
        model,
        constraints: vec![],
        paths,
        muscles: vec![],
        actuators: vec![],
        passives: vec![],
        ligaments: vec![],
        elastic: None,
        levels: vec![],
        preload: PreloadEffect { per_newton: 0.0, ceiling: 1.0 },
    }
}

/// A muscle from ground to the moving body whose fibre has its optimal length at the pose zero.
#[derive(Clone)]
struct Pull {
    name: &'static str,
    origin: Vec3<f64>,
    insertion: Vec3<f64>,
    force: f64,
    volume: f64,
    floor: f64,
    ceiling: f64,
}

const FIBER: f64 = 0.1;

fn pull(name: &'static str, origin: [f64; 3], insertion: [f64; 3], force: f64) -> Pull {
    let (origin, insertion) = (Vec3::from_array(origin), Vec3::from_array(insertion));
    Pull { name, origin, insertion, force, volume: force * FIBER, floor: 0.0, ceiling: 1.0 }
}

impl Pull {
    fn length(&self) -> f64 {
        (self.insertion - self.origin).norm()
    }
    /// Moment arm about the origin at the pose zero, m.
    fn arm(&self) -> f64 {
        self.insertion.cross(self.origin - self.insertion).z / self.length()
    }
}

fn with_muscles(mut system: System, pulls: &[Pull]) -> System {
    let point = PathPoint::fixed;
    let path = |p: &Pull| Path { points: vec![point(0, p.origin), point(1, p.insertion)], wraps: Vec::new() };
    system.paths = PathSet::new(&system.model, pulls.iter().map(path).collect()).unwrap();
    system.muscles = pulls
        .iter()
        .map(|p| Muscle {
            name: p.name.into(),
            parameters: MuscleParameters {
                max_isometric_force: p.force,
                optimal_fiber_length: FIBER,
                tendon_slack_length: p.length() - FIBER,
                pennation_at_optimal: 0.0,
                active: ActiveForceLength::Thelen { gamma: GAMMA },
                passive: PassiveCurve::Slack.into(),
            },
            volume: p.volume,
            floor: p.floor,
            ceiling: p.ceiling,
        })
        .collect();
    system
}

fn task(start: &[f64]) -> Task {
    Task {
        name: "test".into(),
        gravity: DOWN,
        supports: vec![],
        contacts: vec![],
        loads: vec![],
        conditions: vec![],
        aims: vec![],
        start: start.to_vec(),
    }
}

fn held(value: f64) -> Task {
    Task { conditions: vec![Condition::Degree { degree: 0, value }], ..task(&[value]) }
}

fn solve(system: &System, task: &Task) -> Result<Solution, EquilibriumError> {
    Equilibrium::new(system, settings()).solve(task)
}

/// Least of `E a² + ½ W (M − s a)²`: what a single muscle of strength `s` (N·m) costs for a moment `M` while the
/// balance is held as softly as the search for the pose holds it.
fn soft_effort(moment: f64, strength: f64) -> f64 {
    let Settings { effort, balance_stiffness, .. } = settings();
    effort * moment * moment / (strength * strength + 2.0 * effort / balance_stiffness)
}

fn spring(law: PassiveLaw, price: Option<f64>) -> PassiveMoment {
    PassiveMoment { name: "spring".into(), degree: 0, law, level: None, price }
}

fn elastic(system: &System, law: ForceLaw, paths: Vec<Path>) -> Elastic {
    let force = Force { name: "another's".into(), source: 0, applies: true, law };
    Elastic::new(&system.model, [force], &paths).unwrap()
}

fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
}

/// Where a rising function is zero.
fn root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    assert!(f(low) < 0.0 && f(high) > 0.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if f(middle) < 0.0 { low = middle } else { high = middle }
    }
    low
}

/// Where a function of one valley is least.
fn least(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if f(a) < f(b) { high = b } else { low = a }
    }
    0.5 * (low + high)
}

// ---- load sharing ------------------------------------------------------------------------------

/// A forearm held level: activation = weight · lever / (moment arm · force), and the elbow carries the rest.
#[test]
fn a_muscle_holds_a_weight_by_its_lever() {
    let (mass, reach) = (4.0, 0.3);
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), std::slice::from_ref(&biceps));
    let solution = solve(&system, &held(0.0)).unwrap();
    let expected = mass * G * reach / (biceps.arm() * biceps.force);
    close("activation", solution.activation[0], expected, 1e-6);
    close("force", solution.active_force[0], expected * biceps.force, 1e-3);
    close("cost", solution.cost, soft_effort(mass * G * reach, biceps.arm() * biceps.force), 1e-6);

    let mut kinematics = Kinematics::new(&system.model);
    kinematics.update(&system.model, &solution.q);
    let (mut force, mut moment) = (Vec3::zero(), 0.0);
    for_each_wrench(&system, &held(0.0), &solution, &kinematics, |_, on, wrench| {
        if on == 1 {
            force += wrench.force;
            moment += wrench.moment.z;
        }
    });
    close("moment about the hinge", moment, 0.0, 1e-4);
    let line = (biceps.origin - biceps.insertion) * (1.0 / biceps.length());
    let joint = line * (expected * biceps.force) + DOWN * mass;
    close("joint force", (force - joint).norm(), 0.0, 1e-3);
}

/// An ideal actuator shares with a muscle by price, `τ = p² E a / s`, until its limit; the muscle does the rest.
#[test]
fn an_actuator_shares_by_its_price_up_to_its_limit() {
    let (mass, reach, price) = (4.0, 0.3, 3.0);
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let strength = biceps.arm() * biceps.force;
    let (moment, effort) = (mass * G * reach, settings().effort);
    for greatest in [f64::INFINITY, 2.0] {
        let mut system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), std::slice::from_ref(&biceps));
        system.actuators =
            vec![Actuator { name: "motor".into(), degree: 0, least: f64::NEG_INFINITY, greatest, price }];
        let solution = solve(&system, &held(0.0)).unwrap();
        let free = moment * price * price * effort / (strength * strength + price * price * effort);
        let expected = free.min(greatest);
        assert!(free > 3.0, "{free}");
        close("moment", solution.actuator_force[0], expected, 1e-5 * moment);
        close("activation", solution.activation[0], (moment - expected) / strength, 1e-5);
        assert!(solution.residual_moment < 1e-3, "{}", solution.residual_moment);
    }
}

/// Two muscles that pull alike share as `aᵢ = μ rᵢ Fᵢ / Vᵢ − ε`; one that pulls against them stays at its tone.
#[test]
fn muscles_share_by_least_effort() {
    let (mass, reach, linear) = (3.0, 0.3, 0.02);
    let near = pull("near", [0.0, 0.25, 0.0], [0.04, 0.0, 0.0], 500.0);
    let far = Pull { volume: 90.0, ..pull("far", [0.0, 0.3, 0.0], [0.08, 0.0, 0.0], 300.0) };
    let against = Pull { floor: 0.07, ..pull("against", [0.0, -0.3, 0.0], [0.05, 0.0, 0.0], 200.0) };
    let pulls = [near.clone(), far.clone(), against.clone()];
    let system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), &pulls);
    let settings = Settings { linear_effort: linear, ..settings() };
    let solution = Equilibrium::new(&system, settings).solve(&held(0.0)).unwrap();

    let moment = mass * G * reach - against.floor * against.arm() * against.force;
    let strength = |p: &Pull| p.arm() * p.force;
    let per_mu = strength(&near).powi(2) / near.volume + strength(&far).powi(2) / far.volume;
    let mu = (moment + linear * (strength(&near) + strength(&far))) / per_mu;
    for (m, p) in [&near, &far].into_iter().enumerate() {
        let expected = mu * strength(p) / p.volume - linear;
        assert!(expected > 0.0 && expected < 1.0);
        close(p.name, solution.activation[m], expected, 1e-6);
    }
    assert_eq!(solution.activation[2], against.floor);
}

/// A muscle at its ceiling leaves the rest to the other.
#[test]
fn what_a_muscle_cannot_do_the_other_does() {
    let (mass, reach) = (4.0, 0.3);
    let weak = Pull { ceiling: 0.05, ..pull("weak", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 600.0) };
    let other = pull("other", [0.0, 0.4, 0.0], [0.06, 0.0, 0.0], 600.0);
    let system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), &[weak.clone(), other.clone()]);
    let solution = solve(&system, &held(0.0)).unwrap();
    assert_eq!(solution.activation[0], 0.05);
    let rest = mass * G * reach - 0.05 * weak.arm() * weak.force;
    close("other", solution.activation[1], rest / (other.arm() * other.force), 1e-6);
}

// ---- pose --------------------------------------------------------------------------------------

/// An inverted pendulum on a spring leans until the weight's moment equals the spring's.
#[test]
fn a_pendulum_leans_until_its_spring_holds_it() {
    let (mass, height, stiffness, neutral) = (10.0, 0.5, 80.0, 0.15);
    let mut system = lever(mass, Vec3::new(0.0, height, 0.0));
    system.passives = vec![spring(PassiveLaw::Linear { stiffness, neutral }, None)];
    let expected = root(0.0, 1.5, |q| stiffness * (q - neutral) - mass * G * height * q.sin());
    for start in [0.0, 0.3, -0.8] {
        let solution = solve(&system, &task(&[start])).unwrap();
        close("lean", solution.q[0], expected, 1e-5);
    }
    // The same spring as a force of another model.
    system.passives.clear();
    let law = CoordinateLaw::Spring { stiffness, rest: neutral, viscosity: 1.0 };
    system.elastic = Some(elastic(&system, ForceLaw::Coordinate { coordinate: 0, law }, vec![]));
    close("lean by another's spring", solve(&system, &task(&[0.0])).unwrap().q[0], expected, 1e-5);
}

/// A spinal segment stiffens under the weight that it carries: `m g h sin q = k f(m g cos q) t + c t³`.
#[test]
fn a_segment_leans_less_for_the_load_that_stiffens_it() {
    let (mass, height) = (30.0, 0.2);
    let (stiffness, neutral, cubic_below, cubic_above) = (60.0, 0.1, 3000.0, 1500.0);
    let (per_newton, ceiling) = (2e-3, 3.0);
    let mut system = lever(mass, Vec3::new(0.0, height, 0.0));
    system.levels = vec![Level { name: "base".into(), upper: 1, normal: UP }];
    let law = PassiveLaw::Segment { stiffness, neutral, cubic_below, cubic_above };
    system.passives = vec![PassiveMoment { level: Some(0), ..spring(law, None) }];
    system.preload = PreloadEffect { per_newton, ceiling };
    let expected = root(0.1, 1.0, |q| {
        let (factor, t) = (1.0 + per_newton * mass * G * q.cos(), q - neutral);
        assert!(factor < ceiling);
        stiffness * factor * t + cubic_above * t * t * t - mass * G * height * q.sin()
    });
    let solution = solve(&system, &task(&[0.0])).unwrap();
    close("lean", solution.q[0], expected, 1e-5);
    close("compression", solution.compression[0], mass * G * expected.cos(), 1e-3);
}

/// With a muscle, a priced spring and an aim, the pose is the least of the sum of their costs.
#[test]
fn the_pose_is_where_effort_strain_and_aim_cost_least() {
    let (mass, reach, stiffness, neutral, price, weight) = (4.0, 0.3, 6.0, -0.2, 1.5, 2.0);
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let mut system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), std::slice::from_ref(&biceps));
    system.passives = vec![spring(PassiveLaw::Linear { stiffness, neutral }, Some(price))];
    let mut task = task(&[-0.3]);
    // The aim wants the lever's y axis to lean forward by 0.4 rad: q = −0.4.
    task.aims = vec![Aim {
        body: 1,
        up: UP,
        right: Vec3::new(0.0, 0.0, 1.0),
        inclination: Some(0.4),
        band: 0.0,
        weight,
    }];
    let solution = solve(&system, &task).unwrap();

    let cost = |q: f64| {
        let insertion = Vec3::new(0.05 * q.cos(), 0.05 * q.sin(), 0.0);
        let along = biceps.origin - insertion;
        let arm = insertion.cross(along).z / along.norm();
        let stretch = (along.norm() - biceps.length()) / FIBER;
        let strength = biceps.force * (-stretch * stretch / GAMMA).exp() * arm;
        let moment = -stiffness * (q - neutral);
        let needed = mass * G * reach * q.cos() - moment;
        assert!(needed > 0.0 && needed < strength);
        soft_effort(needed, strength) + (moment / price).powi(2) + weight * (q + 0.4).powi(2)
    };
    let expected = least(-1.2, 0.4, cost);
    assert!((expected + 0.4).abs() > 0.02, "the aim alone must not decide");
    close("pose", solution.q[0], expected, 1e-6);
    close("cost", solution.cost, cost(expected), 1e-9);
}

/// Leaning forward within the aim's band costs nothing; beyond it, the distance to the band.
#[test]
fn an_aim_is_free_within_its_band() {
    let (mass, height, stiffness, weight) = (2.0, 0.1, 40.0, 30.0);
    let mut system = lever(mass, Vec3::new(0.0, height, 0.0));
    let aim =
        |band| Aim { body: 1, up: UP, right: Vec3::new(0.0, 0.0, 1.0), inclination: Some(0.1), band, weight };
    // The spring alone decides the pose: q = −0.25 or so, an inclination of +0.25.
    system.passives = vec![spring(PassiveLaw::Linear { stiffness, neutral: -0.25 }, None)];
    for (band, expected) in [(0.5, 0.0), (0.05, 1.0)] {
        let solution = solve(&system, &Task { aims: vec![aim(band)], ..task(&[0.0]) }).unwrap();
        let beyond = (-solution.q[0] - 0.1 - band).max(0.0);
        assert!(expected == 0.0 || beyond > 0.05);
        close("cost", solution.cost, weight * beyond * beyond, 1e-3);
    }
}

/// A weight on a ligament hangs where the ligament's tension carries it.
#[test]
fn a_ligament_hangs_a_weight() {
    let (mass, slack_length, stiffness, toe) = (2.0, 0.2, 4000.0, 0.01);
    let mut system = block(mass, Vec3::zero(), false);
    let at = |body, y| PathPoint::fixed(body, Vec3::new(0.0, y, 0.0));
    let (origin, insertion) = (at(0, 1.0), at(1, 0.0));
    system.ligaments =
        vec![Ligament { name: "band".into(), origin, insertion, slack_length, stiffness, toe }];
    let solution = solve(&system, &task(&[0.0, 0.795])).unwrap();
    // 19.6 N lie in the toe, which ends at k s₀/2 = 20 N.
    let stretch = (2.0 * toe * mass * G / stiffness).sqrt();
    assert!(stretch < toe);
    close("height", solution.q[1], 1.0 - slack_length - stretch, 1e-6);
    // The same band by Blankevoort's law, which is that of another model.
    let Ligament { origin, insertion, .. } = system.ligaments.remove(0);
    let law = PathLaw::Blankevoort {
        slack_length,
        linear_stiffness: stiffness * slack_length,
        transition_strain: toe / slack_length,
        damping_coefficient: 0.1,
    };
    let path = Path { points: vec![origin, insertion], wraps: Vec::new() };
    system.elastic = Some(elastic(&system, ForceLaw::Path { path: 0, law }, vec![path]));
    let solution = solve(&system, &task(&[0.0, 0.795])).unwrap();
    close("height by another's band", solution.q[1], 1.0 - slack_length - stretch, 1e-6);
    let (mut up, mut kinematics) = (0.0, Kinematics::new(&system.model));
    kinematics.update(&system.model, &solution.q);
    for_each_wrench(&system, &task(&[0.0, 0.795]), &solution, &kinematics, |source, on, wrench| {
        up += if on == 1 && matches!(source, Source::Elastic(_)) { wrench.force.y } else { 0.0 };
    });
    close("pull of the band", up, mass * G, 1e-3);
}

/// What a level carries: the weight above, the muscle that pulls down on it, less what pushes up from below.
#[test]
fn a_level_carries_weight_and_muscle_less_pressure() {
    let (mass, ahead, behind, pressure) = (30.0, 0.1, -0.05, 120.0);
    let back = pull("back", [behind, -0.3, 0.0], [behind, 0.2, 0.0], 4000.0);
    let mut system = with_muscles(lever(mass, Vec3::new(ahead, 0.2, 0.0)), std::slice::from_ref(&back));
    let tilt: f64 = 0.3;
    let normal = Vec3::new(tilt.sin(), tilt.cos(), 0.0);
    system.levels = vec![Level { name: "base".into(), upper: 1, normal }];
    let push = Load::Push {
        name: "pressure".into(),
        from: (0, Vec3::new(ahead, -0.1, 0.0)),
        to: (1, Vec3::new(ahead, 0.2, 0.0)),
        force: pressure,
    };
    let solution = solve(&system, &Task { loads: vec![push], ..held(0.0) }).unwrap();
    let tension = (mass * G - pressure) * ahead / -behind;
    close("muscle", solution.active_force[0], tension, 1e-2);
    close("compression", solution.compression[0], (mass * G + tension - pressure) * tilt.cos(), 1e-2);
}

// ---- contacts ----------------------------------------------------------------------------------

fn floor(normal: Vec3<f64>) -> Support {
    Support { name: "floor".into(), normal, offset: 0.0 }
}

fn foot(x: f64, friction: f64, touching: bool) -> Contact {
    Contact { support: 0, body: 1, center: Vec3::new(x, 0.0, 0.0), radius: 0.0, friction, touching }
}

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

#[test]
fn a_weight_too_heavy_names_what_is_missing() {
    let (mass, reach) = (40.0, 0.3);
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let triceps = pull("triceps", [0.0, -0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), &[biceps.clone(), triceps]);
    match solve(&system, &held(0.0)) {
        Err(EquilibriumError::Unbalanced { task, coordinate, missing, unit, obstacle }) => {
            let expected = mass * G * reach - biceps.arm() * biceps.force;
            close("missing", missing, expected, 0.01 * expected);
            assert_eq!((task.as_str(), coordinate.as_str(), unit), ("test", "elbow", "N·m"));
            assert!(obstacle.contains("biceps") && !obstacle.contains("triceps"), "{obstacle}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn conditions_that_contradict_are_unreachable() {
    let system = lever(1.0, Vec3::new(0.0, -0.3, 0.0));
    let hold = |value| Condition::Degree { degree: 0, value };
    let twice = Task { conditions: vec![hold(0.1), hold(0.3)], ..task(&[0.0]) };
    match solve(&system, &twice) {
        // However the two share it, one is off by half of the 0.2 rad between them.
        Err(EquilibriumError::Unreachable { violation, .. }) => assert!(violation > 0.0999, "{violation}"),
        other => panic!("{other:?}"),
    }
    // The lever's tip reaches 0.6 m and is asked to reach 1 m.
    let tip = Vec3::new(0.6, 0.0, 0.0);
    let beyond = Condition::OnPlane { body: 1, point: tip, normal: UP, offset: 1.0 };
    match solve(&system, &Task { conditions: vec![beyond], ..task(&[0.5]) }) {
        Err(EquilibriumError::Unreachable { violation, .. }) => assert!(violation > 0.3999, "{violation}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_start_of_another_body_is_refused() {
    let system = lever(1.0, Vec3::new(0.0, -0.3, 0.0));
    for start in [vec![], vec![0.0; 3]] {
        match solve(&system, &task(&start)) {
            Err(EquilibriumError::WrongStart { found, expected, .. }) => {
                assert_eq!((found, expected), (start.len(), 1));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// What is not a number ends in an error, whether it comes with the start, a load or a condition.
#[test]
fn what_is_not_a_number_is_an_error() {
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let plain = lever(4.0, Vec3::new(0.0, -0.3, 0.0));
    let moved = with_muscles(plain.clone(), &[biceps]);
    for system in [&plain, &moved] {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let load = Load::Force {
                name: "bad".into(),
                body: 1,
                point: Vec3::new(0.1, 0.0, 0.0),
                force: Vec3::new(0.0, bad, 0.0),
            };
            let free_and_held = [task(&[bad]), Task { start: vec![bad], ..held(0.0) }, held(bad)];
            let loaded = Task { loads: vec![load], ..held(0.0) };
            for task in free_and_held.into_iter().chain([loaded]) {
                if let Ok(solution) = solve(system, &task) {
                    panic!("{bad}: {:?} from {task:?}", solution.q);
                }
            }
        }
    }
}

/// The sources of force that a solution lists are those that the task and the body have.
#[test]
fn every_source_is_told_once() {
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let system = with_muscles(lever(4.0, Vec3::new(0.3, 0.0, 0.0)), &[biceps]);
    let load = Load::Force {
        name: "cup".into(),
        body: 1,
        point: Vec3::new(0.35, 0.0, 0.0),
        force: Vec3::new(0.0, -2.0, 0.0),
    };
    let task = Task { loads: vec![load], ..held(0.0) };
    let solution = solve(&system, &task).unwrap();
    let mut kinematics = Kinematics::new(&system.model);
    kinematics.update(&system.model, &solution.q);
    let mut seen = Vec::new();
    for_each_wrench(&system, &task, &solution, &kinematics, |source, on, _| seen.push((source, on)));
    assert_eq!(
        seen,
        [(Source::Weight(1), 1), (Source::Muscle(0), 0), (Source::Muscle(0), 1), (Source::Load(0), 1)]
    );
}
