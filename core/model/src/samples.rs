//! Values for property tests.

use proptest::prelude::*;

use crate::*;

/// Text as hostile or careless hands write it: controls, overrides, marks, all scripts.
pub(crate) fn messy_text() -> impl Strategy<Value = String> {
    const ODD: &str = "([\u{0}\n\r\t\u{85}\u{200b}\u{2028}\u{202e}\u{2066}\u{301}\u{308}\u{1d160}\u{2000}\
        ΣİßÅ각#_ -]|\\PC|[a-z]){0,20}";
    prop_oneof!["[a-zA-Z #_-]{0,20}", ODD, any::<String>()]
}

pub(crate) fn id() -> impl Strategy<Value = Id> {
    any::<[u8; 32]>().prop_map(Id::new)
}

/// Few points in time, so that some are equal.
pub(crate) fn millis() -> impl Strategy<Value = Millis> {
    (0..4u64).prop_map(|millis| Millis::new(millis).unwrap())
}

pub(crate) fn audience() -> impl Strategy<Value = Audience> {
    prop::sample::select(&Audience::ALL[..])
}

fn name() -> impl Strategy<Value = Name> {
    messy_text().prop_filter_map("visible", |text| Name::lossy(&text))
}

fn hashtags() -> impl Strategy<Value = Hashtags> {
    let levels = [Level::Curious, Level::Beginner, Level::Practised, Level::Expert];
    let level = prop::option::of(prop::sample::select(levels.to_vec()));
    let interest = ("[a-cA-C]{1,2}", level)
        .prop_map(|(tag, level)| Interest { tag: Tag::new(&tag).unwrap(), level });
    prop::collection::vec(interest, 0..4).prop_map(List::lossy)
}

fn bio() -> impl Strategy<Value = Bio> {
    messy_text().prop_map(|text| Bio::lossy(&text))
}

fn links() -> impl Strategy<Value = Links> {
    let link = "(https://|xmpp:)[a-z]{1,9}".prop_map(|text| Link::new(&text).unwrap());
    prop::collection::vec(link, 0..6).prop_map(List::lossy)
}

fn photo_consent() -> impl Strategy<Value = Option<PhotoConsent>> {
    let answers = [PhotoConsent::Yes, PhotoConsent::Ask, PhotoConsent::No];
    prop::option::of(prop::sample::select(answers.to_vec()))
}

pub(crate) fn card() -> impl Strategy<Value = Card> {
    let letter = any::<[u8; 32]>().prop_map(LetterAddress::new);
    let fields = (
        prop::option::of(name()),
        hashtags(),
        bio(),
        links(),
        photo_consent(),
        prop::option::of(letter),
    );
    fields.prop_map(|(name, hashtags, bio, links, photo_consent, letter)| {
        Card::default()
            .with_name(name)
            .with_hashtags(hashtags)
            .with_bio(bio)
            .with_links(links)
            .with_photo_consent(photo_consent)
            .with_letter(letter)
    })
}

/// A card with every field at its bound, in the characters that take most bytes.
pub(crate) fn largest_card() -> Card {
    let numbered = |n: usize, length: usize| format!("{n}{}", "𐐷".repeat(length - 1));
    let interest =
        |n| Interest { tag: Tag::new(&numbered(n, Tag::MAX)).unwrap(), level: Some(Level::Expert) };
    let link = |n| Link::new(&format!("https://{n}{}", "a".repeat(191))).unwrap();
    Card::default()
        .with_name(Some(Name::new(&"𐐷".repeat(Name::MAX)).unwrap()))
        .with_hashtags(List::new((0..Hashtags::MAX).map(interest).collect()).unwrap())
        .with_bio(Bio::new(&"𐐷".repeat(Bio::MAX)).unwrap())
        .with_links(List::new((0..Links::MAX).map(link).collect()).unwrap())
        .with_photo_consent(Some(PhotoConsent::Yes))
        .with_letter(Some(LetterAddress::new([0xff; 32])))
}

pub(crate) fn profile() -> impl Strategy<Value = Profile> {
    let fields = (
        (audience(), prop::option::of(name())),
        (audience(), hashtags()),
        (audience(), bio()),
        (audience(), links()),
        (audience(), photo_consent()),
    );
    fields.prop_map(|(name, hashtags, bio, links, photo_consent)| {
        let mut profile = Profile::default();
        profile.set_name(Shared::new(name.1, name.0));
        profile.set_hashtags(Shared::new(hashtags.1, hashtags.0));
        profile.set_bio(Shared::new(bio.1, bio.0));
        profile.set_links(Shared::new(links.1, links.0));
        profile.set_photo_consent(Shared::new(photo_consent.1, photo_consent.0));
        profile
    })
}

pub(crate) fn placement() -> impl Strategy<Value = Placement> {
    let room = messy_text().prop_filter_map("visible", |text| RoomName::lossy(&text));
    let start = (0..1u64 << 48).prop_map(|start| Millis::new(start).unwrap());
    let minutes = (1..=Minutes::MAX.get()).prop_map(|minutes| Minutes::new(minutes).unwrap());
    (room, start, minutes).prop_map(|(room, start, minutes)| Placement { room, start, minutes })
}

fn some_line<const MAX: usize>() -> impl Strategy<Value = Line<MAX>> {
    messy_text().prop_filter_map("visible", |text| Line::lossy(&text))
}

pub(crate) fn interests() -> impl Strategy<Value = Interests> {
    let stance = prop::sample::select(vec![Stance::Offer, Stance::Want]);
    let levels = vec![Experience::New, Experience::Some, Experience::Much];
    let level = prop::option::of(prop::sample::select(levels));
    let topic = ("[a-cA-C]( [a-c])?", stance, level).prop_map(|(topic, stance, level)| Topic {
        topic: Line::new(&topic).unwrap(),
        stance,
        level,
    });
    prop::collection::vec(topic, 0..5).prop_map(|topics| Interests::new(List::lossy(topics)))
}

fn places() -> impl Strategy<Value = Places> {
    (1..=Places::MAX.get()).prop_map(|places| Places::new(places).unwrap())
}

fn offering() -> impl Strategy<Value = Offering> {
    let nights = (0..9_000u32, 1..9u32).prop_map(|(from, nights)| {
        let day = |days| Day::from_days(days).unwrap();
        Nights::new(day(from), day(from + nights)).unwrap()
    });
    prop_oneof![
        (some_line(), some_line(), millis(), places())
            .prop_map(|(from, to, when, places)| Offering::Ride { from, to, when, places }),
        (nights, places()).prop_map(|(nights, places)| Offering::Bed { nights, places }),
        some_line().prop_map(|title| Offering::Tip { title }),
        (some_line(), prop::option::of(places()))
            .prop_map(|(title, places)| Offering::Other { title, places }),
    ]
}

/// An offer with answers that fit.
pub(crate) fn offer() -> impl Strategy<Value = Offer> {
    let answers = prop::collection::vec((0..6u8, 0..40u8), 0..5);
    (offering(), messy_text(), millis(), answers).prop_map(|(offering, text, until, answers)| {
        let mut offer = Offer::new(offering, until).with_text(OfferText::lossy(&text));
        for (request, granted) in answers {
            let mut all = offer.answers().to_vec();
            all.push(Answer { request: Id::new([request; 32]), granted });
            let more = List::new(all).and_then(|all| offer.clone().with_answers(all));
            offer = more.unwrap_or(offer);
        }
        offer
    })
}

pub(crate) fn seat_request() -> impl Strategy<Value = SeatRequest> {
    (id(), places(), messy_text()).prop_map(|(offer, places, word)| SeatRequest {
        offer,
        places,
        word: Prose::lossy(&word),
    })
}

pub(crate) fn message() -> impl Strategy<Value = DirectMessage> {
    (id(), any::<bool>(), messy_text(), millis(), id(), prop::option::of(id())).prop_map(
        |(person, mine, text, written, space, letter)| DirectMessage {
            person,
            mine,
            text: MessageText::lossy(&text),
            written,
            space,
            letter,
        },
    )
}

pub(crate) fn post() -> impl Strategy<Value = Post> {
    let about = prop_oneof![
        id().prop_map(About::Session),
        id().prop_map(About::Person),
        "[a-z]{1,9}".prop_map(|tag| About::Topic(Tag::new(&tag).unwrap())),
    ];
    let signed = (id(), any::<u8>(), prop::option::of(name())).prop_map(|(author, byte, by)| {
        ForEveryone { by, signed: Signed { author, signature: [byte; 64] } }
    });
    let mentions = prop::collection::vec(id(), 0..3).prop_map(List::lossy);
    (
        "[a-zäß]{1,30}",
        millis(),
        prop::option::of(about),
        prop::option::of(id()),
        mentions,
        prop::option::of(signed),
    )
        .prop_map(|(text, said, about, reply_to, mentions, everyone)| {
            Post::new(Prose::new(&text).unwrap(), said)
                .unwrap()
                .with_about(about)
                .with_reply_to(reply_to)
                .with_mentions(mentions)
                .with_everyone(everyone)
        })
}
