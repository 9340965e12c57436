//! Encrypted, ordered byte streams to one other device.
