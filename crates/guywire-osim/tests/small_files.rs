//! Small files of which OpenSim 4.6 was asked: what it said of each is said here.

use guywire_osim::control_set::{ControlSet, Signal};
use guywire_osim::description::{Function, JointKind};
use guywire_osim::external_loads::{ExternalForce, ExternalLoads};
use guywire_osim::{OsimModel, ReadOptions};

fn loads(version: u32, defaults: &str, force: &str) -> Result<ExternalForce, String> {
    let text = format!(
        "<OpenSimDocument Version=\"{version}\"><ExternalLoads name=\"e\">{defaults}<objects><ExternalForce name=\"x\">\
         <force_identifier>f_v</force_identifier>{force}</ExternalForce></objects></ExternalLoads></OpenSimDocument>"
    );
    ExternalLoads::parse(text.as_bytes()).map(|mut set| set.forces.remove(0)).map_err(|e| e.to_string())
}

#[test]
fn a_load_that_is_switched_off_is_off_in_every_spelling() {
    let is_off = |version, property: &str| loads(version, "", property).expect("external loads").disabled;
    for spelling in ["false", "False", "FALSE", "0"] {
        assert!(is_off(40_600, &format!("<appliesForce>{spelling}</appliesForce>")), "{spelling}");
    }
    assert!(is_off(30_000, "<isDisabled>1</isDisabled>") && is_off(30_000, "<isDisabled>true</isDisabled>"));
    assert!(!is_off(30_000, "<isDisabled>0</isDisabled>"));
    // Since its other name there is no such property.
    assert!(!is_off(40_600, "<isDisabled>true</isDisabled>") && !is_off(40_600, ""));
    let wrong = loads(40_600, "", "<appliesForce>no</appliesForce>").expect_err("neither");
    assert_eq!(wrong, "line 1: `appliesForce` is `no`; expected `true` or `false`");
}

#[test]
fn what_a_file_has_for_all_its_objects_holds_in_every_kind_of_file() {
    let defaults = "<defaults><ExternalForce name=\"default\"><point_identifier>f_p</point_identifier>\
                    <force_identifier>other</force_identifier></ExternalForce></defaults>";
    let force = loads(40_600, defaults, "").expect("external loads");
    assert_eq!((force.point_identifier.as_str(), force.force_identifier.as_str()), ("f_p", "f_v"));
    let text = "<OpenSimDocument Version=\"40600\"><ControlSet><defaults><ControlLinear name=\"default\">\
                <use_steps>true</use_steps></ControlLinear></defaults><objects><ControlLinear name=\"a\"><x_nodes>\
                <ControlLinearNode><t>0</t><value>1</value></ControlLinearNode></x_nodes></ControlLinear></objects>\
                </ControlSet></OpenSimDocument>";
    let set = ControlSet::parse(text.as_bytes()).expect("a control set");
    assert!(matches!(set.controls[0].signal, Signal::Nodes { steps: true, .. }), "{set:?}");
}

fn model(version: u32, inside: &str) -> Result<OsimModel, String> {
    let text = format!(
        "<OpenSimDocument Version=\"{version}\"><Model name=\"m\">{inside}</Model></OpenSimDocument>"
    );
    OsimModel::read(text.as_bytes(), &ReadOptions::default()).map_err(|error| error.to_string())
}

/// An axis that names a coordinate and has no function stays where it is; one with an empty function follows it.
#[test]
fn an_axis_without_function_does_not_move() {
    let function = |element: &str| {
        let read = model(
            40_600,
            &format!(
                "<BodySet><objects><Body name=\"b\"><mass>1</mass></Body></objects></BodySet><JointSet><objects>\
                 <CustomJoint name=\"j\"><socket_parent_frame>/ground</socket_parent_frame>\
                 <socket_child_frame>/bodyset/b</socket_child_frame><coordinates><Coordinate name=\"q\"/></coordinates>\
                 <SpatialTransform><TransformAxis name=\"translation2\"><coordinates>q</coordinates><axis>0 1 0</axis>\
                 {element}</TransformAxis></SpatialTransform></CustomJoint></objects></JointSet>"
            ),
        );
        let read = read.expect("a model");
        let JointKind::Custom(axes) = &read.description.joints[0].kind else { panic!("a custom joint") };
        axes[4].function.clone()
    };
    assert_eq!(function(""), Function::Constant(0.0));
    assert_eq!(function("<function/>"), Function::Linear(vec![1.0, 0.0]));
}

/// What is no number where an old file says where a joint is, or what a body weighs, is no default.
#[test]
fn damaged_numbers_of_old_files_are_refused() {
    let old = |place: &str, inertia: &str| {
        model(
            30_000,
            &format!(
                "<BodySet><objects><Body name=\"ground\"><mass>0</mass></Body><Body name=\"b\"><mass>1</mass>\
                 <inertia_xx>{inertia}</inertia_xx><inertia_yy>1</inertia_yy><inertia_zz>1</inertia_zz><Joint><PinJoint name=\"j\">\
                 <parent_body>ground</parent_body><location_in_parent>{place}</location_in_parent></PinJoint></Joint></Body>\
                 </objects></BodySet>"
            ),
        )
    };
    old("0.1 0.2 0.3", "0.5").expect("a sound model");
    for place in ["0.1 abc 0.3", "0.1 0.2", "0.1 0.2 1e"] {
        let why = old(place, "0.5").expect_err(place);
        assert!(why.contains("three finite numbers") && why.contains("line 1"), "{place}: {why}");
    }
    let why = old("0 0 0", "0.0O5").expect_err("a letter");
    assert!(why.contains("`inertia`") && why.contains("NaN"), "{why}");
}
