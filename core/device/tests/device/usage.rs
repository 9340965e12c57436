//! What takes space, and clearing what comes back.

use teilgeber_device::model::*;
use teilgeber_device::{ClearedPhotos, Error, EventUsage, PhotoError};

use crate::support::*;

const BYTES: usize = 5 * 64 * 1024 + 77;

/// Ada took a photo at her camp, and Bo has it from her.
struct Story {
    ada: Phone,
    bo: Phone,
    camp: Id,
    photo: Id,
}

impl Story {
    async fn begin() -> Self {
        let (ada, bo) = (Phone::of("Ada"), Phone::of("Bo"));
        let event = ada.device.create_event(&camp()).unwrap();
        bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
        let session = ada.device.pitch_session(event, &Session::new(line("Flour"))).unwrap();
        let caption = Caption::new("Board").unwrap();
        let photo = ada.device.add_photo(session, &picture(1, BYTES), None, &caption).unwrap();
        bo.sync(&ada).await;
        assert_eq!(bo.device.photo_bytes(photo).unwrap(), picture(1, BYTES));
        Self { ada, bo, camp: event, photo }
    }

    /// Somebody who has it from Bo, and did not meet Ada.
    async fn third(&self) -> Phone {
        let cleo = Phone::of("Cleo");
        cleo.device.join(&self.bo.device.join_code(self.camp, &[]).unwrap()).unwrap();
        self.bo.device.appear_in(self.camp, true).unwrap();
        cleo.sync(&self.bo).await;
        cleo
    }

    fn usage(&self, phone: &Phone) -> EventUsage {
        let mut events = phone.device.usage().unwrap().events;
        events.retain(|usage| usage.event == self.camp);
        events.pop().unwrap()
    }

    fn here(&self, phone: &Phone) -> u32 {
        phone.device.photo(self.photo).unwrap().here
    }
}

fn size(phone: &Phone) -> u64 {
    std::fs::metadata(phone.home.path().join("teilgeber.db")).unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_space_is_told_and_its_parts_are_the_whole() {
    let story = Story::begin().await;
    story.bo.device.create_note(&note("Feed the starter.")).unwrap();
    story.bo.device.tidy().unwrap();

    let usage = story.bo.device.usage().unwrap();

    let of_event = story.usage(&story.bo);
    assert!((BYTES as u64..BYTES as u64 * 11 / 10).contains(&of_event.photos), "{of_event:?}");
    assert_eq!((of_event.clearable > BYTES as u64, of_event.only_here), (true, 0));
    assert!(of_event.words > 0 && usage.own > 0 && usage.search > 0);
    let parts = usage.own + usage.cards + usage.carried + usage.search + usage.lists + usage.free;
    assert_eq!(usage.total, parts + of_event.words + of_event.photos);
    assert_eq!(usage.total, size(&story.bo));
    assert_eq!(story.usage(&story.ada).clearable, 0, "nobody's own can be cleared");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cleared_picture_makes_the_file_smaller_and_comes_back_when_it_is_asked_for() {
    let story = Story::begin().await;
    let (ada, bo) = (&story.ada, &story.bo);
    bo.device.tidy().unwrap();
    let before = size(bo);

    let cleared = bo.device.clear_photos(None, false).unwrap();

    assert_eq!((cleared.photos, cleared.only_here), (1, 0));
    assert!(size(bo) + (BYTES as u64 * 9 / 10) < before, "{} of {before}", size(bo));
    assert_eq!(story.here(bo), 0);
    assert!(bo.device.photo(story.photo).unwrap().cleared);
    assert_eq!(bo.device.rebuild().unwrap().different, [""; 0]);
    bo.device.check().unwrap();
    bo.sync(ada).await;
    assert_eq!(story.here(bo), 0, "it does not come back unasked");

    let asked = bo.device.photo_bytes(story.photo);
    assert!(matches!(asked, Err(Error::Photo(PhotoError::OnTheWay { here: 0, .. }))), "{asked:?}");
    assert!(!bo.device.photo(story.photo).unwrap().cleared);
    bo.sync(ada).await;
    assert_eq!(bo.device.photo_bytes(story.photo).unwrap(), picture(1, BYTES));
    assert_eq!(bo.device.digests(story.camp).unwrap(), ada.device.digests(story.camp).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_whose_taker_was_not_met_is_cleared_only_by_who_says_so() {
    let story = Story::begin().await;
    let cleo = story.third().await;
    assert_eq!(story.here(&cleo), BYTES as u32);

    let refused = cleo.device.clear_photos(Some(story.camp), false).unwrap();
    assert_eq!((refused.photos, refused.bytes), (0, 0));
    assert!(refused.only_here > BYTES as u64);
    assert_eq!(story.here(&cleo), BYTES as u32);

    let cleared = cleo.device.clear_photos(Some(story.camp), true).unwrap();
    assert_eq!((cleared.photos, cleared.only_here, story.here(&cleo)), (1, 0, 0));
    let again = cleo.device.clear_photos(None, true).unwrap();
    assert_eq!(again, ClearedPhotos { photos: 0, bytes: 0, only_here: 0 });
}

#[tokio::test(flavor = "multi_thread")]
async fn who_took_a_photo_has_it_though_everybody_else_cleared_it() {
    let story = Story::begin().await;
    let cleo = story.third().await;
    cleo.sync(&story.ada).await;
    for phone in [&story.ada, &story.bo, &cleo] {
        phone.device.clear_photos(None, false).unwrap();
        phone.device.clear_photos(None, true).unwrap();
    }
    assert_eq!((story.here(&story.bo), story.here(&cleo)), (0, 0));
    assert_eq!(story.here(&story.ada), BYTES as u32);

    cleo.device.photo_bytes(story.photo).unwrap_err();
    cleo.sync(&story.bo).await;
    assert_eq!(story.here(&cleo), 0, "who cleared it has none to give");
    cleo.sync(&story.ada).await;
    assert_eq!(story.here(&cleo), BYTES as u32);
}
