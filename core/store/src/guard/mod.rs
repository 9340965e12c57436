//! The guard: which changes of a document count.
//!
//! A member's valid signature proves who wrote a change, not that it is harmless: changes can be
//! written that make Automerge panic, or leave a document that saves but never loads again. So what
//! comes from others is judged before it touches a document, in three steps:
//!
//! 1. **By itself** ([`inspect`]): one canonical, uncompressed change, by an actor of its author, within
//!    the grammar of our documents and the bounds of [`limits`].
//! 2. **Beside its ancestors**: numbers follow upon theirs, and every operation names only what they
//!    hold, of the right kind.
//! 3. **Together**: all are applied to a scratch document, which is read out, saved, loaded, and must
//!    come out the same. If it does not, the changes are taken in their canonical order (after their
//!    dependencies; ties: author, position, entry), the first that breaks is found by halving and left
//!    out with what depends on it. Who breaks a document twice is cut off there.
//!
//! The first two steps leave what an honest editor could have written, so that the third one is a
//! net under them: it has something to catch only where Automerge errs about an orderly change.
//!
//! **The verdict is a function of the set of candidates**, never of the order in which they came.
//! [`judge`] is that function; [`Loaded::extend`] is its fast path for what comes in for a document that
//! is already open, and [`Loaded::edit`] the one way to write, so that nobody writes what others would
//! refuse. What does not count is not deleted: it may count when more arrives.
//!
//! # Panics inside Automerge
//!
//! They are caught, which needs `panic = "unwind"`. They still reach the process's panic hook, which by
//! default prints them to standard error; a library does not change what belongs to the process. The
//! arithmetic of a build must stop at an overflow as in the workspace's profiles, or two builds may
//! judge differently.
//!
//! # Out of scope
//!
//! Who may write what (a write rule), and whether an entry is in line, are decided before: the guard
//! sees only what would otherwise count. A member may fill a document to its bounds; then it is
//! moved to its next generation.

mod actor;
mod edit;
mod history;
mod judge;
mod layout;
pub mod limits;
mod loaded;
mod structure;
mod trial;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use actor::{actor_id, is_actor_of};
pub use edit::{EditError, Edited};
pub use judge::{First, Judgement, judge};
pub use loaded::{Loaded, OpenError};
pub use structure::{Inspected, inspect};

/// The version of the guard. A verdict that was stored under another one is made anew, because
/// another grammar, other bounds or another Automerge may judge differently.
pub const VERSION: u32 = 1;

/// A change that would count if the guard lets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate<'a> {
    /// Who signed its entry.
    pub author: [u8; 32],
    /// The entry's place in its author's log of the space.
    pub position: u64,
    /// The entry's id.
    pub entry: [u8; 32],
    /// The change, as it was sealed.
    pub bytes: &'a [u8],
}

/// What the guard says of one candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is part of the document.
    Counts,
    /// A change that it was made upon, directly or not, is not among the candidates, or only as
    /// something that is refused by itself.
    Waiting,
    /// It is not part of the document.
    Refused(Reason),
}

/// Why a change does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    /// Not the canonical bytes of exactly one uncompressed change.
    #[error("not one well-formed change")]
    Malformed,
    /// Beyond a bound for a single change.
    #[error("larger than a change may be")]
    TooLarge,
    /// Made under an actor that is not its author's for this document.
    #[error("made under another's actor")]
    ForeignActor,
    /// Holds something that documents here do not: a mark, a counter, a message, nothing at all.
    #[error("holds what documents here do not")]
    Unsupported,
    /// Its number or its first operation does not follow upon its ancestors.
    #[error("does not follow upon its ancestors")]
    OutOfStep,
    /// Another change with the same actor and number came first.
    #[error("another change stands in its place")]
    Repeated,
    /// An operation names what its ancestors do not hold, or not as such.
    #[error("refers to something that is not there")]
    UnknownReference,
    /// The document would grow beyond its bounds.
    #[error("the document is full")]
    DocumentFull,
    /// The document did not survive it.
    #[error("breaks the document")]
    Breaks,
    /// Its author had already broken the document twice.
    #[error("by an author who broke the document twice")]
    CutOff,
    /// It was made upon a change that is refused.
    #[error("made upon a refused change")]
    LeftOut,
}

/// Runs what may panic on strangers' bytes; `None` if it did.
fn calmly<T>(f: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(f)).ok()
}
