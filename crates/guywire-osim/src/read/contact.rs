//! Contact geometry and contact forces.

use guywire_math::Pose;

use super::Reader;
use super::element::Element;
use super::error::ReadError;
use super::frames::FRAME;
use crate::description::{
    ContactGeometry, ContactParameters, ContactShape, ForceKind, Frame, NodeId, SmoothContact,
};
use crate::report::Fate;

/// Whether a class is contact geometry.
fn is_contact(class: &str) -> bool {
    matches!(
        class,
        "ContactSphere"
            | "ContactHalfSpace"
            | "ContactMesh"
            | "ContactCylinder"
            | "ContactEllipsoid"
            | "ContactTorus"
    )
}

impl Reader<'_> {
    pub(super) fn read_contact_geometry(&self) -> Result<Vec<ContactGeometry>, ReadError> {
        let mut geometry = Vec::new();
        for element in self.members("ContactGeometrySet", is_contact) {
            let shape = match element.class() {
                "ContactSphere" => ContactShape::Sphere { radius: element.number("radius", 0.0)? },
                "ContactHalfSpace" => ContactShape::HalfSpace,
                "ContactMesh" => {
                    let file = element.text("filename").unwrap_or_default();
                    let mesh = self.meshes.and_then(|meshes| meshes.get(file));
                    let surface = mesh.and_then(|mesh| mesh.as_ref().ok().cloned());
                    ContactShape::Mesh { file: file.to_owned(), surface }
                }
                // No contact force of OpenSim 4.6 that is read here uses other shapes.
                _ => {
                    self.remark(element.node, Fate::Kept);
                    continue;
                }
            };
            let frame = element.frame("frame")?;
            let own: Pose<f64> = element.pose("location", "orientation")?;
            geometry.push(ContactGeometry {
                node: element.node,
                name: element.name().to_owned(),
                frame: Frame { base: frame.base, offset: frame.offset * own },
                shape,
            });
        }
        Ok(geometry)
    }
}

impl Element<'_, '_> {
    pub(super) fn contact(&self) -> Result<ForceKind, ReadError> {
        let transition_velocity = self.number("transition_velocity", 0.01)?;
        Ok(match self.class() {
            "SmoothSphereHalfSpaceForce" => ForceKind::SmoothSphereHalfSpace {
                sphere: self.contact_socket("sphere")?,
                half_space: self.contact_socket("half_space")?,
                properties: SmoothContact {
                    stiffness: self.number("stiffness", 1.0)?,
                    dissipation: self.number("dissipation", 0.0)?,
                    static_friction: self.number("static_friction", 0.0)?,
                    dynamic_friction: self.number("dynamic_friction", 0.0)?,
                    viscous_friction: self.number("viscous_friction", 0.0)?,
                    transition_velocity,
                    constant_contact_force: self.number("constant_contact_force", 1e-5)?,
                    hertz_smoothing: self.number("hertz_smoothing", 300.0)?,
                    hunt_crossley_smoothing: self.number("hunt_crossley_smoothing", 50.0)?,
                },
            },
            "HuntCrossleyForce" => {
                ForceKind::HuntCrossley { parameters: self.contact_parameters()?, transition_velocity }
            }
            _ => {
                self.check_meshes()?;
                ForceKind::ElasticFoundation { parameters: self.contact_parameters()?, transition_velocity }
            }
        })
    }

    /// Every mesh that the force uses must be at hand.
    fn check_meshes(&self) -> Result<(), ReadError> {
        let set = self.object("contact_parameters", |class| class.ends_with("ContactParametersSet"));
        for entry in set.into_iter().flat_map(|set| set.objects_inside()) {
            for path in entry.words("geometry") {
                let geometry = self.at(entry.component("geometry", path, CONTACT)?);
                if geometry.class() != "ContactMesh" {
                    continue;
                }
                let file = geometry.text("filename").unwrap_or_default();
                if file.is_empty() {
                    return Err(geometry.missing("filename", "the name of a mesh file"));
                }
                let problem = match self.reader.meshes.and_then(|meshes| meshes.get(file)) {
                    Some(Ok(_)) => continue,
                    Some(Err(problem)) => problem.as_str(),
                    None => "it was not asked for when the model was read",
                };
                return Err(geometry.rule(format!("the mesh `{file}` cannot be used: {problem}")));
            }
        }
        Ok(())
    }

    /// Names of the frames of all surfaces.
    pub(super) fn contact_frames(&self) -> Vec<String> {
        let set = self.object("contact_parameters", |class| class.ends_with("ContactParametersSet"));
        let entries = set.into_iter().flat_map(|set| set.objects_inside());
        let frame = |entry: Element<'_, '_>, path: &str| {
            let geometry = self.at(entry.component("geometry", path, CONTACT).ok()?);
            let frame = geometry.socket("frame", FRAME).ok()?;
            let ground = self.reader.document.name(frame) == "Ground";
            Some(if ground { "ground".to_owned() } else { self.at(frame).name().to_owned() })
        };
        entries
            .flat_map(|entry| entry.words("geometry").into_iter().map(move |path| (entry, path)))
            .map(|(entry, path)| frame(entry, path).unwrap_or_default())
            .collect()
    }

    fn contact_parameters(&self) -> Result<Vec<ContactParameters>, ReadError> {
        let Some(set) = self.object("contact_parameters", |class| class.ends_with("ContactParametersSet"))
        else {
            return Ok(Vec::new());
        };
        set.objects_inside()
            .map(|entry| {
                Ok(ContactParameters {
                    geometry: entry
                        .words("geometry")
                        .into_iter()
                        .map(|path| entry.contact_name("geometry", path))
                        .collect::<Result<_, _>>()?,
                    stiffness: entry.number("stiffness", 0.0)?,
                    dissipation: entry.number("dissipation", 0.0)?,
                    static_friction: entry.number("static_friction", 0.0)?,
                    dynamic_friction: entry.number("dynamic_friction", 0.0)?,
                    viscous_friction: entry.number("viscous_friction", 0.0)?,
                })
            })
            .collect()
    }

    fn contact_socket(&self, socket: &str) -> Result<String, ReadError> {
        self.known_shape(self.socket(socket, CONTACT)?)
    }

    fn contact_name(&self, property: &str, path: &str) -> Result<String, ReadError> {
        self.known_shape(self.component(property, path, CONTACT)?)
    }

    /// The name of contact geometry whose shape is read.
    fn known_shape(&self, node: NodeId) -> Result<String, ReadError> {
        let geometry = self.at(node);
        match geometry.class() {
            "ContactSphere" | "ContactHalfSpace" | "ContactMesh" => Ok(geometry.name().to_owned()),
            class => {
                let (place, class) = (geometry.place(), class.to_owned());
                Err(ReadError::Class { place, class, expected: "a sphere, half space or mesh" })
            }
        }
    }
}

const CONTACT: &str = "contact geometry";
