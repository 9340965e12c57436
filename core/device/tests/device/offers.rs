//! Rides and beds: offered, asked for, answered, withdrawn, past.

use teilgeber_device::model::*;
use teilgeber_device::{Error, OfferFilter, OfferRecord, SeatState};

use crate::support::*;

/// Ten in the evening of the second day, UTC.
const EVENING: u64 = MORNING + 38 * HOUR;
const HOUR: u64 = 3_600_000;

fn at(ms: u64) -> Millis {
    Millis::new(ms).unwrap()
}

fn places(places: u8) -> Places {
    Places::new(places).unwrap()
}

fn ride(seats: u8) -> Offer {
    let (from, to) = (line("Ulm"), line("the mill"));
    Offer::new(Offering::Ride { from, to, when: at(EVENING), places: places(seats) }, at(EVENING))
}

fn word(text: &str) -> Prose<500> {
    Prose::new(text).unwrap()
}

/// Ada founds the event, in which the others are and all appear by name.
async fn at_camp<const N: usize>(names: [&str; N]) -> (Id, [Phone; N]) {
    let phones = names.map(|name| {
        let phone = Phone::silent();
        phone.device.set_profile(&profile(name, Audience::Event)).unwrap();
        phone
    });
    let event = phones[0].device.create_event(&camp()).unwrap();
    let code = phones[0].device.join_code(event, &[]).unwrap();
    for (number, phone) in phones.iter().enumerate() {
        if number > 0 {
            phone.device.join(&code).unwrap();
        }
        phone.device.appear_in(event, true).unwrap();
    }
    for phone in &phones[1..] {
        phone.sync(&phones[0]).await;
    }
    (event, phones)
}

fn listed(phone: &Phone, event: Id) -> Vec<OfferRecord> {
    let now = at(MORNING);
    phone.device.offers(event, &OfferFilter::default(), now).unwrap()
}

fn state(phone: &Phone, event: Id) -> (SeatState, u8) {
    let mine = phone.device.my_seat_requests(event).unwrap();
    let last = mine.last().unwrap();
    (last.state, last.granted)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_settles_who_gets_the_last_seats() {
    let (event, [ada, bela, chloe]) = at_camp(["Ada", "Bela", "Chloé"]).await;
    let offer = ada.device.make_offer(event, &ride(2)).unwrap();
    bela.sync(&ada).await;
    chloe.sync(&ada).await;

    // Both ask at once, without knowing of each other.
    let of_bela = bela.device.ask_for_seat(offer, places(2), &word("Two of us")).unwrap();
    let of_chloe = chloe.device.ask_for_seat(offer, places(1), &word("")).unwrap();
    bela.sync(&ada).await;
    chloe.sync(&ada).await;
    let asked = ada.device.seat_requests_to_me(event).unwrap();
    let names: Vec<_> = asked.iter().map(|it| it.name.as_ref().unwrap().as_str()).collect();
    assert_eq!(names.len(), 2, "{asked:?}");
    assert!(names.contains(&"Bela") && names.contains(&"Chloé"), "{names:?}");

    ada.device.answer_seat(of_bela, true).unwrap();
    let overbooked = ada.device.answer_seat(of_chloe, true);
    assert!(matches!(overbooked, Err(Error::NoPlaceLeft)), "{overbooked:?}");
    ada.device.answer_seat(of_chloe, false).unwrap();
    bela.sync(&ada).await;
    chloe.sync(&ada).await;
    assert_eq!(state(&bela, event), (SeatState::Yes, 2));
    assert_eq!(state(&chloe, event), (SeatState::No, 0));
    let seen = &listed(&chloe, event)[0];
    assert_eq!((seen.free, seen.name.as_ref().unwrap().as_str()), (Some(0), "Ada"));
    let free = OfferFilter { free: true, ..OfferFilter::default() };
    assert!(chloe.device.offers(event, &free, at(MORNING)).unwrap().is_empty());

    // Bela stays at home: his seats are free, and Chloé asks again.
    bela.device.withdraw_seat(of_bela).unwrap();
    bela.sync(&ada).await;
    chloe.sync(&ada).await;
    assert_eq!(listed(&chloe, event)[0].free, Some(2));
    let again = chloe.device.ask_for_seat(offer, places(1), &word("")).unwrap();
    assert_ne!(again, of_chloe);
    chloe.sync(&ada).await;
    ada.device.answer_seat(again, true).unwrap();
    chloe.sync(&ada).await;
    assert_eq!(state(&chloe, event), (SeatState::Yes, 1));
    assert_eq!(listed(&ada, event)[0].free, Some(1));
    for phone in [&ada, &bela, &chloe] {
        assert!(phone.device.rebuild().unwrap().different.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_answers_and_edits_and_nobody_asks_themselves() {
    let (event, [ada, bela]) = at_camp(["Ada", "Bela"]).await;
    let offer = ada.device.make_offer(event, &ride(2)).unwrap();
    let tip = Offer::new(Offering::Tip { title: line("The inn") }, at(EVENING));
    let tip = ada.device.make_offer(event, &tip).unwrap();
    bela.sync(&ada).await;
    let request = bela.device.ask_for_seat(offer, places(1), &word("")).unwrap();

    let refused = bela.device.answer_seat(request, true);
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let refused = bela.device.edit_offer(offer, &ride(9));
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let refused = bela.device.withdraw_offer(offer);
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let refused = ada.device.ask_for_seat(offer, places(1), &word(""));
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let refused = bela.device.ask_for_seat(tip, places(1), &word(""));
    assert!(matches!(refused, Err(Error::NotHere(_))), "{refused:?}");
    let refused = bela.device.ask_for_seat(offer, places(3), &word(""));
    assert!(matches!(refused, Err(Error::NoPlaceLeft)), "{refused:?}");

    // Asking again before an answer changes the one request.
    assert_eq!(bela.device.ask_for_seat(offer, places(2), &word("")).unwrap(), request);
    ada.sync(&bela).await;
    ada.device.answer_seat(request, true).unwrap();
    let smaller = ada.device.edit_offer(offer, &ride(1));
    assert!(matches!(smaller, Err(Error::NoPlaceLeft)), "{smaller:?}");
    ada.device.edit_offer(offer, &ride(4)).unwrap();
    assert_eq!(ada.device.offer(offer).unwrap().free, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_past_is_not_listed_and_no_longer_asked_for() {
    let (event, [ada, bela]) = at_camp(["Ada", "Bela"]).await;
    let offer = ada.device.make_offer(event, &ride(2)).unwrap();
    bela.sync(&ada).await;
    bela.device.ask_for_seat(offer, places(1), &word("")).unwrap();
    assert_eq!(state(&bela, event), (SeatState::Asked, 0));

    bela.clock.pass(EVENING - MORNING);

    assert!(bela.device.offers(event, &OfferFilter::default(), at(EVENING)).unwrap().is_empty());
    assert_eq!(state(&bela, event), (SeatState::Over, 0));
    assert!(bela.device.offer(offer).unwrap().over);
    let late = bela.device.ask_for_seat(offer, places(1), &word(""));
    assert!(matches!(late, Err(Error::NotHere(_))), "{late:?}");
}

#[test]
fn an_offer_holds_as_long_as_its_kind_makes_sense() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let day = |text: &str| text.parse::<Day>().unwrap();
    let nights = Nights::new(day("2026-11-20"), day("2026-11-22")).unwrap();
    let ends = |offering: &Offering| ada.device.offer_ends(event, offering).unwrap();

    assert_eq!(ends(ride(1).offering()), at(EVENING));
    // On the morning of the 22nd the 21st is over, at noon in UTC everywhere.
    let noon = |text: &str| at(day(text).start().get() + 12 * HOUR);
    assert_eq!(ends(&Offering::Bed { nights, places: Places::ONE }), noon("2026-11-22"));
    assert_eq!(ends(&Offering::Tip { title: line("The inn") }), noon("2026-11-23"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_offer_leaves_no_word_with_others_and_who_asked_sees_it() {
    const SECRET: &str = "zugvogelnest";
    let (event, [ada, bela]) = at_camp(["Ada", "Bela"]).await;
    let text = OfferText::new(SECRET).unwrap();
    let offer = ada.device.make_offer(event, &ride(2).with_text(text)).unwrap();
    bela.sync(&ada).await;
    assert_eq!(bela.device.search(SECRET, 9).unwrap()[0].id, offer);
    bela.device.ask_for_seat(offer, places(1), &word("")).unwrap();

    // A deleted word is gone with the next put, a withdrawn offer as a whole.
    ada.device.edit_offer(offer, &ride(2)).unwrap();
    bela.sync(&ada).await;
    bela.device.tidy().unwrap();
    assert_eq!(listed(&bela, event).len(), 1);
    assert!(bela.device.search(SECRET, 9).unwrap().is_empty());
    assert!(!contains(&everything_in(bela.home.path()), SECRET));
    ada.device.withdraw_offer(offer).unwrap();
    bela.sync(&ada).await;
    assert!(listed(&bela, event).is_empty());
    assert_eq!(state(&bela, event), (SeatState::Withdrawn, 0));
}
