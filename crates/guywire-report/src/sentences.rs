//! The computed effects of each tissue setting as sentences.

use crate::words;
use guywire::results::{Cause, Effect, PositionResult};
use maud::{Markup, html};

/// Quantities that every chain names.
pub(crate) const TILT: &str = "pelvic_tilt_deg";
/// See [`TILT`].
pub(crate) const LORDOSIS: &str = "lumbar_lordosis_deg";
/// See [`TILT`].
pub(crate) const DISC_QUANTITY: &str = "discs.L5/S1.compression_n";

/// Phrases a sentence holds at most.
const PHRASES: usize = 5;

/// The least change worth telling, by unit (assumed; below what a clinical reading can tell apart).
pub(crate) fn threshold(unit: &str) -> f64 {
    match unit {
        "deg" => 0.5,
        "MPa" => 0.02,
        "mm" => 2.0,
        _ => 15.0,
    }
}

/// Whether an effect is worth telling.
pub(crate) fn large(e: &Effect) -> bool {
    e.alone.abs() >= threshold(&e.unit)
}

/// Whether any effect of a setting is.
pub(crate) fn weighty(cause: &Cause) -> bool {
    cause.effects.iter().any(large)
}

/// Whether the setting acts differently alone than together with the others.
fn interacts(e: &Effect) -> bool {
    let gap = (e.alone - e.removed).abs();
    // A quarter of the larger effect (assumed).
    gap >= threshold(&e.unit) && gap >= 0.25 * e.alone.abs().max(e.removed.abs())
}

/// The thresholds in words.
pub(crate) fn thresholds() -> String {
    format!(
        "Told are changes of at least {}, {}, {} or {}.",
        words::amount(threshold("deg"), "deg"),
        words::amount(threshold("N"), "N"),
        words::amount(threshold("MPa"), "MPa"),
        words::amount(threshold("mm"), "mm"),
    )
}

/// The effects worth a phrase, the posture first, then the discs, then the muscles that change most.
fn chosen(cause: &Cause) -> Vec<&Effect> {
    let rank = |e: &Effect| match e.quantity.as_str() {
        TILT => 0,
        LORDOSIS => 1,
        DISC_QUANTITY => 2,
        q if q.starts_with("force.") => 4,
        q if q.starts_with("discs.") && e.unit == "N" => 5,
        q if q.starts_with("discs.") => 6,
        _ => 3,
    };
    // One level speaks for the neighbours' compression and pressure; rim stresses are told apart.
    let told = cause.effects.iter().any(|e| e.quantity == DISC_QUANTITY && large(e));
    let repeats = |e: &Effect| {
        let q = &e.quantity;
        told && q.starts_with("discs.")
            && q != DISC_QUANTITY
            && (q.ends_with(".compression_n") || q.ends_with(".pressure_mpa"))
    };
    // The sacrum turns with the pelvis, and what happens on both sides is told once.
    let tilts = cause.effects.iter().any(|e| e.quantity == TILT && large(e));
    let follows = |e: &Effect| {
        tilts && matches!(e.quantity.as_str(), "sacral_slope_deg" | "spinopelvic_tilt_deg")
            || e.quantity.contains("right") && both_sides(cause, e).is_some()
    };
    let mut effects: Vec<&Effect> =
        cause.effects.iter().filter(|e| large(e) && !repeats(e) && !follows(e)).collect();
    effects.sort_by(|a, b| {
        let size = |e: &Effect| e.alone.abs() / threshold(&e.unit);
        rank(a).cmp(&rank(b)).then(size(b).total_cmp(&size(a))).then_with(|| a.quantity.cmp(&b.quantity))
    });
    effects.truncate(PHRASES);
    effects
}

/// The change on both sides, if an effect on one side has a twin like it on the other.
fn both_sides(cause: &Cause, e: &Effect) -> Option<f64> {
    let other = if e.quantity.contains("left") {
        e.quantity.replace("left", "right")
    } else if e.quantity.contains("right") {
        e.quantity.replace("right", "left")
    } else {
        return None;
    };
    let twin = cause.effects.iter().find(|t| t.quantity == other && large(t))?;
    // A quarter of the larger change (assumed).
    let alike = (e.alone - twin.alone).abs() <= 0.25 * e.alone.abs().max(twin.alone.abs());
    alike.then_some(0.5 * (e.alone + twin.alone))
}

/// Whether a muscle's name is a plural: hamstrings are, the quadriceps and the gluteus are not.
fn is_plural(muscle: &str) -> bool {
    muscle.ends_with('s') && !muscle.ends_with("us") && !muscle.ends_with("ps")
}

/// One change of a setting in words.
fn phrase(cause: &Cause, e: &Effect) -> String {
    let up = e.alone > 0.0;
    let both = both_sides(cause, e);
    let by = words::amount(both.unwrap_or(e.alone).abs(), &e.unit);
    let by = match e.alone90.filter(|_| both.is_none()) {
        Some([low, high]) => {
            let [low, high] = if up { [low, high] } else { [-high, -low] };
            format!("{by} ({} to {})", words::plain(low, &e.unit), words::plain(high, &e.unit))
        }
        None => by,
    };
    let unsided = e.label.replace("left ", "").replace("right ", "");
    let parts: Vec<&str> = e.quantity.splitn(3, '.').collect();
    match parts.as_slice() {
        [TILT] => format!("the pelvis tips {by} further {}", if up { "forward" } else { "back" }),
        [LORDOSIS] => format!("the lower back is {by} {}", if up { "more hollow" } else { "flatter" }),
        ["thorax_inclination_deg"] => {
            format!("the trunk leans {by} further {}", if up { "forward" } else { "back" })
        }
        ["hip_flexion_left_deg"] if both.is_some() => {
            format!("both hips are bent {by} {}", if up { "more" } else { "less" })
        }
        ["discs", level, "compression_n"] => {
            format!("{level} carries {by} {}", if up { "more" } else { "less" })
        }
        ["discs", level, "pressure_mpa"] => {
            format!("the pressure in the disc {level} {} by {by}", if up { "rises" } else { "falls" })
        }
        ["force", ..] => {
            let label = if both.is_some() { &unsided } else { &e.label };
            let muscle =
                label.strip_prefix("force in the ").unwrap_or(label).replace("shank", "shin muscles");
            let pull = if is_plural(&muscle) { "pull" } else { "pulls" };
            let sides = if both.is_some() { " on each side" } else { "" };
            format!("the {muscle} {pull} {by} {}{sides}", if up { "harder" } else { "less" })
        }
        _ if both.is_some() => {
            format!("{unsided} {} by {by} on both sides", if up { "rises" } else { "falls" })
        }
        _ => format!("{} {} by {by}", e.label, if up { "rises" } else { "falls" }),
    }
}

fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// The sentence of one setting: what it does alone.
pub(crate) fn sentence(cause: &Cause) -> Option<String> {
    let phrases: Vec<String> = chosen(cause).into_iter().map(|e| phrase(cause, e)).collect();
    (!phrases.is_empty())
        .then(|| format!("With {}{}, {}.", article(&cause.label), cause.label, joined(&phrases)))
}

/// `the ` before a label that starts with a common noun.
fn article(label: &str) -> &'static str {
    let starts_low = label.chars().next().is_some_and(|c| c.is_lowercase());
    if starts_low && !label.starts_with("the ") { "the " } else { "" }
}

/// What the other settings make of it, where that differs.
fn interaction(cause: &Cause) -> Option<String> {
    let parts: Vec<String> = [TILT, LORDOSIS, DISC_QUANTITY]
        .iter()
        .filter_map(|q| cause.effects.iter().find(|e| e.quantity == *q))
        .filter(|e| interacts(e))
        .map(|e| {
            format!(
                "{}: {} on its own, but {} goes away if only this is put right",
                e.label,
                words::change(e.alone, &e.unit),
                words::change(e.removed, &e.unit)
            )
        })
        .collect();
    (!parts.is_empty()).then(|| format!("It works together with the other settings ({}).", parts.join("; ")))
}

/// All sentences of a position.
pub(crate) fn list(position: &PositionResult) -> Markup {
    let told: Vec<(&Cause, String)> =
        position.causes.iter().filter_map(|c| sentence(c).map(|s| (c, s))).collect();
    let silent: Vec<&str> =
        position.causes.iter().filter(|c| !weighty(c)).map(|c| c.label.as_str()).collect();
    html! {
        @if position.causes.is_empty() {
            p { "Every tissue setting is at its reference value, so there is nothing to explain." }
        }
        @if !told.is_empty() {
            ul class="sentences" {
                @for (cause, sentence) in &told {
                    li {
                        (sentence)
                        @if let Some(more) = interaction(cause) { " " span class="quiet" { (more) } }
                    }
                }
            }
        }
        @if !silent.is_empty() {
            p class="quiet" { "No change worth telling in this position: " (silent.join("; ")) "." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(quantity: &str, label: &str, unit: &str, alone: f64) -> Effect {
        let (reference, removed) = (0.0, alone);
        Effect {
            quantity: quantity.into(),
            label: label.into(),
            unit: unit.into(),
            reference,
            person: alone,
            alone,
            removed,
            alone90: None,
        }
    }

    #[test]
    fn both_sides_are_told_once_and_verbs_agree() {
        let cause = |right: f64| Cause {
            setting: String::new(),
            label: "hip flexors 10 % shorter".into(),
            effects: vec![
                effect("hip_flexion_left_deg", "flexion of the left hip", "deg", 2.0),
                effect("hip_flexion_right_deg", "flexion of the right hip", "deg", 2.0),
                effect("force.hamstrings.left_n", "force in the left hamstrings", "N", 40.0),
                effect("force.hamstrings.right_n", "force in the right hamstrings", "N", right),
                effect("force.quadriceps.left_n", "force in the left quadriceps", "N", -20.0),
            ],
        };
        assert_eq!(
            sentence(&cause(40.0)).unwrap_or_default(),
            "With the hip flexors 10 % shorter, both hips are bent 2.0° more, \
             the hamstrings pull 40\u{a0}N harder on each side and the left quadriceps pulls 20\u{a0}N less."
        );
        assert!(
            sentence(&cause(20.0)).unwrap_or_default().contains("the right hamstrings pull 20\u{a0}N harder")
        );
    }
}
