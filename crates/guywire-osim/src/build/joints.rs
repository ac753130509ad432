//! The tree of bodies: joints and coordinates of a description as an engine model.

use super::functions::law;
use super::graph::{Graph, Mobilizer, Via};
use super::{BuildError, Index};
use crate::description::{self, Description, JointKind};
use guywire_engine::{Axis, Body, Coordinate, Joint};
use guywire_math::{Mat3, Pose, Vec3};
use std::f64::consts::FRAC_PI_2;

/// Bodies, joints and coordinates for an engine model, ground first.
pub(super) struct Tree {
    pub bodies: Vec<Body>,
    pub joints: Vec<Joint>,
    pub coordinates: Vec<Coordinate>,
    pub index: Index,
    /// Every copy of a body: engine indices of the body and of the copy.
    pub copies: Vec<[usize; 2]>,
}

pub(super) fn tree(description: &Description, graph: &Graph) -> Result<Tree, BuildError> {
    let index = Index {
        bodies: vec![0; description.bodies.len()],
        coordinates: vec![],
        first_coordinate: vec![],
        added_free: vec![],
    };
    let ground = Body {
        name: "ground".into(),
        mass: 0.0,
        center_of_mass: Vec3::zero(),
        inertia: Mat3 { rows: [Vec3::zero(); 3] },
    };
    let mut tree = Tree { bodies: vec![ground], joints: vec![], coordinates: vec![], index, copies: vec![] };
    for joint in &description.joints {
        tree.index.first_coordinate.push(tree.coordinates.len());
        for coordinate in &joint.coordinates {
            let [low, high] = coordinate.range;
            let range = (low.is_finite() && high.is_finite() && low <= high).then_some((low, high));
            tree.add_coordinate(coordinate.name.clone(), coordinate.default_value, range);
        }
    }
    for mobilizer in &graph.mobilizers {
        tree.mobilize(description, graph, mobilizer)?;
    }
    Ok(tree)
}

impl Tree {
    fn add_coordinate(&mut self, name: String, default: f64, range: Option<(f64, f64)>) {
        self.index.coordinates.push(name.clone());
        self.coordinates.push(Coordinate { name, default, range, locked: false });
    }

    fn mobilize(
        &mut self,
        description: &Description,
        graph: &Graph,
        mobilizer: &Mobilizer,
    ) -> Result<(), BuildError> {
        let body = &description.bodies[mobilizer.outboard];
        let inboard = self.index.body(mobilizer.inboard);
        match mobilizer.via {
            Via::Joint(j) => {
                let joint = &description.joints[j];
                let frames = if mobilizer.reversed {
                    [joint.child.offset, joint.parent.offset]
                } else {
                    [joint.parent.offset, joint.child.offset]
                };
                let first = self.index.first_coordinate[j];
                self.add_joint(joint, first, inboard, frames, mobilizer.reversed)?;
            }
            Via::AddedFree => {
                let first = self.coordinates.len();
                for k in 0..6 {
                    self.add_coordinate(format!("free_{}_coord_{k}", body.name), 0.0, None);
                }
                self.index.added_free.push(first);
                let same = Pose::identity();
                let joint =
                    Joint::weld(&format!("free_{}", body.name), inboard, self.bodies.len(), same, same);
                self.joints
                    .push(joint.free([first, first + 1, first + 2], [first + 3, first + 4, first + 5]));
            }
        }
        let outboard = self.bodies.len();
        let share = 1.0 / (1 + graph.copies[mobilizer.outboard]) as f64;
        let mut built = rigid(body, share);
        if mobilizer.copy {
            built.inertia = copied_inertia(body);
            built.name = format!("{}_copy_{outboard}", body.name);
            self.copies.push([self.index.bodies[mobilizer.outboard], outboard]);
        } else {
            self.index.bodies[mobilizer.outboard] = outboard;
        }
        self.bodies.push(built);
        Ok(())
    }

    /// Adds a joint from `inboard` to the next body, and the bodies without mass that lie in between.
    fn add_joint(
        &mut self,
        joint: &description::Joint,
        first: usize,
        inboard: usize,
        [near, far]: [Pose<f64>; 2],
        reversed: bool,
    ) -> Result<(), BuildError> {
        let given = joint.coordinates.len();
        let expected = match &joint.kind {
            JointKind::Weld => 0,
            JointKind::Pin | JointKind::Slider => 1,
            JointKind::Universal => 2,
            JointKind::Gimbal
            | JointKind::Ball
            | JointKind::Planar
            | JointKind::ConstantCurvature { .. }
            | JointKind::Ellipsoid { .. } => 3,
            JointKind::Scapulothoracic { .. } => 4,
            JointKind::Free => 6,
            JointKind::Custom(_) => given,
        };
        if given != expected {
            return Err(BuildError::CoordinateCount {
                node: joint.node,
                joint: joint.name.clone(),
                expected,
                given,
            });
        }
        let outboard = self.bodies.len();
        let weld = Joint::weld(&joint.name, inboard, outboard, near, far);
        let c = |k: usize| first + k;
        let built = match &joint.kind {
            JointKind::Weld => weld,
            JointKind::Pin => weld.hinge(c(0)),
            JointKind::Slider => weld.slider(c(0)),
            JointKind::Universal => weld.universal([c(0), c(1)]),
            JointKind::Gimbal | JointKind::Ball => weld.ball([c(0), c(1), c(2)]),
            JointKind::Planar => weld.planar([c(0), c(1), c(2)]),
            JointKind::Free => weld.free([c(0), c(1), c(2)], [c(3), c(4), c(5)]),
            JointKind::Ellipsoid { radii } => weld.ellipsoid([c(0), c(1), c(2)], *radii),
            JointKind::ConstantCurvature { neutral_angle, length } => {
                weld.arc([c(0), c(1), c(2)], neutral_angle.to_array(), *length)
            }
            JointKind::Scapulothoracic { radii, winging_axis_origin, winging_axis_direction } => {
                let [x, y] = *winging_axis_origin;
                let wing = winging_frame(x, y, *winging_axis_direction);
                let turn = Pose { rotation: Mat3::euler_xyz(0.0, 0.0, FRAC_PI_2), position: Vec3::zero() };
                // From the thorax: the ellipsoid, turned so that abduction and elevation come out positive,
                // to a frame without mass; there the winging axis; then the scapula.
                let [thorax, scapula] = if reversed { [far, near] } else { [near, far] };
                let swapped = Vec3::new(radii.y, radii.x, radii.z);
                let frames = [[thorax * turn, turn], [wing, scapula * wing]];
                let order = if reversed { [1, 0] } else { [0, 1] };
                for (step, part) in order.into_iter().enumerate() {
                    let [from, to] = frames[part];
                    let [near, far] = if reversed { [to, from] } else { [from, to] };
                    let parent = if step == 0 { inboard } else { outboard };
                    let name =
                        if step == 0 { format!("{}_ellipsoid", joint.name) } else { joint.name.clone() };
                    let weld = Joint::weld(&name, parent, self.bodies.len(), near, far);
                    let built = if part == 0 {
                        weld.ellipsoid([c(0), c(1), c(2)], swapped)
                    } else {
                        weld.hinge(c(3))
                    };
                    self.joints.push(Joint { reversed, ..built });
                    if step == 0 {
                        self.bodies.push(Body {
                            name: format!("{}_intermediate", joint.name),
                            mass: 0.0,
                            center_of_mass: Vec3::zero(),
                            inertia: Mat3 { rows: [Vec3::zero(); 3] },
                        });
                    }
                }
                return Ok(());
            }
            JointKind::Custom(axes) => {
                let mut built = weld;
                built.mobilities = (0..given).map(c).collect();
                for (k, axis) in axes.iter().enumerate() {
                    let built_axis = transform_axis(joint, axis, first)?;
                    if k < 3 { &mut built.rotations } else { &mut built.translations }.push(built_axis);
                }
                built
            }
        };
        self.joints.push(Joint { reversed, ..built });
        Ok(())
    }
}

/// z along the winging axis, at its origin. The other axes do not matter for a hinge.
fn winging_frame(x: f64, y: f64, direction: f64) -> Pose<f64> {
    let (sin, cos) = libm::sincos(direction);
    // Columns: first axis in the plane, minus the plane's normal, the winging axis (−sin, cos, 0).
    let rows = [Vec3::new(cos, 0.0, -sin), Vec3::new(sin, 0.0, cos), Vec3::new(0.0, -1.0, 0.0)];
    Pose { rotation: Mat3 { rows }, position: Vec3::new(x, y, 0.0) }
}

fn transform_axis(
    joint: &description::Joint,
    axis: &description::TransformAxis,
    first: usize,
) -> Result<Axis, BuildError> {
    let mut coordinates = Vec::with_capacity(axis.coordinates.len());
    for name in &axis.coordinates {
        let known = joint.coordinates.iter().position(|c| c.name == *name);
        let known = known.ok_or_else(|| {
            let names = joint.coordinates.iter().map(|c| c.name.as_str());
            BuildError::unknown_coordinate(axis.node, &joint.name, name, names)
        })?;
        coordinates.push(first + known);
    }
    let law = law(&axis.function, &coordinates).map_err(|problem| BuildError::Function {
        node: axis.node,
        owner: joint.name.clone(),
        problem,
    })?;
    Ok(Axis { direction: axis.axis, law })
}

/// The central inertia that OpenSim 4.6 gives a copy: the body's inertia about its origin for a mass of 1 kg, whatever
/// its mass (`Body::extendConnectToModel` passes a unit inertia where an inertia is expected).
fn copied_inertia(body: &description::Body) -> Mat3<f64> {
    let whole = rigid(body, 1.0);
    if whole.mass <= 0.0 {
        return whole.inertia;
    }
    let center = whole.center_of_mass;
    let mut rows = whole.inertia.rows.map(|row| row * (1.0 / whole.mass));
    for (row, along) in rows.iter_mut().zip(center.to_array()) {
        *row += -(center * along);
    }
    let square = center.dot(center);
    (rows[0].x, rows[1].y, rows[2].z) = (rows[0].x + square, rows[1].y + square, rows[2].z + square);
    Mat3 { rows }
}

/// A body with `share` of its mass.
fn rigid(body: &description::Body, share: f64) -> Body {
    let [xx, yy, zz, xy, xz, yz] = body.inertia.map(|v| v * share);
    Body {
        name: body.name.clone(),
        mass: body.mass * share,
        center_of_mass: body.mass_center,
        inertia: Mat3 { rows: [Vec3::new(xx, xy, xz), Vec3::new(xy, yy, yz), Vec3::new(xz, yz, zz)] },
    }
}
