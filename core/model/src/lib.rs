//! Profiles, contacts, events, sessions and notes as plain values, valid by construction.
