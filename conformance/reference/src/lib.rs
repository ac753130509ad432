//! Where the reference data are: public models, and OpenSim's numbers and results for them. They are too large for the
//! repository; `GUYWIRE_SHARED` leads to the folder that holds them, or it lies beside the repository.

use std::env::var_os;
use std::path::{Path, PathBuf};

/// The folder of the reference data, whether it is there or not.
pub fn root() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    var_os("GUYWIRE_SHARED").map_or_else(beside, PathBuf::from).join("conformance")
}

/// A file or folder of the reference data for a test. Where it is missing there is nothing and the test, named on the
/// terminal, is to be skipped.
///
/// # Panics
/// When it is missing in continuous integration (`CI` is set), where nothing may be skipped.
pub fn find(test: &str, path: &str) -> Option<PathBuf> {
    let found = root().join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(var_os("CI").is_none(), "{test}: reference data missing: {}", found.display());
    eprintln!("SKIPPED {test}: no reference data at {}", found.display());
    None
}
