//! The guard from outside: its rules one by one, and a campaign of hostile changes.

mod campaign;
mod hostile;
mod rng;
mod rules;
mod world;

/// Automerge's panics are caught by the guard; their printing is what a test need not show.
fn silence_caught_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let foreign = info.location().is_some_and(|at| !at.file().contains("store"));
            if !foreign {
                usual(info);
            }
        }));
    });
}
