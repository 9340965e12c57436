//! The program as people and scripts use it: words in, text or JSON and an exit code out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod anchor;
mod animated;
mod bundle;
mod demo;
mod documents;
mod erasure;
mod events;
mod export;
mod failures;
mod feedback;
mod general;
mod home;
mod hub;
mod lent;
mod messages;
mod mine;
mod moderation;
mod nearby;
mod offers;
mod pad;
mod people;
mod photos;
mod post;
mod readme;
mod search;
mod starred;
mod syncing;
