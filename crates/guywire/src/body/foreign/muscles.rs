//! A model's muscles: what each is by its name, and what it does with a rigid tendon.

use super::super::muscles::THELEN_ROUNDING;
use super::super::{BodyError, GroupRow, MuscleInfo};
use super::placing::Upright;
use super::{ForeignError, Side, listed};
use guywire_engine::muscle::PassiveCurve;
use guywire_engine::path::Path;
use guywire_engine::{Kinematics, Muscle, System};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description::ForceKind;
use serde::Deserialize;

/// Passive force of a muscle upright, over its strongest contraction, beyond which its lengths are not a person's:
/// assumed. People's muscles carry a few hundredths in standing.
const STRETCHED: f64 = 1.0;
/// What a muscle of no known name is called where a group is asked for.
const NO_GROUP: &str = "other";

/// The muscles of a model: one entry each in the first three lists.
pub(super) struct Muscles {
    pub infos: Vec<MuscleInfo>,
    pub paths: Vec<Path>,
    pub muscles: Vec<Muscle>,
    /// Memberships that the built-in body's groups do not have.
    pub groups: Vec<GroupRow>,
}

#[derive(Clone, Debug, Deserialize)]
struct Known {
    /// Name without side; `*` at its end stands for anything.
    pattern: String,
    key: String,
    anatomical: String,
    group: String,
}

impl Known {
    fn fits(&self, name: &str) -> bool {
        match self.pattern.strip_suffix('*') {
            Some(start) => name.len() >= start.len() && name.starts_with(start),
            None => name == self.pattern,
        }
    }
}

/// The muscles of a model that pull at all.
pub(super) fn of(
    description: &Description,
    built: &Built,
    upright: &Upright<'_>,
    caveats: &mut Vec<String>,
) -> Result<Muscles, ForeignError> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/foreign/muscles.csv"));
    let known: Vec<Known> = csv::Reader::from_reader(text.as_bytes())
        .into_deserialize()
        .collect::<Result<_, csv::Error>>()
        .map_err(|e| ForeignError::Table(format!("muscles.csv: {e}")))?;
    let mut all = Muscles { infos: Vec::new(), paths: Vec::new(), muscles: Vec::new(), groups: Vec::new() };
    let (mut nameless, mut idle) = (Vec::new(), Vec::new());
    let forces = description.forces.iter().filter(|f| matches!(f.kind, ForceKind::Muscle(_)));
    for ((force, hill), path) in forces.zip(&built.muscles).zip(built.reduced_paths.paths()) {
        let mut parameters = hill.at_rest();
        if !force.applies_force || parameters.max_isometric_force <= 0.0 {
            idle.push(force.name.clone());
            continue;
        }
        if let PassiveCurve::Thelen(curve) = parameters.passive.curve {
            // A posture of least effort likes to sit exactly on the corner of that curve, as in the built-in body.
            parameters.passive.curve = PassiveCurve::Thelen(curve.rounded(THELEN_ROUNDING));
        }
        parameters
            .validate()
            .map_err(|e| BodyError::Muscle { muscle: force.name.clone(), problem: e.to_string() })?;
        let (stem, side) = sided(&force.name).unwrap_or_else(|| (&force.name, lies_on(path, upright)));
        let row = known.iter().find(|row| row.fits(stem));
        let (key, anatomical, groups) = match row {
            Some(row) => (row.key.clone(), row.anatomical.clone(), row.group.as_str()),
            None => {
                nameless.push(force.name.clone());
                (stem.to_owned(), stem.to_owned(), NO_GROUP)
            }
        };
        for group in groups.split_whitespace().filter(|_| row.is_some()) {
            let new = GroupRow { group: group.to_owned(), member: key.clone() };
            if !all.groups.iter().any(|g| g.group == new.group && g.member == new.member) {
                all.groups.push(new);
            }
        }
        all.infos.push(MuscleInfo {
            name: stem.to_owned(),
            anatomical,
            key,
            group: groups.split_whitespace().next().unwrap_or(NO_GROUP).to_owned(),
            side,
            max_isometric_force_n: parameters.max_isometric_force,
            optimal_fiber_length_m: parameters.optimal_fiber_length,
            tendon_slack_length_m: parameters.tendon_slack_length,
            source: description.name.clone(),
        });
        all.muscles.push(Muscle {
            name: force.name.clone(),
            volume: parameters.max_isometric_force * parameters.optimal_fiber_length,
            floor: 0.0,
            ceiling: 1.0,
            parameters,
        });
        all.paths.push(path.clone());
    }
    if !nameless.is_empty() {
        caveats.push(format!(
            "Muscles of no known name stand in no tissue group; settings reach them by their own name: {}.",
            listed(&nameless, 12)
        ));
    }
    if !idle.is_empty() {
        caveats.push(format!(
            "Muscles that are switched off or have no strength are left out: {}.",
            listed(&idle, 12)
        ));
    }
    Ok(all)
}

/// Takes off the passive force of muscles that the model's own lengths stretch out of all measure where it stands
/// upright: with a tendon that does not stretch, a fibre of three times its best length pulls with the weight of a
/// ship. Returns their names.
pub(super) fn let_go(system: &mut System, kinematics: &Kinematics<f64>) -> Result<Vec<String>, BodyError> {
    let mut arms = system.paths.moment_arms();
    system.paths.update(&system.model, kinematics, &mut arms)?;
    let mut names = Vec::new();
    for (muscle, length) in system.muscles.iter_mut().zip(&arms.lengths) {
        let parameters = &mut muscle.parameters;
        let passive = parameters.rigid_tendon(*length).passive_force;
        if passive.is_nan() || passive > STRETCHED * parameters.max_isometric_force {
            parameters.passive = PassiveCurve::Slack.into();
            names.push(muscle.name.clone());
        }
    }
    Ok(names)
}

/// A name without its side, and the side.
fn sided(name: &str) -> Option<(&str, Side)> {
    let endings = [
        ("_r", Side::Right),
        ("_l", Side::Left),
        ("_R", Side::Right),
        ("_L", Side::Left),
        (".r", Side::Right),
        (".l", Side::Left),
        ("_right", Side::Right),
        ("_left", Side::Left),
    ];
    endings.into_iter().find_map(|(ending, side)| Some((name.strip_suffix(ending)?, side)))
}

/// The side on which a path lies, for a name that does not say it.
fn lies_on(path: &Path, upright: &Upright<'_>) -> Side {
    let z: f64 = path.points.iter().map(|p| upright.pose(p.body).point(p.position).z).sum();
    if z < 0.0 { Side::Left } else { Side::Right }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_side() {
        assert_eq!(sided("glut_med1_r"), Some(("glut_med1", Side::Right)));
        assert_eq!(sided("psoas.l"), Some(("psoas", Side::Left)));
        assert_eq!(sided("soleus_left"), Some(("soleus", Side::Left)));
        assert_eq!(sided("diaphragm"), None);
    }

    #[test]
    fn a_star_stands_for_anything() {
        let row = |pattern: &str| Known {
            pattern: pattern.into(),
            key: String::new(),
            anatomical: String::new(),
            group: String::new(),
        };
        assert!(row("IL_L*").fits("IL_L2") && !row("IL_L*").fits("IL_R5"));
        assert!(row("soleus").fits("soleus") && !row("soleus").fits("soleus2"));
    }
}
