//! Plans: what must be so for every person.

use crate::{LIBRARY, REFERENCE};
use guywire::case::{Answer, Case, Date, PainLimit, Vocabulary};
use guywire::exercise::{Way, solve};
use guywire::forecast::{Followed, Material};
use guywire::plan::{Doer, Goal, PlanError, Programme, Wanted, left_out, plan, swaps, to_ask};
use guywire::posture::Positions;
use guywire::results::{LeftOutExercise, PlanResult, PlannedExercise};
use guywire::screening::RuleSet;
use guywire::side::Side;
use guywire::study::{Members, NoShelf, Shelf, vocabulary};
use guywire::week::Activities;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const PERSON: &str = r#"
positions = ["standing"]

[person]
name = "Kim"
age = 30
sex = "male"
height_cm = 170
mass_kg = 79.48

[tissue]
hamstrings = { length = 0.95 }

[[week]]
activity = "sitting_relaxed"
hours = 40

[[week]]
activity = "walking"
hours = 10
"#;

fn case(text: &str) -> Case {
    Case::parse(text, &vocabulary(&REFERENCE).unwrap()).unwrap()
}

fn planned(case: &Case, goals: &[&str], minutes: f64) -> Result<PlanResult, PlanError> {
    planned_on(&NoShelf, case, goals, minutes)
}

fn planned_on(shelf: &dyn Shelf, case: &Case, goals: &[&str], minutes: f64) -> Result<PlanResult, PlanError> {
    let goals = goals.iter().map(|text| Goal::read(text)).collect::<Result<Vec<_>, _>>()?;
    let screening = RuleSet::read().unwrap().screen_case(case);
    let members = Members::as_stated(&case.person, &case.tissue, (1, 20));
    let members = members.completed(&REFERENCE, &case.tissue).unwrap();
    let more: Vec<String> = goals.iter().map(|goal| goal.asked.clone()).collect();
    let material = Material::of(&REFERENCE, case, members, &more)?;
    let tests = material.tests()?;
    let person = Followed::new(material.ground(), material.asked(&tests))?.kept_on(shelf);
    let (groups, positions) = (REFERENCE.groups(), Positions::read().unwrap());
    let doer =
        Doer { body: person.body(), groups: &groups, positions: &positions, place: person.place_of_body() };
    let swaps = swaps(case, &Activities::read().unwrap())?;
    let wanted = Wanted {
        goals: &goals,
        weeks: 8,
        probability: 0.8,
        adherence: 1.0,
        most_minutes: minutes,
        library: &LIBRARY,
        left_out: &left_out(&LIBRARY, case, &screening),
        painful: &case.plan.painful,
        equipment: case.plan.equipment.as_deref(),
        to_ask: &|exercise| to_ask(&LIBRARY, case, exercise),
        swaps: &swaps[..1],
    };
    plan(&person, doer, wanted, &|_, _, _| {})
}

/// Over every condition of the library that a question of the screening speaks of: answered with yes or unsure, no exercise with
/// it is left, and none that stands without it is lost.
#[test]
fn no_condition_lets_an_exercise_through() {
    let base = case(PERSON);
    let mut tried = 0;
    for (key, condition) in LIBRARY.conditions().filter(|(_, c)| !c.heed) {
        for question in &condition.questions {
            for answer in [Answer::Yes, Answer::Unsure] {
                let mut case = base.clone();
                case.screening.record(question, answer);
                let screening = RuleSet::read().unwrap().screen_case(&case);
                let left = left_out(&LIBRARY, &case, &screening);
                for exercise in LIBRARY.all() {
                    let is_left = left.iter().any(|l| l.exercise == exercise.name);
                    if exercise.contraindications.iter().any(|k| k == key) {
                        assert!(is_left, "{} with {key} ({question})", exercise.name);
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn nobody_below_16_is_given_a_programme_before_an_examination() {
    let young = case(&PERSON.replace("age = 30", "age = 12"));
    let screening = RuleSet::read().unwrap().screen_case(&young);
    assert_eq!(left_out(&LIBRARY, &young, &screening).len(), LIBRARY.all().len());
    // For a clinician too, and an examination that is years ago is none.
    let examined = |on: &str| {
        let section = format!(
            "[screening]\naudience = \"clinician\"\nexamined_by = \"W\"\nexamined_on = {on}\n\n[tissue]"
        );
        let text = PERSON.replace("age = 30", "age = 12").replace("[tissue]", &section);
        let vocabulary = Vocabulary { today: Date::new(2026, 3, 2), ..vocabulary(&REFERENCE).unwrap() };
        let case = Case::parse(&text, &vocabulary).unwrap();
        left_out(&LIBRARY, &case, &RuleSet::read().unwrap().screen_case(&case)).len()
    };
    assert_eq!(examined("2024-01-01"), LIBRARY.all().len());
    assert!(examined("2026-02-01") < LIBRARY.all().len());
    assert!(matches!(
        planned(&young, &["straight_leg_raise.left>=70"], 60.0),
        Err(PlanError::NothingLeft { .. })
    ));
}

#[test]
fn a_plan_reaches_its_goal_with_what_it_names() {
    let kim = case(PERSON);
    let easy = planned(&kim, &["straight_leg_raise.left+4%"], 120.0).unwrap();
    assert!(easy.reached && easy.probability >= 0.8, "{}", easy.probability);
    assert!(!easy.exercises.is_empty() && easy.exercises.len() <= 4);
    let goal = &easy.goals[0];
    assert!(goal.end[1] >= goal.target && goal.within_reach >= goal.target, "{goal:?}");
    assert!(easy.exercises.iter().all(|e| e.adds[0][1] > 0.0), "{:?}", easy.exercises);
    assert!(
        (easy.minutes_a_week - easy.exercises.iter().map(|e| e.minutes_a_week).sum::<f64>()).abs() < 1e-9
    );
    // More takes no less time.
    let more = planned(&kim, &["straight_leg_raise.left+8%"], 120.0).unwrap();
    assert!(more.minutes_a_week >= easy.minutes_a_week);
    // What it says is a programme that reads as it was written.
    let programme = easy.programme();
    assert_eq!(Programme::from_text(&programme.to_text(), &LIBRARY).unwrap(), programme);
}

/// Keeps in memory, and counts what it was asked for and did not have.
#[derive(Default)]
struct Memory {
    kept: Mutex<BTreeMap<u64, Vec<f64>>>,
    solved: AtomicUsize,
}

impl Shelf for Memory {
    fn take(&self, key: u64) -> Option<Vec<f64>> {
        let found = self.kept.lock().unwrap().get(&key).cloned();
        if found.is_none() {
            self.solved.fetch_add(1, Ordering::Relaxed);
        }
        found
    }
    fn put(&self, key: u64, numbers: &[f64]) {
        self.kept.lock().unwrap().insert(key, numbers.to_vec());
    }
}

#[test]
fn an_interrupted_plan_goes_on_and_a_second_one_solves_nothing_again() {
    let kim = case(PERSON);
    let shelf = Memory::default();
    let told = || {
        shelf.solved.store(0, Ordering::Relaxed);
        let found = planned_on(&shelf, &kim, &["straight_leg_raise.left+4%"], 120.0).unwrap();
        (serde_json::to_string(&found).unwrap(), shelf.solved.load(Ordering::Relaxed))
    };
    let (whole, first) = told();
    let kept = shelf.kept.lock().unwrap().len();
    assert!(first >= kept && kept > 100, "{first} solved, {kept} kept");
    assert_eq!(told(), (whole.clone(), 0), "again");
    // Interrupted: every other number was not written any more, and one is torn.
    let mut count = 0;
    shelf.kept.lock().unwrap().retain(|_, _| {
        count += 1;
        count % 2 == 0
    });
    shelf.kept.lock().unwrap().first_entry().unwrap().get_mut().pop();
    let (gone_on, more) = told();
    assert_eq!(gone_on, whole, "gone on");
    assert!((kept / 2..first).contains(&more), "{more} solved of {first}");
    // Another person finds nothing there.
    let mut other = kim.clone();
    other.person.mass_kg += 1.0;
    shelf.solved.store(0, Ordering::Relaxed);
    let theirs = planned_on(&shelf, &other, &["straight_leg_raise.left+4%"], 120.0).unwrap();
    assert_ne!(serde_json::to_string(&theirs).unwrap(), whole);
    assert!(shelf.solved.load(Ordering::Relaxed) > kept / 2);
}

#[test]
fn what_is_out_of_reach_is_not_promised() {
    let found = planned(&case(PERSON), &["straight_leg_raise.left>=130"], 60.0).unwrap();
    assert!(!found.reached && found.probability < 0.8);
    let goal = &found.goals[0];
    assert!(goal.within_reach < 130.0 && goal.within_reach > goal.now[0], "{goal:?}");
    assert!(found.minutes_a_week <= 60.0);
    // What comes nearest comes nearer than what takes a tenth of the time, and than nothing.
    let hasty = planned(&case(PERSON), &["straight_leg_raise.left>=130"], 6.0).unwrap();
    assert!(!found.exercises.is_empty(), "nothing");
    assert!(goal.within_reach > hasty.goals[0].within_reach + 0.5, "{goal:?} {:?}", hasty.goals[0]);
    // A plan never makes worse what it was made for.
    assert!((0..3).all(|k| goal.end[k] >= goal.now[k] - 0.1), "{goal:?}");
}

/// The most probable body is there and too many others are not: they decide.
#[test]
fn a_goal_that_the_most_probable_body_meets_is_one_for_the_others() {
    let kim = case(PERSON);
    let now = planned(&kim, &["straight_leg_raise.left+4%"], 120.0).unwrap().goals[0].now;
    let found = planned(&kim, &[&format!("straight_leg_raise.left>={}", now[1] - 1.0)], 120.0).unwrap();
    assert!(found.goals[0].now[0] < found.goals[0].target, "{now:?}: everybody is there");
    assert!(found.reached && !found.exercises.is_empty(), "{:?}", found.goals);
    // More is asked for with more.
    let more = planned(&kim, &[&format!("straight_leg_raise.left>={}", now[1] + 2.0)], 120.0).unwrap();
    assert!(more.reached && more.minutes_a_week >= found.minutes_a_week, "{:?}", more.goals);
}

/// A goal that everybody meets already takes nothing from another one.
#[test]
fn a_goal_that_is_met_stands_in_no_other_ones_way() {
    let kim = case(PERSON);
    let alone = planned(&kim, &["straight_leg_raise.left+4%"], 120.0).unwrap();
    let both = planned(&kim, &["straight_leg_raise.left+4%", "straight_leg_raise.right>=40"], 120.0).unwrap();
    assert!(both.reached && both.goals[1].probability == 1.0, "{:?}", both.goals);
    let names = |plan: &PlanResult| plan.exercises.iter().map(|e| e.exercise.clone()).collect::<Vec<_>>();
    assert_eq!((names(&both), both.minutes_a_week), (names(&alone), alone.minutes_a_week));
}

#[test]
fn goals_that_exclude_each_other_are_refused() {
    let why = |goals: &[&str]| planned(&case(PERSON), goals, 60.0).unwrap_err().to_string();
    assert_eq!(
        why(&["straight_leg_raise.left>=90", "straight_leg_raise.left<=80"]),
        "the goals `straight_leg_raise.left>=90` and `straight_leg_raise.left<=80` exclude each other"
    );
    assert_eq!(why(&[]), "a plan needs a goal, such as `thomas.left>=0`");
    assert!(why(&["straight_leg.rigth>=80"]).contains("there is no number `straight_leg.rigth`"));
}

#[test]
fn mistakes_in_a_programme_have_a_line() {
    let why = |text: &str| Programme::from_text(text, &LIBRARY).unwrap_err().to_string();
    let wrong = why("\n[[exercise]]\nname = \"strap_hamstrin\"\n");
    assert!(wrong.starts_with("line 2: ") && wrong.contains("did you mean `strap_hamstring`?"), "{wrong}");
    assert!(why("[[exercise]]\nname = \"squat\"\ndose = 3\n").contains("0 to 1"));
    assert!(why("[[exercise]]\nname = \"squat\"\nside = \"left\"\n").contains("both sides at once"));
    assert!(why("[[exercise]]\nname = \"squat\"\nfrom_week = 0\n").contains("weeks from 1"));
    assert!(why("[[exercise]]\nnome = \"squat\"\n").contains("line 2"));
}

/// Over every exercise and everything that it needs: without it, it is left out with that reason; where nothing is said, none is.
#[test]
fn what_there_is_not_is_not_asked_for() {
    let mut kim = case(PERSON);
    let screening = RuleSet::read().unwrap().screen_case(&kim);
    let names: Vec<String> = LIBRARY.equipment().map(|(name, _)| name.to_owned()).collect();
    let unlimited = left_out(&LIBRARY, &kim, &screening);
    assert!(unlimited.iter().all(|left| !left.why.starts_with("it needs")));
    kim.plan.equipment = Some(names.clone());
    assert_eq!(left_out(&LIBRARY, &kim, &screening), unlimited, "all there is");
    let mut tried = 0;
    for (name, words) in LIBRARY.equipment() {
        kim.plan.equipment = Some(names.iter().filter(|other| *other != name).cloned().collect());
        let left = left_out(&LIBRARY, &kim, &screening);
        for exercise in LIBRARY.all().iter().filter(|e| unlimited.iter().all(|u| u.exercise != e.name)) {
            let why = left.iter().find(|l| l.exercise == exercise.name).map(|l| l.why.clone());
            let lacks = exercise.equipment.iter().any(|needed| needed == name);
            assert_eq!(why, lacks.then(|| format!("it needs {words}")), "{} without {name}", exercise.name);
            tried += usize::from(lacks);
        }
    }
    assert!(tried > 30, "{tried}");
}

/// A bound of pain keeps every pose of the plan on its own side, and says of each exercise that it costs how far it would go.
#[test]
fn no_exercise_goes_where_it_hurts() {
    let kim = case(PERSON);
    let free = planned(&kim, &["straight_leg_raise.left+4%"], 120.0).unwrap();
    let body = REFERENCE.scaled_to(&kim.person, &kim.tissue).unwrap();
    let positions = Positions::read().unwrap();
    let most = |planned: &PlanResult| {
        let sides = |planned: &PlannedExercise| match planned.side.as_str() {
            "left" => vec![Side::Left],
            "right" => vec![Side::Right],
            _ => Side::BOTH.to_vec(),
        };
        let each = planned.exercises.iter().flat_map(|planned| {
            sides(planned).into_iter().map(|side| (LIBRARY.get(&planned.exercise).unwrap(), side))
        });
        let reached = each.flat_map(|(exercise, side)| {
            let done = solve(&body, &positions, exercise, Way { side, cued: true }).unwrap();
            done.phases.into_iter().map(|phase| phase.posture.measures.hip_flexion_left_deg)
        });
        reached.fold(f64::NEG_INFINITY, f64::max)
    };
    // A degree less than the plan goes without it.
    let bound_deg = most(&free).floor() - 1.0;
    let text = format!("hip_flexion.left > {bound_deg}");
    let measure = "hip_flexion_left_deg".to_owned();
    let mut sore = kim.clone();
    sore.plan.painful = vec![PainLimit { text: text.clone(), measure, above: true, bound_deg }];
    let kept = planned(&sore, &["straight_leg_raise.left+4%"], 120.0).unwrap();
    assert!(kept.exercises.is_empty() || most(&kept) <= bound_deg, "{}", most(&kept));
    let hurts: Vec<_> = kept.left_out.iter().filter(|left| left.why.contains("hurts")).collect();
    let of_the_plan = |left: &&&LeftOutExercise| free.exercises.iter().any(|e| e.exercise == left.exercise);
    assert!(hurts.iter().filter(of_the_plan).count() > 0, "{hurts:?}");
    assert!(hurts.iter().all(|left| left.why.contains(&format!("`{text}` hurts"))), "{hurts:?}");
    assert!(free.left_out.iter().all(|left| !left.why.contains("hurts")));
    assert!(free.equipment.is_none());
    assert!(
        free.exercises
            .iter()
            .all(|planned| planned.needs == LIBRARY.needs(LIBRARY.get(&planned.exercise).unwrap()))
    );
}

#[test]
fn a_programme_says_its_first_day_and_weeks_spent_otherwise() {
    let week = |more: &str| format!("[[week]]\nactivity = \"walking\"\nhours = 12\n{more}");
    for start in ["start = 2025-02-24", "start = \"2025-02-24\""] {
        let text = format!("{start}\n\n{}", week("from_week = 3\nuntil_week = 5\n"));
        let programme = Programme::from_text(&text, &LIBRARY).unwrap();
        assert_eq!(programme.start.unwrap().to_string(), "2025-02-24");
        assert_eq!((programme.weeks[0].from_week, programme.weeks[0].until_week), (3, Some(5)));
        let again = Programme::from_text(&programme.to_text(), &LIBRARY).unwrap();
        assert_eq!((again.start, again.weeks.len()), (programme.start, 1));
    }
    for (text, words) in [
        ("start = 2025-02-30".to_owned(), "line 1"),
        ("start = \"soon\"".to_owned(), "line 1: `start` is `soon`: a date is written as `2026-03-02`"),
        (
            week("").replace("walking", "waking"),
            "line 1: there is no activity `waking`; did you mean `walking`?",
        ),
        (week("").replace("walking", "stairs_up"), "line 1: `stairs_up` is counted in repetitions"),
        (week("").replace("12", "169"), "line 1: `hours` is 169, expected 0 to 168 a week"),
        (week("").replace("12", "nan"), "line 1: `hours` is NaN"),
        (week("from_week = 3\nuntil_week = 2\n"), "line 1: expected weeks from 1"),
        (week("from_week = 0\n"), "line 1: expected weeks from 1"),
        (
            week("") + &week("from_week = 9\n"),
            "line 4: `walking` has other hours in the same weeks in line 1",
        ),
        (week("minutes = 3\n"), "line 4: unknown field `minutes`"),
    ] {
        let said = Programme::from_text(&text, &LIBRARY).unwrap_err().to_string();
        assert!(said.starts_with(words), "{text}: {said}");
    }
}

/// Weeks are cut where something begins or ends; each says what is other than usual, and none is longer than a week.
#[test]
fn weeks_spent_otherwise_are_cut_where_they_change() {
    let kim = case(PERSON);
    let entry = |activity: &str, hours: f64, from: usize, until: usize| {
        format!(
            "[[week]]\nactivity = \"{activity}\"\nhours = {hours}\nfrom_week = {from}\nuntil_week = {until}\n"
        )
    };
    let text = entry("walking", 5.0, 2, 6) + &entry("cycling", 3.0, 4, 9);
    let programme = Programme::from_text(&text, &LIBRARY).unwrap();
    let members = Members::as_stated(&kim.person, &kim.tissue, (1, 1));
    let members = members.completed(&REFERENCE, &kim.tissue).unwrap();
    let material = Material::of(&REFERENCE, &kim, members, &[]).unwrap();
    let tests = material.tests().unwrap();
    let person = Followed::new(material.ground(), material.asked(&tests)).unwrap();
    let hours = std::cell::RefCell::new(Vec::new());
    let found = programme.other_weeks(&kim.week, |schedule| {
        let of = |name: &str| schedule.entries.iter().find(|e| e.activity == name).map(|e| e.hours);
        hours.borrow_mut().push([of("sitting_relaxed"), of("walking"), of("cycling")]);
        person.other_week(schedule)
    });
    let found = found.unwrap();
    let told: Vec<(usize, usize, &str)> = found.iter().map(|w| (w.from, w.until, w.words.as_str())).collect();
    let [walking, cycling] = ["Walking: 5 h a week instead of 10", "Cycling: 3 h a week instead of 0"];
    let both = format!("{walking}; {cycling}");
    assert_eq!(told, [(2, 3, walking), (4, 6, both.as_str()), (7, 9, cycling)]);
    let (s, w, c) = (Some(40.0), Some(5.0), Some(3.0));
    assert_eq!(*hours.borrow(), [[s, w, None], [s, w, c], [s, Some(10.0), c]]);
    let long = Programme::from_text(&entry("cycling", 120.0, 4, 9), &LIBRARY).unwrap();
    let said = long.other_weeks(&kim.week, |week| person.other_week(week)).unwrap_err().to_string();
    assert_eq!(said, "line 1: week 4 would have 170.0 hours, expected at most 168: say what is done less");
}
