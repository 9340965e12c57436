//! People over the years: met before, and followed.

use teilgeber_device::model::*;
use teilgeber_device::{Did, Error, Heard, MetAt, NewPost, ParticipantFilter};

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
