//! Contact: materials and surfaces.

use std::sync::Arc;

use super::{Frame, NodeId};
use guywire_engine::force::mesh::TriangleMesh;

/// Material of a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactParameters {
    /// Names of contact geometry.
    pub geometry: Vec<String>,
    /// N/m² (OpenSim's plane strain modulus) or N/m³.
    pub stiffness: f64,
    /// s/m.
    pub dissipation: f64,
    /// Coefficient.
    pub static_friction: f64,
    /// Coefficient.
    pub dynamic_friction: f64,
    /// s/m.
    pub viscous_friction: f64,
}

/// Parameters of a smooth contact between a sphere and a half space, named as in OpenSim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothContact {
    /// N/m².
    pub stiffness: f64,
    /// s/m.
    pub dissipation: f64,
    /// Coefficient.
    pub static_friction: f64,
    /// Coefficient.
    pub dynamic_friction: f64,
    /// s/m.
    pub viscous_friction: f64,
    /// m/s.
    pub transition_velocity: f64,
    /// N.
    pub constant_contact_force: f64,
    /// Unitless.
    pub hertz_smoothing: f64,
    /// Unitless.
    pub hunt_crossley_smoothing: f64,
}

/// A surface for contact.
#[derive(Clone, Debug)]
pub struct ContactGeometry {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Its frame.
    pub frame: Frame,
    /// Its shape.
    pub shape: ContactShape,
}

/// The shape of a contact surface.
#[derive(Clone, Debug, PartialEq)]
pub enum ContactShape {
    /// m.
    Sphere {
        /// Radius.
        radius: f64,
    },
    /// Everything with x > 0.
    HalfSpace,
    /// A mesh file.
    Mesh {
        /// File.
        file: String,
        /// What is in it, where a force needs it.
        surface: Option<Arc<TriangleMesh>>,
    },
}
