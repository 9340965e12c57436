//! Whole-system tests: what they share with the phone that they kill.

pub mod dice;
pub mod story;
pub mod support;
