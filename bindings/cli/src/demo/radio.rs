//! A bad radio: carries a connection to another device, and goes dead after so many bytes.
//!
//! It stands between two devices as a stream of bytes only. What it carries is encrypted end to end
//! and passes unread.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// Bytes that it carries at once: few, so that it goes dead where it is told.
const CHUNK: usize = 1024;

/// A radio that carries one connection.
#[derive(Debug)]
pub(super) struct Radio {
    address: SocketAddr,
    dead: Receiver<TcpStream>,
}

impl Radio {
    /// A radio to `target` that goes dead once it brought `bytes` from there.
    pub(super) fn to(target: SocketAddr, bytes: u64) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (tell, dead) = channel();
        thread::spawn(move || carry(&listener, target, bytes, &tell));
        Ok(Self { address, dead })
    }

    /// Where to dial.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it is dead. Until what this gives is dropped, both ends hear nothing, and not
    /// that the connection is gone either. `None` when it did not go dead in time, or the connection
    /// ended before.
    pub(super) fn wait_until_dead(&self, timeout: Duration) -> Option<TcpStream> {
        self.dead.recv_timeout(timeout).ok()
    }
}

/// Carries one connection. An error ends it, as it would on the air.
fn carry(listener: &TcpListener, target: SocketAddr, bytes: u64, tell: &Sender<TcpStream>) {
    let carried = || -> io::Result<TcpStream> {
        let (caller, _) = listener.accept()?;
        let called = TcpStream::connect(target)?;
        let (from, to) = (caller.try_clone()?, called.try_clone()?);
        thread::spawn(move || {
            let _ended = pass(&from, &to, u64::MAX);
        });
        let passed = pass(&called, &caller, bytes)?;
        if passed < bytes {
            caller.shutdown(Shutdown::Both)?;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(called)
    };
    if let Ok(stream) = carried() {
        // Nobody waits any more: then the connection ends here.
        let _dropped = tell.send(stream);
    }
}

/// Passes on at most `bytes`, and says how many it were.
fn pass(mut from: &TcpStream, mut to: &TcpStream, bytes: u64) -> io::Result<u64> {
    let mut chunk = [0; CHUNK];
    let mut passed = 0;
    while passed < bytes {
        let most = usize::try_from(bytes - passed).unwrap_or(CHUNK).min(CHUNK);
        let read = from.read(&mut chunk[..most])?;
        if read == 0 {
            to.shutdown(Shutdown::Write)?;
            break;
        }
        to.write_all(&chunk[..read])?;
        passed += read as u64;
    }
    Ok(passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    /// Somebody who sends `bytes` to whoever dials.
    fn speaker(bytes: usize) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut caller, _) = listener.accept().unwrap();
            let _sent = caller.write_all(&vec![7; bytes]);
        });
        address
    }

    #[test]
    fn it_goes_dead_after_just_so_many_bytes() {
        let radio = Radio::to(speaker(100_000), 5_000).unwrap();
        let mut caller = TcpStream::connect(radio.address()).unwrap();

        let mut received = vec![0; 5_000];
        caller.read_exact(&mut received).unwrap();

        assert!(radio.wait_until_dead(SOON).is_some());
        caller.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        assert!(caller.read(&mut received).is_err() || caller.read(&mut received).unwrap() == 0);
    }

    #[test]
    fn a_connection_that_ends_before_leaves_it_alive() {
        let radio = Radio::to(speaker(10), 5_000).unwrap();
        let mut caller = TcpStream::connect(radio.address()).unwrap();

        let mut received = Vec::new();
        caller.read_to_end(&mut received).unwrap();

        assert_eq!(received.len(), 10);
        assert!(radio.wait_until_dead(SOON).is_none());
    }
}
