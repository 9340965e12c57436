//! Everything of mine: written into a folder, taken in elsewhere, and nothing more than that.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;
use teilgeber_device::formats::mine::MineError;
use teilgeber_device::model::*;
use teilgeber_device::{
    Came, Config, Error, MetAt, NewPost, NoteFilter, PostFilter, Splice, TakenIn, TextUnit,
};

use crate::support::*;

/// A folder beside a device's home, which goes with it.
fn folder(phone: &Phone, name: &str) -> PathBuf {
    phone.home.path().join(name)
}

/// Exports, and says where to.
fn export(phone: &Phone, name: &str, keys: bool) -> PathBuf {
    let folder = folder(phone, name);
    phone.device.export_mine(&folder, keys).unwrap();
    folder
}

fn json(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("mine.json")).unwrap()).unwrap()
}

/// All bytes of a folder, however deep.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => bytes.extend(bytes_in(&path)),
            false => bytes.extend(fs::read(path).unwrap()),
        }
    }
    bytes
}

/// A new device of the person whose keys lie in a folder.
fn as_in(folder: &Path) -> Phone {
    let phone = Phone::silent();
    let Phone { device, clock, home } = phone;
    drop(device);
    fs::remove_dir_all(home.path()).unwrap();
    let config = Config::new(home.path()).with_clock(clock.clone());
    let (device, _) = teilgeber_device::Device::open_as_in(config, folder).unwrap();
    Phone { device, clock, home }
}

fn post(phone: &Phone, event: Id, text: &str, about: Option<About>) -> Id {
    let new = NewPost { about, ..NewPost::new(PostText::new(text).unwrap()) };
    phone.device.write_post(event, &new).unwrap()
}

fn wall(phone: &Phone, event: Id) -> Vec<String> {
    let posts = phone.device.posts(event, &PostFilter::default(), None, 100).unwrap();
    posts.iter().map(|post| post.post.text().to_string()).collect()
}

fn count(new: usize) -> Came {
    Came { new, ..Came::default() }
}

fn here(here: usize) -> Came {
    Came { here, ..Came::default() }
}

/// Ada, who met Bo at a camp and did something of each kind, and Bo.
async fn met() -> (Phone, Phone, Id, Id) {
    let (ada, bo) = (Phone::of("Ada"), Phone::of("Bo"));
    let event = ada.device.create_event(&camp()).unwrap();
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let session = ada.device.pitch_session(event, &Session::new(line("Bread"))).unwrap();
    let showing = bo.device.show_code(&[], Some(event)).unwrap();
    let at = MetAt { place: Some(line("At the oven")), ..MetAt::default() };
    ada.device.scan(&showing.text, &at).unwrap();
    ada.device.answer(bo.person()).unwrap();
    ada.sync(&bo).await;
    ada.device.write_message(bo.person(), &MessageText::new("See you").unwrap()).unwrap();
    bo.sync(&ada).await;
    bo.device.write_message(ada.person(), &MessageText::new("Gladly").unwrap()).unwrap();
    bo.sync(&ada).await;
    (ada, bo, event, session)
}

/// What Ada did, beside it.
fn work(ada: &Phone, bo: &Phone, event: Id, session: Id) {
    let device = &ada.device;
    let kept = note("Feed the starter.").with_event(Some(event)).with_session(Some(session));
    let kept = device.create_note(&kept).unwrap();
    let anchor = Anchor::new(line("Read it again")).with_holds(Some(Holds::Note(kept)));
    device.add_anchor(&anchor).unwrap();
    let promise = Promise {
        by: Whose::Mine,
        text: line("Send the recipe"),
        made: Millis::EPOCH,
        kept: false,
    };
    device.set_promises(bo.person(), List::new(vec![promise]).unwrap()).unwrap();
    device.follow(bo.person()).unwrap();
    device.star(session, true).unwrap();
    device.mute(Id::new([7; 32])).unwrap();
    device.appear_in(event, true).unwrap();
    device.offer_topic(event, &line("Sourdough"), Some(Experience::Much)).unwrap();
    post(ada, event, "It rises", None);
    post(ada, event, "Salt at the end", Some(About::Session(session)));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_keys_a_new_device_is_the_same_person_with_all_that_was_theirs() {
    let (ada, bo, event, session) = met().await;
    work(&ada, &bo, event, session);
    bo.sync(&ada).await;
    let folder = export(&ada, "mine", true);

    let new = as_in(&folder);
    let seen = new.device.preview_import(&folder, false).unwrap();
    assert_eq!(new.device.notes(&NoteFilter::default(), None, 9).unwrap().len(), 0);
    let came = new.device.import_mine(&folder, false).unwrap();

    assert_eq!(came, seen);
    assert_eq!(new.person(), ada.person());
    assert_eq!((came.notes, came.contacts, came.anchors), (count(1), count(1), count(1)));
    assert_eq!((came.stars, came.muted, came.messages), (count(1), count(1), count(2)));
    assert_eq!((came.events, came.profile_shown), (count(1), true));
    // What is about a session waits until that has come, and with it what may be told of it.
    assert_eq!((came.published.new, came.published.left), (3, 1));

    new.sync(&bo).await;
    assert_eq!(wall(&new, event), wall(&bo, event));
    assert_eq!(wall(&bo, event).len(), 2);
    assert_eq!(bo.device.participants(event, None, 9).unwrap().0.len(), 1);
    assert_eq!(new.device.starred(event).unwrap().len(), 1);
    assert!(new.device.contact(bo.person()).unwrap().follows);
    let again = new.device.import_mine(&folder, false).unwrap();
    assert_eq!((again.notes, again.anchors, again.messages), (here(1), here(1), here(2)));
    assert_eq!((again.published, again.profile), (here(4), Vec::new()));

    let (first, second) = (json(&folder), json(&export(&new, "again", false)));
    for kind in ["person", "profile", "notes", "contacts", "anchors", "stars", "muted", "messages"]
    {
        assert_eq!(first[kind], second[kind], "{kind}");
    }
    for kind in ["topics", "posts", "appearing", "sessions", "days"] {
        assert_eq!(first["events"][0][kind], second["events"][0][kind], "{kind}");
    }
    assert_eq!(new.device.rebuild().unwrap().different, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_keys_the_same_is_remembered_and_nothing_is_shared() {
    let (ada, bo, event, session) = met().await;
    work(&ada, &bo, event, session);
    let folder = export(&ada, "mine", false);
    assert!(!folder.join("SECRET-KEYS.json").exists());

    let other = Phone::silent();
    let came = other.device.import_mine(&folder, false).unwrap();

    assert!(!came.same_person && !came.profile_shown);
    assert_eq!((came.notes, came.contacts, came.messages), (count(1), count(1), count(2)));
    assert_eq!(
        (came.events, came.published),
        (Came::default(), Came { left: 4, ..Came::default() })
    );
    assert_eq!(other.device.profile().unwrap().name().audience, Audience::Me);
    assert_eq!(other.device.events().unwrap(), []);

    // In the event by its code, the person still says what is put there.
    other.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    other.sync(&ada).await;
    let before = other.device.digests(event).unwrap();
    other.device.import_mine(&folder, false).unwrap();
    assert_eq!(other.device.digests(event).unwrap(), before);
    assert_eq!(other.device.author_in(event).unwrap(), None);

    let put = other.device.import_mine(&folder, true).unwrap();
    assert_eq!((put.published, put.profile), (count(4), Vec::new()));
    assert_eq!(other.device.import_mine(&folder, true).unwrap().published, here(4));
    assert_eq!(wall(&other, event).len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_and_no_word_of_others_is_in_a_folder_that_is_shown() {
    let (ada, bo, event, session) = met().await;
    let insert = |phone: &Phone, at, words: &str| {
        let splice = Splice { at, delete: 0, insert: words.to_owned() };
        phone.device.splice_pad(session, TextUnit::Scalars, &[splice]).unwrap();
    };
    insert(&ada, 0, "Flour of mine. ");
    ada.sync(&bo).await;
    insert(&bo, 0, "Foreign water. ");
    post(&bo, event, "A foreign saying", None);
    let strict = Session::new(line("Wages"))
        .with_policy(Policy::ChathamHouse)
        .with_speakers(List::new(vec![line("Zebulon")]).unwrap());
    let strict = ada.device.pitch_session(event, &strict).unwrap();
    let silent = Session::new(line("Closed")).with_policy(Policy::OffTheRecord);
    let silent = bo.device.pitch_session(event, &silent).unwrap();
    ada.sync(&bo).await;
    ada.device.create_note(&note("What I thought").with_session(Some(silent))).unwrap();
    let contact = ada.device.contact(bo.person()).unwrap().contact;
    let mut met = contact.meetings().to_vec();
    met[0].session = Some(strict);
    ada.device.set_contact(&contact.with_meetings(List::new(met).unwrap())).unwrap();

    let folder = export(&ada, "mine", false);

    let bytes = bytes_in(&folder);
    for mine in ["Flour of mine.", "What I thought", "Wages", "Closed", "Gladly"] {
        assert!(contains(&bytes, mine), "{mine}");
    }
    for foreign in ["Foreign water", "foreign saying", "Zebulon"] {
        assert!(!contains(&bytes, foreign), "{foreign}");
    }
    assert_eq!(json(&folder)["contacts"][0]["meetings"][0]["session"], Value::Null);
    let keys = export(&ada, "keys", true);
    let keys: Value =
        serde_json::from_slice(&fs::read(keys.join("SECRET-KEYS.json")).unwrap()).unwrap();
    for secret in ["/person_key", "/letter_key", "/card/key", "/events/0/code"] {
        let secret = keys.pointer(secret).unwrap().as_str().unwrap();
        assert!(secret.len() >= 64 && !contains(&bytes, secret));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_here_wins_and_what_was_erased_here_stays_away() {
    let (ada, bo, event, session) = met().await;
    work(&ada, &bo, event, session);
    let folder = export(&ada, "mine", false);
    let device = &ada.device;
    let kept = device.notes(&NoteFilter::default(), None, 9).unwrap()[0].id;
    let open = device.anchors(false).unwrap()[0].clone();
    let message = device.messages(bo.person()).unwrap()[0].id;

    device.set_note(kept, &note("Otherwise")).unwrap();
    device.erase_anchor(open.id).unwrap();
    device.erase_message(message).unwrap();
    device.erase_contact(bo.person()).unwrap();
    let gone = device.posts(event, &PostFilter::default(), None, 9).unwrap()[0].id;
    device.erase_post(gone).unwrap();
    device.appear_in(event, false).unwrap();
    device.drop_topic(event, &line("Sourdough")).unwrap();
    let came = device.import_mine(&folder, false).unwrap();

    assert!(came.same_person);
    assert_eq!(came.notes, Came { here: 1, differ: 1, ..Came::default() });
    let erased = Came { erased: 1, ..Came::default() };
    assert_eq!((came.anchors, came.contacts), (erased, erased));
    assert_eq!(came.published, Came { here: 1, erased: 1, left: 2, ..Came::default() });
    assert!(!device.appears_in(event).unwrap());
    assert_eq!((device.my_topics(event).unwrap().len(), wall(&ada, event).len()), (0, 1));
}

#[test]
fn what_two_devices_wrote_of_one_person_is_joined() {
    let (ada, other) = (Phone::of("Ada"), Phone::of("Ada"));
    let bo = Phone::of("Bo");
    let code = bo.device.show_code(&[], None).unwrap().text;
    let met = |phone: &Phone, place: &str, memo: &str| {
        let at = MetAt { place: Some(line(place)), ..MetAt::default() };
        let person = phone.device.scan(&code, &at).unwrap();
        let contact = phone.device.contact(person).unwrap().contact;
        phone.device.set_contact(&contact.with_memo(Memo::new(memo).unwrap())).unwrap();
    };
    met(&ada, "Mill", "Knows bread.");
    other.clock.pass(1000);
    met(&other, "Oven", "Likes tea.");
    let folder = export(&ada, "mine", false);

    let came = other.device.import_mine(&folder, false).unwrap();

    assert_eq!(came.contacts, Came { merged: 1, ..Came::default() });
    let both = other.device.contact(bo.person()).unwrap().contact;
    assert_eq!((both.memo().as_str(), both.meetings().len()), ("Likes tea.\n\nKnows bread.", 2));
    assert_eq!(other.device.import_mine(&folder, false).unwrap().contacts, here(1));
}

#[test]
fn a_folder_that_cannot_be_taken_in_leaves_everything_as_it_was() {
    let ada = Phone::of("Ada");
    ada.device.create_note(&note("One")).unwrap();
    let folder = export(&ada, "mine", true);
    let file = folder.join("mine.json");
    let text = fs::read_to_string(&file).unwrap();
    let bo = Phone::silent();
    let error = |text: &str| {
        fs::write(&file, text).unwrap();
        let Error::Folder(error) = bo.device.import_mine(&folder, true).unwrap_err() else {
            panic!("another error");
        };
        error
    };

    assert_eq!(
        error(&text.replace("\"version\": 1", "\"version\": 9")),
        MineError::Newer { version: 9 }
    );
    assert!(matches!(error(&text[..text.len() / 2]), MineError::Damaged { line: 2.., .. }));
    assert!(matches!(error("<html>"), MineError::Damaged { .. }));
    assert!(matches!(error("{}"), MineError::Foreign { .. }));
    let other = text.replace(&ada.person().to_string(), &bo.person().to_string());
    assert_eq!(error(&other), MineError::OtherPerson);
    let nowhere = bo.device.import_mine(&bo.home.path().join("nowhere"), false);
    assert!(matches!(nowhere, Err(Error::Folder(MineError::NoExport))));
    assert_eq!(bo.device.notes(&NoteFilter::default(), None, 9).unwrap(), []);
    assert_eq!(bo.device.me().unwrap().name, None);
}

#[test]
fn an_export_overwrites_nothing_and_is_unfinished_until_it_is_whole() {
    let ada = Phone::of("Ada");
    let mine = folder(&ada, "mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("letter.txt"), "dear").unwrap();
    let refused = ada.device.export_mine(&mine, false);
    assert!(matches!(refused, Err(Error::Folder(MineError::NotEmpty))));
    assert_eq!(fs::read_dir(&mine).unwrap().count(), 1);

    fs::remove_file(mine.join("letter.txt")).unwrap();
    let left = folder(&ada, "mine.unfinished");
    fs::create_dir(&left).unwrap();
    let refused = ada.device.export_mine(&mine, false);
    assert!(matches!(refused, Err(Error::Folder(MineError::Unfinished(_)))));
    let unfinished = ada.device.import_mine(&left, false);
    assert!(matches!(unfinished, Err(Error::Folder(MineError::NoExport))));

    fs::remove_dir(&left).unwrap();
    ada.device.export_mine(&mine, false).unwrap();
    assert!(mine.join("mine.json").exists() && !left.exists());
}

/// What somebody does who shares nothing.
#[derive(Debug, Clone)]
enum Deed {
    Note(String, bool),
    Anchor(String, Option<u8>),
    Mute(u8),
    Erase(prop::sample::Index),
    Pass(u16),
    Tag(prop::sample::Index),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => ("[a-zä\n# -]{0,30}", any::<bool>()).prop_map(|(text, of)| Deed::Note(text, of)),
        3 => ("[a-zß]{1,9}", any::<Option<u8>>()).prop_map(|(text, of)| Deed::Anchor(text, of)),
        1 => any::<u8>().prop_map(Deed::Mute),
        1 => any::<prop::sample::Index>().prop_map(Deed::Erase),
        2 => any::<u16>().prop_map(Deed::Pass),
        1 => any::<prop::sample::Index>().prop_map(Deed::Tag),
    ]
}

fn act(phone: &Phone, deed: &Deed) {
    let device = &phone.device;
    let notes = device.notes(&NoteFilter::default(), None, 99).unwrap();
    match deed {
        Deed::Note(text, belongs) => {
            let event = belongs.then_some(Id::new([9; 32]));
            device.create_note(&note(text).with_event(event)).unwrap();
        }
        Deed::Anchor(text, of) => {
            let at = of.map(|of| usize::from(of) % notes.len().max(1));
            let held = at.and_then(|at| notes.get(at)).map(|note| Holds::Note(note.id));
            device.add_anchor(&Anchor::new(line(text)).with_holds(held)).unwrap();
        }
        Deed::Mute(byte) => device.mute(Id::new([*byte; 32])).unwrap(),
        Deed::Erase(which) if !notes.is_empty() => {
            device.erase_note(which.get(&notes).id).unwrap();
        }
        Deed::Tag(which) if !notes.is_empty() => {
            let id = which.get(&notes).id;
            let tags = List::new(vec![Tag::new("later").unwrap()]).unwrap();
            device.set_note(id, &device.note(id).unwrap().note.with_tags(tags)).unwrap();
        }
        Deed::Erase(_) | Deed::Tag(_) => {}
        Deed::Pass(ms) => phone.clock.pass((*ms).into()),
    }
}

/// All that a folder holds but when it was written and whose it is.
fn without_time(folder: &Path) -> Value {
    let mut all = json(folder);
    all["written"] = Value::Null;
    all["person"] = Value::Null;
    all
}

fn news(came: &TakenIn) -> usize {
    [came.notes, came.contacts, came.anchors, came.muted].iter().map(|it| it.new + it.merged).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_goes_through_a_folder_and_back_is_the_same(deeds in prop::collection::vec(deed(), 0..14)) {
        let (one, other) = (Phone::silent(), Phone::silent());
        deeds.iter().for_each(|deed| act(&one, deed));
        let first = export(&one, "first", false);

        other.device.import_mine(&first, false).unwrap();
        prop_assert_eq!(news(&other.device.import_mine(&first, false).unwrap()), 0);
        let second = export(&other, "second", false);
        prop_assert_eq!(without_time(&first), without_time(&second));

        // Home again it is known by its first name.
        prop_assert_eq!(news(&one.device.import_mine(&second, false).unwrap()), 0);
        let third = export(&one, "third", false);
        prop_assert_eq!(without_time(&first), without_time(&third));
    }
}
