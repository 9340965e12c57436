//! CPU and memory of a process, and the child process that only receives, so that what is measured is
//! one device's and not its peer's.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use teilgeber_device::{Config, Device};
use tokio::runtime::Builder;

use crate::Result;

/// The first argument of a process that receives.
pub(crate) const RECEIVE: &str = "receive";

/// CPU time of this process from now on, all threads that are alive together.
pub(crate) struct Stopwatch(Duration);

impl Stopwatch {
    pub(crate) fn start() -> Result<Self> {
        Ok(Self(cpu()?))
    }

    pub(crate) fn read(&self) -> Result<Duration> {
        Ok(cpu()?.saturating_sub(self.0))
    }
}

/// What a receiving process used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    /// CPU time of one sync, from dialling to the goodbye.
    pub(crate) cpu: Duration,
    /// The same by the clock.
    pub(crate) wall: Duration,
    /// The most memory that the process ever held, in bytes.
    pub(crate) memory: u64,
}

/// Lets a process of its own open `home`, join by `code` and sync with `address`, so many times. Gives
/// the mean of the syncs.
pub(crate) fn receive(home: &Path, code: &str, address: SocketAddr, times: u32) -> Result<Used> {
    let output = Command::new(std::env::current_exe()?)
        .arg(RECEIVE)
        .arg(home)
        .args([code, &address.to_string(), &times.to_string()])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let numbers = String::from_utf8(output.stdout)?;
    let numbers = numbers.split_whitespace().map(str::parse);
    let numbers = numbers.collect::<std::result::Result<Vec<u64>, _>>()?;
    let [cpu, wall, memory] = numbers[..] else { return Err("three numbers".into()) };
    let (cpu, wall) = (Duration::from_nanos(cpu), Duration::from_nanos(wall));
    Ok(Used { cpu: cpu / times, wall: wall / times, memory })
}

/// The receiving process itself: says nanoseconds of CPU, nanoseconds by the clock, bytes of memory.
pub(crate) fn run_receiver(arguments: &[String]) -> Result<String> {
    let [home, code, address, times] = arguments else {
        return Err("receive HOME CODE ADDRESS TIMES".into());
    };
    let (address, times): (SocketAddr, u32) = (address.parse()?, times.parse()?);
    let (device, _) = Device::open(Config::new(home))?;
    device.join(code)?;
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (watch, start) = (Stopwatch::start()?, Instant::now());
    for _ in 0..times {
        runtime.block_on(device.sync_with(address))?;
    }
    let (wall, cpu) = (start.elapsed(), watch.read()?);
    Ok(format!("{} {} {}", cpu.as_nanos(), wall.as_nanos(), peak_memory()?))
}

fn cpu() -> Result<Duration> {
    // The kernel brings a thread's account up to date when it sleeps.
    std::thread::sleep(Duration::from_micros(100));
    let mut nanos = 0;
    for thread in fs::read_dir("/proc/self/task")? {
        let account = fs::read_to_string(thread?.path().join("schedstat"))?;
        let on_cpu = account.split_whitespace().next().ok_or("an account of the CPU")?;
        nanos += on_cpu.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}

fn peak_memory() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).ok_or("VmHWM")?;
    Ok(kib.parse::<u64>()? * 1024)
}
