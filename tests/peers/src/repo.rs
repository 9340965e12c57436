//! samod, the automerge-repo for Rust: two repositories with its own storage in memory, over the wire.
//!
//! Both stay open between the meetings, so that what they remember of each other is not lost.

use std::collections::BTreeSet;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use samod::storage::{InMemoryStorage, Storage, StorageKey};
use samod::{
    AcceptorHandle, BackoffConfig, DialError, Dialer, DocHandle, DocumentId, PeerId, Repo,
    Transport, Url,
};
use tokio::io::DuplexStream;

use crate::Result;
use crate::cost::{Account, Cost, Meetings};
use crate::documents::Documents;
use crate::wire::{Pace, Wire, until_quiet};

/// CPU time after which a meeting is not waited for any longer.
const LIMIT: Duration = Duration::from_secs(180);

/// Nobody says anything for so long: they are done.
const QUIET: Duration = Duration::from_secs(1);

/// Two repositories, of which one takes in whom the other dials.
struct Two {
    dials: Repo,
    accepts: AcceptorHandle,
    pace: Pace,
}

pub(crate) async fn measure(documents: &Documents, pace: Pace) -> Result<Meetings> {
    let full = Repo::build_tokio().with_peer_id(PeerId::from("full")).load().await;
    let mut handles = Vec::new();
    for document in &documents.all {
        handles.push(full.create(document.clone()).await?);
    }
    let storage = InMemoryStorage::new();
    let empty = Repo::build_tokio().with_peer_id(PeerId::from("empty"));
    let empty = empty.with_storage(storage.clone()).load().await;
    let two = Two { dials: empty, accepts: full.make_acceptor(Url::parse("pipe://full")?)?, pace };
    let Some(first) = two.meet().await? else {
        let came = stored(&storage, &handles).await?;
        return Ok(Meetings::Stopped { after: LIMIT, came });
    };
    check(&two, &handles).await?;
    let again = two.meet().await?.ok_or("meeting again took longer than the first time")?;
    for (number, change) in &documents.changed {
        handles[*number].with_document(|document| document.apply_changes([change.clone()]))?;
    }
    let changed = two.meet().await?.ok_or("meeting again took longer than the first time")?;
    check(&two, &handles).await?;
    Ok(Meetings::Ended([first, again, changed]))
}

impl Two {
    /// `None` where it took too long.
    async fn meet(&self) -> Result<Option<Cost>> {
        let account = Account::open()?;
        let (wire, near, far) = Wire::new(self.pace);
        self.accepts.accept(Transport::from_tokio_io(far))?;
        let pipe = Pipe { url: Url::parse("pipe://full")?, end: Mutex::new(Some(near)) };
        let dialer = self.dials.dial(BackoffConfig::default(), Arc::new(pipe))?;
        dialer.established().await.map_err(|error| format!("{error:?}"))?;
        let gives_up = || account.cpu() > LIMIT;
        let Some(cpu) = until_quiet(&wire, QUIET, || account.cpu(), gives_up).await? else {
            return Ok(None);
        };
        let passed = wire.passed();
        let cost = account.close(cpu, passed.bytes, passed.legs)?;
        dialer.close();
        until_quiet(&wire, QUIET, || account.cpu(), || false).await?;
        Ok(Some(cost))
    }
}

/// Whether all came.
async fn check(two: &Two, handles: &[DocHandle]) -> Result<()> {
    for handle in handles {
        let found = two.dials.find(handle.document_id().clone()).await?.ok_or("it did not come")?;
        let heads = |handle: &DocHandle| handle.with_document(|document| document.get_heads());
        if heads(handle) != heads(&found) {
            return Err("they parted without knowing the same".into());
        }
    }
    Ok(())
}

/// How many of these documents are in a storage.
async fn stored(storage: &InMemoryStorage, handles: &[DocHandle]) -> Result<usize> {
    let everything = StorageKey::from_parts([""; 0])?;
    let keys = Storage::load_range(storage, everything).await.into_keys();
    let ids: BTreeSet<String> = keys.filter_map(|key| key.into_iter().next()).collect();
    let id = |handle: &DocHandle| DocumentId::to_string(handle.document_id());
    Ok(handles.iter().filter(|handle| ids.contains(&id(handle))).count())
}

/// One end of a wire, to be dialled once.
struct Pipe {
    url: Url,
    end: Mutex<Option<DuplexStream>>,
}

type Dialled = std::result::Result<Transport, DialError<io::Error>>;

impl Dialer for Pipe {
    type Error = io::Error;

    fn url(&self) -> Url {
        self.url.clone()
    }

    fn connect(&self) -> Pin<Box<dyn Future<Output = Dialled> + Send>> {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner).take();
        let broken = || DialError::PermanentFailure(io::Error::other("the wire was used up"));
        Box::pin(async move { end.map(Transport::from_tokio_io).ok_or_else(broken) })
    }
}
