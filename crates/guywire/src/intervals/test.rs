//! Clinical tests with their intervals.

use super::Bodies;
use crate::case::Tissue;
use crate::examination::{ExaminationError, Examined};
use crate::results::{PositionResult, READING, TestReading};

impl Bodies<'_> {
    /// Does a test: what is read, and the poses at its end of the most probable body and of the same with reference tissue.
    ///
    /// # Errors
    /// When the most probable body cannot be built, or a pose of it is not found.
    pub fn test(&self, examined: Examined<'_>) -> Result<(TestReading, PositionResult), ExaminationError> {
        let here = &self.members.most_probable;
        let reference = self.reference.scaled_to(&here.person, &Tissue::default())?;
        let usual = examined.trial(1.0).reading(&reference, self.positions, None)?;
        let (told, drawn) =
            examined.beside((&self.most_probable()?, here.tolerance), (&reference, &usual))?;
        let what = format!("test {} {:?} {:?} {here:?}", told.test, told.protocols, told.side);
        let solved = self.solved((&what, vec![(READING.to_owned(), told.reading)]), |body, member| {
            let trial = examined.trial(member.tolerance);
            let (reading, _) = trial.reading(body, self.positions, Some(&usual.1.solution)).ok()?;
            Some(vec![(READING.to_owned(), reading)])
        });
        Ok((TestReading { spread: solved.spread(""), ..told }, drawn))
    }
}
