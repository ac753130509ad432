//! Fits the passive hip to the published moment–angle formulas (`passive_hip_formula`,
//! `passive_knee_formula`, both marked for calibration) and prints what `data/body/tissue.toml` then says.
//!
//! `cargo run --release -p guywire --example calibrate`

use guywire::body::{Body, ReferenceBody};

const RAD: f64 = std::f64::consts::PI / 180.0;

/// Riener & Edrich 1999: passive hip moment, N·m, flexing positive; angles in degrees.
fn riener_hip(hip: f64, knee: f64) -> f64 {
    (1.4655 - 0.0034 * knee - 0.0750 * hip).exp() - (1.3403 - 0.0226 * knee + 0.0305 * hip).exp() + 8.072
}

/// Riener & Edrich 1999: passive knee moment, N·m, flexing positive.
fn riener_knee(hip: f64, knee: f64) -> f64 {
    (1.800 - 0.0352 * knee + 0.0217 * hip).exp() - (-3.971 + 0.0495 * knee - 0.0128 * hip).exp() - 4.820
        + (2.220 - 0.150 * knee).exp()
}

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

fn passive(body: &Body, hip: f64, knee: f64) -> (f64, f64) {
    let q = pose(body, &[("hip_flexion", hip), ("knee_angle", knee)]);
    let force = body.system.passive_forces(&q, &[0.0; 6]);
    let at = |name: &str| force[body.system.model.degree(name).unwrap()];
    (at("hip_flexion_r"), at("knee_angle_r"))
}

/// Ends of the normal ranges (deg): hip flexion, knee flexion, ankle, lumbar flexion, hip adduction, rotation.
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

/// What is fitted: hamstring stretch and scale, scale of the one-joint extensors, capsule moment and fold.
const START: [f64; 5] = [1.25, 1.0, 0.3, 5.0, 13.0];

fn with(body: &Body, x: &[f64; 5], base: &Body) -> Body {
    let mut body = body.clone();
    for (m, info) in body.muscles.iter().enumerate() {
        let p = &mut body.system.muscles[m].parameters.passive;
        let q = &base.system.muscles[m].parameters.passive;
        if info.group == "hamstrings" {
            (p.stretch, p.scale) = (x[0], x[1]);
        } else if ["gluteus_maximus", "adductor_magnus"].iter().any(|k| info.key.starts_with(k))
            && q.scale < 1.0
        {
            p.scale = x[2];
        }
    }
    for p in &mut body.system.passives {
        if let (true, guywire_engine::passive::PassiveLaw::Exponential { moment, fold, .. }) =
            (p.name.starts_with("hip_flexion"), &mut p.law)
        {
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

fn main() {
    let base = ReferenceBody::adult().unwrap().unscaled().unwrap();
    let mut x = START;
    let mut step = [0.05, 0.2, 0.1, 1.0, 2.0];
    let mut best = misfit(&with(&base, &x, &base));
    println!("as it stands {:.2}, start {best:.2}", misfit(&base));
    for _ in 0..60 {
        for k in 0..5 {
            let mut moved = false;
            for sign in [1.0, -1.0] {
                let mut y = x;
                y[k] += sign * step[k];
                let value = misfit(&with(&base, &y, &base));
                if value < best && y[k] > 0.0 && (k != 4 || y[k] >= 8.0) {
                    (best, x, moved) = (value, y, true);
                    break;
                }
            }
            step[k] *= if moved { 1.3 } else { 0.5 };
        }
    }
    println!(
        "fitted: hamstrings stretch {:.3} scale {:.3}; extensors scale {:.3}; capsule {:.2} N·m, fold {:.1} deg; misfit {best:.2}",
        x[0], x[1], x[2], x[3], x[4]
    );
    let body = with(&base, &x, &base);
    println!("hip, knee straight / 20 / 90: model (formula)");
    for hip in [-20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 45.0, 60.0, 75.0, 90.0, 100.0] {
        let show = |knee: f64| format!("{:7.1} ({:6.1})", passive(&body, hip, knee).0, riener_hip(hip, knee));
        println!("{hip:6} {} {} {}", show(0.0), show(20.0), show(90.0));
    }
    for knee in [0.0, 10.0, 20.0, 40.0, 60.0, 90.0] {
        println!(
            "knee {knee:5} at hip 90: {:.1} ({:.1}); at hip 0: {:.1} ({:.1})",
            passive(&body, 90.0, knee).1,
            riener_knee(90.0, knee),
            passive(&body, 0.0, knee).1,
            riener_knee(0.0, knee)
        );
    }
    // Passive force at the ends of the normal ranges, over maximal force.
    let mut worst = vec![(0.0f64, 0usize); body.muscles.len()];
    for (e, [hip, knee, ankle, lumbar, adduction, rotation]) in RANGE_ENDS.into_iter().enumerate() {
        let each = -lumbar / 6.0;
        let q = pose(
            &body,
            &[
                ("hip_flexion", hip),
                ("knee_angle", knee),
                ("ankle_angle", ankle),
                ("hip_adduction", adduction),
                ("hip_rotation", rotation),
                ("L5_S1_FE", each),
                ("L4_L5_FE", each),
                ("L3_L4_FE", each),
                ("L2_L3_FE", each),
                ("L1_L2_FE", each),
                ("T12_L1_FE", each),
            ],
        );
        let mut kinematics = guywire_engine::Kinematics::new(&body.system.model);
        kinematics.update(&body.system.model, &q);
        for (m, path) in body.system.paths.paths().iter().enumerate() {
            let length = path.follow(&kinematics, |_| {});
            let p = &body.system.muscles[m].parameters;
            let share = p.rigid_tendon(length).passive_force / p.max_isometric_force;
            if share > worst[m].0 {
                worst[m] = (share, e);
            }
        }
    }
    println!(
        "passive force over maximal force at the ends of range, where above 0.1, and the stretch that makes it 0.15"
    );
    for (m, info) in body.muscles.iter().enumerate() {
        if info.side == guywire::results::Side::Right && worst[m].0 > 0.1 {
            let mut p = body.system.muscles[m].parameters.clone();
            let [hip, knee, ankle, lumbar, adduction, rotation] = RANGE_ENDS[worst[m].1];
            let each = -lumbar / 6.0;
            let q = pose(
                &body,
                &[
                    ("hip_flexion", hip),
                    ("knee_angle", knee),
                    ("ankle_angle", ankle),
                    ("hip_adduction", adduction),
                    ("hip_rotation", rotation),
                    ("L5_S1_FE", each),
                    ("L4_L5_FE", each),
                    ("L3_L4_FE", each),
                    ("L2_L3_FE", each),
                    ("L1_L2_FE", each),
                    ("T12_L1_FE", each),
                ],
            );
            let mut kinematics = guywire_engine::Kinematics::new(&body.system.model);
            kinematics.update(&body.system.model, &q);
            let length = body.system.paths.paths()[m].follow(&kinematics, |_| {});
            let before = p.passive.stretch;
            while p.rigid_tendon(length).passive_force / p.max_isometric_force > 0.15 {
                p.passive.stretch += 0.005;
            }
            println!(
                "{:40} {:25} {:.2} at {:?}  stretch {:.3} -> {:.3} (l {:.2})",
                info.key,
                info.name,
                worst[m].0,
                RANGE_ENDS[worst[m].1],
                before,
                p.passive.stretch,
                p.rigid_tendon(length).norm_fiber_length
            );
        }
    }
}
