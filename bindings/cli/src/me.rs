//! `teilgeber me`: what I say about myself, and to whom.

use clap::Subcommand;
use serde::Serialize;
use teilgeber_device::Device;
use teilgeber_device::model::{
    Audience, Bio, Card, Field, FieldValue, Id, Interest, Level, Link, Name, Profile, Shared, Tag,
};

use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style};
use crate::value::{Knows, Photo, Reader, list, parse};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what I say, and who may read each part
    #[command(after_help = "JSON: {person, profile: {FIELD: {audience, value}}}")]
    Show,
    /// Say something; what is not named stays as it is
    #[command(after_help = "JSON: as `me show`")]
    Set(Set),
    /// Show what others see of me
    #[command(after_help = "JSON: {name, hashtags: [{tag, level}], bio, links, photo_consent}")]
    Preview {
        /// Whose eyes to look through
        #[arg(long = "as", value_enum, value_name = "AUDIENCE")]
        reader: Reader,
    },
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Set {
    /// My name
    #[arg(long)]
    name: Option<String>,
    /// A topic, with or without how much I know of it; at most three, all of them at once
    #[arg(long = "hashtag", value_name = "TAG[=LEVEL]")]
    hashtags: Vec<String>,
    /// A few words about me
    #[arg(long)]
    bio: Option<String>,
    /// Where else to find me; at most five, all of them at once
    #[arg(long = "link", value_name = "LINK")]
    links: Vec<String>,
    /// Whether pictures of me may be taken
    #[arg(long, value_enum)]
    photo: Option<Photo>,
    /// Who may read a field: me (at first), contacts, event or everyone
    #[arg(long = "audience", value_name = "FIELD=AUDIENCE")]
    audiences: Vec<String>,
    /// Fields to empty: name, hashtags, bio, links or photo_consent
    #[arg(long = "clear", value_name = "FIELD")]
    clear: Vec<String>,
}

/// What `me show` answers.
#[derive(Serialize)]
struct Shown {
    person: Id,
    profile: Profile,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Show => show(app, &device),
            Self::Set(set) => {
                let mut profile = device.profile()?;
                set.apply(&mut profile)?;
                device.set_profile(&profile)?;
                show(app, &device)
            }
            Self::Preview { reader } => {
                let card = device.profile()?.seen_by(reader.0);
                app.out.say(&card, |page| {
                    page.styled(Style::Dim, format!("What {} can read:", readers(reader.0)));
                    draw_card(page, &card);
                })
            }
        }
    }
}

impl Set {
    fn apply(&self, profile: &mut Profile) -> Result<(), Failure> {
        let mut change = |value: FieldValue| {
            let audience = profile.get(value.field()).audience;
            profile.set(Shared::new(value, audience));
        };
        for field in &self.clear {
            change(empty(parse("a field", field, |name| name.parse())?));
        }
        if let Some(name) = &self.name {
            change(FieldValue::Name(Some(parse("a name", name, Name::new)?)));
        }
        if !self.hashtags.is_empty() {
            let interests = self.hashtags.iter().map(|word| interest(word));
            let interests = interests.collect::<Result<_, _>>()?;
            change(FieldValue::Hashtags(list("the hashtags", interests)?));
        }
        if let Some(bio) = &self.bio {
            change(FieldValue::Bio(parse("a bio", bio, Bio::new)?));
        }
        if !self.links.is_empty() {
            let links = self.links.iter().map(|link| parse("a link", link, Link::new));
            change(FieldValue::Links(list("the links", links.collect::<Result<_, _>>()?)?));
        }
        if let Some(Photo(consent)) = self.photo {
            change(FieldValue::PhotoConsent(Some(consent)));
        }
        for pair in &self.audiences {
            let (field, audience) = audience(pair)?;
            let value = profile.get(field).value;
            profile.set(Shared::new(value, audience));
        }
        Ok(())
    }
}

/// What somebody says about themselves, each part on a line.
pub(crate) fn draw_card(page: &mut Page, card: &Card) {
    page.fact("name", card.name().map(Name::as_str).unwrap_or_default());
    page.fact("hashtags", hashtags(card.hashtags()));
    page.fact("bio", card.bio().as_str());
    page.fact("links", links(card.links()));
    page.fact("photos", Photo::word(card.photo_consent()));
}

/// `#rust (expert), #tea`.
pub(crate) fn hashtags(interests: &[Interest]) -> String {
    let word = |interest: &Interest| match interest.level {
        Some(level) => format!("#{} ({})", interest.tag, Knows::word(level)),
        None => format!("#{}", interest.tag),
    };
    interests.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn show(app: &App, device: &Device) -> Result<(), Failure> {
    let shown = Shown { person: device.me()?.person, profile: device.profile()? };
    app.out.say(&shown, |page| {
        page.fact("person", shown.person.to_string());
        let rows: Vec<Vec<String>> = Field::ALL
            .into_iter()
            .map(|field| {
                let Shared { audience, value } = shown.profile.get(field);
                vec![
                    field.as_str().replace('_', " "),
                    Reader::word(audience).to_owned(),
                    words(&value),
                ]
            })
            .collect();
        page.table(&["field", "read by", "what it says"], &rows);
    })
}

fn words(value: &FieldValue) -> String {
    match value {
        FieldValue::Name(name) => name.as_ref().map(ToString::to_string).unwrap_or_default(),
        FieldValue::Hashtags(interests) => hashtags(interests),
        FieldValue::Bio(bio) => bio.to_string(),
        FieldValue::Links(all) => links(all),
        FieldValue::PhotoConsent(consent) => {
            consent.map(Photo::word).unwrap_or("no (not said)").to_owned()
        }
    }
}

fn empty(field: Field) -> FieldValue {
    match field {
        Field::Name => FieldValue::Name(None),
        Field::Hashtags => FieldValue::Hashtags(Default::default()),
        Field::Bio => FieldValue::Bio(Bio::default()),
        Field::Links => FieldValue::Links(Default::default()),
        Field::PhotoConsent => FieldValue::PhotoConsent(None),
    }
}

fn links(links: &[Link]) -> String {
    links.iter().map(Link::as_str).collect::<Vec<_>>().join(" ")
}

fn interest(word: &str) -> Result<Interest, Failure> {
    let (tag, level) = match word.split_once('=') {
        Some((tag, level)) => (tag, Some(level)),
        None => (word, None),
    };
    Ok(Interest {
        tag: parse("a hashtag", tag, Tag::new)?,
        level: level.map(level_of).transpose()?,
    })
}

fn level_of(word: &str) -> Result<Level, Failure> {
    let level = <Knows as clap::ValueEnum>::from_str(word, true);
    let known = "a level is curious, beginner, practised or expert";
    level.map(|Knows(level)| level).map_err(|_| Failure::Usage(known))
}

fn audience(pair: &str) -> Result<(Field, Audience), Failure> {
    let wanted = "an audience is given as FIELD=me, contacts, event or everyone";
    let (field, reader) = pair.split_once('=').ok_or(Failure::Usage(wanted))?;
    let Reader(audience) =
        <Reader as clap::ValueEnum>::from_str(reader, true).map_err(|_| Failure::Usage(wanted))?;
    Ok((parse("a field", field, |name| name.parse())?, audience))
}

fn readers(audience: Audience) -> &'static str {
    match audience {
        Audience::Me => "I",
        Audience::Contacts => "my contacts",
        Audience::Event => "everyone in an event",
        Audience::Everyone => "everyone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> Set {
        Set {
            name: None,
            hashtags: Vec::new(),
            bio: None,
            links: Vec::new(),
            photo: None,
            audiences: Vec::new(),
            clear: Vec::new(),
        }
    }

    #[test]
    fn what_is_not_named_stays() {
        let mut profile = Profile::default();
        set_to(&mut profile, Set { name: Some("Ada".into()), ..set() });
        set_to(&mut profile, Set { audiences: vec!["name=contacts".into()], ..set() });
        set_to(&mut profile, Set { hashtags: vec!["rust=expert".into(), "tea".into()], ..set() });

        assert_eq!(profile.name().value.as_ref().unwrap().as_str(), "Ada");
        assert_eq!(profile.name().audience, Audience::Contacts);
        assert_eq!(hashtags(&profile.hashtags().value), "#rust (expert), #tea");

        set_to(&mut profile, Set { clear: vec!["name".into()], ..set() });
        assert_eq!(profile.name(), &Shared::new(None, Audience::Contacts));
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        let mut profile = Profile::default();
        for wrong in ["name", "name=world", "age=me"] {
            assert!(Set { audiences: vec![wrong.into()], ..set() }.apply(&mut profile).is_err());
        }
        let wrong = Set { hashtags: vec!["rust=guru".into()], ..set() };
        assert!(wrong.apply(&mut profile).is_err());
    }

    fn set_to(profile: &mut Profile, set: Set) {
        set.apply(profile).unwrap();
    }
}
