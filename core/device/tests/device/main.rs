//! What people do with their devices, as stories: real homes, real TCP, real codes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod anchor;
mod arrival;
mod bundle;
mod carried;
mod contacts;
mod documentation;
mod events;
mod feedback;
mod lent;
mod messages;
mod mine;
mod moderation;
mod muted;
mod nearby;
mod notes;
mod offers;
mod pad;
mod people;
mod photos;
mod post;
mod privacy;
mod reimport;
mod report;
mod retention;
mod starred;
mod support;
mod swap;
mod sync;
mod topics;
mod undo;
mod usage;
mod version;
