//! Why a value was refused.

use thiserror::Error;

/// Why a value was refused by its constructor.
///
/// Says what was wrong and with which bound; which field it was, the caller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Invalid {
    /// Nothing that could be seen was left.
    #[error("empty")]
    Empty,
    /// More than `max` characters (or bytes, where the type counts bytes).
    #[error("longer than {max}")]
    TooLong {
        /// The most that is allowed, in the unit of the type.
        max: usize,
    },
    /// A control character where none is allowed.
    #[error("a control character")]
    ControlCharacter,
    /// More than `max` items in a list.
    #[error("more than {max} items")]
    TooMany {
        /// The most items that are allowed.
        max: usize,
    },
    /// The same item twice in a list.
    #[error("the same item twice")]
    Duplicate,
    /// A number or date outside the type's range.
    #[error("out of range")]
    OutOfRange,
    /// A text that has not the shape it should have.
    #[error("not {0}")]
    Malformed(Shape),
}

/// The shape that a text was expected to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Shape {
    /// 64 hexadecimal digits.
    #[error("64 hexadecimal digits")]
    Hex,
    /// A civil date, `2026-11-23`.
    #[error("a date")]
    Date,
    /// A hashtag: letters, digits, `_` and `-`.
    #[error("a hashtag")]
    Tag,
    /// A link with a known scheme.
    #[error("a link")]
    Link,
    /// A time zone by its IANA name.
    #[error("a time zone")]
    TimeZone,
    /// A language tag, `de` or `pt-BR`.
    #[error("a language")]
    Language,
    /// One letter or digit.
    #[error("one letter or digit")]
    RoomLetter,
    /// A JPEG, PNG or WebP picture.
    #[error("a picture")]
    Picture,
    /// The stable name of a profile's field.
    #[error("a field")]
    Field,
}
