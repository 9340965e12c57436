//! Links over real sockets on loopback, and what a listener does in a flood.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use teilgeber_link::tcp::{Limits, Listener, dial};
use teilgeber_link::{CloseReason, Config, Link, LinkError, LinkInfo, VERSION};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::support::{receive_all, receive_exactly};

#[tokio::test]
async fn those_who_dial_and_those_who_listen_exchange_bytes() {
    let mut listener = listen(Limits::default()).await;
    let address = listener.local_address().unwrap();
    let config = Config::default();

    let (dialled, accepted) =
        tokio::join!(dial(address, &config, LinkInfo::LAN), listener.accept());
    let (dialled, (accepted, from)) = (dialled.unwrap(), accepted.unwrap());

    assert_eq!(dialled.handshake_hash(), accepted.handshake_hash());
    assert_eq!(from.ip(), address.ip());
    let ((left, mut left_receiver), (right, mut right_receiver)) =
        (dialled.split(), accepted.split());
    left.send(*b"question").await.unwrap();
    assert_eq!(receive_exactly(&mut right_receiver, 8).await, b"question");
    right.send(*b"answer").await.unwrap();
    assert_eq!(receive_exactly(&mut left_receiver, 6).await, b"answer");
    let (closed, (_, end)) =
        tokio::join!(left.close(CloseReason::DONE), receive_all(&mut right_receiver));
    assert_eq!((closed, end), (Ok(()), Ok(())));
}

#[tokio::test]
async fn links_outlive_their_listener() {
    let mut listener = listen(Limits::default()).await;
    let address = listener.local_address().unwrap();
    let config = Config::default();
    let (dialled, accepted) =
        tokio::join!(dial(address, &config, LinkInfo::LAN), listener.accept());
    let (sender, _keep) = dialled.unwrap().split();
    let (_keep, mut receiver) = accepted.unwrap().0.split();

    drop(listener);

    sender.send(*b"still here").await.unwrap();
    assert_eq!(receive_exactly(&mut receiver, 10).await, b"still here");
}

#[tokio::test]
async fn one_socket_takes_those_who_come_over_ipv4_and_over_ipv6() {
    let config = Config::default();
    let mut listener =
        Listener::bind_everywhere(0, &config, LinkInfo::LAN, Limits::default()).await.unwrap();
    let port = listener.local_address().unwrap().port();

    for ip in [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)] {
        let (dialled, accepted) = tokio::join!(
            dial(SocketAddr::new(ip, port), &config, LinkInfo::LAN),
            listener.accept()
        );
        dialled.unwrap();
        assert_eq!(accepted.unwrap().1.ip(), ip, "as what it was dialled");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_over_ipv6_is_not_taken_over_ipv4_in_its_place() {
    let config = Config::default();
    let listens = |port| Listener::bind_everywhere(port, &config, LinkInfo::LAN, Limits::default());
    let first = listens(0).await.unwrap();
    let port = first.local_address().unwrap().port();

    let second = listens(port).await;

    assert_eq!(second.err().map(|error| error.kind()), Some(std::io::ErrorKind::AddrInUse));
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_unreachable() {
    let listener = listen(Limits::default()).await;
    let address = listener.local_address().unwrap();
    drop(listener);

    let dialled = dial(address, &Config::default(), LinkInfo::LAN).await;

    let refused = LinkError::Unreachable(std::io::ErrorKind::ConnectionRefused);
    assert_eq!(dialled.err(), Some(refused));
}

#[tokio::test]
async fn a_flood_of_silent_connections_disturbs_nobody_and_keeps_nobody_out() {
    let (address, _echo) = echo(Limits::default()).await;
    let config = Config::default();
    let (sender, mut receiver) = dial(address, &config, LinkInfo::LAN).await.unwrap().split();

    let mut flood = Vec::new();
    for _ in 0..200 {
        flood.push(TcpStream::connect(address).await.unwrap());
    }
    let began = Instant::now();
    let newcomer = tokio::spawn(async move { dial(address, &config, LinkInfo::LAN).await });
    let mut slowest = Duration::ZERO;
    while !newcomer.is_finished() {
        let asked = Instant::now();
        sender.send(*b"ping").await.unwrap();
        assert_eq!(receive_exactly(&mut receiver, 4).await, b"ping");
        slowest = slowest.max(asked.elapsed());
        sleep(Duration::from_millis(5)).await;
    }

    newcomer.await.unwrap().expect("an honest newcomer gets in");
    assert!(began.elapsed() < Duration::from_secs(8), "it waited {:?}", began.elapsed());
    assert!(slowest < Duration::from_secs(1), "an answer took {slowest:?}");
    drop(flood);
}

#[tokio::test]
async fn who_comes_when_all_places_are_taken_is_told_and_gets_in_later() {
    let links = NonZeroUsize::new(3).unwrap();
    let (address, _echo) = echo(Limits { links, ..Limits::default() }).await;
    let config = Config::default();
    let mut held = Vec::new();
    for _ in 0..links.get() {
        held.push(working(dial(address, &config, LinkInfo::LAN).await.unwrap()).await);
    }

    let (_sender, mut turned_away) = dial(address, &config, LinkInfo::LAN).await.unwrap().split();
    assert_eq!(turned_away.receive().await, Err(LinkError::Closed(CloseReason::BUSY)));
    drop(held.pop());

    let got_in = async {
        loop {
            let (sender, mut receiver) =
                dial(address, &config, LinkInfo::LAN).await.unwrap().split();
            sender.send(*b"ping").await.unwrap();
            match receiver.receive().await {
                Err(LinkError::Closed(CloseReason::BUSY)) => {}
                other => return other,
            }
        }
    };
    let got_in = timeout(Duration::from_secs(5), got_in).await;
    assert_eq!(got_in.expect("a place becomes free"), Ok(Some(b"ping".to_vec())));
}

/// Only Linux answers to all of 127.0.0.0/8.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_flood_from_one_address_crowds_out_itself() {
    let mut listener = listen(Limits::default()).await;
    let address = listener.local_address().unwrap();
    let elsewhere = TcpSocket::new_v4().unwrap();
    elsewhere.bind(SocketAddr::from(([127, 0, 0, 2], 0))).unwrap();
    let slow_but_honest = elsewhere.connect(address).await.unwrap();
    let mut flood = Vec::new();
    for _ in 0..100 {
        flood.push(TcpStream::connect(address).await.unwrap());
    }

    // Long enough for the whole flood to be taken in.
    let nobody = timeout(Duration::from_millis(1500), listener.accept()).await;
    assert!(nobody.is_err(), "a silent connection ended otherwise: {nobody:?}");
    let config = Config::default();
    let (linked, accepted) = tokio::join!(
        teilgeber_link::initiate(slow_but_honest, &config, LinkInfo::LAN),
        listener.accept()
    );

    assert!(linked.is_ok());
    assert_eq!(accepted.unwrap().1.ip(), Ipv4Addr::new(127, 0, 0, 2));
}

#[tokio::test]
async fn a_silent_connection_is_given_up_in_time() {
    let config = Config::default().handshake_within(Duration::from_millis(100));
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut listener =
        Listener::bind(anywhere, &config, LinkInfo::LAN, Limits::default()).await.unwrap();
    let mut silent = TcpStream::connect(listener.local_address().unwrap()).await.unwrap();

    let given_up = listener.accept().await;

    assert_eq!(given_up.err(), Some(LinkError::Late));
    assert_eq!(silent.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn another_version_is_told_ours_over_tcp() {
    let mut listener = listen(Limits::default()).await;
    let address = listener.local_address().unwrap();
    let newer = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&[&b"TLGB\x09"[..], &[7; 1000]].concat()).await.unwrap();
        let mut told = Vec::new();
        stream.read_to_end(&mut told).await.unwrap();
        told
    };

    let (told, refused) = tokio::join!(newer, listener.accept());

    assert_eq!(told, [b'T', b'L', b'G', b'B', VERSION]);
    assert_eq!(refused.err(), Some(LinkError::OtherVersion { theirs: 9 }));
}

async fn listen(limits: Limits) -> Listener {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Listener::bind(anywhere, &Config::default(), LinkInfo::LAN, limits)
        .await
        .expect("loopback has a free port")
}

/// A listener whose links send back what they receive.
async fn echo(limits: Limits) -> (SocketAddr, JoinHandle<()>) {
    let mut listener = listen(limits).await;
    let address = listener.local_address().expect("it is bound");
    let serving = tokio::spawn(async move {
        loop {
            // Errors are those of the flood, which is what the tests are about.
            let Ok((link, _)) = listener.accept().await else { continue };
            tokio::spawn(async move {
                let (sender, mut receiver) = link.split();
                while let Ok(Some(bytes)) = receiver.receive().await {
                    if sender.send(bytes).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, serving)
}

/// Waits until the echo at the other end answers, so that the link has its place.
async fn working(link: Link) -> (teilgeber_link::Sender, teilgeber_link::Receiver) {
    let (sender, mut receiver) = link.split();
    sender.send(*b"ping").await.expect("the link is open");
    assert_eq!(receive_exactly(&mut receiver, 4).await, b"ping");
    (sender, receiver)
}
