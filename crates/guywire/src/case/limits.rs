//! What a plan must keep to: what there is to exercise with, and what hurts.

use super::vocabulary::nearest;

/// The section `[plan]` of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanLimits {
    /// What there is to exercise with, by the names of the library; not known where nothing is said.
    pub equipment: Option<Vec<String>>,
    /// Where it hurts.
    pub painful: Vec<PainLimit>,
}

/// A measure of a pose, and the bound beyond which it hurts.
#[derive(Clone, Debug, PartialEq)]
pub struct PainLimit {
    /// As it was written, such as `hip_flexion.left > 90`.
    pub text: String,
    /// Field of [`Measures`](crate::results::Measures), such as `hip_flexion_left_deg`.
    pub measure: String,
    /// Whether it hurts above the bound, or below.
    pub above: bool,
    /// The bound, degrees.
    pub bound_deg: f64,
}

impl PainLimit {
    /// Whether a pose with this measure goes beyond the bound. What is not known does.
    pub fn is_passed(&self, measure_deg: f64) -> bool {
        let kept = if self.above { measure_deg <= self.bound_deg } else { measure_deg >= self.bound_deg };
        !kept
    }

    /// Reads `MEASURE > DEGREES` or `MEASURE < DEGREES`, where `measures` are the fields that there are. A measure with sides that
    /// names none is of both.
    ///
    /// # Errors
    /// What was expected, and the name that was most likely meant.
    pub fn read(text: &str, measures: &[String]) -> Result<Vec<Self>, (String, Option<String>)> {
        let expected = "expected `MEASURE > DEGREES` or `MEASURE < DEGREES`, such as `hip_flexion.left > 90`";
        let (at, sign) =
            text.char_indices().find(|(_, c)| matches!(c, '>' | '<')).ok_or((expected.into(), None))?;
        let (name, number) = (text[..at].trim(), text[at + 1..].trim());
        let bound: f64 = number.parse().map_err(|_| (expected.into(), None))?;
        if !(-FURTHEST..=FURTHEST).contains(&bound) {
            return Err((format!("an angle lies between -{FURTHEST} and {FURTHEST} degrees"), None));
        }
        let fields: Vec<String> = match name.rsplit_once('.') {
            Some((stem, side @ ("left" | "right"))) => vec![format!("{stem}_{side}_deg")],
            _ => {
                let own = format!("{name}_deg");
                let sides = ["left", "right"].map(|side| format!("{name}_{side}_deg"));
                if measures.contains(&own) { vec![own] } else { sides.into() }
            }
        };
        if !fields.iter().all(|field| measures.contains(field)) {
            let written: Vec<String> = measures.iter().map(|field| written(field)).collect();
            let meant = nearest(name, written.iter().map(String::as_str)).map(str::to_owned);
            return Err((format!("no pose has a measure `{name}` in degrees"), meant));
        }
        let limit =
            |measure| Self { text: text.trim().to_owned(), measure, above: sign == '>', bound_deg: bound };
        Ok(fields.into_iter().map(limit).collect())
    }
}

/// No joint turns further, degrees.
const FURTHEST: f64 = 180.0;

/// A field of the measures as it is written in a case: `hip_flexion.left`.
fn written(field: &str) -> String {
    let stem = field.strip_suffix("_deg").unwrap_or(field);
    ["left", "right"]
        .into_iter()
        .find_map(|side| Some(format!("{}.{side}", stem.strip_suffix(side)?.strip_suffix('_')?)))
        .unwrap_or_else(|| stem.to_owned())
}
