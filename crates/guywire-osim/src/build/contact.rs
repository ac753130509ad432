//! Contact forces of a description as engine forces.

use super::BuildError;
use super::forces::Builder;
use crate::description::{ContactParameters, ContactShape, Force, ForceKind, Frame, SmoothContact};
use guywire_engine::force::contact::{HuntCrossley, Material, Shape, SmoothSphereHalfSpace, Surface};
use guywire_engine::force::elastic_foundation::{BedShape, BedSurface, ElasticFoundation};
use guywire_engine::force::{ForceLaw, Point};

impl Builder<'_> {
    /// The law of a contact force; none for other classes.
    pub(super) fn contact(&self, force: &Force) -> Result<Option<ForceLaw>, BuildError> {
        match &force.kind {
            ForceKind::HuntCrossley { parameters, transition_velocity } => {
                self.hunt_crossley(force, parameters, *transition_velocity).map(Some)
            }
            ForceKind::SmoothSphereHalfSpace { sphere, half_space, properties } => {
                self.smooth(force, [sphere, half_space], properties).map(Some)
            }
            ForceKind::ElasticFoundation { parameters, transition_velocity } => {
                self.elastic_foundation(force, parameters, *transition_velocity).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn elastic_foundation(
        &self,
        force: &Force,
        parameters: &[ContactParameters],
        transition_velocity: f64,
    ) -> Result<ForceLaw, BuildError> {
        let mut surfaces = Vec::new();
        for parameters in parameters {
            for name in &parameters.geometry {
                let (frame, shape) = self.geometry(force, name)?;
                let shape = match shape {
                    ContactShape::Sphere { radius } => BedShape::Sphere { radius: *radius },
                    ContactShape::HalfSpace => BedShape::HalfSpace,
                    ContactShape::Mesh { surface: Some(mesh), .. } => BedShape::Mesh(mesh.clone()),
                    ContactShape::Mesh { surface: None, .. } => {
                        return Err(BuildError::UnknownContact {
                            node: force.node,
                            owner: force.name.clone(),
                            name: name.clone(),
                            expected: "a mesh whose file was read",
                        });
                    }
                };
                surfaces.push(BedSurface { site: self.site(frame), shape, material: material(parameters) });
            }
        }
        Ok(ForceLaw::ElasticFoundation(Box::new(ElasticFoundation { surfaces, transition_velocity })))
    }

    fn hunt_crossley(
        &self,
        force: &Force,
        parameters: &[ContactParameters],
        transition_velocity: f64,
    ) -> Result<ForceLaw, BuildError> {
        let mut surfaces = Vec::new();
        for parameters in parameters {
            for name in &parameters.geometry {
                let (frame, shape) = self.geometry(force, name)?;
                // Hunt and Crossley's force has no law for meshes, in OpenSim neither.
                let shape = match shape {
                    ContactShape::Sphere { radius } => Shape::Sphere { radius: *radius },
                    ContactShape::HalfSpace => Shape::HalfSpace,
                    ContactShape::Mesh { .. } => continue,
                };
                surfaces.push(Surface { site: self.site(frame), shape, material: material(parameters) });
            }
        }
        Ok(ForceLaw::HuntCrossley(Box::new(HuntCrossley { surfaces, transition_velocity })))
    }

    fn smooth(
        &self,
        force: &Force,
        [sphere, half_space]: [&String; 2],
        p: &SmoothContact,
    ) -> Result<ForceLaw, BuildError> {
        let (frame, shape) = self.geometry(force, sphere)?;
        let ContactShape::Sphere { radius } = shape else {
            return Err(BuildError::UnknownContact {
                node: force.node,
                owner: force.name.clone(),
                name: sphere.clone(),
                expected: "a contact sphere",
            });
        };
        let (half_space, _) = self.geometry(force, half_space)?;
        let site = self.site(frame);
        Ok(ForceLaw::SmoothSphereHalfSpace(Box::new(SmoothSphereHalfSpace {
            sphere: Point { body: site.body, position: site.offset.position },
            radius: *radius,
            half_space: self.site(half_space),
            material: Material {
                stiffness: p.stiffness,
                dissipation: p.dissipation,
                static_friction: p.static_friction,
                dynamic_friction: p.dynamic_friction,
                viscous_friction: p.viscous_friction,
            },
            transition_velocity: p.transition_velocity,
            constant_contact_force: p.constant_contact_force,
            hertz_smoothing: p.hertz_smoothing,
            hunt_crossley_smoothing: p.hunt_crossley_smoothing,
        })))
    }

    fn geometry(&self, force: &Force, name: &str) -> Result<(&Frame, &ContactShape), BuildError> {
        let found = self.description.contact_geometry.iter().find(|g| g.name == name);
        found.map(|g| (&g.frame, &g.shape)).ok_or_else(|| BuildError::UnknownContact {
            node: force.node,
            owner: force.name.clone(),
            name: name.to_owned(),
            expected: "a contact sphere, half space or mesh",
        })
    }
}

fn material(p: &ContactParameters) -> Material {
    Material {
        stiffness: p.stiffness,
        dissipation: p.dissipation,
        static_friction: p.static_friction,
        dynamic_friction: p.dynamic_friction,
        viscous_friction: p.viscous_friction,
    }
}
