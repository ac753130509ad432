//! What of a case decides a plan: which exercises are not for the person, and which hours could be spent otherwise.

use super::{PlanError, Swap};
use crate::case::{Audience, Case};
use crate::exercise::{Against, Exercise, Kind, Library, against};
use crate::results::{LeftOutExercise, Screening};
use crate::week::{Activities, Schedule};

/// Below this age no programme begins without an examination, years (`under_16` of the library).
const YOUNG: f64 = 16.0;
/// Hours a week that are moved to see what one is worth: small beside a week, large beside what a search leaves.
const MOVED: f64 = 5.0;
/// Activities of fewer hours a week are not asked to change.
const LEAST_HOURS: f64 = 5.0;
/// What hours may be spent with instead.
const INSTEAD: [&str; 2] = ["standing", "walking"];

/// Exercises that are not for this person, and why. Nobody but a clinician is given one that a clinician must do, and none is
/// left below 16 years before an examination.
pub fn left_out(library: &Library, case: &Case, screening: &Screening) -> Vec<LeftOutExercise> {
    let clinician = screening.audience == Audience::Clinician;
    let young = case.person.age < YOUNG && !screening.examination_counts;
    let why = |exercise: &Exercise| -> Option<String> {
        if young {
            return Some(library.general.under_16.clone());
        }
        if screening.stops_self_care() && !clinician {
            return Some("a clinician must see this person first".to_owned());
        }
        if matches!(exercise.kind, Kind::Position | Kind::Activity) {
            return Some("a habit, no exercise".to_owned());
        }
        let spoken = speaks_against((library, exercise), case, screening.audience);
        spoken.or_else(|| lacks(library, exercise, case.plan.equipment.as_deref()?))
    };
    let left =
        library.all().iter().filter_map(|e| Some(LeftOutExercise { exercise: e.name.clone(), why: why(e)? }));
    left.collect()
}

/// Why an exercise is not for this person: who may do it, or what the answers of the case say.
pub fn speaks_against(
    (library, exercise): (&Library, &Exercise),
    case: &Case,
    audience: Audience,
) -> Option<String> {
    if exercise.clinician_only && audience != Audience::Clinician {
        return Some("only a clinician may do it".to_owned());
    }
    let found = against(library, exercise, case);
    found.into_iter().find(|c| c.found == Against::Yes.name()).map(|c| c.text)
}

/// What an exercise needs beyond what there is.
fn lacks(library: &Library, exercise: &Exercise, there_is: &[String]) -> Option<String> {
    let lacking = exercise.equipment.iter().zip(library.needs(exercise));
    let lacking: Vec<String> =
        lacking.filter(|(name, _)| !there_is.contains(name)).map(|(_, words)| words).collect();
    (!lacking.is_empty()).then(|| format!("it needs {}", lacking.join(" and ")))
}

/// What of an exercise nobody asked this person about.
pub fn to_ask(library: &Library, case: &Case, exercise: &str) -> Vec<String> {
    let Ok(exercise) = library.get(exercise) else { return Vec::new() };
    let open = against(library, exercise, case).into_iter().filter(|c| c.found == Against::NotAsked.name());
    open.map(|c| c.text).collect()
}

/// Weeks in which some hours of what takes most of the day are spent otherwise.
///
/// # Errors
/// When the week has an activity that there is not.
pub fn swaps(case: &Case, activities: &Activities) -> Result<Vec<Swap>, PlanError> {
    let mut list = Vec::new();
    for (at, habit) in case.week.iter().enumerate() {
        let told = activities.get(&habit.activity)?;
        if habit.hours < LEAST_HOURS || told.is_sleep() || INSTEAD.contains(&habit.activity.as_str()) {
            continue;
        }
        for name in INSTEAD {
            let hours = MOVED.min(habit.hours);
            let mut week = case.week.clone();
            week[at].hours -= hours;
            week[at].repetitions = None;
            let mut more = habit.clone();
            (more.activity, more.hours, more.repetitions, more.lead) = (name.to_owned(), hours, None, None);
            week.push(more);
            let (instead_of, activity) = (told.title.clone(), activities.get(name)?.title.clone());
            list.push(Swap { instead_of, activity, hours, week: Schedule::of(&week, activities)? });
        }
    }
    Ok(list)
}
