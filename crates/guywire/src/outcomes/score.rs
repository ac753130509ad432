//! Scores of outcome measures with what is missing.
//!
//! Rules and their sources: `data/evidence/outcomes.toml`.

use super::evidence::Measure;
use crate::case::{Activity, RolandMorris, StartBack};
use crate::results::Risk;

/// Items of the Roland-Morris questionnaire.
const ROLAND_ITEMS: f64 = 24.0;
/// First item of STarT Back's part on worry and mood.
const FIRST_OF_DISTRESS: u8 = 5;
/// From so many of it on the risk is high.
const HIGH_DISTRESS: usize = 4;
/// From so many of all nine on the risk is medium.
const MEDIUM_TOTAL: usize = 4;

/// A score, or between what bounds it lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The score; none where too much is missing.
    pub value: Option<f64>,
    /// Lowest that the answers allow.
    pub low: f64,
    /// Highest that the answers allow.
    pub high: f64,
    /// Items without an answer.
    pub missing: usize,
}

impl Score {
    /// A score without missing items.
    pub fn whole(value: f64) -> Score {
        Score { value: Some(value), low: value, high: value, missing: 0 }
    }
}

/// The sum of ticked statements; in proportion to the answered ones while few are missing.
pub fn roland_morris(answers: &RolandMorris, measure: &Measure) -> Score {
    let (ticked, unanswered) = match answers {
        RolandMorris::Total(total) => return Score::whole(f64::from(*total)),
        RolandMorris::Items { ticked, unanswered } => (ticked.len(), unanswered.len()),
    };
    let (sum, missing) = (ticked as f64, unanswered as f64);
    let few = unanswered <= usize::from(measure.most_missing.unwrap_or(0));
    let value = few.then(|| sum / (ROLAND_ITEMS - missing) * ROLAND_ITEMS);
    Score { value, low: sum, high: sum + missing, missing: unanswered }
}

/// Mean of the rated activities.
pub fn patient_specific(activities: &[Activity], measure: &Measure) -> Score {
    let rated: Vec<f64> = activities.iter().filter_map(|activity| activity.score).collect();
    let [lowest, highest] = measure.scale;
    let sum: f64 = rated.iter().sum();
    let (of_all, missing) = (activities.len().max(1) as f64, activities.len() - rated.len());
    Score {
        value: (!rated.is_empty()).then(|| sum / rated.len() as f64),
        low: (sum + lowest * missing as f64) / of_all,
        high: (sum + highest * missing as f64) / of_all,
        missing,
    }
}

/// STarT Back: its total, the part on worry and mood, and the risk group if no missing answer could change it.
#[derive(Clone, Debug, PartialEq)]
pub struct StartBackScore {
    /// Of nine.
    pub total: Score,
    /// Of five, items 5 to 9.
    pub distress: Score,
    /// The group.
    pub risk: Option<Risk>,
}

/// Scores the nine items.
pub fn start_back(answers: &StartBack) -> StartBackScore {
    let distress = |items: &[u8]| items.iter().filter(|item| **item >= FIRST_OF_DISTRESS).count();
    let total = (answers.agreed.len(), answers.unanswered.len());
    let part = (distress(&answers.agreed), distress(&answers.unanswered));
    let score = |(agreed, missing): (usize, usize)| {
        let (low, high) = (agreed as f64, (agreed + missing) as f64);
        Score { value: (missing == 0).then_some(low), low, high, missing }
    };
    // The group rises with every answer, so the two ends decide.
    let least = group(total.0, part.0);
    let most = group(total.0 + total.1, part.0 + part.1);
    StartBackScore { total: score(total), distress: score(part), risk: (least == most).then_some(least) }
}

fn group(total: usize, distress: usize) -> Risk {
    match (total, distress) {
        (_, HIGH_DISTRESS..) => Risk::High,
        (MEDIUM_TOTAL.., _) => Risk::Medium,
        _ => Risk::Low,
    }
}
