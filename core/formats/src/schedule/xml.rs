//! `schedule.xml`: the file is walked once and only what is known is looked at.
//!
//! The shape is `schedule > conference, day* > room* > event*`, fields as attributes or children in
//! any order. Declared entities are never expanded.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::assemble::{Assembler, RawConference, RawDay, RawTalk};
use super::{Excess, ScheduleError, entity};

/// How deep elements may lie in each other. A schedule needs 6, HTML in an abstract a few more.
const MAX_DEPTH: usize = 64;

pub(super) fn read(text: &str, out: &mut Assembler) -> Result<(), ScheduleError> {
    let mut source = Source::new(text);
    loop {
        match source.next()? {
            Node::Open(element) if name(&element) == "schedule" => break,
            Node::Open(_) | Node::End => return Err(ScheduleError::NotASchedule),
            Node::Text(_) | Node::Close => {}
        }
    }
    source.children(|source, element| match name(&element) {
        "conference" => {
            let head = conference(source, out)?;
            out.conference(head);
            Ok(())
        }
        "day" => day(source, &element, out),
        _ => source.skip(),
    })
}

fn conference(
    source: &mut Source<'_>,
    out: &mut Assembler,
) -> Result<RawConference, ScheduleError> {
    let mut conference = RawConference::default();
    source.children(|source, element| {
        let field = match name(&element) {
            "title" => &mut conference.title,
            "acronym" => &mut conference.acronym,
            "start" => &mut conference.start,
            "end" => &mut conference.end,
            "time_zone_name" | "timezone" => &mut conference.time_zone,
            "timeslot_duration" => &mut conference.timeslot,
            "day_change" => &mut conference.day_change,
            "room" => {
                out.room(&attribute(&element, "name"))?;
                return source.skip();
            }
            "rooms" => {
                return source.children(|source, element| {
                    out.room(&attribute(&element, "name"))?;
                    source.skip()
                });
            }
            _ => return source.skip(),
        };
        *field = source.text(Markup::Drop)?;
        Ok(())
    })?;
    Ok(conference)
}

fn day(
    source: &mut Source<'_>,
    element: &BytesStart<'_>,
    out: &mut Assembler,
) -> Result<(), ScheduleError> {
    out.day(RawDay {
        date: attribute(element, "date"),
        start: attribute(element, "start"),
        end: attribute(element, "end"),
    })?;
    source.children(|source, element| match name(&element) {
        "room" => {
            let room = attribute(&element, "name");
            out.room(&room)?;
            source.children(|source, element| match name(&element) {
                "event" => out.talk(talk(source, &element)?, &room),
                _ => source.skip(),
            })
        }
        "event" => out.talk(talk(source, &element)?, ""),
        _ => source.skip(),
    })
}

fn talk(source: &mut Source<'_>, element: &BytesStart<'_>) -> Result<RawTalk, ScheduleError> {
    let mut talk = RawTalk {
        guid: attribute(element, "guid"),
        id: attribute(element, "id"),
        ..RawTalk::default()
    };
    if talk.id.is_empty() {
        talk.id = attribute(element, "code");
    }
    source.children(|source, element| {
        let (field, markup) = match name(&element) {
            "title" => (&mut talk.title, Markup::Drop),
            "subtitle" => (&mut talk.subtitle, Markup::Drop),
            "abstract" => (&mut talk.abstract_text, Markup::Keep),
            "description" => (&mut talk.description, Markup::Keep),
            "track" => (&mut talk.track, Markup::Drop),
            "type" => (&mut talk.kind, Markup::Drop),
            "language" => (&mut talk.language, Markup::Drop),
            "room" => (&mut talk.room, Markup::Drop),
            "date" => (&mut talk.date, Markup::Drop),
            "start" => (&mut talk.start, Markup::Drop),
            "end" => (&mut talk.end, Markup::Drop),
            "duration" => (&mut talk.duration, Markup::Drop),
            "url" => (&mut talk.url, Markup::Drop),
            "persons" => {
                return source.children(|source, element| {
                    talk.persons.push(person(source, &element)?);
                    Ok(())
                });
            }
            "recording" => {
                return source.children(|source, element| {
                    if name(&element) != "optout" {
                        return source.skip();
                    }
                    talk.opt_out = source.text(Markup::Drop)?;
                    Ok(())
                });
            }
            _ => return source.skip(),
        };
        *field = source.text(markup)?;
        Ok(())
    })?;
    Ok(talk)
}

/// The id and name of a person.
fn person(
    source: &mut Source<'_>,
    element: &BytesStart<'_>,
) -> Result<(String, String), ScheduleError> {
    let ids = ["id", "code", "guid"].map(|key| attribute(element, key));
    let id = ids.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    Ok((id, source.text(Markup::Drop)?))
}

fn name<'a>(element: &'a BytesStart<'_>) -> &'a str {
    element.local_name().into_inner()
}

/// The value of an attribute, empty if there is none. Attributes that cannot be read are passed
/// over.
fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let mut attributes = element.attributes();
    let found = attributes
        .with_checks(false)
        .flatten()
        .find(|found| found.key.local_name().into_inner() == name);
    found.map(|found| entity::decode(&found.value)).unwrap_or_default()
}

/// What becomes of elements inside a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Markup {
    /// They are HTML that somebody forgot to escape, and stay as tags.
    Keep,
    /// Their text counts, they do not.
    Drop,
}

/// What stands next in a file.
enum Node<'a> {
    Open(BytesStart<'a>),
    Text(String),
    Close,
    End,
}

/// A file being read.
struct Source<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    depth: usize,
}

impl<'a> Source<'a> {
    fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { text, reader, depth: 0 }
    }

    fn next(&mut self) -> Result<Node<'a>, ScheduleError> {
        loop {
            let event = self.reader.read_event().map_err(|_syntax| self.malformed())?;
            return Ok(match event {
                Event::Start(element) | Event::Empty(element) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(ScheduleError::TooMany(Excess::Levels));
                    }
                    Node::Open(element)
                }
                Event::End(_) => {
                    self.depth -= 1;
                    Node::Close
                }
                Event::Text(text) => Node::Text(text.into_inner().into_owned()),
                Event::CData(text) => Node::Text(text.into_inner().into_owned()),
                Event::GeneralRef(reference) => {
                    Node::Text(entity::decode(&format!("&{};", &*reference)))
                }
                Event::Eof => Node::End,
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => continue,
            });
        }
    }

    /// Hands each child of the present element to `each`, which must read to the child's end.
    fn children(
        &mut self,
        mut each: impl FnMut(&mut Self, BytesStart<'a>) -> Result<(), ScheduleError>,
    ) -> Result<(), ScheduleError> {
        loop {
            match self.next()? {
                Node::Open(element) => each(self, element)?,
                Node::Text(_) => {}
                Node::Close => return Ok(()),
                Node::End => return Err(self.malformed()),
            }
        }
    }

    /// The text of the present element.
    fn text(&mut self, markup: Markup) -> Result<String, ScheduleError> {
        let mut text = String::new();
        let outside = self.depth - 1;
        let mut open = Vec::new();
        while self.depth > outside {
            match self.next()? {
                Node::Text(piece) => text.push_str(&piece),
                Node::Open(element) => {
                    open.push(name(&element).to_owned());
                    if markup == Markup::Keep {
                        text.push_str(&format!("<{}>", &*element));
                    }
                }
                Node::Close => {
                    if let Some(name) = open.pop().filter(|_| markup == Markup::Keep) {
                        text.push_str(&format!("</{name}>"));
                    }
                }
                Node::End => return Err(self.malformed()),
            }
        }
        Ok(text)
    }

    /// Passes over the present element.
    fn skip(&mut self) -> Result<(), ScheduleError> {
        self.children(|source, _| source.skip())
    }

    fn malformed(&self) -> ScheduleError {
        let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let read = &self.text.as_bytes()[..offset.min(self.text.len())];
        ScheduleError::Malformed { line: 1 + read.iter().filter(|&&byte| byte == b'\n').count() }
    }
}
