//! The files in `DIR/sandbox/` by which any SDK is pointed at the sandbox.
