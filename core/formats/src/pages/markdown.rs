//! A session as Markdown and as plain text.

use super::prose::{literal, may_lead_to, to_markdown};
use super::{Held, SessionPage, silence};

/// Writes a session as Markdown. Photos are named, not shown.
pub fn session_markdown(page: &SessionPage) -> String {
    let mut out = Sections(Vec::new());
    out.add(format!("# {}", literal(&page.title)));
    let mut facts = vec![format!("- Event: {}", literal(&page.event))];
    facts.extend(page.held.iter().map(|held| format!("- Held: {}", literal(&words(held, page)))));
    facts.extend(fact("By", &literal(&page.people.join(", "))));
    let tags: Vec<String> = page.tags.iter().map(|tag| literal(&format!("#{tag}"))).collect();
    facts.extend(fact("Tags", &tags.join(" ")));
    facts.extend(fact("Language", &literal(&page.language)));
    out.add(facts.join("\n"));
    out.add(note(silence(page.told)));
    out.add(to_markdown(&page.about));
    out.section("Notes", to_markdown(&page.pad));
    out.section("Open questions", list(page.questions.iter().map(|it| literal(it))));
    let sayings = page.sayings.iter().map(|saying| {
        let text = literal(&saying.text).replace('\n', "\n  ");
        if saying.by.is_empty() { text } else { format!("{text} ({})", literal(&saying.by)) }
    });
    out.section("Posts", list(sayings));
    out.section("Photos", list(page.photos.iter().map(|it| literal(&it.caption))));
    out.section("To pick up again", list(page.anchors.iter().map(|it| literal(it))));
    let link = |link: &String| {
        if may_lead_to(link) && !link.contains(['<', '>']) {
            format!("<{link}>")
        } else {
            literal(link)
        }
    };
    out.section("Links", list(page.links.iter().map(link)));
    out.0.join("\n\n") + "\n"
}

/// Writes a session as plain text.
pub fn session_text(page: &SessionPage) -> String {
    let mut out = Sections(Vec::new());
    out.add(format!("{}\n{}", page.title, "=".repeat(page.title.chars().count().min(72))));
    let mut facts = vec![format!("Event: {}", page.event)];
    facts.extend(page.held.iter().map(|held| format!("Held: {}", words(held, page))));
    let tags: Vec<String> = page.tags.iter().map(|tag| format!("#{tag}")).collect();
    for (name, value) in [
        ("By", page.people.join(", ")),
        ("Tags", tags.join(" ")),
        ("Language", page.language.clone()),
    ] {
        facts.extend((!value.is_empty()).then(|| format!("{name}: {value}")));
    }
    out.add(facts.join("\n"));
    out.add(silence(page.told).to_owned());
    out.add(page.about.trim().to_owned());
    out.titled("Notes", page.pad.trim().to_owned());
    out.titled("Open questions", list(page.questions.iter().cloned()));
    let sayings = page.sayings.iter().map(|saying| {
        let text = saying.text.replace('\n', "\n  ");
        if saying.by.is_empty() { text } else { format!("{text} ({})", saying.by) }
    });
    out.titled("Posts", list(sayings));
    out.titled("Photos", list(page.photos.iter().map(|photo| photo.caption.clone())));
    out.titled("To pick up again", list(page.anchors.iter().cloned()));
    out.titled("Links", list(page.links.iter().cloned()));
    out.0.join("\n\n") + "\n"
}

/// Parts of a text, with a blank line between them; what is empty is none.
struct Sections(Vec<String>);

impl Sections {
    fn add(&mut self, text: String) {
        self.0.extend((!text.is_empty()).then_some(text));
    }

    fn section(&mut self, title: &str, text: String) {
        self.add(if text.is_empty() { text } else { format!("## {title}\n\n{text}") });
    }

    fn titled(&mut self, title: &str, text: String) {
        self.add(if text.is_empty() { text } else { format!("{title}\n\n{text}") });
    }
}

fn fact(name: &str, value: &str) -> Option<String> {
    (!value.is_empty()).then(|| format!("- {name}: {value}"))
}

fn note(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("*{text}*") }
}

fn list(items: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> =
        items.filter(|it| !it.is_empty()).map(|it| format!("- {it}")).collect();
    lines.join("\n")
}

fn words(held: &Held, page: &SessionPage) -> String {
    let (day, hours) = (held.day(&page.zone), held.hours(&page.zone));
    format!("{day}, {hours}, {}", held.room)
}
