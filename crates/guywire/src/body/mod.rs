//! The body: built from the tables of `data/body`, scaled to a person, with the state of their tissues.
//!
//! ```text
//! tables ─▶ skeleton ─▶ scaled to the person ─▶ muscles and passive tissue ─▶ tissue state ─▶ Body
//! ```

mod catalog;
pub mod export;
pub mod foreign;
mod muscles;
mod parts;
mod passive;
mod scale;
mod skeleton;
mod tables;
mod tissue_constants;

pub use catalog::Group;
pub use muscles::{MuscleInfo, SourceInfo};
pub(crate) use parts::{Others, Parts, Placement, Role};
pub use tables::TableError;

use crate::case::{Person, Property, Setting, Target, Tissue};
use crate::side::Side;
use guywire_engine::equilibrium::Settings;
use guywire_engine::passive::PreloadEffect;
use guywire_engine::{Kinematics, Level, Model, PathSet, System};
use guywire_math::{Pose, Vec3};
use scale::ScaledPerson;
use serde::Deserialize;
pub(crate) use skeleton::left;
use tables::{LandmarkRow, read, table};
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

/// A point that a finger or a radiograph can find.
#[derive(Clone, Debug)]
pub struct Landmark {
    /// Name without side.
    pub name: String,
    /// Body (index).
    pub body: usize,
    /// Side, or none on the midline.
    pub side: Option<Side>,
    /// Position in the body frame, m.
    pub position: Vec3<f64>,
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
    /// What the parts are called, and how points of the reference body lie on them.
    pub(crate) parts: Parts,
    discs: Vec<Disc>,
    /// What the curves of each muscle were made of.
    pub(crate) fibers: Vec<muscles::Fiber>,
}

/// Cross-section of a disc, as an ellipse.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disc {
    /// Area, m².
    pub area: f64,
    /// Half of its depth from front to back, m.
    pub half_depth: f64,
    /// Second moment of area about the axis from side to side, m⁴.
    pub second_moment: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct DiscRow {
    level: String,
    upper_endplate_depth_m: f64,
    lower_endplate_depth_m: f64,
    upper_endplate_width_m: f64,
    lower_endplate_width_m: f64,
}

impl Body {
    /// Cross-section of the disc of level `k`, counted from below.
    pub(crate) fn disc(&self, k: usize) -> Result<Disc, BodyError> {
        self.discs.get(k).copied().ok_or_else(|| BodyError::Missing { what: "disc", name: LEVELS[k].into() })
    }

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
        Ok(Self { constants: TissueConstants::read()?, groups: read("groups.csv", table!("groups.csv"))? })
    }

    /// The body of the tables, unscaled, with reference tissue.
    ///
    /// # Errors
    /// When a table is wrong.
    pub fn unscaled(&self) -> Result<Body, BodyError> {
        self.assemble(&ScaledPerson::reference(), &Tissue::default())
    }

    /// A person's body with the state of their tissues.
    ///
    /// # Errors
    /// When a table is wrong or a setting names something that the body does not have.
    pub fn scaled_to(&self, person: &Person, tissue: &Tissue) -> Result<Body, BodyError> {
        self.assemble(&ScaledPerson::from(person)?, tissue)
    }

    /// Whether a setting's target covers a muscle.
    fn covers(&self, setting: &Setting, info: &MuscleInfo) -> bool {
        if setting.side.is_some_and(|side| side != info.side) {
            return false;
        }
        match &setting.target {
            Target::Group(group) => self.groups.iter().any(|g| g.group == *group && g.member == info.key),
            Target::Muscle(name) => *name == info.key || *name == info.name,
            Target::Hip | Target::Lumbar => false,
        }
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
    fn set_tissue(&self, tissue: &Tissue, infos: &[MuscleInfo], muscles: &mut [guywire_engine::Muscle]) {
        for setting in &tissue.settings {
            for (muscle, info) in muscles.iter_mut().zip(infos) {
                if !self.covers(setting, info) {
                    continue;
                }
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
            max_iterations: 300,
        }
    }

    fn assemble(&self, person: &ScaledPerson, tissue: &Tissue) -> Result<Body, BodyError> {
        let constants = &self.constants;
        let mut model = skeleton::build(&person.scaling)?;
        // What is upright for the chest does not depend on how the sacrum stands in the pelvis.
        let thorax_up = thorax_up(&model)?;
        if person.incidence_change != 0.0 {
            turn_sacrum(&mut model, person.incidence_change)?;
        }
        let reference = skeleton::build(&ScaledPerson::reference().scaling)?;
        let muscles::Built { infos, paths, mut muscles, fibers } =
            muscles::build(&model, &reference, person, constants)?;
        self.set_tissue(tissue, &infos, &mut muscles);
        let shift = |property: Property, side: Option<Side>| -> f64 {
            let counts = |s: &&Setting| {
                s.property == property && (s.side.is_none() || side.is_none() || s.side == side)
            };
            tissue.settings.iter().filter(counts).map(|s| s.value).sum()
        };
        let paths = PathSet::new(&model, paths)?;
        for side in Side::BOTH {
            let range = shift(Property::ExtensionRangeDeg, Some(side)) * RAD;
            if range != 0.0 {
                let flexion = degree(&model, &format!("hip_flexion_{}", suffix(side)))?;
                self.shift_hip_flexors((&model, &paths), &infos, &mut muscles, side, (flexion, range))?;
            }
        }
        let lordosis = shift(Property::NeutralLordosisDeg, None)
            + constants.segments.lordosis_per_incidence * person.incidence_change / RAD;
        // A change of lordosis between L1 and S1 is spread evenly over its five discs.
        let neutral: [f64; 6] = std::array::from_fn(|k| {
            (constants.segments.neutral_deg[k] + if k < 5 { lordosis / 5.0 } else { 0.0 }) * RAD
        });
        let mut passives = self.segments(&model, &neutral, person)?;
        for side in Side::BOTH {
            let range = shift(Property::ExtensionRangeDeg, Some(side));
            passives.extend(self.limb_passives(&model, side, range, person)?);
        }
        let ligaments = self.fasciae(&model, tissue, person)?;
        let landmarks = landmarks(&model, person)?;
        let levels = levels(&model, &landmarks)?;
        let preload = PreloadEffect {
            per_newton: (constants.segments.preload_factor_at_500_n - 1.0) / 500.0,
            ceiling: constants.segments.largest_preload_factor,
        };
        let actuators = Vec::new();
        let elastic = None;
        let system =
            System { model, paths, muscles, actuators, passives, ligaments, elastic, levels, preload };
        Ok(Body {
            system,
            muscles: infos,
            landmarks,
            settings: self.settings(),
            thorax_up,
            uprightness: constants.effort.uprightness,
            neutral,
            constants: constants.clone(),
            size: person.size,
            parts: Parts::Own(person.scaling.clone()),
            discs: discs(constants, person.size)?,
            fibers,
        })
    }
}

/// Cross-sections of the discs, from below. The area is the one measured at L4/L5; the others follow from it
/// as their depth times width does.
fn discs(constants: &TissueConstants, size: f64) -> Result<Vec<Disc>, BodyError> {
    let rows: Vec<DiscRow> = read("discs.csv", table!("discs.csv"))?;
    let mean = |level: &str| -> Result<(f64, f64), BodyError> {
        let row = rows.iter().find(|r| r.level == level);
        let row = row.ok_or_else(|| BodyError::Missing { what: "disc", name: level.to_owned() })?;
        Ok((
            0.5 * (row.upper_endplate_depth_m + row.lower_endplate_depth_m),
            0.5 * (row.upper_endplate_width_m + row.lower_endplate_width_m),
        ))
    };
    let (depth45, width45) = mean("L4_L5")?;
    LEVELS
        .iter()
        .map(|level| {
            let (depth, width) = mean(level)?;
            let area = constants.disc.area_mm2 * 1e-6 * (depth * width) / (depth45 * width45) * size * size;
            let (a, b) = (0.5 * width * size, 0.5 * depth * size);
            let second_moment = std::f64::consts::PI * a * b * b * b / 4.0;
            Ok(Disc { area, half_depth: b, second_moment })
        })
        .collect()
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

fn landmarks(model: &Model, person: &ScaledPerson) -> Result<Vec<Landmark>, BodyError> {
    let rows: Vec<LandmarkRow> = read("landmarks.csv", table!("landmarks.csv"))?;
    let mut list = Vec::new();
    for sign in [1.0, -1.0] {
        for row in rows.iter().filter(|r| sign > 0.0 || r.mirrored) {
            let name = if sign < 0.0 { left(&row.body) } else { row.body.clone() };
            let body = model.body(&name).ok_or(BodyError::Missing { what: "body", name: name.clone() })?;
            let side = row.mirrored.then_some(if sign < 0.0 { Side::Left } else { Side::Right });
            let position = Vec3::new(row.x, row.y, sign * row.z).times(person.scaling.of(&name));
            list.push(Landmark { name: row.landmark.clone(), body, side, position });
        }
    }
    Ok(list)
}

/// The discs' normals in the neutral standing pose.
fn levels(model: &Model, landmarks: &[Landmark]) -> Result<Vec<Level>, BodyError> {
    let kinematics = neutral(model)?;
    let find = |name: &str| {
        landmarks
            .iter()
            .find(|l| l.name == name)
            .map(|l| kinematics.bodies[l.body].point(l.position))
            .ok_or_else(|| BodyError::Missing { what: "landmark", name: name.to_owned() })
    };
    let plate = |name: &str| -> Result<Vec3<f64>, BodyError> {
        let e = find(&format!("{name} endplate anterior"))? - find(&format!("{name} endplate posterior"))?;
        Ok(e * (1.0 / e.norm()))
    };
    let plates: [&[&str]; 6] = [
        &["S1 superior", "L5 inferior"],
        &["L5 superior", "L4 inferior"],
        &["L4 superior", "L3 inferior"],
        &["L3 superior", "L2 inferior"],
        &["L2 superior", "L1 inferior"],
        &["L1 superior"],
    ];
    let mut levels = Vec::new();
    for (k, names) in plates.iter().enumerate() {
        let mut forward = Vec3::zero();
        for name in *names {
            forward += plate(name)?;
        }
        let upper = model.body(ABOVE[k]).ok_or(BodyError::Missing { what: "body", name: ABOVE[k].into() })?;
        // Up is forward turned by 90° about the axis to the right.
        let up = Vec3::new(-forward.y, forward.x, 0.0);
        let normal = kinematics.bodies[upper].rotation.transpose() * (up * (1.0 / up.norm()));
        levels.push(Level { name: LEVELS[k].replace('_', "/"), upper, normal });
    }
    Ok(levels)
}

/// The pose of every body in the neutral standing pose.
fn neutral(model: &Model) -> Result<Kinematics<f64>, BodyError> {
    let mut kinematics = Kinematics::new(model);
    let mut q = model.default_pose();
    q[degree(model, "pelvis_tilt")?] = NEUTRAL_TILT;
    kinematics.update(model, &q);
    Ok(kinematics)
}

/// Direction in the thorax frame that is vertical in the neutral standing pose.
fn thorax_up(model: &Model) -> Result<Vec3<f64>, BodyError> {
    let thorax = model.body("thorax").ok_or(BodyError::Missing { what: "body", name: "thorax".into() })?;
    Ok(neutral(model)?.bodies[thorax].rotation.transpose() * Vec3::new(0.0, 1.0, 0.0))
}

/// Turns the sacrum in the pelvis about the S1 endplate, which changes pelvic incidence by `angle` (rad):
/// the endplate's slope against the line from its centre to the hips.
fn turn_sacrum(model: &mut Model, angle: f64) -> Result<(), BodyError> {
    let rows: Vec<LandmarkRow> = read("landmarks.csv", table!("landmarks.csv"))?;
    let center = rows
        .iter()
        .find(|r| r.landmark == "S1 superior endplate centre")
        .ok_or(BodyError::Missing { what: "landmark", name: "S1 superior endplate centre".into() })?;
    let sacrum = model.body("sacrum").ok_or(BodyError::Missing { what: "body", name: "sacrum".into() })?;
    let about = Vec3::new(center.x, center.y, center.z);
    // A steeper endplate faces more forward: the sacrum turns about −z.
    let rotation = guywire_math::Mat3::rotation(Vec3::new(0.0, 0.0, 1.0), -angle);
    let turn = Pose { rotation, position: about - rotation * about };
    model.move_joint_frame(sacrum, turn);
    Ok(())
}
