//! The world: merchant, shop and sandbox in one process on virtual time.
