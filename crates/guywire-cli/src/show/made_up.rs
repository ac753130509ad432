//! Values for the tests of tables: plausible, computed by nothing.

use guywire::case::{Case, Person, Property, ReportOptions, Segments, Setting, Sex, Target, Tissue};
use guywire::results::*;

/// A person with one setting.
pub fn case() -> Case {
    Case {
        person: Person {
            name: "Ada".into(),
            age: 35.0,
            sex: Sex::Female,
            height_cm: 168.0,
            mass_kg: 62.0,
            pelvic_incidence_deg: None,
            segments: Segments::default(),
        },
        model: None,
        screening: Default::default(),
        tissue: Tissue {
            settings: vec![Setting {
                target: Target::Group("hip_flexors".into()),
                side: None,
                property: Property::Length,
                value: 0.9,
            }],
            reciprocal_inhibition: 0.0,
        },
        positions: vec!["standing".into()],
        report: ReportOptions { causes: true, uncertainty: true },
        visits: Vec::new(),
        week: Vec::new(),
        diary: Vec::new(),
        plan: Default::default(),
        done: Vec::new(),
        questions: Vec::new(),
        today: None,
    }
}

fn muscle(
    name: &str,
    anatomical: &str,
    side: Side,
    force_n: f64,
    passive_force_n: f64,
    activation: f64,
) -> MuscleState {
    MuscleState {
        name: name.into(),
        anatomical: anatomical.into(),
        group: "hip_flexors".into(),
        side,
        force_n,
        passive_force_n,
        activation,
        normalized_fiber_length: 1.1,
    }
}

fn disc(level: &str, values: [f64; 6]) -> DiscLoad {
    let [compression_n, anterior_shear_n, flexion_moment_nm, pressure_mpa, anterior, posterior] = values;
    DiscLoad {
        level: level.into(),
        compression_n,
        anterior_shear_n,
        lateral_shear_n: 0.0,
        flexion_moment_nm,
        flexion_deg: -2.0,
        pressure_mpa,
        anterior_stress_mpa: anterior,
        posterior_stress_mpa: posterior,
        contributions: Vec::new(),
    }
}

/// A posture with this tilt of the pelvis.
pub fn solved(position: &str, pelvic_tilt_deg: f64) -> Solved {
    let measures = Measures {
        pelvic_tilt_deg,
        sacral_slope_deg: 38.0,
        spinopelvic_tilt_deg: 14.0,
        pelvic_incidence_deg: 52.0,
        lumbar_lordosis_deg: 55.0,
        lower_lordosis_deg: 36.0,
        lumbar_flexion_deg: -2.0,
        thorax_inclination_deg: 1.0,
        hip_flexion_left_deg: 3.0,
        hip_flexion_right_deg: 3.0,
        hip_adduction_left_deg: 0.0,
        hip_adduction_right_deg: 0.0,
        femoral_rotation_left_deg: -0.01,
        femoral_rotation_right_deg: 0.01,
        knee_flexion_left_deg: 1.0,
        knee_flexion_right_deg: 1.0,
        ankle_dorsiflexion_left_deg: 4.0,
        ankle_dorsiflexion_right_deg: 4.0,
        pelvic_obliquity_deg: 0.0,
        pelvic_rotation_deg: 0.0,
        functional_leg_length_difference_mm: 0.0,
        gravity_line_mm: 38.2,
    };
    let hip = |side| HipLoad { side, contact_force_n: 412.0, contact_force_bw: 0.68 };
    let foot =
        |support: &str| SupportLoad { support: support.into(), normal_force_n: 304.0, share_of_weight: 0.5 };
    let posture = Posture {
        position: position.into(),
        measures,
        muscles: vec![
            muscle("Ps_L1_VB", "psoas", Side::Left, 70.0, 40.0, 0.03),
            muscle("Ps_L2_VB", "psoas", Side::Left, 50.0, 20.0, 0.01),
            muscle("Ps_L1_VB", "psoas", Side::Right, 100.0, 50.0, 0.02),
            muscle("iliacus", "iliacus", Side::Left, 40.0, 30.0, 0.01),
            muscle("iliacus", "iliacus", Side::Right, 40.0, 30.0, 0.01),
        ],
        discs: vec![
            disc("L4/L5", [500.0, 60.0, -3.2, 0.45, 0.30, 0.41]),
            disc("L5/S1", [523.0, 145.0, -4.1, 0.47, 0.31, 0.44]),
        ],
        hips: Side::BOTH.map(hip).to_vec(),
        supports: vec![foot("left foot"), foot("right foot")],
        absent: Vec::new(),
        certificate: Certificate {
            max_residual_n: 2e-6,
            max_residual_nm: 3e-7,
            kkt_residual: 1e-9,
            iterations: 14,
            solve_ms: 8.2,
        },
    };
    let figure = Figure {
        bodies: Vec::new(),
        landmarks: Vec::new(),
        muscle_lines: Vec::new(),
        surfaces: Vec::new(),
        held: Vec::new(),
        leaning: Vec::new(),
        centre_of_mass_m: [0.0; 3],
    };
    Solved { posture, figure }
}

/// A report of one position with one cause.
pub fn results() -> Results {
    let effect = |quantity: &str, label: &str, unit: &str, alone| Effect {
        quantity: quantity.into(),
        label: label.into(),
        unit: unit.into(),
        reference: 0.0,
        person: alone,
        alone,
        removed: alone,
        alone90: None,
    };
    Results {
        schema: 1,
        engine_version: "0.1.0".into(),
        person: Some(case().person),
        model: None,
        screening: None,
        settings: vec!["hip flexors 10 % shorter".into()],
        visits: None,
        fit: None,
        week: None,
        outlook: None,
        ensemble: None,
        warnings: vec!["A sentence to know first.".into()],
        positions: vec![PositionResult {
            position: "standing".into(),
            title: "Standing".into(),
            description: "On both feet.".into(),
            person: solved("standing", 12.0),
            reference: solved("standing", 9.5),
            causes: vec![Cause {
                setting: "hip_flexors.length = 0.9".into(),
                label: "hip flexors 10 % shorter".into(),
                effects: vec![
                    effect("discs.L5/S1.compression_n", "compression at L5/S1", "N", 98.4),
                    effect("pelvic_tilt_deg", "pelvic tilt", "deg", 2.5),
                    effect("force.hamstrings.left_n", "force in the left hamstrings", "N", 40.0),
                ],
            }],
            reciprocal_inhibition: Vec::new(),
            spread: None,
        }],
        unsolved: Vec::new(),
        normal_ranges: Vec::new(),
        uncertainty: Vec::new(),
        limits: Vec::new(),
    }
}

/// Three rows: inside, outside and required, outside.
pub fn validation() -> Vec<ValidationRow> {
    let row = |id: &str,
               quantity: &str,
               condition: &str,
               unit: &str,
               [predicted, measured, low, high]: [f64; 4]| {
        ValidationRow {
            id: id.into(),
            quantity: quantity.into(),
            condition: condition.into(),
            unit: unit.into(),
            measured,
            low,
            high,
            spread: "±2 SD".into(),
            source: "nobody".into(),
            predicted,
            difference: predicted - measured,
            inside: (low..=high).contains(&predicted),
            required: false,
            used_for: "validate".into(),
            note: String::new(),
        }
    };
    let mut rows = vec![
        row("lordosis", "lumbar lordosis", "standing", "deg", [52.0, 49.0, 29.0, 69.0]),
        row("sitting", "disc pressure (ratio)", "sitting_relaxed", "1", [1.42, 0.9, 0.8, 1.1]),
        row("hip", "hip contact force", "standing", "BW", [0.8, 1.1, 1.0, 1.2]),
    ];
    rows[0].used_for = "calibrate".into();
    rows[1].required = true;
    rows[1].note = "the model sits too straight".into();
    rows
}
