//! vCards are read by another program as they were meant.

#![expect(clippy::unwrap_used, reason = "a test stops where a card is not as described")]

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use teilgeber_formats::qr;
use teilgeber_formats::vcard::{VcardError, Version, small, write};
use teilgeber_model::{Bio, Card, Interest, Link, List, Name, Tag};

/// Reads vCards from standard input, and prints an array for each of them.
const READER: &str = r#"
import json, sys, vobject
text = sys.stdin.buffer.read().decode("utf-8")
for card in vobject.readComponents(text):
    def all(name):
        return [line.value for line in card.contents.get(name, [])]
    given = card.n.value.given if "n" in card.contents else None
    links = [all(name) for name in ("url", "email", "tel", "impp")]
    print(json.dumps([card.version.value, card.fn.value, given, all("note"), all("categories"), *links]))
"#;

/// What `vobject` makes of these vCards.
fn read(vcards: &str) -> Vec<serde_json::Value> {
    let mut python = Command::new("python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 is missing: apt-get install python3");
    let mut stdin = python.stdin.take().unwrap();
    let input = vcards.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = python.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        !errors.contains("No module named 'vobject'"),
        "vobject is missing: pip install vobject"
    );
    assert!(output.status.success(), "{errors}");
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn card(name: &str, bio: &str, tags: &[&str], links: &[&str]) -> Card {
    let interest = |tag: &&str| Interest { tag: Tag::new(tag).unwrap(), level: None };
    Card::default()
        .with_name(Name::lossy(name))
        .with_bio(Bio::lossy(bio))
        .with_hashtags(List::new(tags.iter().map(interest).collect()).unwrap())
        .with_links(List::new(links.iter().map(|link| Link::new(link).unwrap()).collect()).unwrap())
}

fn ada() -> Card {
    let links = [
        "https://ada.example/a?b=c;d",
        "mailto:ada@ada.example",
        "tel:+49-30-1234",
        "xmpp:ada@jabber.example",
    ];
    card(
        "Lovelace, Ada; Countess",
        "Writes notes,\nlonger than \\ the text.",
        &["Rechnen", "tee"],
        &links,
    )
}

#[test]
fn a_card_looks_like_this() {
    let text = write(&ada(), Version::V4).unwrap();

    assert_eq!(
        text,
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Lovelace\\, Ada\\; Countess\r\n\
         URL:https://ada.example/a?b=c;d\r\nEMAIL:ada@ada.example\r\n\
         TEL;VALUE=uri:tel:+49-30-1234\r\nIMPP:xmpp:ada@jabber.example\r\n\
         NOTE:Writes notes\\,\\nlonger than \\\\ the text.\r\nCATEGORIES:Rechnen,tee\r\nEND:VCARD\r\n"
    );
}

#[test]
fn vobject_reads_a_card_in_both_versions() {
    let texts = [Version::V3, Version::V4].map(|version| write(&ada(), version).unwrap());

    let cards = read(&texts.concat());

    let name = "Lovelace, Ada; Countess";
    let note = ["Writes notes,\nlonger than \\ the text."];
    let rest = |given: Option<&str>, version, tel| {
        serde_json::json!([
            version,
            name,
            given,
            note,
            [["Rechnen", "tee"]],
            ["https://ada.example/a?b=c;d"],
            ["ada@ada.example"],
            [tel],
            ["xmpp:ada@jabber.example"],
        ])
    };
    assert_eq!(
        cards,
        [rest(Some(name), "3.0", "+49-30-1234"), rest(None, "4.0", "tel:+49-30-1234")]
    );
}

#[test]
fn a_card_without_a_name_is_none() {
    let nameless = Card::default().with_bio(Bio::lossy("Hi"));

    assert_eq!(write(&nameless, Version::V4), Err(VcardError::NoName));
    assert_eq!(small(&nameless, qr::Version::BADGE), Err(VcardError::NoName));
}

#[test]
fn a_small_card_loses_hashtags_then_bio_then_links_until_it_fits() {
    let link = |length: usize| format!("https://a.example/{}", "x".repeat(length));
    let small = |name: &str, bio: usize, links: &[usize]| {
        let links: Vec<String> = links.iter().map(|&length| link(length)).collect();
        let links: Vec<&str> = links.iter().map(String::as_str).collect();
        small(&card(name, &"b".repeat(bio), &["tag"], &links), qr::Version::BADGE)
    };
    let lines = |text: Result<String, VcardError>| text.unwrap().lines().count();

    assert_eq!(lines(small("Ada", 20, &[10])), 8, "all of it");
    assert_eq!(lines(small("Ada", 110, &[10])), 7, "no hashtags");
    assert_eq!(lines(small("Ada", 900, &[10])), 6, "no bio");
    assert_eq!(lines(small("Ada", 900, &[10, 150])), 6, "one link");
    assert_eq!(lines(small(&"N".repeat(70), 900, &[150, 160])), 5, "the name alone");
    assert!(matches!(small(&"茶".repeat(80), 0, &[]), Err(VcardError::TooLong(_))));
}

#[test]
fn a_small_card_is_read_from_its_code() {
    let text = small(&ada(), qr::Version::SCREEN).unwrap();

    let png = qr::render(&text, qr::Version::SCREEN).unwrap().to_png(4);

    let found = qr::decode_png(&png).unwrap();
    assert_eq!(found, [text.as_str()]);
    assert_eq!(read(&found[0])[0][1], "Lovelace, Ada; Countess");
}

fn any_card() -> impl Strategy<Value = Card> {
    let text = || "(\\PC|[,;:\\\\\n\t\"]|[a-zäß茶🫖 ]){1,60}";
    let tag = "[a-zA-Zäöü0-9_-]{1,12}".prop_filter_map("a tag", |tag| Tag::new(&tag).ok());
    let link = "https://[a-z]{1,9}\\.example/[a-z0-9?=&;:@!$*+._~-]{0,90}"
        .prop_filter_map("a link", |link| Link::new(&link).ok());
    let interests = prop::collection::vec(tag.prop_map(|tag| Interest { tag, level: None }), 0..4);
    let name = text().prop_filter_map("visible", |name| Name::lossy(&name));
    (name, text(), interests, prop::collection::vec(link, 0..5)).prop_map(
        |(name, bio, interests, links)| {
            Card::default()
                .with_name(Some(name))
                .with_bio(Bio::lossy(&bio))
                .with_hashtags(List::lossy(interests))
                .with_links(List::lossy(links))
        },
    )
}

#[test]
fn vobject_reads_any_card_as_it_is() {
    let mut runner = TestRunner::deterministic();
    let cards: Vec<Card> =
        (0..300).map(|_| any_card().new_tree(&mut runner).unwrap().current()).collect();
    for version in [Version::V3, Version::V4] {
        let texts: String = cards.iter().map(|card| write(card, version).unwrap()).collect();

        let found = read(&texts);

        assert_eq!(found.len(), cards.len());
        for (card, found) in cards.iter().zip(found) {
            assert_eq!(found[1], card.name().unwrap().as_str(), "{card:?}");
            let note: Vec<&str> =
                Some(card.bio().as_str()).into_iter().filter(|bio| !bio.is_empty()).collect();
            assert_eq!(found[3], serde_json::json!(note), "{card:?}");
            let links: Vec<&str> = card.links().iter().map(Link::as_str).collect();
            assert_eq!(found[5], serde_json::json!(links), "{card:?}");
            let tags: Vec<&str> =
                card.hashtags().iter().map(|interest| interest.tag.as_str()).collect();
            let tags = if tags.is_empty() { vec![] } else { vec![tags] };
            assert_eq!(found[4], serde_json::json!(tags), "{card:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_line_is_longer_than_75_bytes_and_none_is_made_by_a_text(card in any_card()) {
        let text = write(&card, Version::V4).unwrap();

        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        prop_assert!(lines.iter().all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        let properties = lines.iter().filter(|line| !line.starts_with(' ')).count();
        let optional = usize::from(!card.bio().is_empty()) + usize::from(!card.hashtags().is_empty());
        prop_assert_eq!(properties, 4 + card.links().len() + optional);
    }
}
