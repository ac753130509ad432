//! From what a person tells of their week to hours of every scene.

use super::{Activities, Scene, WeekError};
use crate::case::Habit;
use crate::side::Side;

/// Hours of a week.
pub const HOURS_OF_A_WEEK: f64 = 168.0;

/// Hours of sleep that are assumed where none are told: eight a night.
pub const SLEEP_HOURS: f64 = 56.0;

/// How sleep is spent where nobody says.
const SLEEP: &str = "sleeping";

/// An activity of a week.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name.
    pub activity: String,
    /// Its name in words.
    pub title: String,
    /// The leg that goes first, where one does.
    pub lead: Option<Side>,
    /// Hours a week.
    pub hours: f64,
    /// Times a week, where it was told so.
    pub repetitions: Option<f64>,
    /// Whether it was assumed, not told.
    pub assumed: bool,
    /// Its scenes, by their place in [`Schedule::scenes`], with the hours of each.
    pub scenes: Vec<(usize, f64)>,
}

/// A week as hours of scenes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    /// The activities, in the order in which they are first told.
    pub entries: Vec<Entry>,
    /// Every scene once.
    pub scenes: Vec<Scene>,
}

impl Schedule {
    /// The week of these habits. Entries of one activity add up; sleep is assumed where none is told.
    ///
    /// # Errors
    /// When there is no such activity.
    pub fn of(habits: &[Habit], activities: &Activities) -> Result<Self, WeekError> {
        let mut schedule = Self::default();
        let mut sleep_is_told = false;
        for habit in habits {
            sleep_is_told |= activities.get(&habit.activity)?.is_sleep();
            schedule.add(activities, habit, false)?;
        }
        let hours = SLEEP_HOURS.min(schedule.unknown_hours());
        if !sleep_is_told && hours > 0.0 {
            let sleep = Habit {
                activity: SLEEP.to_owned(),
                hours,
                repetitions: None,
                lead: None,
                span: 0..0,
                line: 0,
            };
            schedule.add(activities, &sleep, true)?;
        }
        Ok(schedule)
    }

    /// A week of one hour of an activity.
    ///
    /// # Errors
    /// When there is no such activity.
    pub fn hour(activities: &Activities, activity: &str, lead: Option<Side>) -> Result<Self, WeekError> {
        let mut schedule = Self::default();
        let name = activity.to_owned();
        let habit = Habit { activity: name, hours: 1.0, repetitions: None, lead, span: 0..0, line: 0 };
        schedule.add(activities, &habit, false)?;
        Ok(schedule)
    }

    fn add(&mut self, activities: &Activities, habit: &Habit, assumed: bool) -> Result<(), WeekError> {
        let activity = activities.get(&habit.activity)?;
        let known = self.entries.iter().position(|e| e.activity == activity.name && e.lead == habit.lead);
        let at = known.unwrap_or_else(|| {
            self.entries.push(Entry {
                activity: activity.name.clone(),
                title: activity.title.clone(),
                lead: habit.lead,
                hours: 0.0,
                repetitions: None,
                assumed,
                scenes: Vec::new(),
            });
            self.entries.len() - 1
        });
        for part in activities.parts(activity, habit.lead)? {
            let scene = self.scenes.iter().position(|scene| *scene == part.scene).unwrap_or_else(|| {
                self.scenes.push(part.scene.clone());
                self.scenes.len() - 1
            });
            let hours = part.share * habit.hours;
            let scenes = &mut self.entries[at].scenes;
            match scenes.iter_mut().find(|(s, _)| *s == scene) {
                Some((_, known)) => *known += hours,
                None => scenes.push((scene, hours)),
            }
        }
        let entry = &mut self.entries[at];
        entry.hours += habit.hours;
        if let Some(more) = habit.repetitions {
            entry.repetitions = Some(entry.repetitions.unwrap_or(0.0) + more);
        }
        Ok(())
    }

    /// Hours of which nothing is known.
    pub fn unknown_hours(&self) -> f64 {
        let known: f64 = self.entries.iter().map(|entry| entry.hours).sum();
        (HOURS_OF_A_WEEK - known).max(0.0)
    }
}
