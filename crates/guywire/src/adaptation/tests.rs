//! What must hold of every course, whatever the rates and the weeks.

use super::*;
use crate::body::ReferenceBody;
use crate::case::Tissue;
use crate::side::Side;
use proptest::prelude::*;

fn known() -> KnownRates {
    KnownRates::read().unwrap()
}

fn weeks(start: &State, week: &Exposure, count: usize, rates: &Rates, on: Mechanisms) -> State {
    (0..count).fold(start.clone(), |state, _| step(&state, week, rates, on))
}

fn bout(deed: Deed, hours: f64, length: f64, activation: f64, passive_force: f64) -> Bout {
    let bouts = if matches!(deed, Deed::Habit) { 0.0 } else { (hours * 60.0).ceil() };
    Bout { hours, bouts, normalized_fiber_length: length, activation, passive_force, deed }
}

fn a_deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        Just(Deed::Habit),
        Just(Deed::Stretch),
        Just(Deed::Strengthen),
        Just(Deed::Eccentric),
        Just(Deed::Release)
    ]
}

fn a_bout() -> impl Strategy<Value = Bout> {
    (a_deed(), 0.0..40.0, 0.3..1.8, 0.0..=1.0, 0.0..3.0).prop_map(|(d, h, l, a, p)| bout(d, h, l, a, p))
}

fn a_week() -> impl Strategy<Value = Vec<Bout>> {
    prop::collection::vec(a_bout(), 0..4)
}

fn scores() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-3.0..3.0, Rate::ALL.len())
}

fn exposure(muscles: Vec<Vec<Bout>>) -> Exposure {
    Exposure { muscles, discs: vec![] }
}

proptest! {
    #[test]
    fn nothing_happens_with_every_mechanism_off(home in a_week(), week in a_week(), scores in scores()) {
        let rates = known().at(&scores);
        let mut start = State::at_home_in(&exposure(vec![home]), 1);
        start.growing = Some(Growing { is_male: true, age: 13.0, height_cm: 155.0 });
        start = step(&start, &exposure(vec![week.clone()]), &rates, Mechanisms::ALL);
        let after = weeks(&start, &exposure(vec![week]), 5, &rates, Mechanisms::NONE);
        prop_assert_eq!(after, start);
    }

    #[test]
    fn a_muscle_is_at_home_in_its_own_week(home in a_week(), scores in scores()) {
        let week = exposure(vec![home]);
        let start = State::at_home_in(&week, 1);
        let after = weeks(&start, &week, 20, &known().at(&scores), Mechanisms::ALL);
        let muscle = after.muscles[0];
        prop_assert!((muscle.length() - 1.0).abs() < 1e-12, "{:?}", muscle);
        prop_assert!((muscle.strength() - 1.0).abs() < 1e-12 && muscle.tone.abs() < 1e-12);
        prop_assert!(muscle.tolerance == 0.0 && muscle.slack == 0.0, "{:?}", muscle);
    }

    #[test]
    fn longer_stretching_never_shortens(
        home in a_week(), week in a_week(), scores in scores(), length in 0.3..1.8, pull in 0.0..3.0,
        hours in 0.0..5.0, more in 0.0..5.0, count in 1usize..12,
    ) {
        let rates = known().at(&scores);
        let start = State::at_home_in(&exposure(vec![home]), 1);
        let of = |hours: f64| {
            let mut week = week.clone();
            week.push(bout(Deed::Stretch, hours, length, 0.0, pull));
            weeks(&start, &exposure(vec![week]), count, &rates, Mechanisms::ALL).muscles[0]
        };
        let (less, more) = (of(hours), of(hours + more));
        prop_assert!(more.length() >= less.length());
        prop_assert!(more.tolerance >= less.tolerance && more.stiffness() <= less.stiffness());
    }

    #[test]
    fn what_is_alike_stays_alike(home in a_week(), week in a_week(), scores in scores(), count in 1usize..8) {
        let start = State::at_home_in(&exposure(vec![home.clone(), home]), 2);
        let both = exposure(vec![week.clone(), week]);
        let after = weeks(&start, &both, count, &known().at(&scores), Mechanisms::ALL);
        prop_assert_eq!(after.muscles[0], after.muscles[1]);
    }

    #[test]
    fn tissue_is_never_negative_or_no_number(
        home in a_week(), week in a_week(), scores in scores(), count in 1usize..60, age in 3.0..20.0,
    ) {
        let mut start = State::at_home_in(&exposure(vec![home]), 1);
        start.growing = Some(Growing { is_male: false, age, height_cm: 140.0 });
        let week = exposure(vec![week]);
        let rates = known().at(&scores);
        let after = weeks(&start, &week, count, &rates, Mechanisms::ALL);
        let after = after_session(&after, &week, 1.0, &rates, Mechanisms::ALL);
        let m = after.muscles[0];
        for positive in [m.length(), m.strength() + f64::MIN_POSITIVE, m.stiffness()] {
            prop_assert!(positive > 0.0 && positive.is_finite(), "{:?}", m);
        }
        prop_assert!((0.0..=1.0).contains(&m.tone) && m.lag >= 0.0 && m.released >= 0.0, "{:?}", m);
        let tolerance = after.tolerance(&[1.0]);
        prop_assert!(tolerance > 0.0 && tolerance.is_finite(), "{:?}", m);
    }

    #[test]
    fn rest_brings_everything_back(home in a_week(), week in a_week(), scores in scores()) {
        let rates = known().at(&scores);
        let quiet = exposure(vec![home]);
        let start = State::at_home_in(&quiet, 1);
        let trained = weeks(&start, &exposure(vec![week]), 12, &rates, Mechanisms::ALL);
        let mut last = trained.clone();
        for _ in 0..10 {
            let next = step(&last, &quiet, &rates, Mechanisms::ALL);
            let (then, now) = (last.muscles[0], next.muscles[0]);
            for (then, now) in [
                (then.habit, now.habit), (then.stretched, now.stretched), (then.eccentric, now.eccentric),
                (then.neural, now.neural), (then.size, now.size), (then.disuse, now.disuse),
                (then.tone, now.tone), (then.slack, now.slack), (then.tolerance, now.tolerance),
            ] {
                prop_assert!(now.abs() <= then.abs() + 1e-15 && now * then >= -1e-15);
            }
            last = next;
        }
        // The slowest rate that can be drawn here is some 130 weeks.
        let rested = weeks(&last, &quiet, 6000, &rates, Mechanisms::ALL).muscles[0];
        prop_assert!((rested.length() - 1.0).abs() < 1e-9 && (rested.strength() - 1.0).abs() < 1e-9);
        prop_assert!(rested.tolerance.abs() < 1e-9 && rested.slack.abs() < 1e-9 && rested.tone < 1e-9);
    }
}

/// Casts, the figures that the rates of length were set to.
#[test]
fn fibres_go_where_casts_hold_them() {
    let rates = known().median();
    let home = exposure(vec![vec![bout(Deed::Habit, 168.0, 1.0, 0.1, 0.0)]]);
    let start = State::at_home_in(&home, 1);
    for (held, measured) in [(0.6, -40.0), (1.2, 20.0)] {
        let cast = exposure(vec![vec![bout(Deed::Habit, 168.0, held, 0.0, 0.0)]]);
        let after = weeks(&start, &cast, 8, &rates, Mechanisms::default());
        let change = 100.0 * (after.muscles[0].length() - 1.0);
        assert!((change - measured).abs() < 1.0, "{held}: {change} %");
        let freed = weeks(&after, &home, 4, &rates, Mechanisms::default());
        let left = (freed.muscles[0].length() - 1.0) / (after.muscles[0].length() - 1.0);
        assert!((0.0..0.06).contains(&left), "{held}: {left} of it left after four weeks");
    }
}

/// Strength, the figures that its rates were set to: 1.5 to 5 % a week in eight weeks of three times three sets, less than 5 %
/// lost in two weeks off, 14.5 % in two weeks in bed, 14 % longer fibres after twelve eccentric weeks.
#[test]
fn strength_comes_and_goes_as_it_was_set_to() {
    let rates = known().median();
    let home = exposure(vec![vec![bout(Deed::Habit, 168.0, 1.0, 0.1, 0.0)]]);
    let start = State::at_home_in(&home, 1);
    let sets = Bout { bouts: 9.0, ..bout(Deed::Strengthen, 0.1, 1.0, 0.8, 0.0) };
    let of =
        |sets: Bout, count| weeks(&start, &exposure(vec![vec![sets]]), count, &rates, Mechanisms::default());
    let trained = of(sets, 8);
    let a_week = 100.0 * (trained.muscles[0].strength() - 1.0) / 8.0;
    assert!((1.5..5.0).contains(&a_week), "{a_week} % a week");
    let off = weeks(&trained, &Exposure::none(1, 0), 2, &rates, Mechanisms::default());
    let lost = 100.0 * (1.0 - off.muscles[0].strength() / trained.muscles[0].strength());
    assert!((0.5..5.0).contains(&lost), "{lost} % in two weeks off");
    let bed = exposure(vec![vec![bout(Deed::Habit, 168.0, 1.0, 0.005, 0.0)]]);
    let rested = weeks(&start, &bed, 2, &rates, Mechanisms::default());
    let lost = 100.0 * (1.0 - rested.muscles[0].strength());
    assert!((lost - 14.5).abs() < 0.5, "{lost} % in two weeks in bed");
    let longer = 100.0 * (of(Bout { deed: Deed::Eccentric, ..sets }, 12).muscles[0].length() - 1.0);
    assert!((longer - 14.3).abs() < 1.5, "{longer} % longer");
}

/// Who stretches and trains already is no stronger and no more supple for going on, and less so for stopping.
#[test]
fn going_on_keeps_and_stopping_loses() {
    let rates = known().median();
    let habit = bout(Deed::Habit, 160.0, 1.0, 0.1, 0.0);
    let done =
        vec![habit, bout(Deed::Stretch, 0.3, 1.3, 0.0, 0.3), bout(Deed::Eccentric, 0.1, 1.1, 0.9, 0.1)];
    let start = State::at_home_in(&exposure(vec![done.clone()]), 1);
    let kept = weeks(&start, &exposure(vec![done]), 12, &rates, Mechanisms::default()).muscles[0];
    assert!((kept.strength() - 1.0).abs() < 1e-12 && kept.tolerance == 0.0);
    let stopped = weeks(&start, &exposure(vec![vec![habit]]), 12, &rates, Mechanisms::default()).muscles[0];
    assert!(stopped.strength() < 0.95 && stopped.tolerance < -0.1 && stopped.length() < 0.95);
    assert!(stopped.stiffness() > 1.0);
}

/// What a mechanism did can be taken out, and only that.
#[test]
fn mechanisms_are_told_apart() {
    let mut start = State::at_home_in(&Exposure::none(1, 0), 1);
    start.growing = Some(Growing { is_male: true, age: 13.0, height_cm: 155.0 });
    let week = exposure(vec![vec![
        bout(Deed::Habit, 100.0, 0.8, 0.2, 0.0),
        bout(Deed::Stretch, 1.0, 1.3, 0.0, 0.4),
        bout(Deed::Eccentric, 0.2, 1.1, 0.9, 0.1),
    ]]);
    let rates = known().median();
    let all = weeks(&start, &week, 6, &rates, Mechanisms::ALL);
    for mechanism in Mechanism::ALL {
        let off = weeks(&start, &week, 6, &rates, Mechanisms::ALL.with(mechanism, false));
        assert_eq!(all.without(mechanism).muscles, off.muscles, "{}", mechanism.name());
        if mechanism != Mechanism::Release {
            assert_ne!(all.muscles, off.muscles, "{}", mechanism.name());
        }
    }
}

/// What is carried is what is missing without it, and nothing is said of what did nothing.
#[test]
fn what_carried_a_number_is_told() {
    let mut state = State::at_home_in(&Exposure::none(1, 0), 1);
    let number = |state: &State| -> Result<f64, ()> {
        let muscle = state.muscles[0];
        Ok(10.0 * muscle.length() + muscle.tolerance)
    };
    assert_eq!(carried(&state, number), Ok(vec![]));
    state.muscles[0].habit = 0.5;
    state.muscles[0].tolerance = 2.0;
    assert_eq!(carried(&state, number), Ok(vec![(Mechanism::Length, 5.0), (Mechanism::Tolerance, 2.0)]));
    assert_eq!(carried(&state, |_| Err::<f64, _>("no")), Err("no"));
}

/// Lengths of an exposure that was solved with a changed body are counted from the beginning all the same.
#[test]
fn exposures_may_be_solved_anew() {
    let rates = known().median();
    let start = State::at_home_in(&Exposure::none(1, 0), 1);
    let week = |length: f64| exposure(vec![vec![bout(Deed::Habit, 84.0, length, 0.1, 0.0)]]);
    let first = weeks(&start, &week(0.8), 3, &rates, Mechanisms::default());
    let mut anew = first.clone();
    anew.solve_anew();
    let seen = 0.8 / first.muscles[0].length();
    let (once, again) = (
        weeks(&first, &week(0.8), 5, &rates, Mechanisms::default()),
        weeks(&anew, &week(seen), 5, &rates, Mechanisms::default()),
    );
    assert!((once.muscles[0].length() - again.muscles[0].length()).abs() < 1e-12);
}

/// Every muscle's settings go into that muscle alone, and a body with nothing changed is the same body.
#[test]
fn states_go_into_bodies() {
    let reference = ReferenceBody::adult().unwrap();
    let plain = reference.unscaled().unwrap();
    let count = plain.muscles.len();
    let mut state = State::at_home_in(&Exposure::none(count, 0), count);
    assert_eq!(state.settings(&plain.muscles), vec![]);
    for (m, muscle) in state.muscles.iter_mut().enumerate() {
        muscle.habit = -0.3 * m as f64 / count as f64;
        muscle.disuse = 0.2;
        muscle.tone = 0.01;
        muscle.slack = 0.1;
    }
    let settings = state.settings(&plain.muscles);
    let body = reference.unscaled_with(&Tissue { settings, ..Tissue::default() }).unwrap();
    for (m, (before, after)) in plain.system.muscles.iter().zip(&body.system.muscles).enumerate() {
        let (p, q, now) = (&before.parameters, &after.parameters, state.muscles[m]);
        let name = &plain.muscles[m].name;
        assert!((q.optimal_fiber_length / p.optimal_fiber_length - now.length()).abs() < 1e-12, "{name}");
        assert!((q.max_isometric_force / p.max_isometric_force - 0.8).abs() < 1e-12, "{name}");
        assert!((q.passive.scale / p.passive.scale - 0.9).abs() < 1e-12, "{name}");
        assert!((after.floor - before.floor - 0.01).abs() < 1e-12, "{name}");
    }
    assert!(plain.muscles.iter().any(|m| m.side == Side::Left));
}

/// Groups are told by the mean of their muscles, the strong ones more.
#[test]
fn groups_are_told_by_their_muscles() {
    let body = ReferenceBody::adult().unwrap().unscaled().unwrap();
    let infos = &body.muscles;
    let mut state = State::at_home_in(&Exposure::none(infos.len(), 0), infos.len());
    let of = |side| move |info: &crate::body::MuscleInfo| info.side == side && info.group == "hamstrings";
    assert_eq!(state.mean(infos, of(Side::Left), MuscleState::length), Some(1.0));
    let strongest = (0..infos.len()).filter(|&m| of(Side::Left)(&infos[m]));
    let force = |m: &usize| infos[*m].max_isometric_force_n;
    let strongest = strongest.max_by(|a, b| force(a).total_cmp(&force(b))).unwrap();
    let members = infos.iter().filter(|info| of(Side::Left)(info)).count();
    state.muscles[strongest].habit = -0.3;
    let left = state.mean(infos, of(Side::Left), MuscleState::length).unwrap();
    assert!(left < 1.0 - 0.3 / members as f64 && left > 0.7, "{left}");
    assert_eq!(state.mean(infos, of(Side::Right), MuscleState::length), Some(1.0));
    assert_eq!(state.mean(infos, |_| false, MuscleState::length), None);
}

/// What is felt where nothing pulls, and where one muscle does.
#[test]
fn tolerance_is_that_of_the_muscles_that_pull() {
    let mut state = State::at_home_in(&Exposure::none(2, 0), 2);
    assert_eq!(state.tolerance(&[3.0, 5.0]), 1.0);
    state.muscles[0].tolerance = 0.4;
    assert_eq!(state.tolerance(&[0.0, 0.0]), 1.0);
    assert_eq!(state.tolerance(&[0.0, 5.0]), 1.0);
    assert!((state.tolerance(&[2.0, 0.0]) - 0.4_f64.exp()).abs() < 1e-15);
    assert!((state.tolerance(&[2.0, 2.0]) - 0.2_f64.exp()).abs() < 1e-15);
}

/// Release fades within the hour and leaves nothing for the next week.
#[test]
fn release_does_not_last() {
    let rates = known().median();
    let start = State::at_home_in(&Exposure::none(1, 0), 1);
    let rolling = exposure(vec![vec![bout(Deed::Release, 120.0 / 3600.0, 1.0, 0.0, 0.0)]]);
    let after = |minutes| after_session(&start, &rolling, minutes, &rates, Mechanisms::default());
    let readings: Vec<f64> = [0.0, 10.0, 30.0, 60.0].map(|t| after(t).muscles[0].released).to_vec();
    assert!(readings.windows(2).all(|pair| pair[1] < pair[0]), "{readings:?}");
    assert!(readings[3] < 0.02 * readings[0]);
    assert_eq!(step(&after(0.0), &rolling, &rates, Mechanisms::default()), start);
}
