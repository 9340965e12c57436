//! What people do with their devices, as stories: real homes, real TCP, real codes.

mod events;
mod support;
mod swap;
mod sync;
