//! Curves that muscles of one model have in common.

use super::bezier::{MuscleError, SmoothCurve};
use super::millard::{ActiveShape, PassiveShape, TendonShape, VelocityShape};

/// How many shapes of each kind are remembered (assumed): a model mostly has one, or one a group of muscles. More would
/// make the search longer than building a curve takes.
const MOST_SHAPES: usize = 16;

/// Curves by their shapes. Muscles that are built with one of these share their curves where the shapes are equal, which
/// saves nearly all of the work; the muscles are the same as those built alone.
#[derive(Clone, Debug, Default)]
pub struct SharedCurves {
    active: Shapes<ActiveShape>,
    passive: Shapes<PassiveShape>,
    tendon: Shapes<TendonShape>,
    velocity: Shapes<VelocityShape>,
    inverse_velocity: Shapes<VelocityShape>,
}

impl SharedCurves {
    pub(super) fn active(&mut self, shape: &ActiveShape) -> Result<SmoothCurve, MuscleError> {
        self.active.curve(shape, ActiveShape::curve)
    }

    pub(super) fn passive(&mut self, shape: &PassiveShape) -> Result<SmoothCurve, MuscleError> {
        self.passive.curve(shape, PassiveShape::curve)
    }

    pub(super) fn tendon(&mut self, shape: &TendonShape) -> Result<SmoothCurve, MuscleError> {
        self.tendon.curve(shape, TendonShape::curve)
    }

    pub(super) fn velocity(&mut self, shape: &VelocityShape) -> Result<SmoothCurve, MuscleError> {
        self.velocity.curve(shape, VelocityShape::curve)
    }

    pub(super) fn inverse_velocity(&mut self, shape: &VelocityShape) -> Result<SmoothCurve, MuscleError> {
        self.inverse_velocity.curve(shape, VelocityShape::inverse_curve)
    }
}

/// Shapes of one kind and their curves.
#[derive(Clone, Debug)]
struct Shapes<S>(Vec<(S, SmoothCurve)>);

impl<S> Default for Shapes<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<S: Copy + PartialEq> Shapes<S> {
    fn curve(
        &mut self,
        shape: &S,
        build: impl FnOnce(&S) -> Result<SmoothCurve, MuscleError>,
    ) -> Result<SmoothCurve, MuscleError> {
        if let Some((_, curve)) = self.0.iter().find(|(known, _)| known == shape) {
            return Ok(curve.clone());
        }
        let curve = build(shape)?;
        if self.0.len() < MOST_SHAPES {
            self.0.push((*shape, curve.clone()));
        }
        Ok(curve)
    }
}
