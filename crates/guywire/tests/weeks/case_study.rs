//! The footballer of 12, followed over the months of his story: what of it comes out, and what does not (docs/case-study.md).
//! The numbers are the model's, not the story's: a claim that is not held is held to that.

use crate::REFERENCE;
use guywire::adaptation::{KnownRates, Mechanisms, State, after_session};
use guywire::case::Case;
use guywire::exercise::Library;
use guywire::forecast::{Doing, Followed, Material, OtherWeek, Session};
use guywire::plan::{Doer, Programme};
use guywire::posture::Positions;
use guywire::results::{ForecastResult, Series};
use guywire::side::Side;
use guywire::study::{Members, vocabulary};
use std::path::Path;

const WEEKS: usize = 26;
/// Few bodies: their bands are about as wide as those of the page's 200.
const BODIES: usize = 16;

fn example(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)).unwrap()
}

/// The boy in his week, with the bodies that his tests allow.
struct Story {
    case: Case,
    material: Material<'static>,
}

impl Story {
    fn read() -> Self {
        let case = Case::parse(&example("footballer-12.toml"), &vocabulary(&REFERENCE).unwrap()).unwrap();
        let fitted = guywire::fit::of_case(&REFERENCE, &case, &|_, _, _| {}).unwrap();
        let drawn = fitted.members(1, BODIES).unwrap();
        let members = Members { most_probable: fitted.most_probable(), drawn, seed: 1 };
        let members = members.completed(&REFERENCE, &case.tissue).unwrap();
        let material = Material::of(&REFERENCE, &case, members, &[]).unwrap();
        Self { case, material }
    }

    /// With what a programme brings.
    fn with<T>(&self, text: &str, ask: impl FnOnce(&Followed<'_>, &[Session], &[OtherWeek]) -> T) -> T {
        let library = Library::read().unwrap();
        let programme = Programme::from_text(text, &library).unwrap();
        let tests = self.material.tests().unwrap();
        let person = Followed::new(self.material.ground(), self.material.asked(&tests)).unwrap();
        let (groups, positions) = (REFERENCE.groups(), Positions::read().unwrap());
        let place = person.place_of_body();
        let doer = Doer { body: person.body(), groups: &groups, positions: &positions, place };
        let sessions = programme.sessions(doer, &library).unwrap();
        let weeks = programme.other_weeks(&self.case.week, |week| person.other_week(week)).unwrap();
        ask(&person, &sessions, &weeks)
    }

    fn followed(&self, programme: &str) -> ForecastResult {
        self.with(programme, |person, sessions, other_weeks| {
            let mechanisms = Mechanisms::default();
            let doing = Doing { weeks: WEEKS, sessions, adherence: 1.0, other_weeks, mechanisms };
            let found = person.forecast(doing, &|_, _, _| {}).unwrap();
            assert_eq!((found.lost, found.members), (0, BODIES));
            found
        })
    }
}

fn of<'r>(result: &'r ForecastResult, quantity: &str) -> &'r Series {
    result.of(quantity).unwrap_or_else(|| panic!("{quantity}"))
}

/// How far the median of a number is from now in a week.
fn moved(result: &ForecastResult, quantity: &str, week: usize) -> f64 {
    let series = of(result, quantity);
    series.median[week] - series.median[0]
}

const LEG: &str = "leg_length_level";
const RAISE: &str = "difference.straight_leg_raise";
const THOMAS: &str = "difference.thomas_hip_extension";

#[test]
fn the_story_of_the_footballer() {
    let story = Story::read();
    let nothing = story.followed("");
    let groin = story.followed(&example("footballer-12/groin-only.toml"));
    let whole = story.followed(&example("footballer-12/groin-hamstring-load.toml"));
    for (name, result) in [("nothing", &nothing), ("groin", &groin), ("whole", &whole)] {
        for quantity in [LEG, THOMAS, RAISE, "difference.hip_internal_rotation"] {
            let s = of(result, quantity);
            let at = |w: usize| format!("{:.1} ({:.1} to {:.1})", s.median[w], s.low90[w], s.high90[w]);
            println!("{name} {quantity}: {}", [0, 5, 13, 26].map(at).join(", "));
        }
    }

    // Held: a pelvis drawn aslant makes the left leg look shorter in every body that the tests allow, by about the error of the
    // reading (8.6 mm). Nothing of that reading went into the fit.
    let leg = of(&nothing, LEG);
    assert!(leg.low90[0] > 2.0 && (4.0..20.0).contains(&leg.median[0]), "{leg:?}");

    // Held: while nothing changes, the differences stay. Growth alone tightens both sides, by less than a degree.
    for quantity in [LEG, THOMAS, RAISE] {
        assert!(moved(&nothing, quantity, WEEKS).abs() < 0.6, "{quantity}");
    }
    assert!((-1.0..0.0).contains(&moved(&nothing, "straight_leg_raise.left", WEEKS)));

    // Not held: five weeks of treating the groin bring no symmetry. What the tests gain is tolerance, about as much on the other
    // side; length, and with it the slope of the pelvis, stays.
    assert!((-1.0..0.0).contains(&moved(&groin, LEG, 5)), "{}", moved(&groin, LEG, 5));
    assert!(of(&groin, LEG).low90[5] > 2.0 && of(&groin, THOMAS).high90[5] < 0.0);
    assert!(moved(&groin, THOMAS, 5).abs() < 1.0 && moved(&groin, RAISE, 5).abs() < 2.0);
    let gained = moved(&groin, "straight_leg_raise.left", 5);
    assert!(gained > 1.0, "{gained}");

    // Not held: nothing is lost at the third or fourth treatment. It grows while treatments go on, and fades over months after.
    let raise = &of(&groin, "straight_leg_raise.left").median;
    assert!((1..=5).all(|week| raise[week] >= raise[week - 1] - 0.05), "{raise:?}");
    assert!((6..=WEEKS).all(|week| raise[week] <= raise[week - 1] + 1e-9), "{raise:?}");
    let kept = moved(&groin, "straight_leg_raise.left", 13) / gained;
    assert!((0.1..0.9).contains(&kept), "{kept}");

    // Held in part: two months of the hamstring narrow the difference of the straight-leg raise. Not held: thirteen weeks later,
    // training still reduced, most of it is back, and the pelvis never moved.
    let narrowed = moved(&whole, RAISE, 13);
    assert!(narrowed > 3.0 && of(&whole, RAISE).high90[13] < 4.0, "{narrowed}");
    assert!(moved(&whole, RAISE, WEEKS) < 0.4 * narrowed, "{}", moved(&whole, RAISE, WEEKS));
    assert!(moved(&whole, LEG, WEEKS).abs() < 1.0 && of(&whole, LEG).low90[WEEKS] > 2.0);

    // What it rests on: the gain is carried by tolerance.
    let raised = of(&whole, "straight_leg_raise.left");
    let most = raised.carried.iter().max_by(|a, b| a.by.total_cmp(&b.by)).unwrap();
    assert_eq!(most.mechanism, "tolerance", "{:?}", raised.carried);
}

/// Right after a treatment: release raises what is tolerated, so tests that an examiner ends read more. Those that gravity and
/// tissue end, the Thomas test and the level of the ankles, read the same to the last bit.
#[test]
fn a_treatment_moves_no_pelvis() {
    let story = Story::read();
    let (rates, mechanisms) = (KnownRates::read().unwrap().median(), Mechanisms::default());
    let positions = Positions::read().unwrap();
    let tests = story.material.tests().unwrap();
    story.with(&example("footballer-12/groin-only.toml"), |person, sessions, _| {
        let body = person.body();
        let mut treated = sessions[0].exposure.clone();
        sessions[1..].iter().for_each(|session| treated.add(&session.exposure));
        let before = State::at_home_in(&treated, body.muscles.len());
        let after = after_session(&before, &treated, 1.0, &rates, mechanisms);
        for on in &tests {
            let trial = guywire::examination::Trial {
                protocol: on.protocol,
                side: on.side.unwrap_or(Side::Right),
                tolerance: 1.0,
            };
            let [then, now] = [&before, &after].map(|s| s.reading(&trial, body, &positions, None).unwrap().0);
            println!("{}: {then:.2}, then {now:.2}", on.name());
            match on.name().as_str() {
                LEG | "thomas_hip_extension.left" | "thomas_hip_extension.right" => assert_eq!(then, now),
                "hip_external_rotation.left" => assert!(now > then, "{then}, {now}"),
                _ => assert!(now >= then - 1e-9),
            }
        }
    });
}
