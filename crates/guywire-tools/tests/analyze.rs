//! Analyses of a motion against themselves: velocities and accelerations are the derivatives of positions, moment arms
//! those of lengths, file by file; and OpenSim's names and columns.

use guywire_math::Vec3;
use guywire_osim::build::Built;
use guywire_osim::table::{Format, Table, Unit};
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::Motion;
use guywire_tools::analysis_setup::AnalyzeSetup;
use guywire_tools::analyze::{Analysis, AnalyzeResult, AnalyzeSettings, Given, run};
use guywire_tools::setup::SetupObject;
use std::io::Read;

/// s between rows.
const STEP: f64 = 1e-3;

/// A model of the reference data, or nothing, loudly, where it is not at hand.
fn model(test: &str, file: &str) -> Option<OsimModel> {
    let bytes = std::fs::read(guywire_reference::find(test, file)?).expect("a model");
    Some(OsimModel::read(&bytes, &ReadOptions::default()).expect("a model"))
}

/// Every coordinate swings slowly about the middle of its range, each at its own pace.
fn swing(model: &OsimModel) -> Table {
    let coordinates: Vec<_> = model.description.joints.iter().flat_map(|joint| &joint.coordinates).collect();
    let mut table =
        Table::with_columns("swing", coordinates.iter().map(|c| (c.name.clone(), Unit::Unstated)));
    table.in_degrees = Some(false);
    for row in 0..200 {
        let time = STEP * f64::from(row);
        let value = |(k, c): (usize, &&guywire_osim::description::Coordinate)| {
            let [low, high] = if c.range[1] - c.range[0] > 7.0 { [-0.5, 0.5] } else { c.range };
            0.5 * (low + high) + 0.2 * (high - low) * (4.0 * time + k as f64).sin()
        };
        table.push_row(time, coordinates.iter().enumerate().map(value).collect::<Vec<_>>());
    }
    table
}

fn analyses() -> Vec<Analysis> {
    vec![
        Analysis::Kinematics { name: "Kinematics".into(), coordinates: vec![], in_degrees: true },
        Analysis::BodyKinematics {
            name: "BodyKinematics".into(),
            bodies: vec![],
            center_of_mass: true,
            local: false,
            in_degrees: false,
        },
        Analysis::PointKinematics {
            name: "PointKinematics".into(),
            body: "calcn_r".into(),
            relative_to: None,
            point_name: "heel".into(),
            point: Vec3::new(0.01, 0.02, 0.03),
        },
        Analysis::MuscleAnalysis {
            name: "MuscleAnalysis".into(),
            muscles: vec![],
            coordinates: vec![],
            moments: true,
        },
    ]
}

fn find<'r>(result: &'r AnalyzeResult, file: &str) -> &'r Table {
    let names = || result.tables.iter().map(|t| t.file.as_str()).collect::<Vec<_>>();
    let found = result.tables.iter().find(|t| t.file == format!("walk_{file}.sto"));
    &found.unwrap_or_else(|| panic!("no walk_{file}.sto among {:?}", names())).table
}

/// Central differences of the columns that `position` and `rate` share.
fn is_derivative(what: &str, position: &Table, rate: &Table, columns: impl Fn(&str) -> bool) {
    let mut compared = 0;
    for (p, v) in position.columns.iter().zip(&rate.columns).filter(|(p, _)| columns(&p.name)) {
        let size = v.values.iter().fold(1.0, |a: f64, b| a.max(b.abs()));
        for i in 10..position.time.len() - 10 {
            let difference = (p.values[i + 1] - p.values[i - 1]) / (2.0 * STEP);
            // The third derivative of a swing of 4 rad/s times a sixth of the step squared.
            assert!(
                (difference - v.values[i]).abs() < 1e-4 * size,
                "{what} {}: {difference} {}",
                p.name,
                v.values[i]
            );
            compared += 1;
        }
    }
    assert!(compared > 100, "{what}");
}

#[test]
fn rates_are_derivatives_and_moment_arms_those_of_lengths() {
    let test = "rates_are_derivatives_and_moment_arms_those_of_lengths";
    for file in ["models/gait2392_thelen2003muscle.osim", "models/leg39.osim"] {
        let Some(model) = model(test, file) else { return };
        let built = Built::new(&model.description).unwrap();
        let motion = Motion::from_table(&swing(&model), &model.description, None).unwrap();
        let mut wanted = analyses();
        if model.description.bodies.iter().all(|body| body.name != "calcn_r") {
            wanted.remove(2);
        }
        let analyses = wanted.into_iter().map(Into::into).collect();
        let settings = AnalyzeSettings { name: "walk".into(), analyses, ..Default::default() };
        let given = Given::default();
        let result = run(&model.description, &built, &motion, &given, &settings, &|_, _| {}).unwrap();

        let all = |_: &str| true;
        // Angles of a rotation are no integral of its angular velocity.
        let places = |name: &str| !name.contains("_O");
        let (q, u, dudt) =
            (find(&result, "Kinematics_q"), find(&result, "Kinematics_u"), find(&result, "Kinematics_dudt"));
        is_derivative("speeds", q, u, all);
        is_derivative("accelerations", u, dudt, all);
        let body = ["pos", "vel", "acc"].map(|end| find(&result, &format!("BodyKinematics_{end}_global")));
        is_derivative("body velocities", body[0], body[1], places);
        is_derivative("body accelerations", body[1], body[2], all);
        assert_eq!(body[0].columns.last().map(|c| c.name.as_str()), Some("center_of_mass_Z"));

        let lengths = find(&result, "MuscleAnalysis_Length");
        let forces = find(&result, "MuscleAnalysis_TendonForce");
        let (mut compared, mut misses) = (0, Vec::new());
        for (m, length) in lengths.columns.iter().enumerate() {
            for i in (10..lengths.time.len() - 10).step_by(7) {
                let difference = (length.values[i + 1] - length.values[i - 1]) / (2.0 * STEP);
                let mut speed = 0.0;
                for (c, coordinate) in u.columns.iter().enumerate() {
                    let free = (0..built.reduced.dof()).any(|d| built.reduced.coordinate_of_degree(d) == c);
                    let arms = find(&result, &format!("MuscleAnalysis_MomentArm_{}", coordinate.name));
                    let moments = find(&result, &format!("MuscleAnalysis_Moment_{}", coordinate.name));
                    let arm = arms.columns[m].values[i];
                    let moment = moments.columns[m].values[i];
                    assert!((moment - arm * forces.columns[m].values[i]).abs() < 1e-9);
                    let angle = model.description.joints.iter().any(|j| {
                        let own = j.coordinates.iter().position(|own| own.name == coordinate.name);
                        own.is_some_and(|k| {
                            j.motion(k) == guywire_osim::description::CoordinateMotion::Rotational
                        })
                    });
                    let rate = if angle { coordinate.values[i].to_radians() } else { coordinate.values[i] };
                    speed -= if free { arm * rate } else { 0.0 };
                }
                compared += 1;
                if (difference - speed).abs() > 1e-4 {
                    misses.push(format!("{} at {i}: {difference} {speed}", length.name));
                }
            }
        }
        // A difference over a moment in which a conditional point comes or goes is no derivative.
        assert!(misses.len() * 200 <= compared, "{} of {compared}: {misses:?}", misses.len());
    }
}

#[test]
fn a_setup_names_what_it_asks_for_and_what_is_ignored() {
    let text = r#"<OpenSimDocument Version="40600"><AnalyzeTool name="walk">
        <model_file>model.osim</model_file><initial_time>0.4</initial_time><final_time>1.6</final_time>
        <maximum_number_of_integrator_steps>20000</maximum_number_of_integrator_steps>
        <speeds_file>u.sto</speeds_file>
        <coordinates_file>ik.mot</coordinates_file>
        <lowpass_cutoff_frequency_for_coordinates>6</lowpass_cutoff_frequency_for_coordinates>
        <AnalysisSet><objects>
            <BodyKinematics name="B"><bodies>pelvis center_of_mass</bodies><in_degrees>false</in_degrees></BodyKinematics>
            <MuscleAnalysis name="M"><on>false</on></MuscleAnalysis>
            <StaticOptimization name="SO"/>
        </objects></AnalysisSet></AnalyzeTool></OpenSimDocument>"#;
    let document = Document::parse(text.as_bytes()).unwrap();
    let tool = SetupObject::tool(&document);
    let shared = AnalyzeSetup::from_setup(&tool).unwrap();
    assert_eq!((shared.motion_file.as_str(), shared.lowpass_hz), ("ik.mot", Some(6.0)));
    let setup = AnalyzeSettings::from_setup(&shared, &tool).unwrap();
    assert_eq!(setup.settings.window, [0.4, 1.6]);
    let expected = Analysis::BodyKinematics {
        name: "B".into(),
        bodies: vec!["pelvis".into()],
        center_of_mass: true,
        local: false,
        in_degrees: false,
    };
    assert_eq!(setup.settings.analyses, [expected.into()]);
    assert_eq!(setup.other_analyses.len(), 1);
    let ignored: Vec<_> = setup.ignored.iter().map(|p| (p.line, p.property.as_str())).collect();
    assert_eq!(ignored, [(4, "speeds_file")]);
}

/// `opensim.AnalyzeTool()` of OpenSim 4.6 runs from 0 s to 1 s, unfiltered; its source ignores the coordinates where there
/// are states, and filters coordinates only.
#[test]
fn a_setup_has_the_defaults_of_opensim_and_states_come_before_coordinates() {
    let shared = |inside: &str| {
        let text = format!("<OpenSimDocument><AnalyzeTool>{inside}</AnalyzeTool></OpenSimDocument>");
        let document = Document::parse(text.as_bytes()).unwrap();
        AnalyzeSetup::from_setup(&SetupObject::tool(&document)).unwrap()
    };
    let empty = shared("");
    assert_eq!((empty.window, empty.lowpass_hz, empty.replace_force_set), ([0.0, 1.0], None, false));
    let both = shared(
        "<states_file>s.sto</states_file><coordinates_file>q.mot</coordinates_file>
        <lowpass_cutoff_frequency_for_coordinates>6</lowpass_cutoff_frequency_for_coordinates>",
    );
    assert_eq!((both.motion_file.as_str(), both.lowpass_hz), ("s.sto", None));
}

/// Coordinates alone.
fn without_speeds(states: &Table) -> Table {
    let mut table = states.clone();
    table.columns.retain(|column| column.name.ends_with("/value"));
    table
}

/// OpenSim's analysis of a free motion (`conformance/analyze.py`): with activations and fibre lengths from its states, and
/// of its coordinates alone with fibres in equilibrium.
#[test]
fn muscles_are_opensims() {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/analyze"));
    let bytes = std::fs::read(folder.join("muscles.json.gz")).expect("OpenSim's tables");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("OpenSim's tables");
    let expected: serde_json::Value = serde_json::from_str(&text).expect("OpenSim's tables");
    for (name, sources) in expected.as_object().expect("models") {
        let Some(model) = model("muscles_are_opensims", &format!("models/{name}.osim")) else { return };
        let built = Built::new(&model.description).expect("a sound model");
        let states = std::fs::read(folder.join(format!("{name}.sto"))).expect("OpenSim's states");
        let states = Table::read(&states, Format::Sto).expect("a table");
        let settings = AnalyzeSettings { name: "walk".into(), ..Default::default() };
        for (source, quantities) in sources.as_object().expect("sources") {
            let given = Given { states: (source == "states").then_some(&states), ..Given::default() };
            let table = if source == "states" { states.clone() } else { without_speeds(&states) };
            let motion = Motion::from_table(&table, &model.description, None).expect("a motion");
            let result =
                run(&model.description, &built, &motion, &given, &settings, &|_, _| {}).expect("an analysis");
            let mut worst = (0.0, String::new());
            let (fibers, mut unsettled) = (&quantities["FiberLength"]["rows"], 0);
            for (quantity, theirs) in quantities.as_object().expect("quantities") {
                let ours = find(&result, &format!("MuscleAnalysis_{quantity}"));
                let rows = theirs["rows"].as_array().expect("rows");
                assert_eq!(rows.len(), ours.time.len());
                let number = |row: usize, column: usize| rows[row][column].as_f64().expect("a number");
                let largest = |k: usize| (0..rows.len()).map(|i| number(i, k + 1).abs()).fold(0.0, f64::max);
                // OpenSim's equilibria are as good as 1e-8 of the greatest force; what is at rest is noise.
                let floor = match quantity {
                    q if q.contains("Power") || q.contains("Velocity") => 0.1,
                    q if q.contains("Force") => 10.0,
                    _ => 0.01,
                };
                for (k, column) in ours.columns.iter().enumerate() {
                    assert_eq!(theirs["columns"][k], column.name.as_str());
                    for (i, value) in column.values.iter().enumerate() {
                        // A fibre of the default length is one of which OpenSim found no equilibrium.
                        let default = built.muscles[k].properties().default_fiber_length;
                        if fibers[i][k + 1] == default && source == "coordinates" {
                            unsettled += 1;
                            continue;
                        }
                        let difference = (value - number(i, k + 1)).abs() / (largest(k) + floor);
                        if difference > worst.0 {
                            worst = (difference, format!("{quantity} of {}, row {i}", column.name));
                        }
                    }
                }
            }
            eprintln!("{name}, {source}: {worst:?}");
            // Velocities follow from small differences of forces.
            assert!(worst.0 < 1e-3, "{name}, {source}: {worst:?}");
            assert!(unsettled <= 5 * quantities.as_object().expect("quantities").len(), "{unsettled}");
        }
    }
}
