//! Files that a command writes.

use crate::failure::Failure;
use anyhow::Context;
use std::io::Write;
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

/// Writes a new file that nobody but the user may read.
pub fn private(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(content.as_ref()));
    written.with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(())
}
