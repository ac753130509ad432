//! Joints and their coordinates.

use super::Reader;
use super::element::Element;
use super::error::ReadError;
use crate::description::{
    Base, Body, Coordinate, CoordinateMotion, Function, Joint, JointKind, NodeId, TransformAxis,
};

/// Whether a class is a joint.
pub(super) fn is_joint(class: &str) -> bool {
    class.ends_with("Joint") && class != "Joint"
}

/// Names of the axes of a custom joint and their default directions (OpenSim 4.6 `SpatialTransform`).
const AXES: [(&str, [f64; 3]); 6] = [
    ("rotation1", [1.0, 0.0, 0.0]),
    ("rotation2", [0.0, 1.0, 0.0]),
    ("rotation3", [0.0, 0.0, 1.0]),
    ("translation1", [1.0, 0.0, 0.0]),
    ("translation2", [0.0, 1.0, 0.0]),
    ("translation3", [0.0, 0.0, 1.0]),
];

impl Reader<'_> {
    pub(super) fn read_joints(&self, bodies: &[Body]) -> Result<Vec<Joint>, ReadError> {
        let mut joints = Vec::new();
        let mut has_joint = vec![false; bodies.len()];
        for element in self.members("JointSet", is_joint) {
            let joint = element.joint()?;
            if joint.parent.base == joint.child.base {
                return Err(element.rule("parent and child are on the same body"));
            }
            for frame in [joint.parent, joint.child] {
                if let Base::Body(index) = frame.base {
                    has_joint[index] = true;
                }
            }
            joints.push(joint);
        }
        // As OpenSim: a body that no joint mentions is free.
        for (index, body) in bodies.iter().enumerate().filter(|&(index, _)| !has_joint[index]) {
            joints.push(free_joint(index, body));
        }
        Ok(joints)
    }

    /// Records which coordinates are angles, for properties that are in degrees.
    pub(super) fn classify_coordinates(&self, joints: &[Joint]) {
        let mut rotational = self.rotational.borrow_mut();
        for joint in joints {
            for (index, coordinate) in joint.coordinates.iter().enumerate() {
                if joint.motion(index) == CoordinateMotion::Rotational {
                    rotational.insert(coordinate.name.clone());
                }
            }
        }
    }

    pub(super) fn is_rotational(&self, coordinate: &str) -> bool {
        self.rotational.borrow().contains(coordinate)
    }
}

/// The joint that OpenSim gives a body without one.
fn free_joint(index: usize, body: &Body) -> Joint {
    let name = format!("free_{}", body.name);
    let coordinates = (0..6).map(|k| default_coordinate(body.node, format!("{name}_coord_{k}"))).collect();
    Joint {
        node: body.node,
        name,
        parent: Reader::base_frame(Base::Ground),
        child: Reader::base_frame(Base::Body(index)),
        child_frame: body.name.clone(),
        coordinates,
        kind: JointKind::Free,
    }
}

/// OpenSim 4.6 `Coordinate`.
fn default_coordinate(node: NodeId, name: String) -> Coordinate {
    Coordinate {
        node,
        name,
        default_value: 0.0,
        default_speed: 0.0,
        range: [-10.0, 10.0],
        clamped: false,
        locked: false,
        prescribed: false,
        prescribed_function: None,
        is_free_to_satisfy_constraints: false,
    }
}

impl Element<'_, '_> {
    fn joint(&self) -> Result<Joint, ReadError> {
        let kind = match self.class() {
            "WeldJoint" => JointKind::Weld,
            "PinJoint" => JointKind::Pin,
            "SliderJoint" => JointKind::Slider,
            "UniversalJoint" => JointKind::Universal,
            "GimbalJoint" => JointKind::Gimbal,
            "BallJoint" => JointKind::Ball,
            "FreeJoint" => JointKind::Free,
            "PlanarJoint" => JointKind::Planar,
            "EllipsoidJoint" => JointKind::Ellipsoid { radii: self.radii("radii_x_y_z")? },
            "ConstantCurvatureJoint" => JointKind::ConstantCurvature {
                neutral_angle: self.vec3("neutral_angle_x_z_y", [0.0; 3])?,
                length: self.number("length", 1.0)?,
            },
            "ScapulothoracicJoint" => JointKind::Scapulothoracic {
                radii: self.radii("thoracic_ellipsoid_radii_x_y_z")?,
                winging_axis_origin: self.array("scapula_winging_axis_origin", [0.0; 2], "two numbers")?,
                winging_axis_direction: self.number("scapula_winging_axis_direction", 0.0)?,
            },
            "CustomJoint" => JointKind::Custom(Box::new(self.spatial_transform()?)),
            class => {
                let class = class.to_owned();
                return Err(ReadError::Class { place: self.place(), class, expected: "a joint" });
            }
        };
        let mut coordinates = self
            .objects("coordinates")
            .map(|element| element.read_coordinate())
            .collect::<Result<Vec<_>, _>>()?;
        if let JointKind::Custom(axes) = &kind {
            self.order_coordinates(axes, &mut coordinates)?;
        } else {
            let expected = degrees(&kind);
            if coordinates.len() > expected {
                let found = coordinates.len();
                return Err(self.rule(format!("{found} coordinates; expected {expected}")));
            }
            while coordinates.len() < expected {
                coordinates.push(default_coordinate(self.node, format!("_coord_{}", coordinates.len())));
            }
        }
        let (parent, child) = (self.frame("parent_frame")?, self.frame("child_frame")?);
        let path = self.text("socket_child_frame").unwrap_or_default();
        let child_frame = path.rsplit('/').next().unwrap_or(path).to_owned();
        Ok(Joint {
            node: self.node,
            name: self.name().to_owned(),
            parent,
            child,
            child_frame,
            coordinates,
            kind,
        })
    }

    /// Half axes of the ellipsoid on which a body slides; a body mirrored to the left has negative ones.
    fn radii(&self, property: &str) -> Result<guywire_math::Vec3<f64>, ReadError> {
        let expected = "three numbers other than 0";
        if self.text(property).is_none() {
            return Err(self.missing(property, expected));
        }
        let radii = self.vec3(property, [1.0; 3])?;
        if radii.x == 0.0 || radii.y == 0.0 || radii.z == 0.0 {
            return Err(self.value_error(property, self.text(property).unwrap_or_default(), expected));
        }
        Ok(radii)
    }

    fn read_coordinate(&self) -> Result<Coordinate, ReadError> {
        let range = self.array("range", [-10.0, 10.0], "two numbers")?;
        Ok(Coordinate {
            node: self.node,
            name: self.name().to_owned(),
            default_value: self.number("default_value", 0.0)?,
            default_speed: self.number("default_speed_value", 0.0)?,
            range,
            clamped: self.flag("clamped", false)?,
            locked: self.flag("locked", false)?,
            prescribed: self.flag("prescribed", false)?,
            prescribed_function: self.function("prescribed_function")?,
            is_free_to_satisfy_constraints: self.flag("is_free_to_satisfy_constraints", false)?,
        })
    }

    fn spatial_transform(&self) -> Result<[TransformAxis; 6], ReadError> {
        let transform = self.unnamed("SpatialTransform");
        let node = transform.map_or(self.node, |transform| transform.node);
        let mut axes = Vec::with_capacity(6);
        for (name, axis) in AXES {
            axes.push(
                match transform.and_then(|transform| transform.object(name, |class| class == "TransformAxis"))
                {
                    Some(element) => element.transform_axis(axis)?,
                    None => TransformAxis {
                        node,
                        axis: guywire_math::Vec3::from_array(axis),
                        coordinates: Vec::new(),
                        function: Function::Constant(0.0),
                    },
                },
            );
        }
        axes.try_into().map_err(|_| self.missing("SpatialTransform", "six axes"))
    }

    fn transform_axis(&self, default: [f64; 3]) -> Result<TransformAxis, ReadError> {
        let coordinates: Vec<String> = self.words("coordinates").into_iter().map(str::to_owned).collect();
        let function = match (self.function("function")?, coordinates.len()) {
            (Some(function), _) => function,
            // The axis stays where it is; only an empty element is filled with the identity.
            (None, _) if self.property("function").is_none() => Function::Constant(0.0),
            (None, 0) => Function::Constant(0.0),
            (None, 1) => Function::Linear(vec![1.0, 0.0]),
            (None, _) => return Err(self.missing("function", "a function of several coordinates")),
        };
        Ok(TransformAxis { node: self.node, axis: self.vec3("axis", default)?, coordinates, function })
    }

    /// Coordinates in the order in which the axes name them, which is the order of the joint's speeds.
    fn order_coordinates(
        &self,
        axes: &[TransformAxis; 6],
        coordinates: &mut Vec<Coordinate>,
    ) -> Result<(), ReadError> {
        let mut count = 0;
        for name in axes.iter().flat_map(|axis| &axis.coordinates) {
            if coordinates[..count].iter().any(|coordinate| coordinate.name == *name) {
                continue;
            }
            match coordinates.iter().position(|coordinate| coordinate.name == *name) {
                Some(at) => coordinates[count..=at].rotate_right(1),
                // OpenSim makes the coordinate.
                None => {
                    coordinates.insert(count, default_coordinate(self.node, name.clone()));
                }
            }
            count += 1;
            if count > 6 || coordinates.len() > 12 {
                return Err(self.rule("more than six coordinates"));
            }
        }
        // A coordinate that moves no axis stays, last, as in OpenSim.
        for triple in [&axes[..3], &axes[3..]] {
            let [a, b, c] = [triple[0].axis, triple[1].axis, triple[2].axis];
            // OpenSim refuses axes within 1e-5 of parallel.
            if [a.cross(b), a.cross(c), b.cross(c)].iter().any(|normal| normal.norm() < 1e-5) {
                return Err(self.rule("two axes are parallel"));
            }
        }
        Ok(())
    }
}

/// Number of coordinates of a class.
fn degrees(kind: &JointKind) -> usize {
    match kind {
        JointKind::Weld => 0,
        JointKind::Pin | JointKind::Slider => 1,
        JointKind::Universal => 2,
        JointKind::Gimbal
        | JointKind::Ball
        | JointKind::Planar
        | JointKind::ConstantCurvature { .. }
        | JointKind::Ellipsoid { .. } => 3,
        JointKind::Scapulothoracic { .. } => 4,
        JointKind::Free | JointKind::Custom(_) => 6,
    }
}
