//! A plan on paper and in a calendar.

use crate::arguments::PlanOptions;
use crate::browser::{self, Browser};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::solving::{Kept, solved};
use crate::{screen, written};
use guywire::case::Case;
use guywire::fit::FitError;
use guywire::results::{ExerciseResult, PlanResult, PositionResult, Screening};
use guywire_report::{Behind, HandoutOptions};
use std::path::Path;

/// What is written of a plan beside what is said of it.
#[derive(Debug)]
pub struct Paper<'o> {
    options: &'o PlanOptions,
    screening: &'o Screening,
    /// What prints, where a file shall be a PDF.
    browser: Option<Browser>,
}

impl<'o> Paper<'o> {
    /// What stands in the way is said before the work.
    pub fn asked(options: &'o PlanOptions, screening: &'o Screening) -> Result<Self, Failure> {
        if options.handout.is_some() || options.calendar.is_some() {
            screen::by_oneself(screening, "no handout or calendar")?;
        }
        let pages = [&options.handout, &options.clinician];
        for path in pages.into_iter().chain([&options.calendar]).flatten() {
            written::check(path)?;
        }
        let prints = pages.into_iter().flatten().any(|path| is_pdf(path));
        let browser = prints.then(browser::find).transpose()?;
        Ok(Self { options, screening, browser })
    }

    /// Writes what was asked for.
    pub fn write(&self, engine: &Engine, case: &Case, plan: &PlanResult) -> Result<(), Failure> {
        let (options, name) = (self.options, &case.person.name);
        if options.handout.is_some() || options.clinician.is_some() {
            let drawn = solved((&options.case, Kept::Weeks), options.ensemble, |solving| {
                engine.drawn(case, (&plan.programme().to_text(), plan.weeks), solving)
            })?;
            let drawn: Vec<_> = drawn.into_iter().map(|planned| (planned.exercise, planned.poses)).collect();
            if let Some(path) = &options.handout {
                let how = HandoutOptions { start: options.start, large: options.large };
                self.page(&guywire_report::handout((name, self.screening), plan, &drawn, how), path)?;
            }
            if let Some(path) = &options.clinician {
                self.page(&self.for_the_clinician(engine, case, plan, &drawn)?, path)?;
            }
        }
        if let Some((path, start)) = options.calendar.as_ref().zip(options.start) {
            let calendar = guywire_report::calendar(name, plan, start).ok_or_else(|| {
                Failure::Input(format!("error: a plan that starts on {start} goes on after the year 9999"))
            })?;
            written::write(path, calendar)?;
        }
        Ok(())
    }

    fn for_the_clinician(
        &self,
        engine: &Engine,
        case: &Case,
        plan: &PlanResult,
        exercises: &[(ExerciseResult, Vec<PositionResult>)],
    ) -> Result<String, Failure> {
        let fit = match engine.fit(case, &|_, _, _| {}) {
            Ok(fit) => Some(fit),
            Err(FitError::NoReadings) => None,
            Err(problem) => return Err(anyhow::Error::from(problem).into()),
        };
        let (rates, limits) = (engine.rates()?, engine.limits());
        let start = self.options.start;
        let behind = Behind { fit: fit.as_ref(), exercises, rates: &rates, limits: &limits, start };
        Ok(guywire_report::clinician(&case.person, self.screening, plan, behind))
    }

    /// Writes a page, as PDF where the file is one.
    fn page(&self, page: &str, path: &Path) -> Result<(), Failure> {
        match self.browser.as_ref().filter(|_| is_pdf(path)) {
            Some(browser) => browser.print_text(page, path),
            None => written::write(path, page),
        }
    }
}

fn is_pdf(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::EnsembleOptions;
    use crate::input;
    use guywire::exercise::{Exercise, Library};
    use guywire::results::PlannedExercise;
    use serde_json::{Value, json};

    /// Exercises that a plan has at most.
    const MOST: usize = 4;

    /// Pages of a PDF: its objects of that type, which browsers leave uncompressed.
    fn pages(pdf: &Path) -> usize {
        let bytes = std::fs::read(pdf).unwrap();
        let page = b"/Type /Page";
        bytes.windows(page.len() + 1).filter(|at| at.starts_with(page) && at[page.len()] != b's').count()
    }

    /// The exercises of the library with the most to print about them.
    fn wordiest(library: &Library) -> String {
        let words = |e: &&Exercise| {
            let said = [&e.title, &e.how, &e.load].map(|text| text.len()).iter().sum::<usize>();
            said + library.needs(e).iter().map(String::len).sum::<usize>() + 60 * e.contraindications.len()
        };
        let mut all: Vec<&Exercise> = library.all().iter().filter(|e| !e.clinician_only).collect();
        all.sort_by_key(|e| std::cmp::Reverse(words(e)));
        let section = |e: &&Exercise| format!("[[exercise]]\nname = \"{}\"\ndose = 1.0\n", e.name);
        all.iter().take(MOST).map(section).collect()
    }

    /// A plan of them: goals out of reach, of which one cannot be read off a body, and everything still to be asked.
    fn plan(drawn: &[(ExerciseResult, Vec<PositionResult>)], library: &Library, weeks: usize) -> PlanResult {
        let exercises = drawn.iter().map(|(told, _)| PlannedExercise {
            exercise: told.exercise.clone(),
            title: told.title.clone(),
            kind: told.kind.clone(),
            side: "both".into(),
            dose: told.dose.clone(),
            dose_share: 1.0,
            sessions_per_week: 7.0,
            minutes_a_week: 24.5,
            needs: library.needs(library.get(&told.exercise).unwrap()),
            adds: Vec::new(),
            to_ask: told.conditions.iter().map(|condition| condition.text.clone()).collect(),
        });
        let exercises: Vec<PlannedExercise> = exercises.collect();
        let goal = |label: &str, unit: &str| {
            json!({
                "asked": "", "quantity": label, "label": label, "unit": unit, "at_least": true, "target": 80.0,
                "now": [67.6, 73.7, 78.7], "end": [74.2, 79.9, 85.9], "probability": 0.45, "within_reach": 75.3,
            })
        };
        let labels = [
            "Straight-leg raise, left",
            "Modified Thomas test, hip, left",
            "Pressure in the disc L4/L5 in standing",
        ];
        let retest = |label: &str| {
            json!({
                "quantity": label, "label": label, "week": weeks, "now": 73.7, "expected": [74.4, 80.0, 86.2],
                "unit": "deg", "otherwise": "",
            })
        };
        let goals: Vec<Value> = labels.iter().map(|label| goal(label, "deg")).collect();
        let retests: Vec<Value> = labels.iter().map(|label| retest(label)).collect();
        let limit = "Rates were measured on other people, some on animals; how fast this person's tissue follows is in the bands.";
        let found = json!({
            "goals": goals, "weeks": weeks, "judges": 20, "asked_probability": 0.8, "probability": 0.4, "reached": false,
            "exercises": exercises, "minutes_a_week": 98.0, "one_more": null, "orders": [], "habits": [], "retests": retests,
            "left_out": [], "equipment": null, "rules": library.dose_rules.in_words(),
            "forecast": {
                "weeks": [0], "start": null, "programme": [], "programme_weeks": [], "adherence": 0.8, "members": 20,
                "lost": 0, "seed": 1, "mechanisms": [], "series": [], "limits": [limit, limit, limit, limit],
            },
        });
        serde_json::from_value(found).unwrap()
    }

    /// As much as a plan can have to say, on both sides of a sheet.
    #[test]
    fn a_handout_of_four_exercises_is_two_pages() {
        let browser = match browser::find() {
            Ok(browser) => browser,
            Err(Failure::Input(why)) if why.contains("none is found here") => {
                eprintln!("SKIPPED: no browser to print with");
                return;
            }
            Err(_) => panic!("the browser that is named is not there"),
        };
        let engine = Engine::load().unwrap();
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/runner.toml");
        let case = input::case(Path::new(example), &engine.vocabulary().unwrap()).unwrap();
        let library = engine.exercises().unwrap();
        let ensemble = EnsembleOptions { members: 20, seed: 1, no_cache: true };
        let drawn = solved((Path::new(example), Kept::Weeks), ensemble, |solving| {
            engine.drawn(&case, (&wordiest(&library), 12), solving).unwrap()
        });
        let drawn: Vec<_> = drawn.into_iter().map(|planned| (planned.exercise, planned.poses)).collect();
        assert_eq!(drawn.len(), MOST);
        let published = drawn.iter().all(|(told, _)| told.dose_source.contains(' '));
        assert!(published, "a dose names who published it, not a key of a table");
        let screening = engine.screening(&case).unwrap();
        let printed = |weeks: usize, large: bool| {
            let options = HandoutOptions { start: Some("2026-03-02".parse().unwrap()), large };
            let plan = plan(&drawn, &library, weeks);
            let page = guywire_report::handout(("Maximiliane", &screening), &plan, &drawn, options);
            let pdf = std::env::temp_dir().join(format!("guywire-handout-{}.pdf", std::process::id()));
            browser.print_text(&page, &pdf).unwrap();
            let pages = pages(&pdf);
            std::fs::remove_file(&pdf).unwrap();
            pages
        };
        assert_eq!(printed(12, false), 2);
        assert!(printed(12, true) > 2, "larger print takes more paper");
    }
}
