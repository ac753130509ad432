//! Numbers and names in plain words, with the technical name in brackets.

use guywire::results::{Measures, Quantiles, Spread};

/// A value with its unit, rounded as far as it can be trusted; a dash if it is not a number.
pub(crate) fn amount(value: f64, unit: &str) -> String {
    format!("{}{}", number(value, decimals(unit)), suffix(unit))
}

/// The same with a sign in front, for a change.
pub(crate) fn change(value: f64, unit: &str) -> String {
    let text = amount(value, unit);
    let zero = !text.chars().any(|c| ('1'..='9').contains(&c));
    match (zero, value > 0.0) {
        (true, _) => format!("±{}", text.trim_start_matches('−')),
        (false, true) => format!("+{text}"),
        (false, false) => text,
    }
}

/// A value without its unit.
pub(crate) fn plain(value: f64, unit: &str) -> String {
    number(value, decimals(unit))
}

/// The 90 % interval of a number over the bodies that the tests allow.
pub(crate) fn between(range: &Quantiles, unit: &str) -> String {
    format!("{} to {}", plain(range.low90, unit), plain(range.high90, unit))
}

/// A number as it is written, and in brackets, without its unit, where nine in ten lie.
pub(crate) fn ranged(value: String, range: Option<&Quantiles>, unit: &str) -> String {
    match range {
        Some(range) => format!("{value} ({})", between(range, unit)),
        None => value,
    }
}

/// Whose the intervals are, as sentences that begin with where they stand.
pub(crate) fn whose(place: &str, spread: Option<&Spread>) -> String {
    let Some(Spread { solved, unsolved, .. }) = spread else {
        return String::from("These are numbers of the most probable body, without intervals.");
    };
    let lost = match unsolved {
        0 => String::new(),
        lost => format!(
            " {lost} of {} such bodies find no balance in it: the intervals are those of the others.",
            solved + unsolved
        ),
    };
    format!("{place}: where nine in ten of {solved} bodies lie that you may have.{lost}")
}

/// A median, and in brackets where nine in ten lie.
pub(crate) fn band([low, median, high]: [f64; 3], unit: &str) -> String {
    format!("{} ({} to {})", amount(median, unit), plain(low, unit), plain(high, unit))
}

/// A value as it was read, to a tenth, with its unit.
pub(crate) fn tenths(value: f64, unit: &str) -> String {
    let text = number(value, 1);
    format!("{}{}", text.strip_suffix(".0").unwrap_or(&text), suffix(unit))
}

fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return String::from("–");
    }
    if value.abs() >= 1e7 {
        return format!("{value:.1e}").replace('-', "−");
    }
    let text = format!("{:.*}", decimals, value.abs());
    let zero = !text.chars().any(|c| ('1'..='9').contains(&c));
    if value < 0.0 && !zero { format!("−{text}") } else { text }
}

fn decimals(unit: &str) -> usize {
    match unit {
        "deg" => 1,
        "MPa" => 2,
        "Nm" | "N·m" => 1,
        _ => 0,
    }
}

/// A unit as it follows a number.
pub(crate) fn suffix(unit: &str) -> String {
    match unit {
        "deg" => String::from("°"),
        "" => String::new(),
        "Nm" | "N*m" => String::from("\u{a0}N·m"),
        other => format!("\u{a0}{other}"),
    }
}

/// A tissue group in plain words, with the name of the case file's group in brackets where it differs.
pub(crate) fn group(name: &str) -> String {
    let plain = match name {
        "hip_flexors" => "front of the hip (hip flexors)",
        "hamstrings" => "back of the thigh (hamstrings)",
        "gluteus_maximus" => "buttock (gluteus maximus)",
        "gluteus_medius" => "side of the hip (gluteus medius)",
        "gluteus_minimus" => "deep side of the hip (gluteus minimus)",
        "hip_rotators" => "deep turners of the hip (hip rotators)",
        "adductors" => "inside of the thigh (adductors)",
        "quadriceps" => "front of the thigh (quadriceps)",
        "quadratus_lumborum" => "side of the waist (quadratus lumborum)",
        "back_extensors" => "long back muscles (back extensors)",
        "abdominals" => "belly wall (abdominals)",
        "calf" => "calf",
        "plantar_fascia" => "sole of the foot (plantar fascia)",
        "shank" => "shin and outer lower leg",
        other => return spaced(other),
    };
    String::from(plain)
}

/// A measure of the posture.
pub(crate) struct Measure {
    /// Field of [`Measures`].
    pub(crate) field: &'static str,
    /// Plain words with the technical name in brackets.
    pub(crate) label: &'static str,
    /// Unit as in the field's name.
    pub(crate) unit: &'static str,
    /// Reads the field.
    pub(crate) of: fn(&Measures) -> f64,
}

macro_rules! measures {
    ($($field:ident $unit:literal $label:literal),+ $(,)?) => {
        /// Every measure, in the order of the report.
        pub(crate) const MEASURES: &[Measure] = &[
            $(Measure { field: stringify!($field), label: $label, unit: $unit, of: |m| m.$field }),+
        ];
    };
}

measures! {
    pelvic_tilt_deg "deg" "Pelvis tipped forward (pelvic tilt)",
    lumbar_lordosis_deg "deg" "Hollow of the lower back (lordosis, L1 to S1)",
    lower_lordosis_deg "deg" "Hollow of its lower part (lordosis, L4 to S1)",
    sacral_slope_deg "deg" "Slope of the base of the spine (sacral slope)",
    spinopelvic_tilt_deg "deg" "Pelvis behind the hips (radiographic pelvic tilt)",
    pelvic_incidence_deg "deg" "Shape of the pelvis, does not change (pelvic incidence)",
    lumbar_flexion_deg "deg" "Lower back bent forward (lumbar flexion)",
    thorax_inclination_deg "deg" "Trunk leaning forward (thorax inclination)",
    hip_flexion_left_deg "deg" "Left hip bent (hip flexion)",
    hip_flexion_right_deg "deg" "Right hip bent (hip flexion)",
    hip_adduction_left_deg "deg" "Left thigh drawn inwards (hip adduction)",
    hip_adduction_right_deg "deg" "Right thigh drawn inwards (hip adduction)",
    femoral_rotation_left_deg "deg" "Left thigh turned (femoral rotation)",
    femoral_rotation_right_deg "deg" "Right thigh turned (femoral rotation)",
    knee_flexion_left_deg "deg" "Left knee bent (knee flexion)",
    knee_flexion_right_deg "deg" "Right knee bent (knee flexion)",
    ankle_dorsiflexion_left_deg "deg" "Left shin leaning over the foot (ankle dorsiflexion)",
    ankle_dorsiflexion_right_deg "deg" "Right shin leaning over the foot (ankle dorsiflexion)",
    pelvic_obliquity_deg "deg" "Pelvis higher on one side (pelvic obliquity)",
    pelvic_rotation_deg "deg" "Pelvis turned (pelvic rotation)",
    functional_leg_length_difference_mm "mm" "One leg standing shorter (functional leg length difference)",
    gravity_line_mm "mm" "Weight in front of the ankles (line of gravity)",
}

/// A name as words: `child_turned_leg` becomes `child turned leg`.
pub(crate) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// Text without the marks that set off names in a terminal.
pub(crate) fn unmarked(text: &str) -> String {
    text.replace('`', "")
}

/// An identifier for the page: letters, digits and hyphens.
pub(crate) fn identifier(name: &str, suffix: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{safe}-{suffix}")
}

/// A source of disc load in words: `psoas.left` becomes `psoas, left`.
pub(crate) fn source(name: &str) -> String {
    if let Some(part) = name.strip_prefix("weight of ") {
        return match (part, part.strip_prefix("lumbar")) {
            ("thorax", _) => String::from("weight of chest, arms and head"),
            (_, Some(number)) => format!("weight of the trunk round L{number}"),
            _ => {
                let part = spaced(part.strip_prefix("the ").unwrap_or(part));
                format!("weight of the {part}")
            }
        };
    }
    spaced(name).replace(".left", ", left").replace(".right", ", right").replace('.', " ")
}

/// The same without its side, so that both sides can be added up.
pub(crate) fn unsided(name: &str) -> &str {
    name.strip_suffix(".left").or_else(|| name.strip_suffix(".right")).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_signed() {
        assert_eq!(amount(5.24, "deg"), "5.2°");
        assert_eq!(amount(-0.04, "deg"), "0.0°");
        assert_eq!(amount(-12.6, "N"), "−13\u{a0}N");
        assert_eq!(change(0.004, "MPa"), "±0.00\u{a0}MPa");
        assert_eq!(change(210.4, "N"), "+210\u{a0}N");
        assert_eq!(change(-3.0, "mm"), "−3\u{a0}mm");
        assert_eq!(amount(f64::NAN, "N"), "–\u{a0}N");
    }

    #[test]
    fn a_weight_has_one_article() {
        assert_eq!(source("weight of the belly"), "weight of the belly");
        assert_eq!(source("weight of pelvis"), "weight of the pelvis");
    }

    #[test]
    fn identifiers_are_safe() {
        assert_eq!(identifier("bend 60\"><b", "side"), "bend-60---b-side");
    }
}
