//! What weeks make of a person.
//!
//! ```text
//! members of the fit ─┐
//! week, programme ────┼─▶ course of every member ─▶ bands
//! drawn rates ────────┘   (state every week; tests and standing solved at some of them)
//! ```
//!
//! Every member is at home in its week: the week as it is changes nothing of a grown body, and what a programme adds moves
//! it. Member `m` has its own tissue and its own rates, drawn from the seed, so that it is the same however many there are,
//! and neither order nor threads change a bit.

mod bands;
mod number;
mod of_case;
mod person;
mod session;

pub use number::{Number, TestOn};
pub use of_case::Material;
pub use person::{Followed, Rows};
pub use session::Session;

use crate::adaptation::{Exposure, Growing, KnownRates, Mechanisms, Rates, RatesError, State};
use crate::body::{BodyError, ReferenceBody};
use crate::examination::{ExaminationError, Protocols};
use crate::posture::{Positions, PostureError};
use crate::results::ForecastResult;
use crate::study::{Digest, Member, Progress};
use crate::week::{Response, Schedule, WeekError};

/// Share of members without a course beyond which there are no bands: those that are left would no longer be the people that
/// the tests allow. Assumed, as for the ensemble of a report.
const LOST: f64 = 0.05;

/// Longest forecast, weeks: five years; no rate was ever watched for longer.
pub const LONGEST: usize = 260;

/// Why there is no forecast.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// A forecast of no weeks, or of too many.
    #[error("a forecast is of 1 to {LONGEST} weeks, not of {0}")]
    Weeks(usize),
    /// A share that is none.
    #[error("adherence is a share of the sessions, from 0 to 1, not {0}")]
    Adherence(f64),
    /// A table is not what it should be.
    #[error("{0}")]
    Table(String),
    /// The table of rates is not what it should be.
    #[error(transparent)]
    Rates(#[from] RatesError),
    /// The body lacks something.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The week has no solution.
    #[error(transparent)]
    Week(#[from] WeekError),
    /// The most probable body does not stand.
    #[error(transparent)]
    Posture(#[from] PostureError),
    /// A test has no reading on the most probable body.
    #[error(transparent)]
    Examination(#[from] ExaminationError),
    /// Too many members have no course.
    #[error("{lost} of {members} bodies that the tests allow have no course; the first: {first}")]
    Lost {
        /// How many.
        lost: usize,
        /// Of how many.
        members: usize,
        /// What the first of them lacks.
        first: String,
    },
}

/// What a forecast works with.
#[derive(Clone, Copy)]
pub struct Ground<'g> {
    /// The reference body.
    pub reference: &'g ReferenceBody,
    /// The positions.
    pub positions: &'g Positions,
    /// How tests are done.
    pub protocols: &'g Protocols,
    /// What is known of the rates.
    pub rates: &'g KnownRates,
}

/// Who is followed, and in what.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The body that is shown.
    pub most_probable: &'a Member,
    /// Bodies that the tests allow.
    pub members: &'a [Member],
    /// What their rates are drawn with.
    pub seed: u64,
    /// The week as it is.
    pub week: &'a Schedule,
    /// The tests that are followed.
    pub tests: &'a [TestOn<'a>],
}

/// How some weeks are spent otherwise than the week as it is.
#[derive(Clone, Debug)]
pub struct OtherWeek {
    /// In words.
    pub words: String,
    /// First week, from 1.
    pub from: usize,
    /// Last week.
    pub until: usize,
    /// How such a week is spent.
    pub schedule: Schedule,
    /// What such a week does to the person and similar ones.
    pub week: Response,
}

/// What is done for some weeks.
#[derive(Clone, Copy)]
pub struct Doing<'d> {
    /// How many weeks.
    pub weeks: usize,
    /// What is done beside the week.
    pub sessions: &'d [Session],
    /// Share of the sessions that are done.
    pub adherence: f64,
    /// Weeks that are spent otherwise than the week as it is; the first that holds a week counts.
    pub other_weeks: &'d [OtherWeek],
    /// What works.
    pub mechanisms: Mechanisms,
}

impl Doing<'_> {
    /// A digest of all of it.
    fn digest(&self) -> Digest {
        let words = format!("{} {} {:?}", self.weeks, self.adherence, self.mechanisms);
        let weeks = self.other_weeks.iter().map(|o| format!("{} {} {:?}", o.from, o.until, o.schedule));
        let digest = weeks.fold(Digest::default().with(words.as_bytes()), |d, week| d.with(week.as_bytes()));
        self.sessions.iter().fold(digest, |digest, session| session.digest(digest))
    }

    /// Whether it can be done.
    fn check(&self) -> Result<(), ForecastError> {
        if !(1..=LONGEST).contains(&self.weeks) {
            return Err(ForecastError::Weeks(self.weeks));
        }
        if !(0.0..=1.0).contains(&self.adherence) {
            return Err(ForecastError::Adherence(self.adherence));
        }
        Ok(())
    }
}

impl<'a> Followed<'a> {
    /// The bands of what is followed.
    ///
    /// # Errors
    /// When something is asked for that cannot be, or the most probable body or too many members have no course.
    pub fn forecast(
        &self,
        doing: Doing<'_>,
        progress: Progress<'_>,
    ) -> Result<ForecastResult, ForecastError> {
        doing.check()?;
        let courses = self.courses(doing, progress)?;
        bands::gathered(self, doing, &courses)
    }
}

/// The beginning of a course of a body in its week.
fn beginning(member: &Member, week: &Exposure, rates: &Rates) -> State {
    let mut state = State::at_home_in(week, week.muscles.len());
    state.growing = Growing::of(&member.person, rates);
    state
}
