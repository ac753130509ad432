//! The model behind the commands: the only place that names the modules that solve.

use crate::arguments::EnsembleOptions;
use crate::solving::Solving;
use crate::subjects::{Subjects, Whose};
use anyhow::{Context, Result};
use guywire::adaptation::{KnownRates, Mechanisms};
use guywire::body::export::ExportNote;
use guywire::body::foreign::ForeignBody;
use guywire::body::{Body, ReferenceBody};
use guywire::case::{Case, Date, ReportOptions, TestVocabulary, Vocabulary};
use guywire::examination::{Examined, Protocol, Protocols};
use guywire::exercise::{self, Exercise, Kind, Library, Ranked, Way};
use guywire::fit::{FitError, Fitted};
use guywire::forecast::{Doing, Followed, Material};
use guywire::intervals::Bodies;
use guywire::plan::{Doer, Goal, Programme, Wanted};
use guywire::posture::Positions;
use guywire::results::{
    DiaryResult, ExerciseResult, FitResult, ForecastResult, PlanResult, PositionResult, ProgrammeExercise,
    RateSource, Results, Screening, Solved, TestReading, ValidationRow, Visits, WeekResult,
};
use guywire::screening::RuleSet;
use guywire::side::Side;
use guywire::study::{Asked, Members, Memory, NoShelf, Place, Progress, Subject, Tested};
use guywire::week::{Activities, Schedule};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use guywire::body::{Group as GroupInfo, MuscleInfo, SourceInfo};

/// The latest day that it is anywhere: no visit of today is refused east of Greenwich.
fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let furthest_east = Duration::from_secs(14 * 3600);
    Date::from_days(i64::try_from((since + furthest_east).as_secs() / 86_400).ok()?)
}

/// The reference body, ready to be scaled to people.
pub struct Engine {
    body: ReferenceBody,
    /// The last fit, and whose: what follows in one command starts from the same.
    fitted: Mutex<Option<(Case, Arc<Fitted>)>>,
}

impl Engine {
    /// Reads the tables that are built into the program.
    pub fn load() -> Result<Self> {
        let body = ReferenceBody::adult().context("the body's tables are wrong")?;
        Ok(Engine { body, fitted: Mutex::default() })
    }

    /// The names that case files may use.
    pub fn vocabulary(&self) -> Result<Vocabulary> {
        Ok(Vocabulary { today: today(), ..guywire::study::vocabulary(&self.body)? })
    }

    /// As [`vocabulary`](Engine::vocabulary), for a case that brings its own model.
    pub fn model_vocabulary(model: &ForeignBody) -> Result<Vocabulary> {
        Ok(Vocabulary { today: today(), ..guywire::study::model_vocabulary(model)? })
    }

    /// The names that settings of what is asked about may use.
    pub fn vocabulary_of(&self, asked: &Subjects) -> Result<Vocabulary> {
        match asked {
            Subjects::Case(_) => self.vocabulary(),
            Subjects::Model(model, _) | Subjects::CaseAs(_, model) => Self::model_vocabulary(model),
        }
    }

    /// Solves one position.
    pub fn posture(&self, asked: &Subjects, position: &str) -> Result<Solved> {
        Ok(match asked {
            Subjects::Case(case) => guywire::study::posture(&self.body, case, position)?,
            Subjects::CaseAs(case, model) => {
                let subject = Subject::PersonAs(&case.person, model);
                guywire::study::posture_of(subject, &case.tissue, position)?
            }
            Subjects::Model(model, tissue) => {
                guywire::study::posture_of(Subject::Model(model), tissue, position)?
            }
        })
    }

    /// What a person's answers lead to.
    pub fn screening(&self, case: &Case) -> Result<Screening> {
        Ok(RuleSet::read()?.screen_case(case))
    }

    /// What a person's visits found, if there were any.
    pub fn visits(&self, case: &Case) -> Result<Option<Visits>> {
        Ok(guywire::study::visits(case)?)
    }

    /// How every test can be simulated.
    pub fn protocols(&self) -> Result<Protocols> {
        Ok(Protocols::read()?)
    }

    /// Does a clinical test on the bodies that a person may have: what is read, and the poses at its end of the most probable one.
    pub fn test(
        &self,
        (case, whose): (&Case, Whose),
        (test, protocol): (&TestVocabulary, &Protocol),
        side: Option<Side>,
        solving: Solving<'_>,
    ) -> Result<(TestReading, PositionResult)> {
        self.on_bodies((case, whose), solving, |bodies| {
            Ok(bodies.test(Examined { positions: bodies.positions, test, protocol, side })?)
        })
    }

    /// The library of exercises.
    pub fn exercises(&self) -> Result<Library> {
        Ok(Library::read()?)
    }

    /// Does an exercise on the bodies that a person may have: what it does, and the poses of the most probable one.
    pub fn exercise(
        &self,
        (case, whose): (&Case, Whose),
        (library, exercise): (&Library, &Exercise),
        way: Way,
        solving: Solving<'_>,
    ) -> Result<(ExerciseResult, Vec<PositionResult>)> {
        self.on_bodies((case, whose), solving, |bodies| {
            let asked = exercise::Asked { positions: bodies.positions, library, exercise, way, case };
            Ok(bodies.exercise(asked, &self.body.groups())?)
        })
    }

    /// The exercises of a plan's text.
    pub fn programme(&self, plan: &str) -> Result<Programme> {
        Ok(Programme::from_text(plan, &Library::read()?)?)
    }

    /// The exercises of a plan's text as the person does them in so many weeks; of both sides, the right one.
    pub fn drawn(
        &self,
        case: &Case,
        (plan, weeks): (&str, usize),
        solving: Solving<'_>,
    ) -> Result<Vec<ProgrammeExercise>> {
        let library = Library::read()?;
        let programme = Programme::from_text(plan, &library)?;
        if programme.exercises.is_empty() {
            return Ok(Vec::new());
        }
        let drawn = programme.exercises.iter().map(|given| {
            let exercise = library.get(&given.name)?;
            let way = Way { side: given.side.unwrap_or(Side::Right), cued: true };
            let whose = (case, Whose::Tested);
            let (told, poses) = self.exercise(whose, (&library, exercise), way, solving.beside())?;
            Ok(ProgrammeExercise {
                exercise: told,
                side: given.side,
                dose: exercise.dose.narrowed(given.dose).in_words(),
                sessions_per_week: exercise.dose.at(given.dose).per_week,
                weeks: [given.from_week, given.until_week.unwrap_or(weeks).min(weeks)],
                poses,
            })
        });
        drawn.collect()
    }

    /// The body that a case's tests make most probable, or the one it states where there are no readings.
    fn likely_body(&self, case: &Case) -> Result<Body> {
        match self.fitted(case, &|_, _, _| {}) {
            Ok(fitted) => {
                let member = fitted.most_probable();
                Ok(self.body.scaled_to(&member.person, &member.tissue)?)
            }
            Err(FitError::NoReadings) => Ok(self.body.scaled_to(&case.person, &case.tissue)?),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Ranks the library for a target of the bodies that a person may have.
    pub fn rank(
        &self,
        (case, whose): (&Case, Whose),
        library: &Library,
        (target, kind): (&str, Option<Kind>),
        solving: Solving<'_>,
    ) -> Result<Ranked> {
        self.on_bodies((case, whose), solving, |bodies| {
            Ok(bodies.rank((library, case, &self.body.groups()), target, kind)?)
        })
    }

    /// Fits the tissue of a person to the readings of their visits.
    pub fn fit(&self, case: &Case, progress: Progress<'_>) -> Result<FitResult, FitError> {
        Ok(self.fitted(case, progress)?.result.clone())
    }

    /// The fit of a case, found once.
    fn fitted(&self, case: &Case, progress: Progress<'_>) -> Result<Arc<Fitted>, FitError> {
        let mut last = self.fitted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, fitted)) = last.as_ref().filter(|(whose, _)| whose == case) {
            return Ok(Arc::clone(fitted));
        }
        let fitted = Arc::new(guywire::fit::of_case(&self.body, case, progress)?);
        *last = Some((case.clone(), Arc::clone(&fitted)));
        Ok(fitted)
    }

    /// Solves a whole case, or all positions of a model. Where the case's visits have readings that can be fitted, the body is
    /// the fitted one, with intervals.
    pub fn report(&self, asked: &Subjects, solving: Solving<'_>) -> Result<Results> {
        let Solving { ensemble, shelf, progress } = solving;
        Ok(match asked {
            Subjects::Case(case) => {
                let (mut results, whose) = match self.fitted(case, progress) {
                    Ok(fitted) => {
                        let members = members(&fitted, ensemble)?;
                        let tested = Tested { fit: &fitted.result, members: &members, shelf };
                        (guywire::study::report_tested(&self.body, case, tested, progress)?, Whose::Tested)
                    }
                    Err(problem) => {
                        let mut results = guywire::study::report(&self.body, case, progress)?;
                        if !matches!(problem, FitError::NoReadings) {
                            results.warnings.push(format!(
                                "The tests of the visits were not fitted ({problem}): what follows is the body as the case states it."
                            ));
                        }
                        (results, Whose::Stated)
                    }
                };
                if !case.week.is_empty() {
                    // A week that cannot be solved takes nothing from the rest; it is told why.
                    let solving = if case.report.uncertainty { solving.beside() } else { solving.alone() };
                    match self.week((case, whose), solving) {
                        Ok(week) => results.week = Some(week),
                        Err(problem) => results.warnings.push(format!("The week is not told: {problem}.")),
                    }
                }
                results
            }
            Subjects::CaseAs(case, model) => guywire::study::report_as(model, case, progress)?,
            Subjects::Model(model, tissue) => {
                let positions = self.vocabulary()?.positions;
                let report = &ReportOptions { causes: true, uncertainty: !tissue.settings.is_empty() };
                let asked = Asked { tissue, positions: &positions, report };
                guywire::study::report_of(Subject::Model(model), asked, progress)?
            }
        })
    }

    /// Follows a person over the weeks, with the exercises of a plan's text.
    pub fn forecast(
        &self,
        case: &Case,
        (plan, (weeks, adherence, mechanisms)): (&str, (usize, f64, Mechanisms)),
        solving: Solving<'_>,
    ) -> Result<ForecastResult> {
        let library = Library::read()?;
        let programme = Programme::from_text(plan, &library)?;
        let (mut found, odd) = self.followed(case, &[], solving, |person, doer| {
            let sessions = programme.sessions(doer, &library)?;
            let other_weeks = &programme.other_weeks(&case.week, |week| person.other_week(week))?;
            let doing = Doing { weeks, sessions: &sessions, adherence, other_weeks, mechanisms };
            Ok(person.forecast(doing, solving.progress)?)
        })?;
        found.limits.splice(0..0, odd);
        Ok(ForecastResult { start: programme.start, ..found })
    }

    /// Plans for a person: goals, then weeks, probability, adherence and most minutes a week.
    pub fn plan(
        &self,
        case: &Case,
        screening: &Screening,
        (goals, (weeks, probability, adherence, most_minutes)): (&[Goal], (usize, f64, f64, f64)),
        solving: Solving<'_>,
    ) -> Result<PlanResult> {
        let library = Library::read()?;
        let more: Vec<String> = goals.iter().map(|goal| goal.asked.clone()).collect();
        // The same body is followed through the same weeks more than once.
        let memory = Memory::before(solving.shelf);
        let solving = Solving { shelf: &memory, ..solving };
        let wanted = Wanted {
            goals,
            weeks,
            probability,
            adherence,
            most_minutes,
            library: &library,
            left_out: &guywire::plan::left_out(&library, case, screening),
            painful: &case.plan.painful,
            equipment: case.plan.equipment.as_deref(),
            to_ask: &|exercise| guywire::plan::to_ask(&library, case, exercise),
            swaps: &guywire::plan::swaps(case, &Activities::read()?)?,
        };
        let (mut found, odd) = self.followed(case, &more, solving, |person, doer| {
            Ok(guywire::plan::plan(person, doer, wanted, solving.progress)?)
        })?;
        found.forecast.limits.splice(0..0, odd);
        Ok(found)
    }

    /// What a case's diary says of the exercises of a plan's text: the plan as it was read, and what becomes of it.
    pub fn diary(&self, case: &Case, screening: &Screening, plan: &str) -> Result<(Programme, DiaryResult)> {
        let library = Library::read()?;
        let programme = Programme::from_text(plan, &library)?;
        let mut against = vec![None; programme.exercises.len()];
        if !case.plan.painful.is_empty() {
            let (body, groups, positions) =
                (&self.likely_body(case)?, &self.body.groups(), &Positions::read()?);
            let doer = Doer { body, groups, positions, place: Place::on(&NoShelf) };
            against = programme.hurting(doer, &library, &case.plan.painful)?;
        }
        let left_out = guywire::plan::left_out(&library, case, screening);
        for (given, against) in programme.exercises.iter().zip(&mut against) {
            let left = left_out.iter().find(|left| left.exercise == given.name);
            *against = left.map(|left| left.why.clone()).or(against.take());
        }
        let found = programme.reviewed(&library, case, &against)?;
        Ok((programme, found))
    }

    /// What is found by following a person's bodies with all numbers that goals name; and, in sentences, which changes between visits
    /// nothing explains.
    fn followed<T>(
        &self,
        case: &Case,
        goals: &[String],
        solving: Solving<'_>,
        find: impl FnOnce(&Followed<'_>, Doer<'_>) -> Result<T>,
    ) -> Result<(T, Vec<String>)> {
        let (members, fitted) = self.members(case, Whose::Tested, solving)?;
        let (rates, odd) = match fitted {
            Some(fitted) => {
                (solving.progress)(0, 1, "rates");
                let (rates, unexplained) = guywire::own_rates::of_case(&self.body, case, &fitted)?;
                let tests = TestVocabulary::all()?;
                (rates, unexplained.iter().map(|change| change.in_words(&tests)).collect())
            }
            None => (KnownRates::read()?, Vec::new()),
        };
        let material = Material::of(&self.body, case, members, goals)?.with_rates(rates);
        let tests = material.tests()?;
        let person = Followed::new(material.ground(), material.asked(&tests))?.kept_on(solving.shelf);
        let groups = self.body.groups();
        let positions = Positions::read()?;
        let place = person.place_of_body();
        let doer = Doer { body: person.body(), groups: &groups, positions: &positions, place };
        Ok((find(&person, doer)?, odd))
    }

    /// The bodies that a person may have, and the fit that they are drawn from, if there are readings.
    fn members(
        &self,
        case: &Case,
        whose: Whose,
        Solving { ensemble, progress, .. }: Solving<'_>,
    ) -> Result<(Members, Option<Arc<Fitted>>)> {
        let fitted = match whose {
            Whose::Tested => self.fitted(case, progress),
            Whose::Stated => Err(FitError::NoReadings),
        };
        let (members, fitted) = match fitted {
            Ok(fitted) => (members(&fitted, ensemble)?, Some(fitted)),
            Err(FitError::NoReadings) => {
                let draws = (ensemble.seed, ensemble.members as usize);
                (Members::as_stated(&case.person, &case.tissue, draws), None)
            }
            Err(problem) => return Err(problem.into()),
        };
        Ok((members.completed(&self.body, &case.tissue)?, fitted))
    }

    /// What is found on the bodies that a person may have.
    fn on_bodies<T>(
        &self,
        (case, whose): (&Case, Whose),
        solving: Solving<'_>,
        find: impl FnOnce(Bodies<'_>) -> Result<T>,
    ) -> Result<T> {
        let (members, _) = self.members(case, whose, solving)?;
        let Solving { shelf, progress, .. } = solving;
        find(Bodies {
            reference: &self.body,
            positions: &Positions::read()?,
            members: &members,
            shelf,
            progress,
        })
    }

    /// Everybody's rates, and where they come from.
    pub fn rates(&self) -> Result<Vec<RateSource>> {
        Ok(KnownRates::read()?.sources()?)
    }

    /// What the body leaves out.
    pub fn limits(&self) -> Vec<String> {
        guywire::study::body_limits()
    }

    /// What every hour of a week does to the bodies that a person may have.
    pub fn week(&self, (case, whose): (&Case, Whose), solving: Solving<'_>) -> Result<WeekResult> {
        let schedule = Schedule::of(&case.week, &Activities::read()?)?;
        self.on_bodies((case, whose), solving, |bodies| Ok(bodies.week(&schedule)?))
    }

    /// A person's body, or the reference body, as an OpenSim file, and what the file says otherwise than the body.
    pub fn export(&self, case: Option<&Case>) -> Result<(Vec<u8>, Vec<ExportNote>)> {
        let body = match case {
            Some(case) => self.body.scaled_to(&case.person, &case.tissue)?,
            None => self.body.unscaled()?,
        };
        let exported = body.export(case.map_or("guywire_reference_body", |case| &case.person.name))?;
        Ok((guywire_osim::write::document(&exported.description).to_bytes(), exported.notes))
    }

    /// Compares the model with measured people.
    pub fn validate(&self, progress: Progress<'_>) -> Result<Vec<ValidationRow>> {
        Ok(guywire::validate::run(&self.body, progress)?)
    }

    /// The tissue groups and their members.
    pub fn groups(&self) -> Result<Vec<GroupInfo>> {
        Ok(self.body.groups())
    }

    /// The muscle fascicles.
    pub fn muscles(&self) -> Result<Vec<MuscleInfo>> {
        Ok(self.body.muscles()?)
    }

    /// The data files and their licences.
    pub fn sources(&self) -> Result<Vec<SourceInfo>> {
        Ok(self.body.sources()?)
    }
}

/// The most probable body of a fit, and as many as asked for that its tests allow.
fn members(fitted: &Fitted, options: EnsembleOptions) -> Result<Members, FitError> {
    Ok(Members {
        most_probable: fitted.most_probable(),
        drawn: fitted.members(options.seed, options.members as usize)?,
        seed: options.seed,
    })
}

/// The report as one self-contained page.
pub fn page(results: &Results) -> String {
    guywire_report::html(results)
}
