//! Forward dynamics against OpenSim 4.6 at its tightest accuracy (`conformance/forward.py` made the tables).

use guywire_math::ode::Method;
use guywire_osim::build::Built;
use guywire_osim::description::ForceKind;
use guywire_osim::table::{Format, Table};
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::fd::{self, Controls, FdResult, FdSettings, FdStart};
use std::path::Path;
use std::time::Instant;

struct Case {
    model: OsimModel,
    built: Built,
    theirs: Table,
}

impl Case {
    fn read(models: &Path, name: &str, wraps: bool) -> Self {
        let bytes = std::fs::read(models.join(format!("{name}.osim"))).expect("a model");
        let mut model = OsimModel::read(&bytes, &ReadOptions::default()).expect("the model is sound");
        if !wraps {
            for force in &mut model.description.forces {
                if let ForceKind::Muscle(muscle) = &mut force.kind {
                    muscle.path.wraps.clear();
                }
            }
        }
        let built = Built::new(&model.description).expect("the model is sound");
        let table = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/forward"));
        let ending = if wraps { ".sto" } else { "_without_wraps.sto" };
        let bytes =
            std::fs::read(table.join(format!("{name}{ending}"))).expect("a table of OpenSim's states");
        let theirs = Table::read(&bytes, Format::of("a.sto").expect("a format")).expect("a sound table");
        Self { model, built, theirs }
    }

    /// From rest in the default pose but knees bent by 0.4 rad, activations 0.05, fibres in equilibrium; constant controls that differ from
    /// muscle to muscle.
    fn run(&self, tolerance: f64, method: Option<Method>) -> (FdResult, f64) {
        let Self { model, built, .. } = self;
        let mut controls = Table { time: vec![0.0], ..Table::default() };
        let columns = built.controls.iter().take(built.muscles.len()).enumerate().map(|(i, control)| {
            let value = 0.02 + 0.03 * ((7 * i) % 10) as f64;
            guywire_osim::table::Column {
                name: control.name.clone(),
                unit: guywire_osim::table::Unit::One,
                values: vec![value],
            }
        });
        controls.columns.extend(columns);
        let signals = Controls::of_model(&model.description, built).expect("no controllers");
        let signals = signals.with_table(&controls, built).expect("every muscle has a control");
        let activations = built.controls.iter().take(built.muscles.len());
        let knees = built.index.coordinate_names().iter().filter(|name| name.starts_with("knee_angle"));
        let start = FdStart {
            in_degrees: false,
            states: activations
                .map(|c| (format!("/forceset/{}/activation", c.name), 0.05))
                .chain(knees.map(|name| (name.clone(), -0.4)))
                .collect(),
            equilibrium: true,
        };
        let settings = FdSettings {
            window: [0.0, 0.2],
            tolerance,
            method: method.unwrap_or(FdSettings::default().method),
            report_interval: Some(0.05),
            ..FdSettings::default()
        };
        let started = Instant::now();
        let result = fd::run(&model.description, built, &start, &signals, None, &settings, &|_, _| ())
            .expect("it moves");
        (result, started.elapsed().as_secs_f64())
    }
}

/// Worst difference of positions, speeds, activations and fibre lengths over optimal, and where.
fn differences(ours: &Table, theirs: &Table) -> [(f64, String); 4] {
    let mut worst = [const { (0.0, String::new()) }; 4];
    for (a, b) in ours.columns.iter().zip(&theirs.columns) {
        let kind = ["/value", "/speed", "/activation", "/fiber_length"]
            .iter()
            .position(|end| a.name.ends_with(end))
            .expect("one of the four kinds");
        for (row, (x, y)) in a.values.iter().zip(&b.values).enumerate() {
            let difference = (x - y).abs();
            if difference > worst[kind].0 {
                worst[kind] = (difference, format!("{} at {}", a.name, ours.time[row]));
            }
        }
    }
    worst
}

fn check(test: &str, name: &str, wraps: bool, most: [f64; 4]) {
    let Some(models) = guywire_reference::find(test, "models") else { return };
    let case = Case::read(&models, name, wraps);
    for tolerance in [1e-5, 1e-8] {
        let (result, took) = case.run(tolerance, None);
        let ours = result.states_table();
        assert_eq!(
            ours.columns.iter().map(|c| &c.name).collect::<Vec<_>>(),
            case.theirs.columns.iter().map(|c| &c.name).collect::<Vec<_>>()
        );
        let worst = differences(&ours, &case.theirs);
        eprintln!("{test} at {tolerance:e}: {:.1} ms, {:?}; {worst:?}", 1e3 * took, result.count);
        if tolerance == 1e-8 {
            for (k, (difference, place)) in worst.iter().enumerate() {
                assert!(*difference <= most[k], "{difference:e} {place}");
            }
        }
    }
}

/// OpenSim's moment arms over wrap objects are not the derivatives of its lengths (by up to 13 mm in this model's
/// triceps), so its arm moves a little differently; that it is nothing else the next test shows.
#[test]
fn an_arm_whose_triceps_wraps() {
    check("an_arm_whose_triceps_wraps", "arm26", true, [4e-3, 3e-2, 1e-8, 1e-4]);
}

/// The same arm without its wrap objects.
#[test]
fn an_arm_without_wraps() {
    check("an_arm_without_wraps", "arm26", false, [1e-6, 1e-5, 1e-8, 1e-7]);
}

#[test]
fn a_small_walker() {
    check("a_small_walker", "gait10dof18musc", true, [1e-6, 1e-5, 1e-8, 1e-7]);
}

#[test]
fn a_walker_with_millard_muscles() {
    check("a_walker_with_millard_muscles", "gait2392_millard2012muscle", true, [1e-6, 5e-5, 1e-8, 1e-7]);
}

#[test]
fn a_walker_with_thelen_muscles() {
    check("a_walker_with_thelen_muscles", "gait2392_thelen2003muscle", true, [1e-6, 1e-4, 1e-8, 1e-7]);
}

/// Both methods go the same way: the implicit one is told no more than the fibres' own rates.
#[test]
fn methods_agree() {
    let Some(models) = guywire_reference::find("methods_agree", "models") else { return };
    let case = Case::read(&models, "gait10dof18musc", true);
    let [explicit, implicit] = [(1e-7, Method::DormandPrince), (1e-6, Method::RosenbrockW)]
        .map(|(tolerance, method)| case.run(tolerance, Some(method)).0.states_table());
    for (kind, (difference, place)) in differences(&implicit, &explicit).into_iter().enumerate() {
        assert!(difference < [1e-6, 1e-4, 1e-6, 1e-6][kind], "{difference:e} {place}");
    }
}
