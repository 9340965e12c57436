//! `uniffi-bindgen` of just the version that the library was built with: another could read its metadata
//! wrongly.

fn main() {
    uniffi::uniffi_bindgen_main();
}
