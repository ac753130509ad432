//! The rules by which a diary changes doses: each, its borders, and what is not written down.

use crate::{LIBRARY, REFERENCE};
use guywire::case::Case;
use guywire::plan::{Doer, Programme};
use guywire::posture::Positions;
use guywire::results::{DiaryResult, DoseAction, DoseDecision};
use guywire::study::{NoShelf, Place, vocabulary};

const PERSON: &str = "positions = [\"standing\"]\n[person]\nname = \"Kim\"\nage = 30\nsex = \"male\"\n\
                      height_cm = 170\nmass_kg = 79\n";
/// Two of the exercises of a plan; the strap is done 3 to 7 times a week, in the middle of that 5 times.
const PLAN: &str = "[[exercise]]\nname = \"strap_hamstring\"\nside = \"left\"\ndose = 0.5\n\
                    [[exercise]]\nname = \"squat\"\ndose = 0.0\n";
const WELL: &str = "pain_during = 3\npain_next_morning = \"same\"\nsore_days = 2\nnew_sign = false\n";

fn programme() -> Programme {
    Programme::from_text(PLAN, &LIBRARY).unwrap()
}

fn case(diary: &str) -> Case {
    Case::parse(&format!("{PERSON}{diary}"), &vocabulary(&REFERENCE).unwrap()).unwrap()
}

fn entry(day: u32, done: u32, more: &str) -> String {
    format!("[[diary]]\ndate = 2026-03-{day:02}\ndone = {done}\n{more}\n")
}

fn reviewed(diary: &str) -> DiaryResult {
    programme().reviewed(&LIBRARY, &case(diary), &[]).unwrap()
}

fn strap(diary: &str) -> DoseDecision {
    reviewed(diary).exercises.swap_remove(0)
}

/// Entries every other day of the two weeks from 1 to 14 March, with so many sessions at each of the eight.
fn weeks(done: [u32; 8], more: &str) -> String {
    let days = [1, 3, 5, 7, 9, 11, 13, 14];
    days.iter().zip(done).map(|(day, done)| entry(*day, done, more)).collect()
}

/// Ten sessions are what the middle of the dose asks for in two weeks; eight of them are four of five.
const EIGHT: [u32; 8] = [1; 8];
const SEVEN: [u32; 8] = [1, 1, 1, 1, 1, 1, 1, 0];

#[test]
fn two_weeks_borne_well_raise_a_dose_by_one_step() {
    let found = strap(&weeks(EIGHT, WELL));
    assert_eq!(
        (found.action, found.dose_share_now, found.dose_share_next),
        (DoseAction::Raise, 0.5, Some(0.75))
    );
    assert_eq!((found.entries.len(), found.entries[0].line), (8, 8), "what it rests on");
    assert!(found.why.starts_with("8 of 10 sessions in 14 days"), "{}", found.why);
    assert_ne!(Some(&found.dose_now), found.dose_next.as_ref());
    let few = strap(&weeks(SEVEN, WELL));
    assert_eq!((few.action, few.dose_share_next), (DoseAction::Hold, Some(0.5)));
    assert!(few.why.starts_with("7 of 10 sessions"), "{}", few.why);
    // More was planned than the dose asks for.
    let planned = weeks(EIGHT, &format!("{WELL}planned = 2\n"));
    assert!(strap(&planned).why.starts_with("8 of 16 sessions"));
    // A day short of two weeks.
    let short = weeks(EIGHT, WELL).replace("2026-03-01", "2026-03-02");
    let short = strap(&short);
    assert_eq!(
        (short.action, short.why.as_str()),
        (DoseAction::Hold, "13 of 14 days of this dose are written down")
    );
}

#[test]
fn what_is_not_written_down_is_never_taken_as_well() {
    for field in ["pain_during", "pain_next_morning", "sore_days", "new_sign"] {
        let without: String =
            WELL.lines().filter(|l| !l.starts_with(field)).map(|l| format!("{l}\n")).collect();
        let found = strap(&(weeks(EIGHT, WELL) + &entry(15, 1, &without)));
        assert_eq!((found.action, found.entries.len()), (DoseAction::Hold, 1), "{field}");
        assert_eq!(found.why, format!("not written down: {field}"));
    }
    // A day without a session has nothing to leave out.
    let rest = weeks([1, 2, 1, 1, 1, 1, 1, 1], WELL) + &entry(15, 0, "");
    assert_eq!(strap(&rest).action, DoseAction::Raise);
    let nothing = strap("");
    assert_eq!((nothing.action, nothing.until, nothing.dose_share_next), (DoseAction::Hold, None, Some(0.5)));
}

#[test]
fn pain_holds_lowers_or_stops_at_its_borders() {
    let last = |pain: &str, morning: &str| {
        let more = format!(
            "pain_during = {pain}\npain_next_morning = \"{morning}\"\nsore_days = 0\nnew_sign = false\n"
        );
        reviewed(&(weeks(EIGHT, WELL) + &entry(15, 1, &more)))
    };
    let action = |pain, morning| last(pain, morning).exercises[0].action;
    assert_eq!(action("3", "better"), DoseAction::Raise);
    assert_eq!(action("3.1", "better"), DoseAction::Hold);
    assert_eq!(action("5", "same"), DoseAction::Hold);
    assert_eq!(action("0", "worse"), DoseAction::Lower);
    assert_eq!(action("5", "worse"), DoseAction::Lower, "worse goes before much");
    let stopped = last("5.1", "better");
    assert!(stopped.exercises.is_empty(), "no exercises before the screening");
    assert_eq!((stopped.stop.len(), stopped.stop[0].entry.date.to_string()), (1, "2026-03-15".to_owned()));
    assert!(stopped.stop[0].why.contains("5.1 of 10") && stopped.stop[0].entry.line > 8);
    assert_eq!(programme().revised(&stopped), None);
}

#[test]
fn soreness_lowers_by_one_step_and_never_below_the_range() {
    let sore = |days: &str| WELL.replace("sore_days = 2", &format!("sore_days = {days}"));
    assert_eq!(strap(&weeks(EIGHT, &sore("2"))).action, DoseAction::Raise);
    let found = reviewed(&(weeks(EIGHT, WELL) + &entry(15, 1, &sore("2.5"))));
    let [strap, squat] = &found.exercises[..] else { panic!("two exercises") };
    assert_eq!((strap.action, strap.dose_share_next), (DoseAction::Lower, Some(0.25)));
    assert_eq!(strap.why, "a muscle was sore for more than 2 days");
    // The squat is at its least already: it is left out.
    assert_eq!((squat.action, squat.dose_share_next, &squat.dose_next), (DoseAction::Stop, None, &None));
    let next = programme().revised(&found).unwrap();
    assert_eq!(next.exercises.len(), 1);
    assert_eq!((next.exercises[0].dose, next.exercises[0].changed_on), (0.25, "2026-03-15".parse().ok()));
}

#[test]
fn a_new_sign_stops_everything_until_somebody_has_looked() {
    let told =
        entry(2, 1, "exercise = \"squat\"\nnew_sign = true") + &weeks(EIGHT, WELL).replace("-03-", "-04-");
    let found = reviewed(&told);
    assert!(found.exercises.is_empty() && found.stop.len() == 1);
    let examined = |day: &str| {
        let section = format!("[screening]\nexamined_by = \"Dr. Weber\"\nexamined_on = {day}\n");
        reviewed(&(section + &told))
    };
    assert_eq!(examined("2026-03-01").stop.len(), 1, "before it");
    let after = examined("2026-03-02");
    assert!(after.stop.is_empty());
    assert_eq!(after.exercises[0].action, DoseAction::Raise);
}

#[test]
fn one_answer_is_one_step() {
    let diary = weeks(EIGHT, WELL);
    let first = reviewed(&diary);
    let next = programme().revised(&first).unwrap();
    let read = Programme::from_text(&next.to_text(), &LIBRARY).unwrap();
    assert_eq!(read, next, "written and read again");
    let again = next.reviewed(&LIBRARY, &case(&diary), &[]).unwrap();
    assert_eq!(
        (again.exercises[0].action, again.exercises[0].dose_share_next),
        (DoseAction::Hold, Some(0.75))
    );
    // Two weeks more of the new dose, 6 sessions a week.
    let more: String = (15..=28).map(|day| entry(day, 1, WELL)).collect();
    let later = next.reviewed(&LIBRARY, &case(&(diary + &more)), &[]).unwrap();
    assert_eq!(
        (later.exercises[0].action, later.exercises[0].dose_share_next),
        (DoseAction::Raise, Some(1.0))
    );
    let most = next.revised(&later).unwrap();
    assert_eq!(most.exercises[0].dose, 1.0);
}

#[test]
fn the_most_of_a_range_is_the_most() {
    let most = Programme::from_text(&PLAN.replace("dose = 0.5", "dose = 1.0"), &LIBRARY).unwrap();
    let diary: String = (1..=14).map(|day| entry(day, 1, WELL)).collect();
    let found = most.reviewed(&LIBRARY, &case(&diary), &[]).unwrap();
    assert_eq!(
        (found.exercises[0].action, found.exercises[0].dose_share_next),
        (DoseAction::Hold, Some(1.0))
    );
    assert_eq!(found.exercises[0].why, "it is at the most of its range");
}

#[test]
fn what_speaks_against_an_exercise_by_now_stops_it() {
    let left = [Some("it pinches".to_owned())];
    let found = programme().reviewed(&LIBRARY, &case(&weeks(EIGHT, WELL)), &left).unwrap();
    assert_eq!((found.exercises[0].action, found.exercises[0].dose_share_next), (DoseAction::Stop, None));
    assert_eq!(found.exercises[0].why, "not for this person: it pinches");
    let next = programme().revised(&found).unwrap();
    assert!(next.exercises.iter().all(|given| given.name == "squat"));
}

#[test]
fn entries_are_of_the_exercise_and_side_that_they_name() {
    let other = weeks(EIGHT, &format!("{WELL}exercise = \"strap_hamstring\"\nside = \"right\"\n"));
    assert_eq!(strap(&other).why, "nothing is written down of this dose");
    let own = weeks(EIGHT, &format!("{WELL}exercise = \"strap_hamstring\"\nside = \"left\"\n"));
    assert_eq!(strap(&own).action, DoseAction::Raise);
    // What is told of all and of one on one day is not done twice.
    let both: String = [1, 3, 5, 7, 9, 11, 14]
        .iter()
        .map(|day| entry(*day, 1, WELL) + &entry(*day, 1, &format!("{WELL}exercise = \"strap_hamstring\"\n")))
        .collect();
    assert!(strap(&both).why.starts_with("7 of 10 sessions"));
    let found = reviewed(&entry(9, 1, "exercise = \"pigeon\""));
    assert_eq!((found.elsewhere.len(), found.elsewhere[0].line), (1, 8));
    assert_eq!(found.rules, LIBRARY.dose_rules.in_words());
}

/// Where it hurts was told after the plan was made: what goes there is left out, and nothing else.
#[test]
fn what_hurts_by_now_is_left_out() {
    let told = case(&format!("[plan]\npainful = [\"hip_flexion.left > 60\"]\n{}", weeks(EIGHT, WELL)));
    let body = REFERENCE.scaled_to(&told.person, &told.tissue).unwrap();
    let (groups, positions) = (REFERENCE.groups(), Positions::read().unwrap());
    let doer = Doer { body: &body, groups: &groups, positions: &positions, place: Place::on(&NoShelf) };
    let straps = "[[exercise]]\nname = \"strap_hamstring\"\nside = \"left\"\n[[exercise]]\nname = \"strap_hamstring\"\nside = \"right\"\n\
         [[exercise]]\nname = \"bridge\"\n";
    let straps = Programme::from_text(straps, &LIBRARY).unwrap();
    let hurting = straps.hurting(doer, &LIBRARY, &told.plan.painful).unwrap();
    let [Some(left), None, None] = &hurting[..] else { panic!("{hurting:?}") };
    assert!(left.contains("`hip_flexion.left > 60` hurts"), "{left}");
    let found = straps.reviewed(&LIBRARY, &told, &hurting).unwrap();
    let [strap, other, bridge] = &found.exercises[..] else { panic!("three exercises") };
    assert_eq!((strap.action, strap.dose_share_next), (DoseAction::Stop, None));
    assert!(strap.why.contains("hurts"), "{}", strap.why);
    assert_ne!(other.action, DoseAction::Stop, "{}", other.why);
    assert_ne!(bridge.action, DoseAction::Stop, "{}", bridge.why);
    assert_eq!(straps.hurting(doer, &LIBRARY, &[]).unwrap(), [None, None, None]);
}
