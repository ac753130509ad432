//! Constraints.

use guywire_math::Vec3;

use super::Reader;
use super::element::Element;
use super::error::ReadError;
use crate::description::{Constraint, ConstraintKind};

/// Whether a class is a constraint.
pub(crate) fn is_constraint(class: &str) -> bool {
    class.ends_with("Constraint") && !class.starts_with("Moco")
}

impl Reader<'_> {
    pub(super) fn read_constraints(&self) -> Result<Vec<Constraint>, ReadError> {
        self.members("ConstraintSet", is_constraint)
            .map(|element| {
                Ok(Constraint {
                    node: element.node,
                    name: element.name().to_owned(),
                    enforced: element.flag("isEnforced", true)?,
                    kind: element.constraint()?,
                })
            })
            .collect()
    }
}

impl Element<'_, '_> {
    fn constraint(&self) -> Result<ConstraintKind, ReadError> {
        Ok(match self.class() {
            "CoordinateCouplerConstraint" => self.coupler()?,
            "WeldConstraint" => {
                ConstraintKind::Weld { first: self.frame("frame1")?, second: self.frame("frame2")? }
            }
            "PointConstraint" => ConstraintKind::Point {
                first: self.station("body_1", self.vec3("location_body_1", [0.0; 3])?)?,
                second: self.station("body_2", self.vec3("location_body_2", [0.0; 3])?)?,
            },
            "ConstantDistanceConstraint" => ConstraintKind::ConstantDistance {
                first: self.station("body_1", self.vec3("location_body_1", [0.0; 3])?)?,
                second: self.station("body_2", self.vec3("location_body_2", [0.0; 3])?)?,
                distance: self.required("constant_distance")?,
            },
            "PointOnLineConstraint" => {
                let line = self.frame("line_body")?;
                let direction = self.unit("line_direction_vec", [0.0; 3])?;
                ConstraintKind::PointOnLine {
                    line: super::frames::on_base(line, self.vec3("point_on_line", [0.0; 3])?),
                    direction: line.offset.rotation * direction,
                    follower: self.station("follower_body", self.vec3("point_on_follower", [0.0; 3])?)?,
                }
            }
            // OpenSim takes the bodies and passes over offsets of the frames.
            "RollingOnSurfaceConstraint" => ConstraintKind::RollingOnSurface {
                rolling: self.frame("rolling_body")?.base,
                surface: self.frame("surface_body")?.base,
                normal: self.unit("surface_normal", [0.0, 1.0, 0.0])?,
                height: self.number("surface_height", 0.0)?,
            },
            class => {
                let class = class.to_owned();
                return Err(ReadError::Class { place: self.place(), class, expected: "a constraint" });
            }
        })
    }

    fn coupler(&self) -> Result<ConstraintKind, ReadError> {
        let function = self.function("coupled_coordinates_function")?;
        let function = function.ok_or_else(|| self.missing("coupled_coordinates_function", "a function"))?;
        let independent = "independent_coordinate_names";
        let dependent = "dependent_coordinate_name";
        let names = self.words(independent);
        if names.is_empty() {
            return Err(self.missing(independent, "names of coordinates"));
        }
        let name = self.text(dependent).ok_or_else(|| self.missing(dependent, "the name of a coordinate"))?;
        Ok(ConstraintKind::CoordinateCoupler {
            independent: names
                .into_iter()
                .map(|name| self.coordinate_at(independent, name))
                .collect::<Result<_, _>>()?,
            dependent: self.coordinate_at(dependent, name)?,
            function,
            scale: self.number("scale_factor", 1.0)?,
        })
    }

    /// A direction of length 1.
    pub fn unit(&self, property: &str, default: [f64; 3]) -> Result<Vec3<f64>, ReadError> {
        let vector = self.vec3(property, default)?;
        let norm = vector.norm();
        if norm == 0.0 || !norm.is_finite() {
            let found = self.text(property).unwrap_or_default();
            return Err(self.value_error(property, found, "a direction other than 0 0 0"));
        }
        Ok(vector * (1.0 / norm))
    }
}
