//! What the reader must know first, and what the model leaves out.

use super::Subject;
use crate::body::foreign::ForeignBody;
use crate::case::{Person, Property, Setting, Target, Tissue};
use crate::results::Side;
use std::ops::RangeInclusive;

/// Combined settings within which the experiments of this repository lie (`crates/guywire/tests/people/study.rs`,
/// `docs/physics`): beyond, the numbers are extrapolated. The figures are assumed.
fn tried(property: Property) -> RangeInclusive<f64> {
    match property {
        Property::Length => 0.8..=1.2,
        Property::Stiffness => 0.5..=2.0,
        Property::Strength => 0.5..=1.5,
        Property::Tone => 0.0..=0.1,
        Property::ExtensionRangeDeg => -15.0..=15.0,
        Property::NeutralLordosisDeg => -20.0..=20.0,
    }
}

/// What the reader must know before the numbers: the settings, then the body.
pub(super) fn warnings(tissue: &Tissue) -> Vec<String> {
    let mut warnings = Vec::new();
    let settings = &tissue.settings;
    for (i, setting) in settings.iter().enumerate() {
        let same = |s: &Setting| s.target == setting.target && s.property == setting.property;
        if settings[..i].iter().any(|s| same(s) && s.side == setting.side) {
            continue;
        }
        let together = combined(settings, &setting.target, setting.property, setting.side);
        if !tried(setting.property).contains(&together) {
            warnings.push(format!(
                "With {}, this case lies further from the reference body than the experiments that the model was \
                 tried on; read direction and order of size, not the values.",
                setting.describe()
            ));
        }
    }
    warnings.push(
        "New weakness or numbness in a leg, numbness between the legs, trouble passing water or stool, fever, a \
         fall or an unexplained loss of weight with back pain: see a doctor now, whatever these numbers say."
            .to_owned(),
    );
    warnings
}

/// Share of a person's mass by which a model may be off without a word: assumed, what a meal and clothes weigh.
const SAME_MASS: f64 = 0.03;

/// A model that does not weigh what the person does.
pub(super) fn size_of(person: &Person, model: &ForeignBody) -> Option<String> {
    let (own, whole) = (model.mass_kg(), person.mass_kg);
    ((own - whole).abs() > SAME_MASS * whole).then(|| {
        format!(
            "{} weighs {whole} kg, the model {own:.1} kg: it is used as it is. `guywire scale` fits a model to a person.",
            person.name
        )
    })
}

/// What all settings on one target make together on one side.
fn combined(settings: &[Setting], target: &Target, property: Property, side: Option<Side>) -> f64 {
    let counts = |s: &&Setting| {
        s.target == *target
            && s.property == property
            && (s.side.is_none() || side.is_none() || s.side == side)
    };
    settings.iter().filter(counts).map(|s| s.value).reduce(|a, b| property.combine(a, b)).unwrap_or(0.0)
}

/// What the model leaves out, in plain words.
pub(super) fn limits(subject: Subject<'_>) -> Vec<String> {
    if let Subject::Model(foreign) | Subject::PersonAs(_, foreign) = subject {
        let general = [
            "This is mechanics, not a diagnosis: nerves, inflammation and pain are not in the model, and load or \
             posture alone do not predict pain.",
            "A position is held still: no movement, no inertia, no fatigue.",
            "The posture is the one of least effort and least strain of this model's muscles. Another model of the same \
             person, with other passive curves or other muscles, stands otherwise.",
            "Soft tissue under the body (seat, table) is a set of points that may carry load, not a cushion.",
        ];
        return foreign.caveats().iter().cloned().chain(general.map(str::to_owned)).collect();
    }
    body_limits()
}

/// What the built-in body leaves out, in plain words.
pub fn body_limits() -> Vec<String> {
    [
        "This is mechanics, not a diagnosis: nerves, inflammation and pain are not in the model, and load or \
         posture alone do not predict pain.",
        "One skeleton, a man's of 1.70 m, is scaled to height, mass and sex; the shape of your own bones and \
         joints is not known, unless the case gives it.",
        "The chest is one rigid piece, with head and arms fixed to it; the neck, the upper back and the \
         shoulder blades do not move.",
        "Each lumbar segment turns in three directions and does not slide; the sacroiliac joints do not move.",
        "A position is held still: no movement, no inertia, no fatigue, no creep of the discs over hours.",
        "People are taken to choose the posture of least effort and least strain. Habit, fear, pain and what \
         somebody was told about standing straight are not in it.",
        "Tendons do not stretch, muscles pull along lines, and the pressure in the abdomen is a given value for \
         each position.",
        "Soft tissue under the body (seat, table) is a set of points that may carry load, not a cushion.",
        "Pressure and stress in a disc follow from force, moment and an ellipse of healthy disc; a worn disc \
         shares its load differently.",
        "The intervals say how unsure inputs move the results. They do not hold the model's own error: compare \
         the table of guywire validate.",
        "The normal ranges are those of adults.",
    ]
    .map(str::to_owned)
    .to_vec()
}
