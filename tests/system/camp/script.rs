//! The script: before, during and after.

use teilgeber_device::model::*;
use teilgeber_device::{Device, MetAt, NewPost, Splice, TextUnit};
use teilgeber_tests::story::{line, named, note, talk};

use super::oracle::Fact;
use super::people::*;

#[tokio::test]
async fn a_camp_of_three_days_is_the_same_on_every_phone() {
    play(|ada| ada.create_event(&three_days()).unwrap()).await;
}

#[tokio::test]
async fn a_camp_with_a_real_schedule_is_the_same_on_every_phone() {
    for schedule in ["pretalx-barcamp.xml", "frab-barcamp.xml"] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/").to_owned() + schedule;
        let bytes = std::fs::read(path).unwrap();
        play(|ada| ada.create_event_from_schedule(&bytes).unwrap().0).await;
    }
}

async fn play(found: impl FnOnce(&Device) -> Id) {
    let mut camp = Camp::open(found);
    before(&mut camp).await;
    first_day(&mut camp).await;
    second_day(&mut camp).await;
    third_day(&mut camp).await;
    camp.gather().await;
    camp.must_agree();
    after(&camp);
}

/// From Friday to Sunday, in two rooms.
fn three_days() -> Event {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let days = Days::new(day("2026-11-20"), day("2026-11-22")).unwrap();
    let zone = TimeZone::new("Europe/Berlin").unwrap();
    let rooms = ["Attic", "Cellar"].map(|name| Room { name: line(name), letter: None });
    Event::new(line("Barcamp Mill"), days, zone).with_rooms(List::new(rooms.to_vec()).unwrap())
}

/// People show themselves, pitch, say what they offer and want, and share a car.
async fn before(camp: &mut Camp) {
    // The last one only reads.
    for name in &NAMES[..NAMES.len() - 1] {
        let guest = camp.guest(name);
        let person = guest.person;
        guest.device.set_profile(&named(name)).unwrap();
        guest.device.appear_in(camp.event, true).unwrap();
        camp.fact(name, Fact::Appears(person, (*name).to_owned()));
    }
    pitch(camp, "Bela", "Merging without meeting");
    pitch(camp, "Chloé", "Seeds and seasons");
    topic(camp, "Deniz", Stance::Offer, "Sourdough");
    topic(camp, "Emil", Stance::Want, "Sourdough");
    topic(camp, "Farah", Stance::Want, "Sourdough");
    topic(camp, "Farah", Stance::Want, "Radio");
    camp.mingle(24).await;
    camp.gather().await;

    let when = Millis::new(FRIDAY + DAY).unwrap();
    let places = Places::new(1).unwrap();
    let ride = Offering::Ride { from: line("Köln"), to: line("Mill"), when, places };
    let offer = camp.phone("Gül").make_offer(camp.event, &Offer::new(ride, when)).unwrap();
    camp.fact("Gül", Fact::Offered(offer, "Köln".to_owned()));
    camp.meet("Gül", "Hanno").await;
    camp.meet("Gül", "Ines").await;
    // Both ask without knowing of each other; there is one seat.
    let asked = ["Hanno", "Ines"].map(|name| ask(camp, name, offer));
    camp.meet("Hanno", "Gül").await;
    camp.meet("Ines", "Gül").await;
    for (request, yes) in [(asked[0], true), (asked[1], false)] {
        camp.phone("Gül").answer_seat(request, yes).unwrap();
        camp.fact("Gül", Fact::Answered(request, yes));
    }
    camp.meet("Gül", "Ines").await;
}

/// The board is filled, people look forward, swap contacts and write.
async fn first_day(camp: &mut Camp) {
    camp.pass(HOUR);
    camp.gather().await;
    let (merging, seeds) =
        (pitched(camp, "Merging without meeting"), pitched(camp, "Seeds and seasons"));
    place(camp, "Bela", merging, "Attic", 2 * HOUR);
    place(camp, "Hanno", seeds, "Cellar", 2 * HOUR);
    for name in ["Emil", "Jürgen"] {
        camp.phone(name).star(merging, true).unwrap();
    }
    camp.phone("Emil").share_stars(camp.event, true).unwrap();
    let emil = camp.guest("Emil").person;
    camp.fact("Emil", Fact::Starred(emil, merging));
    swap(camp, "Kofi", "Ines").await;

    camp.pass(HOUR);
    // Nobody hears of the others while they write.
    for (name, text) in [("Deniz", "Clocks lie"), ("Ines", "Flour is out"), ("Kofi", "Where?")] {
        post(camp, name, text);
    }
    for (name, line) in
        [("Ines", "What is a clock?"), ("Bela", "Two phones meet."), ("Emil", "Then?")]
    {
        jot(camp, name, merging, line);
    }
    camp.phone("Lurker").create_note(&note("I only listen.")).unwrap();
    camp.mingle(30).await;
}

/// Things move, and people take words back.
async fn second_day(camp: &mut Camp) {
    camp.pass(DAY);
    camp.gather().await;
    let merging = pitched(camp, "Merging without meeting");
    place(camp, "Chloé", merging, "Cellar", DAY + 4 * HOUR);
    let title = "Merging after meeting".to_owned();
    let renamed = camp.phone("Bela").session(merging).unwrap().session;
    let renamed = renamed.with_title(line(&title));
    camp.phone("Bela").edit_session(merging, &renamed).unwrap();
    camp.fact("Bela", Fact::Titled(merging, title));
    camp.meet("Chloé", "Jürgen").await;
    let moves = camp.phone("Jürgen").moves(camp.event).unwrap();
    assert_eq!(moves.len(), 1, "Jürgen looked forward to what moved: {moves:?}");

    let posts = camp.phone("Ines").posts(camp.event, &Default::default(), None, 100).unwrap();
    let mine = posts.iter().find(|post| post.mine).expect("Ines posted").id;
    let ines = camp.guest("Ines").person;
    camp.phone("Ines").edit_post(mine, &says("Flour is back")).unwrap();
    camp.fact("Ines", Fact::Posted(mine, ines, "Flour is back".to_owned()));
    let posts = camp.phone("Kofi").posts(camp.event, &Default::default(), None, 100).unwrap();
    let gone = posts.iter().find(|post| post.mine).expect("Kofi posted").id;
    camp.phone("Kofi").erase_post(gone).unwrap();
    camp.fact("Kofi", Fact::Unposted(gone));
    jot(camp, "Lurker", merging, "So I do write, once.");
    camp.mingle(30).await;
}

/// One leaves with all that is theirs.
async fn third_day(camp: &mut Camp) {
    camp.pass(DAY);
    camp.gather().await;
    post(camp, "Farah", "Thanks, see you next time");
    let deniz = camp.guest("Deniz").person;
    camp.phone("Deniz").leave(camp.event).unwrap();
    camp.fact("Deniz", Fact::Vanishes(deniz));
    camp.mingle(20).await;
}

/// What remains is mine: contacts with where we met, notes, what is open.
fn after(camp: &Camp) {
    let kofi = camp.phone("Kofi");
    let contact = &kofi.contacts().unwrap()[0].contact;
    assert_eq!(contact.name().as_str(), "Ines");
    assert_eq!(contact.meetings()[0].event, Some(camp.event));
    assert!(contact.is_confirmed());
    let words = camp.phone("Lurker").search("listen", 9).unwrap();
    assert_eq!(words.len(), 1, "Lurker's note is there, and on no other phone");
    for name in &NAMES[..NAMES.len() - 1] {
        assert_eq!(camp.phone(name).search("listen", 9).unwrap(), [], "{name}");
        assert_eq!(camp.phone(name).search("Flour out", 9).unwrap(), [], "{name}");
    }
}

fn pitch(camp: &mut Camp, by: &str, title: &str) -> Id {
    let session = camp.phone(by).pitch_session(camp.event, &talk(title)).unwrap();
    camp.fact(by, Fact::Titled(session, title.to_owned()));
    session
}

/// The session with this title, on the founder's phone.
fn pitched(camp: &Camp, title: &str) -> Id {
    let sessions = camp.phone("Ada").sessions(camp.event).unwrap();
    sessions.iter().find(|it| it.session.title().as_str() == title).expect("a session").id
}

/// Places a session so long after Friday morning.
fn place(camp: &mut Camp, by: &str, session: Id, room: &str, after: u64) {
    let start = Millis::new(FRIDAY + after).unwrap();
    let place = Placement { room: line(room), start, minutes: Minutes::new(45).unwrap() };
    camp.phone(by).place_session(session, Some(&place)).unwrap();
    camp.fact(by, Fact::Placed(session, place));
}

fn topic(camp: &mut Camp, by: &str, stance: Stance, name: &str) {
    let (device, person) = (camp.phone(by), camp.guest(by).person);
    match stance {
        Stance::Offer => device.offer_topic(camp.event, &line(name), None).unwrap(),
        Stance::Want => device.want_topic(camp.event, &line(name), None).unwrap(),
    }
    camp.fact(by, Fact::Topic(person, stance, name.to_owned()));
}

fn ask(camp: &mut Camp, by: &str, offer: Id) -> Id {
    let person = camp.guest(by).person;
    let request = camp.phone(by).ask_for_seat(offer, Places::ONE, &Default::default()).unwrap();
    camp.fact(by, Fact::Asked(request, person));
    request
}

fn says(text: &str) -> NewPost {
    NewPost::new(PostText::new(text).unwrap())
}

fn post(camp: &mut Camp, by: &str, text: &str) {
    let person = camp.guest(by).person;
    let post = camp.phone(by).write_post(camp.event, &says(text)).unwrap();
    camp.fact(by, Fact::Posted(post, person, text.to_owned()));
}

/// Writes a line at the end of a pad.
fn jot(camp: &mut Camp, by: &str, session: Id, line: &str) {
    let at = camp.phone(by).pad_text(session).unwrap().chars().count();
    let splice = Splice { at, delete: 0, insert: format!("{line}\n") };
    camp.phone(by).splice_pad(session, TextUnit::Scalars, &[splice]).unwrap();
    camp.fact(by, Fact::Noted(session, line.to_owned()));
}

/// One shows a code, the other scans and answers it; then they meet.
async fn swap(camp: &mut Camp, scans: &str, shows: &str) {
    for name in [scans, shows] {
        let mut profile = Profile::default();
        profile.set_name(Shared::new(Some(line(name)), Audience::Event));
        camp.phone(name).set_profile(&profile).unwrap();
    }
    let showing = camp.phone(shows).show_code(&[], Some(camp.event)).unwrap();
    let met = MetAt { place: Some(line("at the coffee")), ..MetAt::default() };
    let person = camp.phone(scans).scan(&showing.text, &met).unwrap();
    camp.phone(scans).answer(person).unwrap();
    camp.meet(scans, shows).await;
    camp.meet(scans, shows).await;
}
