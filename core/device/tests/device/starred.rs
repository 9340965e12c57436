//! Stars, moves of starred sessions, and what runs now.

use proptest::prelude::*;
use teilgeber_device::model::*;
use teilgeber_device::{Conflict, Error, Fan, NowNext, Part, StarNews};

use crate::support::*;

const HOUR: u64 = 3_600_000;

fn at(room: &str, hours: u64) -> Placement {
    Placement { room: line(room), ..attic(MORNING + hours * HOUR) }
}

fn millis(hours: u64) -> Millis {
    Millis::new(MORNING + hours * HOUR).unwrap()
}

/// Ada's camp with bread in the attic at one, and Bo, who has it too.
async fn camp_of_two() -> (Phone, Phone, Id, Id) {
    let (ada, bo) = (Phone::of("Ada"), Phone::of("Bo"));
    let event = ada.device.create_event(&camp()).unwrap();
    let bread = ada.device.pitch_session(event, &Session::new(line("Bread"))).unwrap();
    ada.device.place_session(bread, Some(&at("Attic", 1))).unwrap();
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bo.sync(&ada).await;
    (ada, bo, event, bread)
}

fn moved(phone: &Phone, event: Id) -> Vec<(Option<Placement>, Option<Placement>)> {
    let news = phone.device.moves(event).unwrap();
    let moved = |news| match news {
        StarNews::Moved { from, to, .. } => Some((from, to)),
        StarNews::Conflict { .. } => None,
    };
    news.into_iter().filter_map(moved).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_star_is_mine_alone_until_i_share_it() {
    let (ada, bo, event, bread) = camp_of_two().await;

    bo.device.star(bread, true).unwrap();
    bo.sync(&ada).await;
    assert_eq!(bo.device.starred(event).unwrap()[0].session.id, bread);
    assert_eq!(ada.device.starred_by(bread).unwrap(), []);
    assert_eq!(bo.device.author_in(event).unwrap(), None, "a star writes nothing into an event");

    bo.device.share_stars(event, true).unwrap();
    bo.sync(&ada).await;
    let who = Fan { person: bo.person(), name: None };
    assert_eq!(ada.device.starred_by(bread).unwrap(), [who]);

    bo.device.set_profile(&profile("Bo", Audience::Event)).unwrap();
    bo.device.appear_in(event, true).unwrap();
    let tea = bo.device.pitch_session(event, &Session::new(line("Tea"))).unwrap();
    bo.device.star(tea, true).unwrap();
    bo.sync(&ada).await;
    let who = Fan { person: bo.person(), name: Some(line("Bo")) };
    assert_eq!(ada.device.starred_by(tea).unwrap(), [who]);

    bo.device.star(tea, false).unwrap();
    bo.sync(&ada).await;
    assert_eq!(ada.device.starred_by(tea).unwrap(), []);

    bo.device.share_stars(event, false).unwrap();
    bo.sync(&ada).await;
    assert_eq!(ada.device.starred_by(bread).unwrap(), []);
    assert_eq!(bo.device.starred(event).unwrap().len(), 1);

    bo.device.share_stars(event, true).unwrap();
    bo.sync(&ada).await;
    assert_eq!(ada.device.starred_by(bread).unwrap().len(), 1);
    assert_eq!(ada.device.starred(event).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_moves_tells_who_starred_it_once() {
    let (ada, bo, event, bread) = camp_of_two().await;
    bo.device.star(bread, true).unwrap();
    assert_eq!(bo.device.moves(event).unwrap(), []);

    ada.device.place_session(bread, Some(&at("Yard", 3))).unwrap();
    bo.sync(&ada).await;
    assert_eq!(moved(&bo, event), [(Some(at("Attic", 1)), Some(at("Yard", 3)))]);
    assert_eq!(ada.device.moves(event).unwrap(), [], "Ada starred nothing");

    let bo = bo.restart();
    assert_eq!(moved(&bo, event).len(), 1, "it is told until it was seen");
    bo.device.seen_move(bread).unwrap();
    assert_eq!(bo.device.moves(event).unwrap(), []);

    ada.device.place_session(bread, None).unwrap();
    bo.sync(&ada).await;
    assert_eq!(moved(&bo, event), [(Some(at("Yard", 3)), None)]);

    bo.device.place_session(bread, Some(&at("Barn", 4))).unwrap();
    assert_eq!(bo.device.moves(event).unwrap(), [], "what I moved myself I know");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_of_a_starred_session_is_told_until_it_is_settled() {
    let (ada, bo, event, bread) = camp_of_two().await;
    ada.device.star(bread, true).unwrap();
    ada.device.place_session(bread, Some(&at("Yard", 3))).unwrap();
    bo.device.place_session(bread, Some(&at("Barn", 4))).unwrap();
    ada.sync(&bo).await;

    let news = ada.device.moves(event).unwrap();
    let [StarNews::Conflict { conflict: Conflict::Claims { placements, .. }, .. }] = &news[..]
    else {
        panic!("{news:?}")
    };
    assert_eq!(placements.len(), 2);
    ada.device.seen_move(bread).unwrap();
    assert_eq!(ada.device.moves(event).unwrap(), news, "seeing settles nothing");

    bo.device.place_session(bread, Some(&at("Barn", 4))).unwrap();
    ada.sync(&bo).await;
    assert_eq!(moved(&ada, event), [(Some(at("Yard", 3)), Some(at("Barn", 4)))]);
}

#[test]
fn a_phone_is_told_when_to_remind_and_can_replace_what_it_scheduled() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let pitch = |title, place: Placement| {
        let id = ada.device.pitch_session(event, &Session::new(line(title))).unwrap();
        ada.device.place_session(id, Some(&place)).unwrap();
        ada.device.star(id, true).unwrap();
        id
    };
    let (tea, bread) = (pitch("Tea", at("Yard", 2)), pitch("Bread", at("Attic", 1)));
    let until = millis(24);

    let due = ada.device.reminders(Millis::EPOCH, until, 10).unwrap();
    assert_eq!(due.iter().map(|it| it.session).collect::<Vec<_>>(), [bread, tea]);
    assert_eq!(due[0].at.get(), MORNING + HOUR - 600_000);
    assert_eq!((due[0].room.as_str(), due[0].title.as_str()), ("Attic", "Bread"));
    assert_eq!(ada.device.reminders(Millis::EPOCH, due[1].at, 10).unwrap(), due[..1]);

    ada.device.place_session(bread, Some(&at("Barn", 5))).unwrap();
    let moved = ada.device.reminders(Millis::EPOCH, until, 10).unwrap();
    assert_eq!(moved.iter().map(|it| it.id).collect::<Vec<_>>(), [due[1].id, due[0].id]);

    ada.clock.pass(2 * HOUR);
    let left = ada.device.reminders(Millis::EPOCH, until, 10).unwrap();
    assert_eq!(left, moved[1..], "none of what is past");
}

fn titles<'a>(items: impl IntoIterator<Item = &'a teilgeber_device::BoardItem>) -> Vec<&'a str> {
    items.into_iter().map(|item| item.session.session.title().as_str()).collect()
}

#[test]
fn what_runs_what_comes_next_in_each_room_and_what_is_mine() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let pitch = |title, place: Placement| {
        let id = ada.device.pitch_session(event, &Session::new(line(title))).unwrap();
        ada.device.place_session(id, Some(&place)).unwrap();
        id
    };
    pitch("Bread", at("Attic", 1));
    pitch("Tea", at("Yard", 1));
    pitch("Grain", at("Attic", 2));
    pitch("Husk", at("Yard", 3));
    pitch("Mill", at("Attic", 3));
    let tomorrow = pitch("Rye", at("Attic", 20));

    let now = |hours, minutes: u64| -> NowNext {
        let time = Millis::new(MORNING + hours * HOUR + minutes * 60_000).unwrap();
        ada.device.now_next(event, time).unwrap()
    };

    assert_eq!(titles(&now(1, 44).now), ["Bread", "Tea"]);
    assert_eq!(titles(&now(1, 45).now), [""; 0], "what ends now is over");
    assert_eq!(titles(&now(1, 0).next), ["Grain", "Husk"]);
    assert_eq!(titles(&now(2, 0).now), ["Grain"]);
    assert_eq!(titles(&now(2, 0).next), ["Mill", "Husk"]);
    assert_eq!(titles(&now(3, 0).mine), ["Mill", "Husk", "Rye"]);
    assert_eq!(now(1, 0).zone.as_str(), "Europe/Berlin");

    // At 23:40 in Berlin it is still Saturday; what begins at 00:30 is Sunday's, though in UTC it is not.
    let late = |title, ms| {
        let id = ada.device.pitch_session(event, &Session::new(line(title))).unwrap();
        ada.device.place_session(id, Some(&attic(ms))).unwrap();
    };
    let midnight = 1_795_302_000_000; // 2026-11-21T23:00Z
    late("Late", midnight - 20 * 60_000);
    late("Early", midnight + 30 * 60_000);
    let day = |day: &str| Part { day: Some(day.parse().unwrap()), ..Part::default() };
    let saturday = ada.device.board_part(event, &day("2026-11-21")).unwrap();
    let sunday = ada.device.board_part(event, &day("2026-11-22")).unwrap();
    assert_eq!(titles(&saturday).last(), Some(&"Late"));
    assert_eq!(titles(&sunday)[0], "Early");
    assert_eq!(ada.device.today(event).unwrap(), saturday);
    assert!(sunday.iter().any(|item| item.session.id == tomorrow));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_the_board_is_what_one_looks_for() {
    let (ada, bo, event, bread) = camp_of_two().await;
    let tags = List::new(vec![Tag::new("Tea").unwrap()]).unwrap();
    let tea = Session::new(line("Tea")).with_tags(tags).with_level(Some(Level::Expert));
    bo.device.pitch_session(event, &tea).unwrap();
    bo.device.star(bread, true).unwrap();
    let shown = |part: Part| {
        let board = bo.device.board_part(event, &part).unwrap();
        titles(&board).join(" ")
    };

    assert_eq!(shown(Part::default()), "Bread Tea");
    assert_eq!(shown(Part { mine: true, ..Part::default() }), "Bread Tea");
    assert_eq!(shown(Part { starred: true, ..Part::default() }), "Bread");
    assert_eq!(shown(Part { tag: Some(Tag::new("tea").unwrap()), ..Part::default() }), "Tea");
    assert_eq!(shown(Part { level: Some(Level::Expert), ..Part::default() }), "Tea");
    assert_eq!(shown(Part { room: Some(line("Attic")), ..Part::default() }), "Bread");
    let ada_sees = ada.device.board_part(event, &Part { mine: true, ..Part::default() }).unwrap();
    assert_eq!(titles(&ada_sees), ["Bread"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn organisers_alone_place_sessions_in_a_locked_part_of_the_board() {
    let (ada, bo, event, bread) = camp_of_two().await;
    let lock = Lock { room: Some(line("Attic")), from: None, until: Some(millis(3)) };
    assert!(matches!(bo.device.lock_board(event, &lock), Err(Error::NotAllowed(_))));
    ada.device.lock_board(event, &lock).unwrap();
    bo.sync(&ada).await;
    let tea = bo.device.pitch_session(event, &Session::new(line("Tea"))).unwrap();
    let refused = |session, place: Option<Placement>| {
        let placed = bo.device.place_session(session, place.as_ref());
        matches!(placed, Err(Error::NotAllowed(_)))
    };

    assert!(refused(tea, Some(at("Attic", 2))), "into it");
    assert!(refused(bread, Some(at("Yard", 5))) && refused(bread, None), "out of it");
    assert!(!refused(tea, Some(at("Attic", 3))) && !refused(tea, Some(at("Yard", 1))), "beside it");
    let board = bo.device.board(event).unwrap();
    assert_eq!(board.iter().map(|item| item.locked).collect::<Vec<_>>(), [true, false]);

    ada.device.place_session(bread, Some(&at("Attic", 2))).unwrap();
    ada.device.unlock_board(event, &lock).unwrap();
    assert!(matches!(ada.device.unlock_board(event, &lock), Err(Error::NotHere(_))));
    bo.sync(&ada).await;
    assert!(!refused(bread, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Two people place three sessions without knowing of each other. Two others hear of it in different
    /// orders, and see the same.
    #[test]
    fn the_order_of_arrival_changes_neither_now_nor_next_nor_moves(
        places in prop::collection::vec((any::<bool>(), 0..3_usize, 0..3_usize, 0..4_u64), 1..8),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let (ada, bo, event, bread) = camp_of_two().await;
            let mut sessions = vec![bread];
            for title in ["Tea", "Rye"] {
                sessions.push(ada.device.pitch_session(event, &Session::new(line(title))).unwrap());
            }
            bo.sync(&ada).await;
            let (one, other) = (Phone::silent(), Phone::silent());
            for reader in [&one, &other] {
                reader.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
                reader.sync(&ada).await;
                sessions.iter().for_each(|it| reader.device.star(*it, true).unwrap());
            }
            for (by_ada, session, room, hours) in places {
                let who = if by_ada { &ada } else { &bo };
                let place = at(["Attic", "Yard", "Barn"][room], hours);
                who.device.place_session(sessions[session], Some(&place)).unwrap();
            }
            for (reader, order) in [(&one, [&ada, &bo]), (&other, [&bo, &ada])] {
                for source in order {
                    reader.sync(source).await;
                }
            }

            for hours in 0..5 {
                let [one, other] =
                    [&one, &other].map(|it| it.device.now_next(event, millis(hours)).unwrap());
                assert_eq!(one, other);
            }
            assert_eq!(one.device.moves(event).unwrap(), other.device.moves(event).unwrap());
        });
    }
}
