//! Muscle curves against numbers computed by OpenSim 4.6 for every muscle of nine public models.
//!
//! The tables hold, per muscle, path lengths with the fibre length, pennation and forces that OpenSim finds.
//! The curves are read at OpenSim's fibre lengths and velocities, and the rigid tendon at its path lengths.

use flate2::read::GzDecoder;
use guywire_engine::muscle::millard::{ActiveShape, PassiveShape, TendonShape, VelocityShape};
use guywire_engine::muscle::thelen::{ThelenTendon, ThelenVelocity};
use guywire_engine::muscle::{ActiveForceLength, MuscleParameters, PassiveForceLength, SmoothCurve};
use serde_json::Value;
use std::{fs::File, io::BufReader, path::PathBuf};

/// Both invert the same Bezier polynomials, OpenSim to about 1e-13 in the parameter; near a tendon's slack
/// length, where force rises from zero, that is amplified to 2e-11 of the force.
const RELATIVE: f64 = 1e-10;
/// Round-off of forces that vanish.
const OF_MAXIMUM: f64 = 1e-12;
/// OpenSim's default `fiber_damping`, present in every Millard muscle of these models.
const FIBER_DAMPING: f64 = 0.1;
/// A row is clamped when the fibre forces do not balance the tendon's by this share of the maximum force.
const CLAMPED: f64 = 1e-6;
/// Steepest pennation in OpenSim, rad: a fibre held there carries no force in OpenSim.
const GREATEST_PENNATION: f64 = 1.470_628_9;

/// The muscle tables of a model, or nothing, loudly, where the reference data is not at hand.
fn tables(test: &str, model: &str) -> Option<Vec<Value>> {
    let root = std::env::var_os("GUYWIRE_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = root.join(format!("conformance/data/{model}.json.gz"));
    let Ok(file) = File::open(&path) else {
        assert!(std::env::var_os("CI").is_none(), "{test}: reference data missing: {}", path.display());
        eprintln!("SKIPPED {test}: no reference data at {}", path.display());
        return None;
    };
    let mut document: Value =
        serde_json::from_reader(BufReader::new(GzDecoder::new(file))).expect("reference data is JSON");
    let Value::Array(tables) = document["muscle_tables"].take() else { panic!("{model}: no muscle tables") };
    Some(tables)
}

fn number(table: &Value, name: &str) -> f64 {
    table[name].as_f64().unwrap_or_else(|| panic!("no number `{name}`"))
}

/// Rows of a table; rows with a null (where OpenSim could not) are left out.
fn rows<const N: usize>(table: &Value, name: &str) -> Vec<[f64; N]> {
    let rows = table[name].as_array().expect("a table is a list of rows");
    let read = |row: &Value| -> Option<[f64; N]> {
        let row: Option<Vec<f64>> = row.as_array()?.iter().map(Value::as_f64).collect();
        row?.try_into().ok()
    };
    rows.iter().filter_map(read).collect()
}

/// Collects the worst deviation, over its tolerance, of one quantity.
struct Check {
    what: &'static str,
    count: usize,
    worst: f64,
    at: String,
}

impl Check {
    fn new(what: &'static str) -> Self {
        Self { what, count: 0, worst: 0.0, at: String::new() }
    }
    fn compare(&mut self, ours: f64, theirs: f64, tolerance: f64, at: impl Fn() -> String) {
        self.count += 1;
        let over = (ours - theirs).abs() / tolerance;
        if over.is_nan() || over > self.worst {
            self.worst = if over.is_nan() { f64::INFINITY } else { over };
            self.at = format!("{}: {ours:e} against {theirs:e}", at());
        }
    }
    fn finish(self, model: &str, at_least: usize) {
        println!(
            "{model}: {} of {} rows, worst {:.2e} of tolerance ({})",
            self.what, self.count, self.worst, self.at
        );
        assert!(self.count >= at_least, "{model}: only {} rows of {}", self.count, self.what);
        assert!(self.worst <= 1.0, "{model}: {}: {}", self.what, self.at);
    }
}

/// Curve parameters of the Millard muscles of a model, as in its file.
struct MillardModel {
    name: &'static str,
    active: ActiveShape,
    passive: PassiveShape,
}

fn millard_models() -> [MillardModel; 4] {
    let default = ActiveShape { minimum_value: 0.0, ..Default::default() };
    [
        MillardModel {
            name: "Rajagopal2016",
            active: ActiveShape {
                min_norm_active_fiber_length: 0.25,
                transition_norm_fiber_length: 0.77,
                max_norm_active_fiber_length: 1.9,
                shallow_ascending_slope: 0.75,
                minimum_value: 0.0,
            },
            passive: PassiveShape::with_strains(0.0, 0.7),
        },
        MillardModel { name: "gait2392_millard2012muscle", active: default, passive: Default::default() },
        MillardModel { name: "gait10dof18musc", active: default, passive: Default::default() },
        MillardModel {
            name: "Tug_of_War_Millard",
            active: ActiveShape { transition_norm_fiber_length: 0.6259, ..default },
            passive: PassiveShape::with_strains(0.0, 0.6),
        },
    ]
}

fn parameters(table: &Value, active: &ActiveForceLength, passive: &PassiveForceLength) -> MuscleParameters {
    let muscle = MuscleParameters {
        max_isometric_force: number(table, "max_isometric_force"),
        optimal_fiber_length: number(table, "optimal_fiber_length"),
        tendon_slack_length: number(table, "tendon_slack_length"),
        pennation_at_optimal: number(table, "pennation_angle_at_optimal"),
        active: active.clone(),
        passive: passive.clone(),
    };
    muscle.validate().expect("OpenSim's muscles are possible");
    muscle
}

/// Forces of fibre and tendon at OpenSim's equilibrium lengths with a compliant tendon.
#[test]
fn millard_curves_match_opensim() {
    let velocity = VelocityShape::default().curve().unwrap();
    let tendon = TendonShape::default().curve().unwrap();
    for model in millard_models() {
        let Some(tables) = tables("millard_curves_match_opensim", model.name) else { return };
        let active = ActiveForceLength::millard(&model.active).unwrap();
        let passive = PassiveForceLength::millard(&model.passive).unwrap();
        let (mut a, mut p, mut t) =
            (Check::new("active fibre force"), Check::new("passive fibre force"), Check::new("tendon force"));
        for table in &tables {
            let m = parameters(table, &active, &passive);
            let f_max = m.max_isometric_force;
            let v_max = number(table, "max_contraction_velocity") * m.optimal_fiber_length;
            for [path, activation, fiber, pennation, speed, f_active, f_passive, f_tendon, l_tendon] in
                rows::<9>(table, "elastic")
            {
                let at = || format!("{} path {path} activation {activation}", table["name"]);
                let tolerance = |force: f64| RELATIVE * force.abs() + OF_MAXIMUM * f_max;
                let l = fiber / m.optimal_fiber_length;
                let v = speed / v_max;
                let balanced = ((f_active + f_passive) * pennation.cos() - f_tendon).abs() <= CLAMPED * f_max;
                if balanced && pennation < GREATEST_PENNATION {
                    let fv = velocity.value_slope(v).0;
                    a.compare(f_max * activation * m.active.at(l) * fv, f_active, tolerance(f_active), at);
                    let damped = m.passive.at(l) + FIBER_DAMPING * v;
                    p.compare(f_max * damped, f_passive, tolerance(f_passive), at);
                }
                let pull = f_max * tendon.value_slope(l_tendon / m.tendon_slack_length).0;
                if f_tendon > 0.0 {
                    t.compare(pull, f_tendon, tolerance(f_tendon), at);
                }
            }
        }
        let expected = 12 * tables.len();
        a.finish(model.name, expected);
        p.finish(model.name, expected);
        t.finish(model.name, expected);
    }
}

/// Fibre, pennation and forces from the path length alone.
#[test]
fn rigid_tendon_matches_opensim() {
    for model in millard_models() {
        let Some(tables) = tables("rigid_tendon_matches_opensim", model.name) else { return };
        let active = ActiveForceLength::millard(&model.active).unwrap();
        let passive = PassiveForceLength::millard(&model.passive).unwrap();
        let (mut l, mut c, mut f) = (
            Check::new("rigid fibre length"),
            Check::new("rigid pennation"),
            Check::new("rigid tendon force"),
        );
        let mut p = Check::new("rigid passive fibre force");
        for table in &tables {
            let m = parameters(table, &active, &passive);
            for [path, activation, fiber, pennation, _, f_active, f_passive, f_tendon, _] in
                rows::<9>(table, "rigid")
            {
                let at = || format!("{} path {path} activation {activation}", table["name"]);
                let state = m.rigid_tendon(path);
                let tolerance = |force: f64| RELATIVE * force.abs() + OF_MAXIMUM * m.max_isometric_force;
                l.compare(state.fiber_length, fiber, 1e-12, at);
                c.compare(state.cos_pennation, pennation.cos(), 1e-10, at);
                // Where OpenSim holds the fibre at its shortest it reports no force; ours fades, see `rigid_tendon`.
                if path < m.shortest_taut_path() {
                    assert!(f_active == 0.0 && f_passive == 0.0, "{}", at());
                    continue;
                }
                let ours = activation * state.active_multiplier + state.passive_force;
                f.compare(ours, f_tendon, tolerance(f_tendon), at);
                let along = f_passive * pennation.cos();
                p.compare(state.passive_force, along, tolerance(along), at);
            }
        }
        let expected = 12 * tables.len();
        for check in [l, c, f, p] {
            check.finish(model.name, expected);
        }
    }
}

/// Active force of moving fibres.
#[test]
fn millard_force_velocity_matches_opensim() {
    let velocity: SmoothCurve = VelocityShape::default().curve().unwrap();
    for model in millard_models() {
        let Some(tables) = tables("millard_force_velocity_matches_opensim", model.name) else { return };
        let active = ActiveForceLength::millard(&model.active).unwrap();
        let passive = PassiveForceLength::millard(&model.passive).unwrap();
        let mut check = Check::new("active force of moving fibres");
        for table in &tables {
            let m = parameters(table, &active, &passive);
            let v_max = number(table, "max_contraction_velocity") * m.optimal_fiber_length;
            for kind in ["rigid_dynamic", "elastic_dynamic"] {
                for [_, _, activation, fiber, _, speed, f_active, ..] in rows::<10>(table, kind) {
                    let at = || format!("{} {kind} fibre {fiber} speed {speed}", table["name"]);
                    let fv = velocity.value_slope(speed / v_max).0;
                    let ours =
                        m.max_isometric_force * activation * m.active.at(fiber / m.optimal_fiber_length) * fv;
                    let tolerance = RELATIVE * f_active.abs() + OF_MAXIMUM * m.max_isometric_force;
                    check.compare(ours, f_active, tolerance, at);
                }
            }
        }
        check.finish(model.name, 12 * tables.len());
    }
}

/// Curve parameters of the Thelen muscles of a model, as in its file: `KshapeActive`, `KshapePassive`,
/// `FmaxTendonStrain`, `Af`, `Flen`.
const THELEN_MODELS: [(&str, [f64; 5]); 5] = [
    ("gait2392_thelen2003muscle", [0.5, 4.0, 0.033, 0.3, 1.8]),
    ("FullBodyModel_Hamner2010_v2_0", [0.5, 4.0, 0.033, 0.3, 1.8]),
    ("arm26", [0.5, 4.0, 0.033, 0.3, 1.8]),
    ("leg39", [0.5, 4.0, 0.033, 0.3, 1.8]),
    ("Tug_of_War", [0.45, 5.0, 0.04, 0.25, 1.4]),
];

#[test]
fn thelen_curves_match_opensim() {
    for (name, [gamma, shape, tendon_strain, af, flen]) in THELEN_MODELS {
        let Some(tables) = tables("thelen_curves_match_opensim", name) else { return };
        let active = ActiveForceLength::Thelen { gamma };
        let passive = PassiveForceLength::thelen(shape, 0.6).unwrap();
        let tendon = ThelenTendon::new(tendon_strain).unwrap();
        let velocity = ThelenVelocity::new(af, flen).unwrap();
        let (mut a, mut p, mut t) =
            (Check::new("active fibre force"), Check::new("passive fibre force"), Check::new("tendon force"));
        for table in &tables {
            let m = parameters(table, &active, &passive);
            let f_max = m.max_isometric_force;
            let v_max = number(table, "max_contraction_velocity") * m.optimal_fiber_length;
            let still = rows::<9>(table, "elastic")
                .into_iter()
                .map(|r| (r[0], r[1], [r[2], r[4], r[5], r[6], r[7], r[8]]));
            let moving = rows::<10>(table, "elastic_dynamic")
                .into_iter()
                .map(|r| (r[0], r[2], [r[3], r[5], r[6], r[7], r[8], r[9]]));
            for (path, activation, [fiber, speed, f_active, f_passive, f_tendon, l_tendon]) in
                still.chain(moving)
            {
                if fiber * GREATEST_PENNATION.sin() <= m.optimal_fiber_length * m.pennation_at_optimal.sin() {
                    continue;
                }
                let at = || format!("{} path {path} activation {activation} fibre {fiber}", table["name"]);
                let tolerance = |force: f64| RELATIVE * force.abs() + OF_MAXIMUM * f_max;
                let l = fiber / m.optimal_fiber_length;
                let fv = velocity.value_slope(speed / v_max, activation).0;
                a.compare(f_max * activation * m.active.at(l) * fv, f_active, tolerance(f_active), at);
                p.compare(f_max * m.passive.at(l), f_passive, tolerance(f_passive), at);
                let pull = f_max * tendon.value_slope(l_tendon / m.tendon_slack_length).0;
                t.compare(pull, f_tendon, tolerance(f_tendon), at);
            }
        }
        let expected = 20 * tables.len();
        for check in [a, p, t] {
            check.finish(name, expected);
        }
    }
}
