//! How sure the main numbers are: the position is solved again with each input moved by one standard deviation.
//!
//! ```text
//! up²   = Σ max(f(x + σ) − f(x), f(x − σ) − f(x), 0)²,   down² alike
//! [f − z down, f + z up],   z = 1.645: 90 % of a normal distribution
//! ```
//!
//! The inputs are taken as independent and their effects as adding up; the spreads stand in
//! `data/evidence/normal_ranges.toml`. The model's own error is not in the interval: that is what the
//! validation shows.

use super::position::PositionStudy;
use super::ranges::{Input, InputKind, inputs};
use super::solve::{Found, solve};
use super::{StudyError, Subject};
use crate::case::{Person, Property, Setting, Target, Tissue};
use crate::posture::Positions;
use crate::results::{Ensemble, PositionResult, Posture, Uncertainty};
use guywire_math::random::Z90;
use rayon::prelude::*;

/// Share of the variance below which an input is only counted among the rest in the words.
const NAMED_SHARE: f64 = 0.02;

/// One input moved by one standard deviation, upwards and downwards.
pub(super) struct Variation {
    /// What is moved, and by how much.
    label: String,
    /// The person and the tissue with the input moved.
    moved: [(Option<Person>, Tissue); 2],
}

/// The inputs of a case that are not known exactly.
pub(super) fn variations(subject: Subject<'_>, tissue: &Tissue) -> Result<Vec<Variation>, StudyError> {
    let person = match subject {
        Subject::Person(reference, person) => Some((person, reference.pelvic_incidence_deg()?)),
        Subject::Model(_) | Subject::PersonAs(..) => None,
    };
    Ok(inputs()?.iter().flat_map(|input| of_input(input, person, tissue)).collect())
}

/// Of a model only the tissue is in doubt: its size and its passive tissue are what they are.
fn of_input(input: &Input, known: Option<(&Person, f64)>, tissue: &Tissue) -> Vec<Variation> {
    let label = || format!("{} (±{}; {})", input.label, amount(input.sd, &input.unit, None), input.source);
    let people = |person: &Person, change: &dyn Fn(&mut Person, f64)| {
        let moved = [1.0, -1.0].map(|sign| {
            let mut person = person.clone();
            change(&mut person, sign * input.sd);
            (Some(person), tissue.clone())
        });
        vec![Variation { label: label(), moved }]
    };
    let shifts = |target: Target, property: Property| {
        let moved = [1.0, -1.0].map(|sign| {
            let mut tissue = tissue.clone();
            let shift = Setting { target: target.clone(), side: None, property, value: sign * input.sd };
            tissue.settings.push(shift);
            (known.map(|(person, _)| person.clone()), tissue)
        });
        vec![Variation { label: label(), moved }]
    };
    let given = |property: Property| tissue.settings.iter().any(|s| s.property == property);
    if let Some((person, incidence_deg)) = known {
        match input.input {
            InputKind::PelvicIncidenceDeg if person.pelvic_incidence_deg.is_none() => {
                return people(person, &|p, by| p.pelvic_incidence_deg = Some(incidence_deg + by));
            }
            InputKind::MeasuredPelvicIncidenceDeg if person.pelvic_incidence_deg.is_some() => {
                return people(person, &|p, by| {
                    p.pelvic_incidence_deg = p.pelvic_incidence_deg.map(|pi| pi + by)
                });
            }
            InputKind::MassKg => return people(person, &|p, by| p.mass_kg += by),
            _ => {}
        }
    }
    match input.input {
        InputKind::NeutralLordosisDeg | InputKind::ExtensionRangeDeg if known.is_none() => Vec::new(),
        InputKind::NeutralLordosisDeg if !given(Property::NeutralLordosisDeg) => {
            shifts(Target::Lumbar, Property::NeutralLordosisDeg)
        }
        InputKind::ExtensionRangeDeg if !given(Property::ExtensionRangeDeg) => {
            shifts(Target::Hip, Property::ExtensionRangeDeg)
        }
        InputKind::TissueSetting => {
            let vary = |(i, setting): (usize, &Setting)| Variation {
                label: format!("{} (±{} % of it; {})", setting.describe(), input.sd * 100.0, input.source),
                moved: [1.0, -1.0].map(|sign| {
                    let mut tissue = tissue.clone();
                    let neutral = neutral(setting.property);
                    tissue.settings[i].value += sign * input.sd * (setting.value - neutral);
                    (known.map(|(person, _)| person.clone()), tissue)
                }),
            };
            tissue.settings.iter().enumerate().map(vary).collect()
        }
        _ => Vec::new(),
    }
}

/// The value that changes nothing.
pub(super) const fn neutral(property: Property) -> f64 {
    match property {
        Property::Length | Property::Stiffness | Property::Strength => 1.0,
        Property::Tone | Property::ExtensionRangeDeg | Property::NeutralLordosisDeg => 0.0,
    }
}

/// A value with its unit, as it is read.
fn amount(value: f64, unit: &str, decimals: Option<usize>) -> String {
    let number = match decimals {
        Some(decimals) => format!("{value:.decimals$}"),
        None => value.to_string(),
    };
    if unit == "deg" { format!("{number}°") } else { format!("{number} {unit}") }
}

/// A result that gets an interval.
struct Main {
    /// As in [`Quantiles`](crate::results::Quantiles).
    name: &'static str,
    words: &'static str,
    unit: &'static str,
    /// Decimals in words.
    decimals: usize,
    of: fn(&Posture) -> f64,
}

const MAIN: [Main; 4] = [
    Main {
        name: "pelvic_tilt_deg",
        words: "pelvic tilt",
        unit: "deg",
        decimals: 1,
        of: |p| p.measures.pelvic_tilt_deg,
    },
    Main {
        name: "lumbar_lordosis_deg",
        words: "lumbar lordosis",
        unit: "deg",
        decimals: 1,
        of: |p| p.measures.lumbar_lordosis_deg,
    },
    Main {
        name: "discs.L5/S1.compression_n",
        words: "L5/S1 compression",
        unit: "N",
        decimals: 0,
        of: |p| disc(p, "L5/S1", |d| d.compression_n),
    },
    Main {
        name: "discs.L4/L5.pressure_mpa",
        words: "L4/L5 pressure",
        unit: "MPa",
        decimals: 3,
        of: |p| disc(p, "L4/L5", |d| d.pressure_mpa),
    },
];

/// The main numbers of a position that was solved for an ensemble.
pub(super) fn of_ensemble(position: &PositionResult, ensemble: &Ensemble) -> Vec<Uncertainty> {
    let Some(spread) = &position.spread else { return Vec::new() };
    let mut because = format!("{} bodies that the tests allow", spread.solved);
    if spread.unsolved > 0 {
        because += &format!(" ({} more have no equilibrium and are left out)", spread.unsolved);
    }
    if !ensemble.drawn.is_empty() {
        because += &format!("; drawn with them: {}", ensemble.drawn.join("; "));
    }
    because += ".";
    let told = MAIN.iter().filter_map(|main| {
        let range = spread.of(main.name)?;
        Some(Uncertainty {
            quantity: format!("{}, {}", main.words, position.title.to_lowercase()),
            unit: main.unit.to_owned(),
            value: (main.of)(&position.person.posture),
            low90: range.low90,
            high90: range.high90,
            because: because.clone(),
        })
    });
    told.collect()
}

fn disc(posture: &Posture, level: &str, of: impl Fn(&crate::results::DiscLoad) -> f64) -> f64 {
    posture.discs.iter().find(|d| d.level == level).map_or(f64::NAN, of)
}

/// Solves a position again for every variation and combines what they do.
pub(super) fn intervals(
    (subject, tissue): (Subject<'_>, &Tissue),
    positions: &Positions,
    position: &PositionStudy,
    variations: &[Variation],
    step: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Uncertainty>, StudyError> {
    let name = &position.result.position;
    let moved: Vec<(Option<&Person>, &Tissue)> =
        variations.iter().flat_map(|v| &v.moved).map(|(p, t)| (p.as_ref(), t)).collect();
    let found = moved
        .par_iter()
        .map(|(person, tissue)| {
            let body = match (subject, person) {
                (Subject::Person(reference, _), Some(person)) => reference.scaled_to(person, tissue)?,
                (subject, _) => subject.body(tissue)?,
            };
            let found = solve(&body, positions, name, Some(&position.person)).ok();
            step("uncertainty");
            Ok(found)
        })
        .collect::<Result<Vec<Option<Found>>, StudyError>>()?;
    let values = |main: &Main| -> Vec<Option<[f64; 2]>> {
        let value = |found: &Option<Found>| found.as_ref().map(|f| (main.of)(&f.solved.posture));
        found.chunks(2).map(|pair| Some([value(pair.first()?)?, value(pair.get(1)?)?])).collect()
    };
    let center = &position.result.person.posture;
    let title = position.result.title.to_lowercase();
    let known = MAIN.iter().filter(|main| (main.of)(center).is_finite());
    Ok(known.map(|main| interval(main, &title, center, tissue, variations, &values(main))).collect())
}

fn interval(
    main: &Main,
    title: &str,
    center: &Posture,
    tissue: &Tissue,
    variations: &[Variation],
    values: &[Option<[f64; 2]>],
) -> Uncertainty {
    let value = (main.of)(center);
    // Variance upwards and downwards, and the larger of both changes, of every input that could be solved.
    let mut effects: Vec<(&str, f64, f64, f64)> = Vec::new();
    let mut unsolved: Vec<&str> = Vec::new();
    for (variation, values) in variations.iter().zip(values) {
        match values {
            None => unsolved.push(&variation.label),
            Some([a, b]) => {
                let (up, down) = ((a.max(*b) - value).max(0.0), (value - a.min(*b)).max(0.0));
                effects.push((&variation.label, up, down, up.max(down)));
            }
        }
    }
    let spread = |side: fn(&(&str, f64, f64, f64)) -> f64| {
        effects.iter().map(|e| side(e) * side(e)).sum::<f64>().sqrt()
    };
    let (up, down) = (spread(|e| e.1), spread(|e| e.2));
    let whole: f64 = effects.iter().map(|e| e.3 * e.3).sum();
    let mut named: Vec<_> = effects.iter().filter(|e| e.3 * e.3 > NAMED_SHARE * whole).collect();
    named.sort_by(|a, b| b.3.total_cmp(&a.3));
    let told =
        named.iter().map(|e| format!("{} moves it by {}", e.0, amount(e.3, main.unit, Some(main.decimals))));
    let mut because = told.collect::<Vec<_>>().join("; ");
    if effects.len() > named.len() {
        because += "; the other inputs move it little";
    }
    if !unsolved.is_empty() {
        because += &format!("; left out, because no equilibrium was found: {}", unsolved.join("; "));
    }
    if tissue.settings.is_empty() {
        because += ". Tissue as in the reference body is taken for granted";
    }
    because += ". Each input was moved up and down by one standard deviation and the position solved again.";
    Uncertainty {
        quantity: format!("{}, {title}", main.words),
        unit: main.unit.to_owned(),
        value,
        low90: value - Z90 * down,
        high90: value + Z90 * up,
        because,
    }
}
