//! How long 92 muscles take: `cargo bench -p guywire-engine --bench muscles`. The lower limbs of gait2392 have 92.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench: its names say what it times")]

use divan::{Bencher, black_box};
use guywire_engine::muscle::class::{
    ActivationConstants, DeGrooteFregly2016, Millard2012, MuscleClass, MuscleProperties, Thelen2003,
};
use guywire_engine::muscle::{HillMuscle, SharedCurves};

const COUNT: usize = 92;

fn main() {
    divan::main();
}

#[derive(Clone, Copy, Debug)]
enum Class {
    Thelen,
    Millard,
    DeGroote,
}

const CLASSES: [Class; 3] = [Class::Thelen, Class::Millard, Class::DeGroote];

fn muscle(class: Class, k: usize, curves: &mut SharedCurves) -> HillMuscle {
    let spread = k as f64 / COUNT as f64;
    let properties = MuscleProperties {
        max_isometric_force: 200.0 + 3000.0 * spread,
        optimal_fiber_length: 0.04 + 0.1 * spread,
        tendon_slack_length: 0.05 + 0.3 * spread,
        pennation_angle_at_optimal: 0.4 * (1.0 - spread),
        max_contraction_velocity: 10.0,
        ignore_tendon_compliance: false,
        ignore_activation_dynamics: false,
        control: [0.01, 1.0],
        default_activation: 0.05,
        default_fiber_length: 0.1,
    };
    let activation = ActivationConstants {
        activation_time_constant: 0.01,
        deactivation_time_constant: 0.04,
        minimum_activation: 0.01,
    };
    let class = match class {
        Class::Thelen => MuscleClass::Thelen2003(Thelen2003 {
            tendon_strain_at_one_norm_force: 0.033,
            fiber_strain_at_one_norm_force: 0.6,
            shape_active: 0.5,
            shape_passive: 4.0,
            af: 0.3,
            flen: 1.8,
            fv_linear_extrap_threshold: 0.95,
            activation,
            maximum_pennation_angle: 1.47,
        }),
        Class::Millard => MuscleClass::Millard2012(Box::new(Millard2012 {
            fiber_damping: 0.1,
            activation,
            maximum_pennation_angle: 1.47,
            active: Default::default(),
            passive: Default::default(),
            tendon: Default::default(),
            velocity: Default::default(),
        })),
        Class::DeGroote => MuscleClass::DeGrooteFregly2016(DeGrooteFregly2016::default()),
    };
    HillMuscle::sharing(properties, class, curves).unwrap()
}

fn muscles(class: Class) -> Vec<HillMuscle> {
    let mut curves = SharedCurves::default();
    (0..COUNT).map(|k| muscle(class, k, &mut curves)).collect()
}

/// Path lengths with fibres from 0.7 to 1.3 of the optimal length, not in the order of the muscles.
fn paths(muscles: &[HillMuscle]) -> Vec<f64> {
    let fiber = |k: usize| 0.7 + 0.6 * ((k * 37) % COUNT) as f64 / COUNT as f64;
    let path = |(k, m): (usize, &HillMuscle)| {
        1.01 * m.properties().tendon_slack_length + fiber(k) * m.properties().optimal_fiber_length
    };
    muscles.iter().enumerate().map(path).collect()
}

#[divan::bench(args = CLASSES)]
fn equilibrium(bencher: Bencher, class: Class) {
    let muscles = muscles(class);
    let paths = paths(&muscles);
    bencher.bench(|| {
        let force =
            |(m, &path): (&HillMuscle, &f64)| m.equilibrium(black_box(0.3), path, 0.0).unwrap().tendon_force;
        muscles.iter().zip(&paths).map(force).sum::<f64>()
    });
}

#[divan::bench(args = CLASSES)]
fn fiber_velocity(bencher: Bencher, class: Class) {
    let muscles = muscles(class);
    let paths = paths(&muscles);
    let fibers: Vec<f64> =
        muscles.iter().zip(&paths).map(|(m, &path)| 1.02 * m.equilibrium_length(0.3, path)).collect();
    bencher.bench(|| {
        let velocity = |((m, &path), &fiber): ((&HillMuscle, &f64), &f64)| {
            m.state(black_box(0.3), fiber, path, 0.05).unwrap().fiber_velocity
        };
        muscles.iter().zip(&paths).zip(&fibers).map(velocity).sum::<f64>()
    });
}

#[divan::bench(args = CLASSES)]
fn rigid(bencher: Bencher, class: Class) {
    let muscles = muscles(class);
    let paths = paths(&muscles);
    bencher.bench(|| {
        let force =
            |(m, &path): (&HillMuscle, &f64)| m.rigid(black_box(0.3), path, 0.05).unwrap().tendon_force;
        muscles.iter().zip(&paths).map(force).sum::<f64>()
    });
}

#[divan::bench(args = CLASSES)]
fn build(bencher: Bencher, class: Class) {
    bencher.bench(|| muscles(black_box(class)));
}
