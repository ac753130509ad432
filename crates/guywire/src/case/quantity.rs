//! The numbers of a case file: their names, units and the range a person's can lie in.
//!
//! The ranges refuse slips of the pen and of the unit, not unusual people. All are assumed, wide
//! around published extremes of growth charts (age 4 on) and of spinopelvic radiographs.

/// A number of the case file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantity {
    /// Field name, with its unit.
    pub field: &'static str,
    /// Smallest accepted value.
    pub low: f64,
    /// Largest accepted value.
    pub high: f64,
    /// Unit of all three.
    pub unit: Unit,
}

/// Units of the case file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Years,
    Centimetres,
    Kilograms,
    Degrees,
    Hours,
    /// Times the reference body's value.
    Factor,
    /// A share, as of full activation.
    Activation,
    /// A plain number.
    One,
}

impl Unit {
    /// The unit as printed after a number; empty where there is none.
    pub const fn symbol(self) -> &'static str {
        match self {
            Unit::Years => "years",
            Unit::Centimetres => "cm",
            Unit::Kilograms => "kg",
            Unit::Degrees => "degrees",
            Unit::Hours => "hours",
            Unit::Factor | Unit::Activation | Unit::One => "",
        }
    }

    /// How many of this unit one `other` is, `other` as people write it.
    fn per(self, other: &str) -> Option<f64> {
        let other = other.trim().to_ascii_lowercase();
        let factor = match (self, other.as_str()) {
            (Unit::Years, "" | "y" | "yr" | "yrs" | "year" | "years") => 1.0,
            (Unit::Years, "month" | "months") => 1.0 / 12.0,
            (Unit::Centimetres, "cm" | "centimetre" | "centimetres" | "centimeters") => 1.0,
            (Unit::Centimetres, "m" | "metre" | "metres" | "meter" | "meters") => 100.0,
            (Unit::Centimetres, "mm" | "millimetres" | "millimeters") => 0.1,
            (Unit::Centimetres, "in" | "inch" | "inches") => 2.54,
            (Unit::Centimetres, "ft" | "foot" | "feet") => 30.48,
            (Unit::Kilograms, "kg" | "kilogram" | "kilograms" | "kilos") => 1.0,
            (Unit::Kilograms, "g" | "gram" | "grams") => 1e-3,
            (Unit::Kilograms, "lb" | "lbs" | "pound" | "pounds") => 0.453_592_37,
            (Unit::Kilograms, "st" | "stone") => 6.350_293_18,
            (Unit::Degrees, "deg" | "degree" | "degrees" | "°") => 1.0,
            (Unit::Degrees, "rad" | "radian" | "radians") => 180.0 / std::f64::consts::PI,
            (Unit::Hours, "h" | "hour" | "hours") => 1.0,
            (Unit::Hours, "min" | "mins" | "minute" | "minutes") => 1.0 / 60.0,
            (Unit::Factor | Unit::Activation, "%" | "percent" | "pct") => 0.01,
            _ => return None,
        };
        Some(factor)
    }

    /// Units that a value too small or too large may have been meant in, in words.
    const fn slips(self) -> &'static [(&'static str, f64)] {
        match self {
            Unit::Centimetres => &[("metres", 100.0), ("millimetres", 0.1)],
            Unit::Kilograms => &[("grams", 1e-3)],
            Unit::Factor | Unit::Activation => &[("per cent", 0.01)],
            Unit::Years | Unit::Degrees | Unit::Hours | Unit::One => &[],
        }
    }
}

const fn quantity(field: &'static str, low: f64, high: f64, unit: Unit) -> Quantity {
    Quantity { field, low, high, unit }
}

pub(super) const AGE: Quantity = quantity("age", 4.0, 110.0, Unit::Years);
pub(super) const HEIGHT: Quantity = quantity("height_cm", 90.0, 230.0, Unit::Centimetres);
pub(super) const MASS: Quantity = quantity("mass_kg", 12.0, 250.0, Unit::Kilograms);
pub(super) const PELVIC_INCIDENCE: Quantity = quantity("pelvic_incidence_deg", 20.0, 95.0, Unit::Degrees);
pub(super) const THIGH: Quantity = quantity("thigh_cm", 15.0, 70.0, Unit::Centimetres);
pub(super) const SHANK: Quantity = quantity("shank_cm", 15.0, 70.0, Unit::Centimetres);
pub(super) const FOOT: Quantity = quantity("foot_cm", 10.0, 40.0, Unit::Centimetres);
pub(super) const HIP_WIDTH: Quantity = quantity("hip_width_cm", 6.0, 30.0, Unit::Centimetres);
pub(super) const TRUNK: Quantity = quantity("trunk_cm", 20.0, 80.0, Unit::Centimetres);
pub(super) const LENGTH: Quantity = quantity("length", 0.5, 1.5, Unit::Factor);
pub(super) const STIFFNESS: Quantity = quantity("stiffness", 0.2, 5.0, Unit::Factor);
pub(super) const STRENGTH: Quantity = quantity("strength", 0.05, 3.0, Unit::Factor);
pub(super) const TONE: Quantity = quantity("tone", 0.0, 0.5, Unit::Activation);
pub(super) const EXTENSION_RANGE: Quantity = quantity("extension_range_deg", -30.0, 30.0, Unit::Degrees);
pub(super) const NEUTRAL_LORDOSIS: Quantity = quantity("neutral_lordosis_deg", -40.0, 40.0, Unit::Degrees);
pub(super) const PAIN: Quantity = quantity("pain_0_10", 0.0, 10.0, Unit::One);
pub(super) const PAIN_DURING: Quantity = quantity("pain_during", 0.0, 10.0, Unit::One);
pub(super) const SORE_DAYS: Quantity = quantity("sore_days", 0.0, 60.0, Unit::One);
pub(super) const SESSIONS_DONE: Quantity = quantity("done", 0.0, 100.0, Unit::One);
pub(super) const SESSIONS_PLANNED: Quantity = quantity("planned", 0.0, 100.0, Unit::One);
pub(super) const ACTIVITY: Quantity = quantity("score", 0.0, 10.0, Unit::One);
pub(super) const ROLAND_MORRIS: Quantity = quantity("roland_morris", 0.0, 24.0, Unit::One);
pub(super) const OSWESTRY: Quantity = quantity("oswestry_percent", 0.0, 100.0, Unit::One);
pub(super) const HOURS: Quantity = quantity("hours", 0.0, 168.0, Unit::Hours);
pub(super) const REPETITIONS: Quantity = quantity("repetitions", 0.0, 1e6, Unit::One);
pub(super) const DOSE: Quantity = quantity("dose", 0.0, 1.0, Unit::Activation);
pub(super) const ADHERENCE: Quantity = quantity("adherence", 0.0, 1.0, Unit::Activation);
pub(super) const RECIPROCAL_INHIBITION: Quantity = quantity("reciprocal_inhibition", 0.0, 1.0, Unit::One);

impl Quantity {
    /// Whether `value` is one that a person can have.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The field's name without its unit.
    pub fn stem(&self) -> &'static str {
        ["_cm", "_kg", "_deg"].iter().find_map(|unit| self.field.strip_suffix(unit)).unwrap_or(self.field)
    }

    /// Whether `key` names this quantity with no unit or another one (`height`, `height_m`), and if
    /// so how many of this quantity's unit one of the key's is. A unit not known gives `None` inside.
    pub fn other_unit(&self, key: &str) -> Option<Option<f64>> {
        let key = key.to_ascii_lowercase().replace([' ', '-'], "_");
        let names = match self.field {
            "mass_kg" => &["mass", "weight", "body_mass", "body_weight"][..],
            "height_cm" => &["height", "body_height", "stature"],
            _ => &[self.stem()],
        };
        names.iter().find_map(|name| {
            let unit = key.strip_prefix(name)?;
            match unit.strip_prefix('_') {
                Some(unit) => Some(Some(self.unit.per(unit)?)),
                None => unit.is_empty().then_some(None),
            }
        })
    }

    /// `value` read as another unit, if that makes it possible: the unit in words and the value.
    pub fn slip(&self, value: f64) -> Option<(&'static str, f64)> {
        // A factor below 1 is already a share, however wrong.
        let is_share = matches!(self.unit, Unit::Factor | Unit::Activation) && value < 1.0;
        let mut slips = self.unit.slips().iter().map(|&(unit, factor)| (unit, tidy(value * factor)));
        slips.find(|&(_, converted)| !is_share && self.holds(converted))
    }

    /// Reads `1.75 m` or `90 %` into this quantity's unit.
    pub fn in_words(&self, words: &str) -> Option<f64> {
        let words = words.trim();
        let end = words.find(|c: char| !(c.is_ascii_digit() || "+-.,".contains(c))).unwrap_or(words.len());
        let number: f64 = words[..end].replace(',', ".").parse().ok()?;
        let unit = words[end..].trim();
        let factor = if unit.is_empty() { 1.0 } else { self.unit.per(unit)? };
        Some(tidy(number * factor)).filter(|&value| self.holds(value))
    }
}

/// `value` without the last digits that a conversion leaves behind.
pub(super) fn tidy(value: f64) -> f64 {
    let rounded = (value * 1e4).round() / 1e4;
    if (rounded - value).abs() <= 1e-9 * value.abs() { rounded } else { (value * 10.0).round() / 10.0 }
}

/// `value` short enough for a message.
pub(super) fn brief(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) { format!("{value:e}") } else { format!("{value}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_units_are_converted() {
        assert_eq!(HEIGHT.in_words("1.75 m"), Some(175.0));
        assert_eq!(HEIGHT.in_words("1,75m"), Some(175.0));
        assert_eq!(HEIGHT.in_words("175 cm"), Some(175.0));
        assert_eq!(HEIGHT.in_words("70 in"), Some(177.8));
        assert_eq!(MASS.in_words("154 lb"), Some(69.9));
        assert_eq!(LENGTH.in_words("90 %"), Some(0.9));
        assert_eq!(HEIGHT.in_words("tall"), None);
        assert_eq!(HEIGHT.in_words("5'11\""), None);
        assert_eq!(HEIGHT.in_words(""), None);
    }

    #[test]
    fn keys_in_other_units_are_recognised() {
        assert_eq!(HEIGHT.other_unit("height"), Some(None));
        assert_eq!(HEIGHT.other_unit("height_m"), Some(Some(100.0)));
        assert_eq!(MASS.other_unit("mass_lb"), Some(Some(0.453_592_37)));
        assert_eq!(MASS.other_unit("weight_kg"), Some(Some(1.0)));
        assert_eq!(LENGTH.other_unit("length_percent"), Some(Some(0.01)));
        assert_eq!(HEIGHT.other_unit("heigth_cm"), None);
        assert_eq!(HEIGHT.other_unit("height_of_desk"), None);
    }

    #[test]
    fn values_in_other_units_are_recognised() {
        assert_eq!(HEIGHT.slip(1.75), Some(("metres", 175.0)));
        assert_eq!(HEIGHT.slip(1750.0), Some(("millimetres", 175.0)));
        assert_eq!(LENGTH.slip(90.0), Some(("per cent", 0.9)));
        assert_eq!(TONE.slip(5.0), Some(("per cent", 0.05)));
        assert_eq!(HEIGHT.slip(-3.0), None);
        assert_eq!(TONE.slip(0.6), None);
    }
}
