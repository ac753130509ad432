//! What in the visits looks like a slip, but may be true.
//!
//! Asked are: repeats that differ by more than one examiner's error, a sign that is unusual while its opposite is
//! usual, sides that differ far more than people's do, and sides that seem to change places between two visits.
//! Nothing is corrected.

use super::quantity::brief;
use super::visit::{Question, Reading, Visit};
use super::{TestVocabulary, Vocabulary};
use crate::side::Side;

/// All questions, in the order of the text.
pub(super) fn questions(visits: &[Visit], vocabulary: &Vocabulary) -> Vec<Question> {
    let mut questions = Vec::new();
    for (i, visit) in visits.iter().enumerate() {
        for reading in &visit.readings {
            let Some(test) = vocabulary.test(&reading.test) else { continue };
            questions.extend(repeats(reading, test).map(|text| at(reading, text)));
            questions.extend(sign(reading, test).map(|text| at(reading, text)));
            let Some(left) = opposite(visit, reading) else { continue };
            let exchanged =
                visits[..i].iter().rev().find_map(|earlier| exchanged(earlier, left, reading, test));
            let text = exchanged.or_else(|| asymmetry(left, reading, test));
            questions.extend(text.map(|text| at(reading, text)));
        }
    }
    questions
}

fn at(reading: &Reading, text: String) -> Question {
    Question { text, span: reading.span.clone(), line: reading.line }
}

fn shown(value: f64, test: &TestVocabulary) -> String {
    format!("{}{}", brief((value * 10.0).round() / 10.0), test.symbol())
}

/// The left side's reading of the same test, for a right side's.
fn opposite<'v>(visit: &'v Visit, reading: &Reading) -> Option<&'v Reading> {
    (reading.side == Some(Side::Right)).then(|| find(visit, reading, Side::Left)).flatten()
}

fn find<'v>(visit: &'v Visit, reading: &Reading, side: Side) -> Option<&'v Reading> {
    visit.readings.iter().find(|other| {
        other.test == reading.test && other.side == Some(side) && other.protocol == reading.protocol
    })
}

fn repeats(reading: &Reading, test: &TestVocabulary) -> Option<String> {
    let low = reading.values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = reading.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // A test has more spread over many repeats than between two, so ask only beyond twice what two can differ by (assumed).
    let most = 2.0 * test.mdc_same.unwrap_or(test.mdc);
    (high - low > most).then(|| {
        format!(
            "The repeats of `{}` run from {} to {}, further apart than error explains: is one of them a slip?",
            test.name,
            shown(low, test),
            shown(high, test)
        )
    })
}

fn sign(reading: &Reading, test: &TestVocabulary) -> Option<String> {
    let usual = test.usual?;
    let within = |value: f64| (usual[0]..=usual[1]).contains(&value);
    let value = reading.mean();
    (!within(value) && within(-value)).then(|| {
        format!(
            "`{}` reads {}, which is rare, while {} is usual: is the sign right? It is the {}.",
            test.name,
            shown(value, test),
            shown(-value, test),
            test.convention
        )
    })
}

fn asymmetry(left: &Reading, right: &Reading, test: &TestVocabulary) -> Option<String> {
    let most = test.side_difference?;
    let difference = (left.mean() - right.mean()).abs();
    (difference > most).then(|| {
        format!(
            "`{}` reads {} on the left and {} on the right; sides seldom differ by more than {}: are both right?",
            test.name,
            shown(left.mean(), test),
            shown(right.mean(), test),
            shown(most, test)
        )
    })
}

/// Whether the sides of an earlier visit come back exchanged: each side is far from its own and near the other's.
fn exchanged(earlier: &Visit, left: &Reading, right: &Reading, test: &TestVocabulary) -> Option<String> {
    let before_left = find(earlier, left, Side::Left)?.mean();
    let before_right = find(earlier, left, Side::Right)?.mean();
    let (left, right) = (left.mean(), right.mean());
    let far = |a: f64, b: f64| (a - b).abs() > test.mdc;
    let crossed = far(left, before_left) && far(right, before_right);
    let swapped = (left - before_right).abs() <= test.sem && (right - before_left).abs() <= test.sem;
    (crossed && swapped).then(|| {
        format!(
            "`{}` reads {} left and {} right, on {} it read {} and {}: were left and right exchanged?",
            test.name,
            shown(left, test),
            shown(right, test),
            earlier.date,
            shown(before_left, test),
            shown(before_right, test)
        )
    })
}
