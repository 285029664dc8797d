//! Web and process parts that every service of ours shares.
