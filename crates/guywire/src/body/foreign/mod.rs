//! A body from another model: any OpenSim model of a person with a pelvis, two legs and a trunk.
//!
//! ```text
//! description ─▶ which name plays which part ─▶ how angles are counted ─▶ where skin and spines lie ─▶ Body
//! ```
//!
//! Its muscles, joints, masses and passive forces are the model's own; nothing of the built-in body's tissue is
//! added. What the built-in body lends is skin: the points that touch the floor, a seat or a table, and the
//! spines of the pelvis where the model has no markers on them, each scaled to the model's segments.

mod error;
mod forces;
mod movers;
mod muscles;
mod names;
mod placing;
mod roles;
mod skin;
mod spine;

pub use error::ForeignError;
pub use names::{Naming, NamingError};

use super::{Body, BodyError, Landmark, Others, Parts, ReferenceBody, Role, suffix};
use crate::body::MuscleInfo;
use crate::case::{Property, Tissue};
use crate::side::Side;
use guywire_engine::passive::PreloadEffect;
use guywire_engine::{PathSet, System};
use guywire_math::Vec3;
use guywire_osim::build::Built;
use guywire_osim::{Description, OsimModel};
use movers::Movers;
use placing::Upright;

/// Greatest angle between gravity and ground's −y, as a sine.
const DOWNWARD: f64 = 1e-6;

/// The first names of a list, and how many more there are.
fn listed<S: AsRef<str>>(names: &[S], most: usize) -> String {
    let shown = if names.len() > most + 1 { most } else { names.len() };
    let list: Vec<&str> = names[..shown].iter().map(AsRef::as_ref).collect();
    let more = names.len() - shown;
    let list = list.join(", ");
    if more > 0 { format!("{list} and {more} more") } else { list }
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
        let (bodies, mut coordinates) = roles::parts(tree, reduced, naming)?;
        let zero: Vec<usize> = coordinates.values().map(|role| role.coordinate).collect();
        placing::signs(&own, &Upright::new(tree, zero.into_iter()), &bodies, &mut coordinates)?;
        let upright = Upright::new(reduced, coordinates.values().filter_map(|role| role.degree));
        let stands = upright.with(roles::upright(&coordinates, naming)?.into_iter());
        let (placements, size) = placing::placements(&own, (&upright, &stands), &bodies)?;
        let thorax = placements.get("thorax").map_or(0, |p| p.body);
        let thorax_up = stands.pose(thorax).rotation.transpose() * Vec3::new(0.0, 1.0, 0.0);

        let mut caveats = Vec::new();
        let muscles::Muscles { infos, paths, muscles, groups } =
            muscles::of(description, built, &upright, &mut caveats)?;
        reference.groups.extend(groups);
        let paths = PathSet::new(reduced, paths).map_err(BodyError::from)?;
        let mut system = System {
            model: reduced.clone(),
            constraints: forces::kept(built, &mut caveats),
            paths,
            muscles,
            actuators: Vec::new(),
            passives: Vec::new(),
            ligaments: Vec::new(),
            elastic: Some(forces::elastic(built, &mut caveats)?),
            levels: Vec::new(),
            preload: PreloadEffect { per_newton: 0.0, ceiling: 1.0 },
        };
        let stretched = muscles::let_go(&mut system, stands.kinematics())?;
        if !stretched.is_empty() {
            caveats.push(format!(
                "With tendons that do not stretch, the model's own lengths stretch these muscles beyond their strongest \
                 contraction where it stands upright; their passive force is left out: {}.",
                listed(&stretched, 12)
            ));
        }
        let Movers { actuators, held, arms, arms_in_thorax, rhythm } =
            movers::of(description, (&own.system.model, &system), &coordinates, thorax, &mut caveats)?;
        system.actuators = actuators;
        let spine::Rhythm { still, shares } = rhythm;
        let spine = Vec::new();
        let mut parts = Others { coordinates, placements, held, still, shares, spine, arms, arms_in_thorax };
        let landmarks = skin::landmarks(built, &parts, naming, &mut caveats)?;
        (system.levels, parts.spine) = spine::levels(reduced, &stands, &bodies, &landmarks);
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
        body.tell_limits();
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
            strength: 1.0,
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

    fn tell_limits(&mut self) {
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
    }
}
