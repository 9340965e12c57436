//! Links with the host of a code and nobody else.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use teilgeber_entry::{HostId, HostKey};
use teilgeber_link::tcp::{Limits, Listener, dial, dial_host};
use teilgeber_link::{
    CloseReason, Config, Link, LinkError, LinkInfo, VERSION, initiate, initiate_with_host, respond,
    respond_as_host,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, copy_bidirectional, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::support::{Fault, PIPE, receive_all, receive_exactly, with_middleman};

#[tokio::test]
async fn who_scanned_the_code_links_with_the_host_and_all_bytes_arrive() {
    let (left, right) = duplex(PIPE);
    let key = host(1);
    let (dialled, answered) = tokio::join!(ask_for(left, key.id()), async {
        let link = answer_as(right, key.clone()).await.unwrap();
        // Said before the proof was asked for, and still the first that is received.
        let (sender, receiver) = link.split();
        sender.send(*b"welcome").await.unwrap();
        (sender, receiver)
    });

    let (sender, mut receiver) = dialled.unwrap().split();
    assert_eq!(receive_exactly(&mut receiver, 7).await, b"welcome");
    sender.send(*b"thanks").await.unwrap();
    let (_host_sender, mut host_receiver) = answered;
    assert_eq!(receive_exactly(&mut host_receiver, 6).await, b"thanks");
}

#[tokio::test]
async fn another_host_and_a_device_that_is_none_are_refused_and_told_goodbye() {
    for answering in [Some(host(2)), None] {
        let (left, right) = duplex(PIPE);
        let asked = host(1).id();
        let (dialled, answered) = tokio::join!(ask_for(left, asked), async {
            let link = match &answering {
                Some(key) => answer_as(right, key.clone()).await,
                None => answer(right).await,
            };
            let (_sender, mut receiver) = link.unwrap().split();
            receive_all(&mut receiver).await
        });

        assert_eq!(dialled.err(), Some(LinkError::OtherHost));
        assert_eq!(answered, (Vec::new(), Ok(())));
    }
}

/// Someone who has no key but ends both handshakes, and passes on all that is said inside.
#[tokio::test]
async fn someone_in_the_middle_cannot_pass_on_the_proof() {
    let (left, middle_left) = duplex(PIPE);
    let (middle_right, right) = duplex(PIPE);
    let key = host(1);
    let evil = tokio::spawn(async move {
        let (victim, honest) = tokio::join!(answer(middle_left), dial_plainly(middle_right));
        let ((_to_victim, mut victim), (_to_honest, mut honest)) =
            (victim.unwrap().split(), honest.unwrap().split());
        tokio::join!(receive_all(&mut victim), receive_all(&mut honest))
    });

    let (dialled, answered) = tokio::join!(ask_for(left, key.id()), answer_as(right, key.clone()),);

    assert_eq!(dialled.err(), Some(LinkError::OtherHost));
    drop(answered);
    let (from_victim, _) = evil.await.unwrap();
    assert_eq!(from_victim.0, b"", "nothing was said before the proof");
}

/// Bytes that are passed on as they are cost nothing and gain nothing.
#[tokio::test]
async fn a_relay_that_changes_no_byte_is_no_harm_and_sees_no_name() {
    let (left, right, there, back) = with_middleman(Fault::None, Fault::None);
    let key = host(1);

    let (dialled, answered) = tokio::join!(ask_for(left, key.id()), answer_as(right, key.clone()),);

    assert_eq!(dialled.unwrap().handshake_hash(), answered.unwrap().handshake_hash());
    let seen = [there.lock().unwrap().clone(), back.lock().unwrap().clone()].concat();
    assert!(!seen.windows(8).any(|bytes| bytes == &key.id().as_bytes()[..8]));
}

#[tokio::test]
async fn a_host_proves_itself_on_each_link_to_who_asks_and_is_silent_to_others() {
    let key = host(1);
    let (address, _running) = hosting(key.clone()).await;

    for _ in 0..3 {
        let link = dial_host(&[address], &key.id(), &config(), LinkInfo::LAN).await.unwrap();
        assert_eq!(echoed(link, b"asked").await, b"asked");
    }
    let link = dial(address, &config(), LinkInfo::LAN).await.unwrap();
    assert_eq!(echoed(link, b"not asked").await, b"not asked");
    let other = dial_host(&[address], &host(2).id(), &config(), LinkInfo::LAN).await;
    assert_eq!(other.err(), Some(LinkError::OtherHost));
}

#[tokio::test]
async fn of_many_addresses_the_one_that_proves_itself_is_taken() {
    let key = host(1);
    let (right, _running) = hosting(key.clone()).await;
    let (wrong, _running) = hosting(host(2)).await;
    let addresses = [unreachable().await, captive_portal().await, silent().await, wrong, right];

    let link = dial_host(&addresses, &key.id(), &config(), LinkInfo::LAN).await.unwrap();

    assert_eq!(echoed(link, b"here").await, b"here");
}

#[tokio::test]
async fn where_no_address_is_the_host_the_most_telling_reason_is_given() {
    let impatient = config().handshake_within(Duration::from_millis(300));
    let other_version = LinkError::OtherVersion { theirs: VERSION + 1 };
    let (wrong, _running) = hosting(host(2)).await;
    let mut addresses = Vec::new();
    let no_address = LinkError::Unreachable(std::io::ErrorKind::AddrNotAvailable);
    let refused = LinkError::Unreachable(std::io::ErrorKind::ConnectionRefused);

    for (address, reason) in [
        (None, no_address),
        (Some(unreachable().await), refused),
        (Some(silent().await), LinkError::Late),
        (Some(captive_portal().await), LinkError::Foreign),
        (Some(newer().await), other_version),
        (Some(wrong), LinkError::OtherHost),
    ] {
        addresses.extend(address);
        let failed = dial_host(&addresses, &host(1).id(), &impatient, LinkInfo::LAN).await;
        assert_eq!(failed.err(), Some(reason), "{addresses:?}");
    }
}

#[tokio::test]
async fn no_more_addresses_are_dialled_than_a_code_holds() {
    let key = host(1);
    let (right, _running) = hosting(key.clone()).await;
    let mut addresses = vec![unreachable().await; teilgeber_link::tcp::HOST_ADDRESSES_MAX];
    addresses.push(right);

    let failed = dial_host(&addresses, &key.id(), &config(), LinkInfo::LAN).await;

    assert!(matches!(failed.err(), Some(LinkError::Unreachable(_))));
}

#[tokio::test]
async fn a_host_that_ends_the_link_instead_of_proving_itself_is_told_as_such() {
    let (left, right) = duplex(PIPE);
    let busy = async {
        let link = answer(right).await.unwrap();
        link.split().0.close(CloseReason::BUSY).await
    };

    let id = host(1).id();
    let (dialled, _) = tokio::join!(ask_for(left, id), busy);

    assert_eq!(dialled.err(), Some(LinkError::Closed(CloseReason::BUSY)));
}

#[tokio::test]
async fn a_connection_that_is_cut_at_any_byte_gives_no_link() {
    let key = host(1);
    // The answer to the handshake and the frame with the proof.
    let whole = 5 + 48 + 2 + 65 + 16;
    for cut in 0..whole {
        let (left, right, _, _) = with_middleman(Fault::None, Fault::CutAfter(cut));
        let (dialled, _) = tokio::join!(ask_for(left, key.id()), answer_as(right, key.clone()),);
        assert!(matches!(dialled.err(), Some(LinkError::Cut(_))), "after {cut} bytes");
    }
}

async fn ask_for(stream: DuplexStream, host: HostId) -> Result<Link, LinkError> {
    initiate_with_host(stream, &host, &config(), LinkInfo::LAN).await
}

async fn answer_as(stream: DuplexStream, host: HostKey) -> Result<Link, LinkError> {
    respond_as_host(stream, &host, &config(), LinkInfo::LAN).await
}

async fn dial_plainly(stream: DuplexStream) -> Result<Link, LinkError> {
    initiate(stream, &config(), LinkInfo::LAN).await
}

async fn answer(stream: DuplexStream) -> Result<Link, LinkError> {
    respond(stream, &config(), LinkInfo::LAN).await
}

fn config() -> Config {
    Config::default()
}

fn host(number: u8) -> HostKey {
    HostKey::from_bytes([number; 32])
}

/// A host on loopback that sends back what it receives.
async fn hosting(key: HostKey) -> (SocketAddr, JoinHandle<()>) {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut listener = Listener::bind(anywhere, &config(), LinkInfo::LAN, Limits::default())
        .await
        .expect("loopback");
    listener.prove_host(key);
    let address = listener.local_address().expect("an address");
    let running = tokio::spawn(async move {
        loop {
            let Ok((link, _)) = listener.accept().await else { continue };
            let (sender, mut receiver) = link.split();
            tokio::spawn(async move {
                while let Ok(Some(bytes)) = receiver.receive().await {
                    if sender.send(bytes).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, running)
}

async fn echoed(link: Link, words: &[u8]) -> Vec<u8> {
    let (sender, mut receiver) = link.split();
    sender.send(words).await.expect("the link holds");
    receive_exactly(&mut receiver, words.len()).await
}

async fn unreachable() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    listener.local_addr().expect("an address")
}

/// A server that does this with each connection.
async fn server<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// What a hotel's access point puts in everybody's way.
async fn captive_portal() -> SocketAddr {
    server(|mut stream| async move {
        let mut request = [0; 37];
        if stream.read_exact(&mut request).await.is_ok() {
            let page = "HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n";
            stream.write_all(page.as_bytes()).await.expect("it listens");
        }
    })
    .await
}

async fn newer() -> SocketAddr {
    server(|mut stream| async move {
        let preamble = [b'T', b'L', b'G', b'B', VERSION + 1];
        stream.write_all(&preamble).await.expect("it listens");
        // What the other end sends is read, so that it is not answered with a reset.
        let (mut one, mut other) = (stream, duplex(PIPE).0);
        let _whatever = copy_bidirectional(&mut one, &mut other).await;
    })
    .await
}

async fn silent() -> SocketAddr {
    server(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await
}

#[test]
fn a_host_has_another_name_for_each_link() {
    let id: HostId = host(1).id();
    assert_ne!(id.asked_on_link(&[1; 32]), id.asked_on_link(&[2; 32]));
    assert_ne!(id.asked_on_link(&[1; 32]), host(2).id().asked_on_link(&[1; 32]));
}
