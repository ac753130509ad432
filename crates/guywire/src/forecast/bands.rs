//! From the courses of all members to bands.

use super::person::{Course, Followed};
use super::{Asked, Doing, ForecastError};
use crate::adaptation::Mechanism;
use crate::results::{Carried, Change90, ForecastResult, MechanismState, Series};
use guywire_math::interval;

/// Least share of a change that is worth telling who carried it, over the width of the band.
const WORTH_TELLING: f64 = 1e-3;

/// What no forecast of this kind can know; of rates less where later visits told of this person's.
fn limits(sharpened: bool) -> Vec<String> {
    let rates = match sharpened {
        true => {
            "This person's rates are those that what was done and found between visits leaves likely; how well they were told \
             apart is in the width of the bands."
        }
        false => {
            "Rates were measured on other people, some on animals; how fast this person's tissue follows is in the width of \
             the bands."
        }
    };
    let all = [
        "The week is taken as the one that the tissue is at home in: what is still under way today is not known.",
        rates,
        "Sessions are done as they were solved for the most probable body; how well a person does them is not known.",
        "Pain is not forecast.",
    ];
    all.map(str::to_owned).into()
}

/// The bands of all that is followed.
pub(super) fn gathered(
    person: &Followed<'_>,
    doing: Doing<'_>,
    found: &[Course],
) -> Result<ForecastResult, ForecastError> {
    let Doing { weeks, sessions, adherence, other_weeks, mechanisms } = doing;
    let Asked { seed, members, .. } = person.asked();
    let carried = person.carried(doing)?;
    let rates = person.rates();
    let names = person.names();
    let of_tissue = names.len() - person.numbers().len();
    let series = names.into_iter().enumerate().map(|(k, number)| {
        let [low90, median, high90] = interval(found.iter().map(|c| c.rows[weeks][k] - c.rows[0][k]));
        let change = Change90 { low90, median, high90 };
        let each: Vec<[f64; 3]> =
            (0..=weeks).map(|week| interval(found.iter().map(|course| course.rows[week][k]))).collect();
        let [low90, median, high90] =
            [0, 1, 2].map(|end| each.iter().map(|week| week[end]).collect::<Vec<f64>>());
        let width = high90.last().zip(low90.last()).map_or(0.0, |(high, low)| high - low);
        let parts = carried
            .iter()
            .filter(|_| k >= of_tissue)
            .map(|(mechanism, by)| Carried { mechanism: mechanism.name().to_owned(), by: by[k - of_tissue] });
        let carried = parts.filter(|part| part.by.abs() > WORTH_TELLING * width).collect();
        let (quantity, label, kind, unit) = (number.quantity, number.label, number.kind, number.unit);
        Series { quantity, label, kind, unit, low90, median, high90, change, carried }
    });
    let series = series.collect();
    // What begins later is not told of these weeks.
    let told = |(words, [from, until]): (&String, [usize; 2])| {
        (from <= weeks).then(|| (words.clone(), [from, until.min(weeks)]))
    };
    let mut done: Vec<_> = sessions.iter().filter_map(|s| told((&s.words, [s.from, s.until]))).collect();
    let sessions = done.len();
    done.extend(other_weeks.iter().filter_map(|o| told((&o.words, [o.from, o.until]))));
    let on = Mechanism::ALL.map(|m| MechanismState { name: m.name().to_owned(), on: mechanisms.works(m) });
    Ok(ForecastResult {
        weeks: (0..=weeks).collect(),
        start: None,
        other_weeks: done.len() - sessions,
        programme_weeks: done.iter().map(|(_, weeks)| *weeks).collect(),
        programme: done.into_iter().map(|(words, _)| words).collect(),
        adherence,
        members: found.len(),
        lost: members.len() - found.len(),
        seed,
        mechanisms: on.into(),
        series,
        limits: limits(!rates.is_empty()),
        rates,
    })
}
