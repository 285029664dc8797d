//! Files that only their owner may read, written whole or not at all.

use std::io::Write as _;
use std::path::Path;

/// Writes beside and renames, so that a reader never sees half of a file. The owner alone may read it.
/// A file that is there like this already is left alone: to be sure of a new one takes the disk's time.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(file: &Path, text: &str) -> std::io::Result<()> {
    if is_there(file, text) {
        return Ok(());
    }
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

fn is_there(file: &Path, text: &str) -> bool {
    is_private(file) && std::fs::read(file).is_ok_and(|there| there == text.as_bytes())
}

#[cfg(unix)]
fn is_private(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let about = std::fs::symlink_metadata(file);
    about.is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o777 == 0o600)
}

#[cfg(not(unix))]
fn is_private(file: &Path) -> bool {
    file.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    #[test]
    fn what_is_there_as_it_should_be_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.pem");
        let which = || {
            let about = std::fs::metadata(&file).unwrap();
            (about.ino(), about.permissions().mode() & 0o777)
        };
        write(&file, "one").unwrap();
        let first = which();
        assert_eq!(first.1, 0o600);
        write(&file, "one").unwrap();
        assert_eq!(which(), first);
        // Another text, and a file that others may read, are written anew.
        write(&file, "two").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "two");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        write(&file, "two").unwrap();
        assert_eq!(which().1, 0o600);
    }
}
