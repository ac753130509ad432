//! Muscle paths: points on bodies, and surfaces that the line between them may not cut.
//!
//! The path is a taut line, so by the envelope theorem its length changes with the pose as if every tangent point
//! were fixed to the surface it touches. A tension of one newton therefore acts on each body as unit forces at the
//! path's points, and the moment arms are the generalised forces of these:
//!
//! ```text
//! r_i = −∂L/∂q_i   (m or unitless; positive pulls q_i up)
//! ```
//!
//! A point that a coordinate moves in its body adds its own part, `f · ∂p/∂q` with `f` the force on the point.
//! The lengthening speed is `L̇ = −Σ r_i q̇_i`.
//!
//! Where a point is pressed into a surface or the line rests on a rim, the forces are the slopes of the length there.

mod arms;
mod by_coordinates;
mod chain;
mod clearance;
mod cylinder;
mod ellipsoid;
mod geodesic;
mod lookout;
mod planar;
mod point;
mod rim;
mod route;
mod set;
mod slack;
mod sphere;
mod surface;
mod torus;
mod tube;

pub use arms::{MomentArms, Unsettled};
pub use by_coordinates::ByCoordinates;
pub use point::{Component, PathPoint, Presence};
pub use route::{Contact, Route, Strand};
pub use set::{PathError, PathProblem, PathSet};
pub use surface::{AllowedSide, NotFound, Shape, Surface, Touch};

use crate::Kinematics;
use guywire_math::{Real, Vec3};

/// A surface that part of a path may touch.
#[derive(Clone, Debug)]
pub struct Wrap {
    /// The surface.
    pub surface: Surface,
    /// First point of the part (index into the path's points).
    pub first: usize,
    /// Last point of the part.
    pub last: usize,
}

/// A line from origin to insertion.
#[derive(Clone, Debug)]
pub struct Path {
    /// Points in order; two or more, or none where the length is a function of coordinates.
    pub points: Vec<PathPoint>,
    /// Surfaces.
    pub wraps: Vec<Wrap>,
    /// Length and moment arms as functions of coordinates; points and surfaces then have no meaning.
    pub by_coordinates: Option<Box<ByCoordinates>>,
}

impl Path {
    /// A line through points, over surfaces.
    pub fn through(points: Vec<PathPoint>, wraps: Vec<Wrap>) -> Self {
        Self { points, wraps, by_coordinates: None }
    }

    /// A path without a line.
    pub fn by_coordinates(functions: ByCoordinates) -> Self {
        Self { points: Vec::new(), wraps: Vec::new(), by_coordinates: Some(Box::new(functions)) }
    }

    /// Visits every straight part and returns the length in m; for many poses use a [`PathSet`].
    ///
    /// Where the line over a surface is not found, the part is straight; [`PathSet::update`] reports that.
    pub fn follow<T: Real>(&self, kinematics: &Kinematics<T>, visit: impl FnMut(Strand<T>)) -> T {
        let mut route = Route::new();
        // The route is laid as far as it goes.
        let _ = route.lay(self, kinematics);
        route.strands(self, visit)
    }

    /// The contacts at a pose.
    pub fn contacts<T: Real>(&self, kinematics: &Kinematics<T>) -> Vec<Contact<T>> {
        let mut route = Route::new();
        let _ = route.lay(self, kinematics);
        route.contacts().collect()
    }

    /// The line in ground, arcs sampled, for drawing.
    pub fn polyline(&self, kinematics: &Kinematics<f64>) -> Vec<Vec3<f64>> {
        let mut route = Route::new();
        let _ = route.lay(self, kinematics);
        let contacts: Vec<Contact<f64>> = route.contacts().collect();
        let mut line = Vec::new();
        route.strands(self, |strand| {
            line.push(strand.start);
            // The contact that this strand runs into, if it ends on a surface.
            let met = contacts
                .iter()
                .find(|c| c.wrap + self.points.len() == strand.to && c.touch.enter == strand.end);
            if let Some(contact) = met {
                let surface = &self.wraps[contact.wrap].surface;
                line.push(strand.end);
                line.extend(surface.sample_arc(&kinematics.bodies[surface.body], &contact.touch, 6));
            }
        });
        if let Some(last) = route.last_point() {
            line.push(last);
        }
        line
    }
}
