//! The posture does not depend on where the search begins.

use crate::cases::{Case, case};
use guywire_engine::equilibrium::Equilibrium;

const DEG: f64 = std::f64::consts::PI / 180.0;

/// A sequence of numbers in (−1, 1) that is the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
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
