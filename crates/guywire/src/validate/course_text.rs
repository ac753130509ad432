//! How a programme of weeks is written in `data/evidence/validation.toml`.

use super::course::{Asked, Course, Done};
use super::predict::Arguments;
use crate::adaptation::Deed;

/// Longest programme.
const MOST_WEEKS: f64 = 520.0;

impl Arguments<'_> {
    /// `course(done=…, …, give=…, …)`.
    pub(super) fn course(&mut self) -> Result<Course, String> {
        let done = match self.text("done")? {
            "stretch" => Done::Stretch { hold: self.named_test("hold")? },
            "train" => self.training(Deed::Strengthen)?,
            "train_eccentric" => self.training(Deed::Eccentric)?,
            "roll" => Done::Roll { group: self.group("group")? },
            "sit" => Done::Sit,
            "lie" => Done::Lie,
            "grow" => Done::Grow { age: self.positive("age")?, height_cm: self.positive("height_cm")? },
            other => return Err(format!("nobody knows how to `{other}`")),
        };
        let dose = if matches!(done, Done::Grow { .. } | Done::Lie) { 0.0 } else { self.positive("dose")? };
        let weeks = self.weeks("weeks")?;
        let then = if self.has("then") { self.not_negative("then")? } else { 0.0 };
        let afterwards = (then, self.weeks("later")?);
        let minutes = if self.has("minutes") { self.not_negative("minutes")? } else { 0.0 };
        let asked = match self.text("give")? {
            "change" => Asked::Change { test: self.named_test("test")? },
            "percent" => Asked::Percent { test: self.named_test("test")? },
            "standard" => Asked::Standard { test: self.named_test("test")? },
            "tolerance_share" => Asked::ToleranceShare { test: self.named_test("test")? },
            "left" => Asked::Left { test: self.named_test("test")? },
            "fibers" => Asked::Fibers { group: self.group("of")? },
            "fibers_lost" => Asked::FibersLost { group: self.group("of")? },
            "fibers_left" => Asked::FibersLeft { group: self.group("of")? },
            other => return Err(format!("a course does not give `{other}`")),
        };
        Ok(Course { done, dose, weeks, afterwards, minutes, asked })
    }

    fn training(&mut self, deed: Deed) -> Result<Done, String> {
        let activation = self.positive("activation")?;
        if activation > 1.0 {
            return Err(format!("`activation` is {activation}, more than 1"));
        }
        Ok(Done::Train { group: self.group("group")?, activation, deed })
    }

    fn not_negative(&mut self, key: &'static str) -> Result<f64, String> {
        let number = self.number(key)?;
        if number >= 0.0 { Ok(number) } else { Err(format!("`{key}` is {number}, less than nothing")) }
    }

    fn positive(&mut self, key: &'static str) -> Result<f64, String> {
        let number = self.number(key)?;
        if number > 0.0 { Ok(number) } else { Err(format!("`{key}` is {number}, expected more than 0")) }
    }

    /// None where nothing is said.
    fn weeks(&mut self, key: &'static str) -> Result<usize, String> {
        if !self.has(key) {
            return Ok(0);
        }
        let weeks = self.not_negative(key)?;
        if weeks.fract() != 0.0 || weeks > MOST_WEEKS {
            return Err(format!("`{key}` is {weeks}, expected whole weeks up to {MOST_WEEKS}"));
        }
        Ok(weeks as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::super::predict::{Prediction, Vocabulary};

    fn error(text: &str) -> String {
        Prediction::parse(text, &Vocabulary::for_tests()).err().unwrap_or_default()
    }

    #[test]
    fn courses_are_read() {
        let text = "course(done=stretch,hold=ely,dose=5,weeks=6,later=4,give=left,test=ely)";
        let read = Prediction::parse(text, &Vocabulary::for_tests());
        let Ok(Prediction::Course(course)) = read else { panic!("{read:?}") };
        assert_eq!((course.weeks, course.afterwards, course.dose), (6, (0.0, 4), 5.0));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(error("course(done=swim,dose=1,give=change,test=ely)"), "nobody knows how to `swim`");
        assert_eq!(error("course(done=sit,dose=1,give=joy)"), "a course does not give `joy`");
        assert_eq!(
            error("course(done=sit,dose=1,weeks=1.5,give=change,test=ely)"),
            "`weeks` is 1.5, expected whole weeks up to 520"
        );
        assert_eq!(error("course(done=sit,dose=0,give=change)"), "`dose` is 0, expected more than 0");
        assert_eq!(
            error("course(done=sit,dose=1,minutes=-1,give=change,test=ely)"),
            "`minutes` is -1, less than nothing"
        );
        let training = "course(done=train,group=hamstrings,activation=1.2,dose=9,give=change,test=ely)";
        assert_eq!(error(training), "`activation` is 1.2, more than 1");
    }
}
