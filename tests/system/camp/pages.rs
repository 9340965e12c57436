//! What a phone writes down as files: all that may be told of a session, and nothing else.

use teilgeber_device::model::*;
use teilgeber_device::{Device, Format, Reach};

use super::mine::Mine;
use super::oracle::{Talk, Truth};

/// What a phone writes down must follow from what is true for its person, and from whom they want quiet.
pub(crate) fn must_tell(device: &Device, event: Id, truth: &Truth, mine: &Mine) {
    for reach in [Reach::Event, Reach::Everyone] {
        let files = device.archive(event, reach, false).unwrap();
        let archive: Vec<u8> =
            files.iter().flat_map(|file| [file.path.as_bytes(), &file.bytes].concat()).collect();
        let archive = String::from_utf8(archive).unwrap();
        for (id, talk) in &truth.sessions {
            if truth.is_hidden(id) {
                let hidden = device.document_session(*id, Format::Text, reach, false);
                assert!(hidden.is_err(), "what is hidden is told: {hidden:?}");
                assert!(!archive.contains(&talk.title), "{} is told", talk.title);
                continue;
            }
            let text = device.document_session(*id, Format::Text, reach, false).unwrap();
            assert!(text.contains(&talk.title), "{text}");
            for (word, is_told) in words(truth, mine, id, talk, reach) {
                assert_eq!(text.contains(&word), is_told, "{reach:?} {word:?}: {text}");
                assert_eq!(archive.contains(&word), is_told, "{reach:?} {word:?} in the archive");
            }
            if talk.policy != Policy::Open {
                for (name, _) in truth.people.values() {
                    assert!(!text.contains(name), "{name} is named: {text}");
                }
            }
        }
    }
}

/// The words about a session, each with whether they may be told. All are different.
fn words(truth: &Truth, mine: &Mine, id: &Id, talk: &Talk, reach: Reach) -> Vec<(String, bool)> {
    let is_inside = reach == Reach::Event;
    let is_told = talk.policy != Policy::OffTheRecord;
    let lines = truth.pads.get(id).into_iter().flatten();
    let lines = lines.map(|line| (line.clone(), is_told && is_inside));
    let posts = truth.posts.iter().filter(|(_, words)| words.about == Some(*id));
    let posts = posts.map(|(post, words)| {
        let is_heard = !truth.is_hidden(post) && !mine.quiet.contains_key(&words.author);
        (words.text.clone(), is_told && is_heard && (is_inside || words.everyone))
    });
    let photos = truth.photos.values().filter(|picture| picture.session == *id);
    let is_pictured = talk.policy == Policy::Open && is_inside;
    let photos = photos.map(|picture| {
        (picture.caption.clone(), is_pictured && !mine.has_blocked(&picture.person))
    });
    lines.chain(posts).chain(photos).collect()
}
