//! What somebody does: on their phone, and as a fact for the oracle.

use teilgeber_device::model::*;
use teilgeber_device::{
    Authorship, Error, Held, Kind, MetAt, NewPost, Pending, PhotoError, Splice, TextUnit, UNDO_MS,
};
use teilgeber_tests::story::{line, named, talk};

use super::oracle::{Fact, Picture, Seat, Words};
use super::people::*;

/// Shows a name, and words about oneself.
pub(crate) fn appear(camp: &mut Camp, name: &str, bio: &str) {
    let person = camp.guest(name).person;
    let mut profile = named(name);
    profile.set_bio(Shared::new(Prose::new(bio).unwrap(), Audience::Event));
    camp.phone(name).set_profile(&profile).unwrap();
    camp.phone(name).appear_in(camp.event, true).unwrap();
    camp.fact(name, Fact::Appears(person, name.to_owned(), bio.to_owned()));
}

/// Makes another an organiser, whom they must have met.
pub(crate) fn grant(camp: &mut Camp, by: &str, other: &str) {
    let (author, person) =
        (camp.phone(other).author_in(camp.event).unwrap().unwrap(), camp.guest(other).person);
    camp.phone(by).grant_organiser(camp.event, author).unwrap();
    camp.fact(by, Fact::Organises(person));
}

pub(crate) fn pitch(camp: &mut Camp, by: &str, title: &str) -> Id {
    let person = camp.guest(by).person;
    let session = camp.phone(by).pitch_session(camp.event, &talk(title)).unwrap();
    camp.fact(by, Fact::Pitched(session, person, title.to_owned()));
    session
}

pub(crate) fn rename(camp: &mut Camp, by: &str, session: Id, title: &str) {
    let old = camp.phone(by).session(session).unwrap().session;
    camp.phone(by).edit_session(session, &old.with_title(line(title))).unwrap();
    camp.fact(by, Fact::Titled(session, title.to_owned()));
}

/// Says what may be told of a session.
pub(crate) fn rule(camp: &mut Camp, by: &str, session: Id, policy: Policy) {
    let old = camp.phone(by).session(session).unwrap().session;
    camp.phone(by).edit_session(session, &old.with_policy(policy)).unwrap();
    camp.fact(by, Fact::Ruled(session, policy));
}

/// The session with this title, on the founder's phone.
pub(crate) fn pitched(camp: &Camp, title: &str) -> Id {
    let sessions = camp.phone("Ada").sessions(camp.event).unwrap();
    sessions.iter().find(|it| it.session.title().as_str() == title).expect("a session").id
}

/// A place so long after Friday morning.
fn at(room: &str, after: u64) -> Placement {
    let start = Millis::new(FRIDAY + after).unwrap();
    Placement { room: line(room), start, minutes: Minutes::new(45).unwrap() }
}

pub(crate) fn place(camp: &mut Camp, by: &str, session: Id, room: &str, after: u64) {
    let place = at(room, after);
    camp.phone(by).place_session(session, Some(&place)).unwrap();
    camp.fact(by, Fact::Placed(session, place));
}

/// Somebody is not let into a locked room, and none is let out of it.
pub(crate) fn cannot_place(camp: &Camp, by: &str, session: Id, room: &str, after: u64) {
    let refused = camp.phone(by).place_session(session, Some(&at(room, after)));
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{by}: {refused:?}");
}

pub(crate) fn lock(camp: &mut Camp, by: &str, room: &str) {
    let lock = Lock { room: Some(line(room)), ..Lock::default() };
    camp.phone(by).lock_board(camp.event, &lock).unwrap();
    camp.fact(by, Fact::Locked(room.to_owned()));
}

pub(crate) fn topic(camp: &mut Camp, by: &str, stance: Stance, name: &str) {
    let (device, person) = (camp.phone(by), camp.guest(by).person);
    match stance {
        Stance::Offer => device.offer_topic(camp.event, &line(name), None).unwrap(),
        Stance::Want => device.want_topic(camp.event, &line(name), None).unwrap(),
    }
    camp.fact(by, Fact::Topic(person, stance, name.to_owned()));
}

pub(crate) fn ask(camp: &mut Camp, by: &str, offer: Id) -> Id {
    let person = camp.guest(by).person;
    let request = camp.phone(by).ask_for_seat(offer, Places::ONE, &Default::default()).unwrap();
    camp.fact(by, Fact::Asked(request, Seat { offer, person, answer: None }));
    request
}

/// Looks forward to a session, for oneself.
pub(crate) fn star(camp: &mut Camp, by: &str, session: Id) {
    camp.phone(by).star(session, true).unwrap();
    camp.mine(by).stars.insert(session);
}

pub(crate) fn post(camp: &mut Camp, by: &str, text: &str) -> Id {
    say(camp, by, text, None, false)
}

pub(crate) fn post_about(camp: &mut Camp, by: &str, text: &str, session: Id) -> Id {
    say(camp, by, text, Some(session), false)
}

pub(crate) fn post_for_everyone(camp: &mut Camp, by: &str, text: &str, about: Option<Id>) -> Id {
    say(camp, by, text, about, true)
}

fn say(camp: &mut Camp, by: &str, text: &str, about: Option<Id>, everyone: bool) -> Id {
    let words = Words { author: camp.guest(by).person, text: text.to_owned(), about, everyone };
    let post = camp.phone(by).write_post(camp.event, &as_post(&words)).unwrap();
    camp.fact(by, Fact::Posted(post, words));
    post
}

/// Makes a post say something else.
pub(crate) fn reword(camp: &mut Camp, by: &str, post: Id, text: &str) {
    let old = camp.truth(by).posts.remove(&post).expect("a post");
    let words = Words { text: text.to_owned(), ..old };
    camp.phone(by).edit_post(post, &as_post(&words)).unwrap();
    camp.fact(by, Fact::Posted(post, words));
}

fn as_post(words: &Words) -> NewPost {
    let text = PostText::new(&words.text).unwrap();
    let about = words.about.map(About::Session);
    NewPost { about, everyone: words.everyone, ..NewPost::new(text) }
}

/// A post of somebody's own, as their phone has it.
pub(crate) fn posted(camp: &Camp, by: &str, text: &str) -> Id {
    let posts = camp.phone(by).posts(camp.event, &Default::default(), None, 1_000).unwrap();
    posts.iter().find(|post| post.post.text().as_str() == text).expect("a post").id
}

pub(crate) fn erase_post(camp: &mut Camp, by: &str, post: Id) {
    camp.phone(by).erase_post(post).unwrap();
    camp.fact(by, Fact::Gone(post));
}

/// Erases a post in a moment; until then it is only out of one's own sight.
pub(crate) fn erase_post_soon(camp: &mut Camp, by: &str, post: Id) -> Pending {
    let pending = camp.phone(by).erase_soon(Kind::Post, post).unwrap();
    camp.mine(by).leaving.insert(post);
    camp.look(camp.number(by));
    pending
}

pub(crate) fn undo(camp: &mut Camp, by: &str, pending: &Pending) {
    camp.phone(by).undo(pending).unwrap();
    camp.mine(by).leaving.remove(&pending.id);
    camp.look(camp.number(by));
}

/// The moment to undo passes; the phone gets around to it at its next meeting, before anything is sent.
pub(crate) fn too_late_to_undo(camp: &mut Camp, by: &str, pending: &Pending) {
    camp.pass(UNDO_MS);
    camp.mine(by).leaving.remove(&pending.id);
    camp.fact(by, Fact::Gone(pending.id));
}

/// Takes a photo, with a small one of it. Returns its id and the picture.
pub(crate) fn photograph(
    camp: &mut Camp,
    by: &str,
    session: Id,
    caption: &str,
    bytes: usize,
) -> (Id, Vec<u8>) {
    let (person, picture, small) = (camp.guest(by).person, camp.picture(bytes), camp.picture(900));
    let small = Thumbnail::new(small).unwrap();
    let below = Caption::new(caption).unwrap();
    let photo = camp.phone(by).add_photo(session, &picture, Some(small), &below).unwrap();
    let (caption, bytes) = (caption.to_owned(), picture.len());
    camp.fact(by, Fact::Pictured(photo, Picture { person, session, caption, bytes }));
    (photo, picture)
}

pub(crate) fn hide(camp: &mut Camp, by: &str, kind: Kind, thing: Id) {
    camp.phone(by).hide(kind, thing).unwrap();
    camp.fact(by, Fact::Hidden(thing));
}

pub(crate) fn unhide(camp: &mut Camp, by: &str, kind: Kind, thing: Id) {
    camp.phone(by).unhide(kind, thing).unwrap();
    let known = camp.guest(by).known.clone();
    camp.fact(by, Fact::Unhidden(thing, known));
}

/// An organiser lets a thing go everywhere.
pub(crate) fn withdraw(camp: &mut Camp, by: &str, kind: Kind, thing: Id) {
    camp.phone(by).withdraw(kind, thing).unwrap();
    camp.fact(by, Fact::Gone(thing));
}

/// Has quiet from another.
pub(crate) fn quieten(camp: &mut Camp, by: &str, other: &str, block: bool) {
    let person = camp.guest(other).person;
    match block {
        true => camp.phone(by).block(person).unwrap(),
        false => camp.phone(by).mute(person).unwrap(),
    }
    camp.mine(by).quiet.insert(person, block);
    camp.look(camp.number(by));
}

pub(crate) fn unquieten(camp: &mut Camp, by: &str, other: &str) {
    let person = camp.guest(other).person;
    camp.phone(by).unmute(person).unwrap();
    camp.mine(by).quiet.remove(&person);
    camp.look(camp.number(by));
}

/// Writes a line at the end of a pad.
pub(crate) fn jot(camp: &mut Camp, by: &str, session: Id, line: &str) {
    let at = camp.phone(by).pad_text(session).unwrap().chars().count();
    let splice = Splice { at, delete: 0, insert: format!("{line}\n") };
    camp.phone(by).splice_pad(session, TextUnit::Scalars, &[splice]).unwrap();
    camp.fact(by, Fact::Noted(session, line.to_owned()));
}

/// One writes to another, whose card they have, or whose letter.
pub(crate) fn write(camp: &mut Camp, from: &str, to: &str, text: &str) {
    let (me, person) = (camp.guest(from).person, camp.guest(to).person);
    camp.phone(from).write_message(person, &MessageText::new(text).unwrap()).unwrap();
    camp.mine(from).messages.insert((person, true, text.to_owned()));
    camp.fact(from, Fact::Wrote(me, person, text.to_owned()));
}

/// Sets an anchor, for oneself.
pub(crate) fn anchor(camp: &mut Camp, by: &str, words: &str, holds: Holds) -> Id {
    let anchor = Anchor::new(line(words)).with_holds(Some(holds));
    let anchor = camp.phone(by).add_anchor(&anchor).unwrap();
    camp.mine(by).anchors.insert(anchor, words.to_owned());
    anchor
}

pub(crate) fn pick_up(camp: &mut Camp, by: &str, anchor: Id) {
    camp.phone(by).close_anchor(anchor).unwrap();
    camp.mine(by).anchors.remove(&anchor);
}

/// Follows a contact.
pub(crate) fn follow(camp: &mut Camp, by: &str, other: &str) {
    let person = camp.guest(other).person;
    camp.phone(by).follow(person).unwrap();
    camp.mine(by).followed.insert(person);
    camp.look(camp.number(by));
}

/// The lender lends a session or a post to the camp at the harbour.
pub(crate) fn lend(camp: &mut Camp, kind: Kind, thing: Id) {
    let lender = AT_THE_HARBOUR[1];
    let lent = match kind {
        Kind::Session => camp.phone(lender).lend_session(thing, camp.harbour),
        _ => camp.phone(lender).lend_post(thing, camp.harbour),
    };
    lent.unwrap();
    let words = camp.truth(lender).to_lend(&thing).expect("what may be lent");
    camp.loans.insert(thing, words.clone());
    camp.fact(lender, Fact::Lent(thing, Some(words)));
}

/// Organisers close the bridge.
pub(crate) fn close_the_bridge(camp: &mut Camp, by: &str) {
    let open = camp.phone(by).event(camp.event).unwrap().event.unwrap();
    let closed = open.clone().with_rules(Rules { bridges: false, ..open.rules() });
    camp.phone(by).edit_event(camp.event, &closed).unwrap();
    camp.fact(by, Fact::BridgeClosed);
}

/// One leaves with all that is theirs.
pub(crate) fn leave(camp: &mut Camp, name: &str) {
    let person = camp.guest(name).person;
    camp.phone(name).leave(camp.event).unwrap();
    camp.fact(name, Fact::Vanishes(person));
}

/// Whoever left scans the camp's code again.
pub(crate) fn rejoin(camp: &mut Camp, name: &str) {
    let code = camp.guests[0].device.join_code(camp.event, &[]).unwrap();
    camp.phone(name).join(&code).unwrap();
}

/// One shows a code, the other scans and answers it; then they meet.
pub(crate) async fn swap(camp: &mut Camp, scans: &str, shows: &str) {
    let showing = camp.phone(shows).show_code(&[], Some(camp.event)).unwrap();
    let met = MetAt { place: Some(line("at the coffee")), ..MetAt::default() };
    let person = camp.phone(scans).scan(&showing.text, &met).unwrap();
    camp.phone(scans).answer(person).unwrap();
    camp.meet(scans, shows).await;
    camp.meet(scans, shows).await;
}

/// Says who reads feedback, and to whom conduct reports may go.
pub(crate) fn choose_readers(camp: &Camp, by: &str, readers: [&str; 2], trusted: &str) {
    let readers = readers.map(|name| camp.guest(name).person);
    camp.phone(by).set_feedback_readers(camp.event, &readers).unwrap();
    camp.phone(by).set_trusted(camp.event, &[camp.guest(trusted).person]).unwrap();
}

/// Gives feedback to those who read it, under one's name.
pub(crate) fn advise(camp: &mut Camp, by: &str, text: &str) {
    give(camp, by, text, Authorship::Signed);
    let me = camp.guest(by).person;
    for reader in camp.phone(by).feedback_form(camp.event).unwrap().readers {
        camp.fact(by, Fact::Advised(reader.person, Some(me), text.to_owned()));
    }
}

/// Gives feedback that carries no name: nobody hears of it until it can leave unseen.
pub(crate) fn advise_anonymously(camp: &Camp, by: &str, text: &str) {
    give(camp, by, text, Authorship::Anonymous);
}

/// Anonymous feedback has left, and whoever was met carries it.
pub(crate) fn advice_left(camp: &mut Camp, by: &str, met: &str, text: &str) {
    for reader in camp.phone(by).feedback_form(camp.event).unwrap().readers {
        camp.fact(met, Fact::Advised(reader.person, None, text.to_owned()));
        camp.knows_the_last(by);
    }
}

fn give(camp: &Camp, by: &str, text: &str, authorship: Authorship) {
    let said = Feedback { text: Prose::new(text).unwrap(), ..Feedback::default() };
    camp.phone(by).give_feedback(camp.event, &said, authorship).unwrap();
}

/// Confides to one person how somebody behaved. Nothing of it stays where it was written.
pub(crate) fn report(camp: &mut Camp, by: &str, to: &str, text: &str) {
    let (me, person) = (camp.guest(by).person, camp.guest(to).person);
    let words = ReportText::new(text).unwrap();
    camp.phone(by).report(camp.event, person, &words, Authorship::Signed).unwrap();
    assert!(!camp.holds(by, text), "{by} still has what was reported");
    camp.fact(by, Fact::Reported(person, me, text.to_owned()));
}

/// All of somebody's goes in a moment; until then it is only out of their own sight.
pub(crate) fn erase_all_soon(camp: &mut Camp, by: &str) -> Pending {
    let event = camp.event;
    let pending = camp.phone(by).erase_event_soon(event).unwrap().0;
    camp.mine(by).leaving.insert(event);
    camp.look(camp.number(by));
    pending
}

/// The moment to undo passes for all that is somebody's.
pub(crate) fn too_late_for_all(camp: &mut Camp, by: &str) {
    camp.pass(UNDO_MS);
    let (event, person) = (camp.event, camp.guest(by).person);
    camp.mine(by).leaving.remove(&event);
    camp.fact(by, Fact::Vanishes(person));
}

/// Clears the pictures of others from a phone.
pub(crate) fn clear_photos(camp: &mut Camp, by: &str) {
    camp.phone(by).clear_photos(Some(camp.event), true).unwrap();
    let (me, truth) = (camp.guest(by).person, camp.truth(by));
    let theirs = truth.photos.iter().filter(|(_, picture)| picture.person != me);
    let cleared = theirs.map(|(photo, _)| *photo).collect();
    let who = camp.number(by);
    camp.guests[who].cleared = cleared;
    camp.look(who);
}

/// Asks for a picture that was cleared, which comes with the next meeting with somebody who has it.
pub(crate) fn ask_for_photo(camp: &mut Camp, by: &str, photo: Id) {
    let asked = camp.phone(by).photo_bytes(photo);
    assert!(matches!(asked, Err(Error::Photo(PhotoError::OnTheWay { here: 0, .. }))), "{asked:?}");
    let who = camp.number(by);
    camp.look(who);
    camp.guests[who].cleared.remove(&photo);
}

/// How long devices hold the camp after its last day, as organisers say.
pub(crate) fn hold_for(camp: &Camp, by: &str, days: u16) {
    let held = camp.phone(by).event(camp.event).unwrap().event.unwrap();
    let rules = Rules { retention: Retention::Days(days), ..held.rules() };
    camp.phone(by).edit_event(camp.event, &held.with_rules(rules)).unwrap();
}

/// Keeps the camp on a phone, whatever its rule says.
pub(crate) fn keep(camp: &Camp, by: &str) {
    camp.phone(by).keep_event(camp.event, true).unwrap();
    assert_eq!(camp.phone(by).event(camp.event).unwrap().held, Held::Kept);
}

/// Days pass, on each of which somebody opens the program, until the camp has faded there.
pub(crate) fn let_fade(camp: &mut Camp, by: &str) {
    for _ in 0..60 {
        camp.pass(DAY);
        if camp.phone(by).fade().unwrap() == [camp.event] {
            let who = camp.number(by);
            camp.guests[who].has_faded = true;
            camp.look(who);
            return;
        }
    }
    panic!("it does not fade");
}
