//! A barcamp: when, where, in which rooms and slots, and by which rules.
//!
//! Who organises it is not part of the value: roles are granted by signed statements.

use serde::{Deserialize, Serialize};

use crate::error::{Invalid, Shape};
use crate::feedback::{FeedbackReaders, LetterReader, Question, Questions, Trusted};
use crate::link::Link;
use crate::list::{Distinct, List};
use crate::lock::{Lock, Locks};
use crate::retention::Retention;
use crate::text::Line;
use crate::time::{Day, Millis, Minutes, TimeZone};

/// The name of a room, as on its door.
pub type RoomName = Line<60>;

/// The rooms of an event, each name once.
pub type Rooms = List<Room, 100>;

/// The times at which sessions begin. A conference of nine days uses some 150.
pub type Slots = List<Slot, 500>;

/// A barcamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    name: Line<120>,
    days: Days,
    time_zone: TimeZone,
    #[serde(default)]
    rooms: Rooms,
    #[serde(default)]
    slots: Slots,
    #[serde(default)]
    rules: Rules,
    #[serde(default)]
    place: Option<Line<120>>,
    #[serde(default)]
    link: Option<Link>,
    #[serde(default, skip_serializing_if = "<[Lock]>::is_empty")]
    locks: Locks,
    #[serde(default, skip_serializing_if = "<[Question]>::is_empty")]
    questions: Questions,
    #[serde(default, skip_serializing_if = "<[LetterReader]>::is_empty")]
    feedback_readers: FeedbackReaders,
    #[serde(default, skip_serializing_if = "<[LetterReader]>::is_empty")]
    trusted: Trusted,
}

/// The days of an event, from the first to the last, at most a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "DaysOnTheWire", into = "DaysOnTheWire")]
pub struct Days {
    first: Day,
    last: Day,
}

/// A place in which sessions are held.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Room {
    /// Its name.
    pub name: RoomName,
    /// The letter on its door, if it has one.
    #[serde(default)]
    pub letter: Option<RoomLetter>,
}

/// The letter or digit on a room's door, in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct RoomLetter(char);

/// A time in which a session can be held, in any room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// When it begins.
    pub start: Millis,
    /// How long it lasts.
    pub minutes: Minutes,
}

/// What everyone in an event agrees on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// How long devices hold it after its last day.
    pub retention: Retention,
    /// The policy of a session that says nothing else.
    pub policy: Policy,
    /// Whether it lends to events at the same time, and borrows from them.
    pub bridges: bool,
}

/// What may leave the event of what was said, from open to strict.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Everything may be told, with names.
    #[default]
    Open,
    /// What was said may be told, but not who said it.
    ChathamHouse,
    /// Nothing may be told.
    OffTheRecord,
}

impl Event {
    /// An event without rooms and slots yet, by the default rules.
    pub fn new(name: Line<120>, days: Days, time_zone: TimeZone) -> Self {
        Self {
            name,
            days,
            time_zone,
            rooms: List::default(),
            slots: List::default(),
            rules: Rules::default(),
            place: None,
            link: None,
            locks: List::default(),
            questions: List::default(),
            feedback_readers: List::default(),
            trusted: List::default(),
        }
    }

    /// The same event with this name.
    pub fn with_name(self, name: Line<120>) -> Self {
        Self { name, ..self }
    }

    /// The same event on these days.
    pub fn with_days(self, days: Days) -> Self {
        Self { days, ..self }
    }

    /// The same event in this time zone.
    pub fn with_time_zone(self, time_zone: TimeZone) -> Self {
        Self { time_zone, ..self }
    }

    /// The same event with these rooms.
    pub fn with_rooms(self, rooms: Rooms) -> Self {
        Self { rooms, ..self }
    }

    /// The same event with these slots.
    pub fn with_slots(self, slots: Slots) -> Self {
        Self { slots, ..self }
    }

    /// The same event by these rules.
    pub fn with_rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// The same event at this place.
    pub fn with_place(self, place: Option<Line<120>>) -> Self {
        Self { place, ..self }
    }

    /// The same event with this link.
    pub fn with_link(self, link: Option<Link>) -> Self {
        Self { link, ..self }
    }

    /// The same event with these parts of its board locked.
    pub fn with_locks(self, locks: Locks) -> Self {
        Self { locks, ..self }
    }

    /// The same event with these questions to those who were there.
    pub fn with_questions(self, questions: Questions) -> Self {
        Self { questions, ..self }
    }

    /// The same event with these readers of feedback.
    pub fn with_feedback_readers(self, feedback_readers: FeedbackReaders) -> Self {
        Self { feedback_readers, ..self }
    }

    /// The same event with these persons to whom conduct reports may go.
    pub fn with_trusted(self, trusted: Trusted) -> Self {
        Self { trusted, ..self }
    }

    /// The name.
    pub fn name(&self) -> &Line<120> {
        &self.name
    }

    /// The days.
    pub fn days(&self) -> Days {
        self.days
    }

    /// The time zone in which its times are shown.
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// The rooms, in the order in which the board shows them.
    pub fn rooms(&self) -> &Rooms {
        &self.rooms
    }

    /// The slots.
    pub fn slots(&self) -> &Slots {
        &self.slots
    }

    /// The rules.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Where it takes place.
    pub fn place(&self) -> Option<&Line<120>> {
        self.place.as_ref()
    }

    /// Its page.
    pub fn link(&self) -> Option<&Link> {
        self.link.as_ref()
    }

    /// The parts of its board that organisers keep as they are.
    pub fn locks(&self) -> &Locks {
        &self.locks
    }

    /// What its organisers ask those who were there, in the order in which it is asked.
    pub fn questions(&self) -> &Questions {
        &self.questions
    }

    /// Who reads feedback.
    pub fn feedback_readers(&self) -> &FeedbackReaders {
        &self.feedback_readers
    }

    /// To whom conduct reports may go.
    pub fn trusted(&self) -> &Trusted {
        &self.trusted
    }

    /// The first day on which its space fades by the rules: the last day, the days that they say, and
    /// one. `None`: never.
    pub fn fades_on(&self) -> Option<Day> {
        match self.rules.retention {
            Retention::Days(days) => Some(self.days.last.plus(days).plus(1)),
            Retention::Kept => None,
        }
    }
}

impl Days {
    /// The most days: what takes longer is no event, and a mistyped year would keep its data.
    pub const MAX: u32 = 366;

    /// From `first` to `last`, both included.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] if `last` is before `first`, or more than [`MAX`](Self::MAX) days.
    pub fn new(first: Day, last: Day) -> Result<Self, Invalid> {
        match last.days().checked_sub(first.days()) {
            Some(between) if between < Self::MAX => Ok(Self { first, last }),
            _ => Err(Invalid::OutOfRange),
        }
    }

    /// The first day.
    pub fn first(self) -> Day {
        self.first
    }

    /// The last day.
    pub fn last(self) -> Day {
        self.last
    }

    /// Each of them in turn.
    pub fn iter(self) -> impl Iterator<Item = Day> {
        (self.first.days()..=self.last.days()).flat_map(Day::from_days)
    }
}

impl RoomLetter {
    /// Makes a room's letter of a letter or digit.
    ///
    /// # Errors
    /// [`Invalid::Malformed`] for any other character.
    pub fn new(letter: char) -> Result<Self, Invalid> {
        if !letter.is_alphanumeric() {
            return Err(Invalid::Malformed(Shape::RoomLetter));
        }
        // A letter whose upper case is two letters stays as it is.
        let mut upper = letter.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(upper), None) => Ok(Self(upper)),
            _ => Ok(Self(letter)),
        }
    }

    /// The letter.
    pub fn get(self) -> char {
        self.0
    }
}

plain_traits!(RoomLetter, char);

impl Slot {
    /// When it ends.
    pub fn end(self) -> Millis {
        self.start.plus(self.minutes)
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self { retention: Retention::default(), policy: Policy::default(), bridges: true }
    }
}

impl Policy {
    /// The stricter of the two: what several say holds by the strictest word.
    pub fn strictest(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Distinct for Room {
    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Distinct for Slot {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// How [`Days`] are written, before they are checked.
#[derive(Serialize, Deserialize)]
struct DaysOnTheWire {
    first: Day,
    last: Day,
}

impl TryFrom<DaysOnTheWire> for Days {
    type Error = Invalid;

    fn try_from(days: DaysOnTheWire) -> Result<Self, Invalid> {
        Self::new(days.first, days.last)
    }
}

impl From<Days> for DaysOnTheWire {
    fn from(days: Days) -> Self {
        Self { first: days.first, last: days.last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn room(name: &str, letter: Option<char>) -> Room {
        Room {
            name: Line::new(name).unwrap(),
            letter: letter.map(|letter| RoomLetter::new(letter).unwrap()),
        }
    }

    fn camp() -> Event {
        let days = Days::new(day("2026-11-21"), day("2026-11-22")).unwrap();
        let zone = TimeZone::new("Europe/Berlin").unwrap();
        Event::new(Line::new("Barcamp").unwrap(), days, zone)
    }

    #[test]
    fn an_event_reads_back_from_json() {
        let slot = Slot { start: day("2026-11-21").start(), minutes: Minutes::new(45).unwrap() };
        let event = camp()
            .with_rooms(List::new(vec![room("Attic", Some('a')), room("Yard", None)]).unwrap())
            .with_slots(List::new(vec![slot]).unwrap())
            .with_rules(Rules {
                retention: Retention::Kept,
                policy: Policy::ChathamHouse,
                bridges: false,
            })
            .with_place(Some(Line::new("Old Mill").unwrap()))
            .with_link(Some(Link::new("https://barcamp.example").unwrap()));

        let json = serde_json::to_string(&event).unwrap();

        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
    }

    #[test]
    fn an_event_does_not_end_before_it_begins_nor_last_over_a_year() {
        let new_year = day("2027-01-01");

        assert!(Days::new(new_year, new_year).is_ok());
        assert!(Days::new(new_year, day("2028-01-01")).is_ok());
        assert_eq!(Days::new(new_year, day("2028-01-02")), Err(Invalid::OutOfRange));
        assert_eq!(Days::new(new_year, day("2026-12-31")), Err(Invalid::OutOfRange));
        let json = r#"{"first":"2027-01-02","last":"2027-01-01"}"#;
        assert!(serde_json::from_str::<Days>(json).is_err());
    }

    #[test]
    fn the_days_of_an_event_are_counted_with_the_last() {
        let days: Vec<_> = camp().days().iter().map(|day| day.to_string()).collect();

        assert_eq!(days, ["2026-11-21", "2026-11-22"]);
    }

    #[test]
    fn two_rooms_do_not_share_a_name() {
        let rooms = vec![room("Attic", Some('A')), room("Attic", Some('B'))];

        assert_eq!(Rooms::new(rooms), Err(Invalid::Duplicate));
    }

    #[test]
    fn a_room_letter_is_one_letter_in_upper_case() {
        assert_eq!(RoomLetter::new('b').map(RoomLetter::get), Ok('B'));
        assert_eq!(RoomLetter::new('ß').map(RoomLetter::get), Ok('ß'));
        assert_eq!(RoomLetter::new('7').map(RoomLetter::get), Ok('7'));
        for other in [' ', '#', '\n', '\u{202e}', '🚪'] {
            assert!(RoomLetter::new(other).is_err());
        }
    }

    #[test]
    fn the_strictest_policy_wins() {
        let strictest = Policy::ChathamHouse.strictest(Policy::Open);

        assert_eq!(strictest, Policy::ChathamHouse);
        assert_eq!(strictest.strictest(Policy::OffTheRecord), Policy::OffTheRecord);
    }

    #[test]
    fn a_space_fades_when_the_last_day_that_the_rules_grant_is_over() {
        let event = camp().with_rules(Rules { retention: Retention::Days(8), ..Rules::default() });
        let kept = camp().with_rules(Rules { retention: Retention::Kept, ..Rules::default() });

        assert_eq!(event.fades_on(), Some(day("2026-12-01")));
        assert_eq!(kept.fades_on(), None);
    }
}
