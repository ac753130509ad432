//! Two coordinates of one name: OpenSim tells them apart by their paths, and so do tables.

use guywire_osim::table::{Format, Table};
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::Motion;

/// Two pins whose coordinates share a name, and what else the model has.
fn model(forces: &str) -> Result<OsimModel, String> {
    let body = |name: &str| {
        format!("<Body name=\"{name}\"><mass>1</mass><inertia>0.1 0.1 0.1 0 0 0</inertia></Body>")
    };
    let pin = |name: &str, parent: &str, child: &str| {
        format!(
            "<PinJoint name=\"{name}\"><socket_parent_frame>{parent}</socket_parent_frame>
            <socket_child_frame>{child}</socket_child_frame>
            <coordinates><Coordinate name=\"angle\"/></coordinates></PinJoint>"
        )
    };
    let text = format!(
        "<OpenSimDocument Version=\"40600\"><Model name=\"m\"><BodySet><objects>{}{}</objects></BodySet>
        <JointSet><objects>{}{}</objects></JointSet><ForceSet><objects>{forces}</objects></ForceSet></Model></OpenSimDocument>",
        body("a"),
        body("b"),
        pin("first", "/ground", "/bodyset/a"),
        pin("second", "/bodyset/a", "/bodyset/b"),
    );
    OsimModel::read(text.as_bytes(), &ReadOptions::default()).map_err(|error| error.to_string())
}

fn table(columns: [&str; 2]) -> Table {
    let mut text = format!("t\nversion=1\ninDegrees=no\nendheader\ntime\t{}\t{}\n", columns[0], columns[1]);
    for row in 0..8 {
        text.push_str(&format!("{}\t{}\t{}\n", f64::from(row) * 0.1, 1.0, 2.0));
    }
    Table::read(text.as_bytes(), Format::Sto).expect("a table")
}

#[test]
fn columns_are_matched_by_the_whole_path() {
    let model = model("").expect("a model");
    for (columns, expected) in [
        (["/jointset/first/angle/value", "/jointset/second/angle/value"], [1.0, 2.0]),
        (["/jointset/second/angle/value", "/jointset/first/angle/value"], [2.0, 1.0]),
    ] {
        let motion = Motion::from_table(&table(columns), &model.description, None).expect("a motion");
        let (mut q, mut qd, mut qdd) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        motion.at(0.3, &mut q, &mut qd, &mut qdd);
        assert!(q.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{q:?}");
    }
}

#[test]
fn a_bare_name_names_both_candidates() {
    let model = model("").expect("a model");
    let error =
        Motion::from_table(&table(["angle", "other"]), &model.description, None).expect_err("ambiguous");
    assert_eq!(
        error.to_string(),
        "column `angle` may be /jointset/first/angle or /jointset/second/angle; expected a column named by its path \
         and `/value`"
    );
}

#[test]
fn what_names_the_second_is_not_taken_for_the_first() {
    let path = "<PathActuator name=\"f\"><path><FunctionBasedPath name=\"path\"><coordinate_paths>PATH</coordinate_paths>
        <length_function><Constant><value>0.3</value></Constant></length_function></FunctionBasedPath></path></PathActuator>";
    let read = |coordinate: &str| model(&path.replace("PATH", coordinate));
    read("/jointset/first/angle").expect("the first");
    let error = read("/jointset/second/angle").expect_err("the second");
    assert!(error.contains("not the first coordinate of the name `angle`"), "{error}");
}
