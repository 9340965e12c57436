//! What was said on the wall about no session, as an HTML page.

use super::EventPages;
use super::html::{Page, sayings, side_page};

/// Writes the page of what was said about no session.
pub fn posts_html(event: &EventPages) -> String {
    let posts = sayings(&event.posts, &event.zone, true);
    side_page(event, Page::Posts, "Posts", &format!("<article>{posts}</article>"))
}
