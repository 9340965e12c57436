//! The one public door of the core.
