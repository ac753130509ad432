//! Where the numbers of weeks, exercises and tests lie: against the same numbers solved one by one.

use crate::{REFERENCE, common};
use guywire::case::{Case, Person, Property, Setting, Target, TestVocabulary, Tissue};
use guywire::examination::{Examined, Protocols};
use guywire::exercise::{self, Asked, Library, Way};
use guywire::intervals::Bodies;
use guywire::posture::Positions;
use guywire::results::{ExerciseResult, WeekResult};
use guywire::side::Side;
use guywire::study::{Member, Members, Memory, NoShelf, Shelf};
use guywire::week::{Activities, Schedule, Similar, told};
use serde_json::Value;
use std::sync::LazyLock;

static POSITIONS: LazyLock<Positions> = LazyLock::new(|| Positions::read().unwrap());
static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::read().unwrap());

/// A body whose hip flexors and hamstrings are so many times as long, and lighter or heavier.
fn member(flexors: f64, hamstrings: f64, mass_kg: f64) -> Member {
    let length = |group: &str, value: f64| Setting {
        target: Target::Group(group.into()),
        side: None,
        property: Property::Length,
        value,
    };
    let settings = vec![length("hip_flexors", flexors), length("hamstrings", hamstrings)];
    let person = Person { mass_kg, ..common::person() };
    Member { person, tissue: Tissue { settings, ..Tissue::default() }, tolerance: 1.0 }
}

fn members(drawn: Vec<Member>) -> Members {
    Members { most_probable: member(1.0, 1.0, common::person().mass_kg), drawn, seed: 1 }
}

fn bodies<'b>(members: &'b Members, shelf: &'b dyn Shelf) -> Bodies<'b> {
    Bodies { reference: &REFERENCE, positions: &POSITIONS, members, shelf, progress: &|_, _, _| {} }
}

fn case() -> Case {
    let text = "positions = [\"standing\"]\n[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\nheight_cm = 168\nmass_kg = 62\n";
    let vocabulary = guywire::study::vocabulary(&REFERENCE).unwrap();
    Case::parse(text, &vocabulary).unwrap_or_else(|e| panic!("{}", e.describe("case.toml", text)))
}

fn asked<'a>(name: &str, case: &'a Case) -> Asked<'a> {
    let exercise = LIBRARY.get(name).unwrap();
    Asked {
        positions: &POSITIONS,
        library: &LIBRARY,
        exercise,
        way: Way { side: Side::Left, cued: true },
        case,
    }
}

fn schedule(activity: &str) -> Schedule {
    Schedule::hour(&Activities::read().unwrap(), activity, None).unwrap()
}

/// The number at a name's place in a result: lists by place, level, muscle or group and side.
fn at(result: &Value, name: &str) -> f64 {
    let mut here = result;
    let mut parts: Vec<&str> = name.split('.').collect();
    while !parts.is_empty() {
        let part = parts.remove(0);
        let Value::Array(list) = &here[part] else {
            here = &here[part];
            continue;
        };
        let first = parts.remove(0);
        here = match first.parse::<usize>() {
            Ok(place) => &list[place],
            Err(_) => {
                let named = |entry: &&Value| {
                    ["muscle", "name", "group", "level"].iter().find_map(|key| entry[key].as_str())
                        == Some(first)
                };
                let is_side = parts.first().is_some_and(|side| ["left", "right"].contains(side));
                let side = is_side.then(|| parts.remove(0));
                list.iter()
                    .filter(named)
                    .find(|entry| side.is_none() || entry["side"].as_str() == side)
                    .unwrap_or_else(|| panic!("{name}"))
            }
        };
    }
    here.as_f64().unwrap_or_else(|| panic!("{name}: {here}"))
}

/// Sides that a result lists without more names, and sums over a week, are asked for elsewhere.
fn has_a_place(name: &str) -> bool {
    !["feet.", "hips.", ".moments."].iter().any(|part| name.contains(part))
}

#[test]
fn of_one_body_every_interval_is_its_number() {
    let one = members(vec![member(1.0, 1.0, common::person().mass_kg); 3]);
    let case = case();
    let groups = REFERENCE.groups();
    let (told, _) = bodies(&one, &NoShelf).exercise(asked("squat", &case), &groups).unwrap();
    let json = serde_json::to_value(&told).unwrap();
    let spread = told.spread.as_ref().unwrap();
    assert_eq!((spread.solved, spread.unsolved), (3, 0));
    assert!(spread.quantities.len() > 300, "{}", spread.quantities.len());
    for q in spread.quantities.iter().filter(|q| has_a_place(&q.quantity)) {
        let value = at(&json, &q.quantity);
        assert!([q.low90, q.median, q.high90].iter().all(|v| *v == value), "{q:?}: {value}");
    }
    for (k, phase) in told.phases.iter().enumerate() {
        for moment in &phase.moments {
            let range = told.range_of_moment(k, moment).unwrap();
            assert_eq!([range.low90, range.high90], [moment.newton_metre; 2], "{moment:?}");
        }
    }

    let week = bodies(&one, &NoShelf).week(&schedule("sitting_relaxed")).unwrap();
    let json = serde_json::to_value(&week).unwrap();
    let spread = week.spread.as_ref().unwrap();
    assert!(spread.quantities.len() > 600, "{}", spread.quantities.len());
    for q in spread.quantities.iter().filter(|q| has_a_place(&q.quantity)) {
        let value = at(&json, &q.quantity);
        // A body that is looked for from where it was found is found there, as far as a search goes.
        assert!((q.median - value).abs() < 1e-2 + 2e-2 * value.abs(), "{q:?}: {value}");
    }
}

/// The 5 and the 95 % of two numbers lie a twentieth of their distance from the ends.
#[test]
fn intervals_are_those_of_bodies_done_one_by_one() {
    let drawn = vec![member(0.93, 1.0, 55.0), member(1.05, 0.92, 80.0)];
    let case = case();
    let groups = REFERENCE.groups();
    let alone: Vec<ExerciseResult> = drawn
        .iter()
        .map(|member| {
            let body = REFERENCE.scaled_to(&member.person, &member.tissue).unwrap();
            exercise::told(asked("kneel_hip_flexor_ppt", &case), &body, &groups).unwrap().0
        })
        .collect();
    let pair = members(drawn);
    let (told, _) = bodies(&pair, &NoShelf).exercise(asked("kneel_hip_flexor_ppt", &case), &groups).unwrap();
    let json: Vec<Value> = alone.iter().map(|told| serde_json::to_value(told).unwrap()).collect();
    let mut wide = 0;
    for q in &told.spread.as_ref().unwrap().quantities {
        if has_a_place(&q.quantity) {
            let mut ends = [0, 1].map(|k| at(&json[k], &q.quantity));
            ends.sort_by(f64::total_cmp);
            let inset = 0.05 * (ends[1] - ends[0]);
            assert!((q.low90 - ends[0] - inset).abs() < 1e-9 * (1.0 + q.low90.abs()), "{q:?}: {ends:?}");
            assert!((q.high90 - ends[1] + inset).abs() < 1e-9 * (1.0 + q.high90.abs()), "{q:?}: {ends:?}");
            wide += usize::from(ends[1] > ends[0]);
        }
    }
    assert!(wide > 300, "{wide}");

    // The same exercise in a ranking.
    let ranked = bodies(&pair, &NoShelf).rank((&LIBRARY, &case, &groups), "psoas.left", None).unwrap().ranked;
    let rank = ranked.iter().find(|rank| rank.exercise == "kneel_hip_flexor_ppt").unwrap();
    let muscle = told.muscles.iter().find(|m| m.muscle == "psoas" && m.side == Side::Left).unwrap();
    for field in ["strain_percent", "passive_force_n", "activation"] {
        let [one, other] = [rank.range(field).unwrap(), told.range_of_muscle(muscle, field).unwrap()];
        for (a, b) in [(one.low90, other.low90), (one.high90, other.high90)] {
            assert!((a - b).abs() < 1e-6 * (1.0 + b.abs()), "{field}: {one:?} {other:?}");
        }
    }
}

/// Within what a search for one of many bodies may stop short by (docs/intervals.md).
#[test]
fn weeks_looked_for_from_a_similar_body_are_those_found_from_scratch() {
    let here = REFERENCE.scaled_to(&common::person(), &Tissue::default()).unwrap();
    for activity in ["sitting_relaxed", "standing", "walking"] {
        let schedule = schedule(activity);
        let similar = Similar::to(&here, &POSITIONS, &schedule).unwrap();
        assert_eq!(similar.told(&here), told(&here, &POSITIONS, &schedule).unwrap());
        for other in [member(0.95, 1.03, 58.0), member(1.04, 0.95, 70.0)] {
            let body = REFERENCE.scaled_to(&other.person, &other.tissue).unwrap();
            let [near, cold] = [similar.week(&body), told(&body, &POSITIONS, &schedule)].map(Result::unwrap);
            let [near, cold] = [&near.activities[0], &cold.activities[0]];
            for (a, b) in near.groups.iter().zip(&cold.groups) {
                let off = (a.normalized_fiber_length - b.normalized_fiber_length).abs();
                assert!(off < 0.02, "{activity}: {a:?} {b:?}");
            }
            for (a, b) in near.discs.iter().zip(&cold.discs) {
                assert!((a.compression_n - b.compression_n).abs() < 13.0, "{activity}: {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn the_same_on_any_number_of_threads_and_from_a_shelf() {
    let drawn =
        (0..6).map(|k| member(0.94 + 0.02 * f64::from(k), 1.03 - 0.01 * f64::from(k), 62.0)).collect();
    let some = members(drawn);
    let schedule = schedule("standing");
    let week = |threads: usize, shelf: &dyn Shelf| -> WeekResult {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let members = &some;
        pool.install(|| bodies(members, shelf).week(&schedule).unwrap())
    };
    let memory = Memory::before(&NoShelf);
    let first = week(1, &memory);
    for again in [week(3, &NoShelf), week(2, &memory)] {
        assert_eq!(serde_json::to_string(&first).unwrap(), serde_json::to_string(&again).unwrap());
    }
    let range = first.range("activities.0.discs.L5/S1.compression_n").unwrap();
    assert!(range.low90 < range.median && range.median < range.high90, "{range:?}");
}

/// A body that cannot be brought to one exercise is left out there, and counted, and takes part in the others.
#[test]
fn a_body_that_cannot_is_counted() {
    let mut stiff = member(1.0, 1.0, 62.0);
    stiff.tissue.settings.push(Setting {
        target: Target::Group("hip_rotators".into()),
        side: None,
        property: Property::Length,
        value: 0.6,
    });
    let some = members(vec![member(0.98, 1.0, 62.0), stiff, member(1.02, 1.0, 62.0)]);
    let case = case();
    let groups = REFERENCE.groups();
    let ranked =
        bodies(&some, &NoShelf).rank((&LIBRARY, &case, &groups), "hip_rotators.left", None).unwrap().ranked;
    let count = |name: &str| {
        let spread = ranked.iter().find(|r| r.exercise == name).unwrap().spread.clone().unwrap();
        (spread.solved, spread.unsolved)
    };
    assert_eq!(count("pigeon"), (2, 1));
    assert_eq!(count("prone_lying"), (3, 0));
    assert!(ranked.iter().all(|r| r.spread.as_ref().unwrap().quantities.iter().all(|q| q.low90.is_finite())));
}

/// A tolerance that a member has is that of its test; the ends are those of the bodies tested one by one.
#[test]
fn a_test_reads_within_what_its_bodies_read() {
    let tests = TestVocabulary::all().unwrap();
    let protocols = Protocols::read().unwrap();
    let examined = Examined {
        positions: &POSITIONS,
        test: tests.iter().find(|test| test.name == "straight_leg_raise").unwrap(),
        protocol: protocols.get("straight_leg_raise", None).unwrap(),
        side: Some(Side::Left),
    };
    let usual = REFERENCE.scaled_to(&common::person(), &Tissue::default()).unwrap();
    let alone = |member: &Member| {
        let body = REFERENCE.scaled_to(&member.person, &member.tissue).unwrap();
        examined.result((&body, member.tolerance), &usual).unwrap().0.reading
    };
    let mass = common::person().mass_kg;
    let drawn = vec![member(1.0, 0.93, mass), Member { tolerance: 1.3, ..member(1.0, 1.0, mass) }];
    let [stiff, bold] = [&drawn[0], &drawn[1]].map(alone);
    let some = members(drawn);
    let (told, _) = bodies(&some, &NoShelf).test(examined).unwrap();
    assert!((told.reading - alone(&some.most_probable)).abs() < 1e-9);
    assert!(stiff < told.reading - 3.0 && bold > told.reading + 1.0, "{stiff} {} {bold}", told.reading);
    let (range, inset) = (told.range().unwrap(), 0.05 * (bold - stiff));
    assert!((range.low90 - stiff - inset).abs() < 1e-3, "{range:?}, {stiff} to {bold}");
    assert!((range.high90 - bold + inset).abs() < 1e-3, "{range:?}, {stiff} to {bold}");
}
