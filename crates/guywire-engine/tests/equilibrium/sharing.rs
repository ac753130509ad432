//! How muscles and motors share a load at a given pose.

use crate::bodies::{DOWN, G, Pull, close, held, lever, pull, settings, soft_effort, solve, with_muscles};
use guywire_engine::equilibrium::{Equilibrium, Settings};
use guywire_engine::reaction::for_each_wrench;
use guywire_engine::{Actuator, Kinematics};
use guywire_math::Vec3;

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
