//! The target `doctor` under libFuzzer; what it does is in `crates/alipay/tests/targets`.
#![no_main]

#[path = "../../crates/alipay/tests/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    (targets::target("doctor").expect("a target").run)(data);
});
