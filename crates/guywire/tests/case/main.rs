//! The case file: what it accepts, what it refuses and in which words.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod diary;
mod done;
mod examples;
mod messages;
mod model_file;
mod plan_limits;
mod reading;
mod robustness;
mod screening;
mod settings;
mod visits;
mod week;

use guywire::case::{Case, TestVocabulary, Vocabulary};

fn names(list: &str) -> Vec<String> {
    list.split_whitespace().map(str::to_owned).collect()
}

/// Names as the body and the positions have them; the muscles are a few of many.
fn vocabulary() -> Vocabulary {
    Vocabulary {
        groups: names(
            "hip_flexors hamstrings gluteus_maximus gluteus_medius gluteus_minimus hip_rotators adductors
             quadriceps quadratus_lumborum back_extensors abdominals calf plantar_fascia",
        ),
        muscles: names(
            "psoas iliacus rectus_femoris sartorius tensor_fasciae_latae pectineus erector_spinae multifidus
             rectus_abdominis obliques transversus Ps_L1_VB",
        ),
        positions: names(
            "standing standing_on_left standing_on_right bend_30 bend_60 bend_90 sitting_relaxed
             sitting_upright sitting_backrest supine static_back hold_20kg_close lift_20kg_bent_back
             lift_20kg_bent_knees",
        ),
        discs: true,
        tests: TestVocabulary::all().unwrap(),
        activities: guywire::week::Activities::read().unwrap().names(),
        equipment: names("mat band strap"),
        measures: names("hip_flexion_left_deg hip_flexion_right_deg lumbar_flexion_deg"),
        exercises: guywire::exercise::Library::read().unwrap().names(),
        today: "2026-11-21".parse().ok(),
        screening_questions: guywire::screening::RuleSet::read().unwrap().names(),
    }
}

const PERSON: &str = "positions = [\"standing\"]\n[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\n\
                      height_cm = 168\nmass_kg = 62\n";

/// A valid case with `more` lines behind the person's.
fn case_with(more: &str) -> String {
    format!("{PERSON}{more}\n")
}

/// A valid case with `more` lines, read.
fn read_with(more: &str) -> Case {
    let text = case_with(more);
    Case::parse(&text, &vocabulary())
        .unwrap_or_else(|errors| panic!("{}", errors.describe("case.toml", &text)))
}

/// What is wrong with `more` lines, a line a problem, without the file's name.
fn refused_with(more: &str) -> String {
    let text = case_with(more);
    Case::parse(&text, &vocabulary()).unwrap_err().describe("", &text)
}
