//! Pictures in chunks: whole whatever the order, last on a link, and nothing of what a hostile person says.

use proptest::prelude::*;
use teilgeber_entry::content::Body;
use teilgeber_entry::{
    AuthorKey, Binding, Content, DocumentId, Draft, EntryId, Kind, Origin, PersonKey, SpaceId,
    batch,
};
use teilgeber_model::{
    CHUNK_BYTES, Caption, Digest, Id, MediaType, PHOTO_MAX_BYTES, Photo, PhotoLength,
    Published as _,
};
use teilgeber_store::nouns::{PHOTO, PHOTO_DATA, photo};
use teilgeber_store::{Keys, NewSpace, Packing, Picture, Role};

use crate::world::{EventKey, Phone, founded};

const SESSION: [u8; 32] = [7; 32];

pub(crate) fn picture(seed: u8, bytes: usize) -> Vec<u8> {
    let mut picture = vec![0; bytes];
    blake3::Hasher::new().update(&[seed]).finalize_xof().fill(&mut picture);
    picture[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
    picture
}

pub(crate) fn said(picture: &[u8], data: DocumentId) -> Photo {
    Photo {
        session: Id::new(SESSION),
        caption: Caption::new("Board").unwrap(),
        media: MediaType::Jpeg,
        length: PhotoLength::new(picture.len() as u32).unwrap(),
        hash: Digest::new(*blake3::hash(picture).as_bytes()),
        data: Id::new(*data.as_bytes()),
        thumbnail: None,
    }
}

fn put(phone: &mut Phone, space: &SpaceId, photo: &Photo) -> DocumentId {
    phone.write(|edit| {
        let generation = edit.fresh_number(space, PHOTO)?;
        edit.put(space, PHOTO, Origin::Singleton { generation }, photo.encode())
    })
}

fn add(phone: &mut Phone, space: &SpaceId, picture: &[u8]) -> DocumentId {
    let photo = said(picture, DocumentId::NONE);
    let data = phone.write(|edit| edit.attach(space, &photo, picture));
    put(phone, space, &said(picture, data))
}

fn seen(phone: &Phone, space: &SpaceId, id: &DocumentId) -> Picture {
    let seen = phone.store.read(|view| {
        let it = photo::get(view.connection(), id)?.unwrap();
        view.picture(&view.space(space)?, &it.person, &it.photo)
    });
    seen.unwrap()
}

pub(crate) fn wanted(phone: &Phone, space: &SpaceId, page: usize) -> Vec<EntryId> {
    let wanted = phone.store.read(|view| {
        let space = view.space(space)?;
        let mut all: Vec<EntryId> = Vec::new();
        loop {
            let next = view.wanted(&space, all.last().copied(), page)?;
            if next.is_empty() {
                return Ok(all);
            }
            all.extend(next);
        }
    });
    wanted.unwrap()
}

/// Packed one by one, as `packing` says.
pub(crate) fn packed(
    phone: &Phone,
    space: &SpaceId,
    ids: &[EntryId],
    packing: Packing,
) -> Vec<Vec<u8>> {
    let packed = phone.store.read(|view| {
        let space = view.space(space)?;
        ids.iter()
            .map(|id| Ok(view.pack_as(&space, &[*id], packing, false, usize::MAX)?.0))
            .collect()
    });
    packed.unwrap()
}

fn in_order(phone: &Phone, space: &SpaceId) -> Vec<EntryId> {
    let ids = phone.store.read(|view| {
        let space = view.space(space)?;
        let ids: Vec<EntryId> = view.items(&space)?.into_iter().map(|(_, id)| id).collect();
        view.in_sending_order(&space, &ids)
    });
    ids.unwrap()
}

/// Two in one event; the first has two photos, of which the second knows all but the pictures.
fn announced() -> (EventKey, Phone, Phone, [DocumentId; 2]) {
    let (event, mut ada) = founded(1);
    let space = event.id();
    let photos = [3, 4].map(|seed| add(&mut ada, &space, &picture(seed, 200_000)));
    let mut bela = Phone::new(2, &event);
    let ids = in_order(&ada, &space);
    bela.take(&space, &packed(&ada, &space, &ids, Packing::ChunksLater));
    (event, ada, bela, photos)
}

#[test]
fn what_is_said_comes_without_the_picture_and_the_newest_is_asked_for_first() {
    let (event, ada, mut bela, [old, new]) = announced();
    let space = event.id();
    let rest = wanted(&bela, &space, 3);

    assert_eq!(rest.len(), 8);
    assert_eq!(wanted(&bela, &space, 100), rest);
    assert_eq!(seen(&bela, &space, &new), Picture::Partly(0));
    bela.take(&space, &packed(&ada, &space, &rest[..4], Packing::Payloads));
    assert_eq!(seen(&bela, &space, &new), Picture::Whole(picture(4, 200_000)));
    assert_eq!(seen(&bela, &space, &old), Picture::Partly(0));
    // Who has no payload packs none.
    assert!(packed(&bela, &space, &rest[4..5], Packing::Payloads)[0].len() < 64);
    assert!(bela.rebuild().is_empty());
}

#[test]
fn a_courier_carries_the_picture_without_reading_it() {
    let (event, ada, mut bela, [_, new]) = announced();
    let space = event.id();
    let mut courier = Phone::bare(9);
    let keys = Keys::Courier(space, event.key.carry_key());
    courier.write(|edit| {
        edit.hold_space(&NewSpace { role: Role::Carried, keys, founder: None, owner: None })
    });
    let ids = in_order(&ada, &space);
    courier.take(&space, &packed(&ada, &space, &ids, Packing::ChunksLater));
    let rest = wanted(&courier, &space, 100);
    courier.take(&space, &packed(&ada, &space, &rest, Packing::Payloads));

    bela.take(&space, &packed(&courier, &space, &rest, Packing::Payloads));

    assert_eq!(seen(&bela, &space, &new), Picture::Whole(picture(4, 200_000)));
    assert_eq!(bela.state(&space), ada.state(&space));
}

#[test]
fn a_restored_backup_adds_its_picture_again_when_its_branch_is_lost() {
    for round in 0..4 {
        let (event, mut ada) = founded(1);
        let space = event.id();
        ada.appear(&space, "Ada");
        let mut twin = ada.copy(200 + round);
        let (one, other) = (picture(3, 150_000), picture(4, 150_000));
        let first = add(&mut ada, &space, &one);
        let second = add(&mut twin, &space, &other);

        for _ in 0..2 {
            twin.take_all(&space, &ada);
            ada.take_all(&space, &twin);
        }

        assert_eq!(ada.state(&space), twin.state(&space));
        for phone in [&ada, &twin] {
            assert_eq!(seen(phone, &space, &first), Picture::Whole(one.clone()));
            assert_eq!(seen(phone, &space, &second), Picture::Whole(other.clone()));
        }
    }
}

/// Entries that somebody wrote with another program: chunks, of the person's document with `number`.
fn forged(event: &EventKey, person: u8, number: u32, chunks: &[Body]) -> (DocumentId, Vec<u8>) {
    let (space, author) = (event.id(), AuthorKey::from_bytes([person + 77; 32]));
    let binding = Binding::direct(&PersonKey::from_bytes([person; 32]), &space, &author.id());
    let who = binding.person();
    let mut binding = Some(binding.seal(&event.key, &author.id()));
    let origin = Origin::Singleton { generation: number };
    let id = origin.document(&event.key, PHOTO_DATA, &author.id(), 1, Some(&who)).unwrap();
    let mut parcels = Vec::new();
    let mut prev = [0; 32];
    for (seq, body) in (1..).zip(chunks) {
        let binding = binding.take().unwrap_or_default();
        let draft = Draft { document: id, seq, prev, time: 9, binding };
        let content = Content { noun: PHOTO_DATA, origin, body: body.clone() };
        let parcel = draft.sign(&event.key, &author, &content, &[1; 16]).unwrap();
        prev = *parcel.envelope.id().as_bytes();
        parcels.push(parcel);
    }
    let (bytes, count) = batch::encode(&parcels, None, usize::MAX);
    assert_eq!(count, parcels.len());
    (id, bytes)
}

fn chunk(index: u32, count: u32, bytes: &[u8]) -> Body {
    Body::Chunk { index, count, bytes: bytes.to_vec() }
}

#[test]
fn what_another_program_says_of_a_picture_shows_nothing_and_costs_no_room() {
    let (event, mut ada) = founded(1);
    let space = event.id();
    let whole = picture(3, 150_000);
    let pieces: Vec<&[u8]> = whole.chunks(CHUNK_BYTES as usize).collect();
    let hostile = [
        chunk(0, u32::MAX, pieces[0]),
        chunk(PHOTO_MAX_BYTES.div_ceil(CHUNK_BYTES), u32::MAX, b"x"),
        chunk(0, 3, &[pieces[0], b"more"].concat()),
        chunk(0, 3, pieces[0]),
        chunk(2, 3, pieces[2]),
    ];
    let (data, bytes) = forged(&event, 1, 5, &hostile);
    ada.take(&space, &[bytes]);
    let id = put(&mut ada, &space, &said(&whole, data));

    // The second of three is missing.
    let here = (pieces[0].len() + pieces[2].len()) as u32;
    assert_eq!(seen(&ada, &space, &id), Picture::Partly(here));
    assert!(ada.rebuild().is_empty());
}

#[test]
fn nobody_adds_a_chunk_to_somebody_elses_picture() {
    let (event, mut ada) = founded(1);
    let space = event.id();
    let whole = picture(3, 100);
    let (_, theirs) = forged(&event, 2, 5, &[chunk(0, 1, &whole)]);
    ada.take(&space, &[theirs]);
    let (data, _) = forged(&event, 2, 5, &[]);

    let id = put(&mut ada, &space, &said(&whole, data));

    assert_eq!(seen(&ada, &space, &id), Picture::Partly(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_picture_is_the_same_in_whatever_order_its_chunks_come(
        order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(),
        cuts in prop::collection::vec(1..8_usize, 0..3),
        again in 0..8_usize,
    ) {
        let (event, ada, mut bela, photos) = announced();
        let space = event.id();
        let rest = wanted(&bela, &space, 100);
        let payloads = packed(&ada, &space, &rest, Packing::Payloads);

        let mut cuts = [&cuts[..], &[0, 8]].concat();
        cuts.sort_unstable();
        for pair in cuts.windows(2) {
            let some: Vec<Vec<u8>> =
                order[pair[0]..pair[1]].iter().map(|at| payloads[*at].clone()).collect();
            bela.take(&space, &some);
        }
        bela.take(&space, &payloads[again..=again]);

        prop_assert_eq!(bela.state(&space), ada.state(&space));
        for (id, seed) in photos.iter().zip([3, 4]) {
            prop_assert_eq!(seen(&bela, &space, id), Picture::Whole(picture(seed, 200_000)));
        }
        prop_assert!(bela.rebuild().is_empty());
    }
}

#[test]
fn an_erased_picture_is_not_asked_for_any_more() {
    let (event, mut ada, mut bela, [old, new]) = announced();
    let space = event.id();
    for id in [old, new] {
        let it = ada.store.read(|view| Ok(photo::get(view.connection(), &id)?)).unwrap().unwrap();
        let rest = wanted(&bela, &space, 100);
        let late = packed(&ada, &space, &rest, Packing::Payloads);
        ada.write(|edit| edit.erase(&space, &id).and(edit.erase(&space, &it.data())));

        bela.take(&space, &packed(&ada, &space, &in_order(&ada, &space), Packing::ChunksLater));
        assert_eq!(wanted(&bela, &space, 100).len(), rest.len() - 4);
        // A payload that was under way meanwhile is not kept.
        bela.take(&space, &late[late.len() - 1..]);
    }

    let kinds = bela.store.read(|view| {
        let db = view.connection();
        let sql = "SELECT count(*) FROM payload JOIN entry ON entry.num = entry WHERE kind = ?1";
        Ok(db.query_row(sql, [Kind::Chunk.as_u8()], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(kinds.unwrap(), 0);
    assert!(bela.rebuild().is_empty());
}
