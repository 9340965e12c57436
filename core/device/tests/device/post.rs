//! Posts: overhearing parallel rooms.

use teilgeber_device::model::*;
use teilgeber_device::{Error, NewPost, PostFilter, PostRecord};

use crate::support::*;

fn says(text: &str) -> NewPost {
    NewPost::new(PostText::new(text).unwrap())
}

fn texts(posts: &[PostRecord]) -> Vec<&str> {
    posts.iter().map(|record| record.post.text().as_str()).collect()
}

async fn two() -> (Phone, Phone, Id) {
    let (ada, bo) = (Phone::of("Ada"), Phone::of("Bo"));
    let event = ada.device.create_event(&camp()).unwrap();
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bo.sync(&ada).await;
    (ada, bo, event)
}

fn wall(phone: &Phone, event: Id) -> Vec<PostRecord> {
    phone.device.posts(event, &PostFilter::default(), None, 100).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_posted_offline_is_on_every_wall_after_a_meeting() {
    let (ada, bo, event) = two().await;
    ada.device.write_post(event, &says("Coffee is ready")).unwrap();
    ada.clock.pass(1_000);
    bo.clock.pass(2_000);
    let asked = bo.device.write_post(event, &says("Where is the attic?")).unwrap();
    bo.sync(&ada).await;

    assert_eq!(texts(&wall(&ada, event)), ["Coffee is ready", "Where is the attic?"]);
    assert_eq!(texts(&wall(&bo, event)), texts(&wall(&ada, event)));
    assert!(!ada.device.post(asked).unwrap().mine && bo.device.post(asked).unwrap().mine);

    ada.clock.pass(5_000);
    let answer = NewPost { reply_to: Some(asked), ..says("Up the stairs") };
    let bo_is = bo.person();
    let answer = NewPost { mentions: List::new(vec![bo_is]).unwrap(), ..answer };
    ada.device.write_post(event, &answer).unwrap();
    bo.sync(&ada).await;
    let thread = bo.device.thread(asked).unwrap();
    assert_eq!(texts(&thread), ["Where is the attic?", "Up the stairs"]);
    assert_eq!(texts(&bo.device.mentions_of_me(event, 9).unwrap()), ["Up the stairs"]);
    assert_eq!(ada.device.mentions_of_me(event, 9).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_word_is_in_no_byte_of_a_home_that_heard_of_it() {
    let (ada, bo, event) = two().await;
    let id = ada.device.write_post(event, &says("The treasurer is a zebrafish")).unwrap();
    bo.sync(&ada).await;
    assert!(holds(&bo, "zebrafish"));

    ada.clock.pass(1_000);
    ada.device.edit_post(id, &says("The treasurer is kind")).unwrap();
    bo.sync(&ada).await;
    ada.device.tidy().unwrap();
    bo.device.tidy().unwrap();

    let record = bo.device.post(id).unwrap();
    assert_eq!(record.post.text().as_str(), "The treasurer is kind");
    assert!(record.edited);
    assert!(!holds(&bo, "zebrafish") && !holds(&ada, "zebrafish"));

    ada.device.erase_post(id).unwrap();
    bo.sync(&ada).await;
    bo.device.tidy().unwrap();
    assert_eq!(wall(&bo, event), []);
    assert!(!holds(&bo, "treasurer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_author_edits_and_erases_a_post() {
    let (ada, bo, event) = two().await;
    let id = ada.device.write_post(event, &says("Mine")).unwrap();
    bo.sync(&ada).await;

    let edited = bo.device.edit_post(id, &says("Yours"));
    assert!(matches!(edited, Err(Error::NotAllowed(_))), "{edited:?}");
    assert!(matches!(bo.device.erase_post(id), Err(Error::NotAllowed(_))));
    assert!(matches!(bo.device.write_post(event, &says(" \n")), Err(Error::NothingSaid)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_rooms_are_overheard_while_they_run() {
    let (ada, bo, event) = two().await;
    let pitch = |title: &str, room: &str, start: u64| {
        let session = ada.device.pitch_session(event, &Session::new(line(title))).unwrap();
        let place = Placement { room: line(room), ..attic(start) };
        ada.device.place_session(session, Some(&place)).unwrap();
        session
    };
    let (here, there, later) = (
        pitch("Bread", "Attic", MORNING),
        pitch("Time", "Barn", MORNING),
        pitch("Late", "Barn", MORNING + 7_200_000),
    );
    for (session, text) in [(here, "Flour"), (there, "Clocks"), (later, "Nothing yet")] {
        ada.device.write_post(event, &says(text).about(About::Session(session))).unwrap();
    }
    bo.sync(&ada).await;

    let now = Millis::new(MORNING + 60_000).unwrap();
    let rooms = bo.device.other_rooms(event, Some(here), now, 10).unwrap();
    let found: Vec<_> = rooms.iter().map(|room| (room.room.as_str(), texts(&room.posts))).collect();
    assert_eq!(found, [("Barn", vec!["Clocks"])]);
    assert_eq!(bo.device.other_rooms(event, None, now, 10).unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_posted_about_a_session_that_is_off_the_record() {
    let (ada, _, event) = two().await;
    let secret = Session::new(line("Salaries")).with_policy(Policy::OffTheRecord);
    let secret = ada.device.pitch_session(event, &secret).unwrap();
    let house = Session::new(line("Failures")).with_policy(Policy::ChathamHouse);
    let house = ada.device.pitch_session(event, &house).unwrap();

    let refused = ada.device.write_post(event, &says("Much").about(About::Session(secret)));
    assert!(matches!(refused, Err(Error::OffTheRecord)), "{refused:?}");

    let mut profile = profile("Ada", Audience::Everyone);
    profile.set_name(Shared::new(Some(line("Ada")), Audience::Everyone));
    ada.device.set_profile(&profile).unwrap();
    let post = NewPost { everyone: true, ..says("We all fail") };
    let named = ada.device.write_post(event, &post).unwrap();
    let nameless = ada.device.write_post(event, &post.about(About::Session(house))).unwrap();
    let by = |id| ada.device.post(id).unwrap().post.everyone().unwrap().by.clone();
    assert_eq!(by(named), Some(line("Ada")));
    assert_eq!(by(nameless), None);
    assert_eq!(ada.device.post(nameless).unwrap().policy, Policy::ChathamHouse);
}

/// Whether any file of a home holds these words.
fn holds(phone: &Phone, words: &str) -> bool {
    std::fs::read_dir(phone.home.path()).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}
