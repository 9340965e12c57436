//! What a command says: a page of text for a person, or one line of JSON for a program.
//!
//! Colour is for terminals only, and for nobody who set `NO_COLOR`. A page is as wide as the
//! terminal, 80 columns where there is none; a table that is wider cuts its widest column.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::failure::Failure;

/// The width of what is no terminal, in columns.
const WIDTH: usize = 80;

/// The height of a terminal that does not tell, in lines.
const HEIGHT: usize = 24;

/// The least width that a table is fitted into: below it, cut cells say nothing.
const WIDTH_MIN: usize = 40;

/// Where a command's answer goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    json: bool,
    terminal: bool,
    colour: bool,
    width: usize,
    height: usize,
}

impl Out {
    /// An answer in JSON, or as text for standard output as it is.
    pub(crate) fn new(json: bool) -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let terminal = io::stdout().is_terminal() && set("TERM").is_none_or(|term| term != "dumb");
        let colour = terminal && set("NO_COLOR").is_none();
        let size = terminal_size::terminal_size_of(io::stdout());
        let width = size.map_or(WIDTH, |(columns, _)| usize::from(columns.0)).max(WIDTH_MIN);
        let height = size.map_or(HEIGHT, |(_, lines)| usize::from(lines.0));
        Self { json, terminal, colour, width, height }
    }

    /// The columns and lines of the terminal, if that is where a person reads the answer.
    pub(crate) fn room(self) -> Option<(usize, usize)> {
        (self.terminal && !self.json).then_some((self.width, self.height))
    }

    /// Whether the answer is for a program.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Says `value` in JSON, or what `draw` makes of it.
    pub(crate) fn say<T: Serialize>(
        self,
        value: &T,
        draw: impl FnOnce(&mut Page),
    ) -> Result<(), Failure> {
        if self.json {
            let mut line = serde_json::to_string(value).map_err(|_| Failure::Unwritable)?;
            line.push('\n');
            return write_out(&line);
        }
        self.print(draw)
    }

    /// What `draw` makes, as plain text for standard error.
    pub(crate) fn text(draw: impl FnOnce(&mut Page)) -> String {
        let mut page = Page { text: String::new(), terminal: false, colour: false, width: WIDTH };
        draw(&mut page);
        page.text.trim_end().to_owned()
    }

    /// Says what `draw` makes, to a person.
    pub(crate) fn print(self, draw: impl FnOnce(&mut Page)) -> Result<(), Failure> {
        let Self { terminal, colour, width, .. } = self;
        let mut page = Page { text: String::new(), terminal, colour, width };
        draw(&mut page);
        write_out(&page.text)
    }
}

/// Text for a person, as it grows.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    terminal: bool,
    colour: bool,
    width: usize,
}

/// How a word is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
}

impl Page {
    /// Whether a picture `width` columns wide can be drawn in it.
    pub(crate) fn can_draw(&self, width: usize) -> bool {
        self.terminal && width <= self.width
    }

    /// A line.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        self.styled(Style::Plain, text);
    }

    /// A line in one style.
    pub(crate) fn styled(&mut self, style: Style, text: impl AsRef<str>) {
        let text = self.set(style, text.as_ref());
        self.text.push_str(&text);
        self.text.push('\n');
    }

    /// Lines of prose, broken between words, each of them `indent` columns in.
    pub(crate) fn prose(&mut self, indent: usize, text: &str) {
        for paragraph in text.lines() {
            for line in wrap(paragraph, self.width - indent) {
                self.text.push_str(&" ".repeat(if line.is_empty() { 0 } else { indent }));
                self.text.push_str(&line);
                self.text.push('\n');
            }
        }
    }

    /// A command as it is typed, broken between words where it is too long for a line.
    pub(crate) fn command(&mut self, text: &str) {
        const INDENT: usize = 3;
        const FURTHER: usize = 9;
        for (at, line) in wrap(text, self.width - FURTHER - " \\".len()).iter().enumerate() {
            if at > 0 {
                self.text.push_str(&self.set(Style::Dim, " \\"));
                self.text.push('\n');
            }
            self.text.push_str(&" ".repeat(if at == 0 { INDENT } else { FURTHER }));
            self.text.push_str(&self.set(Style::Dim, line));
        }
        self.text.push('\n');
    }

    /// Bytes for a terminal as they are: a QR code.
    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A name and what it is, the names below each other.
    pub(crate) fn fact(&mut self, name: &str, value: impl AsRef<str>) {
        let value = value.as_ref();
        if value.is_empty() {
            return;
        }
        let name = self.set(Style::Dim, &pad(name, 10));
        let indent = 12;
        for (at, line) in value.lines().flat_map(|line| wrap(line, self.width - indent)).enumerate()
        {
            let before = if at == 0 { format!("{name}  ") } else { " ".repeat(indent) };
            self.text.push_str(format!("{before}{line}").trim_end());
            self.text.push('\n');
        }
    }

    /// A table under a line of headings, two columns in. What is empty in all rows is left out.
    pub(crate) fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) {
        const GAP: usize = 2;
        let widest = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
        let mut widths: Vec<usize> = (0..headings.len())
            .map(|column| match widest(column) {
                0 => 0,
                width => width.max(headings[column].width()),
            })
            .collect();
        while widths.iter().filter(|width| **width > 0).map(|width| width + GAP).sum::<usize>()
            > self.width
        {
            let Some(widest) = widths.iter_mut().max() else { break };
            *widest -= 1;
        }
        if rows.is_empty() {
            return;
        }
        let heads: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
        self.row(Style::Dim, &heads, &widths);
        for row in rows {
            self.row(Style::Plain, row, &widths);
        }
    }

    /// `text` in a style, as part of a line.
    pub(crate) fn set(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Good => "32",
            Style::Bad => "31",
            Style::Plain => return text.to_owned(),
        };
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    fn row(&mut self, style: Style, row: &[String], widths: &[usize]) {
        let mut line = String::new();
        for (cell, &width) in row.iter().zip(widths).filter(|(_, width)| **width > 0) {
            // Writing to a string cannot fail.
            let _ = write!(line, "  {}", pad(&cut(cell, width), width));
        }
        self.styled(style, line.trim_end());
    }
}

/// `text` in at most `width` columns; what is cut off shows as an ellipsis.
pub(crate) fn cut(text: &str, width: usize) -> String {
    let text = text.lines().next().unwrap_or_default();
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut left = width.saturating_sub(1);
    for c in text.chars() {
        let wide = c.width().unwrap_or_default();
        if wide > left {
            break;
        }
        left -= wide;
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// `1 note`, `2 notes`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let used = lines[last].width();
        if used > 0 && used + 1 + word.width() > width {
            lines.push(word.to_owned());
        } else {
            if used > 0 {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}

fn write_out(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads has read enough, such as `head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(_) => Err(Failure::Unwritable),
        Ok(()) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, draw: impl FnOnce(&mut Page)) -> String {
        let mut page = Page { text: String::new(), terminal: false, colour: false, width };
        draw(&mut page);
        page.text
    }

    #[test]
    fn a_table_cuts_its_widest_column_to_fit() {
        let rows = [vec!["1".to_owned(), "a long title of a session".to_owned()]];

        let text = page(20, |page| page.table(&["id", "title"], &rows));

        assert_eq!(text, "  id  title\n  1   a long title…\n");
        assert!(text.lines().all(|line| line.width() <= 20));
    }

    #[test]
    fn a_column_that_is_empty_in_all_rows_is_left_out() {
        let rows = [vec!["1".to_owned(), String::new(), "b".to_owned()]];

        let text = page(40, |page| page.table(&["id", "notes", "title"], &rows));

        assert_eq!(text, "  id  title\n  1   b\n");
    }

    #[test]
    fn a_long_command_goes_on_in_the_next_line() {
        let text = page(40, |page| page.command("Ada$ teilgeber me set --name Ada --bio Hi"));

        assert_eq!(text, "   Ada$ teilgeber me set --name \\\n         Ada --bio Hi\n");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(cut("東京都庁", 5), "東京…");
        assert_eq!(pad("東京", 6), "東京  ");
    }

    #[test]
    fn prose_breaks_between_words_and_keeps_long_ones() {
        let text = page(12, |page| page.prose(2, "one two three internationalisation"));

        assert_eq!(text, "  one two\n  three\n  internationalisation\n");
    }

    #[test]
    fn colour_is_set_only_where_it_is_wanted() {
        let mut page = Page { text: String::new(), terminal: true, colour: true, width: 80 };
        page.styled(Style::Good, "same");

        assert_eq!(page.text, "\x1b[32msame\x1b[0m\n");
        assert_eq!(self::page(80, |page| page.styled(Style::Good, "same")), "same\n");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(1, "note", "notes"), "1 note");
        assert_eq!(count(0, "note", "notes"), "0 notes");
    }
}
