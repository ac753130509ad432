//! A person's own rates: told by what later visits read after what was done.

use crate::{LIBRARY, REFERENCE};
use guywire::adaptation::{KnownRates, Mechanisms, Rate};
use guywire::case::{Case, TestVocabulary};
use guywire::fit::again::ReadingsAgain;
use guywire::fit::posterior::Posterior;
use guywire::fit::{self, Fitted};
use guywire::forecast::{Doing, Followed, Material};
use guywire::own_rates::{Between, find, of_case, unexplained};
use guywire::plan::{Doer, Programme};
use guywire::posture::Positions;
use guywire::results::OwnRate;
use guywire::study::{Members, vocabulary};
use guywire_math::Random;
use guywire_math::linalg::{cholesky, cholesky_solve};
use std::sync::LazyLock;

static RATES: LazyLock<KnownRates> = LazyLock::new(|| KnownRates::read().unwrap());

/// Synthetic people; `GUYWIRE_PEOPLE` asks for more.
const PEOPLE: usize = 24;

const PERSON: &str = r#"
positions = ["standing"]

[person]
name = "Kim"
age = 31
sex = "male"
height_cm = 175
mass_kg = 72

[[week]]
activity = "sitting_relaxed"
hours = 40

[[week]]
activity = "standing"
hours = 30

[[week]]
activity = "walking"
hours = 10
"#;

/// Straight-leg raise of the left and the right, and knee flexion strength, on a day.
fn visit(date: &str, raise: [f64; 2], strength: [f64; 2]) -> String {
    let mut text = format!("[[visit]]\ndate = {date}\nexaminer = \"anna\"\n");
    for (name, [left, right]) in [("straight_leg_raise", raise), ("strength_knee_flexion", strength)] {
        for (side, reading) in [("left", left), ("right", right)] {
            text += &format!("[[visit.test]]\nname = \"{name}\"\nside = \"{side}\"\nreading = {reading}\n");
            text += match name {
                "straight_leg_raise" => "protocol = \"ankle_free\"\n",
                _ => "protocol = \"belt_fixed\"\n",
            };
        }
    }
    text
}

fn exercise(name: &str, more: &str) -> String {
    format!("[[done]]\nexercise = \"{name}\"\nfrom = 2025-01-06\nuntil = 2025-03-02\n{more}\n")
}

fn case(parts: &[String]) -> Case {
    let text = format!("{PERSON}{}", parts.concat());
    Case::parse(&text, &vocabulary(&REFERENCE).unwrap())
        .unwrap_or_else(|e| panic!("{}", e.describe("", &text)))
}

fn fitted(case: &Case) -> Fitted {
    fit::of_case(&REFERENCE, case, &|_, _, _| {}).unwrap()
}

/// Eight weeks of stretching and strengthening hamstrings, and three visits.
fn trained(readings: [[f64; 2]; 3], side: &str) -> Case {
    let [first, second, third] = readings;
    case(&[
        visit("2025-01-06", first, [75.0, 77.0]),
        visit("2025-02-03", second, [80.0, 82.0]),
        visit("2025-03-03", third, [85.0, 88.0]),
        exercise("strap_hamstring", side),
        exercise("leg_curl", side),
    ])
}

fn usual() -> Case {
    trained([[70.0, 71.0], [78.0, 79.0], [81.0, 82.0]], "")
}

/// Readings of people with these scores of the rates: what is expected, and errors that go together as they are taken to.
fn simulated(
    between: &Between<'_>,
    again: &ReadingsAgain,
    scores: &[f64],
    random: &mut Random,
) -> ReadingsAgain {
    let n = again.readings.len();
    let mut root = again.covariance.clone();
    cholesky(&mut root, n).unwrap();
    let normal: Vec<f64> = (0..n).map(|_| random.normal()).collect();
    let mut found = again.clone();
    for (i, read) in between.readings(scores).unwrap().into_iter().enumerate() {
        let error: f64 = root[i * n..=i * n + i].iter().zip(&normal).map(|(l, x)| l * x).sum();
        found.readings[i].read = read + again.offset[i] + error;
    }
    found
}

fn log_likelihood(again: &ReadingsAgain, readings: &[f64]) -> f64 {
    let n = again.readings.len();
    let mut root = again.covariance.clone();
    cholesky(&mut root, n).unwrap();
    let beside: Vec<f64> = (0..n).map(|i| again.readings[i].read - again.offset[i] - readings[i]).collect();
    let mut solved = beside.clone();
    cholesky_solve(&root, n, &mut solved);
    -0.5 * beside.iter().zip(&solved).map(|(a, b)| a * b).sum::<f64>()
}

/// The forward model of a case, beside its readings.
struct Prepared {
    case: Case,
    again: ReadingsAgain,
}

impl Prepared {
    fn of(case: Case) -> Self {
        let again = fitted(&case).again.unwrap();
        Self { case, again }
    }

    fn between(&self) -> Between<'_> {
        Between::of_case(&REFERENCE, &self.case, (&self.again, &RATES), &LIBRARY).unwrap()
    }
}

static USUAL: LazyLock<Prepared> = LazyLock::new(|| Prepared::of(usual()));

fn count() -> usize {
    RATES.list().len()
}

fn known(again: &ReadingsAgain, between: &Between<'_>) -> (Posterior, Vec<OwnRate>) {
    let usual = between.predict(&vec![0.0; count()]).unwrap();
    let found = find(again, &usual, &|scores| between.predict(scores)).unwrap().unwrap();
    let told = RATES.clone().sharpened(found.scores.clone(), found.covariance.clone()).unwrap().told();
    (found, told)
}

fn told(case: &Case) -> Vec<OwnRate> {
    of_case(&REFERENCE, case, &fitted(case)).unwrap().0.told()
}

fn taken(told: &[OwnRate], rate: Rate) -> f64 {
    told[rate as usize].taken
}

/// Slopes of every reading by every rate equal differences of whole courses, but for what a change of tissue does to where a
/// stretch is felt.
#[test]
fn slopes_are_those_of_whole_courses() {
    let between = USUAL.between();
    for scores in [vec![0.0; count()], (0..count()).map(|k| 0.4 * (1.0 + k as f64).sin()).collect()] {
        let here = between.predict(&scores).unwrap();
        for (plain, read) in between.readings(&scores).unwrap().iter().zip(&here.readings) {
            assert!((plain - read).abs() < 1e-6, "{plain} {read}");
        }
        for k in 0..count() {
            let moved = |by: f64| {
                let mut scores = scores.clone();
                scores[k] += by;
                between.readings(&scores).unwrap()
            };
            let (up, down) = (moved(1e-3), moved(-1e-3));
            for (i, again) in USUAL.again.readings.iter().enumerate() {
                let (slope, found) = ((up[i] - down[i]) / 2e-3, here.slopes[i][k]);
                let what = format!("{} by {}: {found} against {slope}", again.test, Rate::ALL[k].name());
                assert!((slope - found).abs() < 5e-3 * (0.1 + slope.abs()), "{what}");
            }
        }
    }
}

/// What lies between two visits is what a forecast of the same body says of the same weeks.
#[test]
fn courses_are_those_of_a_forecast() {
    let Prepared { case, again } = &*USUAL;
    let members = Members { most_probable: again.first.clone(), drawn: Vec::new(), seed: 0 };
    let material = Material::of(&REFERENCE, case, members, &[]).unwrap();
    let tests = material.tests().unwrap();
    let person = Followed::new(material.ground(), material.asked(&tests)).unwrap();
    let (groups, positions) = (REFERENCE.groups(), Positions::read().unwrap());
    let place = person.place_of_body();
    let doer = Doer { body: person.body(), groups: &groups, positions: &positions, place };
    let text: String =
        ["strap_hamstring", "leg_curl"].map(|name| format!("[[exercise]]\nname = \"{name}\"\n")).concat();
    let sessions = Programme::from_text(&text, &LIBRARY).unwrap().sessions(doer, &LIBRARY).unwrap();
    let found = USUAL.between().readings(&vec![0.0; count()]).unwrap();
    for (visit, weeks) in [(1, 4), (2, 8)] {
        let (adherence, mechanisms) = (1.0, Mechanisms::default());
        let doing = Doing { other_weeks: &[], weeks, sessions: &sessions, adherence, mechanisms };
        let end = person.probable_end(doing).unwrap();
        for (again, read) in again.readings.iter().zip(&found).filter(|(again, _)| again.visit == visit) {
            let name = format!("{}.{}", again.test, again.side.name());
            let at = person.numbers().iter().position(|number| number.quantity == name).unwrap();
            // A forecast solves exercises anew in some weeks, for the body as it has become.
            assert!((end[at] - read).abs() < 0.3, "{name} in week {weeks}: {} and {read}", end[at]);
        }
    }
}

/// Rates of synthetic people, whose tissue wanders and whose examiner errs as the fit believes, lie in their intervals about as often
/// as those say; of what the programme asks for, more is known than before.
#[test]
fn synthetic_people_are_recovered() {
    let people = std::env::var("GUYWIRE_PEOPLE").map_or(PEOPLE, |n| n.parse().unwrap());
    let between = USUAL.between();
    let mut random = Random::new(3, 0);
    let informed = [Rate::ToleranceGain, Rate::ToleranceWeeks, Rate::TrainingSets, Rate::NeuralGain];
    let (mut inside, mut squares) = (0, 0.0);
    let mut gone = vec![Vec::new(); informed.len()];
    for _ in 0..people {
        let truth: Vec<f64> = (0..count()).map(|_| random.normal()).collect();
        let again = simulated(&between, &USUAL.again, &truth, &mut random);
        let (found, told) = known(&again, &between);
        for (rate, gone) in informed.iter().zip(&mut gone) {
            let k = *rate as usize;
            let off = (truth[k] - found.scores[k]) / found.covariance[k * count() + k].sqrt();
            inside += usize::from(off.abs() < 1.645);
            squares += off * off;
            gone.push(told[k].taken);
        }
    }
    let all = (people * informed.len()) as f64;
    let (covered, square) = (inside as f64 / all, squares / all);
    let median = |list: &mut Vec<f64>| {
        list.sort_by(f64::total_cmp);
        list[list.len() / 2]
    };
    let gone: Vec<f64> = gone.iter_mut().map(median).collect();
    println!(
        "{people} people: {covered:.3} inside, mean square {square:.2}, of the variance gone {gone:.3?}"
    );
    // Four standard errors beside 85 to 95 %, were all rates of a person independent.
    assert!((0.80..=0.985).contains(&covered), "{covered}");
    assert!(gone.iter().all(|gone| *gone > 0.02) && gone[0] > 0.3, "{gone:?}");
}

/// The normal distribution at the most probable rates against the whole one, by drawing from the first and weighing.
#[test]
fn the_posterior_is_nearly_normal() {
    const DRAWS: usize = 400;
    let between = USUAL.between();
    let again = &USUAL.again;
    let (found, told) = known(again, &between);
    let own = RATES.clone().sharpened(found.scores.clone(), found.covariance.clone()).unwrap();
    let mut root = found.covariance.clone();
    cholesky(&mut root, count()).unwrap();
    let mut draws: Vec<(f64, Vec<f64>)> = (0..DRAWS as u64)
        .map(|m| {
            let scores = own.scores(11, m);
            let off: Vec<f64> = scores.iter().zip(&found.scores).map(|(a, b)| a - b).collect();
            let mut solved = off.clone();
            cholesky_solve(&root, count(), &mut solved);
            let drawn: f64 = -0.5 * off.iter().zip(&solved).map(|(a, b)| a * b).sum::<f64>();
            let before = -0.5 * scores.iter().map(|z| z * z).sum::<f64>();
            (log_likelihood(again, &between.readings(&scores).unwrap()) + before - drawn, scores)
        })
        .collect();
    let most = draws.iter().map(|(weight, _)| *weight).fold(f64::NEG_INFINITY, f64::max);
    draws.iter_mut().for_each(|(weight, _)| *weight = (*weight - most).exp());
    let all: f64 = draws.iter().map(|(weight, _)| weight).sum();
    let effective = all * all / draws.iter().map(|(weight, _)| weight * weight).sum::<f64>();
    assert!(effective > 0.5 * DRAWS as f64, "{effective} of {DRAWS}");
    for (k, told) in told.iter().enumerate().filter(|(_, told)| told.taken > 0.05) {
        let mean = |of: &dyn Fn(f64) -> f64| draws.iter().map(|(w, z)| w * of(z[k])).sum::<f64>() / all;
        let middle = mean(&|z| z);
        let sd = mean(&|z| (z - middle) * (z - middle)).sqrt();
        let laplace = found.covariance[k * count() + k].sqrt();
        let off = (middle - found.scores[k]) / laplace;
        println!("{}: mean off by {off:.3} sd, spread {:.3} times", told.name, sd / laplace);
        // Three standard errors of so many draws, and what curvature does.
        assert!(
            off.abs() < 0.3 && (0.8..1.2).contains(&(sd / laplace)),
            "{}: {off} {sd} {laplace}",
            told.name
        );
    }
}

#[test]
fn a_mirrored_person_has_the_same_rates() {
    let readings = [[70.0, 73.0], [79.0, 74.0], [84.0, 74.0]];
    let mirrored = readings.map(|[left, right]| [right, left]);
    // The strengths of `trained` are not mirrored.
    let raises = |case: Case| {
        let visits = case.visits.into_iter().map(|mut visit| {
            visit.readings.retain(|reading| reading.test == "straight_leg_raise");
            visit
        });
        Case { visits: visits.collect(), ..case }
    };
    let left = told(&raises(trained(readings, "side = \"left\"")));
    let right = told(&raises(trained(mirrored, "side = \"right\"")));
    assert!(taken(&left, Rate::ToleranceGain) > 0.2);
    for (left, right) in left.iter().zip(&right) {
        let off = (left.posterior[1] / right.posterior[1]).ln().abs() + (left.taken - right.taken).abs();
        assert!(off < 0.01, "{}: {left:?} {right:?}", left.name);
    }
}

/// Whoever gained more has more gain; who gained nothing has less. What the programme does not ask for is as before.
#[test]
fn changes_move_what_explains_them() {
    let gain = |by: f64| {
        let told =
            told(&trained([[70.0, 71.0], [70.0 + 0.8 * by, 71.0 + 0.8 * by], [70.0 + by, 71.0 + by]], ""));
        assert!(told[Rate::EccentricGain as usize].taken.abs() < 1e-6, "nothing eccentric was done");
        told[Rate::ToleranceGain as usize].posterior[1]
    };
    let gains = [-2.0, 6.0, 12.0, 20.0].map(gain);
    assert!(gains.windows(2).all(|pair| pair[0] < pair[1]), "{gains:?}");
    assert!(gains[0] < 0.85 && gains[3] > 1.1, "{gains:?}");
}

/// Errors wide enough to explain everything leave everything open.
#[test]
fn what_error_explains_teaches_nothing() {
    let mut again = USUAL.again.clone();
    let n = again.readings.len();
    (0..n).for_each(|i| again.covariance[i * n + i] += 40.0 * 40.0);
    let (_, told) = known(&again, &USUAL.between());
    assert!(
        told.iter().all(|rate| rate.taken < 0.03),
        "{:?}",
        told.iter().map(|r| r.taken).collect::<Vec<_>>()
    );
}

/// People who follow the laws, each with rates and errors of their own, are seldom told of; one reading that is far off is.
#[test]
fn a_change_that_no_rate_explains_is_told() {
    let between = USUAL.between();
    let usual = between.predict(&vec![0.0; count()]).unwrap();
    let mut random = Random::new(7, 0);
    let odd = (0..40).filter(|_| {
        let scores: Vec<f64> = (0..count()).map(|_| random.normal()).collect();
        !unexplained(&simulated(&between, &USUAL.again, &scores, &mut random), &usual).is_empty()
    });
    // Four in a hundred; more than six of forty have one such in a thousand draws.
    assert!(odd.count() <= 6);
    let mut again = simulated(&between, &USUAL.again, &vec![0.0; count()], &mut random);
    assert_eq!(unexplained(&again, &usual), []);
    let last = again.readings.len() - 4;
    again.readings[last].read += 40.0;
    let [found] = &unexplained(&again, &usual)[..] else { panic!("one change stands out") };
    let (test, side) = (again.readings[last].test.clone(), again.readings[last].side);
    assert_eq!((&found.test, found.side, found.days), (&test, side, [again.days[0], again.days[2]]));
    let [low, median, high] = found.expected;
    assert!(low < median && median < high && found.change > high + 10.0, "{found:?}");
    let told = found.in_words(&TestVocabulary::all().unwrap());
    assert!(told.contains("from 2025-01-06 to 2025-03-03") && told.contains("not told"), "{told}");
}

#[test]
fn without_later_visits_or_anything_done_rates_are_everybodys() {
    let first = visit("2025-01-06", [70.0, 71.0], [75.0, 77.0]);
    let later = visit("2025-03-03", [80.0, 81.0], [85.0, 87.0]);
    let after =
        "[[done]]\nexercise = \"strap_hamstring\"\nfrom = 2025-03-03\nuntil = 2025-04-03\n".to_owned();
    for parts in [
        vec![first.clone(), exercise("strap_hamstring", "")],
        vec![first.clone(), later.clone()],
        vec![first, later, after],
    ] {
        let case = case(&parts);
        assert_eq!(of_case(&REFERENCE, &case, &fitted(&case)).unwrap().0, *RATES);
    }
}

/// Whatever was done, and however long ago, there is an answer.
#[test]
fn long_ago_and_overlapping_programmes_have_an_answer() {
    let case = case(&[
        visit("2025-01-06", [70.0, 71.0], [75.0, 77.0]),
        visit("2025-01-08", [72.0, 71.0], [75.0, 77.0]),
        visit("2025-03-05", [80.0, 81.0], [85.0, 87.0]),
        "[[done]]\nexercise = \"strap_hamstring\"\nfrom = 0001-01-01\nadherence = 0.1\n".to_owned(),
        exercise("strap_hamstring", "dose = 1"),
        exercise("roll_hamstring", "adherence = 0"),
    ]);
    let told = told(&case);
    assert!(told.iter().flat_map(|rate| rate.posterior).all(|v| v.is_finite() && v > 0.0));
}
