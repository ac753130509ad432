//! The names that a case file may use, and the nearest one to a name that it may not.

use super::{ActivityName, Date, ExerciseName, TestVocabulary};

/// Names of the body's tissue and of the positions: what a case file is checked against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// Tissue groups, such as `hip_flexors`.
    pub groups: Vec<String>,
    /// Anatomical muscles and single fascicles, such as `psoas` and `Ps_L1_VB`.
    pub muscles: Vec<String>,
    /// Positions, such as `standing`.
    pub positions: Vec<String>,
    /// Whether the back has discs whose stress-free shape can be set (`lumbar`).
    pub discs: bool,
    /// The clinical tests that a visit may hold.
    pub tests: Vec<TestVocabulary>,
    /// The activities that a week may hold.
    pub activities: Vec<ActivityName>,
    /// What there may be to exercise with.
    pub equipment: Vec<String>,
    /// Fields of the measures of a pose, such as `hip_flexion_left_deg`.
    pub measures: Vec<String>,
    /// The exercises that a diary may name, or that may have been done between visits.
    pub exercises: Vec<ExerciseName>,
    /// Today, where the caller knows it: later visits are refused.
    pub today: Option<Date>,
    /// Questions of the screening, such as `groin_pain`.
    pub screening_questions: Vec<String>,
}

impl Vocabulary {
    /// The names if all of them are equipment, each once.
    ///
    /// # Errors
    /// The first name that is none.
    pub fn check_equipment<'n>(&self, names: impl Iterator<Item = &'n str>) -> Result<Vec<String>, String> {
        let mut list: Vec<String> = Vec::new();
        for name in names {
            match self.equipment.iter().find(|known| *known == name) {
                Some(known) if !list.contains(known) => list.push(known.clone()),
                Some(_) => {}
                None => return Err(name.to_owned()),
            }
        }
        Ok(list)
    }
}

/// No field, muscle or position has a longer name; a longer one is not compared.
const LONGEST_NAME: usize = 64;

/// The name among `valid` that `name` was most likely meant to be.
///
/// Near is an edit distance (insertions, deletions, replacements, swaps of neighbours: the optimal string alignment of
/// Damerau 1964, Commun ACM 7:171) of at most a third of the name, with case and `-`, ` `, `_` taken as equal; or else
/// being the beginning of exactly the first of the names that begin so (`sitting` for `sitting_relaxed`); or else one of
/// the words of a single name (`flat` for `lumbar_flat`).
pub(crate) fn nearest<'v>(name: &str, valid: impl IntoIterator<Item = &'v str> + Clone) -> Option<&'v str> {
    let name = folded(name);
    let letters = name.chars().count();
    if letters == 0 || letters > LONGEST_NAME {
        return None;
    }
    let slips = |candidate: &str| strsim::osa_distance(&name, &folded(candidate));
    let by_beginning = || {
        valid.clone().into_iter().find(|candidate| {
            let candidate = folded(candidate);
            letters >= 3 && (candidate.starts_with(&name) || name.starts_with(&candidate))
        })
    };
    let by_word = || {
        let mut with = valid
            .clone()
            .into_iter()
            .filter(|candidate| folded(candidate).split('_').any(|word| word == name));
        with.next().filter(|_| with.next().is_none())
    };
    let by_letters = guywire_osim::names::nearest(valid.clone(), (letters / 3).max(1), slips);
    by_letters.or_else(by_beginning).or_else(by_word)
}

fn folded(name: &str) -> String {
    let fold = |c: char| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() };
    name.trim().chars().map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_is_near_or_nothing() {
        let names = ["hip_flexors", "hamstrings", "sitting_relaxed", "sitting_upright"];
        assert_eq!(nearest("hamstring", names), Some("hamstrings"));
        assert_eq!(nearest("Hip flexors", names), Some("hip_flexors"));
        assert_eq!(nearest("sitting", names), Some("sitting_relaxed"));
        assert_eq!(nearest("upright", names), Some("sitting_upright"));
        assert_eq!(nearest("hip", ["left_hip", "right_hip"]), None, "one of two words");
        assert_eq!(nearest("banana", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest(&"h".repeat(100_000), names), None);
    }
}
