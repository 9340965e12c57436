//! A document that was judged and is open.

use automerge::{Automerge, AutomergeError};

use super::history::History;
use super::structure::{Inspected, inspect, inspect_unsigned};
use super::trial::{Survivor, load, survive};
use super::{Candidate, Reason, Verdict, calmly};

/// A document of which every change counts, with what is needed to judge the next ones. It holds
/// some forty bytes for each operation beside the document itself: keep few of them.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub(super) document: Automerge,
    pub(super) history: History,
    /// The bytes of [`Loaded::save`], while they are those of the document.
    pub(super) saved: Option<Vec<u8>>,
}

/// A cached document that cannot be used; judge its changes anew.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Automerge cannot load it.
    #[error("the cached document does not load")]
    Load(#[from] AutomergeError),
    /// It loads, or fails to in a way of its own, but not as what this guard lets through.
    #[error("the cached document is not one that counts")]
    Unsound,
}

impl Loaded {
    pub(super) fn new(survivor: Survivor, history: History) -> Self {
        Self { document: survivor.document, history, saved: Some(survivor.saved) }
    }

    /// Opens what [`Loaded::save`] gave, under the same [`VERSION`](super::VERSION) and from a place that
    /// is ours: whose the actors are is not checked again.
    ///
    /// # Errors
    ///
    /// [`OpenError`] where the bytes are damaged.
    pub fn open(saved: &[u8]) -> Result<Self, OpenError> {
        let loaded = calmly(|| load(saved).map(|document| (document.get_changes(&[]), document)));
        let (changes, document) = loaded.ok_or(OpenError::Unsound)??;
        let mut history = History::default();
        for change in changes {
            let inspected = inspect_unsigned(change.raw_bytes()).map_err(|_| OpenError::Unsound)?;
            history.admit(&inspected).map_err(|_| OpenError::Unsound)?;
        }
        Ok(Self { document, history, saved: Some(saved.to_vec()) })
    }

    /// The document, to read from. Positions in texts are counted in Unicode scalar values.
    pub fn document(&self) -> &Automerge {
        &self.document
    }

    /// The document as bytes for [`Loaded::open`]: a cache, never the truth.
    pub fn save(&mut self) -> &[u8] {
        self.saved.get_or_insert_with(|| self.document.save())
    }

    /// Takes further candidates, if all of them count; then says so for each. `None`, and nothing is
    /// changed, where one does not: then [`judge`](super::judge()) all candidates of the document anew.
    /// Candidates that count already must not be given again.
    ///
    /// Agrees with [`judge`](super::judge()) on the whole set. It costs one save and one load of the
    /// document, however much comes in at once: group what arrives.
    pub fn extend(
        &mut self,
        document: &[u8; 32],
        candidates: &[Candidate<'_>],
    ) -> Option<Vec<Verdict>> {
        let mut history = self.history.clone();
        let inspect_one = |one: &Candidate<'_>| inspect(one.bytes, &one.author, document);
        let open: Vec<_> = candidates.iter().map(inspect_one).collect::<Result<_, _>>().ok()?;
        let changes = open.iter().map(|one| one.change().clone()).collect();
        admit_all(&mut history, open).ok()?;
        let survivor = survive(self.document.clone(), changes, &history.heads())?;
        *self = Self::new(survivor, history);
        Some(vec![Verdict::Counts; candidates.len()])
    }
}

/// Admits all, each after its dependencies.
fn admit_all(history: &mut History, mut open: Vec<Inspected>) -> Result<(), Reason> {
    while !open.is_empty() {
        let before = open.len();
        let mut later = Vec::new();
        for inspected in open {
            match inspected.deps().iter().all(|dep| history.contains(dep)) {
                true => history.admit(&inspected)?,
                false => later.push(inspected),
            }
        }
        if later.len() == before {
            return Err(Reason::UnknownReference);
        }
        open = later;
    }
    Ok(())
}
