//! People over the years: met before, and followed.

use teilgeber_device::model::*;
use teilgeber_device::{Did, Error, Heard, Kind, MetAt, NewPost, ParticipantFilter};

use crate::support::*;

const DAY: u64 = 24 * 60 * 60 * 1000;

/// Somebody who is called so for all who are where they are.
fn open_to_all(name: &str) -> Phone {
    let phone = Phone::silent();
    phone.device.set_profile(&profile(name, Audience::Event)).unwrap();
    phone
}

/// A camp that begins this many days after the other one.
fn camp_after(days: u16, name: &str) -> Event {
    let first = camp().days().first().plus(days);
    Event::new(line(name), Days::new(first, first).unwrap(), TimeZone::default())
}

async fn take_part(ada: &Phone, event: Id, others: &[&Phone]) {
    let code = ada.device.join_code(event, &[]).unwrap();
    ada.device.appear_in(event, true).unwrap();
    for other in others {
        other.device.join(&code).unwrap();
        other.device.appear_in(event, true).unwrap();
        other.sync(ada).await;
    }
    for other in others {
        other.sync(ada).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_next_camp_the_list_says_whom_i_met_and_where() {
    let (ada, bob) = (open_to_all("Ada"), open_to_all("Bob"));
    let (cleo, dora) = (open_to_all("Cleo"), open_to_all("Dora"));
    let mill = ada.device.create_event(&camp()).unwrap();
    take_part(&ada, mill, &[&bob, &cleo]).await;
    let place = MetAt { place: Some(line("At the oven")), event: Some(mill), ..MetAt::default() };
    bob.device.scan(&ada.device.show_code(&[], Some(mill)).unwrap().text, &place).unwrap();
    assert!(ada.device.met_in(mill).unwrap().is_empty(), "nobody was met before the first camp");

    let harbour = ada.device.create_event(&camp_after(200, "Harbour Camp")).unwrap();
    take_part(&ada, harbour, &[&bob, &cleo, &dora]).await;

    let met = bob.device.met_in(harbour).unwrap();
    let told: Vec<_> = met
        .iter()
        .map(|one| (one.name.as_ref().unwrap().as_str(), one.contact, one.events.clone()))
        .collect();
    assert_eq!(told, [("Ada", true, vec![mill]), ("Cleo", false, vec![mill])]);
    assert_eq!(met[0].meetings[0].place, place.place);
    assert_eq!(met[0].meetings[0].event, Some(mill));
    let only_met = ParticipantFilter { met: true, ..ParticipantFilter::default() };
    let names = |phone: &Phone, event, filter| {
        let (found, _) = phone.device.participants_matching(event, filter, None, 9).unwrap();
        found.iter().map(|one| one.card.name().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&bob, harbour, &only_met), ["Ada", "Cleo"]);
    // Dora was at none before.
    assert!(names(&dora, harbour, &only_met).is_empty());
    // Who goes on being seen at the first camp only is not met at the second.
    cleo.device.appear_in(harbour, false).unwrap();
    cleo.sync(&ada).await;
    bob.sync(&ada).await;
    assert_eq!(names(&bob, harbour, &only_met), ["Ada"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_i_follow_does_later_comes_when_we_meet() {
    let (ada, bob) = (open_to_all("Ada"), open_to_all("Bob"));
    let showing = ada.device.show_code(&[], None).unwrap();
    bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    bob.device.answer(ada.person()).unwrap();
    bob.sync(&ada).await;
    let since = Millis::new(MORNING + DAY).unwrap();
    let long_after = 300 * DAY;
    [&ada, &bob].iter().for_each(|phone| phone.clock.pass(long_after));

    bob.device.follow(ada.person()).unwrap();
    assert!(bob.device.contact(ada.person()).unwrap().contact.is_followed());
    let event = ada.device.create_event(&camp_after(310, "Harbour Camp")).unwrap();
    ada.device.appear_in(event, true).unwrap();
    let session = ada.device.pitch_session(event, &Session::new(line("Ropes"))).unwrap();
    ada.clock.pass(1);
    let text = PostText::new("Who brings rope?").unwrap();
    let post = ada.device.write_post(event, &NewPost::new(text.clone())).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bob.sync(&ada).await;

    let heard = bob.device.news_of_followed(since).unwrap();
    assert_eq!(
        heard[0],
        Heard {
            person: ada.person(),
            name: line("Ada"),
            when: Millis::new(MORNING + long_after + 1).unwrap(),
            what: Did::Said { event, post, text },
        }
    );
    let pitched = Did::Pitched { event, session, title: line("Ropes") };
    assert!(heard.iter().any(|one| one.what == pitched));
    assert!(heard.iter().any(|one| one.what == Did::Appears { event }));
    assert_eq!(heard.len(), 3);
    let later = Millis::new(MORNING + long_after + 1).unwrap();
    assert_eq!(bob.device.news_of_followed(later).unwrap().len(), 1);

    bob.device.unfollow(ada.person()).unwrap();
    assert!(bob.device.news_of_followed(since).unwrap().is_empty());
    assert!(bob.device.following().unwrap().is_empty());
    assert!(matches!(ada.device.follow(Id::new([7; 32])), Err(Error::NotHere(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_meant_by_the_beginning_of_an_id_or_a_name_is_who_a_list_of_all_finds() {
    let (ada, names) = (Phone::of("Ada"), ["Éva Noll", "eva", "Evan", "Bo", "Straße", ""]);
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    for name in names {
        let phone = Phone::silent();
        if !name.is_empty() {
            phone.device.set_profile(&profile(name, Audience::Event)).unwrap();
        }
        phone.device.join(&code).unwrap();
        phone.device.appear_in(event, true).unwrap();
        phone.sync(&ada).await;
    }
    let all = ada.device.participants(event, None, 100).unwrap().0;
    assert_eq!(all.len(), names.len());
    let ids = all.iter().map(|one| one.person.to_string());
    let ids: Vec<String> =
        ids.flat_map(|id| [id[..1].to_owned(), id[..9].to_owned(), id]).collect();

    for given in ["e", "ev", "Eva", "EVA N", "bo", "str", "strasse", "zz"]
        .into_iter()
        .chain(ids.iter().map(String::as_str))
    {
        let found = ada.device.people_called(given, 100).unwrap();

        let small = given.to_lowercase();
        let plain = |name: &str| name.to_lowercase().replace('é', "e");
        for one in &all {
            let name = one.card.name().map(|name| plain(name.as_str())).unwrap_or_default();
            let meant = one.person.to_string().starts_with(&small) || name.starts_with(&small);
            assert_eq!(found.iter().any(|it| it.person == one.person), meant, "{given}: {name}");
        }
        assert!(ada.device.people_called(given, 1).unwrap().len() <= 3, "by id, by name, and me");
    }
}

#[test]
fn a_session_is_meant_by_the_beginning_of_its_id_or_title_unless_it_is_hidden() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let pitch = |title: &str| ada.device.pitch_session(event, &Session::new(line(title))).unwrap();
    let (bread, brew, bees) = (pitch("Bread and time"), pitch("Brew"), pitch("Bees"));
    ada.device.hide(Kind::Session, bees).unwrap();
    let called = |given: &str| -> Vec<Id> {
        let found = ada.device.sessions_called(given, 10).unwrap();
        found.iter().filter(|it| !it.id.to_string().starts_with(given)).map(|it| it.id).collect()
    };

    assert_eq!(called("br"), [bread, brew]);
    assert_eq!(called("BREAD"), [bread]);
    assert_eq!(called("bees"), []);
    assert_eq!(ada.device.sessions_called(&brew.to_string()[..12], 10).unwrap()[0].id, brew);
    assert_eq!(ada.device.sessions_called("br", 1).unwrap().len(), 1);
}
