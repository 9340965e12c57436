//! Calendars, schedules and pages are read by other programs as they were meant.

#![expect(clippy::unwrap_used, reason = "a test stops where a file is not as described")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag};
use serde_json::{Value, json};
use teilgeber_formats::ical::{self, Calendar, Entry};
use teilgeber_formats::mine::{self, Mine, MineError};
use teilgeber_formats::pages::{
    Held, Saying, SessionPage, Told, session_html, session_markdown, session_text,
};
use teilgeber_formats::schedule::{self, Schedule, write};
use teilgeber_model::Millis;

/// Reads a calendar from standard input, and prints what is in it.
const CALENDAR: &str = r#"
import icalendar, json, sys
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
def times(entry): return [entry[name].dt.isoformat() for name in ("DTSTART", "DTEND", "DTSTAMP")]
assert str(calendar["UID"]) and str(calendar["NAME"])
def texts(entry): return [str(entry.get(name, "")) for name in ("UID", "SUMMARY", "LOCATION", "DESCRIPTION", "URL")]
print(json.dumps([times(entry) + texts(entry) + [int(entry["SEQUENCE"])] for entry in calendar.walk("VEVENT")]))
"#;

/// Checks standard input against the schema whose path is given.
const XML: &str = r#"
import sys, xmlschema
xmlschema.XMLSchema(sys.argv[1]).validate(sys.stdin.read())
print("true")
"#;

/// Likewise.
const JSON: &str = r#"
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
checker = jsonschema.FormatChecker()
jsonschema.Draft6Validator(schema, format_checker=checker).validate(json.load(sys.stdin))
print("true")
"#;

/// Likewise, by the newest draft.
const NEWER_JSON: &str = r#"
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
checker = jsonschema.FormatChecker()
validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
print(json.dumps([validator.is_valid(one) for one in json.load(sys.stdin)]))
"#;

/// What a program in Python makes of this.
fn python(program: &str, argument: &str, input: &str) -> Value {
    let mut python = Command::new("python3")
        .args(["-c", program, argument])
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 is missing: apt-get install python3");
    let mut stdin = python.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = python.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "pip install what is missing: {errors}");
    writer.join().unwrap().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(schema(name)).unwrap()
}

fn schema(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name);
    path.to_str().unwrap().to_owned()
}

fn talks() -> Vec<(String, Schedule)> {
    [
        "debconf23.xml",
        "frab-camp2019.json",
        "pretalx-democon.json",
        "untidy.json",
        "frab-barcamp.xml",
    ]
    .into_iter()
    .map(|name| (name.to_owned(), schedule::read(&sample(name)).unwrap().schedule))
    .collect()
}

fn calendar(entries: Vec<Entry>) -> Calendar {
    Calendar {
        uid: "mill".to_owned(),
        name: "Mill, Camp".to_owned(),
        written: Millis::new(1_700_000_000_000).unwrap(),
        entries,
    }
}

fn entry(summary: &str, description: &str) -> Entry {
    Entry {
        uid: "a@mill".to_owned(),
        sequence: 3,
        modified: None,
        start: Millis::new(1_694_334_600_000).unwrap(),
        minutes: 45,
        summary: summary.to_owned(),
        location: "Barn; left".to_owned(),
        description: description.to_owned(),
        url: "https://mill.example/a?b=1;c".to_owned(),
        categories: vec!["a,b".to_owned()],
    }
}

#[test]
fn a_calendar_is_read_by_another_program_as_it_was_meant() {
    let long = "Ünïcode 🦀, with; signs\\n and\nlines. ".repeat(20);
    let text = ical::write(&calendar(vec![entry("Merging, quickly", long.trim())]));

    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let expected = json!([[
        "2023-09-10T08:30:00+00:00",
        "2023-09-10T09:15:00+00:00",
        "2023-11-14T22:13:20+00:00",
        "a@mill",
        "Merging, quickly",
        "Barn; left",
        long.trim(),
        "https://mill.example/a?b=1;c",
        3
    ]]);
    assert_eq!(python(CALENDAR, "", &text), expected);
}

#[test]
fn a_calendar_that_we_wrote_is_a_schedule() {
    let text = ical::write(&calendar(vec![entry("Merging, quickly", "Two phones;\nno net.")]));

    let read = schedule::read(text.as_bytes()).unwrap();

    let talk = &read.schedule.talks[0];
    assert_eq!((talk.title.as_str(), talk.room.as_str()), ("Merging, quickly", "Barn; left"));
    assert_eq!((talk.start_ms, talk.minutes), (1_694_334_600_000, 45));
    assert_eq!(talk.abstract_text, "Two phones;\nno net.");
    assert_eq!(read.schedule.title, "Mill, Camp");
    assert_eq!(read.schedule.days.len(), 1);
}

#[test]
fn calendars_of_conferences_are_read_whole() {
    for (name, count, zone, first) in [
        ("jres_2022.ics", 120, "Europe/Paris", "2022-05-17"),
        ("kielux_2020.ics", 24, "UTC", "2020-09-18"),
    ] {
        let read = schedule::read(&sample(name)).unwrap().schedule;

        assert_eq!(read.talks.len(), count, "{name}");
        assert_eq!(read.time_zone.as_deref(), Some(zone), "{name}");
        assert_eq!(read.days[0].date.to_string(), first, "{name}");
    }
}

#[test]
fn a_calendar_that_was_cut_short_is_none() {
    let text = ical::write(&calendar(vec![entry("a", "b")]));

    let cut = &text[..text.len() - 20];

    assert!(schedule::read(cut.as_bytes()).is_err());
}

#[test]
fn a_written_schedule_satisfies_both_schemas() {
    for (name, schedule) in talks() {
        let xml = write::xml(&schedule, "1");
        let json = write::json(&schedule, "1");

        assert_eq!(python(XML, &schema("schedule.xml.xsd"), &xml), true, "{name}");
        assert_eq!(python(JSON, &schema("schedule.json.schema.json"), &json), true, "{name}");
    }
}

#[test]
fn a_written_schedule_reads_back_the_same_in_both_notations() {
    for (name, schedule) in talks() {
        let once = schedule::read(write::xml(&schedule, "1").as_bytes()).unwrap().schedule;

        assert_eq!(once.talks.len(), schedule.talks.len(), "{name}");
        let twice = schedule::read(write::xml(&once, "1").as_bytes()).unwrap().schedule;
        assert_eq!(once, twice, "{name}");
        for talk in &schedule.talks {
            let same =
                |it: &&schedule::Talk| it.title == talk.title && it.start_ms == talk.start_ms;
            let back = once.talks.iter().find(same).unwrap();
            assert_eq!(back.abstract_text, talk.abstract_text, "{name}: {}", talk.title);
            assert_eq!((&back.room, back.minutes), (&talk.room, talk.minutes), "{name}");
        }
        let json = schedule::read(write::json(&once, "1").as_bytes()).unwrap().schedule;
        assert_eq!(json.talks.len(), once.talks.len(), "{name}");
    }
}

/// Everything of somebody who did all there is to do, with one text in all places that take it.
fn mine(text: &str, line: &str) -> Value {
    let id = |byte: u8| format!("{byte:02x}").repeat(32);
    let day = |day: &str| format!("2026-11-{day}");
    let shared = |value: Value| json!({"audience": "event", "value": value});
    let offer = |byte: u8, more: Value| {
        let mut offer =
            json!({"id": id(byte), "number": byte, "text": text, "until": 9, "answers": []});
        offer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        offer
    };
    let tags = json!([{"tag": "tea", "level": "expert"}, {"tag": "coffee"}]);
    let links = json!(["https://mill.example/a", "mailto:ada@mill.example"]);
    let post = |byte: u8, about: Value| {
        json!({"id": id(byte), "number": byte, "said": 7, "text": format!("a{text}"), "about": about,
            "reply_to": id(2), "mentions": [id(3)], "everyone": true, "policy": "chatham_house"})
    };
    json!({
        "format": "teilgeber-mine", "version": 1, "written": 8, "person": id(1),
        "profile": {
            "name": shared(json!(line)), "hashtags": shared(tags.clone()),
            "bio": shared(json!(text)), "links": shared(links.clone()),
            "photo_consent": shared(json!("ask"))
        },
        "notes": [{"id": id(10), "updated": 5, "text": text, "tags": ["idea"], "event": id(20),
            "session": id(30)}],
        "contacts": [{
            "person": id(4), "name": line, "memo": text, "confirmed": true, "followed": true,
            "card": {"name": line, "hashtags": tags, "bio": text, "links": links,
                "photo_consent": "yes", "letter": id(5)},
            "meetings": [{"when": 3, "event": id(20), "session": id(30), "place": line}],
            "promises": [{"by": "mine", "text": line, "made": 3, "kept": false}]
        }],
        "anchors": [
            {"id": id(11), "words": line, "holds": {"note": id(10)}, "due": day("30"), "done": false},
            {"id": id(12), "words": line, "holds": {"person": id(4)}, "due": null, "done": true},
            {"id": id(13), "words": line, "holds": {"topic": "tea"}, "due": null, "done": true}
        ],
        "stars": [{"session": id(30), "event": id(20),
            "seen": {"room": line, "start": 5, "minutes": 45}}],
        "muted": [{"person": id(6), "quiet": "block"}],
        "messages": [{"person": id(4), "mine": true, "text": text, "written": 4, "space": id(20),
            "letter": id(9)}],
        "events": [{
            "id": id(20), "name": line, "days": {"first": day("21"), "last": day("22")},
            "time_zone": "Europe/Berlin", "organiser": true, "appearing": true,
            "shares_stars": true,
            "topics": [{"topic": line, "stance": "offer", "level": "much"}],
            "offers": [
                offer(40, json!({"kind": "ride", "from": line, "to": line, "when": 4, "places": 3})),
                offer(41, json!({"kind": "bed", "nights": {"from": day("21"), "until": day("22")},
                    "places": 1})),
                offer(42, json!({"kind": "tip", "title": line})),
                offer(43, json!({"kind": "other", "title": line, "places": null}))
            ],
            "seat_requests": [{"id": id(44), "number": 1, "offer": id(45), "asked": 4, "places": 1,
                "word": text}],
            "posts": [post(50, json!({"session": id(30)})), post(51, json!({"topic": "tea"})),
                post(52, json!({"person": id(4)})), post(53, Value::Null)],
            "sessions": [{"id": id(31), "rule": "off_the_record", "title": line, "abstract": text,
                "tags": ["tea"], "level": "curious", "policy": "open", "speakers": [line],
                "language": "de", "source": null, "link": "https://mill.example"}],
            "pads": [{"session": id(30), "rule": "open", "words": [text], "gone": [line]}],
            "photos": [{"id": id(60), "number": 2, "session": id(30), "rule": "open", "time": 6,
                "caption": text, "media": "jpeg", "hash": id(61), "here": true}]
        }],
        "sessions": [{"id": id(30), "event": id(20), "rule": "open", "title": line}]
    })
}

/// The same as [`Mine::read`] has it.
fn all_of_mine(text: &str, line: &str) -> Mine {
    Mine::read(mine(text, line).to_string().as_bytes()).unwrap()
}

#[test]
fn a_folder_of_mine_satisfies_its_schema_and_reads_back() {
    let whole = all_of_mine("Sour,\nslow.", "Grüße");
    let written = whole.write().unwrap();
    assert_eq!(Mine::read(&written).unwrap(), whole);

    let written: Value = serde_json::from_slice(&written).unwrap();
    // The schema says no to each of these, as reading does.
    let spoil = |pointer: &str, value: Value| {
        let mut spoilt = written.clone();
        *spoilt.pointer_mut(pointer).unwrap() = value;
        spoilt
    };
    let spoilt = [
        spoil("/notes/0/id", json!("ab")),
        spoil("/contacts/0/name", json!("")),
        spoil("/profile/name/audience", json!("world")),
        spoil("/events/0/offers/0/kind", json!("boat")),
        spoil("/events/0/posts/0/about", json!({"planet": "Mars"})),
        spoil("/anchors/0/due", json!("tomorrow")),
        spoil("/written", json!(-1)),
    ];
    for one in &spoilt {
        assert!(matches!(Mine::read(one.to_string().as_bytes()), Err(MineError::Damaged { .. })));
    }
    let all: Vec<&Value> = std::iter::once(&written).chain(&spoilt).collect();
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mine/", "mine.schema.json");
    let valid = python(NEWER_JSON, schema, &json!(all).to_string());
    assert_eq!(valid, json!([true, false, false, false, false, false, false, false]));
}

#[test]
fn a_folder_that_is_none_or_newer_or_damaged_says_so() {
    let whole = mine("a", "b");
    let with = |key: &str, value: Value| {
        let mut other = whole.clone();
        other[key] = value;
        other.to_string()
    };
    let twice = json!([whole["notes"][0], whole["notes"][0]]);
    let file = mine::FILE;
    for (text, error) in [
        ("[1]".to_owned(), MineError::Foreign { file }),
        ("{\"format\": \"else\"}".to_owned(), MineError::Foreign { file }),
        (with("version", json!(2)), MineError::Newer { version: 2 }),
        (with("notes", twice), MineError::Damaged { file, line: 0 }),
        (whole.to_string()[..200].to_owned(), MineError::Damaged { file, line: 1 }),
        (with("person", json!("me")), MineError::Damaged { file, line: 1 }),
        ("[".repeat(100_000), MineError::Foreign { file }),
    ] {
        assert_eq!(Mine::read(text.as_bytes()), Err(error), "{:.80}", text);
    }
}

/// What people may write who mean no good.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "<img src=x onerror=y>",
        "\"",
        "'",
        "<!--",
        "-->",
        "```",
        "~~~",
        "[x](javascript:alert)",
        "[x](data:text/html,x)",
        "[y]: javascript:z",
        "[a][y]",
        "\\",
        "`",
        "<https://ok.example>",
        "<javascript:alert>",
        "&lt;",
        "&#106;avascript:",
        "\n",
        "\n\n",
        "    ",
        "![p](https://p.example)",
        "]]>",
        "</style>",
        "- [ ] ",
        "# ",
        "> ",
        "a",
        "]",
        "(",
        "<a href=x>",
    ]);
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn page() -> impl Strategy<Value = SessionPage> {
    let many = || prop::collection::vec(hostile(), 0..2);
    (hostile(), hostile(), hostile(), hostile(), many(), many(), many()).prop_map(
        |(title, about, pad, word, people, tags, links)| SessionPage {
            title: title.replace('\n', " "),
            event: word.replace('\n', " "),
            told: Told::All,
            held: vec![Held {
                start: Millis::new(1_694_334_600_000).unwrap(),
                minutes: 45,
                room: word.replace('\n', " "),
                letter: Some('<'),
            }],
            about,
            pad,
            people,
            tags,
            links,
            sayings: vec![Saying { text: word.clone(), by: word.clone(), at: None }],
            questions: vec![word.replace('\n', " ")],
            ..SessionPage::default()
        },
    )
}

/// All that stands between `<` and `>`.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default())
}

proptest! {
    #[test]
    fn no_word_of_a_person_becomes_a_tag_an_attribute_or_a_link_elsewhere(page in page()) {
        const KNOWN: [&str; 40] = [
            "!doctype", "html", "head", "meta", "title", "style", "body", "nav", "a", "p", "article",
            "h1", "h2", "h3", "h4", "h5", "h6", "span", "strong", "em", "br", "i", "b", "section", "ul",
            "ol", "li", "blockquote", "cite", "figure", "img", "figcaption", "pre", "code", "hr",
            "input", "del", "div", "footer", "bdi",
        ];
        let html = session_html(&page, None);
        let body = &html[html.find("<body>").unwrap()..];
        for tag in tags(body) {
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            prop_assert!(KNOWN.contains(&name), "{tag}");
            let mut parts = tag.split('"');
            let outside: String = parts.by_ref().step_by(2).collect();
            prop_assert!(!outside.contains(" on"), "{tag}");
            if let Some((_, rest)) = tag.split_once("href=\"") {
                let fine = ["http://", "https://", "mailto:"].iter().any(|it| rest.starts_with(it));
                prop_assert!(fine, "{tag}");
            }
            prop_assert!(!tag.contains("src="), "{tag}");
        }
    }

    #[test]
    fn a_page_in_markdown_holds_no_html_and_no_link_elsewhere(page in page()) {
        let text = session_markdown(&page);
        for event in Parser::new(&text) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => prop_assert!(false, "{html}\n{text}"),
                Event::Start(Tag::Link { dest_url: to, .. } | Tag::Image { dest_url: to, .. }) => {
                    let fine = ["http://", "https://", "mailto:"].iter().any(|it| to.starts_with(it));
                    prop_assert!(fine, "{to}\n{text}");
                }
                _ => {}
            }
        }
        prop_assert!(session_text(&page).contains("Event: "));
    }

    #[test]
    fn the_pages_of_mine_hold_no_html_and_lead_only_to_each_other_and_to_the_web(
        text in hostile(),
        line in hostile(),
    ) {
        let line = line.replace('\n', " ");
        let line = if line.trim().is_empty() { "a" } else { &line };
        let line: String = line.chars().take(60).collect();
        let pages = mine::pages(&all_of_mine(&text, &line), true);
        let paths: Vec<&str> = pages.iter().map(|(path, _)| path.as_str()).collect();
        let photo = format!("../photos/{}.jpg", "60".repeat(8).replace("60", "3c"));
        for (path, text) in pages.iter().filter(|(path, _)| path.ends_with(".md")) {
            for event in Parser::new(text) {
                match event {
                    Event::Html(html) | Event::InlineHtml(html) => {
                        prop_assert!(false, "{path}: {html}\n{text}");
                    }
                    Event::Start(Tag::Link { dest_url: to, .. } | Tag::Image { dest_url: to, .. }) => {
                        let web = ["http://", "https://", "mailto:"];
                        let fine = web.iter().any(|it| to.starts_with(it))
                            || to.contains('@')
                            || paths.contains(&&*to)
                            || *to == *photo;
                        prop_assert!(fine, "{path}: {to}\n{text}");
                    }
                    _ => {}
                }
            }
        }
        prop_assert!(paths.contains(&"README.md"));
    }

    #[test]
    fn any_bytes_are_everything_of_somebody_or_an_error(
        at: prop::sample::Index,
        with: Vec<u8>,
        cut in 0..9_usize,
    ) {
        let mut bytes = mine("a", "b").to_string().into_bytes();
        let at = at.index(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);

        if let Ok(read) = Mine::read(&bytes) {
            prop_assert_eq!(Mine::read(&read.write().unwrap()), Ok(read));
        }
    }
}
