//! Which part of a model plays which part of a person.
//!
//! Positions and measures speak of the built-in body's names: `thorax`, `femur_r`, `knee_angle_l`. Another model
//! may call them otherwise, count an angle the other way round, or not have them. A point of the built-in body
//! (a heel, a spine of the pelvis) has its place in another model by the joint centres that both have.

use super::skeleton::Scaling;
use super::{Body, BodyError};
use guywire_engine::Kinematics;
use guywire_math::{Mat3, Pose, Vec3};
use std::collections::BTreeMap;

/// A coordinate in the built-in body's words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Role {
    /// Index in the model's coordinates.
    pub coordinate: usize,
    /// Index in `q`; none where the model holds it or drives it by another.
    pub degree: Option<usize>,
    /// +1 where the model counts it as the built-in body does, −1 the other way round.
    pub sign: f64,
}

/// How points of a built-in body's part lie on a model's body: `X · (s ∘ p)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    /// The model's body.
    pub body: usize,
    /// The built-in part's frame on it.
    pub frame: Pose<f64>,
    /// Size over the reference body along the built-in part's axes.
    pub size: Vec3<f64>,
}

/// What of a lumbar level of another model the engine's [`guywire_engine::Level`] does not say.
#[derive(Clone, Debug)]
pub(crate) struct SpineLevel {
    /// Body below the joint.
    pub lower: usize,
    /// Centre of the joint in the frame of the body above, m.
    pub center: Vec3<f64>,
    /// The direction to the right in the frame of the body above.
    pub right: Vec3<f64>,
    /// Rotation of the body above against the one below where the trunk is upright.
    pub upright: Mat3<f64>,
}

/// The parts of a model.
#[derive(Clone, Debug)]
pub(crate) enum Parts {
    /// The built-in body: its own names, scaled part by part.
    Own(Scaling),
    /// Another model, by the built-in body's names.
    Other(Others),
}

/// What another model has of the built-in body's parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Others {
    pub coordinates: BTreeMap<String, Role>,
    pub placements: BTreeMap<String, Placement>,
    /// Degrees of freedom that positions hold where their search starts, because no muscle moves them.
    pub held: Vec<usize>,
    /// Degrees of freedom that muscles move and positions hold where their search starts, because nothing else would.
    pub still: Vec<usize>,
    /// A degree of freedom, another, and how many times the other it is: levels of a spine without stiffness.
    pub shares: Vec<(usize, usize, f64)>,
    /// Its lumbar levels, in the order of the system's.
    pub spine: Vec<SpineLevel>,
    /// Degrees of freedom of the arms, with their ranges: held where the arms hang.
    pub arms: Vec<(usize, [f64; 2])>,
    /// Whether the arms are part of the thorax.
    pub arms_in_thorax: bool,
}

impl Body {
    /// Whether this is the built-in body.
    pub fn is_built_in(&self) -> bool {
        matches!(self.parts, Parts::Own(_))
    }

    /// Whether the thorax carries the arms, whose weight positions with hanging arms move to the shoulders.
    pub(crate) fn thorax_carries_arms(&self) -> bool {
        self.others().is_none_or(|others| others.arms_in_thorax)
    }

    /// Whether the pressure in the abdomen acts on the spine: another model knows none.
    pub(crate) fn has_abdomen(&self) -> bool {
        self.is_built_in()
    }

    /// What positions must hold besides what they say; none for the built-in body.
    pub(crate) fn others(&self) -> Option<&Others> {
        match &self.parts {
            Parts::Own(_) => None,
            Parts::Other(others) => Some(others),
        }
    }

    /// The body of the model that is this part, such as `femur_r`.
    pub(crate) fn part(&self, name: &str) -> Result<usize, BodyError> {
        let found = match &self.parts {
            Parts::Own(_) => self.system.model.body(name),
            Parts::Other(others) => others.placements.get(name).map(|p| p.body),
        };
        found.ok_or_else(|| BodyError::Missing { what: "body", name: name.to_owned() })
    }

    /// What a body of the model is called among the parts, or its own name.
    pub(crate) fn part_name(&self, body: usize) -> &str {
        if let Parts::Other(others) = &self.parts
            && let Some((name, _)) = others.placements.iter().find(|(_, p)| p.body == body)
        {
            return name;
        }
        &self.system.model.bodies()[body].name
    }

    /// A coordinate by the built-in body's name.
    pub(crate) fn role(&self, name: &str) -> Result<Role, BodyError> {
        let model = &self.system.model;
        let found = match &self.parts {
            Parts::Own(_) => model.coordinates().iter().position(|c| c.name == name).map(|coordinate| Role {
                coordinate,
                degree: model.degree(name),
                sign: 1.0,
            }),
            Parts::Other(others) => others.coordinates.get(name).copied(),
        };
        found.ok_or_else(|| BodyError::Missing { what: "coordinate", name: name.to_owned() })
    }

    /// Where a point of a part of the reference body lies on this body: body and position in its frame, m.
    pub(crate) fn place(&self, part: &str, reference: Vec3<f64>) -> Result<(usize, Vec3<f64>), BodyError> {
        match &self.parts {
            Parts::Own(scaling) => Ok((self.part(part)?, reference.times(scaling.of(part)))),
            Parts::Other(others) => others
                .placements
                .get(part)
                .map(|p| (p.body, p.frame.point(reference.times(p.size))))
                .ok_or_else(|| BodyError::Missing { what: "body", name: part.to_owned() }),
        }
    }

    /// A direction of a part of the reference body in the frame of this body's part.
    pub(crate) fn turn(&self, part: &str, reference: Vec3<f64>) -> Vec3<f64> {
        match &self.parts {
            Parts::Own(_) => reference,
            Parts::Other(others) => {
                others.placements.get(part).map_or(reference, |p| p.frame.rotation * reference)
            }
        }
    }

    /// Every part by its name with the pose of its built-in frame, for drawing; then what is no such part.
    pub(crate) fn drawn_parts<'b>(&'b self, kinematics: &Kinematics<f64>) -> Vec<(&'b str, Pose<f64>)> {
        let own = |b: usize| (self.system.model.bodies()[b].name.as_str(), kinematics.bodies[b]);
        let all = 1..self.system.model.bodies().len();
        match &self.parts {
            Parts::Own(_) => all.map(own).collect(),
            Parts::Other(others) => {
                let parts = others.placements.iter();
                let named = parts.map(|(name, p)| (name.as_str(), kinematics.bodies[p.body] * p.frame));
                let nameless = all.filter(|b| others.placements.values().all(|p| p.body != *b)).map(own);
                named.chain(nameless).collect()
            }
        }
    }
}
