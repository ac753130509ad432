//! The body: built from the tables of `data/body`, scaled to a person, with the state of their tissues.
//!
//! ```text
//! tables ─▶ skeleton ─▶ scaled to the person ─▶ muscles and passive tissue ─▶ tissue state ─▶ Body
//! ```

mod catalog;
mod disc;
pub mod export;
pub mod foreign;
mod landmarks;
mod muscles;
mod parts;
mod passive;
mod scale;
mod skeleton;
mod tables;
mod tissue;
mod tissue_constants;

pub use catalog::Group;
pub(crate) use disc::Disc;
use disc::discs;
pub use landmarks::Landmark;
use landmarks::{landmarks, levels, thorax_up, turn_sacrum};
pub use muscles::{MuscleInfo, SourceInfo};
pub(crate) use parts::{Others, Parts, Placement, Role, SpineLevel};
pub use tables::TableError;

use crate::case::{Person, Property, Setting, Tissue};
use crate::side::Side;
use guywire_engine::equilibrium::Settings;
use guywire_engine::passive::PreloadEffect;
use guywire_engine::{Level, Model, Muscle, PathSet, System};
use guywire_math::Vec3;
use scale::ScaledPerson;
use serde::Deserialize;
pub(crate) use skeleton::left;
use tables::{LandmarkRow, rows};
use tissue_constants::TissueConstants;

/// The six lumbar levels from below, as coordinates are named.
pub(crate) const LEVELS: [&str; 6] = ["L5_S1", "L4_L5", "L3_L4", "L2_L3", "L1_L2", "T12_L1"];
/// The bodies above these levels.
const ABOVE: [&str; 6] = ["lumbar5", "lumbar4", "lumbar3", "lumbar2", "lumbar1", "thorax"];
/// Pelvis pitch at which the tables' neutral trunk stands upright, rad (body tables, registration).
const NEUTRAL_TILT: f64 = -9.478_344 * RAD;
pub(crate) const RAD: f64 = std::f64::consts::PI / 180.0;

/// Why a body cannot be built.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// A table is wrong.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A path is wrong.
    #[error(transparent)]
    Path(#[from] guywire_engine::path::PathError),
    /// The line of a muscle over a surface was not found.
    #[error(transparent)]
    Line(#[from] guywire_engine::path::Unsettled),
    /// A muscle's curves are wrong.
    #[error("muscle `{muscle}`: {problem}")]
    Muscle {
        /// Its name.
        muscle: String,
        /// What is wrong.
        problem: String,
    },
    /// A name that the body does not have.
    #[error("the body has no {what} `{name}`")]
    Missing {
        /// Kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
}

/// A person's body, ready to be posed.
#[derive(Clone, Debug)]
pub struct Body {
    /// Mechanics.
    pub system: System,
    /// What each muscle of the system is, in the same order: right side first, then left.
    pub muscles: Vec<MuscleInfo>,
    /// Landmarks, right side and midline first.
    pub landmarks: Vec<Landmark>,
    /// How effort is weighed.
    pub settings: Settings,
    /// Direction in the thorax frame that is vertical in the neutral standing pose.
    pub thorax_up: Vec3<f64>,
    /// Cost of the thorax off its aim, per rad².
    pub uprightness: f64,
    /// Stress-free flexion coordinate of every level, from below, rad.
    pub neutral: [f64; 6],
    pub(crate) constants: TissueConstants,
    /// Height of the person over the reference.
    pub(crate) size: f64,
    /// Greatest forces and passive stiffness of the person's muscles over the reference, before any tissue setting.
    pub(crate) strength: f64,
    /// What the parts are called, and how points of the reference body lie on them.
    pub(crate) parts: Parts,
    discs: Vec<Disc>,
    /// What the curves of each muscle were made of.
    pub(crate) fibers: Vec<muscles::Fiber>,
}

impl Body {
    /// A point given in front of and above the origin of the reference body's thorax when it is upright, m of the
    /// reference body: body and position in its frame.
    pub(crate) fn upright_point(&self, upright: Vec3<f64>) -> Result<(usize, Vec3<f64>), BodyError> {
        let (thorax, origin) = self.place("thorax", Vec3::zero())?;
        let up = self.thorax_up;
        let right = self.turn("thorax", Vec3::new(0.0, 0.0, 1.0));
        let forward = up.cross(right);
        Ok((thorax, origin + (forward * upright.x + up * upright.y + right * upright.z) * self.size))
    }
}

/// Person-independent data: the reference body.
#[derive(Clone, Debug)]
pub struct ReferenceBody {
    constants: TissueConstants,
    groups: Vec<GroupRow>,
    /// Lengths of the unscaled body's paths in its neutral pose, m.
    path_lengths: Vec<f64>,
}

/// One membership of a tissue group.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GroupRow {
    pub group: String,
    pub member: String,
}

impl ReferenceBody {
    /// The adult reference body from the tables built into the program.
    ///
    /// # Errors
    /// When a table is wrong.
    pub fn adult() -> Result<Self, BodyError> {
        Ok(Self {
            constants: TissueConstants::read()?,
            groups: rows!(GroupRow, "groups.csv")?.to_vec(),
            path_lengths: muscles::reference_lengths()?,
        })
    }

    /// The body of the tables, unscaled, with reference tissue.
    ///
    /// # Errors
    /// When a table is wrong.
    pub fn unscaled(&self) -> Result<Body, BodyError> {
        self.frame_of(ScaledPerson::reference())?.with(&Tissue::default())
    }

    /// A person's body with the state of their tissues.
    ///
    /// # Errors
    /// When a table is wrong or a setting names something that the body does not have.
    pub fn scaled_to(&self, person: &Person, tissue: &Tissue) -> Result<Body, BodyError> {
        self.frame(person)?.with(tissue)
    }

    /// How effort is weighed.
    fn settings(&self) -> Settings {
        let e = &self.constants.effort;
        Settings {
            effort: e.effort,
            strain_price: e.strain_price,
            strain_price_floor: e.strain_price_floor,
            linear_effort: e.linear_effort,
            contact_price: e.contact_price,
            balance_stiffness: 1e3,
            tolerance_moment: 0.1,
            tolerance_force: 1.0,
            tolerance_cost: Settings::EXACT,
            tolerance_compression: 1e-3,
            detours: true,
            max_iterations: 300,
        }
    }

    /// A person's bones and paths; the state of their tissues comes later.
    ///
    /// # Errors
    /// When a table is wrong.
    pub fn frame(&self, person: &Person) -> Result<Frame<'_>, BodyError> {
        self.frame_of(ScaledPerson::from(person)?)
    }

    fn frame_of(&self, person: ScaledPerson) -> Result<Frame<'_>, BodyError> {
        let mut model = skeleton::build(&person.scaling)?;
        // What is upright for the chest does not depend on how the sacrum stands in the pelvis.
        let thorax_up = thorax_up(&model)?;
        let landmarks = landmarks(&model, &person)?;
        if person.incidence_change != 0.0 {
            turn_sacrum(&mut model, &landmarks, person.incidence_change)?;
        }
        let muscles::Built { infos, paths, muscles, fibers } =
            muscles::build(&model, &self.path_lengths, &person, &self.constants)?;
        let paths = PathSet::new(&model, paths)?;
        let levels = levels(&model, &landmarks)?;
        let discs = discs(&self.constants, person.size)?;
        Ok(Frame {
            reference: self,
            person,
            model,
            thorax_up,
            infos,
            paths,
            muscles,
            fibers,
            landmarks,
            levels,
            discs,
        })
    }
}

/// A person's body but for the state of their tissues.
#[derive(Clone, Debug)]
pub struct Frame<'r> {
    reference: &'r ReferenceBody,
    person: ScaledPerson,
    model: Model,
    thorax_up: Vec3<f64>,
    infos: Vec<MuscleInfo>,
    paths: PathSet,
    /// With reference tissue.
    muscles: Vec<Muscle>,
    fibers: Vec<muscles::Fiber>,
    landmarks: Vec<Landmark>,
    levels: Vec<Level>,
    discs: Vec<Disc>,
}

impl Frame<'_> {
    /// The muscles with reference tissue.
    pub(crate) fn muscles(&self) -> &[Muscle] {
        &self.muscles
    }

    /// The muscles with a state of their tissues, in the body's order; what shifts a joint's range
    /// ([`Property::ExtensionRangeDeg`]) is left out.
    pub fn muscles_with(&self, tissue: &Tissue) -> Vec<Muscle> {
        let mut muscles = self.muscles.clone();
        self.reference.set_tissue(tissue, &self.infos, &mut muscles);
        muscles
    }

    /// The body with a state of its tissues.
    ///
    /// # Errors
    /// When a table is wrong or a setting names something that the body does not have.
    pub fn with(&self, tissue: &Tissue) -> Result<Body, BodyError> {
        let Self { reference, person, model, infos, paths, .. } = self;
        let constants = &reference.constants;
        let mut muscles = self.muscles.clone();
        reference.set_tissue(tissue, infos, &mut muscles);
        let shift = |property: Property, side: Option<Side>| -> f64 {
            let counts = |s: &&Setting| {
                s.property == property && (s.side.is_none() || side.is_none() || s.side == side)
            };
            tissue.settings.iter().filter(counts).map(|s| s.value).sum()
        };
        for side in Side::BOTH {
            let range = shift(Property::ExtensionRangeDeg, Some(side)) * RAD;
            if range != 0.0 {
                let flexion = degree(model, &format!("hip_flexion_{}", suffix(side)))?;
                reference.shift_hip_flexors((model, paths), infos, &mut muscles, side, (flexion, range))?;
            }
        }
        let lordosis = shift(Property::NeutralLordosisDeg, None)
            + constants.segments.lordosis_per_incidence * person.incidence_change / RAD;
        // A change of lordosis between L1 and S1 is spread evenly over its five discs.
        let neutral: [f64; 6] = std::array::from_fn(|k| {
            (constants.segments.neutral_deg[k] + if k < 5 { lordosis / 5.0 } else { 0.0 }) * RAD
        });
        let mut passives = reference.segments(model, &neutral, person)?;
        for side in Side::BOTH {
            let range = shift(Property::ExtensionRangeDeg, Some(side));
            passives.extend(reference.limb_passives(model, side, range, person)?);
        }
        let preload = PreloadEffect {
            per_newton: (constants.segments.preload_factor_at_500_n - 1.0) / 500.0,
            ceiling: constants.segments.largest_preload_factor,
        };
        let system = System {
            ligaments: reference.fasciae(model, tissue, person)?,
            model: model.clone(),
            constraints: Vec::new(),
            paths: paths.clone(),
            muscles,
            actuators: Vec::new(),
            passives,
            elastic: None,
            levels: self.levels.clone(),
            preload,
        };
        Ok(Body {
            system,
            muscles: infos.clone(),
            landmarks: self.landmarks.clone(),
            settings: reference.settings(),
            thorax_up: self.thorax_up,
            uprightness: constants.effort.uprightness,
            neutral,
            constants: constants.clone(),
            size: person.size,
            strength: person.strength,
            parts: Parts::Own(person.scaling.clone()),
            discs: self.discs.clone(),
            fibers: self.fibers.clone(),
        })
    }
}

/// Index in `q` of a coordinate.
pub(crate) fn degree(model: &Model, name: &str) -> Result<usize, BodyError> {
    model.degree(name).ok_or_else(|| BodyError::Missing { what: "coordinate", name: name.to_owned() })
}

/// The ending of a side's names in the tables.
pub(crate) fn suffix(side: Side) -> char {
    match side {
        Side::Left => 'l',
        Side::Right => 'r',
    }
}
