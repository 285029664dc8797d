//! Files that only their owner may read, written whole or not at all.

use std::io::Write as _;
use std::path::Path;

/// Writes beside and renames, so that a reader never sees half of a file. The owner alone may read it.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut handle = options.open(&beside)?;
    handle.write_all(text.as_bytes())?;
    handle.sync_all()?;
    std::fs::rename(&beside, file)
}
