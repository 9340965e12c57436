//! The same story on phones of the venue and on real devices with real stores: what one has, the other has.
//!
//! The venue keeps each entry once and remembers verdicts; a device has a database, verifies everything, and
//! shows what its views show.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::time::Duration;

use teilgeber_device::model::{Id, PostText};
use teilgeber_device::{Device, End, NewPost, PostFilter, Stay};
use teilgeber_tests::dice::Dice;
use teilgeber_tests::story::camp;
use teilgeber_tests::support::Home;
use teilgeber_venue::{Story, Venue};

const PHONES: usize = 6;
const STEPS: usize = 60;

/// More than the posts of the story.
const PAGE: u32 = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn real_devices_have_after_every_meeting_what_the_phones_of_the_venue_have() {
    let mut dice = Dice::new(3);
    let mut venue = Venue::new(Story::apart(PHONES, 3));
    venue.passes(Duration::from_secs(120));
    let homes: Vec<Home> = (0..PHONES).map(|_| Home::new()).collect();
    let devices: Vec<Device> = homes.iter().map(Home::open).collect();
    let event = devices[0].create_event(&camp()).unwrap();
    let code = devices[0].join_code(event, &[]).unwrap();
    for device in &devices[1..] {
        device.join(&code).unwrap();
        sync(device, &devices[0]).await;
    }

    let mut most = 0;
    for step in 0..STEPS {
        let one = dice.below(PHONES);
        let other = (one + 1 + dice.below(PHONES - 1)) % PHONES;
        if dice.below(3) == 0 {
            let text = format!("Post {step} of {one}");
            venue.say(one, &text);
            devices[one].write_post(event, &NewPost::new(PostText::new(&text).unwrap())).unwrap();
        } else {
            venue.meet(one, other);
            sync(&devices[one], &devices[other]).await;
        }
        for (who, device) in devices.iter().enumerate() {
            assert_eq!(venue.posts(who), posts(device, event), "phone {who} after step {step}");
            most = most.max(venue.posts(who).len());
        }
    }
    assert!(most > 10, "a story in which hardly anything passes shows nothing: {most}");
}

async fn sync(dialling: &Device, accepting: &Device) {
    let (near, far) = tokio::io::duplex(16 * 1024);
    let (dialled, accepted) = tokio::join!(
        dialling.sync_over(near, End::Dialled, Stay::UntilSame, |_| {}),
        accepting.sync_over(far, End::Accepted, Stay::UntilClosed, |_| {}),
    );
    dialled.unwrap();
    accepted.unwrap();
}

fn posts(device: &Device, event: Id) -> BTreeSet<String> {
    let posts = device.posts(event, &PostFilter::default(), None, PAGE).unwrap();
    posts.iter().map(|record| record.post.text().as_str().to_owned()).collect()
}
