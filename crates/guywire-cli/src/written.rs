//! Files that a command writes.

use crate::failure::Failure;
use anyhow::Context;
use std::path::Path;

/// Fails now rather than after the work if `path` cannot be written; leaves nothing new behind.
pub fn check(path: &Path) -> Result<(), Failure> {
    let is_new = !path.exists();
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .and_then(|_| if is_new { std::fs::remove_file(path) } else { Ok(()) })
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(())
}

/// Writes a file.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    std::fs::write(path, content).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(())
}
