//! What leaves of a session, and of an event, as files.

use teilgeber_device::formats::schedule;
use teilgeber_device::model::*;
use teilgeber_device::{ArchiveFile, Format, Kind, MetAt, NewPost, PostFilter, Reach};

use crate::support::*;

const FORMATS: [Format; 3] = [Format::Markdown, Format::Html, Format::Text];

/// A session with words, a speaker and a post that everyone may read, by somebody whose name everyone knows.
fn held(ada: &Phone, event: Id, title: &str, words: &str, speaker: &str, policy: Policy) -> Id {
    let session = Session::new(line(title))
        .with_abstract(Abstract::new(words).unwrap())
        .with_tags(List::new(vec![Tag::new(&format!("{speaker}fans")).unwrap()]).unwrap())
        .with_speakers(List::new(vec![line(&format!("{speaker} Quist")), line("Io")]).unwrap())
        .with_link(Some(Link::new(&format!("https://{speaker}.example/")).unwrap()));
    let id = ada.device.pitch_session(event, &session).unwrap();
    ada.device.place_session(id, Some(&attic(MORNING))).unwrap();
    let text = PostText::new(&format!("{speaker} says {words}")).unwrap();
    let post = NewPost { everyone: true, ..NewPost::new(text).about(About::Session(id)) };
    ada.device.write_post(event, &post).unwrap();
    ada.device.set_pad(id, &PadText::new(&format!("{speaker} noted {words}")).unwrap()).unwrap();
    // Who said it, and what everybody wrote, is there before the session becomes strict.
    let strict = session.with_policy(policy);
    ada.device.edit_session(id, &strict).unwrap();
    id
}

fn host() -> (Phone, Id) {
    let ada = Phone::of("Ada");
    ada.device.set_profile(&profile("Zuzanna", Audience::Everyone)).unwrap();
    let event = ada.device.create_event(&camp()).unwrap();
    ada.device.appear_in(event, true).unwrap();
    (ada, event)
}

fn picture() -> Vec<u8> {
    [&[0xff, 0xd8, 0xff, 0xda, 0, 2], [7; 64].as_slice(), &[0xff, 0xd9]].concat()
}

/// Whether these words stand in a file or its name, in whatever case.
fn tells(files: &[ArchiveFile], word: &str) -> bool {
    let all: Vec<u8> =
        files.iter().flat_map(|it| [it.path.as_bytes(), &it.bytes].concat()).collect();
    contains(&all.to_ascii_lowercase(), &word.to_ascii_lowercase())
}

#[test]
fn an_open_session_is_told_with_what_was_said_and_asked_in_the_time_of_the_event() {
    let (ada, event) = host();
    let id = held(&ada, event, "Bread", "Why salt?\n- [ ] bring flour", "Cleo", Policy::Open);
    let anchor = Anchor::new(line("ask for the dough")).with_holds(Some(Holds::Session(id)));
    ada.device.add_anchor(&anchor).unwrap();
    ada.device.add_photo(id, &picture(), None, &Caption::new("The oven").unwrap()).unwrap();

    for format in FORMATS {
        let text = ada.device.document_session(id, format, Reach::Event, false).unwrap();

        for word in
            ["Bread", "Attic", "Barcamp Mill", "09:00", "Cleo Quist", "Zuzanna", "Why salt?"]
        {
            assert!(text.contains(word), "{word}: {text}");
        }
        let questions = text.split("Open questions").nth(1).unwrap();
        assert!(questions.contains("bring flour") && text.contains("The oven"), "{text}");
        assert!(!text.contains("ask for the dough"), "an anchor is mine: {text}");
        let mine = ada.device.document_session(id, format, Reach::Event, true).unwrap();
        assert!(mine.contains("ask for the dough"), "{mine}");
        let everyone = ada.device.document_session(id, format, Reach::Everyone, false).unwrap();
        assert!(!everyone.contains("The oven"), "a photo is for the event: {everyone}");
        assert!(text.contains("Cleo noted") && !everyone.contains("Cleo noted"), "{everyone}");
    }
    let html = ada.device.document_session(id, Format::Html, Reach::Event, false).unwrap();
    assert!(html.contains("src=\"data:image/jpeg;base64,/9j/"), "{html}");
}

#[test]
fn a_session_under_the_chatham_house_rule_names_nobody() {
    let (ada, event) = host();
    let words = "Cleo Quist and cleo: wages, says @CleoQuist, cleo_quist and Io";
    let id = held(&ada, event, "Wages with Cleo", words, "Cleo", Policy::ChathamHouse);
    held(&ada, event, "Tea", "Leaves", "Bo", Policy::Open);
    ada.device.add_photo(id, &picture(), None, &Caption::new("Cleo").unwrap()).unwrap();
    let anchor = Anchor::new(line("write to Cleo")).with_holds(Some(Holds::Session(id)));
    ada.device.add_anchor(&anchor).unwrap();

    for format in FORMATS {
        for reach in [Reach::Everyone, Reach::Event] {
            let text = ada.device.document_session(id, format, reach, true).unwrap().to_lowercase();

            assert!(text.contains("wages") && text.contains("chatham house"), "{text}");
            assert!(!text.contains("cleo") && !text.contains("quist"), "{text}");
            assert!(!text.contains("zuzanna") && !text.contains("data:image"), "{text}");
            assert!(!text.contains("and io"), "{text}");
        }
    }
}

#[test]
fn of_a_session_off_the_record_it_is_told_that_it_took_place() {
    let (ada, event) = host();
    let id = held(&ada, event, "Salaries", "Grit? Much grit.", "Dana", Policy::OffTheRecord);
    let anchor = Anchor::new(line("grit again")).with_holds(Some(Holds::Session(id)));
    ada.device.add_anchor(&anchor).unwrap();

    for format in FORMATS {
        let text = ada.device.document_session(id, format, Reach::Event, true).unwrap();

        for word in ["Salaries", "Attic", "09:00"] {
            assert!(text.contains(word), "{text}");
        }
        let text = text.to_lowercase();
        assert!(!["grit", "dana", "zuzanna"].iter().any(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn no_file_of_an_archive_tells_who_was_in_a_strict_session_or_what_was_said_off_the_record() {
    let (ada, event) = host();
    ada.device.appear_in(event, false).unwrap();
    held(&ada, event, "Bread", "Flour and water", "Finn", Policy::Open);
    held(&ada, event, "Wages with Cleo", "Cleo speaks", "Cleo", Policy::ChathamHouse);
    held(&ada, event, "Salaries", "Much grit", "Dana", Policy::OffTheRecord);

    for reach in [Reach::Everyone, Reach::Event] {
        let files = ada.device.archive(event, reach, false).unwrap();

        for word in ["Bread", "Finn Quist", "Wages with somebody", "Salaries", "Flour"] {
            assert!(tells(&files, word), "{word}");
        }
        for word in ["Cleo", "Dana", "grit"] {
            assert!(!tells(&files, word), "{word}");
        }
        for end in ["index.html", ".md", ".ics", "schedule.xml", "schedule.json"] {
            assert!(files.iter().any(|file| file.path.ends_with(end)), "{end}");
        }
    }
}

#[test]
fn the_rule_of_the_event_is_that_of_its_sessions() {
    let (ada, event) = host();
    held(&ada, event, "Bread", "Flour and water", "Finn", Policy::Open);
    let rules = Rules { policy: Policy::OffTheRecord, ..Rules::default() };
    ada.device.edit_event(event, &camp().with_rules(rules)).unwrap();

    let files = ada.device.archive(event, Reach::Event, false).unwrap();

    assert!(tells(&files, "Bread"));
    assert!(!tells(&files, "Flour") && !tells(&files, "Finn"));
}

/// What of an archive is called so.
fn file(files: &[ArchiveFile], path: &str) -> Option<String> {
    let found = files.iter().find(|file| file.path == path)?;
    Some(String::from_utf8(found.bytes.clone()).unwrap())
}

fn say(ada: &Phone, event: Id, text: &str, everyone: bool) -> Id {
    let text = PostText::new(text).unwrap();
    ada.device.write_post(event, &NewPost { everyone, ..NewPost::new(text) }).unwrap()
}

#[test]
fn posts_about_no_session_and_topics_have_pages_of_their_own() {
    let (ada, event) = host();
    let bread = held(&ada, event, "Bread", "Flour", "Finn", Policy::Open);
    say(&ada, event, "Coffee is in the yard", false);
    ada.clock.pass(1000);
    say(&ada, event, "See you next year", true);
    ada.device.offer_topic(event, &TopicName::new("Sourdough").unwrap(), None).unwrap();

    let members = ada.device.archive(event, Reach::Event, false).unwrap();
    let everyone = ada.device.archive(event, Reach::Everyone, false).unwrap();

    let posts = file(&members, "posts.html").unwrap();
    assert!(posts.find("Coffee") < posts.find("See you") && posts.contains("Zuzanna"), "{posts}");
    assert!(!posts.contains("Finn says"), "that is about a session: {posts}");
    let topics = file(&members, "topics.html").unwrap();
    assert!(topics.contains("Sourdough") && topics.contains("Zuzanna"), "{topics}");
    let public = file(&everyone, "posts.html").unwrap();
    assert!(public.contains("See you next year") && !public.contains("Coffee"), "{public}");
    assert_eq!(file(&everyone, "topics.html"), None);
    assert!(file(&members, "index.html").unwrap().contains("href=\"posts.html\""));
    assert!(tells(&members, &bread.to_string()[..8]));
}

#[test]
fn an_answer_to_a_post_about_a_session_is_on_no_page_of_the_event() {
    let (ada, event) = host();
    let strict = held(&ada, event, "Wages", "Figures", "Cleo", Policy::ChathamHouse);
    let filter = PostFilter { session: Some(strict), ..PostFilter::default() };
    let first = ada.device.posts(event, &filter, None, 1).unwrap().remove(0).id;
    let mut to = first;
    for text in ["Cleo earns more", "Far more than Bo"] {
        let new = NewPost { reply_to: Some(to), ..NewPost::new(PostText::new(text).unwrap()) };
        to = ada.device.write_post(event, &new).unwrap();
    }
    let unknown = Some(Id::new([7; 32]));
    let new = NewPost { reply_to: unknown, ..NewPost::new(PostText::new("To whom?").unwrap()) };
    ada.device.write_post(event, &new).unwrap();
    say(&ada, event, "Coffee is in the yard", false);

    let files = ada.device.archive(event, Reach::Event, false).unwrap();

    assert!(tells(&files, "Coffee"));
    assert!(!tells(&files, "Cleo") && !tells(&files, "Far more") && !tells(&files, "To whom"));
}

#[test]
fn under_a_strict_rule_of_the_event_no_page_says_who_was_there() {
    for policy in [Policy::ChathamHouse, Policy::OffTheRecord] {
        let (ada, event) = host();
        say(&ada, event, "Coffee is in the yard", true);
        ada.device.offer_topic(event, &TopicName::new("Sourdough").unwrap(), None).unwrap();
        let rules = Rules { policy, ..Rules::default() };
        ada.device.edit_event(event, &camp().with_rules(rules)).unwrap();

        for reach in [Reach::Everyone, Reach::Event] {
            let files = ada.device.archive(event, reach, false).unwrap();

            assert!(!["Zuzanna", "Coffee", "Sourdough"].iter().any(|word| tells(&files, word)));
        }
    }
}

#[test]
fn who_appears_in_an_event_is_in_no_archive_for_everyone() {
    let (ada, event) = host();

    let everyone = ada.device.archive(event, Reach::Everyone, false).unwrap();
    let members = ada.device.archive(event, Reach::Event, false).unwrap();

    assert!(!tells(&everyone, "Zuzanna") && tells(&members, "Zuzanna"));
    assert!(everyone.iter().all(|file| file.path != "people.html"));
}

/// The lines of the only entry of a calendar that begin with one of these names.
fn of_calendar(phone: &Phone, event: Id, names: &[&str]) -> Vec<String> {
    let files = phone.device.archive(event, Reach::Everyone, false).unwrap();
    let text = file(&files, "schedule.ics").unwrap();
    let entry = text.split("BEGIN:VEVENT").nth(1).unwrap();
    let line = |name: &&str| {
        let found = entry.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
        found.unwrap_or_else(|| panic!("{name}: {entry}")).to_owned()
    };
    names.iter().map(line).collect()
}

#[test]
fn a_session_keeps_its_place_in_calendars_when_it_is_called_otherwise_and_moves() {
    let (ada, event) = host();
    let id = held(&ada, event, "Bread", "Flour", "Finn", Policy::Open);
    let uid = || of_calendar(&ada, event, &["UID"]);
    let before = uid();

    let session = ada.device.session(id).unwrap().session.with_title(line("Rolls"));
    ada.device.edit_session(id, &session).unwrap();
    ada.device.place_session(id, Some(&attic(MORNING + 3_600_000))).unwrap();

    assert_eq!(uid(), before);
}

#[test]
fn a_calendar_counts_moves_and_says_when_a_session_was_last_changed() {
    let (ada, event) = host();
    let id = held(&ada, event, "Bread", "Flour", "Finn", Policy::Open);
    let revision = || of_calendar(&ada, event, &["SEQUENCE", "LAST-MODIFIED"]);
    assert_eq!(revision(), ["0", "20261121T080000Z"]);

    // Another file of the same is no other version.
    ada.clock.pass(60_000);
    assert_eq!(revision(), ["0", "20261121T080000Z"]);

    let session = ada.device.session(id).unwrap().session.with_title(line("Rolls"));
    ada.device.edit_session(id, &session).unwrap();
    assert_eq!(revision(), ["0", "20261121T080100Z"], "another title is no move");

    ada.clock.pass(60_000);
    ada.device.place_session(id, Some(&attic(MORNING + 3_600_000))).unwrap();
    assert_eq!(revision(), ["1", "20261121T080200Z"]);

    let barn = Placement { room: line("Barn"), ..attic(MORNING + 3_600_000) };
    ada.device.place_session(id, Some(&barn)).unwrap();
    ada.device.place_session(id, None).unwrap();
    ada.device.place_session(id, Some(&barn)).unwrap();
    assert_eq!(revision()[0], "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_know_the_same_write_the_same_version_into_their_calendars() {
    let (ada, event) = host();
    let bo = Phone::of("Bo");
    let id = held(&ada, event, "Bread", "Flour", "Finn", Policy::Open);
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bo.sync(&ada).await;
    let both =
        || [&ada, &bo].map(|it| of_calendar(it, event, &["UID", "SEQUENCE", "LAST-MODIFIED"]));
    let [before, same] = both();
    assert_eq!(before, same);

    // Each moves it without knowing of the other.
    bo.clock.pass(5000);
    ada.device.place_session(id, Some(&attic(MORNING + 3_600_000))).unwrap();
    bo.device.place_session(id, Some(&attic(MORNING + 7_200_000))).unwrap();
    let apart = both().map(|it| it[1].parse::<u32>().unwrap());
    assert_eq!(apart, [1, 1]);
    ada.clock.pass(5000);
    bo.sync(&ada).await;

    let [ada, bo] = both();
    assert_eq!(ada, bo);
    assert_eq!((&ada[0], &*ada[1]), (&before[0], "2"));
}

#[test]
fn a_written_schedule_says_what_the_event_says_field_by_field() {
    let (ada, event) = host();
    let rooms = ["Attic", "Barn"].map(|name| Room { name: line(name), letter: None });
    let link = Some(Link::new("https://mill.example/").unwrap());
    let camp = camp().with_rooms(List::new(rooms.to_vec()).unwrap()).with_link(link);
    ada.device.edit_event(event, &camp).unwrap();
    held(
        &ada,
        event,
        "Bread & <salt>",
        "Flour, *water*\n\nand \"time\" é 🦀",
        "Finn",
        Policy::Open,
    );
    let bees = held(&ada, event, "Bees", "Wax", "Gus", Policy::Open);
    let barn = Placement {
        room: line("Barn"),
        start: Millis::new(MORNING + 26 * 3_600_000).unwrap(),
        minutes: Minutes::new(90).unwrap(),
    };
    ada.device.place_session(bees, Some(&barn)).unwrap();
    held(&ada, event, "Salaries", "Much grit", "Dana", Policy::OffTheRecord);

    let files = ada.device.archive(event, Reach::Everyone, false).unwrap();

    for name in ["schedule.json", "schedule.xml"] {
        let read = schedule::read(file(&files, name).unwrap().as_bytes()).unwrap().schedule;
        assert_eq!(read.title, "Barcamp Mill", "{name}");
        assert_eq!(read.time_zone.as_deref(), Some("Europe/Berlin"));
        let days: Vec<String> = read.days.iter().map(|day| day.date.to_string()).collect();
        assert_eq!(days, ["2026-11-21", "2026-11-22"]);
        assert_eq!(read.rooms, ["Attic", "Barn"]);
        assert_eq!(read.talks.len(), 3);
        for record in ada.device.sessions(event).unwrap() {
            let session = &record.session;
            let talk = read.talks.iter().find(|it| it.title == session.title().as_str()).unwrap();
            let board = ada.device.board(event).unwrap();
            let item = board.iter().find(|it| it.session.id == record.id).unwrap();
            let place = item.placement.as_ref().unwrap();
            assert_eq!(
                (talk.start_ms, talk.room.as_str()),
                (place.start.get(), place.room.as_str())
            );
            assert_eq!(talk.minutes, u32::from(place.minutes.get()));
            let told = session.policy() == Policy::Open;
            let only = |text: &str| if told { text.to_owned() } else { String::new() };
            assert_eq!(talk.abstract_text, only(session.abstract_text().as_str()), "{name}");
            assert_eq!(talk.track, only(session.tags()[0].as_str()));
            let names: Vec<&str> = talk.persons.iter().map(|it| it.name.as_str()).collect();
            let speakers: Vec<&str> = session.speakers().iter().map(Line::as_str).collect();
            assert_eq!(names, if told { speakers } else { Vec::new() });
            if told {
                assert_eq!(talk.url, session.link().unwrap().as_str());
            }
            assert_eq!(talk.do_not_record, !told);
            assert!(talk.guid.is_some());
        }
    }
}

#[test]
fn what_an_organiser_hid_or_withdrew_and_what_was_erased_is_in_no_file() {
    let (ada, event) = host();
    let bread = held(&ada, event, "Bread", "Flour", "Finn", Policy::Open);
    let spam = held(&ada, event, "Buy my boat", "Sails", "Gus", Policy::Open);
    ada.device.hide(Kind::Session, spam).unwrap();
    let post = |text: &str| {
        let text = PostText::new(text).unwrap();
        let new = NewPost { everyone: true, ..NewPost::new(text).about(About::Session(bread)) };
        ada.device.write_post(event, &new).unwrap()
    };
    ada.device.hide(Kind::Post, post("A rude word")).unwrap();
    ada.device.withdraw(Kind::Post, post("An address of somebody")).unwrap();
    ada.device.erase_post(post("A slip of the tongue")).unwrap();
    ada.device.hide(Kind::Post, say(&ada, event, "Shouting", true)).unwrap();
    let photo = ada.device.add_photo(bread, &picture(), None, &Caption::new("Faces").unwrap());
    ada.device.hide(Kind::Photo, photo.unwrap()).unwrap();

    for reach in [Reach::Everyone, Reach::Event] {
        let files = ada.device.archive(event, reach, false).unwrap();

        assert!(tells(&files, "Flour"));
        for word in
            ["boat", "Sails", "rude", "address", "tongue", "Shouting", "Faces", "data:image"]
        {
            assert!(!tells(&files, word), "{word}");
        }
    }
    assert!(ada.device.document_session(spam, Format::Html, Reach::Event, false).is_err());
}

#[test]
fn a_photo_is_in_the_page_of_an_open_session_for_its_event_and_in_no_other() {
    let (ada, event) = host();
    for (title, policy) in [("Bread", Policy::Open), ("Wages", Policy::ChathamHouse)] {
        let id = held(&ada, event, title, "Words", "Finn", policy);
        ada.device.add_photo(id, &picture(), None, &Caption::new("The wall").unwrap()).unwrap();
    }

    let members = ada.device.archive(event, Reach::Event, false).unwrap();
    let everyone = ada.device.archive(event, Reach::Everyone, false).unwrap();

    let with: Vec<&str> = members
        .iter()
        .filter(|file| contains(&file.bytes, "src=\"data:image/jpeg;base64,/9j/"))
        .map(|file| file.path.as_str())
        .collect();
    assert!(matches!(with[..], [page] if page.starts_with("sessions/bread-")), "{with:?}");
    assert!(!tells(&everyone, "data:image") && !tells(&everyone, "The wall"));
}

#[tokio::test(flavor = "multi_thread")]
async fn my_contacts_are_in_an_archive_only_where_i_ask_for_them() {
    let (ada, event) = host();
    let (bo, cem) = (Phone::of("Bo Quist"), Phone::of("Cem Nobody"));
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let here = MetAt { event: Some(event), ..MetAt::default() };
    ada.device.scan(&bo.device.show_code(&[], Some(event)).unwrap().text, &here).unwrap();
    let elsewhere = MetAt::default();
    ada.device.scan(&cem.device.show_code(&[], None).unwrap().text, &elsewhere).unwrap();

    for reach in [Reach::Everyone, Reach::Event] {
        let without = ada.device.archive(event, reach, false).unwrap();
        let with = ada.device.archive(event, reach, true).unwrap();

        assert!(!tells(&without, "vcard") && !tells(&without, "Bo Quist"));
        let cards: Vec<&ArchiveFile> =
            with.iter().filter(|file| file.path.starts_with("contacts/")).collect();
        assert_eq!(cards.len(), 1, "those whom I met there");
        assert!(cards[0].path.ends_with(".vcf") && contains(&cards[0].bytes, "FN:Bo Quist"));
        assert_eq!(with.len(), without.len() + 1, "no page says that they are there");
        for (plain, file) in without.iter().zip(&with) {
            assert_eq!(plain, file);
        }
    }
}

#[test]
fn who_speaks_under_the_chatham_house_rule_is_named_where_they_spoke_openly_and_nowhere_else() {
    let (ada, event) = host();
    let open = held(&ada, event, "Bread with Cleo", "Cleo bakes", "Cleo", Policy::Open);
    let strict = held(&ada, event, "Wages with Cleo", "Cleo earns", "Cleo", Policy::ChathamHouse);

    for reach in [Reach::Everyone, Reach::Event] {
        for file in ada.device.archive(event, reach, false).unwrap() {
            if file.path == "people.html" {
                continue;
            }
            let text = String::from_utf8(file.bytes).unwrap();
            let strict_page = file.path.contains(&strict.to_string()[..8]);
            let open_page = file.path.contains(&open.to_string()[..8]);
            assert_eq!(text.contains("Cleo"), !strict_page, "{}", file.path);
            assert!(!text.contains("Cleo earns") && !text.contains("Wages with Cleo"));
            assert_eq!(text.contains("somebody"), !open_page, "{}", file.path);
        }
    }
}
