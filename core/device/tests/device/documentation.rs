//! What leaves of a session, and of an event, as files.

use teilgeber_device::model::*;
use teilgeber_device::{ArchiveFile, Format, NewPost, PostFilter, Reach};

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

#[test]
fn a_session_keeps_its_place_in_calendars_when_it_is_called_otherwise_and_moves() {
    let (ada, event) = host();
    let id = held(&ada, event, "Bread", "Flour", "Finn", Policy::Open);
    let uid = || {
        let files = ada.device.archive(event, Reach::Everyone, false).unwrap();
        let file = files.into_iter().find(|file| file.path == "schedule.ics").unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        text.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned()
    };
    let before = uid();

    let session = ada.device.session(id).unwrap().session.with_title(line("Rolls"));
    ada.device.edit_session(id, &session).unwrap();
    ada.device.place_session(id, Some(&attic(MORNING + 3_600_000))).unwrap();

    assert_eq!(uid(), before);
}
