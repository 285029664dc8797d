//! The target `keys` under libFuzzer; what it does is in `crates/alipay/tests/targets`.
#![no_main]

#[path = "../../crates/alipay/tests/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    (targets::target("keys").expect("a target").run)(data);
});
