//! What leaves a device, and what does not.

use std::path::Path;

use teilgeber_device::model::*;
use teilgeber_device::{MetAt, NoteFilter, Places};
use teilgeber_entry::{batch, seal};
use teilgeber_store::{Options, Role, Store};

use crate::support::*;

const SECRET: &str = "zugvogel";

/// A profile whose name the contacts see, whose links the event sees, and whose bio nobody.
fn guarded_profile(name: &str) -> Profile {
    let mut profile = profile(name, Audience::Event);
    profile.set_bio(Shared::new(Bio::new(SECRET).unwrap(), Audience::Me));
    let tag = Interest { tag: Tag::new("flour").unwrap(), level: None };
    profile.set_hashtags(Shared::new(List::new(vec![tag]).unwrap(), Audience::Contacts));
    profile
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_me_alone_is_in_no_entry_of_another_space() {
    let (ada, bob) = (Phone::of("Ada"), Phone::silent());
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bob.device.set_profile(&guarded_profile("Bob")).unwrap();
    bob.device.appear_in(event, true).unwrap();
    bob.device.create_note(&note(SECRET).with_event(Some(event))).unwrap();
    let showing = ada.device.show_code(&[], Some(event)).unwrap();
    let place = MetAt { place: Some(line(SECRET)), ..MetAt::default() };
    bob.device.scan(&showing.text, &place).unwrap();
    bob.device.answer(ada.person()).unwrap();
    bob.sync(&ada).await;
    bob.sync(&ada).await;

    assert!(ada.device.contact(bob.person()).unwrap().contact.is_confirmed());
    let (ada_home, bob_home) = (close(ada), close(bob));
    let written = written_for_others(bob_home.path());
    assert!(contains(&written, "Bob") && contains(&written, "flour"));
    assert!(!contains(&written, SECRET));
    assert!(!contains(&everything_in(ada_home.path()), SECRET));
}

#[test]
fn nothing_is_published_before_somebody_says_so() {
    let ada = Phone::silent();
    ada.device.create_event(&camp()).unwrap();
    let mut mine = guarded_profile("Ada");
    for field in Field::ALL {
        let value = mine.get(field).value;
        mine.set(Shared::new(value, Audience::Me));
    }

    ada.device.set_profile(&mine).unwrap();
    ada.device.set_profile(&mine).unwrap();

    let home = close(ada);
    let store = Store::open(home.path(), &Options::default()).unwrap().0;
    let counts = store.read(|view| {
        let spaces = view.spaces()?.into_iter();
        spaces.map(|space| Ok((space.role, view.items(&space)?.len()))).collect()
    });
    let counts: Vec<(Role, usize)> = counts.unwrap();
    assert_eq!(counts, [(Role::Own, 1), (Role::Card, 0), (Role::Event, 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_narrowed_is_gone_from_what_others_have() {
    let (ada, bob) = (Phone::silent(), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let mut open = profile("Ada", Audience::Event);
    open.set_bio(Shared::new(Bio::new(SECRET).unwrap(), Audience::Event));
    ada.device.set_profile(&open).unwrap();
    ada.device.appear_in(event, true).unwrap();
    bob.sync(&ada).await;
    let bio = || bob.device.participants(event, None, 9).unwrap().0[0].card.bio().to_string();
    assert_eq!(bio(), SECRET);
    assert_eq!(bob.device.search(SECRET, 9).unwrap().len(), 1);

    let mut narrowed = open.clone();
    narrowed.set_bio(Shared::new(Bio::new(SECRET).unwrap(), Audience::Contacts));
    ada.device.set_profile(&narrowed).unwrap();
    bob.sync(&ada).await;

    assert_eq!(bio(), "");
    bob.device.tidy().unwrap();
    assert!(!contains(&everything_in(close(bob).path()), SECRET));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_withdraws_from_an_event_is_gone_there_and_may_come_back() {
    let (ada, bob) = (Phone::silent(), Phone::of("Bob"));
    ada.device.set_profile(&guarded_profile("Ada")).unwrap();
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bob.device.pitch_session(event, &Session::new(line("Sieving"))).unwrap();
    let names = || {
        let (people, _) = bob.device.participants(event, None, 9).unwrap();
        people.iter().map(|it| it.card.name().unwrap().to_string()).collect::<Vec<_>>()
    };

    for _ in 0..2 {
        ada.device.appear_in(event, true).unwrap();
        bob.sync(&ada).await;
        assert_eq!(names(), ["Ada"]);

        ada.device.appear_in(event, false).unwrap();
        let confirmed_by = || ada.device.withdrawal(event).unwrap().unwrap();
        assert_eq!(confirmed_by(), Places::default());
        bob.sync(&ada).await;
        assert!(names().is_empty());
        assert_eq!(confirmed_by().devices, 1);
        assert!(!ada.device.appears_in(event).unwrap());
    }
    ada.device.leave(event).unwrap();
    assert!(ada.device.events().unwrap().is_empty());
    for phone in [&ada, &bob] {
        assert!(phone.device.rebuild().unwrap().different.is_empty());
    }
}

#[test]
fn an_erased_note_leaves_no_word_behind() {
    let ada = Phone::silent();
    let kept = ada.device.create_note(&note("Stays here.")).unwrap();
    let erased = ada.device.create_note(&note(SECRET)).unwrap();

    ada.device.erase_note(erased).unwrap();
    ada.device.tidy().unwrap();

    let notes = ada.device.notes(&NoteFilter::default(), None, 9).unwrap();
    assert_eq!(notes.iter().map(|note| note.id).collect::<Vec<_>>(), [kept]);
    assert!(!contains(&everything_in(close(ada).path()), SECRET));
}

fn close(phone: Phone) -> Home {
    phone.home
}

/// The opened contents of all entries that are not in the space of one's own devices.
fn written_for_others(home: &Path) -> Vec<u8> {
    let store = Store::open(home, &Options::default()).unwrap().0;
    let contents = store.read(|view| {
        let mut contents = Vec::new();
        for space in view.spaces()?.iter().filter(|space| space.role != Role::Own) {
            let ids: Vec<_> = view.items(space)?.into_iter().map(|(_, id)| id).collect();
            let (bytes, count) = view.pack(space, &ids, false, usize::MAX)?;
            assert_eq!(count, ids.len());
            for parcel in batch::decode(&bytes, &space.id, None)? {
                let context = parcel.envelope.header().context();
                let payload = parcel.payload.bytes().unwrap_or_default();
                contents.extend_from_slice(payload);
                let opened = seal::open(space.key.as_ref().unwrap(), &context, payload);
                contents.extend(opened.map(|(_, content)| content).unwrap_or_default());
            }
        }
        Ok(contents)
    });
    contents.unwrap()
}
