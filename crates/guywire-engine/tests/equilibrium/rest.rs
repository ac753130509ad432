//! Relaxed bodies in an examiner's hands: pendulums and blocks whose rest is known by hand.

use super::bodies::{DOWN, G, block, coordinates, lever, settings, system, weld_frame};
use guywire_engine::equilibrium::{Equilibrium, EquilibriumError, Hand};
use guywire_engine::passive::{PassiveLaw, PassiveMoment};
use guywire_engine::task::Condition;
use guywire_engine::{Model, System, Task};
use guywire_math::Vec3;
use proptest::prelude::*;

fn task(start: &[f64], conditions: Vec<Condition>) -> Task {
    Task {
        name: "rest".into(),
        gravity: DOWN,
        supports: vec![],
        contacts: vec![],
        loads: vec![],
        conditions,
        aims: vec![],
        start: start.to_vec(),
    }
}

fn spring(degree: usize, stiffness: f64) -> PassiveMoment {
    let law = PassiveLaw::Linear { stiffness, neutral: 0.0 };
    PassiveMoment { name: String::new(), degree, law, level: None, price: None }
}

/// Two levers in a row, both of length and mass 1.
fn double() -> System {
    let arm = Vec3::new(1.0, 0.0, 0.0);
    let bodies = vec![
        super::bodies::body("ground", 0.0, Vec3::zero()),
        super::bodies::body("upper", 1.0, arm),
        super::bodies::body("lower", 1.0, arm),
    ];
    let mut second = weld_frame("elbow").hinge(1);
    (second.parent, second.child) = (1, 2);
    second.in_parent.position = arm;
    let joints = vec![weld_frame("shoulder").hinge(0), second];
    system(Model::new(bodies, joints, coordinates(&["shoulder", "elbow"]), vec![]).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A pendulum on a spring under a hand's moment: k q + m g cos q = M. It gives way by 1 / (k − m g sin q).
    #[test]
    fn a_pendulum_on_a_spring_rests_where_moments_cancel(k in 12.0..80.0f64, hand in -20.0..20.0f64, start in -1.0..1.0f64) {
        let mut lever = lever(1.0, Vec3::new(1.0, 0.0, 0.0));
        lever.passives.push(spring(0, k));
        let hands = [Hand { degree: 0, moment: hand, stop: None }];
        let rest = Equilibrium::new(&lever, settings()).rest(&task(&[start], vec![]), &hands).unwrap();
        let q = rest.solution.q[0];
        prop_assert!((k * q + G * q.cos() - hand).abs() < 1e-7, "{q}");
        let gives = rest.compliance.moved(&[1.0])[0];
        prop_assert!((gives - 1.0 / (k - G * q.sin())).abs() < 1e-9);
    }

    /// Two levers rest where both moments cancel, from any start; the answer to a small moment is the difference of two rests.
    #[test]
    fn two_levers_give_way_as_they_are_pushed(k in 5.0..40.0f64, start in prop::array::uniform2(-1.0..1.0f64)) {
        let mut levers = double();
        levers.passives = vec![spring(0, 3.0 * k), spring(1, k)];
        let mut equilibrium = Equilibrium::new(&levers, settings());
        let mut rest = |moment: f64| {
            equilibrium.rest(&task(&start, vec![]), &[Hand { degree: 1, moment, stop: None }]).unwrap()
        };
        let at = rest(0.0);
        let q = &at.solution.q;
        let fold = q[0] + q[1];
        prop_assert!((3.0 * k * q[0] + G * (2.0 * q[0].cos() + fold.cos())).abs() < 1e-7);
        prop_assert!((k * q[1] + G * fold.cos()).abs() < 1e-7);
        let h = 1e-4;
        let (up, down) = (rest(h), rest(-h));
        for (i, moved) in at.compliance.moved(&[0.0, 1.0]).into_iter().enumerate() {
            let slope = (up.solution.q[i] - down.solution.q[i]) / (2.0 * h);
            prop_assert!((moved - slope).abs() < 1e-6 * (1.0 + slope.abs()), "{i}: {moved} against {slope}");
        }
    }

    /// Looked for from the rest of similar levers, two levers rest where they do from their own start, and give way alike.
    #[test]
    fn a_rest_is_the_same_from_that_of_a_neighbour(k in 15.0..40.0f64, by in -0.2..0.2f64, moment in -3.0..3.0f64) {
        let of = |k: f64| {
            let mut levers = double();
            levers.passives = vec![spring(0, 3.0 * k), spring(1, k)];
            levers
        };
        let (one, other) = (of(k), of(k * (1.0 + by)));
        let (task, hands) = (task(&[0.2, 0.1], vec![]), [Hand { degree: 1, moment, stop: None }]);
        let near = Equilibrium::new(&other, settings()).rest(&task, &[]).unwrap().solution;
        let mut equilibrium = Equilibrium::new(&one, settings());
        let [cold, warm] =
            [equilibrium.rest(&task, &hands).unwrap(), equilibrium.rest_from(&task, &hands, &near).unwrap()];
        for force in [[1.0, 0.0], [0.0, 1.0]] {
            let [cold, warm] = [&cold, &warm].map(|rest| rest.compliance.moved(&force));
            prop_assert!(cold.iter().zip(&warm).all(|(a, b)| (a - b).abs() < 1e-9), "{cold:?} {warm:?}");
        }
        let [cold, warm] = [cold, warm].map(|rest| rest.solution.q);
        prop_assert!(cold.iter().zip(&warm).all(|(a, b)| (a - b).abs() < 1e-9), "{cold:?} {warm:?}");
    }

    /// A pendulum without a spring hangs down, whatever its start: it does not stay standing on its head.
    #[test]
    fn a_pendulum_hangs(start in -1.5..4.5f64) {
        let lever = lever(1.0, Vec3::new(1.0, 0.0, 0.0));
        let rest = Equilibrium::new(&lever, settings()).rest(&task(&[start], vec![]), &[]).unwrap();
        let height = rest.solution.q[0].sin();
        prop_assert!((height + 1.0).abs() < 1e-12, "{height}");
    }
}

/// What is held carries what it must: a block on a slope of its own conditions slides down until its spring holds it.
#[test]
fn conditions_carry_their_share() {
    let mut block = block(2.0, Vec3::zero(), false);
    block.passives.push(spring(1, 50.0));
    // y = x / 2: the slope carries what is across it.
    let slope = Condition::Ratio { degree: 1, of: 0, factor: 0.5 };
    let rest = Equilibrium::new(&block, settings()).rest(&task(&[0.3, 0.1], vec![slope]), &[]).unwrap();
    // Along the slope: (m g + 50 y) 0.5 = 0.
    let y = -2.0 * G / 50.0;
    assert!((rest.solution.q[1] - y).abs() < 1e-10 && (rest.solution.q[0] - 2.0 * y).abs() < 1e-10);
}

/// A block that nothing holds falls for ever: an error, not a number.
#[test]
fn what_falls_has_no_rest() {
    let block = block(2.0, Vec3::zero(), false);
    let found = Equilibrium::new(&block, settings()).rest(&task(&[0.0, 0.0], vec![]), &[]);
    assert!(matches!(found, Err(EquilibriumError::Unconverged { .. })), "{found:?}");
}

/// A neighbour's pose that is of no use costs no answer: the search goes on from the task's own start.
#[test]
fn a_useless_neighbour_is_no_reason_to_fail() {
    let mut lever = lever(1.0, Vec3::new(1.0, 0.0, 0.0));
    lever.passives.push(spring(0, 20.0));
    let task = task(&[0.1], vec![]);
    let mut equilibrium = Equilibrium::new(&lever, settings());
    let at = equilibrium.rest(&task, &[]).unwrap().solution;
    let lost = guywire_engine::equilibrium::Solution { q: vec![f64::NAN], ..at.clone() };
    assert_eq!(equilibrium.rest_from(&task, &[], &lost).unwrap().solution.q, at.q);
}

/// Conditions that contradict each other are refused.
#[test]
fn contradicting_conditions_are_refused() {
    let lever = lever(1.0, Vec3::new(1.0, 0.0, 0.0));
    let plane = |offset: f64| Condition::OnPlane {
        body: 1,
        point: Vec3::new(1.0, 0.0, 0.0),
        normal: Vec3::new(0.0, 1.0, 0.0),
        offset,
    };
    let contradicting = task(&[0.1], vec![plane(0.2), plane(0.5)]);
    let found = Equilibrium::new(&lever, settings()).rest(&contradicting, &[]);
    assert!(found.is_err(), "{found:?}");
}
