//! Levers and blocks with muscles, springs and feet: bodies whose equilibria are known by hand.

use guywire_engine::equilibrium::{Equilibrium, EquilibriumError, Settings, Solution};
use guywire_engine::force::{Elastic, Force, ForceLaw};
use guywire_engine::muscle::{ActiveForceLength, MuscleParameters, PassiveCurve};
use guywire_engine::passive::{PassiveLaw, PassiveMoment, PreloadEffect};
use guywire_engine::path::{Path, PathPoint};
use guywire_engine::task::{Condition, Contact, Support};
use guywire_engine::{Axis, Body, Coordinate, Joint, Model, Muscle, PathSet, System, Task};
use guywire_math::{Mat3, Pose, Vec3};

pub const G: f64 = 9.80665;
pub const DOWN: Vec3<f64> = Vec3::new(0.0, -G, 0.0);
pub const UP: Vec3<f64> = Vec3::new(0.0, 1.0, 0.0);

/// Width of Thelen's active curve; its value is 1 at optimal length.
pub const GAMMA: f64 = 0.45;

pub fn settings() -> Settings {
    Settings {
        effort: 100.0,
        strain_price: 0.0,
        strain_price_floor: 0.1,
        linear_effort: 0.0,
        contact_price: 1e-2,
        balance_stiffness: 1e3,
        tolerance_moment: 0.1,
        tolerance_force: 1.0,
        tolerance_cost: Settings::EXACT,
        tolerance_compression: 1e-3,
        detours: true,
        max_iterations: 300,
    }
}

pub fn body(name: &str, mass: f64, center_of_mass: Vec3<f64>) -> Body {
    Body { name: name.into(), mass, center_of_mass, inertia: Mat3::identity() }
}

pub fn coordinates(names: &[&str]) -> Vec<Coordinate> {
    let free = |name: &&str| Coordinate { name: (*name).into(), default: 0.0, range: None, locked: false };
    names.iter().map(free).collect()
}

pub fn weld_frame(name: &str) -> Joint {
    Joint::weld(name, 0, 1, Pose::identity(), Pose::identity())
}

/// One body on a hinge about z at the ground's origin.
pub fn lever(mass: f64, center_of_mass: Vec3<f64>) -> System {
    let bodies = vec![body("ground", 0.0, Vec3::zero()), body("lever", mass, center_of_mass)];
    let model = Model::new(bodies, vec![weld_frame("hinge").hinge(0)], coordinates(&["elbow"]), vec![]);
    system(model.unwrap())
}

/// One body that slides in the sagittal plane, and turns in it if wanted.
pub fn block(mass: f64, center_of_mass: Vec3<f64>, turns: bool) -> System {
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

pub fn system(model: Model) -> System {
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
pub struct Pull {
    pub name: &'static str,
    pub origin: Vec3<f64>,
    pub insertion: Vec3<f64>,
    pub force: f64,
    pub volume: f64,
    pub floor: f64,
    pub ceiling: f64,
}

pub const FIBER: f64 = 0.1;

pub fn pull(name: &'static str, origin: [f64; 3], insertion: [f64; 3], force: f64) -> Pull {
    let (origin, insertion) = (Vec3::from_array(origin), Vec3::from_array(insertion));
    Pull { name, origin, insertion, force, volume: force * FIBER, floor: 0.0, ceiling: 1.0 }
}

impl Pull {
    pub fn length(&self) -> f64 {
        (self.insertion - self.origin).norm()
    }
    /// Moment arm about the origin at the pose zero, m.
    pub fn arm(&self) -> f64 {
        self.insertion.cross(self.origin - self.insertion).z / self.length()
    }
}

pub fn with_muscles(mut system: System, pulls: &[Pull]) -> System {
    let point = PathPoint::fixed;
    let path = |p: &Pull| Path::through(vec![point(0, p.origin), point(1, p.insertion)], vec![]);
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

pub fn task(start: &[f64]) -> Task {
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

pub fn held(value: f64) -> Task {
    Task { conditions: vec![Condition::Degree { degree: 0, value }], ..task(&[value]) }
}

pub fn solve(system: &System, task: &Task) -> Result<Solution, EquilibriumError> {
    Equilibrium::new(system, settings()).solve(task)
}

/// Least of `E a² + ½ W (M − s a)²`: what a single muscle of strength `s` (N·m) costs for a moment `M` while the
/// balance is held as softly as the search for the pose holds it.
pub fn soft_effort(moment: f64, strength: f64) -> f64 {
    let Settings { effort, balance_stiffness, .. } = settings();
    effort * moment * moment / (strength * strength + 2.0 * effort / balance_stiffness)
}

pub fn spring(law: PassiveLaw, price: Option<f64>) -> PassiveMoment {
    PassiveMoment { name: "spring".into(), degree: 0, law, level: None, price }
}

pub fn elastic(system: &System, law: ForceLaw, paths: Vec<Path>) -> Elastic {
    let force = Force { name: "another's".into(), source: 0, applies: true, law };
    Elastic::new(&system.model, [force], &paths).unwrap()
}

pub fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
}

/// Where a rising function is zero.
pub fn root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    assert!(f(low) < 0.0 && f(high) > 0.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if f(middle) < 0.0 { low = middle } else { high = middle }
    }
    low
}

/// Where a function of one valley is least.
pub fn least(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if f(a) < f(b) { high = b } else { low = a }
    }
    0.5 * (low + high)
}

pub fn floor(normal: Vec3<f64>) -> Support {
    Support { name: "floor".into(), normal, offset: 0.0 }
}

pub fn foot(x: f64, friction: f64, touching: bool) -> Contact {
    Contact { support: 0, body: 1, center: Vec3::new(x, 0.0, 0.0), radius: 0.0, friction, touching }
}
