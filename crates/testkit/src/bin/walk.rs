//! Walks through many seeds: `walk --seeds 2000 --from 1`, or `walk --seeds 2000 --bugs` to see
//! that every planted mistake is found.

fn main() -> std::process::ExitCode {
    testkit::walk::command::main()
}
