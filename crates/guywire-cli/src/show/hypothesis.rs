//! A posture with the hypothesis of reciprocal inhibition beside the same one without it.

use super::posture::MEASURES;
use crate::table::{Align, Table, fixed, signed};
use guywire::results::{Posture, Side};
use serde::Serialize;
use std::fmt::Write;

/// Forces that differ by less are not told, N.
const WORTH_A_ROW_N: f64 = 0.5;

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

/// What differs: measures, muscles of either side, discs.
fn rows(with: &Posture, without: &Posture) -> Vec<[String; 5]> {
    let row = |what: &str, unit: &str, decimals: usize, [on, off]: [f64; 2]| {
        let numbers = [fixed(on, decimals), fixed(off, decimals)];
        (numbers[0] != numbers[1]).then(|| {
            let [on_text, off_text] = numbers;
            [what.to_owned(), on_text, off_text, signed(on - off, decimals), unit.to_owned()]
        })
    };
    let mut rows: Vec<[String; 5]> = Vec::new();
    for (label, unit, decimals, value) in MEASURES {
        rows.extend(row(label, unit, decimals, [value(&with.measures), value(&without.measures)]));
    }
    let mut names: Vec<(&str, Side)> = Vec::new();
    for fascicle in &with.muscles {
        let name = (fascicle.anatomical.as_str(), fascicle.side);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for (muscle, side) in names {
        let own = [with, without].map(|posture| {
            let own = posture.muscles.iter().filter(|m| m.anatomical == muscle && m.side == side);
            own.map(|m| m.force_n).sum::<f64>()
        });
        if (own[0] - own[1]).abs() > WORTH_A_ROW_N {
            rows.extend(row(&format!("{muscle}, {}", side.name()), "N", 0, own));
        }
    }
    for (disc, other) in with.discs.iter().zip(&without.discs) {
        let pressed = [disc.compression_n, other.compression_n];
        rows.extend(row(&format!("{} pressed", disc.level), "N", 0, pressed));
    }
    rows
}

/// Both columns, where anything differs in them.
pub fn hypothesis(with: &Posture, without: &Posture) -> String {
    let mut out = "With and without reciprocal inhibition, a hypothesis with little evidence\n".to_owned();
    let rows = rows(with, without);
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
        assert!(line(&with.muscles[0].anatomical).contains("-40"), "{told}");
        assert!(!told.contains("sacral slope"), "{told}");
        let json =
            serde_json::to_value(Compared { posture: &with, without_reciprocal_inhibition: Some(&without) });
        let json = json.unwrap();
        let tilt = |of: &serde_json::Value| of["measures"]["pelvic_tilt_deg"].as_f64().unwrap();
        assert!((tilt(&json) - tilt(&json["without_reciprocal_inhibition"]) - 2.0).abs() < 1e-9);
    }
}
