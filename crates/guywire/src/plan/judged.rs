//! How many of the bodies that judge a plan reach its goals, each against itself.

use super::search::Search;
use crate::forecast::Rows;
use guywire_math::{quantile, sorted};

impl Search<'_> {
    /// Shares of the judges who reach each goal, and all of them.
    pub(super) fn judged(&self, now: &Rows, end: &Rows) -> (Vec<f64>, f64) {
        let known: Vec<(&[f64], &[f64])> = both(now, end).collect();
        let share = |met: &dyn Fn(&[f64], &[f64]) -> bool| {
            let count = known.iter().filter(|(now, end)| met(now, end)).count();
            count as f64 / known.len().max(1) as f64
        };
        let each = self.each_goal(|goal, k| share(&|now, end| goal.aim.is_met(now[k], end[k])));
        let all = share(&|now: &[f64], end: &[f64]| {
            self.wanted.goals.iter().zip(&self.found).all(|(goal, &k)| goal.aim.is_met(now[k], end[k]))
        });
        (each, all)
    }

    /// How much each goal lacks of the judge who must get there for the probability asked for, in the unit of the goal; below
    /// zero, how much there is to spare.
    pub(super) fn lacks(&self, end: &Rows) -> Vec<f64> {
        self.each_goal(|goal, k| {
            let lacks = sorted(both(&self.judges, end).map(|(now, end)| {
                let (target, at_least) = goal.aim.target(now[k]);
                if at_least { target - end[k] } else { end[k] - target }
            }));
            quantile(&lacks, self.wanted.probability)
        })
    }
}

/// The members of whom two things are known.
pub(super) fn both<'r>(a: &'r Rows, b: &'r Rows) -> impl Iterator<Item = (&'r [f64], &'r [f64])> {
    a.iter().zip(b).filter_map(|(a, b)| Some((a.as_deref()?, b.as_deref()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of one who is lost in either nothing is told, and the others stay with themselves.
    #[test]
    fn everybody_is_compared_with_themselves() {
        let row = |x: f64| Some(vec![x]);
        let (before, after) =
            (vec![row(1.0), None, row(3.0), row(4.0)], vec![row(1.5), row(9.0), None, row(4.25)]);
        let changes: Vec<f64> = both(&before, &after).map(|(a, b)| b[0] - a[0]).collect();
        assert_eq!(changes, [0.5, 0.25]);
    }
}
