//! The rules one by one.

use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, MarkData, ObjectId, Op, OpId, OpType};
use automerge::transaction::Transactable;
use automerge::{
    ActorId, AutomergeError, Change, ExpandedChange, ObjType, ROOT, ReadDoc, ScalarValue,
};
use proptest::prelude::*;
use teilgeber_store::guard::{
    EditError, First, Loaded, Reason, Verdict, actor_id, inspect, judge, limits,
};

use crate::hostile::encode;
use crate::rng::Rng;
use crate::world::{DOCUMENT, Post, Writer, all_count, found, honest_world, judge_all};

/// What becomes of the founder's second change after `hostile` had its way with it.
fn verdict_on(hostile: impl FnOnce(&mut ExpandedChange)) -> Verdict {
    crate::silence_caught_panics();
    let mut writer = Writer::new(1);
    let first = writer.post(found);
    let mut second = writer.post(|tx| tx.put(ROOT, "second", 2));
    let mut change = Change::try_from(&second.bytes[..]).expect("an honest change").decode();
    hostile(&mut change);
    second.bytes = encode(change).expect("Automerge encodes it");
    let judged = judge_all(&[first, second]);
    assert_eq!(judged.verdicts[0], Verdict::Counts);
    judged.verdicts[1]
}

fn refused(reason: Reason) -> Verdict {
    Verdict::Refused(reason)
}

fn op(obj: ObjectId, key: Key, action: OpType, insert: bool, pred: Vec<OpId>) -> Op {
    Op { action, obj, key, pred: pred.into(), insert }
}

/// Counters of what [`found`] makes.
const TITLE: u64 = 1;
const TEXT: u64 = 2;
const FIRST_CHARACTER: u64 = 3;

fn founder() -> ActorId {
    Writer::new(1).actor()
}

fn id(counter: u64) -> OpId {
    OpId(counter, founder())
}

fn in_text(key: ElementId, action: OpType, insert: bool, pred: Vec<OpId>) -> Verdict {
    verdict_on(|change| {
        let text = ObjectId::Id(id(TEXT));
        change.operations.push(op(text, Key::Seq(key), action, insert, pred));
    })
}

fn in_root(key: &str, action: OpType, pred: Vec<OpId>) -> Verdict {
    verdict_on(|change| {
        let key = Key::Map(key.into());
        change.operations.push(op(ObjectId::Root, key, action, false, pred));
    })
}

fn put(text: &str) -> OpType {
    OpType::Put(ScalarValue::Str(text.into()))
}

#[test]
fn an_untouched_change_counts() {
    assert_eq!(verdict_on(|_| {}), Verdict::Counts);
    assert_eq!(in_root("title", put("new"), vec![id(TITLE)]), Verdict::Counts);
    assert_eq!(in_text(ElementId::Head, put("x"), true, vec![]), Verdict::Counts);
}

#[test]
fn numbers_must_follow_upon_the_ancestors() {
    let huge = NonZeroU64::new(u64::from(u32::MAX) - 1).expect("not 0");
    let later = |start: NonZeroU64| start.checked_add(1).expect("small");
    assert_eq!(
        verdict_on(|change| change.start_op = later(change.start_op)),
        refused(Reason::OutOfStep)
    );
    assert_eq!(verdict_on(|change| change.start_op = NonZeroU64::MIN), refused(Reason::OutOfStep));
    assert_eq!(verdict_on(|change| change.start_op = huge), refused(Reason::DocumentFull));
    assert_eq!(verdict_on(|change| change.seq += 1), refused(Reason::OutOfStep));
    assert_eq!(verdict_on(|change| change.seq = 1), refused(Reason::OutOfStep));
    assert_eq!(verdict_on(|change| change.deps.clear()), refused(Reason::OutOfStep));
}

#[test]
fn a_change_carries_no_time_message_or_footer() {
    assert_eq!(verdict_on(|change| change.time = 1), refused(Reason::Unsupported));
    assert_eq!(
        verdict_on(|change| change.message = Some("m".into())),
        refused(Reason::Unsupported)
    );
    assert_eq!(verdict_on(|change| change.extra_bytes = vec![1]), refused(Reason::Unsupported));
    assert_eq!(verdict_on(|change| change.operations.clear()), refused(Reason::Unsupported));
}

#[test]
fn a_change_is_made_under_an_actor_of_its_author() {
    let foreign = actor_id(&[2; 32], &DOCUMENT, [7; 4]);
    assert_eq!(verdict_on(|change| change.actor_id = foreign), refused(Reason::ForeignActor));
    assert_eq!(
        verdict_on(|change| change.actor_id = ActorId::from([1u8; 40])),
        refused(Reason::ForeignActor)
    );
}

#[test]
fn an_operation_names_only_what_its_ancestors_hold() {
    let unknown = OpId(TEXT, ActorId::from([0u8; 16]));
    let in_object = |object: OpId| {
        verdict_on(|change| {
            let key = Key::Map("a".into());
            change.operations.push(op(ObjectId::Id(object), key, put("x"), false, vec![]));
        })
    };
    assert_eq!(in_object(id(99)), refused(Reason::UnknownReference));
    assert_eq!(in_object(id(TITLE)), refused(Reason::UnknownReference));
    assert_eq!(in_object(unknown.clone()), refused(Reason::UnknownReference));
    assert_eq!(in_object(id(TEXT)), refused(Reason::Unsupported));
    let elements = [id(TITLE), id(TEXT), id(99), unknown];
    for element in elements {
        let verdict = in_text(ElementId::Id(element), put("x"), true, vec![]);
        assert_eq!(verdict, refused(Reason::UnknownReference));
    }
}

#[test]
fn predecessors_stand_in_the_same_place_once() {
    let wrong_place = in_root("title", put("x"), vec![id(TEXT)]);
    let elsewhere = in_root("title", put("x"), vec![id(FIRST_CHARACTER)]);
    let twice = in_root("title", put("x"), vec![id(TITLE), id(TITLE)]);
    assert_eq!([wrong_place, elsewhere, twice], [refused(Reason::UnknownReference); 3]);
    assert_eq!(in_root("title", OpType::Delete, vec![]), refused(Reason::Unsupported));
    let character = || ElementId::Id(id(FIRST_CHARACTER));
    let not_its_own = in_text(character(), OpType::Delete, false, vec![id(FIRST_CHARACTER + 1)]);
    assert_eq!(not_its_own, refused(Reason::UnknownReference));
    let deleted = in_text(character(), OpType::Delete, false, vec![id(FIRST_CHARACTER)]);
    assert_eq!(deleted, Verdict::Counts);
}

#[test]
fn what_documents_do_not_hold_is_refused() {
    let mark = MarkData { name: "bold".into(), value: ScalarValue::Boolean(true), expand: false };
    let actions = [
        OpType::Increment(1),
        OpType::Put(ScalarValue::counter(1)),
        OpType::Put(ScalarValue::F64(f64::INFINITY)),
        OpType::Put(ScalarValue::Unknown { type_code: 12, bytes: vec![] }),
        OpType::Make(ObjType::Table),
    ];
    for action in actions {
        assert_eq!(in_root("title", action, vec![id(TITLE)]), refused(Reason::Unsupported));
    }
    for action in [OpType::MarkBegin(mark), OpType::MarkEnd(false), OpType::Make(ObjType::Map)] {
        let verdict = in_text(ElementId::Head, action, true, vec![]);
        assert_eq!(verdict, refused(Reason::Unsupported));
    }
    for text in ["", "ab"] {
        let verdict = in_text(ElementId::Head, put(text), true, vec![]);
        assert_eq!(verdict, refused(Reason::Unsupported));
    }
}

#[test]
fn objects_stand_within_each_other_only_so_deep() {
    let nested = |depth: u8| {
        verdict_on(|change| {
            let mut object = ObjectId::Root;
            for _ in 0..depth {
                let made = change.start_op.get() + change.operations.len() as u64;
                let make = OpType::Make(ObjType::Map);
                change.operations.push(op(object, Key::Map("in".into()), make, false, vec![]));
                object = ObjectId::Id(id(made));
            }
        })
    };
    assert_eq!(nested(limits::DEPTH), Verdict::Counts);
    assert_eq!(nested(limits::DEPTH + 1), refused(Reason::TooLarge));
}

#[test]
fn of_two_changes_in_one_place_the_one_said_first_counts() {
    let mut writer = Writer::new(1);
    let first = writer.post(found);
    let mut other = writer.clone();
    let one = writer.post(|tx| tx.put(ROOT, "said", "one"));
    let upon_one = writer.post(|tx| tx.put(ROOT, "said", "more"));
    other.position = 9;
    let two = other.post(|tx| tx.put(ROOT, "said", "two"));
    let upon_two = other.post(|tx| tx.put(ROOT, "said", "else"));

    let judged = judge_all(&[upon_two, two, one, first, upon_one]);

    let expected = [
        refused(Reason::LeftOut),
        refused(Reason::Repeated),
        Verdict::Counts,
        Verdict::Counts,
        Verdict::Counts,
    ];
    assert_eq!(judged.verdicts, expected);
}

#[test]
fn the_same_change_in_two_entries_counts_once() {
    let post = Writer::new(1).post(found);
    let again = Post { position: 5, ..post.clone() };
    let stolen = Post { author: [2; 32], ..post.clone() };
    let judged = judge_all(&[again, post, stolen]);
    let expected = [refused(Reason::Repeated), Verdict::Counts, refused(Reason::ForeignActor)];
    assert_eq!(judged.verdicts, expected);
}

#[test]
fn a_change_waits_for_what_it_was_made_upon() {
    let mut writer = Writer::new(1);
    let first = writer.post(found);
    let second = writer.post(|tx| tx.put(ROOT, "said", 2));
    let third = writer.post(|tx| tx.put(ROOT, "said", 3));
    let judged = judge_all(&[third.clone(), first.clone()]);
    assert_eq!(judged.verdicts, [Verdict::Waiting, Verdict::Counts]);
    let mut loaded = judged.document.expect("the first");
    assert!(loaded.extend(&DOCUMENT, &[third.candidate()]).is_none());
    let verdicts = loaded.extend(&DOCUMENT, &[third.candidate(), second.candidate()]);
    assert_eq!(verdicts, Some(vec![Verdict::Counts; 2]));
    assert_eq!(loaded.document().get_heads(), writer.loaded.document().get_heads());
}

/// Found by the campaign (seed 5): walking back over somebody's chain skipped what its middle was
/// made upon, so that an ancestor's list was not known.
#[test]
fn an_edit_upon_the_end_of_anothers_chain_knows_all_its_ancestors() {
    let mut founder = Writer::new(1);
    let mut posts = vec![founder.post(found)];
    let mut chain = Writer::new(2);
    chain.learn(&posts);
    posts.push(chain.post(|tx| tx.put(ROOT, "said", 1)));
    posts.push(chain.post(|tx| tx.put(ROOT, "said", 2)));
    let mut siblings = [Writer::new(3), Writer::new(4)];
    for sibling in &mut siblings {
        sibling.learn(&posts);
    }
    let text = |loaded: &Loaded| loaded.document().get(ROOT, "text").ok().flatten().expect("it").1;
    for sibling in &mut siblings {
        let text = text(&sibling.loaded);
        posts.push(sibling.post(|tx| tx.splice_text(&text, 3, 1, "x")));
    }
    assert!(all_count(&judge_all(&posts).verdicts));
}

#[test]
fn two_who_begin_beside_each_other_upon_the_first_change_share_its_text() {
    let mut loaded = Loaded::empty();
    let nobody = ActorId::from([0u8; 16]);
    let edited = loaded.edit(&nobody, |tx| tx.put_object(ROOT, "text", ObjType::Text));
    let bytes = edited.expect("an honest edit").change.expect("a change");
    let text = loaded.document().get(ROOT, "text").ok().flatten().expect("the text").1;
    let first = First::new(&bytes).expect("a sound first change");
    let [mut one, mut two] =
        [1, 2].map(|number| Writer { loaded: loaded.clone(), ..Writer::new(number) });
    let posts = [
        one.post(|tx| tx.splice_text(&text, 0, 0, "one")),
        two.post(|tx| tx.splice_text(&text, 0, 0, "two")),
    ];
    let candidates: Vec<_> = posts.iter().map(Post::candidate).collect();

    let judged = judge(&DOCUMENT, Some(&first), &candidates);
    let empty = judge(&DOCUMENT, Some(&first), &[]);

    assert!(all_count(&judged.verdicts));
    let document = judged.document.expect("a document");
    assert_eq!(document.document().text(&text).map(|text| text.len()).ok(), Some(6));
    let empty = empty.document.expect("the first change alone");
    assert_eq!(empty.document().get_heads(), loaded.document().get_heads());
    assert_eq!(judge_all(&posts).verdicts, [Verdict::Waiting; 2]);
    assert_eq!(First::new(b"no change").err(), Some(Reason::Malformed));
}

/// What a first change is made of never changes, or two devices would begin with different ones.
#[test]
fn a_first_change_stays_as_it_is() {
    let edited = Loaded::empty()
        .edit(&ActorId::from([0u8; 16]), |tx| tx.put_object(ROOT, "text", ObjType::Text));
    let bytes = edited.expect("an honest edit").change.expect("a change");
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "856f4a83d7776c7c012f00100000000000000000000000000000000001010000000515063401420256027002\
         7f0474657874017f047f007f00"
    );
}

#[test]
fn an_edit_that_others_would_refuse_is_not_made() {
    let mut loaded = Loaded::empty();
    let before = loaded.document().get_heads();
    let long = "x".repeat(limits::CHANGE_BYTES);
    let too_long = loaded.edit(&founder(), |tx| tx.put(ROOT, "text", &long));
    assert!(matches!(too_long, Err(EditError::Refused(Reason::TooLarge))));
    let counted = loaded.edit(&founder(), |tx| tx.put(ROOT, "n", ScalarValue::counter(1)));
    assert!(matches!(counted, Err(EditError::Refused(Reason::Unsupported))));
    let failed = loaded.edit(&founder(), |tx| {
        tx.put(ROOT, "half", 1)?;
        Err::<(), _>(AutomergeError::Fail)
    });
    assert!(matches!(failed, Err(EditError::Edit(AutomergeError::Fail))));
    assert_eq!(loaded.document().get_heads(), before);
    assert_eq!(loaded.document().length(ROOT), 0);
    let nothing = loaded.edit(&founder(), |_| Ok::<_, AutomergeError>(()));
    assert!(nothing.expect("an edit of nothing").change.is_none());
}

#[test]
fn a_pasted_text_of_a_hundred_thousand_characters_fits_into_one_change() {
    let mut writer = Writer::new(1);
    let post = writer.post(|tx| {
        let text = tx.put_object(ROOT, "text", ObjType::Text)?;
        tx.splice_text(&text, 0, 0, &"Grüße, liebe ".repeat(7_700))
    });
    assert!(all_count(&judge_all(&[post]).verdicts));
}

#[test]
fn a_document_fills_up_and_can_still_be_edited_a_little() {
    let mut writer = Writer::new(1);
    writer.post(found);
    let text = writer.loaded.document().get(ROOT, "text").ok().flatten().expect("it").1;
    let page = "x".repeat(120_000);
    for _ in 0..limits::DOCUMENT_OPS / 120_000 {
        writer.post(|tx| tx.splice_text(&text, 0, 0, &page));
    }
    let one_more = writer.loaded.edit(&writer.actor(), |tx| tx.splice_text(&text, 0, 0, &page));
    assert!(matches!(one_more, Err(EditError::Refused(Reason::DocumentFull))));
    writer.post(|tx| tx.splice_text(&text, 0, 0, "see the next page"));
}

#[test]
fn a_damaged_cache_does_not_open() {
    crate::silence_caught_panics();
    let mut writer = Writer::new(1);
    writer.post(found);
    let saved = writer.loaded.save().to_vec();
    assert!(Loaded::open(&saved).is_ok());
    for at in 0..saved.len() {
        let mut damaged = saved.clone();
        damaged[at] ^= 0x10;
        assert!(Loaded::open(&damaged).is_err(), "byte {at}");
        assert!(at == 0 || Loaded::open(&saved[..at]).is_err(), "cut at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn all_that_is_honest_counts_in_any_order(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let mut posts = honest_world(&mut rng, 4, 25);
        let inspected = |post: &Post| inspect(&post.bytes, &post.author, &DOCUMENT).is_ok();
        prop_assert!(posts.iter().all(inspected));
        let expected = judge_all(&posts);
        prop_assert!(all_count(&expected.verdicts));
        rng.shuffle(&mut posts);
        let shuffled = judge_all(&posts);
        prop_assert!(all_count(&shuffled.verdicts));
        let heads = |judged: Option<Loaded>| judged.map(|loaded| loaded.document().get_heads());
        prop_assert_eq!(heads(shuffled.document), heads(expected.document));
    }

    #[test]
    fn any_bytes_are_inspected(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(inspect(&bytes, &[1; 32], &DOCUMENT).is_err());
    }
}
