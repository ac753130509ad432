//! The quantities of a posture that causes are told of, by name.

use crate::results::{Measures, Posture, Side};

/// A field of [`Measures`] by its name.
pub(crate) struct MeasureField {
    pub name: &'static str,
    pub of: fn(&Measures) -> f64,
}

macro_rules! fields {
    ($($name:ident)*) => { &[$(MeasureField { name: stringify!($name), of: |m| m.$name }),*] };
}

/// Every field of [`Measures`].
pub(crate) const MEASURES: &[MeasureField] = fields! {
    pelvic_tilt_deg sacral_slope_deg spinopelvic_tilt_deg pelvic_incidence_deg lumbar_lordosis_deg
    lower_lordosis_deg lumbar_flexion_deg thorax_inclination_deg hip_flexion_left_deg hip_flexion_right_deg
    hip_adduction_left_deg hip_adduction_right_deg femoral_rotation_left_deg femoral_rotation_right_deg
    knee_flexion_left_deg knee_flexion_right_deg ankle_dorsiflexion_left_deg ankle_dorsiflexion_right_deg
    pelvic_obliquity_deg pelvic_rotation_deg functional_leg_length_difference_mm gravity_line_mm
};

/// The measures that causes are told of: field, words, unit.
const TOLD: [(&str, &str, &str); 9] = [
    ("pelvic_tilt_deg", "pelvic tilt", "deg"),
    ("sacral_slope_deg", "sacral slope", "deg"),
    ("lumbar_lordosis_deg", "lumbar lordosis", "deg"),
    ("hip_flexion_left_deg", "flexion of the left hip", "deg"),
    ("hip_flexion_right_deg", "flexion of the right hip", "deg"),
    ("femoral_rotation_left_deg", "inward rotation of the left thigh", "deg"),
    ("femoral_rotation_right_deg", "inward rotation of the right thigh", "deg"),
    ("pelvic_obliquity_deg", "pelvic obliquity (right side higher)", "deg"),
    ("functional_leg_length_difference_mm", "functional leg length difference (left leg shorter)", "mm"),
];

/// The discs that causes are told of.
const DISCS: [&str; 2] = ["L4/L5", "L5/S1"];

/// One quantity of a posture.
pub(crate) struct Quantity {
    pub name: String,
    pub label: String,
    pub unit: &'static str,
    pub value: f64,
}

/// The quantities of a posture; their names and order depend on the body alone.
pub(crate) fn quantities(posture: &Posture) -> Vec<Quantity> {
    let mut list = Vec::new();
    let mut tell =
        |name: String, label: String, unit, value| list.push(Quantity { name, label, unit, value });
    for (field, words, unit) in TOLD {
        for known in MEASURES.iter().filter(|m| m.name == field) {
            let value = (known.of)(&posture.measures);
            if value.is_finite() {
                tell(field.to_owned(), words.to_owned(), unit, value);
            }
        }
    }
    for disc in posture.discs.iter().filter(|d| DISCS.contains(&d.level.as_str())) {
        let level = &disc.level;
        for (field, words, unit, value) in [
            ("compression_n", "compression", "N", disc.compression_n),
            ("pressure_mpa", "pressure", "MPa", disc.pressure_mpa),
            ("anterior_stress_mpa", "stress at the front", "MPa", disc.anterior_stress_mpa),
            ("posterior_stress_mpa", "stress at the back", "MPa", disc.posterior_stress_mpa),
        ] {
            if value.is_finite() {
                tell(format!("discs.{level}.{field}"), format!("{level} {words}"), unit, value);
            }
        }
    }
    for (group, forces) in group_forces(posture) {
        for (side, force) in Side::BOTH.into_iter().zip(forces) {
            let side = side.name();
            let label = format!("force in the {side} {}", group.replace('_', " "));
            tell(format!("force.{group}.{side}_n"), label, "N", force);
        }
    }
    list
}

/// Every number of a posture that is shown, by name; names and order depend on the body alone.
pub(super) fn shown(posture: &Posture) -> Vec<(String, f64)> {
    let mut list: Vec<(String, f64)> = Vec::new();
    list.extend(MEASURES.iter().map(|m| (m.name.to_owned(), (m.of)(&posture.measures))));
    for disc in &posture.discs {
        let fields = [
            ("compression_n", disc.compression_n),
            ("pressure_mpa", disc.pressure_mpa),
            ("anterior_shear_n", disc.anterior_shear_n),
            ("anterior_stress_mpa", disc.anterior_stress_mpa),
            ("posterior_stress_mpa", disc.posterior_stress_mpa),
        ];
        list.extend(fields.map(|(field, value)| (format!("discs.{}.{field}", disc.level), value)));
    }
    for hip in &posture.hips {
        let name = |field: &str| format!("hips.{}.{field}", hip.side.name());
        list.push((name("contact_force_n"), hip.contact_force_n));
        list.push((name("contact_force_bw"), hip.contact_force_bw));
    }
    for (group, forces) in group_forces(posture) {
        let named = |side: Side| format!("force.{group}.{}_n", side.name());
        list.extend(Side::BOTH.into_iter().map(named).zip(forces));
    }
    list.retain(|(_, value)| value.is_finite());
    list
}

/// The groups that muscles are reported in (each muscle in one), in the order of the muscles, with the force of both sides
/// in the order of [`Side::BOTH`], N.
fn group_forces(posture: &Posture) -> Vec<(&str, [f64; 2])> {
    let mut groups: Vec<(&str, [f64; 2])> = Vec::new();
    for muscle in &posture.muscles {
        let k = groups.iter().rposition(|(name, _)| *name == muscle.group).unwrap_or_else(|| {
            groups.push((&muscle.group, [0.0; 2]));
            groups.len() - 1
        });
        for (side, force) in Side::BOTH.into_iter().zip(&mut groups[k].1) {
            *force += if side == muscle.side { muscle.force_n } else { 0.0 };
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_told_is_a_field() {
        for (field, ..) in TOLD {
            assert!(MEASURES.iter().any(|m| m.name == field), "{field}");
        }
    }
}
