//! The table: each figure beside its floor or its peer.

use std::time::Duration;

/// Rows as they are measured.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 6]>);

impl Table {
    /// Adds a figure; `ratio` where there is a floor to it.
    pub(crate) fn add(
        &mut self,
        figure: &str,
        measured: String,
        beside: String,
        ratio: Option<f64>,
        reach: &str,
        reached: bool,
    ) {
        let ratio = ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}"));
        let reached = if reached { "yes" } else { "no" }.to_owned();
        self.0.push([figure.to_owned(), measured, beside, ratio, reach.to_owned(), reached]);
    }

    /// The table in Markdown.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(
            "| figure | measured | floor or peer | ratio | reach | reached? |\n|---|---|---|---|---|---|\n",
        );
        for row in &self.0 {
            text.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        text
    }
}

/// A time in ms.
pub(crate) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1_000.0;
    match ms {
        100.0.. => format!("{ms:.0} ms"),
        10.0.. => format!("{ms:.1} ms"),
        _ => format!("{ms:.2} ms"),
    }
}

/// A number of bytes.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        1_000_000.. => format!("{:.2} MB", count as f64 / 1e6),
        10_000.. => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{count} B"),
    }
}

/// How many times `floor` is in `measured`.
pub(crate) fn ratio(measured: Duration, floor: Duration) -> f64 {
    measured.as_secs_f64() / floor.as_secs_f64()
}
