//! What others see of me in an event, and the one question about it.

use std::io;

use teilgeber_device::model::{Id, Stance};
use teilgeber_device::{Device, Preview};

use crate::event::Switch;
use crate::failure::Failure;
use crate::home::warn;
use crate::ids;
use crate::me::draw_card;
use crate::offer;
use crate::page::{Out, Page, Style};
use crate::search::kind;

/// Shows on standard error what others would see, asks once, and appears if the answer is yes. No
/// answer is a no.
pub(crate) fn ask(device: &Device, event: Id) -> Result<(), Failure> {
    let preview = device.preview_in(event)?;
    warn(&Out::text(|page| draw(page, &preview)));
    warn("Shall others in this event see this? yes or no [no]");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(|error| Failure::File {
        path: "standard input".into(),
        done: "read",
        kind: error.kind(),
    })?;
    let state = match answer.trim().to_lowercase().as_str() {
        "yes" | "y" | "ja" | "j" => Switch::On,
        _ => Switch::Off,
    };
    if state == Switch::On {
        device.appear_in(event, true)?;
        warn("You appear there now. `event appear off` takes it back everywhere.");
    } else {
        warn("Nothing is shared. `event appear on` does it later.");
    }
    Ok(())
}

/// What others see.
pub(crate) fn draw(page: &mut Page, preview: &Preview) {
    let heading = match preview.appearing {
        true => "What others see of you:",
        false => "What others will see of you, once you appear:",
    };
    page.styled(Style::Dim, heading);
    draw_card(page, &preview.card);
    let already = preview.topics.len() + preview.offers.len() + preview.seat_requests.len();
    if already + preview.more.len() > 0 {
        page.styled(Style::Dim, "What they see already, because you said it there:");
    }
    for topic in &preview.topics {
        let word = if topic.stance == Stance::Offer { "offered" } else { "wanted" };
        page.fact(word, topic.topic.as_str());
    }
    for record in &preview.offers {
        page.fact("offer", offer::title(&record.offer));
    }
    for request in &preview.seat_requests {
        page.fact("request", format!("{} {}", request.places.get(), request.word).trim());
    }
    for thing in &preview.more {
        page.fact(kind(thing.kind), ids::short(thing.id));
    }
}
