//! What was offered and wanted, as an HTML page.

use std::fmt::Write as _;

use super::EventPages;
use super::html::{Page, escape, names, side_page};

/// Writes the page of what was offered and wanted.
pub fn topics_html(event: &EventPages) -> String {
    let mut body = String::from("<main class=\"wall loose\">");
    for topic in &event.topics {
        let name = escape(&topic.name);
        let _ = write!(body, "<div class=\"card\"><b class=\"title\" dir=\"auto\">{name}</b>");
        for (how, people) in [("Offered by", &topic.offered_by), ("Wanted by", &topic.wanted_by)] {
            if !people.is_empty() {
                let _ = write!(body, "<p><span class=\"by\">{how}</span> {}</p>", names(people));
            }
        }
        body.push_str("</div>");
    }
    body.push_str("</main>");
    side_page(event, Page::Topics, "Topics", &body)
}
