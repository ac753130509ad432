//! Fits the passive hip to the published moment–angle formulas (`passive_hip_formula` and
//! `passive_knee_formula`, both marked for calibration) and prints the values for `data/body/tissue.toml`.
//!
//! `cargo run --release -p guywire --example calibrate`

use guywire::body::{Body, BodyError, ReferenceBody};
use guywire::results::Side;
use guywire_engine::Kinematics;
use guywire_engine::passive::PassiveLaw;

const RAD: f64 = std::f64::consts::PI / 180.0;

/// Riener & Edrich 1999: passive hip moment, N·m, flexing positive; angles in degrees.
fn riener_hip(hip: f64, knee: f64) -> f64 {
    (1.4655 - 0.0034 * knee - 0.0750 * hip).exp() - (1.3403 - 0.0226 * knee + 0.0305 * hip).exp() + 8.072
}

/// Riener & Edrich 1999: passive knee moment at ankle 0, N·m, flexing positive.
fn riener_knee(hip: f64, knee: f64) -> f64 {
    (1.800 - 0.0352 * knee + 0.0217 * hip).exp() - (-3.971 + 0.0495 * knee - 0.0128 * hip).exp() - 4.820
        + (2.220 - 0.150 * knee).exp()
}

/// A pose with both legs at these angles (deg); a name without side means both.
fn pose(body: &Body, angles: &[(&str, f64)]) -> Vec<f64> {
    let model = &body.system.model;
    let mut q = model.default_pose();
    for (name, deg) in angles {
        for side in ["", "_r", "_l"] {
            if let Some(i) = model.degree(&format!("{name}{side}")) {
                q[i] = deg * RAD;
            }
        }
    }
    q
}

/// Passive hip and knee moment of the right leg, N·m.
fn passive(body: &Body, hip: f64, knee: f64) -> (f64, f64) {
    let q = pose(body, &[("hip_flexion", hip), ("knee_angle", knee)]);
    let force = body.system.passive_forces(&q, &[0.0; 6]);
    let at = |name: &str| body.system.model.degree(name).map_or(f64::NAN, |i| force[i]);
    (at("hip_flexion_r"), at("knee_angle_r"))
}

/// What is fitted: hamstring stretch and scale, scale of the one-joint extensors, capsule moment (N·m) and fold (deg).
type Fitted = [f64; 5];

fn with(base: &Body, x: &Fitted) -> Body {
    let mut body = base.clone();
    let extensors = [
        "gluteus_maximus",
        "adductor_magnus_isch",
        "adductor_magnus_dist",
        "adductor_magnus_mid",
        "quadratus_femoris",
    ];
    for (info, muscle) in base.muscles.iter().zip(&mut body.system.muscles) {
        let passive = &mut muscle.parameters.passive;
        if info.group == "hamstrings" {
            (passive.stretch, passive.scale) = (x[0], x[1]);
        } else if extensors.iter().any(|k| info.key.starts_with(k)) {
            passive.scale = x[2];
        }
    }
    for passive in body.system.passives.iter_mut().filter(|p| p.name.starts_with("hip_flexion")) {
        if let PassiveLaw::Exponential { moment, fold, .. } = &mut passive.law {
            (*moment, *fold) = (x[3], -x[4] * RAD);
        }
    }
    body
}

/// Straight and nearly straight knees only: the formula's knee coupling is known to be wrong in extension.
fn misfit(body: &Body) -> f64 {
    let mut sum = 0.0;
    let mut add =
        |model: f64, formula: f64| sum += ((model - formula) / (2.0 + 0.15 * formula.abs())).powi(2);
    for hip in [-20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 45.0, 60.0, 75.0, 90.0, 100.0] {
        for knee in if hip < 30.0 { &[0.0][..] } else { &[0.0, 20.0][..] } {
            add(passive(body, hip, *knee).0, riener_hip(hip, *knee));
        }
    }
    for knee in [0.0, 10.0, 20.0, 40.0] {
        add(passive(body, 90.0, knee).1, riener_knee(90.0, knee));
    }
    sum
}

/// Coordinate descent with steps that grow on success and shrink on failure.
fn fit(base: &Body) -> (Fitted, f64) {
    let (mut x, mut step): (Fitted, Fitted) = ([1.25, 1.0, 0.3, 5.0, 13.0], [0.05, 0.2, 0.1, 1.0, 2.0]);
    let mut best = misfit(&with(base, &x));
    for _ in 0..60 {
        for k in 0..x.len() {
            let tried = [1.0, -1.0].map(|sign| {
                let mut y = x;
                y[k] = (y[k] + sign * step[k]).max(1e-3);
                (misfit(&with(base, &y)), y)
            });
            let better = tried.into_iter().find(|t| t.0 < best);
            step[k] *= if better.is_some() { 1.3 } else { 0.5 };
            if let Some(found) = better {
                (best, x) = found;
            }
        }
    }
    (x, best)
}

/// Ends of the normal ranges (deg): hip flexion, knee flexion, ankle, lumbar flexion, hip adduction, hip rotation.
const RANGE_ENDS: [[f64; 6]; 9] = [
    [115.0, 115.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 54.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, -16.0, 0.0, 0.0],
    [0.0, 110.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 15.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, -40.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, -35.0, 0.0],
    [90.0, 90.0, 0.0, 0.0, 0.0, 35.0],
    [90.0, 90.0, 0.0, 0.0, 0.0, -35.0],
];

/// Largest passive force over maximal force at the ends of range of every muscle.
fn at_range_ends(body: &Body) -> Vec<f64> {
    let mut largest = vec![0.0f64; body.muscles.len()];
    let mut kinematics = Kinematics::new(&body.system.model);
    for [hip, knee, ankle, lumbar, adduction, rotation] in RANGE_ENDS {
        let levels = ["L5_S1_FE", "L4_L5_FE", "L3_L4_FE", "L2_L3_FE", "L1_L2_FE", "T12_L1_FE"];
        let mut angles = vec![
            ("hip_flexion", hip),
            ("knee_angle", knee),
            ("ankle_angle", ankle),
            ("hip_adduction", adduction),
            ("hip_rotation", rotation),
        ];
        angles.extend(levels.map(|level| (level, -lumbar / 6.0)));
        kinematics.update(&body.system.model, &pose(body, &angles));
        for ((path, muscle), largest) in
            body.system.paths.paths().iter().zip(&body.system.muscles).zip(&mut largest)
        {
            let state = muscle.parameters.rigid_tendon(path.follow(&kinematics, |_| {}));
            *largest = largest.max(state.passive_force / muscle.parameters.max_isometric_force);
        }
    }
    largest
}

fn main() -> Result<(), BodyError> {
    let base = ReferenceBody::adult()?.unscaled()?;
    let (x, best) = fit(&base);
    println!("misfit as it stands {:.2}, fitted {best:.2}", misfit(&base));
    println!("hamstrings: stretch {:.3}, scale {:.3}; extensors: scale {:.3}", x[0], x[1], x[2]);
    println!("hip capsule: moment {:.2} N·m at -10 deg, fold {:.1} deg", x[3], x[4]);
    let body = with(&base, &x);
    println!("\nhip moment, knee straight / 20 / 90 deg: model (formula), N·m");
    for hip in [-20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 45.0, 60.0, 75.0, 90.0, 100.0] {
        let show = |knee: f64| format!("{:7.1} ({:6.1})", passive(&body, hip, knee).0, riener_hip(hip, knee));
        println!("{hip:6} {} {} {}", show(0.0), show(20.0), show(90.0));
    }
    println!("\nknee moment at hip 90 deg: model (formula), N·m");
    for knee in [0.0, 10.0, 20.0, 40.0, 60.0, 90.0] {
        println!("{knee:6} {:7.1} ({:6.1})", passive(&body, 90.0, knee).1, riener_knee(90.0, knee));
    }
    println!("\npassive force over maximal force at the ends of range, where above 0.16");
    for (info, share) in base.muscles.iter().zip(at_range_ends(&base)) {
        if info.side == Side::Right && share > 0.16 {
            println!("{:24} {share:.2}", info.name);
        }
    }
    Ok(())
}
