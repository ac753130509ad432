//! Trees of OpenSim models in the cases that OpenSim itself does not load or gets wrong, and what is refused.
//! What OpenSim does load is compared with it in `xtask/src/conformance`.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire_engine::{ConstraintSolver, Dynamics, Kinematics};
use guywire_math::{Vec3, Wrench};
use guywire_osim::build::{BuildError, Built};
use guywire_osim::description::ConstraintKind;
use guywire_osim::{Description, OsimModel, ReadOptions};

fn body(name: &str, mass: f64) -> String {
    format!(
        "<Body name=\"{name}\"><mass>{mass}</mass><mass_center>0.1 0 0</mass_center><inertia>1 1 1 0 0 0</inertia></Body>"
    )
}

/// A joint between two bodies (or ground) whose frames are half a metre away from the parent's origin.
fn joint(class: &str, name: &str, parent: &str, child: &str, coordinates: &[&str]) -> String {
    let path = |body: &str| if body == "ground" { "/ground".to_owned() } else { format!("/bodyset/{body}") };
    let coordinates: String = coordinates
        .iter()
        .map(|c| format!("<Coordinate name=\"{c}\"><default_value>0.2</default_value></Coordinate>"))
        .collect();
    format!(
        "<{class} name=\"{name}\"><socket_parent_frame>f</socket_parent_frame><socket_child_frame>{}</socket_child_frame>\
         <coordinates>{coordinates}</coordinates><frames><PhysicalOffsetFrame name=\"f\"><socket_parent>{}</socket_parent>\
         <translation>0.5 0 0</translation></PhysicalOffsetFrame></frames></{class}>",
        path(child),
        path(parent)
    )
}

fn built(bodies: &[String], joints: &[String], constraints: &str) -> Result<Built, BuildError> {
    Built::new(&described(bodies, joints, constraints))
}

fn described(bodies: &[String], joints: &[String], constraints: &str) -> Description {
    let text = format!(
        "<?xml version=\"1.0\"?><OpenSimDocument Version=\"40600\"><Model name=\"m\">\
         <BodySet><objects>{}</objects></BodySet><JointSet><objects>{}</objects></JointSet>\
         <ConstraintSet><objects>{constraints}</objects></ConstraintSet></Model></OpenSimDocument>",
        bodies.concat(),
        joints.concat()
    );
    OsimModel::read(text.as_bytes(), &ReadOptions::default()).unwrap().description
}

#[test]
fn a_body_that_no_joint_names_is_free() {
    let bodies = [body("loose", 2.0), body("hung", 1.0)];
    let built = built(&bodies, &[joint("PinJoint", "a", "ground", "hung", &["turn"])], "").unwrap();
    let names = built.index.coordinate_names();
    assert_eq!(names.len(), 7);
    assert_eq!((names[0].as_str(), names[1].as_str()), ("turn", "free_loose_coord_0"));
    assert!(!built.speeds.are_rates());
}

#[test]
fn a_weld_that_closes_a_loop_closes_it() {
    let bodies = [body("one", 2.0), body("two", 1.0)];
    let joints = [
        joint("PinJoint", "a", "ground", "one", &["first"]),
        joint("PinJoint", "b", "ground", "two", &["second"]),
        joint("WeldJoint", "c", "one", "two", &[]),
    ];
    let built = built(&bodies, &joints, "").unwrap();
    assert_eq!((built.tree.dof(), built.tree.bodies().len(), built.constraints.len()), (2, 3, 1));
    assert!((built.tree.mass() - 3.0).abs() < 1e-15);
    let (mut solver, mut kinematics) = (ConstraintSolver::new(&built.tree), Kinematics::new(&built.tree));
    // Both bodies turn about one point, and the weld holds them half a metre apart: no pose keeps that.
    let mut q = [0.2, 0.2];
    let reached =
        solver.assemble(&built.tree, &built.constraints, 0.0, &[1.0; 2], 1e-10, &mut kinematics, &mut q);
    assert!(reached.is_err());
}

#[test]
fn a_loop_of_hinges_is_cut_once_and_closes() {
    let bodies = [body("crank", 2.0), body("coupler", 1.0), body("rocker", 1.5)];
    let joints = [
        joint("PinJoint", "a", "ground", "crank", &["a"]),
        joint("PinJoint", "b", "crank", "coupler", &["b"]),
        joint("PinJoint", "c", "ground", "rocker", &["c"]),
        joint("PinJoint", "d", "rocker", "coupler", &["d"]),
    ];
    let built = built(&bodies, &joints, "").unwrap();
    assert_eq!((built.copies.len(), built.tree.bodies().len()), (1, 5));
    assert!((built.tree.mass() - 4.5).abs() < 1e-15, "the copy takes part of the mass");
    let (mut solver, mut kinematics) = (ConstraintSolver::new(&built.tree), Kinematics::new(&built.tree));
    let mut q = [0.9, -0.4, 0.3, 0.1];
    let ease = [0.0, 1.0, 1.0, 1.0];
    solver.assemble(&built.tree, &built.constraints, 0.0, &ease, 1e-12, &mut kinematics, &mut q).unwrap();
    let [body, copy] = built.copies[0];
    let apart = kinematics.bodies[body].position - kinematics.bodies[copy].position;
    assert!(apart.norm() < 1e-11 && q[0] == 0.9, "{apart:?}");
}

#[test]
fn a_joint_is_walked_backwards_where_its_child_comes_first() {
    let bodies = [body("outer", 2.0), body("inner", 1.0)];
    let joints =
        [joint("PinJoint", "b", "outer", "inner", &["b"]), joint("PinJoint", "a", "ground", "inner", &["a"])];
    let built = built(&bodies, &joints, "").unwrap();
    let mut kinematics = Kinematics::new(&built.tree);
    kinematics.update(&built.tree, &[0.7, 0.3]);
    let outer = built.index.body(guywire_osim::description::Base::Body(0));
    let inner = built.index.body(guywire_osim::description::Base::Body(1));
    // X_GI = X_GO (x: 0.5) R(b): the outer body's joint frame is the inner body's, turned back.
    let joint = kinematics.bodies[outer].point(Vec3::new(0.5, 0.0, 0.0));
    assert!((joint - kinematics.bodies[inner].position).norm() < 1e-15);
    let angle = |body: usize| {
        let x = kinematics.bodies[body].rotation.column(0);
        x.y.atan2(x.x)
    };
    assert!((angle(inner) - 0.3).abs() < 1e-15 && (angle(outer) + 0.4).abs() < 1e-15);
}

#[test]
fn what_is_refused_says_why() {
    let bodies = [body("one", 2.0)];
    let mut description = described(&bodies, &[joint("PinJoint", "a", "ground", "one", &["turn"])], "");
    description.joints[0].parent.base = description.joints[0].child.base;
    let own = Built::new(&description).unwrap_err();
    assert!(matches!(own, BuildError::JoinsItself { .. }), "{own}");
    let coupler = "<CoordinateCouplerConstraint name=\"k\"><coupled_coordinates_function><LinearFunction><coefficients>1 0\
         </coefficients></LinearFunction></coupled_coordinates_function><independent_coordinate_names>turn\
         </independent_coordinate_names><dependent_coordinate_name>turn</dependent_coordinate_name>\
         </CoordinateCouplerConstraint>";
    // The reader refuses such names; a description made by hand can still have them.
    let joints = [joint("PinJoint", "a", "ground", "one", &["turn"])];
    let mut description = described(&bodies, &joints, coupler);
    let ConstraintKind::CoordinateCoupler { independent, .. } = &mut description.constraints[0].kind else {
        panic!("the constraint is a coupler");
    };
    independent[0] = "turm".into();
    let unknown = Built::new(&description).unwrap_err();
    assert!(unknown.node().is_some());
    let text = unknown.to_string();
    assert!(text.contains("`turm`") && text.contains("the nearest is `turn`"), "{text}");
}

/// A knee whose one coordinate turns it about two axes: OpenSim's accelerations are not those of its motion.
#[test]
fn true_accelerations_are_those_of_the_motion() {
    let curve = "<function><PolynomialFunction><coefficients>0.8 0.3 0</coefficients></PolynomialFunction></function>";
    let turn = |k: usize, axis: &str| {
        format!(
            "<TransformAxis name=\"rotation{k}\"><coordinates>q</coordinates><axis>{axis}</axis>{curve}</TransformAxis>"
        )
    };
    let rest: String = ["rotation3", "translation1", "translation2", "translation3"]
        .iter()
        .zip(["0 0 1", "1 0 0", "0 1 0", "0 0 1"])
        .map(|(name, axis)| format!("<TransformAxis name=\"{name}\"><axis>{axis}</axis><function><Constant/></function></TransformAxis>"))
        .collect();
    let transform = format!(
        "</coordinates><SpatialTransform>{}{}{rest}</SpatialTransform>",
        turn(1, "1 0 0"),
        turn(2, "0 1 0")
    );
    let knee = joint("CustomJoint", "knee", "ground", "b", &["q"])
        .replace("</coordinates><frames>", &(transform + "<frames>"));
    let ours = built(&[body("b", 1.0)], &[knee], "").unwrap();
    assert_eq!(ours.reduced.departing_joints().collect::<Vec<_>>(), ["knee"]);
    let ours = ours.with_true_accelerations();
    assert_eq!(ours.reduced.departing_joints().count() + ours.tree.departing_joints().count(), 0);
    // Lagrange: M q̈ + ½ M' q̇² for one coordinate without gravity, from the mass matrix alone.
    let model = &ours.reduced;
    let (mut kinematics, mut dynamics) = (Kinematics::new(model), Dynamics::new(model, Vec3::zero()));
    let mut force = |q: f64, qd: f64, qdd: f64| {
        kinematics.update(model, &[q]);
        dynamics.update(model, &kinematics, &[qd]);
        let (nothing, mut tau) = (vec![Wrench::zero(); model.bodies().len()], [0.0]);
        dynamics.inverse_dynamics(model, &kinematics, &[qdd], &nothing, &mut tau);
        tau[0]
    };
    let (q, qd, h) = (0.7, 1.3, 1e-5);
    let mass_slope = (force(q + h, 0.0, 1.0) - force(q - h, 0.0, 1.0)) / (2.0 * h);
    let found = force(q, qd, 0.0);
    assert!((found - 0.5 * mass_slope * qd * qd).abs() < 1e-8, "{found} {}", 0.5 * mass_slope * qd * qd);
    assert!(found.abs() > 0.1);
}
