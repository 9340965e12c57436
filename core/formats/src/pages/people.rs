//! Those who may be shown as an HTML page.

use std::fmt::Write as _;

use super::EventPages;
use super::html::{Page, escape, link, list, side_page, tags};

/// Writes the page of those who may be shown.
pub fn people_html(event: &EventPages) -> String {
    let mut body = String::from("<main class=\"wall loose\">");
    for person in &event.people {
        let name = escape(&person.name);
        let _ = write!(body, "<div class=\"card\"><b class=\"title\" dir=\"auto\">{name}</b>");
        let hashtags: Vec<String> = person.hashtags.iter().map(|tag| format!("#{tag}")).collect();
        body.push_str(&tags(hashtags.iter().map(String::as_str)));
        if !person.bio.is_empty() {
            let bio = escape(&person.bio).replace('\n', "<br>");
            let _ = write!(body, "<p dir=\"auto\">{bio}</p>");
        }
        body.push_str(&list(person.links.iter().map(|it| link(it))));
        body.push_str("</div>");
    }
    body.push_str("</main>");
    side_page(event, Page::People, "People", &body)
}
