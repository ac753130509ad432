//! The equilibria of the real body, checked from scratch: what a solution claims is computed again here, from
//! its pose and forces alone, by other formulas than the solver's.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire::body::{Body, ReferenceBody};
use guywire::case::{Person, Property, Segments, Setting, Sex, Target, Tissue};
use guywire::posture::{Positions, settle};
use guywire::results::Side;
use guywire_engine::equilibrium::{Equilibrium, Solution};
use guywire_engine::reaction::for_each_wrench;
use guywire_engine::task::{Condition, Contact, Load};
use guywire_engine::{Kinematics, Motion, Task};
use guywire_math::linalg::{cholesky, cholesky_solve, row_and_null_space};
use guywire_math::{Vec3, Wrench};
use std::sync::LazyLock;

const DEG: f64 = std::f64::consts::PI / 180.0;

static POSITIONS: LazyLock<Positions> = LazyLock::new(|| Positions::read().unwrap());
static REFERENCE: LazyLock<Body> = LazyLock::new(|| ReferenceBody::adult().unwrap().unscaled().unwrap());
/// The reference body, tight on the left in front, inside and behind.
static LOPSIDED: LazyLock<Body> =
    LazyLock::new(|| with_short(&["hip_flexors", "adductors", "hamstrings"], Some(Side::Left), 0.94));

fn with_short(groups: &[&str], side: Option<Side>, value: f64) -> Body {
    let setting = |group: &&str| Setting {
        target: Target::Group((*group).into()),
        side,
        property: Property::Length,
        value,
    };
    let tissue = Tissue { settings: groups.iter().map(setting).collect(), reciprocal_inhibition: 0.0 };
    let person = Person {
        name: "Reference".into(),
        age: 30.0,
        sex: Sex::Male,
        height_cm: 170.0,
        mass_kg: REFERENCE.system.model.mass(),
        pelvic_incidence_deg: None,
        segments: Segments::default(),
    };
    ReferenceBody::adult().unwrap().scaled_to(&person, &tissue).unwrap()
}

/// An equilibrium and everything it was computed from.
struct Case {
    name: String,
    body: &'static Body,
    task: Task,
    solution: Solution,
}

/// Every position of the reference body, and some of the lopsided one.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let lopsided = ["standing", "standing_on_left", "standing_on_right", "bend_60", "sitting_relaxed"];
    let all = POSITIONS.all().iter().map(|p| (&*REFERENCE, "", p.name.as_str()));
    all.chain(lopsided.map(|name| (&*LOPSIDED, "lopsided ", name)))
        .map(|(body, who, position)| {
            let settled = settle(body, &POSITIONS, position, None).unwrap_or_else(|e| panic!("{who}{e}"));
            let (task, solution) = (settled.task, settled.solution);
            Case { name: format!("{who}{position}"), body, task, solution }
        })
        .collect()
});

fn case(name: &str) -> &'static Case {
    CASES.iter().find(|c| c.name == name).unwrap()
}

impl Case {
    fn at(&self, q: &[f64]) -> Kinematics<f64> {
        let mut kinematics = Kinematics::new(&self.body.system.model);
        kinematics.update(&self.body.system.model, q);
        kinematics
    }

    fn kinematics(&self) -> Kinematics<f64> {
        self.at(&self.solution.q)
    }

    /// Body weight, N.
    fn weight(&self) -> f64 {
        self.body.system.model.mass() * self.task.gravity.norm()
    }

    fn coordinate(&self, degree: usize) -> &str {
        &self.body.system.model.degree_coordinate(degree).name
    }
}

// ---- balance -----------------------------------------------------------------------------------

/// All forces on the whole body add up to nothing, and so do their moments about any point.
#[test]
fn forces_and_moments_on_the_body_add_up_to_nothing() {
    for case in &*CASES {
        let mut total = Wrench::zero();
        for_each_wrench(&case.body.system, &case.task, &case.solution, &case.kinematics(), |_, _, w| {
            total += w
        });
        let mut largest = 0.0f64;
        for about in [Vec3::zero(), Vec3::new(0.3, 1.0, 0.2), Vec3::new(-2.0, 0.5, 1.0)] {
            largest = largest.max((total.moment - about.cross(total.force)).norm());
        }
        assert!(total.force.norm() < 1e-4, "{}: {} N", case.name, total.force.norm());
        assert!(largest < 1e-4, "{}: {largest} N·m", case.name);
    }
}

/// A force on each point whose velocity is known: what the power per rate of one degree of freedom is made of.
fn power(case: &Case, degree: usize, step: f64) -> f64 {
    let (system, solution) = (&case.body.system, &case.solution);
    let mut q = solution.q.clone();
    q[degree] += step;
    let up = case.at(&q);
    q[degree] -= 2.0 * step;
    let down = case.at(&q);
    let moved = |body: usize, point: Vec3<f64>| up.bodies[body].point(point) - down.bodies[body].point(point);
    let longer = |a: (usize, Vec3<f64>), b: (usize, Vec3<f64>)| {
        let length = |k: &Kinematics<f64>| (k.bodies[b.0].point(b.1) - k.bodies[a.0].point(a.1)).norm();
        length(&up) - length(&down)
    };
    let mut work = 0.0;
    for (b, body) in system.model.bodies().iter().enumerate() {
        work += body.mass * case.task.gravity.dot(moved(b, body.center_of_mass));
    }
    for (m, path) in system.paths.paths().iter().enumerate() {
        let force = solution.active_force[m] + solution.passive_force[m];
        work -= force * (path.follow(&up, |_| {}) - path.follow(&down, |_| {}));
    }
    for ligament in &system.ligaments {
        let (a, b) = (&ligament.origin, &ligament.insertion);
        let at = case.kinematics();
        let length = (at.bodies[b.body].point(b.position) - at.bodies[a.body].point(a.position)).norm();
        work -= ligament.tension(length) * longer((a.body, a.position), (b.body, b.position));
    }
    for load in &case.task.loads {
        work += match load {
            Load::Force { body, point, force, .. } => force.dot(moved(*body, *point)),
            Load::Push { from, to, force, .. } => force * longer(*from, *to),
        };
    }
    for (contact, force) in case.task.contacts.iter().zip(&solution.contact_force) {
        work += force.dot(moved(contact.body, contact.center));
    }
    let mut power = work / (2.0 * step);
    for passive in system.passives.iter().filter(|p| p.degree == degree) {
        let factor = passive.level.map_or(1.0, |l| system.preload.factor(solution.compression[l]));
        power += passive.at(solution.q[degree], factor);
    }
    power
}

/// Moving any degree of freedom a little, gravity, muscles (−F dL), ligaments, loads, contacts and passive
/// tissue together do no work: −F dL of muscles by differences of their lengths, not by moment arms.
#[test]
fn no_motion_gains_work() {
    for name in ["standing", "bend_60", "supine", "lift_20kg_bent_knees", "lopsided standing_on_left"] {
        let case = case(name);
        for degree in 0..case.solution.q.len() {
            // The difference is off by the square of the step: some kN/m² times 1e-10, and rounding of as much.
            let power = power(case, degree, 1e-5);
            assert!(power.abs() < 1e-4, "{name}: {power} at {}", case.coordinate(degree));
        }
    }
}

/// The generalised forces of all wrenches and passive moments are no larger than the certificate says.
#[test]
fn the_certificate_holds() {
    for case in &*CASES {
        let system = &case.body.system;
        let mut kinematics = case.kinematics();
        let mut on = vec![Wrench::zero(); system.model.bodies().len()];
        for_each_wrench(system, &case.task, &case.solution, &kinematics, |_, body, w| on[body] += w);
        let mut force = vec![0.0; case.solution.q.len()];
        kinematics.generalized_forces(&system.model, &on, &mut force);
        for passive in &system.passives {
            let factor = passive.level.map_or(1.0, |l| system.preload.factor(case.solution.compression[l]));
            force[passive.degree] += passive.at(case.solution.q[passive.degree], factor);
        }
        for (i, f) in force.iter().enumerate() {
            let claimed = if system.model.degree_turns(i) {
                case.solution.residual_moment
            } else {
                case.solution.residual_force
            };
            // The stiffness of the segments is that of the last step's compression, up to 1e-3 N off, which is
            // some 2e-6 of the moment of a segment.
            let tolerance = claimed + 5e-5;
            assert!(f.abs() < tolerance, "{}: {f} at {}", case.name, case.coordinate(i));
        }
        assert!(case.solution.condition_violation < 1e-9);
        let conditions = conditions(case, &case.solution.q);
        let off = conditions.iter().fold(0.0f64, |m, c| m.max(c.abs()));
        assert!(off < 1e-9, "{}: {off} m or rad off the conditions", case.name);
    }
}

// ---- load sharing ------------------------------------------------------------------------------

/// Edges of the friction pyramid: one tangent in the sagittal plane, one to the side.
fn edges(case: &Case, contact: &Contact) -> [Vec3<f64>; 4] {
    let n = case.task.supports[contact.support].normal;
    assert!(n.z.abs() < 1e-12);
    let forward = Vec3::new(n.y, -n.x, 0.0);
    let side = Vec3::new(0.0, 0.0, 1.0);
    let mu = contact.friction;
    [n + forward * mu, n - forward * mu, n + side * mu, n - side * mu]
}

#[test]
fn no_muscle_pushes_and_no_contact_pulls() {
    for case in &*CASES {
        for (muscle, &a) in case.body.system.muscles.iter().zip(&case.solution.activation) {
            assert!((muscle.floor..=muscle.ceiling).contains(&a), "{}: {} {a}", case.name, muscle.name);
        }
        let forces = case.solution.active_force.iter().chain(&case.solution.passive_force);
        assert!(forces.into_iter().all(|f| *f >= 0.0), "{}", case.name);
        for (contact, force) in case.task.contacts.iter().zip(&case.solution.contact_force) {
            let n = case.task.supports[contact.support].normal;
            let (normal, along) = (force.dot(n), *force - n * force.dot(n));
            let slides = (along.x * n.y - along.y * n.x).abs() + along.z.abs();
            assert!(slides <= contact.friction * normal + 1e-9, "{}: {force:?}", case.name);
        }
    }
}

/// The load sharing is optimal: with the multipliers `ν` of the balance every unknown meets the conditions of
/// Karush, Kuhn and Tucker, `g + Aᵀν` zero between its bounds and pressing against the bound it lies on. The
/// programme is convex, so that nothing else needs to be shown.
#[test]
fn no_other_sharing_costs_less() {
    for case in &*CASES {
        let (system, settings) = (&case.body.system, &case.body.settings);
        let (solution, nu) = (&case.solution, &case.solution.multipliers);
        let volume: f64 = system.muscles.iter().map(|m| m.volume).sum();
        let kinematics = case.kinematics();
        let mut arms = system.paths.moment_arms();
        system.paths.update(&system.model, &kinematics, &mut arms).unwrap();
        for (m, muscle) in system.muscles.iter().enumerate() {
            let state = muscle.parameters.rigid_tendon(arms.lengths[m]);
            let full = state.active_multiplier;
            let least = settings.strain_price_floor * muscle.parameters.max_isometric_force;
            let strain = settings.strain_price * state.passive_force / full.max(least);
            let a = solution.activation[m];
            assert!((a * full - solution.active_force[m]).abs() < 1e-9, "{}", muscle.name);
            let effort =
                2.0 * settings.effort * muscle.volume / volume * (a + strain + settings.linear_effort);
            let pull: f64 =
                system.paths.row(m).map(|k| arms.values[k] * full * nu[system.paths.columns()[k]]).sum();
            let slope = effort + pull;
            // Against the slope of a full activation of this muscle.
            let scale = 2.0 * settings.effort * muscle.volume / volume;
            let fits = (slope.abs() < 1e-6 * scale)
                || (a == muscle.floor && slope > 0.0)
                || (a == muscle.ceiling && slope < 0.0);
            assert!(fits, "{}: {} at {a}, slope {slope} of {scale}", case.name, muscle.name);
        }
        let weight = case.weight();
        for (contact, force) in case.task.contacts.iter().zip(&solution.contact_force) {
            let mut jacobian = vec![Motion::zero(); nu.len()];
            kinematics.add_jacobian(&system.model, contact.body, &mut jacobian);
            let center = kinematics.bodies[contact.body].point(contact.center);
            let mut expected = Vec3::zero();
            for edge in edges(case, contact) {
                let wrench = Wrench::at(center, edge);
                let price: f64 = jacobian.iter().zip(nu).map(|(j, v)| v * weight * j.power(&wrench)).sum();
                // ½ 2 w λ² + λ · price is least, for λ ≥ 0, at −price / 2w (in body weights).
                expected += edge * (weight * (-price / (2.0 * settings.contact_price)).max(0.0));
            }
            let off = (expected - *force).norm();
            assert!(off < 1e-5 * weight, "{}: {off} N on a contact", case.name);
        }
    }
}

// ---- the pose ----------------------------------------------------------------------------------

/// The conditions of a task, as the types of `task.rs` state them.
fn conditions(case: &Case, q: &[f64]) -> Vec<f64> {
    let kinematics = case.at(q);
    let stated = case.task.conditions.iter().map(|condition| match condition {
        Condition::Degree { degree, value } => q[*degree] - value,
        Condition::Ratio { degree, of, factor } => q[*degree] - factor * q[*of],
        Condition::OnPlane { body, point, normal, offset } => {
            normal.dot(kinematics.bodies[*body].point(*point)) - offset
        }
        Condition::Inclination { body, up, angle } => {
            let e = kinematics.bodies[*body].rotation * *up;
            (e.x.atan2(e.y) - angle).sin() * e.x.hypot(e.y)
        }
    });
    let touching = case.task.contacts.iter().filter(|c| c.touching).map(|c| {
        let support = &case.task.supports[c.support];
        support.normal.dot(kinematics.bodies[c.body].point(c.center)) - support.offset - c.radius
    });
    stated.chain(touching).collect()
}

/// What a pose costs besides the load sharing: `Σ (τ/price)²`, passive muscle tension, and the aims.
fn pose_cost(case: &Case, q: &[f64]) -> f64 {
    let (system, settings) = (&case.body.system, &case.body.settings);
    let kinematics = case.at(q);
    let mut cost = 0.0;
    for passive in &system.passives {
        if let Some(price) = passive.price {
            let factor = passive.level.map_or(1.0, |l| system.preload.factor(case.solution.compression[l]));
            cost += (passive.at(q[passive.degree], factor) / price).powi(2);
        }
    }
    let volume: f64 = system.muscles.iter().map(|m| m.volume).sum();
    for (muscle, path) in system.muscles.iter().zip(system.paths.paths()) {
        let state = muscle.parameters.rigid_tendon(path.follow(&kinematics, |_| {}));
        let least = settings.strain_price_floor * muscle.parameters.max_isometric_force;
        let strain = settings.strain_price * state.passive_force / state.active_multiplier.max(least);
        cost += settings.effort * muscle.volume / volume * strain * strain;
    }
    for aim in &case.task.aims {
        let rotation = kinematics.bodies[aim.body].rotation;
        let (up, right) = (rotation * aim.up, rotation * aim.right);
        let mut off = right.x * right.x + right.y * right.y;
        if let Some(wanted) = aim.inclination {
            let beyond = up.x.atan2(up.y) - wanted;
            off += (beyond - beyond.clamp(0.0, aim.band)).powi(2);
        }
        cost += aim.weight * off;
    }
    cost
}

/// Cost and multipliers are those of the stated objective. The cost is that of the search, which holds the
/// balance with the stiffness `W` and so gives away `‖ν‖²/2W`.
#[test]
fn the_cost_is_the_stated_one() {
    for case in &*CASES {
        let (system, settings, solution) = (&case.body.system, &case.body.settings, &case.solution);
        let volume: f64 = system.muscles.iter().map(|m| m.volume).sum();
        let kinematics = case.kinematics();
        let mut cost = pose_cost(case, &solution.q);
        for ((muscle, path), a) in system.muscles.iter().zip(system.paths.paths()).zip(&solution.activation) {
            let state = muscle.parameters.rigid_tendon(path.follow(&kinematics, |_| {}));
            let least = settings.strain_price_floor * muscle.parameters.max_isometric_force;
            let strain = settings.strain_price * state.passive_force / state.active_multiplier.max(least);
            let weight = settings.effort * muscle.volume / volume;
            // (a + κp)² + 2εa, of which pose_cost has κ²p².
            cost += weight * (a * a + 2.0 * a * strain + 2.0 * settings.linear_effort * a);
        }
        for (contact, force) in case.task.contacts.iter().zip(&solution.contact_force) {
            // Σ λ² over the edges with Σ λ = N and differences T/μ of opposite edges is least evenly split,
            // unless that makes an edge negative.
            let [n, t, s] = contact_components(case, contact, *force);
            let even = [0.5 * (0.5 * n + t), 0.5 * (0.5 * n - t), 0.5 * (0.5 * n + s), 0.5 * (0.5 * n - s)];
            let split = if even.iter().all(|l| *l >= 0.0) { even } else { clipped(n, t, s) };
            let squares: f64 = split.iter().map(|l| (l / case.weight()).powi(2)).sum();
            cost += settings.contact_price * squares;
        }
        let given: f64 = solution.multipliers.iter().map(|v| v * v).sum::<f64>();
        let softened = cost - 0.5 * given / settings.balance_stiffness;
        let off = (softened - solution.cost).abs();
        assert!(off < 1e-4 * (1.0 + cost), "{}: {} against {softened}", case.name, solution.cost);
    }
}

/// Normal force and the differences of opposite edges, N.
fn contact_components(case: &Case, contact: &Contact, force: Vec3<f64>) -> [f64; 3] {
    let n = case.task.supports[contact.support].normal;
    let forward = Vec3::new(n.y, -n.x, 0.0);
    [force.dot(n), force.dot(forward) / contact.friction, force.z / contact.friction]
}

/// The least squares split of a force near the pyramid's side: one pair of edges has but one.
fn clipped(n: f64, t: f64, s: f64) -> [f64; 4] {
    let pair = |sum: f64, difference: f64| [0.5 * (sum + difference), 0.5 * (sum - difference)];
    let (first, second) = if t.abs() > 0.5 * n { (t.abs(), n - t.abs()) } else { (n - s.abs(), s.abs()) };
    let ([a, b], [c, d]) = (pair(first, t), pair(second, s));
    [a, b, c, d]
}

/// A sequence of numbers in (−1, 1) that is the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Rise of the cost over a step at which curvatures are taken.
const RISE: f64 = 1e-7;

/// Moving along the conditions in any direction costs more, and what Newton's step could still save is next to
/// nothing: slopes and curvatures by differences of the cost alone.
#[test]
fn no_neighbouring_pose_costs_less() {
    for name in ["standing", "bend_60", "sitting_relaxed", "lopsided standing_on_left"] {
        let case = case(name);
        let n = case.solution.q.len();
        let mut equilibrium = Equilibrium::new(&case.body.system, case.body.settings.clone());
        let mut cost = |q: &[f64]| {
            let shared = equilibrium.share_load(&case.task, q, &case.solution.compression).unwrap();
            shared + pose_cost(case, q)
        };
        let at_rest = cost(&case.solution.q);
        let off = (at_rest - case.solution.cost).abs();
        assert!(off < 1e-6 * (1.0 + at_rest), "{name}: {at_rest} against {}", case.solution.cost);

        let h = 1e-6;
        let m = conditions(case, &case.solution.q).len();
        let mut jacobian = vec![0.0; m * n];
        for i in 0..n {
            let mut q = case.solution.q.clone();
            q[i] += h;
            let up = conditions(case, &q);
            q[i] -= 2.0 * h;
            for (k, (a, b)) in up.iter().zip(conditions(case, &q)).enumerate() {
                jacobian[k * n + i] = (a - b) / (2.0 * h);
            }
        }
        let bases = row_and_null_space(&jacobian, n);
        let free: Vec<&[f64]> = bases.rows.chunks_exact(n).skip(bases.rank).collect();
        assert!(free.len() > 5, "{name}: {} free directions", free.len());
        let back_on = |q: &mut [f64]| {
            for _ in 0..5 {
                let mut right = conditions(case, q);
                let mut normal = vec![0.0; m * m];
                for i in 0..m {
                    for j in 0..m {
                        normal[i * m + j] = (0..n).map(|k| jacobian[i * n + k] * jacobian[j * n + k]).sum();
                    }
                    normal[i * (m + 1)] += 1e-10;
                }
                cholesky(&mut normal, m).unwrap();
                cholesky_solve(&normal, m, &mut right);
                for (k, q) in q.iter_mut().enumerate() {
                    *q -= (0..m).map(|i| jacobian[i * n + k] * right[i]).sum::<f64>();
                }
            }
        };
        let mut at = |steps: &[(usize, f64)]| {
            let mut q = case.solution.q.clone();
            for &(k, step) in steps {
                for (q, z) in q.iter_mut().zip(free[k]) {
                    *q += step * z;
                }
            }
            back_on(&mut q);
            cost(&q) - at_rest
        };
        // Along each direction alone: steps at which the cost rises by [`RISE`], and the slope there.
        let f = free.len();
        let (mut scale, mut slope) = (vec![0.0; f], vec![0.0; f]);
        for k in 0..f {
            for far in [0.02, 0.005, -0.005, -0.02] {
                let more = at(&[(k, far)]);
                assert!(more > 0.0, "{name}, direction {k}: {more} less by {far}");
            }
            let rise = at(&[(k, 1e-4)]) + at(&[(k, -1e-4)]);
            assert!(rise > 0.0, "{name}, direction {k}: {rise}");
            scale[k] = 1e-4 * (RISE / rise).sqrt();
            slope[k] = 0.5 * (at(&[(k, scale[k])]) - at(&[(k, -scale[k])]));
        }
        let mut hessian = vec![0.0; f * f];
        for i in 0..f {
            let (si, mut here) = (scale[i], 0.0);
            for sign in [1.0, -1.0] {
                here += at(&[(i, sign * si)]);
            }
            hessian[i * (f + 1)] = here;
            for j in 0..i {
                let sj = scale[j];
                hessian[i * f + j] = 0.25
                    * (at(&[(i, si), (j, sj)]) + at(&[(i, -si), (j, -sj)])
                        - at(&[(i, si), (j, -sj)])
                        - at(&[(i, -si), (j, sj)]));
            }
        }
        cholesky(&mut hessian, f).unwrap_or_else(|_| panic!("{name}: not the bottom of a valley"));
        let mut step = slope.clone();
        cholesky_solve(&hessian, f, &mut step);
        let left: f64 = 0.5 * step.iter().zip(&slope).map(|(a, b)| a * b).sum::<f64>();
        assert!(left < 1e-8 * (1.0 + at_rest), "{name}: {left} could be saved");
    }
}

/// Largest difference between two poses, and where: in degrees, among what turns.
fn apart(case: &Case, a: &[f64], b: &[f64]) -> (f64, String) {
    let mut worst = (0.0, String::new());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        if case.body.system.model.degree_turns(i) && (a - b).abs() / DEG > worst.0 {
            worst = ((a - b).abs() / DEG, case.coordinate(i).to_owned());
        }
    }
    worst
}

/// A posture that ends in another valley when it is come upon from this neighbour: how far away, in degrees and
/// in cost. When the trunk leans by 30° a fascicle of gluteus maximus lifts off the pelvis: its moment arm has
/// a kink there, and the cost a valley on either side, next to nothing apart.
const OTHER_VALLEY: [(&str, &str, f64, f64); 1] = [("bend_30", "standing", 0.25, 1e-5)];

/// Starting from the solution of a neighbour leads to the posture that the position's own start leads to.
#[test]
fn neighbours_lead_to_the_same_posture() {
    let neighbours = [
        ("standing", &["bend_30", "hold_20kg_close", "lopsided standing"][..]),
        ("bend_30", &["standing", "bend_60"]),
        ("bend_60", &["bend_30", "bend_90", "lopsided bend_60"]),
        ("sitting_relaxed", &["sitting_upright", "lopsided sitting_relaxed"]),
        ("lift_20kg_bent_back", &["bend_60", "bend_90"]),
        ("lopsided standing", &["standing", "standing_on_left"]),
    ];
    let mut bad = Vec::new();
    for (name, near) in neighbours {
        let cold = case(name);
        for other in near {
            let mut equilibrium = Equilibrium::new(&cold.body.system, cold.body.settings.clone());
            match equilibrium.solve_from(&cold.task, &case(other).solution) {
                Err(error) => bad.push(format!("{name} from {other}: {error}")),
                Ok(warm) => {
                    let (degrees, coordinate) = apart(cold, &warm.q, &cold.solution.q);
                    let dearer = warm.cost - cold.solution.cost;
                    let known = OTHER_VALLEY.iter().find(|v| (v.0, v.1) == (name, *other));
                    let (limit, price) = known.map_or((0.01, 1e-6), |v| (v.2, v.3));
                    if degrees > limit || dearer.abs() > price {
                        bad.push(format!("{name} from {other}: {degrees}° at {coordinate}, {dearer:+}"));
                    }
                    if known.is_some() {
                        let touches = |q: &[f64]| {
                            let m = cold.body.muscles.iter().position(|i| i.name == "glmax2").unwrap();
                            cold.body.system.paths.paths()[m].contacts(&cold.at(q)).len()
                        };
                        assert_ne!(touches(&warm.q), touches(&cold.solution.q), "no other valley");
                    }
                }
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// Starts up to 4° away in every joint lead to the same posture.
#[test]
fn other_starts_lead_to_the_same_posture() {
    let mut bad = Vec::new();
    for (seed, name) in ["standing", "sitting_relaxed", "bend_60"].into_iter().enumerate() {
        let case = case(name);
        let mut random = Random(100 + seed as u64);
        let mut equilibrium = Equilibrium::new(&case.body.system, case.body.settings.clone());
        for trial in 0..6 {
            let mut task = case.task.clone();
            for (i, q) in task.start.iter_mut().enumerate() {
                if case.body.system.model.degree_turns(i) {
                    *q += 4.0 * DEG * random.next();
                }
            }
            match equilibrium.solve(&task) {
                Err(error) => bad.push(format!("{name}, start {trial}: {error}")),
                Ok(solution) => {
                    let (degrees, coordinate) = apart(case, &solution.q, &case.solution.q);
                    if degrees > 0.2 {
                        let dearer = solution.cost - case.solution.cost;
                        bad.push(format!(
                            "{name}, start {trial}: {degrees}° at {coordinate}, cost {dearer:+}"
                        ));
                    }
                }
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
