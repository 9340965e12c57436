//! Words on the command line that stand for a value of the model.

use std::io::Read;

use teilgeber_device::model::{
    Audience, Experience, Invalid, Level, List, OfferKind, PhotoConsent, Policy, Tag,
};

use crate::failure::Failure;

/// The most bytes of a text that is read from standard input: several times the longest note.
const INPUT_MAX: u64 = 4 << 20;

/// Any value that is made of a text.
pub(crate) fn parse<T>(
    what: &'static str,
    given: &str,
    make: impl FnOnce(&str) -> Result<T, Invalid>,
) -> Result<T, Failure> {
    make(given).map_err(|why| Failure::Value { what, given: given.to_owned(), why })
}

/// A list of at most `MAX` values.
pub(crate) fn list<T: teilgeber_device::model::Distinct, const MAX: usize>(
    what: &'static str,
    items: Vec<T>,
) -> Result<List<T, MAX>, Failure> {
    List::new(items).map_err(|why| Failure::Value { what, given: String::new(), why })
}

/// Tags, each with or without its `#`.
pub(crate) fn tags<const MAX: usize>(given: &[String]) -> Result<List<Tag, MAX>, Failure> {
    list(
        "the tags",
        given.iter().map(|tag| parse("a tag", tag, Tag::new)).collect::<Result<_, _>>()?,
    )
}

/// The words joined, or standard input where they are a single `-`.
pub(crate) fn text(words: &[String]) -> Result<String, Failure> {
    if words != ["-"] {
        return Ok(words.join(" "));
    }
    let mut text = String::new();
    let read = std::io::stdin().take(INPUT_MAX).read_to_string(&mut text);
    read.map_err(|error| Failure::File {
        path: "standard input".into(),
        done: "read",
        kind: error.kind(),
    })?;
    Ok(text.trim_end().to_owned())
}

/// Where a word that stands for a value is looked up, for `clap`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $type:ty { $($word:literal => $value:expr,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) struct $name(pub(crate) $type);

        impl $name {
            /// The word for `value`.
            pub(crate) fn word(value: $type) -> &'static str {
                match value { $(value if value == $value => $word,)+ _ => "" }
            }
        }

        impl clap::ValueEnum for $name {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Self($value)),+]
            }

            fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
                Some(clap::builder::PossibleValue::new(Self::word(self.0)))
            }
        }
    };
}

words! {
    /// Who may read a thing.
    Reader: Audience {
        "me" => Audience::Me,
        "contacts" => Audience::Contacts,
        "event" => Audience::Event,
        "everyone" => Audience::Everyone,
    }
}

words! {
    /// How much somebody knows of a topic.
    Knows: Level {
        "curious" => Level::Curious,
        "beginner" => Level::Beginner,
        "practised" => Level::Practised,
        "expert" => Level::Expert,
    }
}

words! {
    /// Whether pictures may be taken.
    Photo: PhotoConsent {
        "yes" => PhotoConsent::Yes,
        "ask" => PhotoConsent::Ask,
        "no" => PhotoConsent::No,
    }
}

words! {
    /// What may be told of a session.
    Told: Policy {
        "open" => Policy::Open,
        "chatham-house" => Policy::ChathamHouse,
        "off-the-record" => Policy::OffTheRecord,
    }
}

words! {
    /// How much somebody has done with a topic.
    Has: Experience {
        "new" => Experience::New,
        "some" => Experience::Some,
        "much" => Experience::Much,
    }
}

words! {
    /// What kind of thing is offered.
    Offers: OfferKind {
        "ride" => OfferKind::Ride,
        "bed" => OfferKind::Bed,
        "tip" => OfferKind::Tip,
        "other" => OfferKind::Other,
    }
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Reply {
    Yes,
    No,
}
