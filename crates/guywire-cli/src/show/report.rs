//! The summary that `guywire report` prints.

use crate::table::{Align, Table, fixed, signed};
use guywire::results::{Posture, Results};
use std::fmt::Write;

const COLUMNS: &str = "Pelvic tilt, lumbar lordosis, compression of L5/S1, pressure in L4/L5, greater hip force;\n\
                       in brackets the change against reference tissue.";

/// Effects that the summary names; the report has all.
const MAIN_EFFECTS: [&str; 3] = ["pelvic_tilt_deg", "lumbar_lordosis_deg", "discs.L5/S1.compression_n"];

/// The person, the main numbers of every position beside reference tissue, and the main causes.
pub fn summary(results: &Results) -> String {
    let mut out = match (&results.person, &results.model) {
        (Some(person), _) => format!(
            "{}, {} years, {}, {} cm, {} kg\n",
            person.name,
            person.age,
            person.sex.name(),
            person.height_cm,
            person.mass_kg
        ),
        (None, Some(model)) => {
            let mut text = format!("{}, OpenSim model, {} kg\n", model.name, fixed(model.mass_kg, 1));
            for caveat in &model.caveats {
                let _ = writeln!(text, "  {caveat}");
            }
            text
        }
        (None, None) => String::new(),
    };
    match results.settings.as_slice() {
        [] => out.push_str("reference tissue\n"),
        settings => settings.iter().for_each(|setting| {
            let _ = writeln!(out, "- {setting}");
        }),
    }
    for warning in &results.warnings {
        let _ = writeln!(out, "\nNote: {warning}");
    }
    let _ = writeln!(out, "\n{COLUMNS}\n\n{}", positions(results));
    out.push_str(&causes(results));
    out
}

fn positions(results: &Results) -> Table {
    let mut table = Table::new(&[
        ("position", Align::Left),
        ("tilt [°]", Align::Right),
        ("lordosis [°]", Align::Right),
        ("L5/S1 [N]", Align::Right),
        ("L4/L5 [MPa]", Align::Right),
        ("hip [× weight]", Align::Right),
    ]);
    for position in &results.positions {
        let (person, reference) = (&position.person.posture, &position.reference.posture);
        let both = |value: &dyn Fn(&Posture) -> f64, decimals| {
            let (own, other) = (value(person), value(reference));
            format!("{} ({})", fixed(own, decimals), signed(own - other, decimals))
        };
        table.row([
            position.position.clone(),
            both(&|posture| posture.measures.pelvic_tilt_deg, 1),
            both(&|posture| posture.measures.lumbar_lordosis_deg, 1),
            both(&|posture| disc(posture, "L5/S1").map_or(f64::NAN, |disc| disc.compression_n), 0),
            both(&|posture| disc(posture, "L4/L5").map_or(f64::NAN, |disc| disc.pressure_mpa), 2),
            both(&|posture| posture.hips.iter().map(|hip| hip.contact_force_bw).fold(f64::NAN, f64::max), 2),
        ]);
    }
    table
}

fn disc<'p>(posture: &'p Posture, level: &str) -> Option<&'p guywire::results::DiscLoad> {
    posture.discs.iter().find(|disc| disc.level == level)
}

/// What each setting alone does to the main numbers of the first position.
fn causes(results: &Results) -> String {
    let Some(position) = results.positions.first().filter(|position| !position.causes.is_empty()) else {
        return String::new();
    };
    let mut out = format!("What each setting alone does in {}\n", position.position);
    for cause in &position.causes {
        let main = MAIN_EFFECTS.iter().filter_map(|name| cause.effects.iter().find(|e| e.quantity == *name));
        let effects: Vec<String> = main
            .map(|effect| {
                let decimals = if effect.unit == "N" { 0 } else { 1 };
                let unit = if effect.unit == "deg" { "°".to_owned() } else { format!(" {}", effect.unit) };
                format!("{} {}{unit}", effect.label, signed(effect.alone, decimals))
            })
            .collect();
        let _ = writeln!(out, "- {}: {}", cause.label, effects.join(", "));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::show::made_up;

    #[test]
    fn a_summary_reads_well() {
        assert_eq!(
            super::summary(&made_up::results()),
            "\
Ada, 35 years, female, 168 cm, 62 kg
- hip flexors 10 % shorter

Note: A sentence to know first.

Pelvic tilt, lumbar lordosis, compression of L5/S1, pressure in L4/L5, greater hip force;
in brackets the change against reference tissue.

  position     tilt [°]  lordosis [°]  L5/S1 [N]  L4/L5 [MPa]  hip [× weight]
  standing  12.0 (+2.5)    55.0 (0.0)    523 (0)  0.45 (0.00)     0.68 (0.00)

What each setting alone does in standing
- hip flexors 10 % shorter: pelvic tilt +2.5°, compression at L5/S1 +98 N
"
        );
    }
}
