//! The board of an event as an HTML page: the first of its archive.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use teilgeber_model::Days;

use super::html::{Page, escape, language, letter, link, names, ways, whole};
use super::{EventPages, Held, SessionPage, Told};

/// Up to so many rooms of a day each have a column of their own; the cards of more are put side by side.
const COLUMNS_MAX: usize = 5;

/// Names on a card; the rest are counted.
const NAMES_MAX: usize = 3;

/// Writes the first page of an event: its board, day by day, and below it what has no place there.
pub fn board_html(event: &EventPages) -> String {
    let days = days(event);
    let mut body = head(event);
    body.push_str(&chips(event, &days));
    body.push_str("<main>");
    for (date, (day, slots)) in &days {
        let _ = write!(body, "<h2 id=\"d{date}\">{day}</h2>");
        body.push_str(&slots_of(event, slots));
    }
    let loose: Vec<&SessionPage> = event.sessions.iter().filter(|it| it.held.is_empty()).collect();
    if !loose.is_empty() {
        body.push_str("<h2 id=\"loose\">Not on the board</h2><div class=\"wall\">");
        loose.iter().for_each(|page| body.push_str(&card(page, None, &event.rooms, "")));
        body.push_str("</div>");
    }
    if event.sessions.is_empty() {
        body.push_str("<p class=\"faded\">No session was put on the board.</p>");
    }
    body.push_str(
        "</main><footer>Also here: <a href=\"schedule.ics\">calendar</a>, \
         <a href=\"schedule.xml\">schedule.xml</a>, <a href=\"schedule.json\">schedule.json</a>",
    );
    let pages = ", and each session as Markdown beside its page";
    body.push_str(if event.sessions.is_empty() { "" } else { pages });
    body.push_str(".</footer>");
    whole(&event.name, &body)
}

/// What begins when: by date its name, and by time of day the cards, in the order of the rooms.
type BoardDays<'a> = BTreeMap<String, (String, Slots<'a>)>;
type Slots<'a> = BTreeMap<String, Vec<(&'a SessionPage, &'a Held)>>;

fn days(event: &EventPages) -> BoardDays<'_> {
    let mut days = BoardDays::new();
    for page in &event.sessions {
        for held in &page.held {
            let (_, slots) = days
                .entry(held.date(&page.zone))
                .or_insert_with(|| (held.day(&page.zone), BTreeMap::new()));
            slots.entry(held.at(&page.zone, "%H:%M")).or_default().push((page, held));
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

fn head(event: &EventPages) -> String {
    let mut head = format!("<header><h1 dir=\"auto\">{}</h1>", escape(&event.name));
    let mut facts: Vec<String> = event.days.map(words).into_iter().collect();
    facts.extend((!event.place.is_empty()).then(|| format!("<bdi>{}</bdi>", escape(&event.place))));
    facts.extend((!event.link.is_empty()).then(|| link(&event.link)));
    if !facts.is_empty() {
        let _ = write!(head, "<p class=\"faded\">{}</p>", facts.join(" · "));
    }
    head + "</header>"
}

/// The ways to each day, to what has no place, and to the other pages; nothing where there is one day and
/// nothing else.
fn chips(event: &EventPages, days: &BoardDays<'_>) -> String {
    let mut chips: Vec<String> = Vec::new();
    for (date, (day, _)) in days {
        let (short, number) = (day.get(..3).unwrap_or(day), date[8..].trim_start_matches('0'));
        chips.push(format!("<a href=\"#d{date}\"><b>{short}</b> {number}</a>"));
    }
    if !days.is_empty() && event.sessions.iter().any(|it| it.held.is_empty()) {
        chips.push("<a href=\"#loose\">Not on the board</a>".to_owned());
    }
    chips.extend(ways(event, Page::Board));
    if chips.len() < 2 {
        String::new()
    } else {
        format!("<nav class=\"days\">{}</nav>", chips.concat())
    }
}

/// `21 November 2026`, or `21 to 22 November 2026`.
fn words(days: Days) -> String {
    let say = |day: teilgeber_model::Day, how: &str| {
        let ms = u64::from(day.days()) * 24 * 60 * 60 * 1000;
        super::moment(ms, &teilgeber_model::TimeZone::default(), how)
    };
    let (first, last) = (days.first(), days.last());
    let whole = say(last, "%-d %B %Y");
    if first == last {
        whole
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{} to {whole}", first.day())
    } else if first.year() == last.year() {
        format!("{} to {whole}", say(first, "%-d %B"))
    } else {
        format!("{} to {whole}", say(first, "%-d %B %Y"))
    }
}

/// The slots of a day. Where few rooms are used side by side, each has its column, as on a wall.
fn slots_of(event: &EventPages, slots: &Slots<'_>) -> String {
    let side_by_side = || slots.values().filter(|cards| cards.len() > 1).flatten();
    let used = |room: &&String| side_by_side().any(|(_, held)| held.room == **room);
    let rooms: Vec<&String> = event.rooms.iter().filter(used).collect();
    let in_columns = rooms.len() <= COLUMNS_MAX;
    let wall = if in_columns { format!("wall rooms{}", rooms.len()) } else { "wall".to_owned() };
    let mut out = String::new();
    for (start, cards) in slots {
        let _ = write!(out, "<section class=\"slot\"><h3>{start}</h3><div class=\"{wall}\">");
        for (page, held) in cards {
            let at = match rooms.iter().position(|room| **room == held.room) {
                _ if !in_columns => String::new(),
                // Where everybody is, such as at lunch.
                _ if cards.len() == 1 => " alone".to_owned(),
                at => at.map(|at| format!(" at{}", at + 1)).unwrap_or_default(),
            };
            out.push_str(&card(page, Some(held), &event.rooms, &at));
        }
        out.push_str("</div></section>");
    }
    out
}

fn card(page: &SessionPage, held: Option<&Held>, rooms: &[String], column: &str) -> String {
    let file = escape(&page.file);
    let mut out = format!("<a class=\"card{column}\" href=\"sessions/{file}.html\">");
    if let Some(held) = held {
        let (room, hours) = (escape(&held.room), held.hours(&page.zone));
        let letter = letter(held, rooms);
        let _ = write!(
            out,
            "<span class=\"held\">{letter}<span><bdi>{room}</bdi><br>{hours}</span></span>"
        );
    }
    let (language, title) = (language(&page.language), escape(&page.title));
    let _ = write!(out, "<b class=\"title\" dir=\"auto\"{language}>{title}</b>");
    if !page.people.is_empty() {
        let shown = names(&page.people[..page.people.len().min(NAMES_MAX)]);
        let others = match page.people.len().saturating_sub(NAMES_MAX) {
            0 => String::new(),
            1 => " and 1 other".to_owned(),
            more => format!(" and {more} others"),
        };
        let _ = write!(out, "<span class=\"by\">{shown}{others}</span>");
    }
    match page.told {
        Told::All => {}
        Told::NoNames => out.push_str("<span class=\"sign\">Chatham House</span>"),
        Told::Nothing => out.push_str("<span class=\"sign stop\">Off the record</span>"),
    }
    out + "</a>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_short_as_they_can_be() {
        for (first, last, expected) in [
            ("2026-11-21", "2026-11-21", "21 November 2026"),
            ("2026-11-21", "2026-11-22", "21 to 22 November 2026"),
            ("2026-11-30", "2026-12-01", "30 November to 1 December 2026"),
            ("2026-12-31", "2027-01-01", "31 December 2026 to 1 January 2027"),
        ] {
            let days = Days::new(first.parse().unwrap(), last.parse().unwrap()).unwrap();
            assert_eq!(words(days), expected);
        }
    }
}
