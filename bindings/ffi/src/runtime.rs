//! The threads of the core, on which all that waits is done.

use std::future::Future;
use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{AbortHandle, JoinError};

use crate::error::{CoreError, Result};

/// Links and listeners are tasks that mostly wait: two threads carry them all.
const WORKERS: usize = 2;

static RUNTIME: LazyLock<std::io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("teilgeber")
        .enable_all()
        .build()
});

/// The runtime, made when it is first needed.
pub(crate) fn runtime() -> Result<&'static Runtime> {
    RUNTIME.as_ref().map_err(|error| CoreError::Report(error.to_string()))
}

/// Does what blocks. Once it has begun it is done, whether or not anybody still waits for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    finished(runtime()?.spawn_blocking(work).await)
}

/// Does what waits, and ends it where nobody waits for it any more.
pub(crate) async fn while_wanted<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let task = runtime()?.spawn(work);
    let _ends = EndOnDrop(task.abort_handle());
    finished(task.await)
}

/// Ends a task when it is dropped.
#[derive(Debug)]
pub(crate) struct EndOnDrop(pub(crate) AbortHandle);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a panic said may hold what somebody wrote, and is not handed on.
pub(crate) fn finished<T>(ended: std::result::Result<Result<T>, JoinError>) -> Result<T> {
    ended.unwrap_or_else(|_| Err(CoreError::Report("something unexpected happened".to_owned())))
}
