//! Sessions, the board and people as HTML pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::prose::{may_lead_to, to_html};
use super::{Held, Picture, SessionPage, Told, silence};

/// Colours, cards and letters of the paper wall.
const STYLE: &str = include_str!("style.css");

/// How many hues there are for rooms.
const HUES: usize = 8;

/// What the pages of an event have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventPages {
    /// What the event is called.
    pub name: String,
    /// Where it took place.
    pub place: String,
    /// Its page on the web.
    pub link: String,
    /// Its rooms, in the order of the board.
    pub rooms: Vec<String>,
    /// All its sessions.
    pub sessions: Vec<SessionPage>,
    /// Those who may be shown.
    pub people: Vec<PersonCard>,
}

/// What is shown of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonCard {
    /// What they are called.
    pub name: String,
    /// Their hashtags, without `#`.
    pub hashtags: Vec<String>,
    /// What they say of themselves, as plain text.
    pub bio: String,
    /// Where to find them.
    pub links: Vec<String>,
}

/// Writes a session as one page. In the archive of an event, `rooms` are its rooms, and the page leads back
/// to the board.
pub fn session_html(page: &SessionPage, rooms: Option<&[String]>) -> String {
    let mut body = String::new();
    let event = escape(&page.event);
    match rooms {
        Some(_) => {
            let _ = write!(body, "<nav><a href=\"../index.html\">{event}</a></nav>");
        }
        None => {
            let _ = write!(body, "<p class=\"event\">{event}</p>");
        }
    }
    let _ = write!(body, "<article><h1>{}</h1>", escape(&page.title));
    for held in &page.held {
        let _ = write!(
            body,
            "<p class=\"held\">{}<span><strong>{}</strong><br>{}, {}</span></p>",
            letter(held, rooms.unwrap_or_default()),
            escape(&held.room),
            held.day(&page.zone),
            held.hours(&page.zone)
        );
    }
    if !page.people.is_empty() {
        let _ = write!(body, "<p class=\"by\">By {}</p>", escape(&page.people.join(", ")));
    }
    body.push_str(&tags(page));
    if page.told != Told::All {
        let kind = if page.told == Told::Nothing { "stop" } else { "tape" };
        let _ = write!(body, "<p class=\"note {kind}\">{}</p>", silence(page.told));
    }
    section(&mut body, "", &to_html(&page.about));
    section(&mut body, "Notes", &to_html(&page.pad));
    section(&mut body, "Open questions", &list(page.questions.iter().map(|it| escape(it))));
    section(&mut body, "From the wall", &sayings(page));
    section(&mut body, "Photos", &page.photos.iter().map(picture).collect::<String>());
    section(&mut body, "To pick up again", &list(page.anchors.iter().map(|it| escape(it))));
    section(&mut body, "Links", &list(page.links.iter().map(|it| link(it))));
    body.push_str("</article>");
    whole(&page.title, &body)
}

/// Writes the first page of an event: its board, day by day, and below it what has no place there.
pub fn board_html(event: &EventPages) -> String {
    let mut body = format!("<header><h1>{}</h1>", escape(&event.name));
    let mut facts: Vec<String> = Vec::new();
    facts.extend((!event.place.is_empty()).then(|| escape(&event.place)));
    facts.extend((!event.link.is_empty()).then(|| link(&event.link)));
    if !facts.is_empty() {
        let _ = write!(body, "<p class=\"faded\">{}</p>", facts.join(" · "));
    }
    body.push_str("</header>");
    let days = days(event);
    body.push_str("<nav class=\"days\">");
    for (date, (day, _)) in &days {
        let short = day.split(',').next().unwrap_or_default();
        let _ = write!(body, "<a href=\"#d{date}\"><b>{short}</b> {}</a>", &date[8..]);
    }
    if !event.people.is_empty() {
        body.push_str("<a href=\"people.html\"><b>People</b></a>");
    }
    body.push_str("</nav><main>");
    for (date, (day, slots)) in &days {
        let _ = write!(body, "<h2 id=\"d{date}\">{day}</h2>");
        for (start, cards) in slots {
            let _ = write!(body, "<section class=\"slot\"><h3>{start}</h3><div class=\"wall\">");
            for (page, held) in cards {
                body.push_str(&card(page, Some(held), &event.rooms));
            }
            body.push_str("</div></section>");
        }
    }
    let loose: Vec<&SessionPage> = event.sessions.iter().filter(|it| it.held.is_empty()).collect();
    if !loose.is_empty() {
        body.push_str("<h2>Not on the board</h2><div class=\"wall\">");
        loose.iter().for_each(|page| body.push_str(&card(page, None, &event.rooms)));
        body.push_str("</div>");
    }
    body.push_str(
        "</main><footer>Also here: <a href=\"schedule.ics\">calendar</a>, \
         <a href=\"schedule.xml\">schedule.xml</a>, <a href=\"schedule.json\">schedule.json</a>, \
         and each session as Markdown beside its page.</footer>",
    );
    whole(&event.name, &body)
}

/// Writes the page of those who may be shown.
pub fn people_html(event: &EventPages) -> String {
    let name = escape(&event.name);
    let mut body = format!("<nav><a href=\"index.html\">{name}</a></nav><h1>People</h1>");
    body.push_str("<div class=\"wall\">");
    for person in &event.people {
        let _ = write!(body, "<div class=\"card\"><b class=\"title\">{}</b>", escape(&person.name));
        let tags: Vec<String> =
            person.hashtags.iter().map(|tag| format!("<i>#{}</i>", escape(tag))).collect();
        if !tags.is_empty() {
            let _ = write!(body, "<p class=\"tags\">{}</p>", tags.join(" "));
        }
        let _ = write!(body, "<p>{}</p>", escape(&person.bio).replace('\n', "<br>"));
        body.push_str(&list(person.links.iter().map(|it| link(it))));
        body.push_str("</div>");
    }
    body.push_str("</div>");
    whole("People", &body)
}

/// What begins when: by date its name, and by time of day the cards, in the order of the rooms.
type Days<'a> = BTreeMap<String, (String, BTreeMap<String, Vec<(&'a SessionPage, &'a Held)>>)>;

fn days(event: &EventPages) -> Days<'_> {
    let mut days = Days::new();
    for page in &event.sessions {
        for held in &page.held {
            let (_, slots) = days
                .entry(held.date(&page.zone))
                .or_insert_with(|| (held.day(&page.zone), BTreeMap::new()));
            let start = held.at(held.start.get(), &page.zone, "%H:%M");
            slots.entry(start).or_default().push((page, held));
        }
    }
    let place = |room: &str| event.rooms.iter().position(|it| it == room);
    for (_, slots) in days.values_mut() {
        for cards in slots.values_mut() {
            cards.sort_by_key(|(page, held)| (place(&held.room), page.title.clone()));
        }
    }
    days
}

fn card(page: &SessionPage, held: Option<&Held>, rooms: &[String]) -> String {
    let mut out = format!("<a class=\"card\" href=\"sessions/{}.html\">", escape(&page.file));
    if let Some(held) = held {
        let (room, hours) = (escape(&held.room), held.hours(&page.zone));
        let letter = letter(held, rooms);
        let _ = write!(out, "<span class=\"held\">{letter}<span>{room}<br>{hours}</span></span>");
    }
    let _ = write!(out, "<b class=\"title\">{}</b>", escape(&page.title));
    if !page.people.is_empty() {
        let _ = write!(out, "<span class=\"by\">{}</span>", escape(&page.people.join(", ")));
    }
    match page.told {
        Told::All => {}
        Told::NoNames => out.push_str("<span class=\"sign\">Chatham House</span>"),
        Told::Nothing => out.push_str("<span class=\"sign stop\">Off the record</span>"),
    }
    out + "</a>"
}

/// The letter of a room as large as on its door: its own, else the first of its name, which stands beside it. Its
/// hue is that of its place among the rooms.
fn letter(held: &Held, rooms: &[String]) -> String {
    let place = rooms.iter().position(|room| *room == held.room).unwrap_or_default();
    let sign = held.letter.or_else(|| held.room.chars().find(|c| c.is_alphanumeric()));
    let Some(sign) = sign else { return String::new() };
    let sign = escape(&sign.to_uppercase().to_string());
    format!("<span class=\"door hue{}\" aria-hidden=\"true\">{sign}</span>", place % HUES)
}

fn tags(page: &SessionPage) -> String {
    let mut tags: Vec<String> =
        page.tags.iter().map(|tag| format!("<i>#{}</i>", escape(tag))).collect();
    tags.extend((!page.language.is_empty()).then(|| format!("<i>{}</i>", escape(&page.language))));
    if tags.is_empty() {
        String::new()
    } else {
        format!("<p class=\"tags\">{}</p>", tags.join(" "))
    }
}

fn sayings(page: &SessionPage) -> String {
    let one = |saying: &super::Saying| {
        let text = escape(&saying.text).replace('\n', "<br>");
        let by = if saying.by.is_empty() {
            String::new()
        } else {
            format!("<cite>{}</cite>", escape(&saying.by))
        };
        format!("<blockquote><p>{text}</p>{by}</blockquote>")
    };
    page.sayings.iter().map(one).collect()
}

fn picture(picture: &Picture) -> String {
    let caption = escape(&picture.caption);
    let data = base64(&picture.bytes);
    let media = escape(picture.media);
    format!(
        "<figure><img src=\"data:{media};base64,{data}\" alt=\"{caption}\">\
         <figcaption>{caption}</figcaption></figure>"
    )
}

/// An address that can be followed where a page may lead there, and is only shown elsewhere.
fn link(address: &str) -> String {
    let shown = escape(address);
    if may_lead_to(address) {
        format!("<a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>")
    } else {
        shown
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| format!("<li>{item}</li>")).collect();
    if items.is_empty() { items } else { format!("<ul>{items}</ul>") }
}

fn section(out: &mut String, title: &str, content: &str) {
    if content.is_empty() {
        return;
    }
    out.push_str("<section>");
    if !title.is_empty() {
        let _ = write!(out, "<h2>{title}</h2>");
    }
    let _ = write!(out, "{content}</section>");
}

/// A whole page. It may load nothing and run nothing, whatever stands in it.
fn whole(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n",
        escape(title)
    )
}

/// A text in HTML, also between double quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Bytes in Base64 (RFC 4648), with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = group >> (18 - 6 * place) & 63;
            text.push(if place > chunk.len() { '=' } else { DIGITS[digit as usize] as char });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let pairs =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in pairs {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
