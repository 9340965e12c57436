//! Ids, keys, the signed and sealed envelope, statements and letters.
