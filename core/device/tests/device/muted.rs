//! Quiet from somebody, told to nobody.

use teilgeber_device::model::*;
use teilgeber_device::{Error, Kind, NewPost, OfferFilter, ParticipantFilter, PostFilter};

use crate::support::*;

async fn three() -> (Phone, Phone, Phone, Id) {
    let phones = [Phone::of("Ada"), Phone::of("Bo"), Phone::of("Cem")];
    let event = phones[0].device.create_event(&camp()).unwrap();
    let code = phones[0].device.join_code(event, &[]).unwrap();
    for (phone, name) in phones.iter().zip(["Ada", "Bo", "Cem"]) {
        phone.device.join(&code).unwrap();
        phone.device.set_profile(&profile(name, Audience::Event)).unwrap();
        phone.device.appear_in(event, true).unwrap();
    }
    let [ada, bo, cem] = phones;
    bo.sync(&ada).await;
    cem.sync(&ada).await;
    (ada, bo, cem, event)
}

fn post(phone: &Phone, event: Id, text: &str) -> Id {
    phone.device.write_post(event, &NewPost::new(PostText::new(text).unwrap())).unwrap()
}

fn wall(phone: &Phone, event: Id) -> Vec<String> {
    let posts = phone.device.posts(event, &PostFilter::default(), None, 100).unwrap();
    posts.iter().map(|record| record.post.text().to_string()).collect()
}

fn people(phone: &Phone, event: Id) -> Vec<String> {
    let people = phone.device.participants(event, None, 100).unwrap().0;
    people.iter().map(|one| one.card.name().unwrap().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_i_mute_is_left_out_here_at_once_and_nobody_hears_of_it() {
    let (ada, bo, cem, event) = three().await;
    let loud = post(&bo, event, "Buy my tulips");
    bo.sync(&ada).await;
    cem.sync(&ada).await;
    post(&cem, event, "Who knows Rust?");
    assert_eq!(wall(&cem, event).len(), 2);
    let before = ada.device.digests(event).unwrap();
    cem.sync(&ada).await;
    let heard = ada.device.digests(event).unwrap();
    assert_ne!(before, heard);

    cem.device.mute(bo.person()).unwrap();
    assert_eq!(wall(&cem, event), ["Who knows Rust?"]);
    assert_eq!(cem.device.search("tulips", 9).unwrap(), []);
    assert_eq!(people(&cem, event), ["Ada", "Bo", "Cem"]);
    let of_bo = PostFilter { author: Some(bo.person()), ..PostFilter::default() };
    assert_eq!(cem.device.posts(event, &of_bo, None, 9).unwrap().len(), 1);

    cem.device.block(bo.person()).unwrap();
    assert_eq!(people(&cem, event), ["Ada", "Cem"]);
    let all = ParticipantFilter::default();
    assert_eq!(cem.device.participants_matching(event, &all, None, 9).unwrap().0.len(), 2);
    assert_eq!(cem.device.search("Bo", 9).unwrap(), []);
    assert!(cem.device.is_blocked(bo.person()).unwrap());

    // What comes is kept and carried all the same, and nothing is sent because of it.
    let more = post(&bo, event, "More tulips");
    bo.sync(&ada).await;
    let report = cem.sync(&ada).await;
    assert_eq!(report.spaces.iter().map(|space| space.sent).sum::<u64>(), 0);
    assert_eq!(ada.device.digests(event).unwrap(), cem.device.digests(event).unwrap());
    assert_eq!(wall(&ada, event).len(), 3);
    assert!(cem.device.post(more).is_ok() && cem.device.post(loud).is_ok());

    cem.device.unmute(bo.person()).unwrap();
    assert_eq!(wall(&cem, event).len(), 3);
    assert_eq!(cem.device.muted().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_offers_and_looks_forward_to_nothing_that_i_see() {
    let (ada, bo, cem, event) = three().await;
    let session = ada.device.pitch_session(event, &Session::new(line("Clocks"))).unwrap();
    bo.sync(&ada).await;
    let end = Millis::new(MORNING + 86_400_000).unwrap();
    let tip = Offer::new(Offering::Tip { title: line("A tent") }, end);
    bo.device.make_offer(event, &tip).unwrap();
    bo.device.offer_topic(event, &TopicName::new("Tulips").unwrap(), None).unwrap();
    bo.device.star(session, true).unwrap();
    bo.device.share_stars(event, true).unwrap();
    bo.device.add_photo(session, &picture(1, 900), None, &Caption::new("A dial").unwrap()).unwrap();
    bo.sync(&ada).await;
    cem.sync(&ada).await;
    let seen = |phone: &Phone| {
        let now = Millis::new(MORNING).unwrap();
        let offers = phone.device.offers(event, &OfferFilter::default(), now).unwrap();
        let topics = phone.device.topics(event).unwrap();
        let fans = phone.device.starred_by(session).unwrap();
        let photos = phone.device.photos(session).unwrap();
        [offers.len(), topics.len(), fans.len(), photos.len()]
    };
    assert_eq!(seen(&cem), [1; 4]);

    cem.device.block(bo.person()).unwrap();
    assert_eq!(seen(&cem), [0; 4]);
    assert_eq!(seen(&ada), [1; 4]);

    cem.device.unmute(bo.person()).unwrap();
    assert_eq!(seen(&cem), [1; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_reads_and_mutes_writes_nothing_in_the_event() {
    let (ada, bo) = (Phone::of("Ada"), Phone::silent());
    let event = ada.device.create_event(&camp()).unwrap();
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    post(&ada, event, "Hello");
    bo.sync(&ada).await;

    bo.device.block(ada.person()).unwrap();

    assert_eq!(wall(&bo, event), Vec::<String>::new());
    assert_eq!(bo.device.author_in(event).unwrap(), None);
    assert!(matches!(bo.device.mute(bo.person()), Err(Error::NotAllowed(_))));
    let bo = bo.restart();
    let muted = bo.device.muted().unwrap();
    assert_eq!(muted, [Muted { person: ada.person(), quiet: Quiet::Block }]);
    let report = bo.sync(&ada).await;
    assert!(report.spaces.iter().all(|space| space.sent == 0 && space.received == 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_meant_by_the_beginning_of_its_id_if_it_is_on_the_wall() {
    let (ada, bo, cem, event) = three().await;
    let posts: Vec<Id> = (0..20).map(|number| post(&bo, event, &format!("{number}"))).collect();
    bo.sync(&ada).await;
    cem.sync(&ada).await;
    ada.device.hide(Kind::Post, posts[0]).unwrap();

    for id in posts.iter().map(Id::to_string) {
        for given in [&id[..1], &id[..9], &id.to_uppercase(), "no digits"] {
            let small = given.to_lowercase();
            let here = posts[1..].iter().filter(|it| it.to_string().starts_with(&small));
            let mut meant: Vec<Id> = here.copied().collect();
            meant.sort();
            assert_eq!(ada.device.posts_called(given, 100).unwrap(), meant, "{given}");
            meant.truncate(1);
            assert_eq!(ada.device.posts_called(given, 1).unwrap(), meant, "{given}");
        }
    }
    let one = posts[1].to_string();
    assert_eq!(cem.device.posts_called(&one, 1).unwrap(), [posts[1]]);
    cem.device.mute(bo.person()).unwrap();
    assert_eq!(cem.device.posts_called(&one, 1).unwrap(), []);
}
