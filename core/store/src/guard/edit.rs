//! The one way to write.

use automerge::transaction::{CommitOptions, Transaction};
use automerge::{ActorId, Automerge, Patch, PatchLog, PatchLogMismatch};

use super::history::History;
use super::structure::inspect_unsigned;
use super::trial::blank;
use super::{Loaded, Reason};

/// What an edit made.
#[derive(Debug)]
pub struct Edited<T> {
    /// What the closure returned.
    pub value: T,
    /// The one change, to be sealed as an entry; `None` where the edit changed nothing.
    pub change: Option<Vec<u8>>,
    /// What changed in the document, in order: for the views.
    pub patches: Vec<Patch>,
}

/// Why an edit was not made. The document is as before.
#[derive(Debug, thiserror::Error)]
pub enum EditError<E> {
    /// The closure said so.
    #[error("the edit failed")]
    Edit(#[source] E),
    /// Everybody would refuse the change: too large, or something that documents do not hold.
    #[error("everybody would refuse this change: {0}")]
    Refused(Reason),
    /// Automerge could not begin.
    #[error(transparent)]
    Log(#[from] PatchLogMismatch),
}

impl Loaded {
    /// A document without any change, to be filled by its first edit.
    pub fn empty() -> Self {
        Self { document: blank(), history: History::default(), saved: None }
    }

    /// Makes one edit under `actor` (see [`actor_id`](super::actor_id)), as one change that bears no
    /// time. Only what everybody's guard lets through is made, so what this returns counts wherever
    /// what it was made upon counts.
    ///
    /// # Errors
    ///
    /// [`EditError::Edit`] where the closure fails, [`EditError::Refused`] with [`Reason::TooLarge`]
    /// where one edit holds more than a change may, and with [`Reason::DocumentFull`] where it is time to
    /// begin a further page.
    pub fn edit<T, E>(
        &mut self,
        actor: &ActorId,
        edit: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<Edited<T>, EditError<E>> {
        // A transaction cannot tell its size before it is committed, and a commit cannot be taken
        // back: so it is made on a copy.
        let mut document = self.document.clone();
        document.set_actor(actor.clone());
        let mut transaction = document.transaction_log_patches(PatchLog::active())?;
        let value = edit(&mut transaction).map_err(EditError::Edit)?;
        let (hash, mut log) = transaction.commit_with(CommitOptions::default().with_time(0));
        if hash.is_none() {
            return Ok(Edited { value, change: None, patches: Vec::new() });
        }
        let change = self.admit_own(&document).map_err(EditError::Refused)?;
        let patches = document.make_patches(&mut log);
        self.document = document;
        self.saved = None;
        Ok(Edited { value, change: Some(change), patches })
    }

    fn admit_own(&mut self, document: &Automerge) -> Result<Vec<u8>, Reason> {
        let change = document.get_last_local_change().ok_or(Reason::Malformed)?;
        self.history.admit(&inspect_unsigned(change.raw_bytes())?)?;
        Ok(change.raw_bytes().to_vec())
    }
}
