//! Links over streams in memory: what both ends see, and what each kind of damage becomes.

use teilgeber_link::{Config, Link, LinkInfo, Role, initiate, respond};
use tokio::io::{AsyncRead, AsyncWrite, duplex};

#[tokio::test]
async fn both_ends_see_one_handshake_hash_and_two_roles() {
    let (left, right) = duplex(1024);

    let (left, right) = link_over(left, right).await;

    assert_eq!(left.handshake_hash(), right.handshake_hash());
    assert_eq!((left.role(), right.role()), (Role::Initiator, Role::Responder));
}

#[tokio::test]
async fn bytes_arrive_in_order() {
    let (left, right) = duplex(1024);
    let (left, right) = link_over(left, right).await;
    let (sender, _keep) = left.split();
    let (_keep, mut receiver) = right.split();
    let sent: Vec<u8> = (0..200_000_u32).map(|n| n as u8).collect();

    let sending = async {
        sender.send(sent.clone()).await.unwrap();
        sender
    };
    let receiving = async {
        let mut received = Vec::new();
        while received.len() < sent.len() {
            received.extend(receiver.receive().await.unwrap().unwrap());
        }
        received
    };
    let (_sender, received) = tokio::join!(sending, receiving);

    assert_eq!(received, sent);
}

async fn link_over<S, T>(left: S, right: T) -> (Link, Link)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let config = Config::default();
    let (left, right) = tokio::join!(
        initiate(left, &config, LinkInfo::LAN),
        respond(right, &config, LinkInfo::LAN)
    );
    (left.unwrap(), right.unwrap())
}
