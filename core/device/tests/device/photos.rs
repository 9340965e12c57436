//! Photos: a thumbnail first, the picture in chunks, last, and nothing of an erased one.

use std::time::Duration;

use teilgeber_device::model::*;
use teilgeber_device::{End, Error, Kind, PhotoError, PhotoRecord, Stay};
use teilgeber_entry::{DocumentId, Origin, SpaceId, batch};
use teilgeber_store::nouns::PHOTO;
use teilgeber_store::{Options, Store, StoreError};

use crate::support::*;

fn thumbnail(seed: u8) -> Option<Thumbnail> {
    Some(Thumbnail::new(picture(seed, 900)).unwrap())
}

fn caption(text: &str) -> Caption {
    Caption::new(text).unwrap()
}

/// Two in one event, with a session that both have.
async fn in_one_session() -> (Phone, Phone, Id, Id) {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let session = ada.device.pitch_session(event, &Session::new(line("Flour"))).unwrap();
    bob.sync(&ada).await;
    (ada, bob, event, session)
}

fn photos(phone: &Phone, session: Id) -> Vec<PhotoRecord> {
    phone.device.photos(session).unwrap()
}

/// Syncs over a pipe, until `cut` says so of what has come.
async fn sync_until(bob: &Phone, ada: &Phone, mut cut: impl FnMut() -> bool) {
    let (one, other) = tokio::io::duplex(4 * 1024);
    let both = async {
        tokio::join!(
            bob.device.sync_over(one, End::Dialled, Stay::UntilSame, |_| {}),
            ada.device.sync_over(other, End::Accepted, Stay::UntilSame, |_| {}),
        )
    };
    let watch = async {
        while !cut() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        _ = both => {}
        () = watch => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_thumbnail_comes_first_and_a_cut_link_goes_on_where_it_was() {
    let (ada, bob, _, session) = in_one_session().await;
    let whole = picture(1, 40 * 64 * 1024 + 77);
    let id = ada.device.add_photo(session, &whole, thumbnail(2), &caption("Board")).unwrap();
    let total = whole.len() as u32;

    let mut seen = Vec::new();
    for part in 1..4 {
        sync_until(&bob, &ada, || {
            let here = photos(&bob, session).first().map(|photo| photo.here);
            here.is_some_and(|here| here >= total / 5 * part)
        })
        .await;
        let [photo] = photos(&bob, session).try_into().unwrap();
        assert_eq!((photo.thumbnail, photo.bytes), (thumbnail(2), total));
        seen.push(photo.here);
        // A window that was being committed when the link was cut may have come since.
        match bob.device.photo_bytes(id) {
            Err(Error::Photo(PhotoError::OnTheWay { here, bytes })) => {
                assert!((photo.here..total).contains(&here) && bytes == total, "{here} of {bytes}");
            }
            early => assert_eq!(early.unwrap(), whole),
        }
    }
    assert!(seen.is_sorted() && (1..total).contains(&seen[0]), "{seen:?} of {total}");

    let left = u64::from(total - photos(&bob, session)[0].here);
    let report = bob.sync(&ada).await;
    assert_eq!(bob.device.photo_bytes(id).unwrap(), whole);
    assert!(report.bytes_received < left + left / 20 + 8_000, "{report:?}, {left} were left");
    assert!(ada.device.places(Kind::Photo, id).unwrap().others);
    assert!(bob.device.rebuild().unwrap().different.is_empty());
    assert_eq!(
        bob.device.digests(photos(&bob, session)[0].event).unwrap(),
        ada.device.digests(photos(&ada, session)[0].event).unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_passes_through_a_device_that_stays_linked_to_both() {
    let (ada, bob, event, session) = in_one_session().await;
    let cleo = Phone::of("Cleo");
    cleo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let server = ada.serve().await;
    let stay = |phone: &Phone| {
        let (device, address) = (phone.device.clone(), server.local_addr());
        tokio::spawn(async move { device.sync_telling(address, Stay::UntilClosed, |_| {}).await })
    };
    let staying = [stay(&bob), stay(&cleo)];
    while cleo.device.session(session).is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let whole = picture(1, 1_000_000);
    let id = cleo.device.add_photo(session, &whole, None, &caption("")).unwrap();

    let come = async {
        while bob.device.photo_bytes(id).is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), come).await.unwrap();

    assert_eq!(bob.device.photo_bytes(id).unwrap(), whole);
    drop(server);
    for link in staying {
        assert!(link.await.unwrap().is_err());
    }
}

#[test]
fn where_a_picture_was_taken_is_not_told() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let session = ada.device.pitch_session(event, &Session::new(line("Flour"))).unwrap();
    let (plain, mut taken) = (picture(1, 5_000), picture(1, 5_000));
    let told = b"Exif\0\0 52.5200 N 13.4050 E";
    let segment = [&[0xff, 0xe1, 0, told.len() as u8 + 2][..], told].concat();
    taken.splice(2..2, segment);

    let small = Some(Thumbnail::new(taken.clone()).unwrap());
    let id = ada.device.add_photo(session, &taken, small, &caption("")).unwrap();

    assert_eq!(ada.device.photo_bytes(id).unwrap(), plain);
    assert_eq!(ada.device.photo(id).unwrap().thumbnail.unwrap().as_bytes(), plain);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_comes_before_pictures_and_the_newest_picture_first() {
    let (ada, bob, event, session) = in_one_session().await;
    let old = ada.device.add_photo(session, &picture(1, 900_000), None, &caption("Old")).unwrap();
    ada.clock.pass(1000);
    let new = ada.device.add_photo(session, &picture(2, 900_000), None, &caption("New")).unwrap();
    ada.clock.pass(1000);
    ada.device.pitch_session(event, &Session::new(line("Later"))).unwrap();

    sync_until(&bob, &ada, || {
        photos(&bob, session).iter().any(|photo| photo.id == new && photo.here > 200_000)
    })
    .await;

    let here = |id| bob.device.photo(id).unwrap().here;
    assert_eq!(bob.device.sessions(event).unwrap().len(), 2);
    assert!(here(new) > 200_000);
    assert_eq!(here(old), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_is_added_while_a_link_stays_comes_over_it() {
    let (ada, bob, _, session) = in_one_session().await;
    let server = ada.serve().await;
    let staying = {
        let (device, address) = (bob.device.clone(), server.local_addr());
        tokio::spawn(async move { device.sync_telling(address, Stay::UntilClosed, |_| {}).await })
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    let whole = picture(1, 300_000);
    let id = ada.device.add_photo(session, &whole, None, &caption("")).unwrap();

    let come = async {
        while bob.device.photo_bytes(id).is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), come).await.unwrap();

    assert_eq!(bob.device.photo_bytes(id).unwrap(), whole);
    drop(server);
    assert!(staying.await.unwrap().is_err());
}

#[test]
fn the_same_picture_lies_in_an_event_once() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let pitch = |title| ada.device.pitch_session(event, &Session::new(line(title))).unwrap();
    let (one, other) = (pitch("Flour"), pitch("Bread"));
    let whole = picture(1, 500_000);
    let first = ada.device.add_photo(one, &whole, None, &caption("Board")).unwrap();
    let before = size(&ada);

    let second = ada.device.add_photo(other, &whole, None, &caption("The same")).unwrap();

    assert!(size(&ada) < before + 100_000);
    assert_eq!(ada.device.photo(first).unwrap().data, ada.device.photo(second).unwrap().data);
    ada.device.erase_photo(first).unwrap();
    assert_eq!(ada.device.photo_bytes(second).unwrap(), whole);
    ada.device.erase_photo(second).unwrap();
    assert!(photos(&ada, one).is_empty() && photos(&ada, other).is_empty());

    let again = ada.device.add_photo(one, &whole, None, &caption("Again")).unwrap();
    assert_eq!(ada.device.photo_bytes(again).unwrap(), whole);
    assert!(ada.device.rebuild().unwrap().different.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_photo_leaves_no_byte_with_who_heard_of_it() {
    let (ada, bob, event, session) = in_one_session().await;
    let words = "zugvogel";
    let id = ada.device.add_photo(session, &picture(1, 200_000), thumbnail(2), &caption(words));
    let id = id.unwrap();
    bob.sync(&ada).await;
    let (ada, sealed) = payloads(ada, event);
    assert_eq!(bob.device.search(words, 9).unwrap()[0].kind, Kind::Photo);
    assert!(sealed.len() >= 4 && found_in(&bob, &sealed) == sealed.len());

    ada.device.erase_photo(id).unwrap();
    bob.sync(&ada).await;

    assert!(photos(&bob, session).is_empty() && bob.device.search(words, 9).unwrap().is_empty());
    for phone in [&ada, &bob] {
        assert!(matches!(phone.device.photo_bytes(id), Err(Error::NotHere(_))));
        assert_eq!(found_in(phone, &sealed), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_takes_their_photos_along() {
    let (ada, bob, event, session) = in_one_session().await;
    bob.device.add_photo(session, &picture(1, 200_000), thumbnail(2), &caption("")).unwrap();
    let kept = ada.device.add_photo(session, &picture(3, 9_000), None, &caption("")).unwrap();
    let (bob, sealed) = payloads(bob, event);
    bob.sync(&ada).await;
    assert_eq!(photos(&ada, session).len(), 2);

    bob.device.leave(event).unwrap();
    bob.sync(&ada).await;

    assert_eq!(photos(&ada, session).iter().map(|it| it.id).collect::<Vec<_>>(), [kept]);
    assert!(bob.device.preview_in(event).unwrap().more.is_empty());
    for phone in [&ada, &bob] {
        assert_eq!(found_in(phone, &sealed), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_not_what_was_announced_is_never_shown() {
    let (ada, bob, event, session) = in_one_session().await;
    let (whole, other) = (picture(1, 200_000), picture(2, 200_000));
    let announced = Photo {
        session,
        caption: caption("Board"),
        media: MediaType::Jpeg,
        length: PhotoLength::new(200_000).unwrap(),
        hash: Digest::new(*blake3::hash(&whole).as_bytes()),
        data: Id::new([0; 32]),
        thumbnail: None,
    };
    let longer = Photo { length: PhotoLength::new(270_000).unwrap(), ..announced.clone() };
    let (space, clock) = (SpaceId::from_bytes(*event.as_bytes()), ada.clock.clone());
    let Phone { device, home, .. } = ada;
    drop(device);
    let store = Store::open(home.path(), &Options::default()).unwrap().0;
    let put = store.write(MORNING, &[9; 32], |edit| {
        let data = edit.attach(&space, &announced, &other)?;
        let mut ids = Vec::new();
        for photo in [&announced, &longer] {
            let photo = Photo { data: Id::new(*data.as_bytes()), ..photo.clone() };
            let generation = edit.fresh_number(&space, PHOTO)?;
            ids.push(edit.put(&space, PHOTO, Origin::Singleton { generation }, photo.encode())?);
        }
        Ok::<_, StoreError>(ids)
    });
    let [wrong, short] = put.unwrap().0.try_into().unwrap();
    drop(store);
    let ada = Phone::open(home, clock);

    bob.sync(&ada).await;

    let shown = |id: DocumentId| bob.device.photo_bytes(Id::new(*id.as_bytes()));
    assert!(matches!(shown(wrong), Err(Error::Photo(PhotoError::NotIt))));
    let on_the_way = PhotoError::OnTheWay { here: 0, bytes: 270_000 };
    assert!(matches!(shown(short), Err(Error::Photo(why)) if why == on_the_way));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_off_the_record_has_no_photos() {
    let (ada, bob, _, session) = in_one_session().await;
    let whole = picture(1, 1000);
    let id = bob.device.add_photo(session, &whole, None, &caption("Board")).unwrap();
    ada.sync(&bob).await;
    assert_eq!(photos(&ada, session).len(), 1);

    let strict = Session::new(line("Flour")).with_policy(Policy::OffTheRecord);
    ada.device.edit_session(session, &strict).unwrap();
    bob.sync(&ada).await;

    let refused = bob.device.add_photo(session, &whole, None, &caption(""));
    assert!(matches!(refused, Err(Error::Photo(PhotoError::OffTheRecord))));
    assert!(photos(&ada, session).is_empty());
    assert!(matches!(ada.device.photo_bytes(id), Err(Error::NotHere(_))));
    assert_eq!(photos(&bob, session).len(), 1);
    bob.device.erase_photo(id).unwrap();
}

#[test]
fn what_is_no_photo_is_refused() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let session = ada.device.pitch_session(event, &Session::new(line("Flour"))).unwrap();
    let add = |bytes: &[u8]| ada.device.add_photo(session, bytes, None, &caption(""));

    assert!(matches!(add(b"GIF89a"), Err(Error::Photo(PhotoError::OtherKind))));
    let large = picture(1, PHOTO_MAX_BYTES as usize + 1);
    assert!(matches!(add(&large), Err(Error::Photo(PhotoError::TooLarge))));
    assert!(photos(&ada, session).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_photo_is_named_before_one_is_taken() {
    let (ada, bob, event, session) = in_one_session().await;
    let cleo = Phone::of("Cleo");
    cleo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    for (phone, name, consent) in [
        (&bob, "Bob", Some(PhotoConsent::Ask)),
        (&cleo, "Cleo", Some(PhotoConsent::No)),
        (&ada, "Ada", None),
    ] {
        let mut mine = profile(name, Audience::Event);
        mine.set_photo_consent(Shared::new(consent, Audience::Event));
        phone.device.set_profile(&mine).unwrap();
        phone.device.appear_in(event, true).unwrap();
    }
    cleo.sync(&ada).await;
    bob.sync(&ada).await;

    let names = |list: Vec<teilgeber_device::Asked>| -> Vec<String> {
        list.into_iter().map(|one| one.name.unwrap().to_string()).collect()
    };
    let here = ada.device.photo_consent_in(session).unwrap();
    assert_eq!((names(here.no), names(here.ask)), (vec!["Cleo".into()], vec!["Bob".into()]));
    let there = bob.device.photo_consent_in(event).unwrap();
    assert_eq!((names(there.no), names(there.ask)), (vec!["Ada".into(), "Cleo".into()], vec![]));
}

/// Bytes of the database when all of the log is in it.
fn size(phone: &Phone) -> u64 {
    phone.device.tidy().unwrap();
    std::fs::metadata(phone.home.path().join(teilgeber_store::DATABASE)).unwrap().len()
}

/// What lies in the log of photos and their pictures, sealed, each by its first bytes.
fn payloads(phone: Phone, event: Id) -> (Phone, Vec<Vec<u8>>) {
    let Phone { device, home, clock } = phone;
    drop(device);
    let store = Store::open(home.path(), &Options::default()).unwrap().0;
    let sealed = store.read(|view| {
        let space = view.space(&SpaceId::from_bytes(*event.as_bytes()))?;
        let ids: Vec<_> = view.items(&space)?.into_iter().map(|(_, id)| id).collect();
        let (bytes, _) = view.pack(&space, &ids, false, usize::MAX)?;
        Ok(batch::decode(&bytes, &space.id, None)?)
    });
    let sealed = sealed.unwrap().into_iter().filter(|parcel| {
        let header = parcel.envelope.header();
        header.kind == teilgeber_entry::Kind::Chunk || header.payload_len > 900
    });
    let sealed = sealed.map(|parcel| parcel.payload.bytes().unwrap()[..200].to_vec()).collect();
    drop(store);
    (Phone::open(home, clock), sealed)
}

/// How many of these stand anywhere in the files of a device.
fn found_in(phone: &Phone, pieces: &[Vec<u8>]) -> usize {
    phone.device.tidy().unwrap();
    let files = std::fs::read_dir(phone.home.path()).unwrap();
    let all: Vec<u8> =
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    // A page holds the beginning of a payload whole.
    let begins = |piece: &&Vec<u8>| all.windows(16).any(|window| window == &piece[..16]);
    pieces.iter().filter(begins).count()
}
