//! The API from a shell: the binary itself, against a sandbox of its own and against gateways that
//! say what they were told to say.

mod bill;
mod configured;
mod funds;
mod hostile;
mod rust_guide;
mod sandbox;
mod scripted;
mod seeded;
mod served;
mod support;
