//! The same for Swift, whose header and module map need names of their own.

fn main() {
    uniffi::uniffi_bindgen_swift();
}
