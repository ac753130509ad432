//! What can be wrong with a case file, with the place, what was expected and the nearest valid name.

use super::Date;
use super::quantity::brief;
use super::visit_error::VisitProblem;
use std::fmt;
use std::ops::Range;

/// One problem of a case file or of a `--set` argument.
///
/// The message says what is wrong; [`help`](CaseError::help) says what to write instead. `span` is in
/// bytes of the text that was read and always lies inside it, on character boundaries.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "fields are named as in the messages; `span` is defined above")]
pub enum CaseError {
    /// No case needs a file this long.
    #[error("the file has {bytes} bytes; a case file has at most {limit}")]
    TooLong { bytes: usize, limit: usize, span: Range<usize> },
    /// The text is not TOML.
    #[error("{message}")]
    Syntax { message: String, expected: Option<String>, span: Range<usize> },
    /// A key that no section of this kind has.
    #[error("there is no field `{field}` in {section}")]
    UnknownField {
        field: String,
        section: &'static str,
        nearest: Option<String>,
        valid: Vec<String>,
        span: Range<usize>,
    },
    /// A known field in a section where it does not belong.
    #[error("`{field}` does not belong in {section}")]
    Misplaced { field: String, section: &'static str, belongs: &'static str, span: Range<usize> },
    /// A known quantity without its unit or in another one.
    #[error("there is no field `{field}`: this quantity is given as `{expected}`")]
    WrongUnit { field: String, expected: &'static str, converted: Option<f64>, span: Range<usize> },
    /// A text where a number must stand, and the like.
    #[error("`{field}` must be {expected}, but here is {found}")]
    WrongType {
        field: String,
        expected: &'static str,
        found: String,
        instead: Option<String>,
        span: Range<usize>,
    },
    /// A word that is not one of a few.
    #[error("`{field}` cannot be \"{found}\"")]
    WrongChoice {
        field: String,
        found: String,
        nearest: Option<String>,
        valid: Vec<String>,
        span: Range<usize>,
    },
    /// NaN or infinity.
    #[error("`{field}` must be a finite number, but here is `{found}`")]
    NotFinite { field: String, found: String, span: Range<usize> },
    /// A value that no person has.
    #[error("`{field}` is {}{}; it must lie between {low} and {high}{}", brief(*.value), space(.unit), space(.unit))]
    OutOfRange {
        field: String,
        value: f64,
        low: f64,
        high: f64,
        unit: &'static str,
        instead: Option<String>,
        span: Range<usize>,
    },
    /// Settings that are each possible, but not together.
    #[error(
        "the settings of `{field}` make {} together; they must make between {low} and {high}{}",
        brief(*.value), space(.unit)
    )]
    OutOfRangeTogether {
        field: String,
        value: f64,
        low: f64,
        high: f64,
        unit: &'static str,
        span: Range<usize>,
    },
    /// A field that every case has is absent.
    #[error("`{field}` is missing from {section}")]
    Missing { field: &'static str, section: &'static str, example: &'static str, span: Range<usize> },
    /// A position that nobody knows.
    #[error("there is no position `{name}`")]
    UnknownPosition { name: String, nearest: Option<String>, valid: Vec<String>, span: Range<usize> },
    /// The list of positions is empty.
    #[error("`positions` is empty: there is nothing to solve")]
    NoPositions { span: Range<usize> },
    /// A position listed twice.
    #[error("the position `{name}` is listed twice")]
    RepeatedPosition { name: String, first: Range<usize>, span: Range<usize> },
    /// A tissue group, muscle or joint that the body does not have.
    #[error("the body has no tissue group or muscle `{name}`")]
    UnknownTissue { name: String, nearest: Option<String>, valid: Vec<String>, span: Range<usize> },
    /// A property that this tissue does not have.
    #[error("`{tissue}` has no property `{property}`")]
    UnknownProperty {
        tissue: String,
        property: String,
        nearest: Option<String>,
        valid: Vec<String>,
        span: Range<usize>,
    },
    /// A side of what lies in the middle.
    #[error("`{tissue}` has no {side} side")]
    NoSides { tissue: String, side: String, span: Range<usize> },
    /// `left` or `right` where a tissue must stand.
    #[error("`{side}` stands where a tissue must stand")]
    SideFirst { side: String, span: Range<usize> },
    /// Segments that add up to more than the person.
    #[error("thigh, shank and trunk are {sum_cm} cm together, more than the height of {height_cm} cm")]
    LongerThanPerson { sum_cm: f64, height_cm: f64, span: Range<usize> },
    /// Height and mass that do not belong to one person.
    #[error(
        "{mass_kg} kg at {height_cm} cm is a body mass index of {bmi:.0}; nobody lives outside {low} to {high}"
    )]
    ImpossibleBuild { mass_kg: f64, height_cm: f64, bmi: f64, low: f64, high: f64, span: Range<usize> },
    /// A measure of the person that shapes the built-in body, in a case with a body of its own.
    #[error("`{field}` shapes the built-in body, and this case has a `[body]` of its own")]
    NotForModel { field: String, span: Range<usize> },
    /// A file that a case names and that cannot be used.
    #[error("`{field}` = \"{path}\" cannot be used: {problem}")]
    UnusableFile { field: &'static str, path: String, problem: String, span: Range<usize> },
    /// A visit that cannot be.
    #[error("{problem}")]
    Visit { problem: Box<VisitProblem>, span: Range<usize> },
    /// A day that has not come.
    #[error("`{field}` = {date} lies in the future: today is {today} at the latest")]
    InFuture { field: &'static str, date: Date, today: Date, span: Range<usize> },
    /// An activity that nobody knows.
    #[error("there is no activity `{name}`")]
    UnknownActivity { name: String, nearest: Option<String>, valid: Vec<String>, span: Range<usize> },
    /// An exercise that nobody knows.
    #[error("there is no exercise `{name}`")]
    UnknownExercise { name: String, nearest: Option<String>, valid: Vec<String>, span: Range<usize> },
    /// A bound of pain that is none.
    #[error("`{text}` is no bound of pain: {why}")]
    WrongPainLimit { text: String, why: String, nearest: Option<String>, span: Range<usize> },
    /// Entries of the diary not in the order of their days.
    #[error("the entry of {date} stands after that of {earlier}")]
    DiaryOrder { date: Date, earlier: Date, first: Range<usize>, span: Range<usize> },
    /// Two entries of one day about the same.
    #[error("there are two entries of {date} about {about}")]
    RepeatedEntry { date: Date, about: String, first: Range<usize>, span: Range<usize> },
    /// A field of an activity that it does not have.
    #[error("`{field}` does not belong to `{activity}`: {why}")]
    NotOfActivity { field: String, activity: String, why: &'static str, span: Range<usize> },
    /// A week of more hours than there are.
    #[error("the activities of the week take {} hours together; a week has {limit}", brief(*.hours))]
    TooManyHours { hours: f64, limit: f64, span: Range<usize> },
    /// An end before its beginning.
    #[error("`until` = {until} lies before `from` = {from}")]
    EndsBefore { from: Date, until: Date, span: Range<usize> },
    /// A `--set` argument that is not of the form `tissue.property=value`.
    #[error("`{text}` is not a setting")]
    NotASetting { text: String, span: Range<usize> },
}

fn space(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

impl CaseError {
    /// Where it is, in bytes of the text.
    pub fn span(&self) -> Range<usize> {
        use CaseError as E;
        match self {
            E::TooLong { span, .. }
            | E::Syntax { span, .. }
            | E::UnknownField { span, .. }
            | E::Misplaced { span, .. }
            | E::WrongUnit { span, .. }
            | E::WrongType { span, .. }
            | E::WrongChoice { span, .. }
            | E::NotFinite { span, .. }
            | E::OutOfRange { span, .. }
            | E::OutOfRangeTogether { span, .. }
            | E::Missing { span, .. }
            | E::UnknownPosition { span, .. }
            | E::NoPositions { span }
            | E::RepeatedPosition { span, .. }
            | E::UnknownTissue { span, .. }
            | E::UnknownProperty { span, .. }
            | E::NoSides { span, .. }
            | E::SideFirst { span, .. }
            | E::LongerThanPerson { span, .. }
            | E::ImpossibleBuild { span, .. }
            | E::NotForModel { span, .. }
            | E::UnusableFile { span, .. }
            | E::Visit { span, .. }
            | E::InFuture { span, .. }
            | E::UnknownActivity { span, .. }
            | E::UnknownExercise { span, .. }
            | E::WrongPainLimit { span, .. }
            | E::DiaryOrder { span, .. }
            | E::RepeatedEntry { span, .. }
            | E::NotOfActivity { span, .. }
            | E::TooManyHours { span, .. }
            | E::EndsBefore { span, .. }
            | E::NotASetting { span, .. } => span.clone(),
        }
    }

    /// Another place that belongs to it, with what is there.
    pub fn related(&self) -> Option<(Range<usize>, &'static str)> {
        match self {
            CaseError::RepeatedPosition { first, .. } => Some((first.clone(), "first listed here")),
            CaseError::DiaryOrder { first, .. } => Some((first.clone(), "the later one")),
            CaseError::RepeatedEntry { first, .. } => Some((first.clone(), "the first one")),
            CaseError::Visit { problem, .. } => problem.related(),
            _ => None,
        }
    }

    /// The valid name that the wrong one was most likely meant to be.
    pub fn nearest(&self) -> Option<&str> {
        use CaseError as E;
        match self {
            E::UnknownField { nearest, .. }
            | E::WrongChoice { nearest, .. }
            | E::UnknownPosition { nearest, .. }
            | E::UnknownActivity { nearest, .. }
            | E::UnknownExercise { nearest, .. }
            | E::WrongPainLimit { nearest, .. }
            | E::UnknownTissue { nearest, .. }
            | E::UnknownProperty { nearest, .. } => nearest.as_deref(),
            E::WrongUnit { expected, .. } => Some(expected),
            E::Visit { problem, .. } => problem.nearest(),
            _ => None,
        }
    }

    /// What to write instead, where that can be said.
    pub fn help(&self) -> Option<String> {
        use CaseError as E;
        match self {
            E::Syntax { expected, .. } => expected.as_ref().map(|expected| format!("expected {expected}")),
            E::UnknownField { nearest, valid, .. }
            | E::WrongChoice { nearest, valid, .. }
            | E::UnknownPosition { nearest, valid, .. }
            | E::UnknownActivity { nearest, valid, .. }
            | E::UnknownProperty { nearest, valid, .. } => Some(choose(nearest.as_deref(), valid)),
            E::UnknownExercise { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?")),
            E::UnknownExercise { nearest: None, .. } => {
                Some("`guywire exercise --list` names them all".into())
            }
            E::WrongPainLimit { nearest, .. } => nearest.as_ref().map(|name| format!("did you mean `{name}`?")),
            E::DiaryOrder { .. } => Some("entries stand in the order of their days".into()),
            E::RepeatedEntry { .. } => Some("write one entry, with all sessions of the day in `done`".into()),
            E::UnknownTissue { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?")),
            E::UnknownTissue { valid, .. } => {
                Some(format!("give a single muscle by its name, or one of {}", listed(valid)))
            }
            E::Misplaced { belongs, .. } => Some(format!("it belongs {belongs}")),
            E::WrongUnit { expected, converted: Some(value), .. } => {
                Some(format!("write `{expected} = {value}`"))
            }
            E::WrongUnit { expected, .. } => Some(format!("write `{expected} = …`, in that unit")),
            E::WrongType { instead, .. } | E::OutOfRange { instead, .. } => instead.clone(),
            E::OutOfRangeTogether { .. } => Some(
                "what is set for both sides and for one side combines: factors multiply, tone and degrees add".into(),
            ),
            E::Missing { example, .. } => Some(format!("for example `{example}`")),
            E::NoPositions { .. } => Some("for example `positions = [\"standing\"]`".into()),
            E::NoSides { tissue, .. } => Some(format!("write `{tissue}` without a side")),
            E::SideFirst { side, .. } => {
                Some(format!("the side comes after the tissue, as in `hip_flexors.{side}`"))
            }
            E::LongerThanPerson { .. } => {
                Some("thigh and shank are measured between joint centres, the trunk from S1 to C7".into())
            }
            E::ImpossibleBuild { .. } => Some("check both numbers and their units".into()),
            E::NotASetting { .. } => Some(
                "a setting is `tissue.property=value`, for example `hip_flexors.length=0.9` \
                 or `hamstrings.left.tone=0.05`"
                    .into(),
            ),
            E::NotForModel { .. } => {
                Some("leave it out; `guywire scale` fits a model to a person's measures".into())
            }
            E::Visit { problem, .. } => Some(problem.help()),
            E::TooLong { .. } => {
                Some("a case is one person; repeats of a test on one day are one entry, `readings = […]`".into())
            }
            E::InFuture { field, .. } => {
                Some(format!("a date is year-month-day, as in `{field} = 2026-03-02`"))
            }
            E::TooManyHours { .. } => Some(
                "leave out hours, or tell activities that go together as one; what is not told counts as not known".into(),
            ),
            E::EndsBefore { .. } => Some("the days are the first and the last on which it was done".into()),
            E::NotFinite { .. } | E::NotOfActivity { .. } | E::RepeatedPosition { .. } | E::UnusableFile { .. } => None,
        }
    }

    /// Line and column, both from 1, the column in characters, of the place in `text`.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.span().start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

fn choose(nearest: Option<&str>, valid: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("valid here: {}", listed(valid)),
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Everything that is wrong with a case, in the order of the text; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseErrors(Vec<CaseError>);

impl CaseErrors {
    /// `value` if nothing is wrong, else all `errors`, each pointing inside `text`.
    pub(super) fn or<T>(value: Option<T>, mut errors: Vec<CaseError>) -> Result<T, CaseErrors> {
        errors.sort_by_key(|error| (error.span().start, error.span().end));
        match value {
            Some(value) if errors.is_empty() => Ok(value),
            _ => {
                debug_assert!(!errors.is_empty(), "a case is incomplete only where something was reported");
                Err(CaseErrors(errors))
            }
        }
    }

    /// One problem that only who opens files can find.
    pub fn one(error: CaseError) -> CaseErrors {
        CaseErrors(vec![error])
    }

    /// The problems, in the order of the text.
    pub fn as_slice(&self) -> &[CaseError] {
        &self.0
    }

    /// `file:line:column: message; help`, one line a problem.
    pub fn describe(&self, file: &str, text: &str) -> String {
        let lines = self.0.iter().map(|error| {
            let (line, column) = error.line_and_column(text);
            let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
            format!("{file}:{line}:{column}: {error}{help}")
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl fmt::Display for CaseErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(f, "{one}"),
            many => {
                write!(f, "{} problems", many.len())?;
                many.iter().try_for_each(|error| write!(f, "\n  {error}"))
            }
        }
    }
}

impl std::error::Error for CaseErrors {}
