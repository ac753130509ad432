//! Files in and out, with their names in every message.

use crate::failure::Failure;
use crate::written;
use anyhow::Context;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::setup::IgnoredProperty;
use std::path::{Path, PathBuf};

/// The bytes of a file that a person named.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| refuse(path, &format!("cannot be read: {error}")))
}

/// What is wrong with a file that a person named.
pub fn refuse(path: &Path, problem: &dyn std::fmt::Display) -> Failure {
    Failure::Input(format!("error: {}: {problem}", path.display()))
}

/// A model file.
pub fn model(path: &Path, allow_missing: bool) -> Result<OsimModel, Failure> {
    OsimModel::read_with_files(&bytes(path)?, &ReadOptions { allow_missing }, &mut |name| near(path, name))
        .map_err(|error| refuse(path, &error))
}

/// The bytes of a file that another file names.
pub fn near(file: &Path, name: &str) -> Result<Vec<u8>, String> {
    let path = beside(file, name);
    std::fs::read(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!("there is no file {}", path.display()),
        _ => error.to_string(),
    })
}

/// Writes a file, making its folder if it does not exist.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    written::write(path, content)
}

/// A file that a setup must name, beside the setup.
pub fn named(setup: &Path, property: &str, name: &str) -> Result<std::path::PathBuf, Failure> {
    if name.trim().is_empty() {
        return Err(refuse(setup, &format!("`{property}` is empty; expected the name of a file")));
    }
    Ok(beside(setup, name))
}

/// What a setup says that has no effect here.
pub fn ignored(setup: &Path, properties: &[IgnoredProperty]) -> Vec<String> {
    let told = |p: &IgnoredProperty| {
        format!("{}: line {}: `{}` ({}) has no effect", setup.display(), p.line, p.property, p.value)
    };
    properties.iter().map(told).collect()
}

/// A file that another file names: relative names are beside that file. Setups written on another system may separate
/// folders by backslashes.
pub fn beside(file: &Path, name: &str) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new(""));
    folder.join(name.trim().replace('\\', "/"))
}
