//! What the body is made of, as text.

use crate::engine::{GroupInfo, MuscleInfo, SourceInfo};
use crate::table::{Align, Table, fixed};

/// Tissue groups with the muscles in them.
pub fn groups(groups: &[GroupInfo]) -> String {
    let mut table = Table::new(&[("group", Align::Left), ("muscles", Align::Left)]);
    for group in groups {
        table.row([group.name.clone(), group.members.join(", ")]);
    }
    format!(
        "{table}\nEach group and each muscle takes .left and .right and has length, stiffness, strength and tone.\n\
         Joints: hip.extension_range_deg, lumbar.neutral_lordosis_deg\n"
    )
}

/// Every fascicle with its parameters.
pub fn muscles(muscles: &[MuscleInfo]) -> String {
    let mut table = Table::new(&[
        ("fascicle", Align::Left),
        ("muscle", Align::Left),
        ("group", Align::Left),
        ("side", Align::Left),
        ("max force [N]", Align::Right),
        ("fibre length [mm]", Align::Right),
        ("tendon slack [mm]", Align::Right),
        ("source", Align::Left),
    ]);
    for muscle in muscles {
        table.row([
            muscle.name.clone(),
            muscle.key.clone(),
            muscle.group.clone(),
            muscle.side.name().to_owned(),
            fixed(muscle.max_isometric_force_n, 0),
            fixed(muscle.optimal_fiber_length_m * 1e3, 1),
            fixed(muscle.tendon_slack_length_m * 1e3, 1),
            muscle.source.clone(),
        ]);
    }
    table.to_string()
}

/// Every data file with its source and licence.
pub fn sources(sources: &[SourceInfo]) -> String {
    let mut out = String::new();
    for source in sources {
        out += &format!(
            "{}\n  {}\n  source: {}\n  licence: {}\n",
            source.path, source.what, source.source, source.licence
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use guywire::results::Side;

    #[test]
    fn groups_read_well() {
        let group = GroupInfo { name: "hip_flexors".into(), members: vec!["psoas".into(), "iliacus".into()] };
        assert!(groups(&[group]).starts_with("  group        muscles\n  hip_flexors  psoas, iliacus\n"));
    }

    #[test]
    fn muscles_and_sources_read_well() {
        let muscle = MuscleInfo {
            name: "Ps_L1_VB".into(),
            anatomical: "psoas major".into(),
            key: "psoas".into(),
            group: "hip_flexors".into(),
            side: Side::Left,
            max_isometric_force_n: 130.4,
            optimal_fiber_length_m: 0.117,
            tendon_slack_length_m: 0.125,
            source: "nobody".into(),
        };
        assert_eq!(
            muscles(&[muscle]),
            "  fascicle  muscle  group        side  max force [N]  fibre length [mm]  tendon slack [mm]  source\n  \
             Ps_L1_VB  psoas   hip_flexors  left            130              117.0              125.0  nobody\n"
        );
        let source = SourceInfo {
            path: "data/a.csv".into(),
            what: "Masses".into(),
            source: "nobody".into(),
            licence: "MIT".into(),
        };
        assert_eq!(sources(&[source]), "data/a.csv\n  Masses\n  source: nobody\n  licence: MIT\n");
    }
}
