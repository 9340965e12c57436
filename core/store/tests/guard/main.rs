//! The guard from outside: its rules one by one, and a campaign of hostile changes.

mod campaign;
mod hostile;
mod rng;
mod rules;
mod world;

/// Panics that the guard catches are not shown: those of other crates, whose files are told by their
/// whole path. Those of a failing test are.
fn silence_caught_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.location().is_some_and(|at| !at.file().starts_with('/')) {
                usual(info);
            }
        }));
    });
}
