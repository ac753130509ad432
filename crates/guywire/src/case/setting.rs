//! Tissue settings: their names, their words, and how several on the same tissue combine.
//!
//! Settings that overlap (both sides and one side, a group and its member) all hold:
//!
//! ```text
//! length, stiffness, strength          multiply
//! tone, extension range, lordosis      add
//! ```

use super::quantity::{self, Quantity};
use super::{Property, Setting, Target};
use std::fmt;

impl Property {
    /// Properties of tissue groups and muscles.
    pub const OF_MUSCLES: [Property; 4] =
        [Property::Length, Property::Stiffness, Property::Strength, Property::Tone];

    /// Name in the case file.
    pub const fn name(self) -> &'static str {
        self.quantity().field
    }

    /// What two settings that both hold make together.
    pub const fn combine(self, one: f64, other: f64) -> f64 {
        match self {
            Property::Length | Property::Stiffness | Property::Strength => one * other,
            Property::Tone | Property::ExtensionRangeDeg | Property::NeutralLordosisDeg => one + other,
        }
    }

    pub(super) const fn quantity(self) -> &'static Quantity {
        match self {
            Property::Length => &quantity::LENGTH,
            Property::Stiffness => &quantity::STIFFNESS,
            Property::Strength => &quantity::STRENGTH,
            Property::Tone => &quantity::TONE,
            Property::ExtensionRangeDeg => &quantity::EXTENSION_RANGE,
            Property::NeutralLordosisDeg => &quantity::NEUTRAL_LORDOSIS,
        }
    }
}

impl Target {
    /// Name in the case file.
    pub fn name(&self) -> &str {
        match self {
            Target::Group(name) | Target::Muscle(name) => name,
            Target::Hip => "hip",
            Target::Lumbar => "lumbar",
        }
    }

    /// The properties that it has.
    pub const fn properties(&self) -> &'static [Property] {
        match self {
            Target::Group(_) | Target::Muscle(_) => &Property::OF_MUSCLES,
            Target::Hip => &[Property::ExtensionRangeDeg],
            Target::Lumbar => &[Property::NeutralLordosisDeg],
        }
    }

    /// Whether it lies on both sides.
    pub const fn has_sides(&self) -> bool {
        !matches!(self, Target::Lumbar)
    }

    /// Name in words. Names of fascicles (`Ps_L1_VB`) are codes and stay as they are.
    fn words(&self) -> String {
        let name = self.name();
        if name.contains(|c: char| c.is_ascii_uppercase()) { name.to_owned() } else { name.replace('_', " ") }
    }
}

/// As in the case file: `hip_flexors.left.length = 0.9`.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.path(), self.value)
    }
}

impl Setting {
    /// Its name without its value: `hip_flexors.left.length`.
    pub fn path(&self) -> String {
        let side = self.side.map(|side| format!("{}.", side.name())).unwrap_or_default();
        format!("{}.{side}{}", self.target.name(), self.property.name())
    }

    /// In plain words, such as `hip flexors 10 % shorter (left)`.
    pub fn describe(&self) -> String {
        let name = self.target.words();
        let change = |less: &str, more: &str| format!("{name} {}", factor_in_words(self.value, less, more));
        let words = match self.property {
            Property::Length => change("shorter", "longer"),
            Property::Stiffness => change("less stiff", "stiffer"),
            Property::Strength => change("weaker", "stronger"),
            Property::Tone => format!("{name} tensed to at least {} %", rounded(self.value * 100.0)),
            Property::ExtensionRangeDeg => {
                format!("hip extension range {}", shift_in_words(self.value, "smaller", "larger"))
            }
            Property::NeutralLordosisDeg => {
                format!("stress-free lumbar lordosis {}", shift_in_words(self.value, "flatter", "deeper"))
            }
        };
        match self.side {
            Some(side) => format!("{words} ({})", side.name()),
            None => words,
        }
    }
}

fn factor_in_words(factor: f64, less: &str, more: &str) -> String {
    let percent = rounded((factor - 1.0).abs() * 100.0);
    match factor {
        _ if percent == 0.0 => format!("0 % {more}"),
        f if f < 1.0 => format!("{percent} % {less}"),
        _ => format!("{percent} % {more}"),
    }
}

fn shift_in_words(degrees: f64, less: &str, more: &str) -> String {
    format!("{}° {}", rounded(degrees.abs()), if degrees < 0.0 { less } else { more })
}

fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::side::Side;

    fn setting(target: Target, side: Option<Side>, property: Property, value: f64) -> Setting {
        Setting { target, side, property, value }
    }

    fn flexors() -> Target {
        Target::Group("hip_flexors".into())
    }

    #[test]
    fn settings_read_like_the_case_file() {
        let left = setting(flexors(), Some(Side::Left), Property::Length, 0.9);
        assert_eq!(left.to_string(), "hip_flexors.left.length = 0.9");
        let hip = setting(Target::Hip, None, Property::ExtensionRangeDeg, -2.6);
        assert_eq!(hip.to_string(), "hip.extension_range_deg = -2.6");
    }

    #[test]
    fn settings_read_like_prose() {
        let describe = |target, side, property, value: f64| setting(target, side, property, value).describe();
        let left = Some(Side::Left);
        assert_eq!(describe(flexors(), left, Property::Length, 0.9), "hip flexors 10 % shorter (left)");
        assert_eq!(describe(flexors(), None, Property::Length, 1.05), "hip flexors 5 % longer");
        assert_eq!(describe(flexors(), None, Property::Stiffness, 1.5), "hip flexors 50 % stiffer");
        assert_eq!(describe(flexors(), None, Property::Stiffness, 0.75), "hip flexors 25 % less stiff");
        assert_eq!(describe(flexors(), None, Property::Strength, 0.8), "hip flexors 20 % weaker");
        assert_eq!(
            describe(flexors(), left, Property::Tone, 0.05),
            "hip flexors tensed to at least 5 % (left)"
        );
        assert_eq!(
            describe(Target::Hip, None, Property::ExtensionRangeDeg, -2.6),
            "hip extension range 2.6° smaller"
        );
        assert_eq!(
            describe(Target::Lumbar, None, Property::NeutralLordosisDeg, 5.0),
            "stress-free lumbar lordosis 5° deeper"
        );
        let fascicle = Target::Muscle("Ps_L1_VB".into());
        assert_eq!(
            describe(fascicle, Some(Side::Right), Property::Length, 0.95),
            "Ps_L1_VB 5 % shorter (right)"
        );
    }
}
