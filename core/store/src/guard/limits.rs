//! What one change and one document may cost, in one place. The numbers are part of the guard's
//! [`VERSION`](super::VERSION): another number is another verdict.

/// Bytes of one change. Leaves room for what the seal adds within an entry's payload of 256 KiB.
pub const CHANGE_BYTES: usize = 250 * 1024;

/// Operations of one change, one for each character that it inserts or deletes: a pasted text of
/// 100,000 characters fits. Run lengths let a few bytes claim 2^63 operations, so this is checked
/// before anything is decoded.
pub const CHANGE_OPS: u64 = 128 * 1024;

/// Predecessors that all operations of one change name together.
pub const CHANGE_PREDS: u64 = 2 * CHANGE_OPS;

/// Bytes of a key in a map.
pub const KEY_BYTES: u64 = 256;

/// Bytes of an actor id.
pub const ACTOR_BYTES: usize = 16;

/// Actors of one document, that is: runs of the app in which somebody edited it. Each actor's
/// changes form a chain, so this also bounds the heads, and with them the dependencies of a change
/// (32 bytes each, which is half of [`CHANGE_BYTES`]).
pub const DOCUMENT_ACTORS: usize = 4096;

/// Changes of one document.
pub const DOCUMENT_CHANGES: usize = 64 * 1024;

/// Operations of one document in its whole history: five times the 200,000 characters at which a
/// person is asked to begin a further page. Also keeps every operation counter below 2^20, far
/// from the 2^32 at which Automerge panics.
pub const DOCUMENT_OPS: u64 = 1_000_000;

/// Maps, lists and texts of one document, deleted ones included.
pub const DOCUMENT_OBJECTS: u64 = 16 * 1024;

/// Bytes of all changes of one document: what a phone reads to make it again.
pub const DOCUMENT_BYTES: usize = 32 * 1024 * 1024;

/// How deep maps and lists may stand within each other; the root is 0.
pub const DEPTH: u8 = 16;

/// How often a breaking change is searched for in one document. Each search costs some twenty
/// trials of it; no honest change has ever needed one.
pub const SEARCHES: usize = 16;
