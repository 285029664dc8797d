//! Where the genuine messages and certificates lie.

use std::path::PathBuf;

/// The folder of genuine messages beside the repository, or `None` when it is absent and the run
/// was told to do without (`TONGBAO_WITHOUT_VECTORS`).
pub(crate) fn vectors() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    if folder.is_dir() {
        return Some(folder);
    }
    let told = std::env::vars_os().any(|(name, _)| name == "TONGBAO_WITHOUT_VECTORS");
    assert!(
        told,
        "the genuine messages are absent: there is no folder {}. Put them there, or set \
         TONGBAO_WITHOUT_VECTORS=1 to test without them",
        folder.display()
    );
    println!(
        "SKIPPED: the genuine messages are absent ({})",
        folder.display()
    );
    None
}
