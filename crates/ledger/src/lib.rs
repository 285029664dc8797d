//! Double entry: accounts, transfers in two phases, immutable postings, proof.
