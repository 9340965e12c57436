//! The log, the documents, the views and search, in SQLite.
pub mod guard;
