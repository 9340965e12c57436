//! A bridge between two events at the same time.

use teilgeber_device::model::*;
use teilgeber_device::{Error, LentRecord, NewPost};

use crate::support::*;

/// Ada founded the mill's camp, Bo the harbour's; Chloé is in both.
struct Bridge {
    ada: Phone,
    bo: Phone,
    chloe: Phone,
    mill: Id,
    harbour: Id,
    seeds: Id,
}

impl Bridge {
    async fn built() -> Self {
        let (ada, bo, chloe) = (Phone::of("Ada"), Phone::of("Bo"), Phone::of("Chloé"));
        let mill = ada.device.create_event(&camp()).unwrap();
        let harbour = camp().with_name(line("Harbour camp"));
        let harbour = bo.device.create_event(&harbour).unwrap();
        chloe.device.join(&ada.device.join_code(mill, &[]).unwrap()).unwrap();
        chloe.device.join(&bo.device.join_code(harbour, &[]).unwrap()).unwrap();
        let seeds = Session::new(line("Seeds and seasons"));
        let seeds = ada.device.pitch_session(mill, &seeds).unwrap();
        let bridge = Self { ada, bo, chloe, mill, harbour, seeds };
        bridge.meet().await;
        bridge
    }

    /// Chloé meets both, and then both again.
    async fn meet(&self) {
        for other in [&self.ada, &self.bo, &self.ada] {
            self.chloe.sync(other).await;
        }
    }

    fn at_the_harbour(&self) -> Vec<LentRecord> {
        self.bo.device.lent(self.harbour).unwrap()
    }
}

fn titles(lent: &[LentRecord]) -> Vec<&str> {
    lent.iter()
        .map(|one| match &one.loan {
            Loan::Session(title) => title.as_str(),
            Loan::Words { words, .. } => words.text.as_str(),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_crosses_the_bridge_and_says_where_it_comes_from() {
    let bridge = Bridge::built().await;

    bridge.chloe.device.lend_session(bridge.seeds, bridge.harbour).unwrap();
    bridge.meet().await;

    let lent = bridge.at_the_harbour();
    assert_eq!(titles(&lent), ["Seeds and seasons"]);
    assert_eq!((lent[0].from, lent[0].camp.as_str()), (bridge.mill, "Barcamp Mill"));
    assert_eq!(lent[0].lender, bridge.chloe.person());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lent_follows_the_original() {
    let bridge = Bridge::built().await;
    bridge.chloe.device.lend_session(bridge.seeds, bridge.harbour).unwrap();
    bridge.meet().await;

    let renamed = Session::new(line("Seeds for all seasons"));
    bridge.ada.device.edit_session(bridge.seeds, &renamed).unwrap();
    bridge.meet().await;
    assert_eq!(titles(&bridge.at_the_harbour()), ["Seeds for all seasons"]);

    let strict = renamed.with_policy(Policy::OffTheRecord);
    bridge.ada.device.edit_session(bridge.seeds, &strict).unwrap();
    bridge.meet().await;
    assert_eq!(bridge.at_the_harbour(), []);
    let again = bridge.chloe.device.lend_session(bridge.seeds, bridge.harbour);
    assert!(matches!(again, Err(Error::NotAllowed(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_for_everyone_cross_under_their_authors_signature_and_go_when_they_are_erased() {
    let bridge = Bridge::built().await;
    let text = |text: &str| NewPost::new(PostText::new(text).unwrap());
    let everyone = NewPost { everyone: true, ..text("Bring seeds to the harbour") };
    let public = bridge.ada.device.write_post(bridge.mill, &everyone).unwrap();
    let inside = bridge.ada.device.write_post(bridge.mill, &text("The key is under the pot"));
    bridge.meet().await;

    let refused = bridge.chloe.device.lend_post(inside.unwrap(), bridge.harbour);
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    bridge.chloe.device.lend_post(public, bridge.harbour).unwrap();
    bridge.meet().await;
    let lent = bridge.at_the_harbour();
    assert_eq!(titles(&lent), ["Bring seeds to the harbour"]);
    // Nobody at the mill who is called nothing for everyone is named at the harbour.
    assert!(matches!(&lent[0].loan, Loan::Words { words, .. } if words.by.is_none()));

    let changed = NewPost { everyone: true, ..text("Bring bulbs to the harbour") };
    bridge.ada.device.edit_post(public, &changed).unwrap();
    bridge.meet().await;
    assert_eq!(titles(&bridge.at_the_harbour()), ["Bring bulbs to the harbour"]);

    bridge.ada.device.erase_post(public).unwrap();
    bridge.meet().await;
    assert_eq!(bridge.at_the_harbour(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn either_sides_organisers_may_close_the_bridge() {
    for side in 0..2 {
        let bridge = Bridge::built().await;
        bridge.chloe.device.lend_session(bridge.seeds, bridge.harbour).unwrap();
        bridge.meet().await;
        assert_eq!(bridge.at_the_harbour().len(), 1);

        let (organiser, event) = [(&bridge.ada, bridge.mill), (&bridge.bo, bridge.harbour)][side];
        let open = organiser.device.event(event).unwrap().event.unwrap();
        let closed = open.clone().with_rules(Rules { bridges: false, ..open.rules() });
        organiser.device.edit_event(event, &closed).unwrap();
        bridge.meet().await;

        assert_eq!(bridge.at_the_harbour(), [], "side {side}");
        let again = bridge.chloe.device.lend_session(bridge.seeds, bridge.harbour);
        assert!(matches!(again, Err(Error::NotAllowed(_))), "{again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_lent_takes_back_and_nothing_goes_in_a_circle() {
    let bridge = Bridge::built().await;
    let loan = bridge.chloe.device.lend_session(bridge.seeds, bridge.harbour).unwrap();
    bridge.meet().await;

    assert!(matches!(bridge.bo.device.take_back(loan), Err(Error::NotHere(_))));
    assert!(matches!(bridge.chloe.device.lend_session(loan, bridge.mill), Err(Error::NotHere(_))));
    let home = bridge.chloe.device.lend_session(bridge.seeds, bridge.mill);
    assert!(matches!(home, Err(Error::NotAllowed(_))), "{home:?}");

    bridge.chloe.device.take_back(loan).unwrap();
    bridge.meet().await;
    assert_eq!(bridge.at_the_harbour(), []);
}
