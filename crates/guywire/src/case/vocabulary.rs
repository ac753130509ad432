//! The names that a case file may use, and the nearest one to a name that it may not.

/// Names of the body's tissue and of the positions: what a case file is checked against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Tissue groups, such as `hip_flexors`.
    pub groups: Vec<String>,
    /// Anatomical muscles and single fascicles, such as `psoas` and `Ps_L1_VB`.
    pub muscles: Vec<String>,
    /// Positions, such as `standing`.
    pub positions: Vec<String>,
}

/// No field, muscle or position has a longer name; a longer one is not compared.
const LONGEST_NAME: usize = 64;

/// The name among `valid` that `name` was most likely meant to be.
///
/// Near is an edit distance (insertions, deletions, replacements, swaps of neighbours) of at most a
/// third of the name, with case and `-`, ` `, `_` taken as equal; or else being the beginning of
/// exactly the first of the names that begin so (`sitting` for `sitting_relaxed`).
pub(super) fn nearest<'v>(name: &str, valid: impl IntoIterator<Item = &'v str> + Clone) -> Option<&'v str> {
    let name = folded(name);
    if name.is_empty() || name.len() > LONGEST_NAME {
        return None;
    }
    let allowed = (name.len() / 3).max(1);
    let by_distance = valid
        .clone()
        .into_iter()
        .map(|candidate| (edit_distance(&name, &folded(candidate)), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance);
    let by_beginning = || {
        valid.into_iter().find(|candidate| {
            let candidate = folded(candidate);
            name.len() >= 3 && (candidate.starts_with(&name) || name.starts_with(&candidate))
        })
    };
    by_distance.map(|(_, candidate)| candidate).or_else(by_beginning)
}

fn folded(name: &str) -> Vec<char> {
    let fold = |c: char| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() };
    name.trim().chars().map(fold).collect()
}

/// Optimal-string-alignment distance (Damerau 1964, Commun ACM 7:171).
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &to) in b.iter().enumerate() {
            let replace = last[j] + usize::from(from != to);
            let mut best = replace.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_each_slip_once() {
        let distance =
            |a: &str, b: &str| edit_distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(distance("psoas", "psoas"), 0);
        assert_eq!(distance("", "psoas"), 5);
        assert_eq!(distance("posas", "psoas"), 1);
        assert_eq!(distance("heigth_cm", "height_cm"), 1);
        assert_eq!(distance("soas", "psoas"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn nearest_is_near_or_nothing() {
        let names = ["hip_flexors", "hamstrings", "sitting_relaxed", "sitting_upright"];
        assert_eq!(nearest("hamstring", names), Some("hamstrings"));
        assert_eq!(nearest("Hip flexors", names), Some("hip_flexors"));
        assert_eq!(nearest("sitting", names), Some("sitting_relaxed"));
        assert_eq!(nearest("banana", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest(&"h".repeat(100_000), names), None);
    }
}
