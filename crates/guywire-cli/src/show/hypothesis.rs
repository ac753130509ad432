//! A posture with the hypothesis of reciprocal inhibition beside the same one without it.

use crate::table::{Align, Table, fixed, signed};
use guywire::results::{Contrast, Posture};
use guywire::study::contrast;
use serde::Serialize;
use std::fmt::Write;

/// A posture; where the hypothesis is on, with the posture without it.
#[derive(Serialize)]
pub struct Compared<'p> {
    /// The posture that was asked for.
    #[serde(flatten)]
    pub posture: &'p Posture,
    /// The same body's without the hypothesis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_reciprocal_inhibition: Option<&'p Posture>,
}

/// A number with and without; nothing where they are shown as the same.
fn row(told: Contrast) -> Option<[String; 5]> {
    let decimals = match told.unit.as_str() {
        "N" => 0,
        "MPa" => 2,
        _ => 1,
    };
    let [on, off] = [told.with, told.without].map(|value| fixed(value, decimals));
    (on != off).then(|| [told.label, on, off, signed(told.with - told.without, decimals), told.unit])
}

/// Both columns, where anything differs in them.
pub fn hypothesis(with: &Posture, without: &Posture) -> String {
    let mut out = "With and without reciprocal inhibition, a hypothesis with little evidence\n".to_owned();
    let rows: Vec<[String; 5]> = contrast(with, without).into_iter().filter_map(row).collect();
    if rows.is_empty() {
        out += "Nothing differs by as much as is shown: no muscle here comes near its lowered ceiling.\n";
        return out;
    }
    let right = Align::Right;
    let mut table = Table::new(&[
        ("", Align::Left),
        ("with", right),
        ("without", right),
        ("difference", right),
        ("unit", Align::Left),
    ]);
    rows.into_iter().for_each(|row| table.row(row));
    let _ = writeln!(out, "{table}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::made_up::solved;

    #[test]
    fn what_differs_stands_side_by_side() {
        let with = solved("standing", 10.0).posture;
        assert!(hypothesis(&with, &with).contains("Nothing differs"));
        let mut without = with.clone();
        without.measures.pelvic_tilt_deg -= 2.0;
        without.muscles[0].force_n += 40.0;
        let told = hypothesis(&with, &without);
        let line = |words: &str| told.lines().find(|l| l.contains(words)).unwrap_or_default().to_owned();
        assert!(line("pelvic tilt").contains("+2.0"), "{told}");
        assert!(line(&with.muscles[0].group.replace('_', " ")).contains("-40"), "{told}");
        assert!(!told.contains("sacral slope"), "{told}");
        let json =
            serde_json::to_value(Compared { posture: &with, without_reciprocal_inhibition: Some(&without) });
        let json = json.unwrap();
        let tilt = |of: &serde_json::Value| of["measures"]["pelvic_tilt_deg"].as_f64().unwrap();
        assert!((tilt(&json) - tilt(&json["without_reciprocal_inhibition"]) - 2.0).abs() < 1e-9);
    }
}
