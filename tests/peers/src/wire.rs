//! The pipe between two ends, in memory: counts bytes, and how often one end had to wait for the other.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split};
use tokio::runtime::Handle;

use crate::Result;
use crate::cost::is_idle;

/// Bytes that fit into the pipe before it is emptied.
const ROOM: usize = 64 * 1024;

/// How fast the wire is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Everything passes at once: for CPU time, memory and bytes.
    Fast,
    /// Everything that both ends say passes together, and only when neither has more to say until it hears
    /// from the other: as a wire so slow that computing takes no time beside it. Then each leg is one that a
    /// person would wait for, however busy the machine is.
    InTurns,
}

impl Pace {
    const ALL: [(&str, Self); 2] = [("fast", Self::Fast), ("in-turns", Self::InTurns)];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, pace)| *pace == self).map_or("", |(name, _)| name)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, pace)| *pace)
    }
}

/// A pipe; dropping it breaks it.
pub(crate) struct Wire {
    passed: Arc<Mutex<Passed>>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

/// What passed until now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passed {
    /// Both ways.
    pub(crate) bytes: u64,
    /// Counted in turns only.
    pub(crate) legs: u64,
    /// When something passed or was said last.
    pub(crate) last: Instant,
}

impl Wire {
    /// A pipe, and its two ends.
    pub(crate) fn new(pace: Pace) -> (Self, DuplexStream, DuplexStream) {
        let (near, near_inside) = duplex(ROOM);
        let (far, far_inside) = duplex(ROOM);
        let (near_in, near_out) = split(near_inside);
        let (far_in, far_out) = split(far_inside);
        let passed = Arc::new(Mutex::new(Passed { bytes: 0, legs: 0, last: Instant::now() }));
        let there = Way { from: near_in, passed: passed.clone() };
        let back = Way { from: far_in, passed: passed.clone() };
        let tasks = match pace {
            Pace::Fast => vec![
                tokio::spawn(quietly(there.pass_on(far_out))),
                tokio::spawn(quietly(back.pass_on(near_out))),
            ],
            Pace::InTurns => {
                let (said_there, said_back) = (Said::default(), Said::default());
                take_turns(
                    passed.clone(),
                    [(said_there.clone(), far_out), (said_back.clone(), near_out)],
                );
                vec![
                    tokio::spawn(quietly(there.collect(said_there))),
                    tokio::spawn(quietly(back.collect(said_back))),
                ]
            }
        };
        (Self { passed, tasks }, near, far)
    }

    pub(crate) fn passed(&self) -> Passed {
        *lock(&self.passed)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// One way through the pipe.
struct Way {
    from: ReadHalf<DuplexStream>,
    passed: Arc<Mutex<Passed>>,
}

/// What one end said and the other did not hear yet; `ended` after its last word.
#[derive(Default)]
struct Words {
    bytes: Vec<u8>,
    ended: bool,
}

type Said = Arc<Mutex<Words>>;

impl Way {
    async fn pass_on(mut self, mut to: WriteHalf<DuplexStream>) -> std::io::Result<()> {
        let mut buffer = vec![0; ROOM];
        while let read @ 1.. = self.from.read(&mut buffer).await? {
            self.count(read);
            to.write_all(&buffer[..read]).await?;
        }
        to.shutdown().await
    }

    async fn collect(mut self, said: Said) -> std::io::Result<()> {
        let mut buffer = vec![0; ROOM];
        while let read @ 1.. = self.from.read(&mut buffer).await? {
            self.count(read);
            lock(&said).bytes.extend_from_slice(&buffer[..read]);
        }
        lock(&said).ended = true;
        Ok(())
    }

    fn count(&self, bytes: usize) {
        let mut passed = lock(&self.passed);
        passed.bytes += bytes as u64;
        passed.last = Instant::now();
    }
}

/// Hands over what was said whenever nobody computes any more, on a thread of its own, until both ways
/// have ended.
fn take_turns(passed: Arc<Mutex<Passed>>, ways: [(Said, WriteHalf<DuplexStream>); 2]) {
    let runtime = Handle::current();
    std::thread::spawn(move || {
        let mut ways = ways.map(|(said, to)| (said, Some(to)));
        while ways.iter().any(|(_, to)| to.is_some()) {
            if !is_quiet() {
                continue;
            }
            // Both first: what is heard now is answered in the next turn.
            let words = ways.each_ref().map(|(said, _)| std::mem::take(&mut *lock(said)));
            if words.iter().any(|words| !words.bytes.is_empty()) {
                let mut passed = lock(&passed);
                passed.legs += 1;
                passed.last = Instant::now();
            }
            for ((_, to), words) in ways.iter_mut().zip(words) {
                let Some(open) = to else { continue };
                // An end that hears no more ends its way.
                let heard = runtime.block_on(open.write_all(&words.bytes)).is_ok();
                if words.ended || !heard {
                    *to = None;
                }
            }
        }
    });
}

/// Whether nobody computes, seen several times in a row.
fn is_quiet() -> bool {
    (0..5).all(|_| {
        std::thread::sleep(Duration::from_millis(1));
        is_idle().unwrap_or(false)
    })
}

/// An end that goes away in the middle of a word is that end's to report.
async fn quietly(passing: impl Future<Output = std::io::Result<()>>) {
    let _broken = passing.await;
}

/// Waits until nothing passed for `long`, or until `give_up` says so. Gives the CPU time, as `cpu` tells
/// it, at which the work was done; `None` where it was given up.
pub(crate) async fn until_quiet(
    wire: &Wire,
    long: Duration,
    cpu: impl Fn() -> Duration,
    give_up: impl Fn() -> bool,
) -> Result<Option<Duration>> {
    let mut done: Option<(Instant, Duration)> = None;
    loop {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if give_up() {
            return Ok(None);
        }
        let last = wire.passed().last;
        match done {
            Some((at, spent)) if at == last => {
                if last.elapsed() >= long && is_idle()? {
                    return Ok(Some(spent));
                }
            }
            _ if is_idle()? => done = Some((last, cpu())),
            _ => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
