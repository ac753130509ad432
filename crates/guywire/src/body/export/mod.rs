//! The body as an OpenSim model, and what OpenSim's classes cannot say of it.
//!
//! Bodies, joints, couplers, paths and cylinders are the same to the last bit. What a file cannot hold as it is
//! in the body stands in [`Exported::notes`].

mod muscles;
mod passive;
mod skeleton;

use super::{Body, BodyError};
use guywire_math::{Pose, Vec3};
use guywire_osim::Description;
use guywire_osim::description::{Base, Marker, NodeId, Station};
use serde::Serialize;

/// Standard gravity, m/s² (CGPM 1901; OpenSim's default).
const GRAVITY: f64 = 9.806_65;

/// The element of a part that comes from no file.
const NO_NODE: NodeId = NodeId(0);

/// How a part of the body went into the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// OpenSim's class is near to the body's law, not equal.
    Approximated,
    /// OpenSim has no class for it.
    LeftOut,
}

/// A part that the file does not hold as it is in the body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExportNote {
    /// Which part.
    pub part: String,
    /// What became of it.
    pub treatment: Treatment,
    /// Why, and by how much it differs.
    pub why: String,
}

/// A body as an OpenSim model.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The model.
    pub description: Description,
    /// Everything that differs.
    pub notes: Vec<ExportNote>,
}

impl Exported {
    fn note(&mut self, treatment: Treatment, part: impl Into<String>, why: impl Into<String>) {
        self.notes.push(ExportNote { part: part.into(), treatment, why: why.into() });
    }
}

impl Body {
    /// The body as an OpenSim model of this name.
    ///
    /// # Errors
    /// When the body did not come from the tables: a model that was read is written by its own document.
    pub fn export(&self, name: &str) -> Result<Exported, BodyError> {
        let description = Description {
            name: word(name),
            gravity: Vec3::new(0.0, -GRAVITY, 0.0),
            bodies: Vec::new(),
            joints: Vec::new(),
            constraints: Vec::new(),
            forces: Vec::new(),
            markers: self.markers(),
            contact_geometry: Vec::new(),
            controllers: Vec::new(),
        };
        let mut exported = Exported { description, notes: Vec::new() };
        skeleton::add(&self.system.model, &mut exported)?;
        muscles::add(self, &mut exported)?;
        passive::add(&self.system, &mut exported);
        Ok(exported)
    }

    fn markers(&self) -> Vec<Marker> {
        let marker = |l: &super::Landmark| Marker {
            node: NO_NODE,
            name: match l.side {
                Some(side) => format!("{}_{}", word(&l.name), super::suffix(side)),
                None => word(&l.name),
            },
            station: Station { base: base(l.body), position: l.position },
            fixed: true,
        };
        self.landmarks.iter().map(marker).collect()
    }
}

/// A name that OpenSim takes: letters, digits, `_`, `-` and `.`.
pub(super) fn word(name: &str) -> String {
    let words = name.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')));
    words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join("_")
}

/// An engine body, where ground is the first, as the description counts.
fn base(body: usize) -> Base {
    match body.checked_sub(1) {
        None => Base::Ground,
        Some(index) => Base::Body(index),
    }
}

fn frame(body: usize, offset: Pose<f64>) -> guywire_osim::description::Frame {
    guywire_osim::description::Frame { base: base(body), offset }
}
