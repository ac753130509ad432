//! How each component of a model scales: OpenSim 4.6's `extendScale` of each class, as edits of the document.
//!
//! | component | what is multiplied by the factors `s` of its body |
//! | --- | --- |
//! | body | centre of mass; mesh and shape factors of every frame on it |
//! | offset frame, marker, station, path point, wrap object | its place |
//! | moving path point | each function that follows a coordinate |
//! | custom joint | each translation by `Σ abs(aᵢ) sᵢ` of the parent, unless it is the coordinate itself |
//! | ellipsoid, scapulothoracic joint | radii (parent), winging axis (child) |
//! | constant curvature joint | length, along y (child) |
//! | coordinate coupler of a distance | its factor; the parent's factors must be equal |
//! | wrap cylinder, torus, ellipsoid, sphere | radii and length, by the factors along its own axes |
//!
//! Everything else keeps its numbers, as in OpenSim: contact geometry, bushings, point constraints, points of
//! springs and point actuators.

use super::ScaleError;
use super::edit::Edit;
use super::factors::ScaleFactors;
use guywire_math::{Mat3, Vec3};
use guywire_osim::Description;
use guywire_osim::description::{Base, CoordinateMotion, NodeId};
use guywire_osim::read::Sockets;
use guywire_osim::xml::Document;

/// Whether a class is a frame that carries geometry and has factors of its own in a `ScaleSet`.
pub(super) fn is_frame(class: &str) -> bool {
    matches!(class, "Ground" | "Body" | "PhysicalOffsetFrame" | "StationDefinedFrame")
}

/// All elements of a model in the order of the file.
pub(super) fn walk(document: &Document, model: NodeId) -> Vec<NodeId> {
    let (mut open, mut all) = (vec![model], Vec::new());
    while let Some(node) = open.pop() {
        if document.name(node) == "defaults" {
            continue;
        }
        all.push(node);
        let mut inside: Vec<NodeId> = document.children(node).collect();
        inside.reverse();
        open.append(&mut inside);
    }
    all
}

/// What scaling needs to know of a model.
pub(super) struct Scaler<'d> {
    pub(super) document: &'d Document,
    pub(super) sockets: &'d Sockets<'d>,
    pub(super) description: &'d Description,
    pub(super) factors: &'d ScaleFactors,
}

impl Scaler<'_> {
    /// The edits that scale all components but the inertia of bodies.
    pub(super) fn edits(&self) -> Result<Vec<Edit>, ScaleError> {
        let mut edits = Vec::new();
        for node in walk(self.document, self.sockets.model()) {
            self.component(node, &mut edits)?;
        }
        Ok(edits)
    }

    fn component(&self, node: NodeId, edits: &mut Vec<Edit>) -> Result<(), ScaleError> {
        let class = self.document.name(node);
        if is_frame(class) {
            let s = self.of(self.sockets.frame(node)?.base);
            self.geometry(node, s, edits);
        }
        match class {
            "Body" => self.place(node, "mass_center", self.of(self.sockets.frame(node)?.base), edits)?,
            "PhysicalOffsetFrame" => {
                let s = self.of(self.sockets.frame_through(node, "parent")?.base);
                self.place(node, "translation", s, edits)?;
            }
            "Marker" | "Station" | "PathPoint" | "ConditionalPathPoint" => {
                let s = self.through(node, "parent_frame")?;
                self.place(node, "location", s, edits)?;
            }
            "MovingPathPoint" => self.moving_point(node, edits)?,
            "CustomJoint" => self.custom_joint(node, edits)?,
            "EllipsoidJoint" => {
                self.place(node, "radii_x_y_z", self.through(node, "parent_frame")?, edits)?;
            }
            "ScapulothoracicJoint" => {
                let (parent, child) =
                    (self.through(node, "parent_frame")?, self.through(node, "child_frame")?);
                self.place(node, "thoracic_ellipsoid_radii_x_y_z", parent, edits)?;
                self.list(node, "scapula_winging_axis_origin", &child[..2], edits)?;
            }
            "ConstantCurvatureJoint" => {
                self.list(node, "length", &[self.through(node, "child_frame")?[1]], edits)?;
            }
            "CoordinateCouplerConstraint" => self.coupler(node, edits)?,
            "WrapCylinder" | "WrapTorus" | "WrapEllipsoid" | "WrapSphere" | "WrapObject" => {
                self.wrap(node, class, edits)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn of(&self, base: Base) -> [f64; 3] {
        self.factors.of(base, self.description)
    }

    fn through(&self, node: NodeId, socket: &str) -> Result<[f64; 3], ScaleError> {
        Ok(self.of(self.sockets.frame_through(node, socket)?.base))
    }

    /// Numbers of a property, own or inherited; none when the class's default holds.
    fn read(&self, object: NodeId, property: &'static str) -> Result<Option<Vec<f64>>, ScaleError> {
        let Some(node) = self.sockets.property(object, property) else { return Ok(None) };
        let text = self.document.text(node);
        let values: Result<Vec<f64>, _> = text.split_whitespace().map(str::parse).collect();
        values.map(Some).map_err(|_| ScaleError::Number {
            line: self.document.line(node),
            property,
            found: text.chars().take(60).collect(),
        })
    }

    /// Numbers of a property, each times its factor.
    fn list(
        &self,
        object: NodeId,
        property: &'static str,
        factors: &[f64],
        edits: &mut Vec<Edit>,
    ) -> Result<(), ScaleError> {
        let Some(mut values) = self.read(object, property)? else { return Ok(()) };
        for (value, factor) in values.iter_mut().zip(factors) {
            *value *= factor;
        }
        if factors.iter().any(|f| *f != 1.0) {
            edits.push(Edit::numbers(object, property, &values));
        }
        Ok(())
    }

    fn place(
        &self,
        object: NodeId,
        property: &'static str,
        s: [f64; 3],
        edits: &mut Vec<Edit>,
    ) -> Result<(), ScaleError> {
        self.list(object, property, &s, edits)
    }

    /// Meshes and shapes attached to a frame.
    fn geometry(&self, frame: NodeId, s: [f64; 3], edits: &mut Vec<Edit>) {
        let Some(list) = self.document.child(frame, "attached_geometry") else { return };
        for shape in self.document.children(list) {
            let old = self.document.child(shape, "scale_factors").map(|node| self.document.text(node));
            let old: Vec<f64> =
                old.unwrap_or("1 1 1").split_whitespace().filter_map(|v| v.parse().ok()).collect();
            if let ([x, y, z], true) = (old.as_slice(), s != [1.0; 3]) {
                edits.push(Edit::numbers(shape, "scale_factors", &[x * s[0], y * s[1], z * s[2]]));
            }
        }
    }

    fn moving_point(&self, node: NodeId, edits: &mut Vec<Edit>) -> Result<(), ScaleError> {
        let s = self.through(node, "parent_frame")?;
        let axes = [("socket_x_coordinate", "x_location"), ("socket_y_coordinate", "y_location")];
        for (axis, (socket, property)) in
            axes.into_iter().chain([("socket_z_coordinate", "z_location")]).enumerate()
        {
            let follows = self.sockets.property(node, socket).map(|n| self.document.text(n));
            let holder = self.document.child(node, property);
            let function = holder.and_then(|holder| self.document.children(holder).next());
            // A component that follows no coordinate is left as it is, as in OpenSim.
            if let (Some(function), true) = (function, follows.is_some_and(|path| !path.is_empty())) {
                edits.push(Edit::Multiply { function, factor: s[axis] });
            }
        }
        Ok(())
    }

    fn custom_joint(&self, node: NodeId, edits: &mut Vec<Edit>) -> Result<(), ScaleError> {
        let s = self.through(node, "parent_frame")?;
        let Some(transform) = self.document.child(node, "SpatialTransform") else { return Ok(()) };
        for axis in self.document.children(transform) {
            let name = self.document.attribute(axis, "name").unwrap_or_default();
            if !name.starts_with("translation") {
                continue;
            }
            let mut inside = self.document.children(axis);
            let function = inside.find(|&n| !matches!(self.document.name(n), "coordinates" | "axis"));
            let function = function.map(|n| match self.document.name(n) {
                "function" => self.document.children(n).next().unwrap_or(n),
                _ => n,
            });
            let Some(function) = function.filter(|&f| !self.is_identity(f)) else { continue };
            let direction = self.read(axis, "axis")?.unwrap_or_else(|| vec![1.0, 0.0, 0.0]);
            let factor = direction.iter().zip(&s).map(|(a, s)| a.abs() * s).sum();
            edits.push(Edit::Multiply { function, factor });
        }
        Ok(())
    }

    /// `LinearFunction` with coefficients 1, 0.
    fn is_identity(&self, function: NodeId) -> bool {
        self.document.name(function) == "LinearFunction"
            && self.document.child(function, "coefficients").is_none_or(|node| {
                let values = self.document.text(node).split_whitespace().map(str::parse::<f64>);
                values.filter_map(Result::ok).eq([1.0, 0.0])
            })
    }

    fn coupler(&self, node: NodeId, edits: &mut Vec<Edit>) -> Result<(), ScaleError> {
        let name = self.sockets.property(node, "dependent_coordinate_name");
        let name = name.map_or("", |node| self.document.text(node));
        let found = self.description.joints.iter().find_map(|joint| {
            let index = joint.coordinates.iter().position(|c| c.name == name)?;
            Some((joint, index))
        });
        let Some((joint, index)) = found else { return Ok(()) };
        if joint.motion(index) != CoordinateMotion::Translational {
            return Ok(());
        }
        let [x, y, z] = self.of(joint.parent.base);
        if x != y || x != z {
            return Err(ScaleError::UnevenCoupler {
                line: self.document.line(node),
                name: self.document.attribute(node, "name").unwrap_or_default().to_owned(),
                factors: [x, y, z],
            });
        }
        let old = self.read(node, "scale_factor")?.and_then(|v| v.first().copied()).unwrap_or(1.0);
        if x != 1.0 {
            edits.push(Edit::numbers(node, "scale_factor", &[old * x]));
        }
        Ok(())
    }

    fn wrap(&self, node: NodeId, class: &str, edits: &mut Vec<Edit>) -> Result<(), ScaleError> {
        let mut frame = self.document.parent(node);
        while let Some(at) = frame.filter(|&at| !is_frame(self.document.name(at))) {
            frame = self.document.parent(at);
        }
        let Some(frame) = frame else { return Ok(()) };
        let s = self.of(self.sockets.frame(frame)?.base);
        self.place(node, "translation", s, edits)?;
        let angles = self.read(node, "xyz_body_rotation")?.unwrap_or_else(|| vec![0.0; 3]);
        let rotation = match angles.as_slice() {
            [x, y, z, ..] => Mat3::euler_xyz(*x, *y, *z),
            _ => Mat3::identity(),
        };
        // How much the body stretches along each axis of the surface.
        let stretch = |axis: usize| rotation.column(axis).times(Vec3::from_array(s)).norm();
        let across = 0.5 * (stretch(0) + stretch(1));
        match class {
            "WrapCylinder" => {
                self.list(node, "radius", &[across], edits)?;
                self.list(node, "length", &[stretch(2)], edits)?;
            }
            "WrapTorus" => {
                self.list(node, "inner_radius", &[across], edits)?;
                self.list(node, "outer_radius", &[across], edits)?;
            }
            "WrapEllipsoid" => {
                self.list(node, "dimensions", &[stretch(0), stretch(1), stretch(2)], edits)?;
            }
            "WrapSphere" => self.list(node, "radius", &[(s[0] + s[1] + s[2]) / 3.0], edits)?,
            _ => {}
        }
        Ok(())
    }
}
