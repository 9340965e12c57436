//! The target that the environment names: `FUZZ_TARGET=batch cargo +nightly fuzz run target ../corpus/batch`.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use teilgeber_fuzz::Target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    Target::named(&name).expect("there is no such target")
});

fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
