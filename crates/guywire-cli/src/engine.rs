//! The model behind the commands: the only place that names the modules that solve.

use crate::arguments::EnsembleOptions;
use anyhow::{Context, Result};
use guywire::adaptation::{KnownRates, Mechanisms};
use guywire::body::export::ExportNote;
use guywire::body::foreign::ForeignBody;
use guywire::body::{Body, ReferenceBody};
use guywire::case::{Case, Date, ReportOptions, TestVocabulary, Tissue, Vocabulary};
use guywire::examination::{Examined, Protocol, Protocols};
use guywire::exercise::{self, Exercise, ExerciseError, Kind, Library, Ranked, Way};
use guywire::fit::{FitError, Fitted};
use guywire::forecast::{Doing, Followed, Material};
use guywire::plan::{Doer, Goal, Programme, Wanted};
use guywire::posture::{Positions, PostureError};
use guywire::results::{
    DiaryResult, ExerciseResult, FitResult, ForecastResult, PlanResult, PositionResult, ProgrammeExercise,
    RateSource, Results, Screening, Solved, TestReading, ValidationRow, Visits, WeekResult,
};
use guywire::screening::RuleSet;
use guywire::side::Side;
use guywire::study::{Asked, Members, Memory, NoShelf, Place, Shelf, Subject, Tested};
use guywire::week::{Activities, Schedule};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use guywire::body::{Group as GroupInfo, MuscleInfo, SourceInfo};

/// To be called with (done, of how many, doing what).
pub type Progress<'p> = &'p (dyn Fn(usize, usize, &str) + Sync);

/// What postures are asked for: a case, or another model with a state of its tissues.
#[derive(Debug)]
pub enum Subjects {
    /// A person.
    Case(Box<Case>),
    /// A person for whom a model stands.
    CaseAs(Box<Case>, Box<ForeignBody>),
    /// Another model, all positions.
    Model(Box<ForeignBody>, Tissue),
}

impl Subjects {
    /// Whom or what it is about.
    pub fn name(&self) -> &str {
        match self {
            Self::Case(case) | Self::CaseAs(case, _) => &case.person.name,
            Self::Model(model, _) => model.name(),
        }
    }

    /// The case, if it is about a person.
    pub fn case(&self) -> Option<&Case> {
        match self {
            Self::Case(case) | Self::CaseAs(case, _) => Some(case),
            Self::Model(..) => None,
        }
    }

    /// The state of the tissues.
    pub fn tissue(&self) -> &Tissue {
        match self {
            Self::Case(case) | Self::CaseAs(case, _) => &case.tissue,
            Self::Model(_, tissue) => tissue,
        }
    }

    /// The same, to be changed.
    pub fn tissue_mut(&mut self) -> &mut Tissue {
        match self {
            Self::Case(case) | Self::CaseAs(case, _) => &mut case.tissue,
            Self::Model(_, tissue) => tissue,
        }
    }

    /// Whether tests may say otherwise than the tissue that is stated.
    pub fn has_readings(&self) -> bool {
        match self {
            Self::Case(case) => case.visits.iter().any(|visit| !visit.readings.is_empty()),
            Self::CaseAs(..) | Self::Model(..) => false,
        }
    }

    /// What was assumed about a model.
    pub fn caveats(&self) -> &[String] {
        match self {
            Self::Case(_) => &[],
            Self::Model(model, _) | Self::CaseAs(_, model) => model.caveats(),
        }
    }

    /// The names that settings may use.
    pub fn vocabulary(&self, engine: &Engine) -> Result<Vocabulary> {
        match self {
            Self::Case(_) => engine.vocabulary(),
            Self::Model(model, _) | Self::CaseAs(_, model) => Engine::model_vocabulary(model),
        }
    }
}

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

    /// Does a clinical test on a person's body: what is read, and the poses at its end.
    pub fn test(
        &self,
        case: &Case,
        (test, protocol): (&TestVocabulary, &Protocol),
        side: Option<Side>,
    ) -> Result<(TestReading, PositionResult)> {
        let [body, reference] =
            [&case.tissue, &Tissue::default()].map(|tissue| self.body.scaled_to(&case.person, tissue));
        let examined = Examined { positions: &Positions::read()?, test, protocol, side };
        Ok(examined.result(&body?, &reference?)?)
    }

    /// The library of exercises.
    pub fn exercises(&self) -> Result<Library> {
        Ok(Library::read()?)
    }

    /// Does an exercise on a person's body: what it does, and its poses.
    pub fn exercise(
        &self,
        case: &Case,
        (library, exercise): (&Library, &Exercise),
        way: Way,
    ) -> Result<(ExerciseResult, Vec<PositionResult>)> {
        let body = self.body.scaled_to(&case.person, &case.tissue)?;
        let asked = exercise::Asked { positions: &Positions::read()?, library, exercise, way, case };
        Ok(exercise::told(asked, &body, &self.body.groups())?)
    }

    /// The exercises of a plan's text.
    pub fn programme(&self, plan: &str) -> Result<Programme> {
        Ok(Programme::from_text(plan, &Library::read()?)?)
    }

    /// The exercises of a plan's text as the person does them in so many weeks, with the most probable body; of both sides, the
    /// right one.
    pub fn drawn(&self, case: &Case, plan: &str, weeks: usize) -> Result<Vec<ProgrammeExercise>> {
        let (library, positions) = (Library::read()?, Positions::read()?);
        let programme = Programme::from_text(plan, &library)?;
        if programme.exercises.is_empty() {
            return Ok(Vec::new());
        }
        let body = self.likely_body(case)?;
        let groups = self.body.groups();
        let drawn = programme.exercises.iter().map(|given| {
            let exercise = library.get(&given.name)?;
            let way = Way { side: given.side.unwrap_or(Side::Right), cued: true };
            let asked = exercise::Asked { positions: &positions, library: &library, exercise, way, case };
            let (told, poses) = exercise::told(asked, &body, &groups)?;
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

    /// Ranks the library for a target of a person's body.
    pub fn rank(
        &self,
        case: &Case,
        library: &Library,
        target: &str,
        kind: Option<Kind>,
    ) -> Result<Ranked, ExerciseError> {
        let body = self.body.scaled_to(&case.person, &case.tissue)?;
        let groups = self.body.groups();
        let target = exercise::Target::read(target, &body, &groups)?;
        let positions = Positions::read().map_err(PostureError::from)?;
        exercise::rank((&body, &groups), &positions, (library, case), target, kind)
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
    pub fn report(
        &self,
        asked: &Subjects,
        ensemble: EnsembleOptions,
        shelf: &dyn Shelf,
        progress: Progress<'_>,
    ) -> Result<Results> {
        Ok(match asked {
            Subjects::Case(case) => match self.fitted(case, progress) {
                Ok(fitted) => {
                    let members = members(&fitted, ensemble)?;
                    let tested = Tested { fit: &fitted.result, members: &members, shelf };
                    guywire::study::report_tested(&self.body, case, tested, progress)?
                }
                Err(FitError::NoReadings) => guywire::study::report(&self.body, case, progress)?,
                Err(problem) => {
                    let mut results = guywire::study::report(&self.body, case, progress)?;
                    results.warnings.push(format!(
                        "The tests of the visits were not fitted ({problem}): what follows is the body as the case states it."
                    ));
                    results
                }
            },
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
        ensemble: EnsembleOptions,
        shelf: &dyn Shelf,
        progress: Progress<'_>,
    ) -> Result<ForecastResult> {
        let library = Library::read()?;
        let programme = Programme::from_text(plan, &library)?;
        let (mut found, odd) = self.followed(case, (&[], ensemble), shelf, progress, |person, doer| {
            let sessions = programme.sessions(doer, &library)?;
            let other_weeks = &programme.other_weeks(&case.week, |week| person.other_week(week))?;
            let doing = Doing { weeks, sessions: &sessions, adherence, other_weeks, mechanisms };
            Ok(person.forecast(doing, progress)?)
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
        ensemble: EnsembleOptions,
        shelf: &dyn Shelf,
        progress: Progress<'_>,
    ) -> Result<PlanResult> {
        let library = Library::read()?;
        let more: Vec<String> = goals.iter().map(|goal| goal.asked.clone()).collect();
        // The same body is followed through the same weeks more than once.
        let memory = Memory::before(shelf);
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
        let (mut found, odd) =
            self.followed(case, (&more, ensemble), &memory, progress, |person, doer| {
                Ok(guywire::plan::plan(person, doer, wanted, progress)?)
            })?;
        found.forecast.limits.splice(0..0, odd);
        Ok(found)
    }

    /// What a case's diary says of the exercises of a plan's text: the plan as it was read, and what becomes of it.
    pub fn diary(&self, case: &Case, screening: &Screening, plan: &str) -> Result<(Programme, DiaryResult)> {
        let library = Library::read()?;
        let programme = Programme::from_text(plan, &library)?;
        let mut left_out = guywire::plan::left_out(&library, case, screening);
        if !case.plan.painful.is_empty() {
            let (body, groups, positions) =
                (&self.likely_body(case)?, &self.body.groups(), &Positions::read()?);
            let doer = Doer { body, groups, positions, place: Place::on(&NoShelf) };
            left_out.extend(programme.hurting(doer, &library, &case.plan.painful)?);
        }
        let found = programme.reviewed(&library, case, &left_out)?;
        Ok((programme, found))
    }

    /// What is found by following a person's bodies with all numbers that goals name; and, in sentences, which changes between visits
    /// nothing explains.
    fn followed<T>(
        &self,
        case: &Case,
        (goals, ensemble): (&[String], EnsembleOptions),
        shelf: &dyn Shelf,
        progress: Progress<'_>,
        find: impl FnOnce(&Followed<'_>, Doer<'_>) -> Result<T>,
    ) -> Result<(T, Vec<String>)> {
        let (members, rates, odd) = self.members(case, ensemble, progress)?;
        let material = Material::of(&self.body, case, members, goals)?.with_rates(rates);
        let tests = material.tests()?;
        let person = Followed::new(material.ground(), material.asked(&tests))?.kept_on(shelf);
        let groups = self.body.groups();
        let positions = Positions::read()?;
        let place = person.place_of_body();
        let doer = Doer { body: person.body(), groups: &groups, positions: &positions, place };
        Ok((find(&person, doer)?, odd))
    }

    /// The bodies that a case's tests allow, or that its statements do where there are no readings; what is known of the person's
    /// rates; and, in sentences, which changes between visits these do not explain.
    fn members(
        &self,
        case: &Case,
        ensemble: EnsembleOptions,
        progress: Progress<'_>,
    ) -> Result<(Members, KnownRates, Vec<String>)> {
        let mut odd = Vec::new();
        let (members, rates) = match self.fitted(case, progress) {
            Ok(fitted) => {
                progress(0, 1, "rates");
                let (rates, unexplained) = guywire::own_rates::of_case(&self.body, case, &fitted)?;
                let tests = TestVocabulary::all()?;
                odd.extend(unexplained.iter().map(|change| change.in_words(&tests)));
                (members(&fitted, ensemble)?, rates)
            }
            Err(FitError::NoReadings) => {
                let draws = (ensemble.seed, ensemble.members as usize);
                (Members::as_stated(&case.person, &case.tissue, draws), KnownRates::read()?)
            }
            Err(problem) => return Err(problem.into()),
        };
        Ok((members.completed(&self.body, &case.tissue)?, rates, odd))
    }

    /// Everybody's rates, and where they come from.
    pub fn rates(&self) -> Result<Vec<RateSource>> {
        Ok(KnownRates::read()?.sources()?)
    }

    /// What the body leaves out.
    pub fn limits(&self) -> Vec<String> {
        guywire::study::body_limits()
    }

    /// What every hour of a person's week does.
    pub fn week(&self, case: &Case) -> Result<WeekResult> {
        let schedule = Schedule::of(&case.week, &Activities::read()?)?;
        let body = self.body.scaled_to(&case.person, &case.tissue)?;
        Ok(guywire::week::told(&body, &Positions::read()?, &schedule)?)
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
