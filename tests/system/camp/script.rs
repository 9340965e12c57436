//! The script: before, during and after.

use teilgeber_device::model::*;
use teilgeber_device::{BundleOf, Device, Error, Kind, PhotoError, WAITS_AT_MOST_MS};
use teilgeber_tests::story::{line, note};
use teilgeber_tests::support::setting;

use super::deeds::*;
use super::oracle::Fact;
use super::people::*;

#[tokio::test]
async fn a_camp_of_three_days_is_the_same_on_every_phone() {
    let (first, stories) = (setting("CAMP_SEED", 1), setting("CAMP_STORIES", 1));
    for seed in first..first + stories {
        println!("CAMP_SEED={seed}");
        play(seed, |ada| ada.create_event(&three_days("Barcamp Mill")).unwrap()).await;
    }
}

#[tokio::test]
async fn a_camp_with_a_real_schedule_is_the_same_on_every_phone() {
    let seed = setting("CAMP_SEED", 1);
    println!("CAMP_SEED={seed}");
    for schedule in ["pretalx-barcamp.xml", "frab-barcamp.xml"] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/").to_owned() + schedule;
        let bytes = std::fs::read(path).unwrap();
        play(seed, |ada| ada.create_event_from_schedule(&bytes).unwrap().0).await;
    }
}

/// Words and pictures that somebody took back: in the end no phone may hold them.
type TakenBack = Vec<String>;

async fn play(seed: u64, found: impl FnOnce(&Device) -> Id) {
    let mut camp = Camp::open(seed, found, &three_days("Barcamp Harbour"));
    let mut gone = TakenBack::new();
    before(&mut camp).await;
    seats(&mut camp).await;
    the_board_fills(&mut camp).await;
    strict_sessions(&mut camp).await;
    for_oneself(&mut camp).await;
    a_photo_in_passing(&mut camp).await;
    camp.gather().await;
    camp.must_tell();
    to_the_organisers(&mut camp).await;
    what_takes_space(&mut camp).await;
    things_move(&mut camp, &mut gone).await;
    without_meeting(&mut camp).await;
    the_other_camp(&mut camp).await;
    organisers_step_in(&mut camp, &mut gone).await;
    second_thoughts(&mut camp, &mut gone).await;
    everything_of_mine(&mut camp, &mut gone).await;
    a_new_phone(&mut camp).await;
    camp.gather().await;
    camp.must_tell();
    the_last_day(&mut camp).await;
    camp.gather().await;
    camp.must_tell();
    after(&camp, &gone);
    the_camp_fades(&mut camp).await;
    camp.gather().await;
    camp.must_agree();
}

/// From Friday to Sunday, in two rooms.
fn three_days(name: &str) -> Event {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let days = Days::new(day("2026-11-20"), day("2026-11-22")).unwrap();
    let zone = TimeZone::new("Europe/Berlin").unwrap();
    let rooms = ["Attic", "Cellar"].map(|name| Room { name: line(name), letter: None });
    Event::new(line(name), days, zone).with_rooms(List::new(rooms.to_vec()).unwrap())
}

/// People show themselves, pitch, and say what they offer and want.
async fn before(camp: &mut Camp) {
    // The last one only reads.
    for name in &NAMES[..NAMES.len() - 1] {
        let bio = if *name == "Farah" { "Keeps bees on a roof" } else { "" };
        appear(camp, name, bio);
    }
    pitch(camp, "Bela", "Merging without meeting");
    pitch(camp, "Chloé", "Seeds and seasons");
    topic(camp, "Deniz", Stance::Offer, "Sourdough");
    topic(camp, "Emil", Stance::Want, "Sourdough");
    topic(camp, "Farah", Stance::Want, "Sourdough");
    topic(camp, "Farah", Stance::Want, "Radio");
    camp.mingle(16).await;
    camp.gather().await;
    choose_readers(camp, "Ada", READERS, "Bela");
}

/// Two ask for one seat without knowing of each other.
async fn seats(camp: &mut Camp) {
    let when = Millis::new(FRIDAY + DAY).unwrap();
    let places = Places::new(1).unwrap();
    let ride = Offering::Ride { from: line("Köln"), to: line("Mill"), when, places };
    let offer = camp.phone("Gül").make_offer(camp.event, &Offer::new(ride, when)).unwrap();
    let gul = camp.guest("Gül").person;
    camp.fact("Gül", Fact::Offered(offer, gul, "Köln".to_owned()));
    camp.meet("Gül", "Hanno").await;
    camp.meet("Gül", "Ines").await;
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
async fn the_board_fills(camp: &mut Camp) {
    camp.pass(HOUR);
    camp.gather().await;
    let (merging, seeds) =
        (pitched(camp, "Merging without meeting"), pitched(camp, "Seeds and seasons"));
    place(camp, "Bela", merging, "Attic", 2 * HOUR);
    place(camp, "Hanno", seeds, "Cellar", 2 * HOUR);
    grant(camp, "Ada", "Bela");
    for name in ["Emil", "Jürgen"] {
        star(camp, name, merging);
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
    post_about(camp, "Emil", "The graph is on the door", merging);
    for (name, line) in
        [("Ines", "What is a clock?"), ("Bela", "Two phones meet."), ("Emil", "Then?")]
    {
        jot(camp, name, merging, line);
    }
    camp.phone("Lurker").create_note(&note("I only listen.")).unwrap();
    camp.mingle(16).await;
}

/// In one session nobody is to be named; in another, what was written is not to be told after all.
async fn strict_sessions(camp: &mut Camp) {
    let wages = pitch(camp, "Emil", "What we earn");
    rule(camp, "Emil", wages, Policy::ChathamHouse);
    let tired = pitch(camp, "Gül", "Burning out");
    camp.gather().await;
    jot(camp, "Deniz", wages, "Less than last year");
    post_for_everyone(camp, "Hanno", "Nobody asked for more", Some(wages));
    post_about(camp, "Jürgen", "Half of us do", wages);
    jot(camp, "Kofi", tired, "Sleep is a start");
    post_for_everyone(camp, "Ines", "I know that one", Some(tired));
    photograph(camp, "Farah", tired, "The couch", 3_000);
    photograph(camp, "Farah", wages, "The curve", 3_000);
    camp.mingle(8).await;
    rule(camp, "Gül", tired, Policy::OffTheRecord);
    // Nothing is said there any more by whoever has heard of it.
    let refused = camp.phone("Gül").set_pad(tired, &PadText::new("More").unwrap());
    assert!(matches!(refused, Err(Error::OffTheRecord)), "{refused:?}");
    camp.mingle(8).await;
}

/// What people keep for themselves: quiet, anchors, whom they follow, what they write to one another.
async fn for_oneself(camp: &mut Camp) {
    camp.gather().await;
    let merging = pitched(camp, "Merging without meeting");
    follow(camp, "Kofi", "Ines");
    pitch(camp, "Ines", "Bread at noon");
    quieten(camp, "Emil", "Deniz", false);
    // Who offers a topic, looks forward to a session, takes photos and has a car.
    for name in ["Deniz", "Emil", "Farah", "Gül"] {
        quieten(camp, "Lurker", name, true);
    }
    anchor(camp, "Lurker", "read about clocks", Holds::Session(merging));
    let at_home = anchor(camp, "Jürgen", "try this at home", Holds::Session(merging));
    star(camp, "Lurker", merging);

    write(camp, "Bela", "Chloé", "Can you bring seeds?");
    quieten(camp, "Hanno", "Kofi", true);
    write(camp, "Kofi", "Hanno", "Are you there?");
    camp.gather().await;
    unquieten(camp, "Hanno", "Kofi");
    write(camp, "Kofi", "Hanno", "Hello?");
    write(camp, "Chloé", "Bela", "A bag of them");
    pick_up(camp, "Jürgen", at_home);
    camp.mingle(8).await;
}

/// Two meet so shortly that only what is said of a photo comes, and a small picture.
async fn a_photo_in_passing(camp: &mut Camp) {
    let merging = pitched(camp, "Merging without meeting");
    camp.meet("Hanno", "Ines").await;
    let (photo, picture) = photograph(camp, "Hanno", merging, "The flipchart", 300_000);
    camp.meet_in_passing("Ines", "Hanno", 60_000).await;
    let here = camp.phone("Ines").photo(photo).unwrap();
    assert!(here.thumbnail.is_some());
    let whole = camp.phone("Ines").photo_bytes(photo);
    assert!(matches!(whole, Err(Error::Photo(PhotoError::OnTheWay { .. }))), "it came at once");
    camp.meet("Ines", "Hanno").await;
    assert_eq!(camp.phone("Ines").photo_bytes(photo).unwrap(), picture);
}

/// Feedback with a name and without one, and a conduct report.
async fn to_the_organisers(camp: &mut Camp) {
    advise(camp, "Hanno", "More tea");
    report(camp, "Gül", "Bela", "Somebody took pictures of me asleep");
    advise_anonymously(camp, "Chloé", "The quince tart was missing");
    // Nobody hears of it before its time.
    camp.meet("Chloé", "Farah").await;
    camp.meet("Farah", "Ada").await;
    camp.pass(WAITS_AT_MOST_MS);
    camp.meet_until_unseen("Farah", "Chloé").await;
    advice_left(camp, "Chloé", "Farah", "The quince tart was missing");
    for name in ["Chloé", "Farah"] {
        assert!(!camp.holds(name, "quince"), "{name} can read what was said to others");
    }
}

/// Somebody clears the pictures of others and wants one back, which comes from those who have it.
async fn what_takes_space(camp: &mut Camp) {
    clear_photos(camp, "Ines");
    camp.meet("Ines", "Kofi").await;
    let merging = pitched(camp, "Merging without meeting");
    let flipchart = camp.phone("Ines").photos(merging).unwrap()[0].id;
    ask_for_photo(camp, "Ines", flipchart);
    camp.meet("Ines", "Gül").await;
}

/// Sessions move, posts change, and one of them goes.
async fn things_move(camp: &mut Camp, gone: &mut TakenBack) {
    camp.pass(DAY);
    camp.gather().await;
    let merging = pitched(camp, "Merging without meeting");
    place(camp, "Chloé", merging, "Cellar", DAY + 4 * HOUR);
    rename(camp, "Bela", merging, "Merging after meeting");
    camp.meet("Chloé", "Jürgen").await;
    let moves = camp.phone("Jürgen").moves(camp.event).unwrap();
    assert_eq!(moves.len(), 1, "Jürgen looked forward to what moved: {moves:?}");

    let flour = posted(camp, "Ines", "Flour is out");
    reword(camp, "Ines", flour, "Flour is back");
    gone.push("Flour is out".to_owned());
    let lost = posted(camp, "Kofi", "Where?");
    erase_post(camp, "Kofi", lost);
    gone.push("Where?".to_owned());
    jot(camp, "Lurker", merging, "So I do write, once.");
    camp.mingle(16).await;
}

/// Two come to know the same by a file, two by a hub; neither pair meets.
async fn without_meeting(camp: &mut Camp) {
    post(camp, "Deniz", "My phone finds nobody");
    hand_back_and_forth(camp, "Deniz", "Gül");
    let mut hub = camp.hub("Ada");
    post(camp, "Chloé", "I leave early");
    camp.meet_hub("Chloé", &mut hub).await;
    post(camp, "Hanno", "I came late");
    camp.meet_hub("Hanno", &mut hub).await;
    camp.meet_hub("Chloé", &mut hub).await;
    camp.must_read_nothing(&hub);
    let (chloe, hanno) = (camp.guest("Chloé"), camp.guest("Hanno"));
    assert_eq!(chloe.known, hanno.known);
    assert_eq!(
        chloe.device.digests(camp.event).unwrap(),
        hanno.device.digests(camp.event).unwrap()
    );
}

fn hand_back_and_forth(camp: &mut Camp, one: &str, other: &str) {
    post(camp, other, "Mine neither");
    camp.hand_over(one, other, BundleOf::Everything);
    let person = camp.guest(one).person;
    camp.hand_over(other, one, BundleOf::For(person));
    let (one, other) = (camp.guest(one), camp.guest(other));
    assert_eq!(one.known, other.known);
    assert_eq!(one.device.digests(camp.event).unwrap(), other.device.digests(camp.event).unwrap());
}

/// A session and a post cross the bridge to the other camp, and follow their originals.
async fn the_other_camp(camp: &mut Camp) {
    camp.gather().await;
    let seeds = pitched(camp, "Seeds and seasons");
    let calling = post_for_everyone(camp, "Bela", "Boats leave at four", None);
    camp.meet("Bela", "Kofi").await;
    lend(camp, Kind::Session, seeds);
    lend(camp, Kind::Post, calling);
    camp.meet("Kofi", "Jürgen").await;
    camp.meet("Jürgen", "Ines").await;
    rename(camp, "Chloé", seeds, "Seeds for all seasons");
    reword(camp, "Bela", calling, "Boats leave at five");
    camp.meet("Chloé", "Bela").await;
    camp.meet("Bela", "Ines").await;
    camp.meet("Ines", "Kofi").await;
    camp.meet("Kofi", "Jürgen").await;
    camp.mingle(8).await;
}

/// Organisers hide, unhide, withdraw and lock.
async fn organisers_step_in(camp: &mut Camp, gone: &mut TakenBack) {
    camp.gather().await;
    let (seeds, bread) = (pitched(camp, "Seeds for all seasons"), pitched(camp, "Bread at noon"));
    hide(camp, "Ada", Kind::Session, seeds);
    let (flour, clocks) =
        (posted(camp, "Ines", "Flour is back"), posted(camp, "Ada", "Clocks lie"));
    hide(camp, "Ada", Kind::Post, flour);
    withdraw(camp, "Ada", Kind::Post, clocks);
    gone.push("Clocks lie".to_owned());
    let (face, picture) = photograph(camp, "Farah", bread, "Somebody at lunch", 3_000);
    lock(camp, "Ada", "Cellar");
    camp.gather().await;
    withdraw(camp, "Bela", Kind::Photo, face);
    gone.extend([
        "Somebody at lunch".to_owned(),
        String::from_utf8(picture[100..400].to_vec()).unwrap(),
    ]);

    // One hides it again while another shows it: the hide wins, until it is shown by whoever knows of it.
    hide(camp, "Bela", Kind::Post, flour);
    unhide(camp, "Ada", Kind::Post, flour);
    camp.gather().await;
    assert!(camp.truth("Ada").is_hidden(&flour));
    unhide(camp, "Bela", Kind::Post, flour);
    unhide(camp, "Ada", Kind::Session, seeds);

    cannot_place(camp, "Chloé", bread, "Cellar", DAY + 6 * HOUR);
    cannot_place(camp, "Chloé", seeds, "Attic", DAY + 6 * HOUR);
    place(camp, "Bela", bread, "Cellar", DAY + 6 * HOUR);
    camp.mingle(16).await;
}

/// Somebody takes back words about themselves; somebody takes back taking back.
async fn second_thoughts(camp: &mut Camp, gone: &mut TakenBack) {
    appear(camp, "Farah", "");
    gone.push("Keeps bees on a roof".to_owned());
    let rash = post(camp, "Hanno", "That was nonsense");
    camp.meet("Hanno", "Gül").await;
    let pending = erase_post_soon(camp, "Hanno", rash);
    // Nobody hears of it as long as it can be undone.
    camp.meet("Hanno", "Gül").await;
    undo(camp, "Hanno", &pending);
    let pending = erase_post_soon(camp, "Hanno", rash);
    too_late_to_undo(camp, "Hanno", &pending);
    gone.push("That was nonsense".to_owned());
    camp.meet("Hanno", "Gül").await;
    camp.mingle(8).await;
}

/// Somebody erases all that is theirs, has it back, and erases it after all.
async fn everything_of_mine(camp: &mut Camp, gone: &mut TakenBack) {
    let pending = erase_all_soon(camp, "Hanno");
    camp.meet("Hanno", "Gül").await;
    undo(camp, "Hanno", &pending);
    camp.meet("Hanno", "Gül").await;
    erase_all_soon(camp, "Hanno");
    camp.meet("Hanno", "Ines").await;
    too_late_for_all(camp, "Hanno");
    gone.extend(["Nobody asked for more", "The flipchart", "I came late"].map(str::to_owned));
    camp.meet("Hanno", "Gül").await;
}

/// Two lost their phones, and are who they were on new ones.
async fn a_new_phone(camp: &mut Camp) {
    for name in ["Ines", "Lurker"] {
        camp.meet(name, "Kofi").await;
        camp.new_phone(name);
        camp.meet(name, "Kofi").await;
        camp.import_again(name);
        camp.meet(name, "Kofi").await;
    }
}

/// The bridge is closed; one leaves with all that is theirs, and comes back.
async fn the_last_day(camp: &mut Camp) {
    camp.pass(DAY);
    post(camp, "Farah", "Thanks, see you next time");
    close_the_bridge(camp, "Ada");
    hold_for(camp, "Ada", 7);
    leave(camp, "Deniz");
    camp.mingle(12).await;
    camp.gather().await;
    rejoin(camp, "Deniz");
    appear(camp, "Deniz", "Here again");
    topic(camp, "Deniz", Stance::Want, "Sleep");
    post(camp, "Deniz", "I forgot my bag");
    camp.mingle(8).await;
}

/// What remains is mine: contacts with where we met, notes, what is open. What was taken back remains nowhere.
fn after(camp: &Camp, gone: &TakenBack) {
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
    camp.must_be_gone(gone);
}

/// After the last day the camp fades on one phone, and comes back from those who kept it.
async fn the_camp_fades(camp: &mut Camp) {
    for name in NAMES.iter().filter(|name| **name != "Emil") {
        keep(camp, name);
    }
    let_fade(camp, "Emil");
    let emil = camp.guest("Emil").person;
    for words in camp.truth("Emil").words_of_others(emil) {
        assert!(!camp.holds("Emil", &words), "Emil still has {words:?}");
    }
    assert!(camp.phone("Ada").fade().unwrap().is_empty());
    assert_eq!(camp.phone("Emil").search("Then", 9).unwrap().len(), 1, "Emil's line is a note now");
    keep(camp, "Emil");
    let who = camp.number("Emil");
    camp.guests[who].has_faded = false;
}
