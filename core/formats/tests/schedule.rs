//! Published schedules are read as another parser reads them, and no file does harm.

#![expect(clippy::unwrap_used, reason = "a test stops where a sample is not as described")]

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use teilgeber_formats::schedule::{
    self, Excess, Flaw, Import, MAX_DAYS, MAX_ROOMS, MAX_TALKS, MAX_TEXT, MAX_WARNINGS, Schedule,
    ScheduleError, Talk,
};

const PUBLISHED: [&str; 5] = [
    "debconf23.xml",
    "frab-camp2019.json",
    "pretalx-democon.json",
    "pretalx-barcamp.xml",
    "untidy.json",
];

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name)
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(data(name)).unwrap()
}

fn import(name: &str) -> Import {
    schedule::read(&sample(name)).unwrap()
}

fn flaws(import: &Import) -> Vec<Flaw> {
    import.warnings.iter().map(|warning| warning.flaw).collect()
}

fn person_count(schedule: &Schedule) -> usize {
    let mut persons: Vec<_> = schedule.talks.iter().flat_map(|talk| &talk.persons).collect();
    persons.sort_by_key(|person| (&person.id, &person.name));
    persons.dedup();
    persons.len()
}

fn talk<'a>(schedule: &'a Schedule, title: &str) -> &'a Talk {
    schedule.talks.iter().find(|talk| talk.title == title).unwrap()
}

#[test]
fn samples_have_the_talks_rooms_persons_and_days_that_they_have() {
    for (name, talks, rooms, persons, days) in [
        ("debconf23.xml", 117, 5, 87, 8),
        ("frab-camp2019.json", 79, 2, 90, 5),
        ("pretalx-democon.json", 36, 2, 27, 3),
        ("frab-barcamp.xml", 4, 2, 3, 2),
        ("pretalx-barcamp.xml", 3, 2, 3, 1),
    ] {
        let Import { schedule, warnings, .. } = import(name);

        let counts = (
            schedule.talks.len(),
            schedule.rooms.len(),
            person_count(&schedule),
            schedule.days.len(),
        );
        assert_eq!(counts, (talks, rooms, persons, days), "{name}");
        assert_eq!(warnings, [], "{name}");
    }
}

#[test]
fn another_parser_finds_the_same() {
    let names =
        ["debconf23.xml", "frab-camp2019.json", "pretalx-democon.json", "pretalx-barcamp.xml"];
    let oracle = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/schedule_oracle.py");

    let output = Command::new("python3").arg(oracle).args(names.map(data)).output();

    let output = output.expect("python3 is missing: apt-get install python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.lines().count(), names.len());
    for (name, line) in names.iter().zip(lines.lines()) {
        let schedule = import(name).schedule;
        let sorted = |value: fn(&Talk) -> serde_json::Value| {
            let mut values: Vec<_> = schedule.talks.iter().map(value).collect();
            values.sort_by_key(|value| (value.as_u64(), value.as_str().map(str::to_owned)));
            values
        };
        let ours = serde_json::json!({
            "days": schedule.days.len(),
            "rooms": schedule.rooms.len(),
            "talks": schedule.talks.len(),
            "persons": person_count(&schedule),
            "minutes": schedule.talks.iter().map(|talk| talk.minutes).sum::<u32>(),
            "starts": sorted(|talk| talk.start_ms.into()),
            "titles": sorted(|talk| talk.title.as_str().into()),
            "guids": sorted(|talk| talk.guid.as_deref().into()),
        });
        let theirs: serde_json::Value = serde_json::from_str(line).unwrap();
        for (what, ours) in ours.as_object().unwrap() {
            assert_eq!(ours, &theirs[what], "{what} of {name}");
        }
    }
}

#[test]
fn wafer_gives_utc_and_its_days_are_those_of_the_place() {
    let schedule = import("debconf23.xml").schedule;

    assert_eq!((schedule.title.as_str(), schedule.acronym.as_str()), ("DebConf 23", "debconf23"));
    assert_eq!(schedule.time_zone.as_deref(), Some("Asia/Kolkata"));
    let days: Vec<String> = schedule.days.iter().map(|day| day.date.to_string()).collect();
    assert_eq!(days.first().unwrap(), "2023-09-10");
    assert_eq!(days.last().unwrap(), "2023-09-17");
    assert_eq!(schedule.first_day.unwrap().to_string(), "2023-09-10");
    assert_eq!(schedule.last_day.unwrap().to_string(), "2023-09-18");
    let opening = &schedule.talks[0];
    assert_eq!(
        (opening.title.as_str(), opening.start_ms, opening.minutes),
        ("Opening Ceremony", 1_694_322_000_000, 20)
    );
    assert_eq!(opening.room, "Anamudi");
    assert_eq!(opening.persons[0].name, "Sruthi Chandran");
    assert!(!opening.do_not_record && schedule.talks[1].do_not_record);
}

#[test]
fn frab_says_times_without_offset_and_ends_its_day_after_midnight() {
    let schedule = import("frab-barcamp.xml").schedule;

    assert_eq!(schedule.rooms, ["Großer Saal", "Küche"]);
    let opening = talk(&schedule, "Begrüßung & Sessionplanung");
    assert_eq!(opening.guid.as_deref(), Some("0b1f5c5e-6a70-4c43-9a52-1b6f0e0f0001"));
    let nine_thirty = 1_717_831_800_000;
    assert_eq!(opening.start_ms, nine_thirty);
    let workshop = talk(&schedule, "Vec<T> für Einsteiger");
    assert_eq!((workshop.start_ms, workshop.minutes), (nine_thirty + 90 * 60_000, 45));
    assert!(workshop.do_not_record);
    assert_eq!(workshop.room, "Großer Saal");
    let night = talk(&schedule, "Nachtgespräche");
    assert_eq!((night.start_ms, night.minutes), (nine_thirty + 15 * 3_600_000, 90));
    let breakfast = talk(&schedule, "Frühstück");
    assert_eq!(
        (breakfast.start_ms, breakfast.minutes),
        (nine_thirty + 24 * 3_600_000 + 30 * 60_000, 60)
    );
}

#[test]
fn pretalx_gives_html_and_a_submission_in_two_slots() {
    let schedule = import("pretalx-barcamp.xml").schedule;

    assert_eq!(schedule.rooms, ["Harbour \"A\"", "Dunes"]);
    let [first, second, _] = &schedule.talks[..] else { panic!("{:?}", schedule.talks) };
    assert_eq!(first.id, second.id);
    assert_ne!(first.guid, second.guid);
    assert_eq!(first.abstract_text, "How tables work.\n\nAnd where they fail.");
    assert_eq!(first.description, "- moon\n- sun & wind");
    assert_eq!(first.track, "Sea & sand");
}

#[test]
fn what_is_untidy_in_xml_is_repaired_and_named() {
    let import = import("untidy.xml");

    let schedule = &import.schedule;
    let titles: Vec<&str> = schedule.talks.iter().map(|talk| talk.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Tea & über R&D &lol2;",
            "After midnight",
            "No duration",
            "Same guid, later",
            "Inline markup"
        ]
    );
    let six_pm_utc = 1_711_821_600_000;
    let hours: Vec<u64> =
        schedule.talks.iter().map(|talk| (talk.start_ms - six_pm_utc) / 900_000).collect();
    assert_eq!(hours, [12, 25, 8, 14, 16], "in quarters of an hour after 18:00 UTC");
    let minutes: Vec<u32> = schedule.talks.iter().map(|talk| talk.minutes).collect();
    assert_eq!(minutes, [45, 30, 20, 30, 70]);
    let inline = schedule.talks.last().unwrap();
    assert_eq!(inline.abstract_text, "Unescaped\n\nHTML\n\nhere");
    assert_eq!(inline.persons.len(), 1);
    assert_eq!(schedule.rooms, ["Attic"]);
    assert_eq!(
        flaws(&import),
        [
            Flaw::NoStart,
            Flaw::NoTitle,
            Flaw::NoDuration,
            Flaw::NoDuration,
            Flaw::SharedGuid,
            Flaw::Repeated,
            Flaw::NoDate
        ]
    );
    assert_eq!(import.warning_count, 7);
}

#[test]
fn what_is_untidy_in_json_is_repaired_and_named() {
    let import = import("untidy.json");

    let schedule = &import.schedule;
    assert_eq!(schedule.title, "Untidy");
    assert_eq!(schedule.time_zone, None);
    assert_eq!(schedule.rooms, ["Cellar", "Hall", "Yard"]);
    let noon_utc = 1_714_651_200_000;
    let starts: Vec<(u64, u32, &str)> = schedule
        .talks
        .iter()
        .map(|talk| ((talk.start_ms - noon_utc) / 3_600_000, talk.minutes, talk.room.as_str()))
        .collect();
    assert_eq!(starts, [(2, 30, "Hall"), (3, 30, "Yard"), (3, 60, "Hall")]);
    assert_eq!(schedule.talks[0].persons.len(), 2);
    assert_eq!(schedule.talks[1].title, "Half a pair \u{fffd}\u{fffd}\u{fffd}!");
    assert!(schedule.talks[1].do_not_record);
    assert_eq!(schedule.talks[2].id.as_deref(), Some("QQQ"));
    assert_eq!(
        flaws(&import),
        [Flaw::Unreadable, Flaw::Unreadable, Flaw::Unreadable, Flaw::NoTimeZone, Flaw::NoTitle]
    );
}

#[test]
fn what_is_no_schedule_is_refused() {
    for bytes in [
        &b""[..],
        b"\xef\xbb\xbf",
        b"hello",
        b"<html/>",
        b"<schedule/>",
        b"{}",
        b"[]",
        b"{\"schedule\":{}}",
    ] {
        assert_eq!(
            schedule::read(bytes),
            Err(ScheduleError::NotASchedule),
            "{}",
            bytes.escape_ascii()
        );
    }
}

#[test]
fn a_file_that_was_cut_short_is_refused_with_the_line() {
    for name in ["frab-barcamp.xml", "frab-camp2019.json"] {
        let whole = sample(name);
        let half = &whole[..whole.len() / 2];

        let result = schedule::read(half);

        let lines = 1 + half.iter().filter(|&&byte| byte == b'\n').count();
        let Err(ScheduleError::Malformed { line }) = result else { panic!("{name}: {result:?}") };
        assert!((1..=lines).contains(&line) && line + 40 > lines, "{name}: {line} of {lines}");
    }
}

#[test]
fn utf_16_is_read_and_latin_1_is_repaired() {
    let text = "<schedule><conference><title>Fête</title><time_zone_name>UTC</time_zone_name>\
                </conference></schedule>";
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin1: Vec<u8> = text.chars().map(|c| c as u8).collect();

    let utf16 = schedule::read(&utf16).unwrap();
    let latin1 = schedule::read(&latin1).unwrap();

    assert_eq!(utf16.schedule.title, "Fête");
    assert_eq!(latin1.schedule.title, "F\u{fffd}te");
    assert_eq!(flaws(&latin1), [Flaw::NotUnicode]);
}

#[test]
fn a_bomb_of_entities_does_not_go_off() {
    let mut bomb = String::from("<!DOCTYPE schedule [<!ENTITY a0 \"boom\">");
    for level in 1..30 {
        let inner = format!("&a{};", level - 1).repeat(10);
        bomb.push_str(&format!("<!ENTITY a{level} \"{inner}\">"));
    }
    bomb.push_str("]><schedule><conference><title>&a29;</title><acronym a=\"&a29;\"/>");
    bomb.push_str("</conference></schedule>");

    let import = schedule::read(bomb.as_bytes()).unwrap();

    assert_eq!(import.schedule.title, "&a29;");
}

#[test]
fn bounds_hold_and_what_exceeds_them_is_refused() {
    let many = |excess: Excess, count: usize| {
        let inner = match excess {
            Excess::Talks => format!("<day><room>{}</room></day>", "<event/>".repeat(count)),
            Excess::Days => "<day/>".repeat(count),
            Excess::Rooms => {
                let room = |number: usize| format!("<room name='{number}'/>");
                format!("<day>{}</day>", (0..count).map(room).collect::<String>())
            }
            Excess::Levels => format!("{}{}", "<a>".repeat(count), "</a>".repeat(count)),
        };
        schedule::read(format!("<schedule><conference/>{inner}</schedule>").as_bytes())
    };
    for (excess, most) in [
        (Excess::Talks, MAX_TALKS),
        (Excess::Days, MAX_DAYS),
        (Excess::Rooms, MAX_ROOMS),
        (Excess::Levels, 63),
    ] {
        assert!(many(excess, most).is_ok(), "{excess}");
        assert_eq!(many(excess, most + 1), Err(ScheduleError::TooMany(excess)));
    }
    let import = many(Excess::Talks, MAX_TALKS).unwrap();
    assert_eq!((import.warnings.len(), import.warning_count), (MAX_WARNINGS, MAX_TALKS + 2));
    let size = schedule::MAX_BYTES + 1;
    assert_eq!(schedule::read(&vec![b' '; size]), Err(ScheduleError::TooLarge { bytes: size }));
}

#[test]
fn an_overlong_text_is_cut_and_named() {
    let long = "ü".repeat(MAX_TEXT + 1);
    let talk = serde_json::json!({
        "title": "T", "start": "10:00", "duration": "1:00", "abstract": long, "guid": "g".repeat(65),
    });
    let days = serde_json::json!([{"date": "2024-01-01", "rooms": {"A": [talk]}}]);
    let json = serde_json::json!({"conference": {"time_zone_name": "UTC", "days": days}});

    let import = schedule::read(json.to_string().as_bytes()).unwrap();

    let talk = &import.schedule.talks[0];
    assert_eq!(talk.abstract_text.chars().count(), MAX_TEXT);
    assert_eq!(talk.guid, None);
    assert_eq!(flaws(&import), [Flaw::Overlong]);
}

#[test]
fn hostile_files_of_full_size_are_done_with_in_seconds() {
    let started = Instant::now();
    let size = 8 << 20;
    for (head, piece) in [
        ("", "["),
        ("{\"conference\":", "[["),
        ("{\"conference\":{\"days\":[", "0,"),
        ("<schedule>", "<a "),
        ("<schedule>", "<!--"),
        ("<schedule><conference><title>", "&"),
        ("<schedule><day><event ", "a='b' "),
    ] {
        let bytes = format!("{head}{}", piece.repeat(size / piece.len()));
        assert!(schedule::read(bytes.as_bytes()).is_err());
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = schedule::read(&bytes);
        let _ = schedule::read(&[b"<schedule>", &bytes[..]].concat());
        let _ = schedule::read(&[b"{\"conference\":", &bytes[..]].concat());
    }

    #[test]
    fn any_fragments_of_schedules_are_read_or_refused(
        xml in "(<day>|</day>|<event>|</event>|<room name='a'>|</room>|<start>|\
                 </start>|<date>|<title>|x|2024-01-01|9999-12-31T23:59:59-23:59|24:00|</conference>|\
                 <conference>|<!DOCTYPE a \\[|\\]>|&|;|'){0,30}",
        json in "(\\{|\\}|\\[|\\]|\"days\":|\"rooms\":|\"a\":|\"title\":|\
                  \"\\\\ud800\"|1e999|,|null|\"x\"){0,30}",
    ) {
        let _ = schedule::read(format!("<schedule><conference/>{xml}</schedule>").as_bytes());
        let _ = schedule::read(format!("{{\"conference\":{{\"days\":[{json}]}}}}").as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn mutated_samples_are_read_or_refused(
        name in prop::sample::select(&PUBLISHED[..]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40usize, any::<Vec<u8>>()), 1..8),
    ) {
        let mut bytes = sample(name);
        bytes.truncate(60_000);
        for (at, length, with) in edits {
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, with.into_iter().take(20));
        }

        if let Ok(import) = schedule::read(&bytes) {
            prop_assert!(import.schedule.talks.iter().all(|talk| !talk.title.is_empty() && talk.minutes > 0));
        }
    }

    #[test]
    fn a_changed_character_in_a_sample_stops_no_other_talk(
        name in prop::sample::select(&["frab-camp2019.json", "debconf23.xml"][..]),
        at in any::<prop::sample::Index>(),
    ) {
        let mut bytes = sample(name);
        let whole = schedule::read(&bytes).unwrap().schedule.talks.len();
        let letters: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
        bytes[letters[at.index(letters.len())]] = b'?';

        let outcome = schedule::read(&bytes);

        // In JSON a bare number is no longer one; everything else concerns one talk at most.
        match outcome {
            Ok(import) => prop_assert!(import.schedule.talks.len() + 1 >= whole),
            Err(ScheduleError::Malformed { .. }) => prop_assert!(name.ends_with("json")),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}
