//! Which of the names that exist a name that does not exist was most likely meant to be.

/// The name at the least distance, of equally near ones the first; nothing if that distance is above `at_most`.
///
/// What counts as a distance (`strsim` has the usual ones) and how much of it is near is for the caller to say: a word
/// typed by a person is mistaken in other ways than a name that a program wrote.
///
/// ```
/// let bodies = ["femur_r", "femur_l", "tibia_r"];
/// let near = |name: &'static str| guywire_osim::names::nearest(bodies, 2, |body| strsim::levenshtein(name, body));
/// assert_eq!(near("femr_l"), Some("femur_l"));
/// assert_eq!(near("scapula"), None);
/// ```
pub fn nearest<'n>(
    names: impl IntoIterator<Item = &'n str>,
    at_most: usize,
    distance: impl Fn(&str) -> usize,
) -> Option<&'n str> {
    let best = names.into_iter().map(|name| (distance(name), name)).min_by_key(|&(distance, _)| distance);
    best.filter(|&(distance, _)| distance <= at_most).map(|(_, name)| name)
}

/// What a message says of the nearest name: nothing if there is none.
pub(crate) fn hint(nearest: &Option<impl std::fmt::Display>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; the nearest is `{name}`"))
}
