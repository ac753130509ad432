//! The fit on synthetic people: tissue drawn from the prior, tests simulated with their error, and found again.

use crate::common;
use guywire::body::ReferenceBody;
use guywire::case::{Person, TestVocabulary, Tissue};
use guywire::examination::Protocols;
use guywire::fit::course::Course;
use guywire::fit::posterior::{Observed, fit};
use guywire::fit::prediction::{Asked, Habit, Predictor};
use guywire::fit::unknowns::{Incidence, Unknowns};
use guywire::posture::Positions;
use guywire::results::{FitResult, FittedParameter};
use guywire::side::Side;
use guywire_math::Random;
use guywire_math::linalg::row_and_null_space;
use hammer_and_sample::{MinChainLen, Model, Parallel, Stretch, sample};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use std::collections::BTreeMap;

/// Synthetic people; `GUYWIRE_PEOPLE` asks for more.
const PEOPLE: usize = 8;

struct Battery {
    reference: ReferenceBody,
    person: Person,
    unknowns: Unknowns,
    protocols: Protocols,
    positions: Positions,
    tests: Vec<TestVocabulary>,
}

impl Battery {
    fn new() -> Self {
        let reference = ReferenceBody::adult().unwrap();
        let vocabulary = guywire::study::vocabulary(&reference).unwrap();
        let person = Person { height_cm: 175.0, mass_kg: 72.0, ..common::person() };
        let usual = Incidence::Usual(reference.pelvic_incidence_deg().unwrap());
        let unknowns = Unknowns::of(&vocabulary, &Tissue::default(), usual).unwrap();
        let (protocols, positions) = (Protocols::read().unwrap(), Positions::read().unwrap());
        Self { reference, person, unknowns, protocols, positions, tests: vocabulary.tests }
    }

    fn predictor(&self) -> Predictor<'_> {
        Predictor::new(&self.reference, &self.person, &self.unknowns, &self.positions).unwrap()
    }

    /// One visit, or several some weeks apart, by one examiner.
    fn course(&self, weeks: &[i64]) -> Course {
        let days: Vec<i64> = weeks.iter().map(|w| 7 * w).collect();
        Course::new(&self.unknowns.weeks(), &days, self.habits().len())
    }

    /// Tests in which an examiner has a habit, and how far it goes.
    fn habits(&self) -> Vec<(&str, f64)> {
        let of =
            |test: &'_ TestVocabulary| test.errors().map(|(habit, _)| habit).filter(|habit| *habit > 0.0);
        self.tests.iter().filter_map(|test| Some((test.name.as_str(), of(test)?))).collect()
    }

    /// Every test that tells of tissue, on both sides, read so often, with its error beside what the examiner always does.
    fn asked(&self, visit: usize, repeats: usize) -> (Vec<Asked<'_>>, Vec<f64>) {
        let (mut asked, mut errors) = (Vec::new(), Vec::new());
        let habits = self.habits();
        for test in &self.tests {
            let Ok(protocol) = self.protocols.get(&test.name, None) else { continue };
            if !protocol.tells_of_tissue() {
                continue;
            }
            let which = habits.iter().position(|(name, _)| *name == test.name);
            let habit = which.map(|which| Habit { which, spread: habits[which].1 });
            let error = test.errors().map_or(test.sem, |(_, same)| same / (repeats as f64).sqrt());
            for &side in if test.sides { &Side::BOTH[..] } else { &[Side::Right] } {
                asked.push(Asked { protocol, side, visit, habit });
                errors.push(error);
            }
        }
        (asked, errors)
    }
}

/// Readings with their errors added.
fn read(truth: &[f64], errors: &[f64], normal: &mut Random) -> Vec<Observed> {
    let with = |(read, &error): (&f64, &f64)| Observed { read: read + error * normal.normal(), error };
    truth.iter().zip(errors).map(with).collect()
}

/// Slopes of every reading by every unknown equal differences of whole simulations. A posture is searched for anew, which
/// ends a little off: its differences are of a larger step.
#[test]
fn slopes_are_exact() {
    let battery = Battery::new();
    let (asked, _) = battery.asked(0, 1);
    let (predictor, course) = (battery.predictor(), battery.course(&[0]));
    let n = course.len();
    let scores: Vec<f64> = (0..n).map(|k| 0.3 * (k as f64).sin()).collect();
    let at = |scores: &[f64]| predictor.predict(&course, &asked, scores).unwrap();
    let here = at(&scores);
    for k in 0..n {
        let moved = |by: f64| {
            let mut moved = scores.clone();
            moved[k] += by;
            at(&moved).readings
        };
        let (small, large) = (1e-3, 0.05);
        let differences = [small, large].map(|h| (moved(h), moved(-h), h));
        for (i, asked) in asked.iter().enumerate() {
            let posture = asked.protocol.posture().is_some();
            let (up, down, h) = &differences[usize::from(posture)];
            let (slope, exact) = ((up[i] - down[i]) / (2.0 * h), here.slopes[i][k]);
            let what = format!("{} by {k}: {exact} against {slope}", asked.protocol.test);
            let off = if posture { 0.02 } else { 1e-3 };
            assert!((slope - exact).abs() < off * (1.0 + slope.abs()), "{what}");
        }
    }
}

/// The tissue of synthetic people lies in its intervals about as often as they say; hip flexors and hamstrings are found
/// within four per cent of fibre length in the median; clean batteries raise no alarm.
#[test]
fn synthetic_people_are_recovered() {
    let battery = Battery::new();
    let people = std::env::var("GUYWIRE_PEOPLE").map_or(PEOPLE, |n| n.parse().unwrap());
    let (asked, errors) = battery.asked(0, 1);
    let (predictor, course) = (battery.predictor(), battery.course(&[0]));
    let n = course.len();
    let mut normal = Random::new(7, 0);
    let (mut inside, mut alarms) = (0, 0);
    let (mut flexors, mut hamstrings) = (Vec::new(), Vec::new());
    for _ in 0..people {
        let truth: Vec<f64> = (0..n).map(|_| normal.normal()).collect();
        let readings = predictor.predict(&course, &asked, &truth).unwrap().readings;
        let observed = read(&readings, &errors, &mut normal);
        let found = fit(&observed, n, &|scores| predictor.predict(&course, &asked, scores)).unwrap();
        alarms += usize::from(found.distrusted.contains(&true));
        let [was, is] = [&truth, &found.scores].map(|scores| battery.unknowns.latents(&course.at(0, scores)));
        for (k, unknown) in battery.unknowns.list.iter().enumerate() {
            let mut slopes = vec![0.0; n];
            unknown.weights.iter().for_each(|&(score, by)| slopes[score] += by);
            let off = (is[k] - was[k]) / found.variance(&slopes).sqrt();
            inside += usize::from(off.abs() < 1.645);
            let error = ((is[k] - was[k]).exp() - 1.0).abs();
            match unknown.name().as_str() {
                "hip_flexors.left.length" | "hip_flexors.right.length" => flexors.push(error),
                "hamstrings.left.length" | "hamstrings.right.length" => hamstrings.push(error),
                _ => {}
            }
        }
    }
    let covered = inside as f64 / (people * battery.unknowns.len()) as f64;
    let median = |list: &mut Vec<f64>| {
        list.sort_by(f64::total_cmp);
        list[list.len() / 2]
    };
    let (flexors, hamstrings) = (median(&mut flexors), median(&mut hamstrings));
    println!(
        "{people} people: {covered:.3} inside, hip flexors {flexors:.4}, hamstrings {hamstrings:.4}, {alarms} alarms"
    );
    // The numbers of eight people, not all independent: four standard errors beside 85 to 95 %.
    assert!((0.82..0.98).contains(&covered), "{covered}");
    assert!(flexors < 0.05 && hamstrings < 0.04, "{flexors} {hamstrings}");
    assert!(alarms <= people / 4, "{alarms} of {people}");
}

/// One reading off by 20 degrees among many is found and left out, and what it would have told wrongly is not believed.
#[test]
fn a_wrong_reading_is_distrusted() {
    let battery = Battery::new();
    let (asked, errors) = battery.asked(0, 1);
    // Postures are searched for and end about a millionth off: tests that come to rest end where they end.
    let at_rest = asked.into_iter().zip(errors).filter(|(asked, _)| asked.protocol.posture().is_none());
    let (asked, errors): (Vec<Asked<'_>>, Vec<f64>) = at_rest.unzip();
    let (predictor, course) = (battery.predictor(), battery.course(&[0]));
    let n = course.len();
    let readings = predictor.predict(&course, &asked, &vec![0.0; n]).unwrap().readings;
    let clean = readings.iter().zip(&errors).map(|(&read, &error)| Observed { read, error });
    let mut observed: Vec<Observed> = clean.collect();
    let wrong =
        asked.iter().position(|a| a.protocol.test == "straight_leg_raise" && a.side == Side::Left).unwrap();
    observed[wrong].read -= 20.0;
    let found = fit(&observed, n, &|scores| predictor.predict(&course, &asked, scores)).unwrap();
    let distrusted: Vec<usize> = (0..asked.len()).filter(|&i| found.distrusted[i]).collect();
    assert_eq!(distrusted, [wrong]);
    assert!(found.scores.iter().all(|w| w.abs() < 1e-6), "{:?}", found.scores);
}

/// How often a reading that is off by 15 degrees is distrusted, test by test; one examiner read the battery once, three times, or
/// three times on each of two days, with the published errors; or stated errors of their own, which repeats make smaller and
/// which are no habit. It is found where the other readings know the angle to about three degrees: no method can
/// find more, so that only these are asserted. Clean people are the same ones without it.
#[test]
fn a_misreading_of_fifteen_degrees_is_found_where_others_know_the_angle() {
    let battery = Battery::new();
    let more = std::env::var("GUYWIRE_PEOPLE").ok().map(|n| n.parse::<usize>().unwrap());
    let people = more.unwrap_or(1);
    let predictor = battery.predictor();
    let known = ["straight_leg_raise", "pelvic_tilt"];
    let stated = ["straight_leg_raise", "passive_knee_extension", "pelvic_tilt"];
    for (what, weeks, repeats, own, sure) in [
        ("once", &[0][..], 1, false, &["dorsiflexion_lunge"][..]),
        ("three times", &[0], 3, false, &["dorsiflexion_lunge"]),
        ("three times on two days", &[0, 1], 3, false, &known),
        ("three times on two days, errors stated", &[0, 1], 3, true, &stated),
    ] {
        let course = battery.course(weeks);
        let (asked, errors): (Vec<Vec<Asked<'_>>>, Vec<Vec<f64>>) =
            (0..weeks.len()).map(|visit| battery.asked(visit, repeats)).unzip();
        let (tests, mut asked, mut errors) = (asked[0].len(), asked.concat(), errors.concat());
        if own {
            for (asked, error) in asked.iter_mut().zip(&mut errors) {
                let test = battery.tests.iter().find(|t| t.name == asked.protocol.test).unwrap();
                *error = test.sem_same.unwrap_or(test.sem) / (repeats as f64).sqrt();
                asked.habit = None;
            }
        }
        let predict = |scores: &[f64]| predictor.predict(&course, &asked, scores);
        let mut normal = Random::new(11, 0);
        // Readings named, people with any reading named, of how many.
        let mut flagged: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        let mut alarms = 0;
        for _ in 0..people {
            let truth: Vec<f64> = (0..course.len()).map(|_| normal.normal()).collect();
            let clean = read(&predict(&truth).unwrap().readings, &errors, &mut normal);
            let distrusted =
                |observed: &[Observed]| fit(observed, course.len(), &predict).unwrap().distrusted;
            alarms += usize::from(distrusted(&clean).contains(&true));
            for (i, test) in asked.iter().enumerate().take(tests) {
                let unit = &battery.tests.iter().find(|t| t.name == test.protocol.test).unwrap().unit;
                let asserted = sure.contains(&test.protocol.test.as_str());
                if unit != "deg" || test.side == Side::Left || more.is_none() && !asserted {
                    continue;
                }
                let mut observed = clean.clone();
                observed[i].read += 15.0;
                let found = distrusted(&observed);
                let [named, any, times] = flagged.entry(&test.protocol.test).or_default();
                *named += usize::from(found[i]);
                *any += usize::from(found.contains(&true));
                *times += 1;
            }
        }
        let all = flagged.values().fold([0; 3], |sum, of| [0, 1, 2].map(|k| sum[k] + of[k]));
        for (test, [named, any, times]) in flagged.iter().chain([(&"all", &all)]) {
            println!("{what}: {test}: {named} named, {any} people flagged of {times}");
        }
        println!("{what}: {alarms} of {people} clean people flagged");
        for test in sure {
            let [found, _, times] = flagged[test];
            assert!(10 * found >= 7 * times, "{what}: {test}: {flagged:?}");
        }
        assert!(4 * alarms <= people, "{what}: {alarms} of {people}");
    }
}

fn fitted(visits: &str) -> FitResult {
    let reference = ReferenceBody::adult().unwrap();
    let vocabulary = guywire::study::vocabulary(&reference).unwrap();
    let text = format!(
        "positions = [\"standing\"]\n[person]\nname = \"A\"\nage = 30\nsex = \"male\"\nheight_cm = 175\nmass_kg = 72\n\
         {visits}"
    );
    let case = guywire::case::Case::parse(&text, &vocabulary).unwrap();
    guywire::fit::of_case(&reference, &case, &|_, _, _| {}).unwrap().result
}

fn parameter<'f>(fit: &'f FitResult, name: &str) -> &'f FittedParameter {
    fit.parameters.iter().find(|p| p.name == name).unwrap()
}

/// Visits are fitted together: what was read last week tells much of today, what was read years ago little; bones that
/// were told once stay told.
#[test]
fn visits_are_fitted_together() {
    let ely = |day: &str| {
        fitted(&format!(
            "[[visit]]\ndate = {day}\ntest = [{{ name = \"pelvic_tilt\", reading = 14 }},\n\
             {{ name = \"ely\", side = \"left\", reading = 100, protocol = \"pelvis_held\" }}]\n\
             [[visit]]\ndate = 2025-03-20\ntest = [{{ name = \"straight_leg_raise\", side = \"left\", reading = 65 }}]\n"
        ))
    };
    let width = |fit: &FitResult, name: &str| {
        let p = parameter(fit, name);
        p.high90 - p.low90
    };
    let (recent, old) = (ely("2025-03-13"), ely("2015-03-13"));
    assert_eq!(recent.tests.len(), 3);
    let rectus = "rectus_femoris.left.length";
    assert!(width(&recent, rectus) < 0.95 * width(&old, rectus));
    let bones = "asis_psis_deg";
    assert!((width(&recent, bones) / width(&old, bones) - 1.0).abs() < 0.05);
    assert!(parameter(&old, bones).mean > 1.0, "a tilt of 14 is mostly how the bony points lie");
}

/// Readings that stay show no change of tissue. A rise of one test alone has several explanations, none of them sure; where a
/// test has one explanation, a rise beyond its error is a real change of that tissue.
#[test]
fn changes_between_visits_are_told() {
    let twice = |test: &str, first: f64, second: f64| {
        let visit = |day: &str, read: f64| {
            let readings = format!("[{}, {}, {read}]", read - 1.0, read + 1.0);
            let of =
                |side: &str| format!("{{ name = \"{test}\", side = \"{side}\", readings = {readings} }}");
            format!("[[visit]]\ndate = {day}\ntest = [{}, {}]\n", of("left"), of("right"))
        };
        fitted(&(visit("2025-01-10", first) + &visit("2025-03-20", second)))
    };
    let change = |fit: &FitResult, name: &str| fit.changes.iter().find(|c| c.name == name).unwrap().clone();
    let same = twice("straight_leg_raise", 60.0, 60.0);
    assert!(same.changes.iter().all(|c| !c.real), "{:?}", same.changes);
    assert!((change(&same, "hamstrings.left.length").change - 1.0).abs() < 0.005);
    let raised = change(&twice("straight_leg_raise", 60.0, 70.0), "hamstrings.left.length");
    assert!(raised.change > 1.01, "{raised:?}");
    let turned = change(&twice("hip_internal_rotation", 25.0, 45.0), "hip_rotators.left.length");
    assert!(turned.real && turned.change > 1.05, "{turned:?}");
}

/// What one examiner always does is the same on both days: a change of tissue is told more sharply by one who is named twice than
/// by two, and of those who are not named each is another. The error of one reading is that between examiners for all.
#[test]
fn one_examiner_tells_changes_more_sharply() {
    let by = |examiners: [&str; 2]| {
        let visit = |(day, who): (&str, &str)| {
            let who = if who.is_empty() { String::new() } else { format!("examiner = \"{who}\"\n") };
            let of =
                |side: &str| format!("{{ name = \"straight_leg_raise\", side = \"{side}\", reading = 65 }}");
            format!("[[visit]]\ndate = {day}\n{who}test = [{}, {}]\n", of("left"), of("right"))
        };
        let fit =
            fitted(&["2025-01-10", "2025-03-20"].into_iter().zip(examiners).map(visit).collect::<String>());
        assert!(fit.tests.iter().all(|t| (t.sem - 4.3).abs() < 1e-9), "{:?}", fit.tests);
        let change = fit.changes.iter().find(|c| c.name == "hamstrings.left.length").unwrap();
        change.high90 - change.low90
    };
    let (one, two, unknown) = (by(["anna", "anna"]), by(["anna", "bo"]), by(["", ""]));
    assert!(one < 0.97 * two, "{one} {two}");
    assert!((unknown / two - 1.0).abs() < 1e-6, "{unknown} {two}");
}

/// What a case's `[tissue]` says is where beliefs are centred: readings decide, and what they do not touch stays.
#[test]
fn beliefs_are_centred_where_the_case_says() {
    let with = |tissue: &str| {
        fitted(&format!(
            "[tissue]\n{tissue}\n[[visit]]\ndate = 2025-01-10\n\
             test = [{{ name = \"straight_leg_raise\", side = \"left\", reading = 60 }}]\n"
        ))
    };
    let (plain, told) =
        (with(""), with("gluteus_medius = { strength = 0.7 }\nhamstrings = { length = 0.95 }"));
    let mean = |fit: &FitResult, name: &str| parameter(fit, name).mean;
    let strength = mean(&told, "gluteus_medius.left.strength") / mean(&plain, "gluteus_medius.left.strength");
    assert!((strength - 0.7).abs() < 0.01, "{strength}");
    let [before, after] = [&plain, &told].map(|fit| mean(fit, "hamstrings.left.length"));
    assert!(after < before && after > 0.95, "{before} {after}");
}

/// What a sampler walks through: standard scores along the directions of which readings speak; along all others they stay as
/// believed before.
struct Walk<'w> {
    predictor: &'w Predictor<'w>,
    course: &'w Course,
    asked: &'w [Asked<'w>],
    observed: &'w [Observed],
    /// Orthonormal, each of the length of the scores.
    directions: &'w [f64],
}

impl Walk<'_> {
    fn scores(&self, along: &[f64]) -> Vec<f64> {
        let n = self.course.len();
        let mut scores = vec![0.0; n];
        for (direction, by) in self.directions.chunks_exact(n).zip(along) {
            scores.iter_mut().zip(direction).for_each(|(s, d)| *s += by * d);
        }
        scores
    }
}

impl Model for Walk<'_> {
    type Params = Vec<f64>;

    fn log_prob(&self, along: &Vec<f64>) -> f64 {
        let Ok(readings) = self.predictor.readings(self.course, self.asked, &self.scores(along)) else {
            return f64::NEG_INFINITY;
        };
        let misfit = self.observed.iter().zip(readings).map(|(o, p)| ((o.read - p) / o.error).powi(2));
        -0.5 * (misfit.sum::<f64>() + along.iter().map(|w| w * w).sum::<f64>())
    }
}

/// The posterior of Laplace's method against an affine-invariant ensemble sampler (Goodman and Weare 2010), for tests on a table
/// and for a posture: mean and spread along every direction of which the readings speak.
#[test]
fn the_posterior_is_that_of_a_sampler() {
    let battery = Battery::new();
    let (predictor, course) = (battery.predictor(), battery.course(&[0]));
    let n = course.len();
    let (all, errors) = battery.asked(0, 1);
    // Test, how far its reading is off what is usual, in standard errors, and steps of every walker.
    let table = ([("thomas_hip_extension", -2.5), ("straight_leg_raise", -2.0), ("ely", 1.0)], 300);
    let posture = ([("pelvic_tilt", 2.0), ("lordosis", -1.0), ("thomas_hip_extension", -2.0)], 120);
    for (tests, steps) in [table, posture] {
        let chosen = tests.map(|(name, off)| {
            let i = all.iter().position(|a| a.protocol.test == name).unwrap();
            (all[i], errors[i], off)
        });
        let asked = chosen.map(|c| c.0);
        let usual = predictor.readings(&course, &asked, &vec![0.0; n]).unwrap();
        let with = |((_, error, off), read): (&(Asked<'_>, f64, f64), &f64)| Observed {
            read: read + error * off,
            error: *error,
        };
        let observed: Vec<Observed> = chosen.iter().zip(&usual).map(with).collect();
        let found = fit(&observed, n, &|scores| predictor.predict(&course, &asked, scores)).unwrap();
        assert!(found.distrusted.iter().all(|d| !d));
        let bases = row_and_null_space(&found.prediction.slopes.concat(), n);
        assert_eq!(bases.rank, tests.len());
        let directions = &bases.rows[..bases.rank * n];
        let walk =
            Walk { predictor: &predictor, course: &course, asked: &asked, observed: &observed, directions };
        let mut normal = Random::new(3, 0);
        let mode: Vec<f64> = directions
            .chunks_exact(n)
            .map(|d| d.iter().zip(&found.scores).map(|(a, b)| a * b).sum())
            .collect();
        let count = 12;
        let walkers = (0..count).map(|seed| {
            let start: Vec<f64> = mode.iter().map(|m| m + 0.5 * normal.normal()).collect();
            (start, Pcg64::seed_from_u64(seed as u64))
        });
        let (chain, _) = sample(&walk, &Stretch::default(), walkers, MinChainLen(count * steps), Parallel);
        let chain = &chain[count * steps / 6..];
        for (k, direction) in directions.chunks_exact(n).enumerate() {
            let mean = chain.iter().map(|v| v[k]).sum::<f64>() / chain.len() as f64;
            let square = chain.iter().map(|v| (v[k] - mean).powi(2)).sum::<f64>() / chain.len() as f64;
            let sd = found.variance(direction).sqrt();
            println!(
                "{}: mean {mean:.3} against {:.3}, sd {:.3} against {sd:.3}",
                tests[k].0,
                mode[k],
                square.sqrt()
            );
            // A hundred independent draws are a tenth of a standard deviation off, and Laplace's straight lines a third of one
            // where a reading bends (Ely, by 1500 steps: mean 0.35 lower, spread 14 % wider).
            assert!((mean - mode[k]).abs() < 0.5 * sd, "{mean} {}", mode[k]);
            assert!((square.sqrt() / sd - 1.0).abs() < 0.3, "{} {sd}", square.sqrt());
        }
    }
}
