//! What is handed over as a file, where no radio works.

use std::io;

use teilgeber_device::model::*;
use teilgeber_device::{
    BundleOf, BundleReport, BundleSpace, Device, Error, Kind, MetAt, Outcome, Places, SpaceKind,
};
use teilgeber_entry::bundle::{Found, Reader, Seal, Writer};
use teilgeber_entry::{SpaceId, SpaceKey};
use teilgeber_store::{Keys, NewSpace, Options, Role, Store};

use crate::support::*;

/// Ada and Bob in an event of hers, which Bob has not heard of yet.
fn ada_and_bob() -> (Phone, Phone, Id) {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    (ada, bob, event)
}

fn pitch(phone: &Phone, event: Id, title: &str) -> Id {
    phone.device.pitch_session(event, &Session::new(line(title))).unwrap()
}

fn write(phone: &Phone, of: BundleOf) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = phone.device.write_bundle(of, &mut bytes).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    bytes
}

fn read(phone: &Phone, bytes: &[u8]) -> BundleReport {
    phone.device.read_bundle(bytes).unwrap()
}

fn the_only(report: &BundleReport) -> &BundleSpace {
    let [space] = &report.spaces[..] else { panic!("{report:?}") };
    space
}

fn titles(phone: &Phone, event: Id) -> Vec<String> {
    let sessions = phone.device.sessions(event).unwrap();
    let mut titles: Vec<String> =
        sessions.into_iter().map(|it| it.session.title().to_string()).collect();
    titles.sort();
    titles
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_over_as_a_file_is_what_a_link_would_have_brought() {
    let (ada, bob, event) = ada_and_bob();
    let session = pitch(&ada, event, "Sieving");
    ada.device.place_session(session, Some(&attic(MORNING))).unwrap();
    ada.device.appear_in(event, true).unwrap();

    let file = write(&ada, BundleOf::Event(event));
    let report = read(&bob, &file);

    assert!(report.check.is_whole() && report.for_others == 0);
    let came = the_only(&report);
    assert_eq!((came.space, came.kind), (event, SpaceKind::Event));
    assert_eq!(came.name.as_deref(), Some("Barcamp Mill"));
    assert_eq!((came.known, came.waiting, came.refused), (0, 0, 0));
    assert_eq!(titles(&bob, event), ["Sieving"]);
    assert_eq!(bob.device.digests(event).unwrap(), ada.device.digests(event).unwrap());
    assert!(bob.device.rebuild().unwrap().different.is_empty());

    // Then a link finds nothing to say.
    let met = bob.sync(&ada).await;
    let event_row = met.spaces.iter().find(|it| it.space == event).unwrap();
    assert_eq!((event_row.outcome, event_row.sent, event_row.received), (Outcome::Same, 0, 0));
}

#[test]
fn a_bundle_read_twice_brings_nothing_new() {
    let (ada, bob, event) = ada_and_bob();
    pitch(&ada, event, "Sieving");
    let file = write(&ada, BundleOf::Everything);
    let first = the_only(&read(&bob, &file)).new;

    let again = read(&bob, &file);

    let again = the_only(&again);
    assert_eq!((again.new, again.payloads, again.known), (0, 0, first));
    assert!(first > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_was_written_counts_as_nothing_and_a_finished_exchange_does() {
    let (ada, bob, event) = ada_and_bob();
    let session = pitch(&ada, event, "Sieving");
    let places = || ada.device.places(Kind::Session, session).unwrap();

    let file = write(&ada, BundleOf::Everything);
    read(&bob, &file);
    read(&ada, &write(&bob, BundleOf::Everything));
    assert_eq!(places(), Places::default());

    pitch(&bob, event, "Kneading");
    bob.sync(&ada).await;
    assert_eq!(places().devices, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_for_a_person_holds_what_came_since_their_device_was_met() {
    let (ada, bob, event) = ada_and_bob();
    pitch(&bob, event, "Kneading");
    let nobody = ada.device.write_bundle(BundleOf::For(bob.person()), io::sink());
    assert!(matches!(nobody, Err(Error::NothingInCommon)), "{nobody:?}");
    bob.sync(&ada).await;
    let nothing = ada.device.write_bundle(BundleOf::For(bob.person()), io::sink()).unwrap();
    assert_eq!((nothing.entries, nothing.sections), (0, 0));

    pitch(&ada, event, "Sieving");
    let file = write(&ada, BundleOf::For(bob.person()));
    let all = write(&ada, BundleOf::Event(event));

    assert!(file.len() < all.len());
    let report = read(&bob, &file);
    let came = the_only(&report);
    assert_eq!((came.new, came.known), (1, 0));
    assert_eq!(titles(&bob, event), ["Kneading", "Sieving"]);
    // It was written, not handed over as far as anyone can tell: the next one holds it again.
    assert_eq!(write(&ada, BundleOf::For(bob.person())).len(), file.len());
}

#[test]
fn a_stranger_hears_that_nothing_is_for_them_and_no_more() {
    let (ada, _, event) = ada_and_bob();
    pitch(&ada, event, "Sieving");
    let file = write(&ada, BundleOf::Everything);
    let cleo = Phone::of("Cleo");

    let report = read(&cleo, &file);

    assert!(report.is_for_others() && report.check.is_whole());
    assert_eq!(report.spaces, []);
    assert!(cleo.device.events().unwrap().is_empty());
    for word in ["Sieving", "Barcamp", "Ada"] {
        assert!(!contains(&file, word));
    }
    let keys = [event, ada.person()].map(|id| *id.as_bytes());
    for key in keys {
        assert!(!file.windows(8).any(|window| window == &key[..8]));
    }
}

#[test]
fn who_published_nothing_writes_a_bundle_with_no_key_of_theirs() {
    let (ada, bob, event) = ada_and_bob();
    pitch(&ada, event, "Sieving");
    read(&bob, &write(&ada, BundleOf::Event(event)));
    bob.device.create_note(&note("For me alone.")).unwrap();

    // Bob only read. What he hands on is what Ada would, entry for entry, and of no author of his.
    let (from_ada, from_bob) =
        (write(&ada, BundleOf::Event(event)), write(&bob, BundleOf::Event(event)));
    assert_eq!(from_bob.len(), from_ada.len());
    let person = *bob.person().as_bytes();
    let cleo = Phone::of("Cleo");
    cleo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    read(&cleo, &write(&bob, BundleOf::Everything));
    assert_eq!(cleo.device.digests(event).unwrap(), ada.device.digests(event).unwrap());
    cleo.device.tidy().unwrap();
    let held = everything_in(cleo.home.path());
    assert!(!held.windows(32).any(|window| window == person));
}

#[test]
fn neither_my_notes_nor_the_spaces_of_codes_are_in_any_bundle() {
    let ada = Phone::of("Ada");
    ada.device.create_note(&note("For me alone.")).unwrap();
    let bob = Phone::of("Bob");
    let showing = bob.device.show_code(&[], None).unwrap();
    ada.device.scan(&showing.text, &MetAt::default()).unwrap();
    ada.device.answer(bob.person()).unwrap();

    let file = write(&ada, BundleOf::Everything);

    // The one who showed the code gets no answer by file: anybody may have copied it.
    let report = read(&bob, &file);
    assert!(report.spaces.is_empty());
    assert!(bob.device.contacts().unwrap().is_empty());
    let mine = read(&ada, &file);
    assert!(mine.spaces.iter().all(|space| space.kind == SpaceKind::Card), "{mine:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_for_a_contact_holds_the_card_that_they_follow() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let showing = ada.device.show_code(&[], None).unwrap();
    bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    bob.device.answer(ada.person()).unwrap();
    bob.sync(&ada).await;
    bob.sync(&ada).await;
    let mut later = profile("Ada", Audience::Contacts);
    later.set_bio(Shared::new(Bio::new("Builds bridges.").unwrap(), Audience::Contacts));
    ada.device.set_profile(&later).unwrap();

    let report = read(&bob, &write(&ada, BundleOf::For(bob.person())));

    let came = the_only(&report);
    assert_eq!((came.kind, came.name.as_deref()), (SpaceKind::ContactCard, Some("Ada")));
    let card = bob.device.contact(ada.person()).unwrap().contact;
    assert_eq!(card.card().unwrap().bio().as_str(), "Builds bridges.");
}

#[test]
fn a_photo_comes_last_and_a_cut_file_has_lost_no_word() {
    let (ada, bob, event) = ada_and_bob();
    let session = pitch(&ada, event, "Sieving");
    let picture = picture(1, 300_000);
    let caption = Caption::new("The sieve").unwrap();
    let photo = ada.device.add_photo(session, &picture, None, &caption).unwrap();
    pitch(&ada, event, "Kneading");
    let file = write(&ada, BundleOf::Event(event));
    assert!(file.len() < picture.len() + 10_000);

    let cut = read(&bob, &file[..file.len() / 2]);
    assert_eq!(cut.check.missing, None);
    assert_eq!(titles(&bob, event), ["Kneading", "Sieving"]);
    assert!(bob.device.photo_bytes(photo).is_err());

    let whole = read(&bob, &file);
    assert!(the_only(&whole).payloads > 0 && the_only(&whole).new == 0, "{whole:?}");
    assert_eq!(bob.device.photo_bytes(photo).unwrap(), picture);
    assert!(bob.device.rebuild().unwrap().different.is_empty());
}

#[test]
fn a_member_who_seals_nonsense_brings_nothing_in() {
    let (ada, bob, event) = ada_and_bob();
    let session = pitch(&ada, event, "Sieving");
    ada.device.place_session(session, Some(&attic(MORNING))).unwrap();
    let honest = write(&ada, BundleOf::Event(event));
    let digests = ada.device.digests(event).unwrap();
    let key = key_of(ada, event);
    let mut reader = Reader::new(&honest[..]);
    let Some(Found::Section(section)) = reader.next_found().unwrap() else { panic!("a section") };
    let batch = section.open(Seal::Members(&key)).unwrap();

    for at in 0..batch.len() {
        let mut nonsense = batch.clone();
        nonsense[at] = nonsense[at].wrapping_add(1 + (at % 255) as u8);
        let mut writer = Writer::new(Vec::new(), [7; 32]).unwrap();
        writer.add(Seal::Members(&key), &nonsense).unwrap();
        let report = read(&bob, &writer.finish().unwrap().0);
        assert!(report.check.is_whole());
    }
    // What was refused, waits or came: of what she wrote nothing is otherwise than she wrote it.
    read(&bob, &honest);
    assert_eq!(bob.device.digests(event).unwrap(), digests);
    assert!(bob.device.rebuild().unwrap().different.is_empty());
}

#[test]
fn a_letter_travels_in_a_bundle() {
    let (ada, bob, event) = ada_and_bob();
    let showing = ada.device.show_code(&[], Some(event)).unwrap();
    bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    bob.device.answer(ada.person()).unwrap();

    read(&ada, &write(&bob, BundleOf::Event(event)));

    assert!(ada.device.contact(bob.person()).unwrap().contact.is_confirmed());
}

#[test]
fn an_old_bundle_brings_nothing_back_that_was_taken_back() {
    let (ada, bob, event) = ada_and_bob();
    ada.device.set_profile(&profile("Adalind", Audience::Event)).unwrap();
    ada.device.appear_in(event, true).unwrap();
    let old = write(&ada, BundleOf::Event(event));
    read(&bob, &old);
    assert_eq!(bob.device.participants(event, None, 9).unwrap().0.len(), 1);

    ada.device.appear_in(event, false).unwrap();
    read(&bob, &write(&ada, BundleOf::Event(event)));
    read(&bob, &old);

    assert!(bob.device.participants(event, None, 9).unwrap().0.is_empty());
    bob.device.tidy().unwrap();
    assert!(!contains(&everything_in(bob.home.path()), "Adalind"));
}

#[test]
fn a_damaged_byte_loses_a_section_and_never_makes_one() {
    let (ada, bob, event) = ada_and_bob();
    let (other, title) = (ada.device.create_event(&camp()).unwrap(), "Sieving");
    bob.device.join(&ada.device.join_code(other, &[]).unwrap()).unwrap();
    pitch(&ada, event, title);
    let file = write(&ada, BundleOf::Everything);
    let honest = (ada.device.digests(event).unwrap(), ada.device.digests(other).unwrap());
    assert_eq!(ada.device.write_bundle(BundleOf::Everything, io::sink()).unwrap().sections, 3);

    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 0x40;
        let report = read(&bob, &damaged);
        assert!(!report.check.is_whole(), "byte {at}");
        assert!(report.check.sections >= 2, "byte {at}");
        assert!(report.spaces.iter().all(|space| space.refused == 0), "byte {at}");
    }

    // Each section came in some of these, and nothing else did.
    let came = (bob.device.digests(event).unwrap(), bob.device.digests(other).unwrap());
    assert_eq!(came, honest);
}

#[test]
fn what_lacks_its_predecessors_waits_for_them() {
    let (ada, bob, event) = ada_and_bob();
    pitch(&ada, event, "Sieving");
    let whole = write(&ada, BundleOf::Event(event));
    for number in 0..40 {
        pitch(&ada, event, &format!("Session {number}"));
    }
    // Too little room for the beginning of her chain.
    let newest = ada.device.small_bundle(event, 2_000).unwrap();
    assert!(newest.len() <= 2_000);

    let report = read(&bob, &newest);
    let came = the_only(&report);
    assert!(came.new == 0 && came.waiting > 0, "{came:?}");
    assert_eq!(titles(&bob, event), [""; 0]);

    read(&bob, &whole);
    assert_eq!(titles(&bob, event), ["Sieving"]);
    let all = write(&ada, BundleOf::Event(event));
    let report = read(&bob, &all);
    assert_eq!(the_only(&report).waiting, 0);
    assert_eq!(titles(&bob, event).len(), 41);
    assert!(bob.device.rebuild().unwrap().different.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_bundle_has_the_newest_and_fits() {
    let (ada, bob, event) = ada_and_bob();
    for number in 0..30 {
        pitch(&ada, event, &format!("Session {number}"));
    }
    bob.sync(&ada).await;
    let moved = pitch(&ada, event, "The newest");
    ada.device.place_session(moved, Some(&attic(MORNING))).unwrap();

    for max_bytes in [1_000, 2_000, 20_000] {
        let small = ada.device.small_bundle(event, max_bytes).unwrap();
        assert!(small.len() <= max_bytes);
    }
    let small = ada.device.small_bundle(event, 1_000).unwrap();
    read(&bob, &small);

    assert!(titles(&bob, event).contains(&"The newest".to_owned()));
    assert_eq!(bob.device.digests(event).unwrap(), ada.device.digests(event).unwrap());
    assert!(matches!(ada.device.small_bundle(event, 100), Err(Error::NotHere(_))));
}

#[test]
fn a_large_bundle_comes_in_sections_that_are_each_kept() {
    let (ada, bob, event) = ada_and_bob();
    for number in 0..100 {
        let words = Abstract::new(&format!("Loaf {number}. ").repeat(300)).unwrap();
        let session = Session::new(line("Bread")).with_abstract(words);
        ada.device.pitch_session(event, &session).unwrap();
    }
    let file = write(&ada, BundleOf::Event(event));
    let check = Device::check_bundle(&file[..]).unwrap();
    assert!(check.is_whole() && check.sections > 2, "{check:?}");

    // The file fails in its midst: what came before is kept, and the whole file brings the rest.
    let failing = io::Read::chain(&file[..file.len() * 2 / 3], Fails);
    assert!(bob.device.read_bundle(failing).is_err());
    let some = titles(&bob, event).len();
    assert!(some > 0 && some < 100);
    let report = read(&bob, &file);
    let came = the_only(&report);
    assert!(came.known as usize >= some && came.new as usize >= 100 - some, "{came:?}");
    assert_eq!(bob.device.digests(event).unwrap(), ada.device.digests(event).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_courier_takes_in_what_is_sealed_for_couriers_and_hands_it_on() {
    let (ada, bob, event) = ada_and_bob();
    pitch(&ada, event, "Sieving");
    let for_members = write(&ada, BundleOf::Event(event));
    let (ada, [first, second]) = with_couriers(ada, event);

    // What members write for members a courier carries only as a file.
    let report = read(&first, &for_members);
    assert_eq!((the_only(&report).for_members, the_only(&report).new), (1, 0));

    first.sync(&ada).await;
    let carried = write(&first, BundleOf::Everything);
    assert!(!contains(&carried, "Sieving"));
    let report = read(&second, &carried);
    let came = the_only(&report);
    assert!(came.new > 0 && came.refused == 0 && came.kind == SpaceKind::Carried, "{came:?}");
    read(&bob, &write(&second, BundleOf::Everything));

    assert_eq!(bob.device.digests(event).unwrap(), ada.device.digests(event).unwrap());
}

#[test]
fn another_file_and_another_version_say_what_to_do() {
    let ada = Phone::of("Ada");
    let of = |bytes: &[u8]| ada.device.read_bundle(bytes);
    assert!(matches!(of(b"BEGIN:VCALENDAR"), Err(Error::NotABundle)));
    assert!(matches!(of(b""), Err(Error::NotABundle)));
    let mut newer = write(&ada, BundleOf::Everything);
    newer[8] = 1;
    let check = *blake3::hash(&newer[..9]).as_bytes();
    newer[9..16].copy_from_slice(&check[..7]);
    assert!(matches!(of(&newer), Err(Error::UpdateApp)));
}

struct Fails;

impl io::Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// An event's key, from a phone that is given up for it.
fn key_of(member: Phone, event: Id) -> SpaceKey {
    let Phone { device, home, .. } = member;
    drop(device);
    let store = Store::open(home.path(), &Options::default()).unwrap().0;
    let space = store.read(|view| view.space(&SpaceId::from_bytes(*event.as_bytes()))).unwrap();
    space.key.clone().unwrap()
}

/// Two phones that carry an event of this one without its key.
fn with_couriers(member: Phone, event: Id) -> (Phone, [Phone; 2]) {
    let open = |home: &Home| Store::open(home.path(), &Options::default()).unwrap().0;
    let Phone { device, clock, home } = member;
    drop(device);
    let spaces = open(&home).read(|view| view.spaces()).unwrap();
    let carried = spaces.iter().find(|space| space.id.as_bytes() == event.as_bytes()).unwrap();
    let couriers = [(); 2].map(|()| {
        let Phone { device, clock, home } = Phone::silent();
        drop(device);
        let keys = Keys::Courier(carried.id, carried.carry.clone());
        let new = NewSpace { role: Role::Carried, keys, founder: None, owner: None };
        let held = open(&home).write(MORNING, &[8; 32], |edit| edit.hold_space(&new));
        held.unwrap();
        Phone::open(home, clock)
    });
    (Phone::open(home, clock), couriers)
}
