//! Every curve and every muscle through one list: exact derivative = central difference.

use super::*;
use guywire_math::Dual;

type Reading = Box<dyn Fn(f64) -> (f64, f64)>;

/// Name, curve, range to sweep (well beyond the domain), where its slope or curvature jumps.
type Sweep = (&'static str, Reading, (f64, f64), Vec<f64>);

fn all_curves() -> Vec<Sweep> {
    let smooth = |c: Result<SmoothCurve, MuscleError>| -> Reading {
        let c = c.unwrap();
        Box::new(move |x| c.value_slope(x))
    };
    let active = |a: ActiveForceLength| -> Reading { Box::new(move |x| a.value_slope(x)) };
    let passive = |p: PassiveForceLength| -> Reading { Box::new(move |x| p.value_slope(x)) };
    let tendon = thelen::ThelenTendon::new(0.04).unwrap();
    let velocity = thelen::ThelenVelocity::new(0.25, 1.4).unwrap();
    let psoas = millard::PassiveShape::with_strains(-0.08, 0.4);
    vec![
        (
            "millard active",
            active(ActiveForceLength::millard(&Default::default()).unwrap()),
            (0.0, 2.5),
            vec![],
        ),
        ("thelen active", active(ActiveForceLength::Thelen { gamma: 0.45 }), (0.0, 2.5), vec![]),
        (
            "de groote active",
            active(ActiveForceLength::DeGrooteFregly { width_scale: 1.3 }),
            (0.0, 2.5),
            vec![],
        ),
        (
            "millard passive",
            passive(PassiveForceLength::millard(&Default::default()).unwrap()),
            (0.5, 2.5),
            vec![],
        ),
        (
            "millard passive, shifted and scaled",
            passive(PassiveForceLength {
                stretch: 1.07,
                scale: 1.8,
                ..PassiveForceLength::millard(&psoas).unwrap()
            }),
            (0.5, 2.5),
            vec![],
        ),
        ("thelen passive", passive(PassiveForceLength::thelen(4.0, 0.6).unwrap()), (0.5, 2.0), vec![1.0]),
        (
            "de groote passive",
            passive(PassiveCurve::DeGrooteFregly { strain_at_one_norm_force: 0.6 }.into()),
            (0.0, 2.0),
            vec![],
        ),
        ("no passive", passive(PassiveCurve::Slack.into()), (0.5, 2.0), vec![]),
        ("millard tendon", smooth(millard::TendonShape::default().curve()), (0.98, 1.1), vec![]),
        ("thelen tendon", Box::new(move |x| tendon.value_slope(x)), (0.98, 1.1), vec![1.0]),
        ("millard velocity", smooth(millard::VelocityShape::default().curve()), (-1.5, 1.5), vec![]),
        (
            "millard velocity of force",
            smooth(millard::VelocityShape::invertible().inverse_curve()),
            (-0.3, 1.8),
            vec![],
        ),
        // At activation 0.4 the velocity axis shrinks by 0.55; straight beyond -0.55 and 0.95 of the greatest force.
        (
            "thelen velocity",
            Box::new(move |x| velocity.value_slope(x, 0.4)),
            (-1.0, 1.0),
            vec![-0.55, 0.0, 0.55 * (0.95 * 1.4 - 1.0) / (25.0 * 0.05 * 1.4)],
        ),
    ]
}

#[test]
fn slopes_equal_central_differences() {
    for (name, curve, (low, high), kinks) in all_curves() {
        let h = 1e-6 * (high - low);
        for i in 0..=4000 {
            let x = low + (high - low) * f64::from(i) / 4000.0;
            if kinks.iter().any(|k| (x - k).abs() < 2.0 * h) {
                continue;
            }
            let (_, slope) = curve(x);
            let difference = (curve(x + h).0 - curve(x - h).0) / (2.0 * h);
            // Truncation of a central difference is h² f''' / 6; f''' grows with the sharpness of the corners.
            assert!(
                (slope - difference).abs() < 2e-7 * (1.0 + slope.abs()),
                "{name} at {x}: {slope} {difference}"
            );
        }
    }
}

/// The largest change of the second derivative over one of `n` steps, and the largest distance between it
/// and the difference of slopes, across every joint and both ends.
fn largest_jump(curve: &SmoothCurve, n: u32) -> f64 {
    let (low, high) = curve.domain();
    let step = 1.2 * (high - low) / f64::from(n);
    let mut before = curve.taylor(low - 0.1 * (high - low));
    let mut jump = 0.0f64;
    for i in 1..=n {
        let now = curve.taylor(low - 0.1 * (high - low) + step * f64::from(i));
        let difference = (now[1] - before[1]) / step;
        jump = jump.max((difference - before[2]).abs()).max((now[2] - before[2]).abs());
        before = now;
    }
    jump
}

/// A step or kink anywhere would leave a jump that does not shrink with the step.
#[test]
fn millard_curves_are_twice_continuously_differentiable() {
    let curves = [
        millard::ActiveShape::default().curve(),
        millard::PassiveShape::default().curve(),
        millard::TendonShape::default().curve(),
        millard::VelocityShape::default().curve(),
        millard::VelocityShape::invertible().inverse_curve(),
    ];
    for curve in curves.map(Result::unwrap) {
        let (coarse, fine) = (largest_jump(&curve, 40_000), largest_jump(&curve, 400_000));
        assert!(fine < 0.12 * coarse, "{fine} after {coarse}");
    }
}

fn muscles() -> Vec<MuscleParameters> {
    let active = [
        ActiveForceLength::millard(&Default::default()).unwrap(),
        ActiveForceLength::Thelen { gamma: 0.45 },
        ActiveForceLength::DeGrooteFregly { width_scale: 1.0 },
    ];
    let passive = [
        PassiveForceLength::millard(&Default::default()).unwrap(),
        PassiveForceLength::thelen(5.0, 0.6).unwrap(),
        PassiveCurve::DeGrooteFregly { strain_at_one_norm_force: 0.6 }.into(),
    ];
    let mut all = vec![];
    for (a, p) in active.into_iter().zip(passive) {
        for pennation in [0.0, 0.2, 0.6] {
            all.push(MuscleParameters {
                max_isometric_force: 1000.0,
                optimal_fiber_length: 0.08,
                tendon_slack_length: 0.15,
                pennation_at_optimal: pennation,
                active: a.clone(),
                passive: p.clone(),
            });
        }
    }
    all
}

#[test]
fn a_slack_path_carries_nothing_and_is_a_number() {
    for muscle in muscles() {
        muscle.validate().unwrap();
        for path in [-0.1, 0.0, 0.1, 0.15] {
            let state = muscle.rigid_tendon(Dual::<1>::variable(path, 0));
            assert_eq!((state.active_multiplier.value, state.passive_force.value), (0.0, 0.0));
            assert_eq!((state.active_multiplier.slope, state.passive_force.slope), ([0.0], [0.0]));
            assert!(state.cos_pennation.value > 0.099 && state.norm_fiber_length.value > 0.19);
        }
    }
}

#[test]
fn force_is_continuous_and_its_derivative_exact() {
    let h = 1e-8;
    for muscle in muscles() {
        let corner = muscle.shortest_taut_path();
        let rest = 0.15 + 0.08;
        for i in 0..=3000 {
            let path = 0.14 + 0.14 * f64::from(i) / 3000.0;
            let force = |l: f64| {
                let s = muscle.rigid_tendon(l);
                0.7 * s.active_multiplier + s.passive_force
            };
            let jump = force(path + h) - force(path - h);
            assert!(jump.abs() < 1e-8 * 1e3 * 1e3, "{path}: {jump}");
            // The force has a kink where the fibre is at its shortest, and where a passive curve has one.
            let state = muscle.rigid_tendon(Dual::<1>::variable(path, 0));
            if (path - corner).abs() < 1e-4 || (state.norm_fiber_length.value - 1.0).abs() < 1e-3 {
                continue;
            }
            let slope = 0.7 * state.active_multiplier.slope[0] + state.passive_force.slope[0];
            let difference = jump / (2.0 * h);
            assert!((slope - difference).abs() < 1e-4 * (1e3 + slope.abs()), "{path}: {slope} {difference}");
        }
        let state = muscle.rigid_tendon(rest - 0.08 * (1.0 - libm::cos(muscle.pennation_at_optimal)));
        assert!((state.norm_fiber_length - 1.0).abs() < 1e-12);
        assert!((libm::acos(state.cos_pennation) - muscle.pennation_at_optimal).abs() < 1e-7);
        assert!((state.active_multiplier - 1e3 * state.cos_pennation).abs() < 1e-9);
    }
}

#[test]
fn a_shifted_passive_curve_starts_later_and_a_scaled_one_is_stiffer() {
    let reference = PassiveForceLength::millard(&Default::default()).unwrap();
    let long = PassiveForceLength { stretch: 1.1, ..reference.clone() };
    let stiff = PassiveForceLength { scale: 2.0, ..reference.clone() };
    assert_eq!(long.value_slope(1.1 * 1.4).0, reference.value_slope(1.1 * 1.4 / 1.1).0);
    assert_eq!(stiff.value_slope(1.4).0, 2.0 * reference.value_slope(1.4).0);
}

#[test]
fn impossible_muscles_are_refused() {
    let good = muscles().swap_remove(4);
    assert!(MuscleParameters { optimal_fiber_length: 0.0, ..good.clone() }.validate().is_err());
    assert!(MuscleParameters { max_isometric_force: f64::NAN, ..good.clone() }.validate().is_err());
    assert!(MuscleParameters { pennation_at_optimal: 1.6, ..good.clone() }.validate().is_err());
    assert!(
        MuscleParameters { active: ActiveForceLength::Thelen { gamma: 0.0 }, ..good }.validate().is_err()
    );
}

fn thelen_and_millard() -> [HillMuscle; 2] {
    let activation = class::ActivationConstants {
        activation_time_constant: 0.01,
        deactivation_time_constant: 0.04,
        minimum_activation: 0.01,
    };
    let greatest = libm::acos(0.1);
    let properties = MuscleProperties {
        max_isometric_force: 900.0,
        optimal_fiber_length: 0.07,
        tendon_slack_length: 0.21,
        pennation_angle_at_optimal: 0.3,
        max_contraction_velocity: 10.0,
        ignore_tendon_compliance: false,
        ignore_activation_dynamics: false,
        control: [0.01, 1.0],
        default_activation: 0.05,
        default_fiber_length: 0.07,
    };
    let thelen = class::Thelen2003 {
        tendon_strain_at_one_norm_force: 0.04,
        fiber_strain_at_one_norm_force: 0.6,
        shape_active: 0.45,
        shape_passive: 5.0,
        af: 0.25,
        flen: 1.4,
        fv_linear_extrap_threshold: 0.95,
        activation,
        maximum_pennation_angle: greatest,
    };
    let millard = class::Millard2012 {
        fiber_damping: 0.1,
        activation,
        maximum_pennation_angle: greatest,
        active: Default::default(),
        passive: Default::default(),
        tendon: Default::default(),
        velocity: Default::default(),
    };
    [MuscleClass::Thelen2003(thelen), MuscleClass::Millard2012(Box::new(millard))]
        .map(|class| HillMuscle::new(properties.clone(), class).unwrap())
}

/// In equilibrium fibre and tendon balance, the path is the sum of both, and the fibre rests.
#[test]
fn equilibria_balance() {
    for muscle in thelen_and_millard() {
        for i in 0..=200 {
            let path = 0.225 + 0.0006 * f64::from(i);
            for activation in [0.01, 0.2, 1.0] {
                let s = muscle.equilibrium(activation, path, 0.0).unwrap();
                if s.clamped {
                    continue;
                }
                let along = s.fiber_force() * s.cos_pennation;
                assert!((along - s.tendon_force).abs() < 1e-8 * 900.0, "{path}: {along} {}", s.tendon_force);
                assert!((s.tendon_length + s.fiber_length * s.cos_pennation - path).abs() < 1e-14);
                assert!(s.fiber_velocity.abs() < 1e-8, "{path} {}", s.fiber_velocity);
            }
        }
    }
}

/// The differentiable muscle of the search for a posture is the same muscle.
#[test]
fn at_rest_a_rigid_muscle_is_the_differentiable_one() {
    for muscle in thelen_and_millard() {
        let (rigid, parameters) = (muscle.with_tendon(true).unwrap(), muscle.at_rest());
        for i in 0..=100 {
            let path = 0.24 + 0.001 * f64::from(i);
            if path < parameters.shortest_taut_path() {
                continue;
            }
            for activation in [0.01, 0.6] {
                let (a, b) = (rigid.rigid(activation, path, 0.0).unwrap(), parameters.rigid_tendon(path));
                let force = activation * b.active_multiplier + b.passive_force;
                assert!((a.fiber_length - b.fiber_length).abs() < 1e-15);
                assert!((a.tendon_force - force).abs() < 1e-11 * 900.0, "{path}: {} {force}", a.tendon_force);
            }
        }
    }
}

/// Whatever a path, speed, activation or fibre length: numbers or an error, nothing else.
#[test]
fn no_state_is_not_a_number() {
    for muscle in thelen_and_millard() {
        for path in [-1.0, 0.0, 0.2, 0.21, 0.23, 0.3, 0.6, 5.0, 1e300, f64::NAN] {
            for speed in [-1e3, -1.0, 0.0, 1.0, 1e3, f64::INFINITY] {
                for activation in [-1.0, 0.0, 0.5, 2.0, f64::NAN] {
                    for fiber in [-1.0, 0.0, 0.02, 0.07, 0.5, 1e200] {
                        for state in [
                            muscle.state(activation, fiber, path, speed),
                            muscle.rigid(activation, path, speed),
                            muscle.equilibrium(activation, path, speed),
                        ] {
                            let Ok(s) = state else { continue };
                            let all =
                                [s.fiber_length, s.fiber_velocity, s.tendon_force, s.active_fiber_force];
                            assert!(all.iter().all(|v| v.is_finite()), "{path} {speed} {activation}: {s:?}");
                        }
                    }
                }
            }
        }
    }
}

/// Slopes of fibre velocity equal central differences, for fibres of every class that has an elastic tendon.
#[test]
fn velocity_slopes_equal_central_differences() {
    let [thelen, millard] = thelen_and_millard();
    let MuscleClass::Millard2012(shapes) = millard.class() else { panic!("a Millard muscle") };
    let undamped = MuscleClass::Millard2012(Box::new(class::Millard2012 { fiber_damping: 0.0, ..**shapes }));
    let groote = MuscleClass::DeGrooteFregly2016(class::DeGrooteFregly2016::default());
    let old = MuscleClass::Thelen2003Deprecated(Default::default());
    let of = |class| HillMuscle::new(thelen.properties().clone(), class).unwrap();
    let muscles = [of(undamped), of(groote), of(old), millard.clone(), thelen.clone()];
    for muscle in &muscles {
        for activation in [0.1, 0.6] {
            for stretch in [0.8, 0.95, 1.1, 1.25] {
                let path = 0.2134 + 0.07 * stretch;
                let fiber = 1.004 * muscle.equilibrium_length(activation, path);
                let (_, slopes) = muscle.state_and_slopes(activation, fiber, path, 0.0).unwrap();
                let velocity = |da: f64, dl: f64, dp: f64| {
                    muscle.state(activation + da, fiber + dl, path + dp, 0.0).unwrap().fiber_velocity
                };
                let h = 1e-7;
                for (slope, difference) in [
                    (slopes.by_activation, (velocity(h, 0.0, 0.0) - velocity(-h, 0.0, 0.0)) / (2.0 * h)),
                    (slopes.by_fiber_length, (velocity(0.0, h, 0.0) - velocity(0.0, -h, 0.0)) / (2.0 * h)),
                    (slopes.by_path_length, (velocity(0.0, 0.0, h) - velocity(0.0, 0.0, -h)) / (2.0 * h)),
                ] {
                    assert!(
                        (slope - difference).abs() < 2e-5 * (1.0 + slope.abs()),
                        "{:?} {activation} {stretch}: {slope} {difference}",
                        muscle.class()
                    );
                }
            }
        }
    }
}

/// The deprecated classes bring their own greatest velocities; models hold zero in the property that they do not use.
#[test]
fn deprecated_muscles_need_no_greatest_velocity() {
    let [like, _] = thelen_and_millard();
    let muscle = |max_contraction_velocity| {
        let properties = MuscleProperties { max_contraction_velocity, ..like.properties().clone() };
        HillMuscle::new(properties, MuscleClass::Thelen2003Deprecated(Default::default()))
    };
    let (none, some) = (muscle(0.0).unwrap(), muscle(10.0).unwrap());
    assert!(muscle(-1.0).is_err() && muscle(f64::NAN).is_err());
    for length in [0.26, 0.28, 0.3] {
        let force = |muscle: &HillMuscle| muscle.equilibrium(0.5, length, 0.01).unwrap().tendon_force;
        assert_eq!(force(&none), force(&some), "at {length} m");
    }
    // A fixed greatest velocity is needed here, as in OpenSim.
    assert!(none.inextensible_active_force(0.28, 0.0).is_err());
    assert!(some.inextensible_active_force(0.28, 0.0).unwrap() > 0.0);
}
