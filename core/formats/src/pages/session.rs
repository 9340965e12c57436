//! A session as an HTML page.

use std::fmt::Write as _;

use super::html::{
    base64, escape, language, letter, link, list, names, sayings, section, tags, whole,
};
use super::prose::to_html;
use super::{Picture, SessionPage, Told, silence};

/// Writes a session as one page. In the archive of an event, `rooms` are its rooms, and the page leads back
/// to the board.
pub fn session_html(page: &SessionPage, rooms: Option<&[String]>) -> String {
    let mut body = String::new();
    let event = escape(&page.event);
    let _ = match rooms {
        Some(_) => write!(
            body,
            "<nav class=\"ways\"><a href=\"../index.html\" dir=\"auto\">{event}</a></nav>"
        ),
        None => write!(body, "<p class=\"event\" dir=\"auto\">{event}</p>"),
    };
    let (language, title) = (language(&page.language), escape(&page.title));
    let _ = write!(body, "<article><h1 dir=\"auto\"{language}>{title}</h1>");
    for held in &page.held {
        let _ = write!(
            body,
            "<p class=\"held\">{}<span><strong dir=\"auto\">{}</strong><br>{}, <span class=\"hours\">{}</span>\
             </span></p>",
            letter(held, rooms.unwrap_or_default()),
            escape(&held.room),
            held.day(&page.zone),
            held.hours(&page.zone)
        );
    }
    if !page.people.is_empty() {
        let _ = write!(body, "<p class=\"by\">By {}</p>", names(&page.people));
    }
    let hashtags: Vec<String> = page.tags.iter().map(|tag| format!("#{tag}")).collect();
    let language = (!page.language.is_empty()).then_some(page.language.as_str());
    body.push_str(&tags(hashtags.iter().map(String::as_str).chain(language)));
    if page.told != Told::All {
        let kind = if page.told == Told::Nothing { "stop" } else { "tape" };
        let _ = write!(body, "<p class=\"note {kind}\">{}</p>", silence(page.told));
    }
    // An address from which a name was taken out would lead elsewhere.
    let links = page.told == Told::All;
    section(&mut body, "", &to_html(&page.about, links));
    section(&mut body, "Notes", &to_html(&page.pad, links));
    section(&mut body, "Open questions", &list(page.questions.iter().map(|it| escape(it))));
    section(&mut body, "Posts", &sayings(&page.sayings, &page.zone, links));
    section(&mut body, "Photos", &page.photos.iter().map(picture).collect::<String>());
    section(&mut body, "To pick up again", &list(page.anchors.iter().map(|it| escape(it))));
    section(&mut body, "Links", &list(page.links.iter().map(|it| link(it))));
    body.push_str("</article>");
    whole(&format!("{} – {}", page.title, page.event), &body)
}

fn picture(picture: &Picture) -> String {
    let caption = escape(&picture.caption);
    let (media, data) = (escape(picture.media), base64(&picture.bytes));
    let (words, below) = if caption.is_empty() {
        ("Photo".to_owned(), String::new())
    } else {
        (caption.clone(), format!("<figcaption dir=\"auto\">{caption}</figcaption>"))
    };
    format!("<figure><img src=\"data:{media};base64,{data}\" alt=\"{words}\">{below}</figure>")
}
