//! The same for people: Markdown that any program shows and anybody reads as it is.
//!
//! All words are people's. A long text stays as it is where it is harmless Markdown, else every sign of it
//! is escaped; a short one always is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use teilgeber_model::{
    About, Card, Contact, DirectMessage, Experience, Holds, Id, Meeting, Millis, Note, Offering,
    Policy, Promise, Quiet, Session, Stance, Whose,
};

use super::{FILE, KEYS_FILE, Mine, MyAnchor, MyEvent, MyNote, MyPad, MyPhoto, MyPost, short};
use super::{MyOffer, MySeatRequest, MySession, SCHEMA_FILE};
use crate::pages::file_name;
use crate::pages::prose::{literal, may_lead_to, to_markdown};
use crate::vcard;

/// The pages of a folder and the vCards of the contacts: each with its path. `keys` says whether the keys
/// are in the folder too.
pub fn pages(mine: &Mine, keys: bool) -> Vec<(String, String)> {
    let names = Names::of(mine);
    let mut files = vec![
        ("README.md".to_owned(), readme(mine, keys)),
        ("profile.md".to_owned(), profile(mine)),
        ("notes.md".to_owned(), notes(mine, &names)),
        ("people.md".to_owned(), people(mine, &names)),
        ("open.md".to_owned(), open(mine, &names)),
        ("messages.md".to_owned(), messages(mine, &names)),
        ("stars.md".to_owned(), stars(mine, &names)),
    ];
    files.extend(mine.notes.iter().map(|it| (note_file(it), note(it, &names))));
    files.extend(mine.contacts.iter().filter_map(vcard_of));
    files.extend(mine.events.iter().map(|it| (event_file(it), event(it, &names))));
    files
}

/// What things are called that others point at.
struct Names<'a> {
    people: BTreeMap<Id, &'a str>,
    events: BTreeMap<Id, &'a str>,
    sessions: BTreeMap<Id, &'a str>,
    notes: BTreeMap<Id, String>,
}

impl<'a> Names<'a> {
    fn of(mine: &'a Mine) -> Self {
        let own = mine.events.iter().flat_map(|event| &event.sessions);
        let own = own.map(|it| (it.id, it.session.title().as_str()));
        let others = mine.sessions.iter().map(|it| (it.id, it.title.as_str()));
        Self {
            people: mine.contacts.iter().map(|it| (it.person(), it.name().as_str())).collect(),
            events: mine.events.iter().map(|it| (it.id, it.name.as_str())).collect(),
            sessions: others.chain(own).collect(),
            notes: mine.notes.iter().map(|it| (it.id, title(&it.note))).collect(),
        }
    }

    fn person(&self, id: &Id) -> String {
        named(self.people.get(id).copied(), id)
    }

    fn event(&self, id: &Id) -> String {
        named(self.events.get(id).copied(), id)
    }

    fn session(&self, id: &Id) -> String {
        named(self.sessions.get(id).copied(), id)
    }
}

fn named(name: Option<&str>, id: &Id) -> String {
    literal(name.unwrap_or(&id.short()))
}

fn readme(mine: &Mine, keys: bool) -> String {
    let mut page = Page::new("Everything of mine in Teilgeber");
    page.add(format!(
        "Written down on {} (all times are in UTC). It is read without the program: the pages below \
         with any editor, `{FILE}` by any program, as `{SCHEMA_FILE}` says. `teilgeber import` takes \
         it in on a new device.",
        at(mine.written)
    ));
    let row = |what: &str, count: usize, file: &str| format!("- [{what}]({file}): {count}");
    let mut rows = vec![
        "- [What I say about myself](profile.md), and to whom".to_owned(),
        row("Notes", mine.notes.len(), "notes.md"),
        row("People I met", mine.contacts.len(), "people.md"),
        row("What to pick up again", mine.anchors.len(), "open.md"),
        row("Messages", mine.messages.len(), "messages.md"),
        row("Sessions that I look forward to", mine.stars.len(), "stars.md"),
    ];
    rows.extend(mine.events.iter().map(|it| {
        format!("- [{}]({}), as I took part", literal(it.name.as_str()), event_file(it))
    }));
    page.section("What is here", rows.join("\n"));
    page.section(
        "What is not here",
        "What others said and showed, but for messages to me and for cards of my contacts. Feedback \
         and reports to the organisers. Who gave, and who is to be seen on my photos of, sessions under \
         the Chatham House rule or off the record: what I wrote myself is here as I wrote it, so think \
         of them before you pass it on."
            .to_owned(),
    );
    let secret = match keys {
        true => format!(
            "**`{KEYS_FILE}` holds my keys.** Whoever has it can be me. Take it out before this folder \
             goes anywhere, and delete it once the new device has it."
        ),
        false => {
            "This folder holds no key: whoever reads it knows what I wrote, but cannot be me and \
             gets into no event."
                .to_owned()
        }
    };
    page.section("Keys", secret);
    page.done()
}

fn profile(mine: &Mine) -> String {
    let said = &mine.profile;
    let mut page = Page::new("What I say about myself");
    let for_whom = |audience: teilgeber_model::Audience| match audience {
        teilgeber_model::Audience::Me => "for me",
        teilgeber_model::Audience::Contacts => "for my contacts",
        teilgeber_model::Audience::Event => "for the events in which I appear",
        teilgeber_model::Audience::Everyone => "for everyone",
    };
    let mut facts = Vec::new();
    let mut fact = |what: &str, value: String, audience| {
        if !value.is_empty() {
            facts.push(format!("- {what} ({}): {value}", for_whom(audience)));
        }
    };
    let card = said.seen_by(teilgeber_model::Audience::Me);
    let name = card.name().map(|name| literal(name.as_str()));
    fact("Name", name.unwrap_or_default(), said.name().audience);
    fact("Hashtags", hashtags(&card), said.hashtags().audience);
    fact("Links", links(&card), said.links().audience);
    let consent = said.photo_consent().value.map(|consent| match consent {
        teilgeber_model::PhotoConsent::Yes => "yes",
        teilgeber_model::PhotoConsent::Ask => "ask me",
        teilgeber_model::PhotoConsent::No => "no",
    });
    fact("Photos of me", consent.unwrap_or_default().to_owned(), said.photo_consent().audience);
    page.add(facts.join("\n"));
    let bio = to_markdown(said.bio().value.as_str());
    page.section(&format!("About me ({})", for_whom(said.bio().audience)), bio);
    page.done()
}

fn hashtags(card: &Card) -> String {
    let tags = card.hashtags().iter().map(|it| match it.level {
        Some(level) => format!("#{} ({})", it.tag, word(&level)),
        None => format!("#{}", it.tag),
    });
    literal(&tags.collect::<Vec<_>>().join(", "))
}

fn links(card: &Card) -> String {
    card.links().iter().map(|link| web(link.as_str())).collect::<Vec<_>>().join(", ")
}

fn web(link: &str) -> String {
    let plain = may_lead_to(link) && !link.contains(['<', '>']);
    if plain { format!("<{link}>") } else { literal(link) }
}

fn notes(mine: &Mine, names: &Names<'_>) -> String {
    let mut page = Page::new("Notes");
    let line = |it: &MyNote| {
        let session = it.note.session().map(|id| format!(", {}", names.session(&id)));
        let title = literal(&title(&it.note));
        format!("- [{title}]({}){}", note_file(it), session.unwrap_or_default())
    };
    page.add(mine.notes.iter().rev().map(line).collect::<Vec<_>>().join("\n"));
    page.done()
}

fn note(it: &MyNote, names: &Names<'_>) -> String {
    let mut facts = vec![format!("- Changed: {}", at(it.updated))];
    facts.extend(it.note.event().map(|id| format!("- Event: {}", names.event(&id))));
    facts.extend(it.note.session().map(|id| format!("- Session: {}", names.session(&id))));
    let tags: Vec<String> = it.note.tags().iter().map(|tag| literal(&format!("#{tag}"))).collect();
    facts.extend((!tags.is_empty()).then(|| format!("- Tags: {}", tags.join(" "))));
    // A rule between them: a text that begins with a list would else go on with the facts.
    format!("{}\n\n---\n\n{}\n", facts.join("\n"), to_markdown(it.note.text().as_str()))
}

fn title(note: &Note) -> String {
    note.title().map_or_else(|| "Without words".to_owned(), |title| title.to_string())
}

fn note_file(it: &MyNote) -> String {
    format!("notes/{}.md", file_name(&title(&it.note), &short(&it.id)))
}

fn people(mine: &Mine, names: &Names<'_>) -> String {
    let mut page = Page::new("People I met");
    for contact in &mine.contacts {
        let card = contact.card().cloned().unwrap_or_default();
        let mut facts = vec![format!("- Person: `{}`", contact.person())];
        let mut fact = |what: &str, value: String| {
            facts.extend((!value.is_empty()).then(|| format!("- {what}: {value}")));
        };
        fact("Links", links(&card));
        fact("Hashtags", hashtags(&card));
        if contact.is_followed() {
            fact("Followed", "yes".to_owned());
        }
        if !contact.is_confirmed() {
            fact("Confirmed", "not yet".to_owned());
        }
        facts.extend(contact.meetings().iter().map(|met| meeting(met, names)));
        facts.extend(contact.promises().iter().map(promise));
        page.section(&literal(contact.name().as_str()), facts.join("\n"));
        page.add(to_markdown(contact.memo().as_str()));
    }
    let quiet = mine.muted.iter().map(|it| {
        let how = if it.quiet == Quiet::Mute { "muted" } else { "blocked" };
        format!("- {}: {how}", names.person(&it.person))
    });
    page.section("From whom I want some quiet", quiet.collect::<Vec<_>>().join("\n"));
    page.done()
}

fn meeting(met: &Meeting, names: &Names<'_>) -> String {
    let event = met.event.map(|id| format!(", {}", names.event(&id))).unwrap_or_default();
    let session = met.session.map(|id| format!(", {}", names.session(&id))).unwrap_or_default();
    let place = met.place.as_ref().map(|it| format!(", {}", literal(it.as_str())));
    format!("- Met: {}{event}{session}{}", at(met.when), place.unwrap_or_default())
}

fn promise(it: &Promise) -> String {
    let by = if it.by == Whose::Mine { "I promised" } else { "They promised" };
    let kept = if it.kept { " (kept)" } else { "" };
    format!("- {by}: {}{kept}", literal(it.text.as_str()))
}

fn vcard_of(contact: &Contact) -> Option<(String, String)> {
    let card = contact.card().cloned().unwrap_or_default();
    let named = card.with_name(Some(contact.name().clone()));
    let text = vcard::write(&named, vcard::Version::V4).ok()?;
    let name = file_name(contact.name().as_str(), &short(&contact.person()));
    Some((format!("contacts/{name}.vcf"), text))
}

fn open(mine: &Mine, names: &Names<'_>) -> String {
    let mut page = Page::new("What to pick up again");
    let line = |it: &MyAnchor| {
        let tick = if it.anchor.is_done() { "x" } else { " " };
        let due = it.anchor.due().map(|day| format!(", {day}")).unwrap_or_default();
        let holds = it.anchor.holds().map(|holds| match holds {
            Holds::Note(id) => match names.notes.get(id) {
                Some(title) => literal(title),
                None => literal(&id.short()),
            },
            Holds::Person(id) => names.person(id),
            Holds::Session(id) => names.session(id),
            Holds::Topic(tag) => literal(&format!("#{tag}")),
        });
        let holds = holds.map(|what| format!(" ({what})")).unwrap_or_default();
        format!("- [{tick}] {}{holds}{due}", literal(it.anchor.words().as_str()))
    };
    page.add(mine.anchors.iter().map(line).collect::<Vec<_>>().join("\n"));
    let promises = mine.contacts.iter().flat_map(|contact| {
        let open = contact.promises().iter().filter(|it| !it.kept);
        open.map(|it| {
            let name = literal(contact.name().as_str());
            let who =
                if it.by == Whose::Mine { format!("To {name}") } else { format!("From {name}") };
            format!("- {who}: {}", literal(it.text.as_str()))
        })
    });
    page.section("Promised", promises.collect::<Vec<_>>().join("\n"));
    page.done()
}

fn messages(mine: &Mine, names: &Names<'_>) -> String {
    let mut page = Page::new("Messages");
    let mut with: BTreeMap<Id, Vec<&DirectMessage>> = BTreeMap::new();
    for message in &mine.messages {
        with.entry(message.person).or_default().push(message);
    }
    for (person, all) in with {
        let line = |it: &&DirectMessage| {
            let who = if it.mine { "I" } else { "They" };
            let text = literal(it.text.as_str()).replace('\n', "\n  ");
            format!("- {who}, {}: {text}", at(it.written))
        };
        let lines: Vec<String> = all.iter().map(line).collect();
        page.section(&names.person(&person), lines.join("\n"));
    }
    page.done()
}

fn stars(mine: &Mine, names: &Names<'_>) -> String {
    let mut page = Page::new("Sessions that I look forward to");
    let line = |star: &teilgeber_model::Star| {
        format!("- {}, {}", names.session(&star.session), names.event(&star.event))
    };
    page.add(mine.stars.iter().map(line).collect::<Vec<_>>().join("\n"));
    page.done()
}

fn event_file(it: &MyEvent) -> String {
    format!("events/{}.md", file_name(it.name.as_str(), &short(&it.id)))
}

fn event(it: &MyEvent, names: &Names<'_>) -> String {
    let mut page = Page::new(&literal(it.name.as_str()));
    let mut facts = Vec::new();
    facts.extend(it.days.map(|days| format!("- From {} to {}", days.first(), days.last())));
    facts.extend(it.organiser.then(|| "- I am an organiser.".to_owned()));
    facts.push(format!("- Others see me there: {}", if it.appearing { "yes" } else { "no" }));
    facts.extend(it.shares_stars.then(|| "- Others see my stars there.".to_owned()));
    page.add(facts.join("\n"));
    let list = |lines: Vec<String>| lines.join("\n");
    page.section("Topics", list(it.topics.iter().map(topic).collect()));
    page.section("Offers", list(it.offers.iter().map(offer).collect()));
    page.section("What I asked for", list(it.seat_requests.iter().map(request).collect()));
    page.section("On the wall", list(it.posts.iter().map(|post| said(post, names)).collect()));
    for pitched in &it.sessions {
        page.section(&literal(pitched.session.title().as_str()), session(pitched));
    }
    for words in &it.pads {
        let heading = format!("My words in the notes of {}", names.session(&words.session));
        page.section(&heading, pad(words));
    }
    page.section("Photos", list(it.photos.iter().map(|it| photo(it, names)).collect()));
    page.done()
}

fn topic(it: &teilgeber_model::Topic) -> String {
    let stance = if it.stance == Stance::Offer { "offered" } else { "wanted" };
    let level = it.level.map(|level| match level {
        Experience::New => ", new to me",
        Experience::Some => ", some experience",
        Experience::Much => ", much experience",
    });
    format!("- {}: {stance}{}", literal(it.topic.as_str()), level.unwrap_or_default())
}

fn offer(it: &MyOffer) -> String {
    let what = match it.offer.offering() {
        Offering::Ride { from, to, when, places } => {
            format!("Ride from {from} to {to}, {}, {} seats", at(*when), places.get())
        }
        Offering::Bed { nights, places } => {
            format!("Bed from {} to {}, for {}", nights.from(), nights.until(), places.get())
        }
        Offering::Tip { title } => format!("Tip: {title}"),
        Offering::Other { title, .. } => title.to_string(),
    };
    let text = literal(it.offer.text().as_str()).replace('\n', "\n  ");
    format!("- {}{}", literal(&what), if text.is_empty() { text } else { format!(": {text}") })
}

fn request(it: &MySeatRequest) -> String {
    let word = literal(it.word.as_str()).replace('\n', "\n  ");
    format!("- {}, {} places: {word}", at(it.asked), it.places.get())
}

fn said(it: &MyPost, names: &Names<'_>) -> String {
    let about = it.about.as_ref().map(|about| match about {
        About::Session(id) => names.session(id),
        About::Topic(tag) => literal(&format!("#{tag}")),
        About::Person(id) => names.person(id),
    });
    let about = about.map(|about| format!(" ({about}{})", rule(it.policy))).unwrap_or_default();
    let text = literal(it.text.as_str()).replace('\n', "\n  ");
    format!("- {}{about}: {text}", at(it.said))
}

fn session(it: &MySession) -> String {
    let pitched: &Session = &it.session;
    let mut facts = vec![format!("- Pitched by me{}", rule(it.rule))];
    let speakers: Vec<&str> = pitched.speakers().iter().map(|name| name.as_str()).collect();
    facts
        .extend((!speakers.is_empty()).then(|| format!("- By: {}", literal(&speakers.join(", ")))));
    let tags: Vec<String> = pitched.tags().iter().map(|tag| format!("#{tag}")).collect();
    facts.extend((!tags.is_empty()).then(|| format!("- Tags: {}", literal(&tags.join(" ")))));
    facts.extend(pitched.link().map(|link| format!("- Link: {}", web(link.as_str()))));
    let about = to_markdown(pitched.abstract_text().as_str());
    [facts.join("\n"), about].join("\n\n").trim_end().to_owned()
}

fn pad(words: &MyPad) -> String {
    let piece = |text: &String| {
        let text = text.trim();
        (!text.is_empty()).then(|| format!("- {}", literal(text).replace('\n', "\n  ")))
    };
    let mut all: Vec<String> = words.words.iter().filter_map(piece).collect();
    let gone: Vec<String> = words.gone.iter().filter_map(piece).collect();
    if !gone.is_empty() {
        all.push("- No longer there:".to_owned());
        all.extend(gone.into_iter().map(|line| format!("  {}", line.replace('\n', "\n  "))));
    }
    let told = rule(words.rule);
    let told = told.trim_start_matches(", ");
    if told.is_empty() { all.join("\n") } else { format!("*{told}*\n\n{}", all.join("\n")) }
}

fn photo(it: &MyPhoto, names: &Names<'_>) -> String {
    let caption = match it.caption.as_str().trim() {
        "" => "Photo".to_owned(),
        caption => literal(caption).replace('\n', " "),
    };
    let of = names.session(&it.session);
    match it.here {
        true => format!("- [{caption}](../{}), of {of}", it.file()),
        false => format!("- {caption}, of {of}{}: not in this folder", rule(it.rule)),
    }
}

fn rule(policy: Policy) -> &'static str {
    match policy {
        Policy::Open => "",
        Policy::ChathamHouse => ", Chatham House rule",
        Policy::OffTheRecord => ", off the record",
    }
}

/// A level as JSON calls it: the same word in both.
fn word(level: &teilgeber_model::Level) -> String {
    let word = serde_json::to_string(level).unwrap_or_default();
    word.trim_matches('"').to_owned()
}

/// `2026-11-21 10:00`
fn at(moment: Millis) -> String {
    let stamp = i64::try_from(moment.get()).ok();
    let stamp = stamp.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    stamp.unwrap_or(Timestamp::MAX).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Parts of a page, with a blank line between them; what is empty is none.
struct Page(Vec<String>);

impl Page {
    fn new(title: &str) -> Self {
        Self(vec![format!("# {title}")])
    }

    fn add(&mut self, text: String) {
        self.0.extend((!text.trim().is_empty()).then_some(text));
    }

    fn section(&mut self, title: &str, text: String) {
        if !text.trim().is_empty() {
            self.add(format!("## {title}\n\n{text}"));
        }
    }

    fn done(self) -> String {
        self.0.join("\n\n") + "\n"
    }
}
