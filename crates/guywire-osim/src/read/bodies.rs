//! Bodies, their meshes, and markers.

use guywire_math::Vec3;

use super::Reader;
use super::error::ReadError;
use crate::description::{Base, Body, Geometry, Marker};

/// Whether a class is a body.
pub(super) fn is_body(class: &str) -> bool {
    class == "Body"
}

impl Reader<'_> {
    pub(super) fn read_bodies(&self) -> Result<Vec<Body>, ReadError> {
        let mut bodies = Vec::with_capacity(self.bodies.len());
        for element in self.members("BodySet", is_body) {
            if !is_body(element.class()) {
                let class = element.class().to_owned();
                return Err(ReadError::Class { place: element.place(), class, expected: "Body" });
            }
            let mass = element.required("mass")?;
            if mass < 0.0 {
                return Err(element.value_error(
                    "mass",
                    element.text("mass").unwrap_or_default(),
                    "0 or more",
                ));
            }
            let expected = "six finite numbers: xx yy zz xy xz yz";
            let inertia = element.array("inertia", [0.0; 6], expected)?;
            if inertia.iter().any(|value| !value.is_finite()) {
                return Err(element.value_error(
                    "inertia",
                    element.text("inertia").unwrap_or_default(),
                    expected,
                ));
            }
            bodies.push(Body {
                node: element.node,
                name: element.name().to_owned(),
                mass,
                mass_center: element.vec3("mass_center", [0.0; 3])?,
                inertia,
                geometry: Vec::new(),
            });
        }
        self.attach_meshes(&mut bodies)?;
        Ok(bodies)
    }

    /// Puts every mesh of the model on its body.
    fn attach_meshes(&self, bodies: &mut [Body]) -> Result<(), ReadError> {
        for &node in self.components.all() {
            if self.document.name(node) != "Mesh" {
                continue;
            }
            let element = self.element(node);
            let Some(file) = element.text("mesh_file") else { continue };
            // The socket of attached geometry is `..`: the frame that contains it.
            let Some(owner) = self.components.owner(node) else { continue };
            let owner = match element.text("socket_frame") {
                Some(path) => self.components.resolve(node, path).unwrap_or(owner),
                None => owner,
            };
            let frame = self.frame_of(owner, &element)?;
            let scale = element.vec3("scale_factors", [1.0; 3])?;
            let Base::Body(index) = frame.base else { continue };
            bodies[index].geometry.push(Geometry { frame, file: file.to_owned(), scale });
        }
        // In no order of the document: meshes of frames may stand before or after those of their body.
        for body in bodies {
            body.geometry.sort_by(|a, b| a.file.cmp(&b.file));
        }
        Ok(())
    }

    pub(super) fn read_markers(&self) -> Result<Vec<Marker>, ReadError> {
        let mut markers = Vec::new();
        for element in self.members("MarkerSet", |class| class == "Marker") {
            let location: Vec3<f64> = element.vec3("location", [0.0; 3])?;
            markers.push(Marker {
                node: element.node,
                name: element.name().to_owned(),
                station: element.station("parent_frame", location)?,
                fixed: element.flag("fixed", false)?,
            });
        }
        Ok(markers)
    }
}
