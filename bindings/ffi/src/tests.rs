//! What holds on this side of the border.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use teilgeber_device as core;

use crate::{CoreError, Device, Note};

/// Panics when it is told to, as a mistake in the core would.
struct Clock(AtomicBool);

impl core::Clock for Clock {
    fn now(&self) -> u64 {
        assert!(!self.0.load(Ordering::Relaxed), "a forced panic");
        1_764_000_000_000
    }
}

#[tokio::test]
async fn a_panic_becomes_one_error_and_the_device_goes_on() {
    let folder = std::env::temp_dir().join(format!("teilgeber-ffi-panic-{}", std::process::id()));
    let clock = Arc::new(Clock(AtomicBool::new(false)));
    let config = core::Config::new(&folder).with_clock(clock.clone());
    let device = Device::with(config).await.expect("a device");
    let note =
        |text: &str| Note { text: text.to_owned(), tags: vec![], event: None, session: None };
    let kept = device.create_note(note("before")).await.expect("a note");

    clock.0.store(true, Ordering::Relaxed);
    let failed = device.create_note(note("secret")).await;
    assert!(
        matches!(&failed, Err(CoreError::Report(text)) if !text.contains("forced")),
        "{failed:?}"
    );
    let failed: Result<(), _> = device.run(|_| panic!("in the middle of it")).await;
    assert!(matches!(failed, Err(CoreError::Report(_))));

    clock.0.store(false, Ordering::Relaxed);
    device.create_note(note("after")).await.expect("another note");
    assert_eq!(device.note(kept).await.expect("the first note").note.text, "before");
    device.shut().await;
    assert_eq!(device.me().await, Err(CoreError::Shut));
    std::fs::remove_dir_all(folder).expect("the folder can go");
}
