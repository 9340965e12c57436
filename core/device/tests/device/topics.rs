//! Topics offered and wanted, and what others see of me before and after I say so.

use teilgeber_device::model::*;
use teilgeber_device::{Emergence, Error, Filter, Kind, NewPost, TopicRecord};

use crate::support::*;

fn topics(phone: &Phone, event: Id) -> Vec<(String, Vec<String>, Vec<String>)> {
    let names = |people: &[teilgeber_device::TopicPerson]| -> Vec<String> {
        people
            .iter()
            .map(|it| it.name.as_ref().map(ToString::to_string).unwrap_or_default())
            .collect()
    };
    let row = |record: TopicRecord| {
        (record.topic.to_string(), names(&record.offered_by), names(&record.wanted_by))
    };
    phone.device.topics(event).unwrap().into_iter().map(row).collect()
}

fn in_event(name: &str) -> Phone {
    let phone = Phone::silent();
    phone.device.set_profile(&profile(name, Audience::Event)).unwrap();
    phone
}

#[tokio::test(flavor = "multi_thread")]
async fn me_too_is_the_same_topic_and_lists_hold_names() {
    let (ada, bela) = (in_event("Ada"), in_event("Bela"));
    let event = ada.device.create_event(&camp()).unwrap();
    bela.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    ada.device.appear_in(event, true).unwrap();
    let news = bela.device.observe(Filter { kinds: [Kind::Topics].into(), ..Filter::default() });
    ada.device.want_topic(event, &line("Sour dough"), Some(Experience::New)).unwrap();
    ada.device.offer_topic(event, &line("Zines"), Some(Experience::Much)).unwrap();
    bela.sync(&ada).await;
    assert!(news.wait(std::time::Duration::from_secs(1)).is_some());

    bela.device.want_topic(event, &line("sour  DOUGH"), None).unwrap();
    ada.sync(&bela).await;

    let seen = |record: &(String, Vec<String>, Vec<String>)| {
        (record.0.clone(), record.1.len(), record.2.len())
    };
    let listed: Vec<_> = topics(&ada, event).iter().map(seen).collect();
    assert_eq!(listed, [("Sour dough".to_owned(), 0, 2), ("Zines".to_owned(), 1, 0)]);
    assert_eq!(topics(&bela, event), topics(&ada, event));
    // Bela said a topic and does not appear, so no name is shown for him.
    assert!(topics(&ada, event)[0].2.contains(&String::new()));
    let emergent = ada.device.emergent_topics(event).unwrap();
    assert_eq!(emergent.len(), 1);
    assert_eq!(emergent[0].why, [Emergence::WantedBySeveral, Emergence::NobodyOffers]);
    assert_eq!(emergent[0].topic.mine, Some(Stance::Want));

    bela.device.offer_topic(event, &line("Sour dough"), Some(Experience::Some)).unwrap();
    assert!(bela.device.emergent_topics(event).unwrap().is_empty());
    assert_eq!(bela.device.my_topics(event).unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_is_taken_back_leaves_no_byte_with_others() {
    const SECRET: &str = "zugvogel";
    let (ada, bela) = (in_event("Ada"), in_event("Bela"));
    let event = ada.device.create_event(&camp()).unwrap();
    bela.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    ada.device.want_topic(event, &line(SECRET), None).unwrap();
    ada.device.want_topic(event, &line("Tea"), None).unwrap();
    bela.sync(&ada).await;
    assert_eq!(bela.device.search(SECRET, 9).unwrap().len(), 1);

    ada.device.drop_topic(event, &line("Zugvogel")).unwrap();
    let twice = ada.device.drop_topic(event, &line(SECRET));
    assert!(matches!(twice, Err(Error::NotHere(_))), "{twice:?}");
    bela.sync(&ada).await;
    bela.device.tidy().unwrap();

    assert_eq!(topics(&bela, event).len(), 1);
    assert!(!contains(&everything_in(bela.home.path()), SECRET));

    // The last one takes the list with it, and the next begins a new one.
    ada.device.drop_topic(event, &line("tea")).unwrap();
    bela.sync(&ada).await;
    assert!(topics(&bela, event).is_empty());
    ada.device.offer_topic(event, &line("Tea"), None).unwrap();
    bela.sync(&ada).await;
    assert_eq!(topics(&bela, event).len(), 1);
    assert!(bela.device.rebuild().unwrap().different.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_what_others_see_and_leaving_takes_all_of_it_back() {
    const SECRET: &str = "zugvogel";
    let (ada, bela) = (in_event("Ada"), Phone::silent());
    let event = ada.device.create_event(&camp()).unwrap();
    bela.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let mut open = profile("Bela", Audience::Event);
    open.set_bio(Shared::new(Bio::new("Mine alone").unwrap(), Audience::Me));
    bela.device.set_profile(&open).unwrap();
    bela.device.want_topic(event, &line(SECRET), None).unwrap();
    let tip = Offering::Tip { title: line(SECRET) };
    let until = bela.device.offer_ends(event, &tip).unwrap();
    bela.device.make_offer(event, &Offer::new(tip, until)).unwrap();
    let ride = Offering::Other { title: line("A tent"), places: Some(Places::ONE) };
    let tent = ada.device.make_offer(event, &Offer::new(ride, until)).unwrap();
    bela.sync(&ada).await;
    bela.device.ask_for_seat(tent, Places::ONE, &Prose::new(SECRET).unwrap()).unwrap();
    bela.device.write_post(event, &NewPost::new(PostText::new(SECRET).unwrap())).unwrap();
    let pitched = bela.device.pitch_session(event, &Session::new(line("Grinding"))).unwrap();

    let preview = bela.device.preview_in(event).unwrap();
    assert!(!preview.appearing && preview.card.bio().is_empty());
    assert_eq!((preview.topics.len(), preview.offers.len()), (1, 1));
    assert_eq!((preview.seat_requests.len(), preview.more.len()), (1, 1));
    bela.device.appear_in(event, true).unwrap();
    bela.sync(&ada).await;
    let (people, _) = ada.device.participants(event, None, 9).unwrap();
    assert_eq!(people[0].card, preview.card);
    assert_eq!(ada.device.search(SECRET, 9).unwrap().len(), 4);

    bela.device.leave(event).unwrap();
    bela.sync(&ada).await;
    ada.device.tidy().unwrap();
    assert!(ada.device.participants(event, None, 9).unwrap().0.is_empty());
    assert!(ada.device.seat_requests_to_me(event).unwrap().is_empty());
    assert!(!contains(&everything_in(ada.home.path()), SECRET));
    assert!(!contains(&everything_in(ada.home.path()), "Bela"));
    // What others plan with stays.
    assert_eq!(ada.device.session(pitched).unwrap().session.title().as_str(), "Grinding");
    assert!(ada.device.rebuild().unwrap().different.is_empty());
}
