//! Two and three devices come to know the same.

use teilgeber_device::model::*;
use teilgeber_device::{Error, Outcome, SpaceKind};

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_comes_to_whoever_joined_it() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    assert_eq!(bob.device.join(&code).unwrap().event, event);
    assert_eq!(bob.device.event(event).unwrap().event, None);

    let report = bob.sync(&ada).await;

    assert_eq!(bob.device.event(event).unwrap().event, Some(camp()));
    let [space] = report.spaces.as_slice() else { panic!("{report:?}") };
    assert_eq!((space.space, space.kind, space.outcome), (event, SpaceKind::Event, Outcome::Same));
    assert_eq!((space.sent, space.received), (0, 1));
    assert_eq!(space.peer, ada.device.author_in(event).unwrap());
    assert_eq!(report.to_string(), "Barcamp Mill: received 1");
    assert_eq!(bob.sync(&ada).await.to_string(), "Barcamp Mill: same");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_share_nothing_are_told_so() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));

    let refused = bob.try_sync(&ada).await;

    assert!(matches!(refused, Err(Error::NothingInCommon)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_at_an_address_is_told_so() {
    let ada = Phone::of("Ada");
    let address = ada.serve().await.local_addr();

    let refused = ada.device.sync_with(address).await;

    assert!(matches!(refused, Err(Error::CheckAddress)), "{refused:?}");
}
