//! What the reader does with every class that OpenSim 4.6 registers (`conformance/classes.py`), asked of the reader itself;
//! `docs/opensim-classes.md` is the answer.

use guywire_osim::report::Fate;
use guywire_osim::{OsimModel, ReadOptions};
use std::path::Path;

/// A model with an object of the class where that kind of object belongs, all its properties at their defaults.
fn model(group: &str, class: &str) -> String {
    let object = format!("<{class} name=\"asked\"/>");
    let (mut in_body, mut joints, mut rest) = (String::new(), String::new(), String::new());
    let pull = |points: &str, wraps: &str| {
        format!(
            "<ForceSet><objects><PathActuator name=\"pull\"><path><GeometryPath name=\"path\">
            <PathPointSet><objects><PathPoint name=\"p\"><socket_parent_frame>/ground</socket_parent_frame></PathPoint>
            {points}<PathPoint name=\"q\"><socket_parent_frame>/bodyset/b</socket_parent_frame></PathPoint></objects>
            </PathPointSet><PathWrapSet><objects>{wraps}</objects></PathWrapSet></GeometryPath></path></PathActuator>
            </objects></ForceSet>"
        )
    };
    let sockets = "<socket_parent_frame>/ground</socket_parent_frame><socket_child_frame>/bodyset/b</socket_child_frame>";
    let set = |name: &str| format!("<{name}><objects>{object}</objects></{name}>");
    match group {
        "joint" => joints = format!("<{class} name=\"asked\">{sockets}</{class}>"),
        "constraint" => rest = set("ConstraintSet"),
        "muscle" | "actuator" | "force" => rest = set("ForceSet"),
        "controller" => rest = set("ControllerSet"),
        "probe" => rest = set("ProbeSet"),
        "contact geometry" => rest = set("ContactGeometrySet"),
        "wrap object" => {
            in_body =
                format!("<WrapObjectSet>{}</WrapObjectSet>", format_args!("<objects>{object}</objects>"));
            rest = pull("", "<PathWrap name=\"over\"><wrap_object>asked</wrap_object></PathWrap>");
        }
        "path point" => rest = pull(&object, ""),
        "path" => {
            rest = format!(
                "<ForceSet><objects><PathActuator name=\"pull\"><path>{object}</path></PathActuator></objects></ForceSet>"
            );
        }
        "function" => {
            rest = format!(
                "<ConstraintSet><objects><CoordinateCouplerConstraint name=\"coupler\"><coupled_coordinates_function>
                {object}</coupled_coordinates_function><independent_coordinate_names>q</independent_coordinate_names>
                <dependent_coordinate_name>q</dependent_coordinate_name></CoordinateCouplerConstraint></objects></ConstraintSet>"
            );
        }
        _ => {
            in_body = format!("<components>{object}</components>");
            rest = "<MarkerSet><objects><Marker name=\"m\"><socket_parent_frame>/bodyset/b/asked</socket_parent_frame>
                </Marker></objects></MarkerSet>"
                .into();
        }
    }
    if joints.is_empty() {
        joints = format!(
            "<PinJoint name=\"j\">{sockets}<coordinates><Coordinate name=\"q\"/></coordinates></PinJoint>"
        );
    }
    format!(
        "<OpenSimDocument Version=\"40600\"><Model name=\"m\"><BodySet><objects><Body name=\"b\"><mass>1</mass>{in_body}</Body>
        </objects></BodySet><JointSet><objects>{joints}</objects></JointSet>{rest}</Model></OpenSimDocument>"
    )
}

/// `used`, `approximated`, `kept` or `refused`.
fn fate(group: &str, class: &str) -> &'static str {
    // Curves stand in the properties of muscles only.
    let curve = class.ends_with("Curve");
    // Bodies and ground are what everything else hangs on.
    if curve || matches!(class, "Body" | "Ground") {
        return "used";
    }
    let unknown = format!("the class `{class}` is not read");
    match OsimModel::read(model(group, class).as_bytes(), &ReadOptions { allow_missing: true }) {
        // Another complaint is one about a value: the class is known.
        Err(error) if error.to_string().contains(&unknown) => "refused",
        Err(_) => "used",
        Ok(model) => {
            let entries = || model.report.entries.iter();
            let own = || entries().filter(|entry| entry.class == class && entry.name == "asked");
            if entries().any(|e| matches!(&e.fate, Fate::Refused(reason) if reason.contains(&unknown))) {
                "refused"
            } else if own().any(|entry| matches!(entry.fate, Fate::Approximated(_))) {
                "approximated"
            } else if own().any(|entry| entry.fate == Fate::Kept) {
                "kept"
            } else {
                "used"
            }
        }
    }
}

#[test]
fn the_page_says_what_becomes_of_every_class() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let classes = std::fs::read_to_string(root.join("conformance/classes.csv")).expect("OpenSim's classes");
    let mut groups: Vec<(&str, Vec<(&str, &'static str)>)> = Vec::new();
    for (group, class) in classes.lines().filter_map(|line| line.split_once(',')) {
        let entry = (class, fate(group, class));
        match groups.iter_mut().find(|known| known.0 == group) {
            Some(known) => known.1.push(entry),
            None => groups.push((group, vec![entry])),
        }
    }
    groups.sort_unstable();
    let mut page = String::from(
        "# Every class of OpenSim 4.6, and what is done with it\n\n\
         Made by asking the reader (`crates/guywire-osim/tests/classes.rs`). *Used*: it is in the model; *approximated*: \
         nearly,\nthe import report says how; *kept*: it makes no force and moves nothing, and is written again; *refused*: \
         the import\nstops, or goes on without it where `--allow-missing` is given.\n\n\
         | what | used | approximated | kept | refused |\n| --- | --- | --- | --- | --- |\n",
    );
    for (group, classes) in &groups {
        let of = |wanted: &str| {
            let names = classes.iter().filter(|(_, fate)| *fate == wanted).map(|(class, _)| *class);
            names.collect::<Vec<_>>().join(", ")
        };
        let cells = ["used", "approximated", "kept", "refused"].map(of);
        page.push_str(&format!("| {group} | {} |\n", cells.join(" | ")));
    }
    let file = root.join("docs/opensim-classes.md");
    let stands = std::fs::read_to_string(&file).unwrap_or_default();
    if stands != page {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opensim-classes.md");
        std::fs::write(&made, &page).expect("a page");
        panic!("{} is out of date; copy {}", file.display(), made.display());
    }
}
