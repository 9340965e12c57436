//! A hall with an access point, and phones in it that run programs.
//!
//! Each is a network namespace; the access point has a bridge, and a phone's `wlan0` is one end of a
//! pair whose other end is a port of it. Nobody has a default route. `tests/run net` sees to it that
//! the namespaces are seen by nobody else and end with the tests.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long anything may take that must happen. A link whose other end vanished is given up after 30
/// seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// Where an access point is.
pub(crate) struct Hall {
    access_point: String,
}

impl Hall {
    /// A hall of this name, of which there is one.
    pub(crate) fn open(name: &str) -> Self {
        let access_point = format!("{name}-ap");
        ip(&format!("netns add {access_point}"));
        // Without anybody who asks for memberships, a bridge that listens to them passes none on.
        ip(&format!("-n {access_point} link add br0 type bridge mcast_snooping 0"));
        ip(&format!("-n {access_point} link set br0 up"));
        Self { access_point }
    }

    /// A phone comes in. It has a link-local address of IPv6, as every phone, and no other.
    pub(crate) fn enter(&self, name: &str) -> Phone<'_> {
        let namespace = format!("{}-{name}", self.access_point);
        let ap = &self.access_point;
        ip(&format!("netns add {namespace}"));
        let phone = Phone { hall: self, namespace, port: name.to_owned() };
        // A new address is looked for at others first, which takes a second or two.
        phone.set("net/ipv6/conf/default/accept_dad", "0");
        let namespace = &phone.namespace;
        ip(&format!("-n {ap} link add {name} type veth peer name wlan0 netns {namespace}"));
        ip(&format!("-n {ap} link set {name} master br0 up"));
        ip(&format!("-n {namespace} link set lo up"));
        ip(&format!("-n {namespace} link set wlan0 up"));
        phone
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        ip(&format!("netns delete {}", self.access_point));
    }
}

/// A phone in a hall.
pub(crate) struct Phone<'a> {
    hall: &'a Hall,
    namespace: String,
    port: String,
}

impl Phone<'_> {
    /// Gives it an address more, such as `10.0.0.1/24`.
    pub(crate) fn add_address(&self, address: &str) {
        ip(&format!("-n {} address add {address} dev wlan0", self.namespace));
    }

    /// Takes an address away.
    pub(crate) fn remove_address(&self, address: &str) {
        ip(&format!("-n {} address delete {address} dev wlan0", self.namespace));
    }

    /// The access point keeps it apart from all others that are kept apart.
    pub(crate) fn is_kept_apart(&self) {
        let ap = &self.hall.access_point;
        ip(&format!("-n {ap} link set {} type bridge_slave isolated on", self.port));
    }

    /// Nothing that it sends to this address arrives, though announcements come through.
    pub(crate) fn does_not_reach(&self, address: &str) {
        ip(&format!("-n {} route add blackhole {address}/32", self.namespace));
    }

    /// Leaves it with IPv4 alone.
    pub(crate) fn without_ipv6(&self) {
        self.set("net/ipv6/conf/wlan0/disable_ipv6", "1");
    }

    /// Whether it knows a way to the rest of the world.
    pub(crate) fn has_default_route(&self) -> bool {
        ["-4", "-6"].iter().any(|family| {
            !ip(&format!("{family} -n {} route show default", self.namespace)).is_empty()
        })
    }

    /// It is out of reach from now on.
    pub(crate) fn cut(&self) {
        ip(&format!("-n {} link set {} down", self.hall.access_point, self.port));
    }

    /// It is in reach again.
    pub(crate) fn heal(&self) {
        ip(&format!("-n {} link set {} up", self.hall.access_point, self.port));
    }

    /// Runs a program on it.
    pub(crate) fn run(&self, program: &Path, arguments: &[&str]) -> Running {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace]).arg(program).args(arguments);
        Running::start(command)
    }

    /// Sets one of the system's switches.
    fn set(&self, name: &str, value: &str) {
        let write = format!("echo {value} > /proc/sys/{name}");
        ip_with(&["netns", "exec", &self.namespace, "sh", "-c", &write]);
    }
}

impl Drop for Phone<'_> {
    fn drop(&mut self) {
        ip(&format!("netns delete {}", self.namespace));
    }
}

/// A program that runs, says lines and takes lines. It is killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<String>,
    said: Vec<String>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program is there");
        let input = child.stdin.take();
        let lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, input, output, said: Vec::new() }
    }

    /// Waits until it has said a line of which something can be made, and takes that line out of
    /// [`said`](Self::said). In which order lines are waited for means nothing.
    pub(crate) fn wait_for<T>(&mut self, what: &str, mut of: impl FnMut(&str) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut looked_at = 0;
        loop {
            for index in looked_at..self.said.len() {
                if let Some(made) = of(&self.said[index]) {
                    self.said.remove(index);
                    return made;
                }
            }
            looked_at = self.said.len();
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.said.push(line),
                Err(why) => panic!("{what}: {why}; it said:\n  {}", self.said.join("\n  ")),
            }
        }
    }

    /// What it has said by now and nobody waited for.
    pub(crate) fn said(&mut self) -> &[String] {
        self.said.extend(self.output.try_iter());
        &self.said
    }

    /// Tells it a line.
    pub(crate) fn tell(&mut self, line: &str) {
        let input = self.input.as_mut().expect("it was not asked to leave");
        writeln!(input, "{line}").expect("it listens");
    }

    /// Lets it leave by itself, and waits for it.
    pub(crate) fn leave(mut self) {
        drop(self.input.take());
        let status = self.child.wait().expect("it is our child");
        assert!(status.success(), "it left with {status}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to kill.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The program.
pub(crate) fn teilgeber() -> PathBuf {
    built().join("teilgeber")
}

/// A program of this workspace that was built as an example.
pub(crate) fn example(name: &str) -> PathBuf {
    built().join("examples").join(name)
}

/// Where programs lie that were built like this test.
fn built() -> PathBuf {
    let here = std::env::current_exe().expect("a test knows where it is");
    here.ancestors().nth(2).expect("it lies in the folder of its profile").to_owned()
}

/// A script beside this file.
pub(crate) fn script(name: &str) -> String {
    format!("{}/net/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Runs `ip` with these words, and gives what it says.
fn ip(words: &str) -> String {
    ip_with(&words.split(' ').collect::<Vec<_>>())
}

fn ip_with(words: &[&str]) -> String {
    let output = Command::new("ip").args(words).output().expect("iproute2 is installed");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ip {}: {complaint}", words.join(" "));
    String::from_utf8(output.stdout).expect("text")
}
