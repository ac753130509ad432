//! Weeks with their intervals.

use super::Bodies;
use crate::results::WeekResult;
use crate::week::{Schedule, Similar, WeekError};

impl Bodies<'_> {
    /// What every activity of a week does.
    ///
    /// # Errors
    /// When the most probable body cannot be built, or a scene of it has no equilibrium.
    pub fn week(&self, schedule: &Schedule) -> Result<WeekResult, WeekError> {
        let body = self.most_probable()?;
        let similar = Similar::to(&body, self.positions, schedule)?;
        let told = similar.told(&body);
        // How a body is looked for depends on the one that was found before.
        let what = format!("week {schedule:?} {:?}", self.members.most_probable);
        let solved = self.solved((&what, told.numbers()), |body, _| Some(similar.week(body).ok()?.numbers()));
        Ok(WeekResult { spread: solved.spread(""), ..told })
    }
}
