//! Which things came from a folder, and what they are called there.
//!
//! A document's id follows from who made it, so what is taken in has another id here. It keeps its first
//! name in folders, so that it is known again wherever it comes back to.
//!
//! | kept under | what |
//! |---|---|
//! | `came in` | each: the id in the folder 32 ‖ the id here 32 |

use std::collections::HashMap;

use teilgeber_entry::DocumentId;
use teilgeber_model::Id;
use teilgeber_store::Edit;

use crate::device::{document_id, model_id};
use crate::error::Result;

/// Under which name it is kept.
const NAME: &str = "came in";

/// What came in by folders.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    here: HashMap<Id, Id>,
    there: HashMap<Id, Id>,
}

impl Arrivals {
    pub(super) fn read(kept: Option<Vec<u8>>) -> Self {
        let bytes = kept.unwrap_or_default();
        let mut arrivals = Self::default();
        for pair in bytes.as_chunks::<64>().0 {
            let (there, here) = pair.split_at(32);
            let id = |half: &[u8]| half.try_into().map(Id::new).ok();
            if let (Some(there), Some(here)) = (id(there), id(here)) {
                arrivals.add(there, here);
            }
        }
        arrivals
    }

    pub(super) fn kept_under() -> &'static str {
        NAME
    }

    pub(super) fn keep(&self, edit: &mut Edit<'_>) -> Result<()> {
        let mut pairs: Vec<_> = self.here.iter().collect();
        pairs.sort_unstable();
        let mut bytes = Vec::new();
        for (there, here) in pairs {
            bytes.extend_from_slice(there.as_bytes());
            bytes.extend_from_slice(here.as_bytes());
        }
        Ok(edit.keep(NAME, &bytes)?)
    }

    pub(super) fn add(&mut self, there: Id, here: Id) {
        self.here.insert(there, here);
        self.there.insert(here, there);
    }

    /// Which document here a thing of a folder became; itself where it never came in.
    pub(super) fn document(&self, there: Id) -> DocumentId {
        document_id(self.here.get(&there).copied().unwrap_or(there))
    }

    /// Whether a thing of a folder came in before.
    pub(super) fn came(&self, there: Id) -> bool {
        self.here.contains_key(&there)
    }

    /// What a thing here is called in folders.
    pub(super) fn first_name(&self, here: Id) -> Id {
        self.there.get(&here).copied().unwrap_or(here)
    }

    /// The id here of a thing that a folder names.
    pub(super) fn id_here(&self, there: Id) -> Id {
        model_id(self.document(there).as_bytes())
    }
}
