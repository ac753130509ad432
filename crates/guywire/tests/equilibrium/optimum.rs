//! No other load sharing and no neighbouring pose costs less.

use crate::cases::{CASES, Case, case, conditions};
use guywire_engine::Motion;
use guywire_engine::equilibrium::Equilibrium;
use guywire_engine::task::Contact;
use guywire_math::linalg::{cholesky, cholesky_solve, row_and_null_space};
use guywire_math::{Vec3, Wrench};

/// Edges of the friction pyramid: one tangent in the sagittal plane, one to the side.
fn edges(case: &Case, contact: &Contact) -> [Vec3<f64>; 4] {
    let n = case.task.supports[contact.support].normal;
    assert!(n.z.abs() < 1e-12);
    let forward = Vec3::new(n.y, -n.x, 0.0);
    let side = Vec3::new(0.0, 0.0, 1.0);
    let mu = contact.friction;
    [n + forward * mu, n - forward * mu, n + side * mu, n - side * mu]
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

/// Normal force and the differences of opposite N.
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
