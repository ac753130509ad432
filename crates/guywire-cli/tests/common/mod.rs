//! The command as a person runs it, and what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A file or folder of a test, in the build's own folder.
pub fn written(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The command in the repository; nothing is kept outside the build's own folder.
pub fn guywire(arguments: &[&str]) -> Output {
    guywire_with(&written("cache"), arguments)
}

/// The command with a folder of its own for what it keeps.
pub fn guywire_with(kept: &Path, arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Command::new(env!("CARGO_BIN_EXE_guywire"))
        .args(arguments)
        .current_dir(root)
        .envs([("XDG_CACHE_HOME", kept), ("HOME", kept), ("LOCALAPPDATA", kept)])
        .output()
        .unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
