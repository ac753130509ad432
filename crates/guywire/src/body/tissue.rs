//! The state of tissue, put into muscles.

use super::{MuscleInfo, ReferenceBody};
use crate::case::{Property, Setting, Target, Tissue};
use crate::side::Side;
use std::collections::BTreeMap;

impl ReferenceBody {
    /// Whether a setting's target covers a muscle.
    pub(crate) fn covers(&self, setting: &Setting, info: &MuscleInfo) -> bool {
        let is_target = match &setting.target {
            Target::Group(group) => self.groups.iter().any(|g| g.group == *group && g.member == info.key),
            Target::Muscle(name) => *name == info.key || *name == info.name,
            Target::Hip | Target::Lumbar => false,
        };
        is_target && is_of_side(setting, info)
    }

    /// Whether a muscle is named by its own key or by one of its groups.
    fn is_named(&self, names: &[String], info: &MuscleInfo) -> bool {
        let in_group = |name: &String| self.groups.iter().any(|g| g.group == *name && g.member == info.key);
        names.iter().any(|name| *name == info.key || in_group(name))
    }

    /// Lowers the ceiling of activation of every muscle by gain × mean tone of its antagonists on its side.
    fn inhibit(&self, infos: &[MuscleInfo], muscles: &mut [guywire_engine::Muscle], gain: f64) {
        for pair in &self.constants.inhibition {
            for side in Side::BOTH {
                let (mut tone, mut count) = (0.0, 0.0);
                for (info, muscle) in infos.iter().zip(&*muscles) {
                    if info.side == side && self.is_named(&pair.agonists, info) {
                        tone += muscle.floor;
                        count += 1.0;
                    }
                }
                let less = if count > 0.0 { (gain * tone / count).min(1.0) } else { 0.0 };
                for (info, muscle) in infos.iter().zip(&mut *muscles) {
                    if info.side == side && self.is_named(&pair.antagonists, info) {
                        muscle.ceiling = (1.0 - less).max(muscle.floor);
                    }
                }
            }
        }
    }

    /// Puts the state of tissue into muscles.
    pub(super) fn set_tissue(
        &self,
        tissue: &Tissue,
        infos: &[MuscleInfo],
        muscles: &mut [guywire_engine::Muscle],
    ) {
        let named = named(infos);
        let of = |name: &str| named.get(name).map_or(&[][..], Vec::as_slice);
        for setting in &tissue.settings {
            let mut asked: Vec<usize> = match &setting.target {
                Target::Muscle(name) => of(name).to_vec(),
                Target::Group(group) => {
                    let own = self.groups.iter().filter(|g| g.group == *group);
                    own.flat_map(|g| of(&g.member)).copied().collect()
                }
                Target::Hip | Target::Lumbar => Vec::new(),
            };
            asked.sort_unstable();
            asked.dedup();
            for m in asked.into_iter().filter(|&m| is_of_side(setting, &infos[m])) {
                let muscle = &mut muscles[m];
                let p = &mut muscle.parameters;
                match setting.property {
                    // Fewer sarcomeres in series: the same force over a shorter range.
                    Property::Length => p.optimal_fiber_length *= setting.value,
                    Property::Stiffness => p.passive.scale *= setting.value,
                    Property::Strength => p.max_isometric_force *= setting.value,
                    Property::Tone => muscle.floor = (muscle.floor + setting.value).min(1.0),
                    Property::ExtensionRangeDeg | Property::NeutralLordosisDeg => {}
                }
            }
        }
        if tissue.reciprocal_inhibition > 0.0 {
            self.inhibit(infos, muscles, tissue.reciprocal_inhibition);
        }
    }
}

fn is_of_side(setting: &Setting, info: &MuscleInfo) -> bool {
    setting.side.is_none_or(|side| side == info.side)
}

/// Where the muscles of every name stand, fascicle or anatomical: weeks set something of nearly every fascicle.
fn named(infos: &[MuscleInfo]) -> BTreeMap<&str, Vec<usize>> {
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (m, info) in infos.iter().enumerate() {
        named.entry(&info.name).or_default().push(m);
        if info.key != info.name {
            named.entry(&info.key).or_default().push(m);
        }
    }
    named
}
