//! The sync dialogue as a state machine without IO.
