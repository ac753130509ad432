//! One solved position as text.

use crate::table::{Align, Table, fixed};
use guywire::case::Tissue;
use guywire::results::{Measures, MuscleState, Posture, Side};
use std::fmt::Write;

/// Name, unit, decimals and value of a measure.
pub(super) type Row = (&'static str, &'static str, usize, fn(&Measures) -> f64);

/// Measures in the order in which a person is looked over: pelvis, spine, legs, whole.
pub(super) const MEASURES: [Row; 22] = [
    ("pelvic tilt, anterior +", "°", 1, |m| m.pelvic_tilt_deg),
    ("sacral slope", "°", 1, |m| m.sacral_slope_deg),
    ("spinopelvic tilt (PT)", "°", 1, |m| m.spinopelvic_tilt_deg),
    ("pelvic incidence", "°", 1, |m| m.pelvic_incidence_deg),
    ("pelvic obliquity", "°", 1, |m| m.pelvic_obliquity_deg),
    ("pelvic rotation", "°", 1, |m| m.pelvic_rotation_deg),
    ("lumbar lordosis", "°", 1, |m| m.lumbar_lordosis_deg),
    ("lower lordosis", "°", 1, |m| m.lower_lordosis_deg),
    ("lumbar flexion", "°", 1, |m| m.lumbar_flexion_deg),
    ("thorax inclination", "°", 1, |m| m.thorax_inclination_deg),
    ("hip flexion, left", "°", 1, |m| m.hip_flexion_left_deg),
    ("hip flexion, right", "°", 1, |m| m.hip_flexion_right_deg),
    ("hip adduction, left", "°", 1, |m| m.hip_adduction_left_deg),
    ("hip adduction, right", "°", 1, |m| m.hip_adduction_right_deg),
    ("femoral rotation, left", "°", 1, |m| m.femoral_rotation_left_deg),
    ("femoral rotation, right", "°", 1, |m| m.femoral_rotation_right_deg),
    ("knee flexion, left", "°", 1, |m| m.knee_flexion_left_deg),
    ("knee flexion, right", "°", 1, |m| m.knee_flexion_right_deg),
    ("ankle dorsiflexion, left", "°", 1, |m| m.ankle_dorsiflexion_left_deg),
    ("ankle dorsiflexion, right", "°", 1, |m| m.ankle_dorsiflexion_right_deg),
    ("functional leg length difference", "mm", 1, |m| m.functional_leg_length_difference_mm),
    ("gravity line", "mm", 0, |m| m.gravity_line_mm),
];

/// What is said where tests may say otherwise than the tissue that is stated; nothing where none do.
pub fn as_stated(tests_may_differ: bool) -> &'static str {
    match tests_may_differ {
        true => {
            "\nNote: this is the tissue that the case states; `guywire report` shows the body behind the tests of the visits.\n"
        }
        false => "",
    }
}

/// The whole posture; the fascicles of a muscle are added up.
pub fn posture(name: &str, tissue: &Tissue, caveats: &[String], posture: &Posture) -> String {
    let settings: Vec<String> = tissue.settings.iter().map(|setting| setting.describe()).collect();
    let tissue = if settings.is_empty() { "reference tissue".into() } else { settings.join("; ") };
    let mut out = format!("{name}, {}: {tissue}\n\n", posture.position);
    for caveat in caveats {
        let _ = writeln!(out, "Note: {caveat}\n");
    }
    let mut section = |title: &str, table: Table| {
        let _ = writeln!(out, "{title}\n{table}");
    };
    section("Posture", measures(&posture.measures));
    section("Muscles", muscles(&posture.muscles));
    if !posture.discs.is_empty() {
        section("Discs", discs(posture));
    }
    section("Hips", hips(posture));
    if !posture.supports.is_empty() {
        section("Supports", supports(posture));
    }
    if !posture.absent.is_empty() {
        let list: Vec<String> = posture.absent.iter().map(|a| format!("  {}: {}\n", a.what, a.why)).collect();
        let _ = writeln!(out, "Not in this model\n{}", list.concat());
    }
    let proof = &posture.certificate;
    let _ = writeln!(
        out,
        "Equilibrium: largest residual {:.1e} N and {:.1e} N m, optimality {:.1e}; {} steps, {} ms",
        proof.max_residual_n,
        proof.max_residual_nm,
        proof.kkt_residual,
        proof.iterations,
        fixed(proof.solve_ms, 1)
    );
    out
}

fn measures(measures: &Measures) -> Table {
    let mut table = Table::new(&[("measure", Align::Left), ("value", Align::Right), ("unit", Align::Left)]);
    for (label, unit, decimals, value) in MEASURES {
        table.row([label.to_owned(), fixed(value(measures), decimals), unit.to_owned()]);
    }
    table
}

/// A muscle of one side: the sum of its fascicles.
#[derive(Clone, Copy, Default)]
struct Sum {
    force: f64,
    passive: f64,
    activation: f64,
}

fn sum<'m>(fascicles: impl Iterator<Item = &'m MuscleState>) -> Sum {
    fascicles.fold(Sum::default(), |sum, fascicle| Sum {
        force: sum.force + fascicle.force_n,
        passive: sum.passive + fascicle.passive_force_n,
        activation: sum.activation.max(fascicle.activation),
    })
}

fn muscles(fascicles: &[MuscleState]) -> Table {
    let mut table = Table::new(&[
        ("group", Align::Left),
        ("muscle", Align::Left),
        ("left [N]", Align::Right),
        ("right [N]", Align::Right),
        ("passive left", Align::Right),
        ("passive right", Align::Right),
        ("active left [%]", Align::Right),
        ("active right [%]", Align::Right),
    ]);
    let mut names: Vec<(&str, &str)> = Vec::new();
    for fascicle in fascicles {
        let name = (fascicle.group.as_str(), fascicle.anatomical.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for (group, muscle) in names {
        let of = |side: Side| {
            sum(fascicles
                .iter()
                .filter(|f| (f.group.as_str(), f.anatomical.as_str()) == (group, muscle) && f.side == side))
        };
        let (left, right) = (of(Side::Left), of(Side::Right));
        table.row([
            group.to_owned(),
            muscle.to_owned(),
            fixed(left.force, 0),
            fixed(right.force, 0),
            fixed(left.passive, 0),
            fixed(right.passive, 0),
            fixed(left.activation * 100.0, 1),
            fixed(right.activation * 100.0, 1),
        ]);
    }
    table
}

fn discs(posture: &Posture) -> Table {
    let mut table = Table::new(&[
        ("level", Align::Left),
        ("pressed [N]", Align::Right),
        ("forward [N]", Align::Right),
        ("right [N]", Align::Right),
        ("flexion [N m]", Align::Right),
        ("nucleus [MPa]", Align::Right),
        ("front [MPa]", Align::Right),
        ("back [MPa]", Align::Right),
    ]);
    for disc in &posture.discs {
        table.row([
            disc.level.clone(),
            fixed(disc.compression_n, 0),
            fixed(disc.anterior_shear_n, 0),
            fixed(disc.lateral_shear_n, 0),
            fixed(disc.flexion_moment_nm, 1),
            fixed(disc.pressure_mpa, 2),
            fixed(disc.anterior_stress_mpa, 2),
            fixed(disc.posterior_stress_mpa, 2),
        ]);
    }
    table
}

fn hips(posture: &Posture) -> Table {
    let mut table = Table::new(&[
        ("side", Align::Left),
        ("contact force [N]", Align::Right),
        ("body weights", Align::Right),
    ]);
    for hip in &posture.hips {
        table.row([
            hip.side.name().to_owned(),
            fixed(hip.contact_force_n, 0),
            fixed(hip.contact_force_bw, 2),
        ]);
    }
    table
}

fn supports(posture: &Posture) -> Table {
    let mut table =
        Table::new(&[("support", Align::Left), ("force [N]", Align::Right), ("of weight [%]", Align::Right)]);
    for support in &posture.supports {
        table.row([
            support.support.clone(),
            fixed(support.normal_force_n, 0),
            fixed(support.share_of_weight * 100.0, 0),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use crate::show::made_up;

    #[test]
    fn a_posture_reads_well() {
        let case = made_up::case();
        let posture = made_up::solved("standing", 12.0).posture;
        let text = super::posture(&case.person.name, &case.tissue, &[], &posture);
        assert_eq!(
            text,
            "\
Ada, standing: hip flexors 10 % shorter

Posture
  measure                           value  unit
  pelvic tilt, anterior +            12.0  °
  sacral slope                       38.0  °
  spinopelvic tilt (PT)              14.0  °
  pelvic incidence                   52.0  °
  pelvic obliquity                    0.0  °
  pelvic rotation                     0.0  °
  lumbar lordosis                    55.0  °
  lower lordosis                     36.0  °
  lumbar flexion                     -2.0  °
  thorax inclination                  1.0  °
  hip flexion, left                   3.0  °
  hip flexion, right                  3.0  °
  hip adduction, left                 0.0  °
  hip adduction, right                0.0  °
  femoral rotation, left              0.0  °
  femoral rotation, right             0.0  °
  knee flexion, left                  1.0  °
  knee flexion, right                 1.0  °
  ankle dorsiflexion, left            4.0  °
  ankle dorsiflexion, right           4.0  °
  functional leg length difference    0.0  mm
  gravity line                         38  mm

Muscles
  group        muscle   left [N]  right [N]  passive left  passive right  active left [%]  active right [%]
  hip_flexors  psoas         120        100            60             50              3.0               2.0
  hip_flexors  iliacus        40         40            30             30              1.0               1.0

Discs
  level  pressed [N]  forward [N]  right [N]  flexion [N m]  nucleus [MPa]  front [MPa]  back [MPa]
  L4/L5          500           60          0           -3.2           0.45         0.30        0.41
  L5/S1          523          145          0           -4.1           0.47         0.31        0.44

Hips
  side   contact force [N]  body weights
  left                 412          0.68
  right                412          0.68

Supports
  support     force [N]  of weight [%]
  left foot         304             50
  right foot        304             50

Equilibrium: largest residual 2.0e-6 N and 3.0e-7 N m, optimality 1.0e-9; 14 steps, 8.2 ms
"
        );
    }
}
