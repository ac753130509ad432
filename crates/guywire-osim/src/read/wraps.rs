//! Wrap objects.

use guywire_math::{Mat3, Pose, Vec3};

use super::Reader;
use super::element::Element;
use super::error::ReadError;
use crate::description::{Frame, NodeId, Quadrant, WrapObject, WrapShape};

impl Reader<'_> {
    /// The wrap object of a name: the first that a frame of the model has, as OpenSim looks for it.
    pub(super) fn wrap_object(&self, name: &str, user: &Element) -> Result<WrapObject, ReadError> {
        let is_wrap = |node: &NodeId| self.document.name(*node).starts_with("Wrap");
        let Some(node) = self.components.first(name, is_wrap) else {
            let wraps = self.components.all().iter().filter(|node| is_wrap(node));
            let names = wraps.filter_map(|&node| self.document.attribute(node, "name"));
            return Err(ReadError::Unknown {
                place: user.place(),
                property: "wrap_object".to_owned(),
                what: "wrap object",
                name: name.to_owned(),
                nearest: self.nearest(name, names),
            });
        };
        self.element(node).wrap_object(user)
    }
}

impl Element<'_, '_> {
    fn wrap_object(&self, user: &Element) -> Result<WrapObject, ReadError> {
        let components = &self.reader.components;
        // A wrap object is in the wrap object set of its frame.
        let mut owner = components.owner(self.node);
        while let Some(set) = owner.filter(|&set| self.reader.document.name(set) == "WrapObjectSet") {
            owner = components.owner(set);
        }
        let owner = owner.ok_or_else(|| self.rule("the wrap object is in no frame"))?;
        let carrier = self.reader.frame_of(owner, user)?;
        let angles = self.vec3("xyz_body_rotation", [0.0; 3])?;
        let own = Pose {
            rotation: Mat3::euler_xyz(angles.x, angles.y, angles.z),
            position: self.vec3("translation", [0.0; 3])?,
        };
        Ok(WrapObject {
            node: self.node,
            name: self.name().to_owned(),
            frame: Frame { base: carrier.base, offset: carrier.offset * own },
            quadrant: self.quadrant()?,
            active: self.flag("active", true)?,
            shape: self.wrap_shape()?,
        })
    }

    fn wrap_shape(&self) -> Result<WrapShape, ReadError> {
        // OpenSim takes a cylinder or sphere without size, and never wraps over it.
        let size = |property: &'static str, default: f64, is_wanted: fn(f64) -> bool| {
            let value = self.number(property, default)?;
            match is_wanted(value) {
                true => Ok(value),
                false => Err(self.value_error(property, self.text(property).unwrap_or_default(), "a length")),
            }
        };
        let from_zero = |value: f64| value >= 0.0;
        let above_zero = |value: f64| value > 0.0;
        Ok(match self.class() {
            "WrapCylinder" => WrapShape::Cylinder {
                radius: size("radius", 1.0, from_zero)?,
                length: size("length", 1.0, from_zero)?,
            },
            "WrapSphere" => WrapShape::Sphere { radius: size("radius", 0.05, from_zero)? },
            "WrapEllipsoid" => {
                let radii: Vec3<f64> = self.vec3("dimensions", [0.05; 3])?;
                if radii.x <= 0.0 || radii.y <= 0.0 || radii.z <= 0.0 {
                    let found = self.text("dimensions").unwrap_or_default();
                    return Err(self.value_error("dimensions", found, "three lengths above 0"));
                }
                WrapShape::Ellipsoid { radii }
            }
            "WrapTorus" => WrapShape::Torus {
                inner_radius: size("inner_radius", 0.01, above_zero)?,
                outer_radius: size("outer_radius", 0.05, above_zero)?,
            },
            class => {
                let class = class.to_owned();
                return Err(ReadError::Class { place: self.place(), class, expected: "a wrap object" });
            }
        })
    }

    fn quadrant(&self) -> Result<Quadrant, ReadError> {
        let text = self.text("quadrant").unwrap_or("all");
        Ok(match text {
            "x" | "X" | "+x" | "+X" => Quadrant::Positive(0),
            "y" | "Y" | "+y" | "+Y" => Quadrant::Positive(1),
            "z" | "Z" | "+z" | "+Z" => Quadrant::Positive(2),
            "-x" | "-X" => Quadrant::Negative(0),
            "-y" | "-Y" => Quadrant::Negative(1),
            "-z" | "-Z" => Quadrant::Negative(2),
            "all" | "All" | "ALL" | "Unassigned" => Quadrant::All,
            _ => return Err(self.value_error("quadrant", text, "x, -x, y, -y, z, -z or all")),
        })
    }
}
