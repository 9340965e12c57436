//! What is measured of a process: its CPU time, its memory, and whether it is idle.

use std::fs;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::Result;

/// What one meeting of two ends cost, both of them together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) cpu: Duration,
    /// What passed the wire, both ways.
    pub(crate) bytes: u64,
    /// How often bytes were under way one after the other, each answering the ones before.
    pub(crate) legs: u64,
    /// The most memory that the process held meanwhile, in bytes.
    pub(crate) memory: u64,
    /// What it held before.
    pub(crate) memory_before: u64,
}

/// The meetings that are measured of each peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meetings {
    /// An empty end meets a full one; again with nothing new; again with some documents changed.
    Ended([Cost; 3]),
    /// The first one took too long: by then so many documents had come.
    Stopped { after: Duration, came: usize },
}

impl Cost {
    /// Round trips until the last word is on its way, as one that waits sees them.
    pub(crate) fn round_trips(&self) -> f64 {
        self.legs.saturating_sub(1) as f64 / 2.0
    }

    /// The median of each figure.
    pub(crate) fn median(runs: &[Meetings]) -> Result<Meetings> {
        let ended = runs.iter().map(Meetings::ended).collect::<Result<Vec<_>>>()?;
        Ok(Meetings::Ended(std::array::from_fn(|meeting| {
            let of = |figure: fn(&Self) -> u64| {
                let mut all: Vec<u64> = ended.iter().map(|costs| figure(&costs[meeting])).collect();
                all.sort_unstable();
                all[all.len() / 2]
            };
            Self {
                cpu: Duration::from_nanos(of(|cost| nanos(cost.cpu))),
                bytes: of(|cost| cost.bytes),
                legs: of(|cost| cost.legs),
                memory: of(|cost| cost.memory),
                memory_before: of(|cost| cost.memory_before),
            }
        })))
    }
}

impl Meetings {
    pub(crate) fn ended(&self) -> Result<&[Cost; 3]> {
        match self {
            Self::Ended(costs) => Ok(costs),
            Self::Stopped { .. } => Err("stopped in one run and not in another".into()),
        }
    }

    /// The same costs, with the legs of a run in which the ends took turns.
    pub(crate) fn waiting_as(self, in_turns: &Self) -> Result<Self> {
        let (mut costs, turns) = (*self.ended()?, in_turns.ended()?);
        for (cost, turns) in costs.iter_mut().zip(turns) {
            cost.legs = turns.legs;
        }
        Ok(Self::Ended(costs))
    }

    /// As one line, for the process that asked.
    pub(crate) fn to_line(self) -> String {
        match self {
            Self::Stopped { after, came } => format!("stopped {} {came}", nanos(after)),
            Self::Ended(costs) => {
                let numbers = costs.iter().flat_map(|cost| {
                    [nanos(cost.cpu), cost.bytes, cost.legs, cost.memory, cost.memory_before]
                });
                let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
                format!("ended {}", numbers.join(" "))
            }
        }
    }

    pub(crate) fn from_line(line: &str) -> Result<Self> {
        let (how, numbers) = line.trim().split_once(' ').ok_or("nothing was measured")?;
        let numbers = numbers.split(' ').map(str::parse);
        let numbers = numbers.collect::<std::result::Result<Vec<u64>, _>>()?;
        match (how, &numbers[..]) {
            ("stopped", &[after, came]) => {
                Ok(Self::Stopped { after: Duration::from_nanos(after), came: came.try_into()? })
            }
            ("ended", numbers) if numbers.len() == 15 => {
                Ok(Self::Ended(std::array::from_fn(|meeting| {
                    let at = |figure: usize| numbers[5 * meeting + figure];
                    let cpu = Duration::from_nanos(at(0));
                    Cost { cpu, bytes: at(1), legs: at(2), memory: at(3), memory_before: at(4) }
                })))
            }
            _ => Err(format!("not what a measurement says: {line}").into()),
        }
    }
}

/// The account of this process from one moment on.
pub(crate) struct Account {
    cpu: Duration,
    memory_before: u64,
}

impl Account {
    /// Forgets the peak of memory up to now.
    pub(crate) fn open() -> Result<Self> {
        fs::write("/proc/self/clear_refs", "5")?;
        Ok(Self { memory_before: memory("VmRSS:")?, cpu: cpu() })
    }

    pub(crate) fn cpu(&self) -> Duration {
        cpu().saturating_sub(self.cpu)
    }

    /// What a meeting cost that ended when this account had this CPU time.
    pub(crate) fn close(&self, cpu: Duration, bytes: u64, legs: u64) -> Result<Cost> {
        let (memory, memory_before) = (memory("VmHWM:")?, self.memory_before);
        Ok(Cost { cpu, bytes, legs, memory, memory_before })
    }
}

/// Whether every thread but the one that asks waits for something.
pub(crate) fn is_idle() -> Result<bool> {
    let own = fs::read_link("/proc/thread-self")?;
    for thread in fs::read_dir("/proc/self/task")? {
        let thread = thread?;
        if own.file_name() == Some(&thread.file_name()) {
            continue;
        }
        // A thread that just ended waits for nothing more.
        let Ok(stat) = fs::read_to_string(thread.path().join("stat")) else { continue };
        let state = stat.rsplit(") ").next().and_then(|rest| rest.chars().next());
        if state != Some('S') {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The load averages of the machine and its cores.
pub(crate) fn load() -> Result<String> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

fn memory(what: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).ok_or("no such memory")?;
    Ok(kib.parse::<u64>()? * 1024)
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
