//! A body from another model: any OpenSim model of a person with a pelvis, two legs and a trunk.
//!
//! ```text
//! description ─▶ which name plays which part ─▶ how angles are counted ─▶ where skin and spines lie ─▶ Body
//! ```
//!
//! Its muscles, joints, masses and passive forces are the model's own; nothing of the built-in body's tissue is
//! added. What the built-in body lends is skin: the points that touch the floor, a seat or a table, and the
//! spines of the pelvis where the model has no markers on them, each scaled to the model's segments.

mod movers;
mod muscles;
mod names;
mod placing;

pub use names::{Naming, NamingError};

use super::{
    Body, BodyError, Landmark, LandmarkRow, Others, Parts, ReferenceBody, Role, read, suffix, table,
};
use crate::body::MuscleInfo;
use crate::case::{Property, Tissue};
use crate::side::Side;
use guywire_engine::force::Elastic;
use guywire_engine::passive::PreloadEffect;
use guywire_engine::{Model, PathSet, System};
use guywire_math::Vec3;
use guywire_osim::build::{BuildError, Built};
use guywire_osim::{Description, OsimModel};
use movers::Movers;
use names::{KnownNames, find};
use placing::Upright;
use std::collections::BTreeMap;

/// Greatest angle between gravity and ground's −y, as a sine.
const DOWNWARD: f64 = 1e-6;

/// Parts without which there is no posture, and what may stand in for others.
const NEEDED_BODIES: [&str; 8] =
    ["pelvis", "thorax", "femur_r", "femur_l", "tibia_r", "tibia_l", "calcn_r", "calcn_l"];
const NEEDED_COORDINATES: [&str; 9] = [
    "pelvis_tilt",
    "pelvis_tx",
    "pelvis_ty",
    "hip_flexion_r",
    "hip_flexion_l",
    "knee_angle_r",
    "knee_angle_l",
    "ankle_angle_r",
    "ankle_angle_l",
];

/// Why a model cannot be posed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The description does not make a model.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A part that the engine refuses.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// Parts that no name of the model is known for.
    #[error(
        "the model has no {}; say what it calls them in a file of names with lines such as `thorax = \"upper_trunk\"` \
         under [bodies] or [coordinates]. Its bodies: {}. Its coordinates: {}",
        .parts.join(", no "), .bodies.join(", "), .coordinates.join(", ")
    )]
    MissingParts {
        /// What is missing, each with its kind.
        parts: Vec<String>,
        /// Names of the model's bodies.
        bodies: Vec<String>,
        /// Names of the model's coordinates.
        coordinates: Vec<String>,
    },
    /// A name that the user gives and the model does not have.
    #[error("the file of names says `{part} = \"{given}\"`, and the model has no {kind} `{given}`")]
    GivenNotThere {
        /// Body, coordinate or marker.
        kind: &'static str,
        /// The part.
        part: String,
        /// What the user calls it.
        given: String,
    },
    /// A coordinate that does something else than its part.
    #[error(
        "coordinate `{coordinate}` does not turn or slide along the axis of `{role}`; give the right one in a file of names"
    )]
    OtherAxis {
        /// The part.
        role: String,
        /// The model's coordinate.
        coordinate: String,
    },
    /// A segment that no person has.
    #[error(
        "the joint centres of `{from}` and `{to}` lie {ratio:.2} times as far apart as in a man of 1.70 m; are the names right?"
    )]
    Implausible {
        /// A part.
        from: String,
        /// The next part.
        to: String,
        /// Distance over the built-in body's.
        ratio: f64,
    },
    /// Gravity does not point down.
    #[error("gravity is ({x}, {y}, {z}) m/s²; positions need it along −y, as OpenSim's models have it")]
    Gravity {
        /// m/s².
        x: f64,
        /// m/s².
        y: f64,
        /// m/s².
        z: f64,
    },
    /// The table of names is wrong.
    #[error("data/foreign/{0}")]
    Table(String),
}

/// A model of a person, ready to take a state of tissue.
#[derive(Clone, Debug)]
pub struct ForeignBody {
    name: String,
    system: System,
    infos: Vec<MuscleInfo>,
    landmarks: Vec<Landmark>,
    thorax_up: Vec3<f64>,
    parts: Others,
    size: f64,
    /// Constants of the built-in body, and its groups with the model's muscles in them.
    reference: ReferenceBody,
    caveats: Vec<String>,
}

impl ForeignBody {
    /// From a model file that was read.
    ///
    /// # Errors
    /// Everything that keeps the model from being posed; see [`ForeignError`].
    pub fn read(model: &OsimModel, naming: &Naming) -> Result<Self, ForeignError> {
        let built = Built::new(&model.description)?;
        let mut body = Self::new(&model.description, &built, naming)?;
        let remarks = model.report.remarks().map(ToString::to_string);
        body.caveats.extend(remarks.map(|remark| format!("Of the file, {remark}.")));
        Ok(body)
    }

    /// From a description and its engine models.
    ///
    /// # Errors
    /// As [`ForeignBody::read`].
    pub fn new(description: &Description, built: &Built, naming: &Naming) -> Result<Self, ForeignError> {
        let g = built.gravity;
        if g.y >= 0.0 || (g.x * g.x + g.z * g.z) > (DOWNWARD * g.y) * (DOWNWARD * g.y) {
            return Err(ForeignError::Gravity { x: g.x, y: g.y, z: g.z });
        }
        let mut reference = ReferenceBody::adult()?;
        let own = reference.unscaled()?;
        let (tree, reduced) = (&built.tree, &built.reduced);
        let (bodies, mut coordinates) = parts(tree, reduced, naming)?;
        let zero: Vec<usize> = coordinates.values().map(|role| role.coordinate).collect();
        placing::signs(&own, &Upright::new(tree, zero.into_iter()), &bodies, &mut coordinates)?;
        let upright = Upright::new(reduced, coordinates.values().filter_map(|role| role.degree));
        let (placements, size) = placing::placements(&own, &upright, &bodies)?;
        let thorax = placements.get("thorax").map_or(0, |p| p.body);
        let thorax_up = upright.pose(thorax).rotation.transpose() * Vec3::new(0.0, 1.0, 0.0);

        let mut caveats = Vec::new();
        let muscles::Muscles { infos, paths, muscles, groups } =
            muscles::of(description, built, &upright, &mut caveats)?;
        reference.groups.extend(groups);
        let paths = PathSet::new(reduced, paths).map_err(BodyError::from)?;
        let mut system = System {
            model: reduced.clone(),
            paths,
            muscles,
            actuators: Vec::new(),
            passives: Vec::new(),
            ligaments: Vec::new(),
            elastic: Some(elastic(built)?),
            levels: Vec::new(),
            preload: PreloadEffect { per_newton: 0.0, ceiling: 1.0 },
        };
        let Movers { actuators, held, arms, arms_in_thorax } =
            movers::of(description, &system, &coordinates, thorax, &mut caveats)?;
        system.actuators = actuators;
        let parts = Others { coordinates, placements, held, arms, arms_in_thorax };
        let landmarks = landmarks(built, &parts, naming, &mut caveats)?;
        let mut body = Self {
            name: description.name.clone(),
            system,
            infos,
            landmarks,
            thorax_up,
            parts,
            size,
            reference,
            caveats,
        };
        body.tell_limits(description);
        Ok(body)
    }

    /// What the model is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// kg.
    pub fn mass_kg(&self) -> f64 {
        self.system.model.mass()
    }

    /// What a reader must know: what was assumed about the model, approximated or left out.
    pub fn caveats(&self) -> &[String] {
        &self.caveats
    }

    /// The muscles, in the order of the model.
    pub fn muscles(&self) -> &[MuscleInfo] {
        &self.infos
    }

    /// The tissue groups that the model has muscles of.
    pub fn groups(&self) -> Vec<super::Group> {
        let mut groups = self.reference.groups();
        for group in &mut groups {
            group.members.retain(|key| self.infos.iter().any(|info| info.key == *key));
        }
        groups.retain(|group| !group.members.is_empty());
        groups
    }

    /// The body with a state of its tissues.
    ///
    /// # Errors
    /// When a setting names something that the model does not have.
    pub fn with_tissue(&self, tissue: &Tissue) -> Result<Body, BodyError> {
        let mut system = self.system.clone();
        self.reference.set_tissue(tissue, &self.infos, &mut system.muscles);
        for setting in &tissue.settings {
            match setting.property {
                Property::NeutralLordosisDeg => {
                    return Err(BodyError::Missing { what: "lumbar discs for", name: setting.path() });
                }
                Property::ExtensionRangeDeg => {
                    for side in Side::BOTH.into_iter().filter(|s| setting.side.is_none_or(|own| own == *s)) {
                        self.shift_hip(&mut system, side, setting.value * super::RAD)?;
                    }
                }
                _ => {}
            }
        }
        Ok(Body {
            system,
            muscles: self.infos.clone(),
            landmarks: self.landmarks.clone(),
            settings: self.reference.settings(),
            thorax_up: self.thorax_up,
            uprightness: self.reference.constants.effort.uprightness,
            neutral: [0.0; 6],
            constants: self.reference.constants.clone(),
            size: self.size,
            parts: Parts::Other(self.parts.clone()),
            discs: Vec::new(),
            fibers: Vec::new(),
        })
    }

    /// Moves the passive curves of a side's hip flexors; the model's hip has no capsule of ours to move.
    fn shift_hip(&self, system: &mut System, side: Side, range: f64) -> Result<(), BodyError> {
        let name = format!("hip_flexion_{}", suffix(side));
        let Some(Role { degree: Some(degree), sign, .. }) = self.parts.coordinates.get(&name) else {
            return Err(BodyError::Missing { what: "coordinate", name });
        };
        let System { model, paths, muscles, .. } = system;
        let range = sign * range;
        self.reference.shift_hip_flexors((model, paths), &self.infos, muscles, side, (*degree, range))
    }

    fn tell_limits(&mut self, description: &Description) {
        self.caveats.push(
            "Tendons do not stretch in a posture, whatever the model says of them; corners of Thelen's passive \
             curves are rounded over a hundredth of a fibre."
                .to_owned(),
        );
        self.caveats.push(
            "Nothing of the built-in body's tissue is added: where the model has no capsule, ligament or disc, \
             muscles alone hold the joint, and postures differ from the built-in body's for that reason. The \
             pressure in the abdomen is left out."
                .to_owned(),
        );
        let loops = description.constraints.iter().filter(|c| c.enforced).count();
        let followed = self.system.model.couplers().len();
        if loops > followed {
            self.caveats.push(format!(
                "{} of {loops} constraints are not kept in a posture: only couplers of coordinates are.",
                loops - followed
            ));
        }
    }
}

/// Passive forces of any class, at rest; what is not elastic is left to the caveats.
fn elastic(built: &Built) -> Result<Elastic, ForeignError> {
    let paths = built.reduced_paths.paths();
    Ok(Elastic::new(&built.reduced, built.forces.iter().cloned(), paths).map_err(BodyError::from)?)
}

type Found = (BTreeMap<String, usize>, BTreeMap<String, Role>);

/// The model's bodies and coordinates by the parts that they play.
fn parts(tree: &Model, reduced: &Model, naming: &Naming) -> Result<Found, ForeignError> {
    let known = KnownNames::read().map_err(|e| ForeignError::Table(format!("roles.toml: {e}")))?;
    let body_names = || tree.bodies().iter().map(|b| b.name.as_str());
    let coordinate_names = || tree.coordinates().iter().map(|c| c.name.as_str());
    let not_there = |kind: &'static str, part: &str, given: String| ForeignError::GivenNotThere {
        kind,
        part: part.to_owned(),
        given,
    };
    let (mut bodies, mut coordinates) = (BTreeMap::new(), BTreeMap::new());
    for part in &known.bodies {
        let found = find(part, &naming.bodies, body_names()).map_err(|g| not_there("body", &part.0, g))?;
        bodies.extend(found.map(|index| (part.0.clone(), index)));
    }
    for part in &known.coordinates {
        let found = find(part, &naming.coordinates, coordinate_names());
        let found = found.map_err(|g| not_there("coordinate", &part.0, g))?;
        coordinates.extend(found.map(|coordinate| {
            let degree = reduced.degree(&tree.coordinates()[coordinate].name);
            (part.0.clone(), Role { coordinate, degree, sign: 1.0 })
        }));
    }
    let mut missing: Vec<String> = Vec::new();
    missing.extend(NEEDED_BODIES.iter().filter(|n| !bodies.contains_key(**n)).map(|n| format!("body `{n}`")));
    let lacking = NEEDED_COORDINATES.iter().filter(|n| !coordinates.contains_key(**n));
    missing.extend(lacking.map(|n| format!("coordinate `{n}`")));
    if !missing.is_empty() {
        return Err(ForeignError::MissingParts {
            parts: missing,
            bodies: body_names().skip(1).map(str::to_owned).collect(),
            coordinates: coordinate_names().map(str::to_owned).collect(),
        });
    }
    Ok((bodies, coordinates))
}

/// Landmarks of the built-in body on the parts that the model has; markers over the spines of the pelvis where
/// the model has all four.
fn landmarks(
    built: &Built,
    parts: &Others,
    naming: &Naming,
    caveats: &mut Vec<String>,
) -> Result<Vec<Landmark>, ForeignError> {
    let rows: Vec<LandmarkRow> = read("landmarks.csv", table!("landmarks.csv")).map_err(BodyError::from)?;
    let mut list = Vec::new();
    for (side, sign) in [(Side::Right, 1.0), (Side::Left, -1.0)] {
        for row in rows.iter().filter(|r| side == Side::Right || r.mirrored) {
            let part = if side == Side::Left { super::left(&row.body) } else { row.body.clone() };
            let Some(place) = parts.placements.get(&part) else { continue };
            let position = place.frame.point(Vec3::new(row.x, row.y, sign * row.z).times(place.size));
            let side = row.mirrored.then_some(side);
            list.push(Landmark { name: row.landmark.clone(), body: place.body, side, position });
        }
    }
    let known = KnownNames::read().map_err(|e| ForeignError::Table(format!("roles.toml: {e}")))?;
    let names = || built.markers.iter().map(|m| m.name.as_str());
    let mut spines = Vec::new();
    for part in &known.markers {
        let found = find(part, &naming.markers, names()).map_err(|given| ForeignError::GivenNotThere {
            kind: "marker",
            part: part.0.clone(),
            given,
        })?;
        spines.extend(found.map(|m| (part.0.as_str(), &built.markers[m])));
    }
    let pelvis = parts.placements.get("pelvis").map(|p| p.body);
    if spines.len() == known.markers.len() && spines.iter().all(|(_, m)| Some(m.body) == pelvis) {
        for (part, marker) in spines {
            let (name, side) = part.split_once('_').unwrap_or((part, ""));
            let side = if side == "l" { Side::Left } else { Side::Right };
            for l in list.iter_mut().filter(|l| l.name == name && l.side == Some(side)) {
                (l.body, l.position) = (marker.body, marker.position);
            }
        }
    } else {
        caveats.push(
            "The spines of the pelvis (ASIS, PSIS) are the built-in body's, scaled to the distance of the hip \
             joints and the length of the legs: the model has no markers on all four. The pelvic tilt rests on them."
                .to_owned(),
        );
    }
    Ok(list)
}
