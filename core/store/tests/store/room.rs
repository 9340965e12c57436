//! Room for what others said: what goes when there is too little, held against an oracle that knows no SQL.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use teilgeber_entry::content::Body;
use teilgeber_entry::{
    AuthorId, AuthorKey, Binding, Content, DocumentId, Draft, EntryId, Kind, Origin, Parcel,
    PersonKey, SpaceId, SpaceKey, Statement, batch,
};
use teilgeber_model::{
    Card, Contact, Id, Line, Millis, Minutes, Placement, Published as _, Session,
};
use teilgeber_store::nouns::{self, contact, placement, session};
use teilgeber_store::{Bounds, Keys, NewSpace, Packing, Role};

use crate::order::{cases, shuffled};
use crate::photos::{packed, picture, said, wanted};
use crate::world::{EventKey, Phone, START, founded, identity, own_space};

const ALL: Bounds = Bounds { for_others: u64::MAX, event: u64::MAX, carried_since: 0 };
const DAY: u64 = 24 * 60 * 60 * 1_000;

/// What somebody does.
#[derive(Debug, Clone)]
enum Step {
    /// A session, so many characters long.
    Session(usize),
    /// A picture of so many bytes.
    Picture(usize),
    /// A session that two place on the board: whoever pitched it, and this device's person.
    Together,
    /// The session pitched last is erased by its author.
    Erase,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (10_usize..180).prop_map(Step::Session),
        3 => (1_000_usize..20_000).prop_map(Step::Picture),
        1 => Just(Step::Together),
        1 => Just(Step::Erase),
    ]
}

/// What the oracle knows of a payload.
#[derive(Debug, Clone)]
struct Thing {
    id: EntryId,
    space: usize,
    author: AuthorId,
    kind: Kind,
    document: DocumentId,
    time: u64,
    bytes: u64,
}

/// This device's person, in one event and carrying two; and others in all of them.
struct World {
    me: Phone,
    spaces: Vec<EventKey>,
    /// In each space: an organiser, a contact of mine, two whom I do not know.
    others: Vec<Vec<Phone>>,
    /// By space and person: the session pitched last.
    pitched: BTreeMap<(usize, usize), DocumentId>,
    /// Documents, each with the statement that erases it.
    erased: BTreeMap<DocumentId, EntryId>,
}

impl World {
    fn new() -> Self {
        let (event, founder) = founded(1);
        let mut me = Phone::new(9, &event);
        let mut spaces = vec![event];
        let mut others = vec![vec![founder]];
        for key in [201, 202] {
            let mut event = EventKey { key: SpaceKey::from_bytes([key; 32]), founder: None };
            let mut founder = Phone::bare(key).with_identity(key - 150);
            let space = event.key.clone();
            event.founder = Some(founder.write(|edit| edit.found_event(space)));
            me.write(|edit| {
                let keys = Keys::Courier(event.id(), event.key.carry_key());
                let founder = event.founder;
                edit.hold_space(&NewSpace { role: Role::Carried, keys, founder, owner: None })
            });
            spaces.push(event);
            others.push(vec![founder]);
        }
        for (space, event) in spaces.iter().enumerate() {
            for number in [2, 3, 4] {
                others[space].push(Phone::new(number, event));
            }
        }
        know(&mut me, 2);
        Self { me, spaces, others, pitched: BTreeMap::new(), erased: BTreeMap::new() }
    }

    fn act(&mut self, space: usize, who: usize, time: u64, step: &Step) {
        let id = self.spaces[space].id();
        let phone = if who == 4 { &mut self.me } else { &mut self.others[space][who] };
        match step {
            Step::Session(length) => {
                let session = pitch(phone, &id, time, *length);
                self.pitched.insert((space, who), session);
            }
            Step::Picture(bytes) => {
                let picture = picture((time % 251) as u8, *bytes);
                phone.write(|edit| {
                    edit.set_now(time);
                    edit.attach(&id, &said(&picture, DocumentId::NONE), &picture)
                });
            }
            Step::Together => {
                let session = pitch(phone, &id, time, 20);
                place(phone, &id, &session, time, 1);
                if space == 0 && who != 4 {
                    place(&mut self.me, &id, &session, time, 2);
                }
            }
            Step::Erase => {
                if let Some(session) = self.pitched.remove(&(space, who)) {
                    let said = phone.say(&id, Statement::Erase(session));
                    self.erased.insert(session, said);
                }
            }
        }
    }

    /// Sealed, one by one, by space.
    fn entries(&self) -> Vec<(SpaceId, Vec<u8>)> {
        let mut entries = Vec::new();
        for (event, phones) in self.spaces.iter().zip(&self.others) {
            for phone in phones {
                entries.extend(phone.entries(&event.id()).into_iter().map(|one| (event.id(), one)));
            }
        }
        entries
    }

    /// The documents that are erased, as far as the statements that say so are among these entries.
    fn erased(&self, here: &BTreeSet<EntryId>) -> BTreeSet<DocumentId> {
        let heard = self.erased.iter().filter(|(_, said)| here.contains(said));
        heard.map(|(document, _)| *document).collect()
    }

    /// Everything that this device knows in line, what is erased too.
    fn things(&self) -> Vec<Thing> {
        let mut things = Vec::new();
        for (space, event) in self.spaces.iter().enumerate() {
            for one in self.me.entries(&event.id()) {
                for parcel in batch::decode(&one, &event.id(), None).unwrap() {
                    let header = parcel.envelope.header();
                    things.push(Thing {
                        id: parcel.envelope.id(),
                        space,
                        author: header.author,
                        kind: header.kind,
                        document: header.document,
                        time: header.time,
                        bytes: header.payload_len.into(),
                    });
                }
            }
        }
        things
    }

    /// What is here or wanted, and what is here.
    fn held(&self) -> (BTreeSet<EntryId>, BTreeSet<EntryId>) {
        let (mut expected, mut here) = (BTreeSet::new(), BTreeSet::new());
        for event in &self.spaces {
            let ids: Vec<EntryId> = self.ids(&event.id());
            for (id, batch) in
                ids.iter().zip(packed(&self.me, &event.id(), &ids, Packing::Payloads))
            {
                if !batch::decode(&batch, &event.id(), None).unwrap().is_empty() {
                    here.insert(*id);
                }
            }
            expected.extend(wanted(&self.me, &event.id(), 7));
        }
        expected.extend(&here);
        (expected, here)
    }

    fn ids(&self, space: &SpaceId) -> Vec<EntryId> {
        let ids = self.me.store.read(|view| {
            Ok(view.items(&view.space(space)?)?.into_iter().map(|(_, id)| id).collect())
        });
        ids.unwrap()
    }

    fn author(&mut self, space: usize, who: usize) -> AuthorId {
        let id = self.spaces[space].id();
        self.others[space][who].author(&id)
    }
}

fn know(phone: &mut Phone, number: u8) {
    let person = Id::new(*identity(number).person.as_bytes());
    let new = Contact::new(person, Line::new("Bela").unwrap());
    let parent = DocumentId::from_bytes(*identity(number).person.as_bytes());
    let origin = Origin::Attached { parent, generation: 0 };
    phone.write(|edit| {
        edit.change_named(&own_space(9).space(), nouns::CONTACT, origin, |tx| {
            Ok(contact::write(tx, None, &new)?)
        })
    });
}

fn pitch(phone: &mut Phone, space: &SpaceId, time: u64, length: usize) -> DocumentId {
    let new = Session::new(Line::new(&"x".repeat(length)).unwrap());
    phone.write(|edit| {
        edit.set_now(time);
        edit.make_document(space, nouns::SESSION, |tx| Ok(session::write(tx, None, &new)?))
    })
}

fn place(phone: &mut Phone, space: &SpaceId, session: &DocumentId, time: u64, hour: u64) {
    let new = Placement {
        room: Line::new("Attic").unwrap(),
        start: Millis::new(START + hour * 3_600_000).unwrap(),
        minutes: Minutes::new(45).unwrap(),
    };
    let origin = Origin::Attached { parent: *session, generation: 0 };
    phone.write(|edit| {
        edit.set_now(time);
        edit.change_named(space, nouns::PLACEMENT, origin, |tx| {
            Ok(placement::write(tx, Some(&new))?)
        })
    });
}

/// What is to be here or wanted, by the words of the decision alone. What was erased is, as long as the statement
/// that says so is here.
fn oracle(
    world: &mut World,
    here: &BTreeSet<EntryId>,
    order: &[AuthorId],
    now: u64,
    bounds: &Bounds,
) -> BTreeSet<EntryId> {
    let mut erased = world.erased(here);
    loop {
        let mut things = world.things();
        things.retain(|thing| !erased.contains(&thing.document));
        let kept = decided(world, &things, order, now, bounds);
        let stays = world.erased(&here.intersection(&kept).copied().collect());
        if stays == erased {
            return kept;
        }
        erased = stays;
    }
}

fn decided(
    world: &mut World,
    things: &[Thing],
    order: &[AuthorId],
    now: u64,
    bounds: &Bounds,
) -> BTreeSet<EntryId> {
    let event = world.spaces[0].id();
    let mine = world.me.author(&event);
    let known: Vec<AuthorId> = vec![world.author(0, 0), world.author(0, 1)];
    let takes_part = |thing: &&Thing| thing.kind != Kind::Letter && thing.bytes > 0;

    // An event's bound.
    let mut by_author: BTreeMap<AuthorId, u64> = BTreeMap::new();
    for thing in things.iter().filter(takes_part).filter(|it| it.space == 0 && it.author != mine) {
        *by_author.entry(thing.author).or_default() += thing.bytes;
    }
    let mut sum: u64 = known.iter().filter_map(|author| by_author.get(author)).sum();
    let mut out = BTreeSet::new();
    for author in order.iter().filter(|author| !known.contains(author)) {
        let Some(bytes) = by_author.get(author) else { continue };
        sum += bytes;
        if sum > bounds.event || !out.is_empty() {
            out.insert(*author);
        }
    }

    // What stays whatever the budget says.
    let with_mine: BTreeSet<DocumentId> =
        things.iter().filter(|it| it.author == mine).map(|it| it.document).collect();
    let founder = things.iter().filter(|it| it.space == 0 && it.author == known[0]);
    let camp = founder.min_by_key(|it| it.time).map(|it| it.document);
    let mut kept = BTreeSet::new();
    let mut weighed: Vec<&Thing> = Vec::new();
    for thing in things {
        let (is_there, is_statement) = (thing.space == 0, thing.kind == Kind::Statement);
        let is_own = is_there && (thing.author == mine || Some(thing.document) == camp);
        let is_out = is_there && !is_own && out.contains(&thing.author);
        let stays = is_there && (is_statement || with_mine.contains(&thing.document));
        if thing.bytes == 0 || is_out {
            continue;
        } else if is_own || stays {
            kept.insert(thing.id);
        } else if is_there || is_statement || thing.time >= bounds.carried_since {
            weighed.push(thing);
        }
    }

    // The budget: the worst goes first, until the rest fits.
    weighed.sort_by_key(|it| {
        let is_chunk = it.kind == Kind::Chunk;
        let is_from_the_future = it.time > now + DAY;
        let is_none = it.kind != Kind::Statement;
        (it.space != 0, is_none, is_chunk, is_from_the_future, std::cmp::Reverse(it.time), it.id)
    });
    while weighed.iter().map(|it| it.bytes).sum::<u64>() > bounds.for_others {
        weighed.pop();
    }
    kept.extend(weighed.iter().map(|it| it.id));
    kept
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases() / 2))]

    #[test]
    fn what_goes_is_the_oldest_and_farthest_and_never_ones_own(
        steps in prop::collection::vec((0_usize..3, 0_usize..5, 1_u64..40, step()), 1..40),
        order in any::<u64>(),
        bounds in prop::collection::vec((0_u64..60_000, 0_u64..60_000, 0_u64..30), 1..5),
    ) {
        let mut world = World::new();
        for (space, who, days, step) in &steps {
            // Nobody but this device's person is their fifth, and that in the event alone.
            let who = if *space == 0 { *who } else { *who % 4 };
            world.act(*space, who, START + days * DAY, step);
        }
        let entries = world.entries();
        let sealed: Vec<Vec<u8>> = entries.iter().map(|(_, sealed)| sealed.clone()).collect();
        // In the event: in the order in which this device hears of them.
        let mut first: Vec<AuthorId> = Vec::new();
        let now = START + 20 * DAY;

        let shuffled = shuffled(&sealed, order);
        let parts = shuffled.chunks(shuffled.len().div_ceil(bounds.len()).max(1));
        for (part, (for_others, event, days)) in parts.zip(&bounds) {
            for sealed in part {
                let (space, _) = entries.iter().find(|(_, other)| other == sealed).unwrap();
                world.me.take(space, std::slice::from_ref(sealed));
                if *space == world.spaces[0].id() {
                    let here = authors(&world.me, space);
                    first.extend(here.into_iter().filter(|author| !first.contains(author)).collect::<Vec<_>>());
                }
            }
            let bounds = Bounds {
                for_others: *for_others,
                event: *event,
                carried_since: START + days * DAY,
            };
            let (_, before) = world.held();
            let expected = oracle(&mut world, &before, &first, now, &bounds);
            world.me.store.make_room(now, &bounds).unwrap();

            let (held, here) = world.held();
            let mut things = world.things();
            let erased = world.erased(&here);
            things.retain(|thing| !erased.contains(&thing.document));
            prop_assert_eq!(&held, &expected);
            let mine = world.me.author(&world.spaces[0].id());
            for thing in things.iter().filter(|it| it.space == 0 && it.author == mine) {
                prop_assert!(here.contains(&thing.id), "one's own is here");
            }
            world.weigh(&things, &held, &here)?;
            prop_assert_eq!(world.me.rebuild(), Vec::<String>::new());
            let again = world.me.store.make_room(now, &bounds).unwrap();
            prop_assert!(again.is_empty(), "what is decided once stays so");
        }

        world.me.store.make_room(now, &ALL).unwrap();
        let (held, here) = world.held();
        let (erased, mut things) = (world.erased(&here), world.things());
        things.retain(|it| it.bytes > 0 && !erased.contains(&it.document));
        let all: BTreeSet<EntryId> = things.iter().map(|it| it.id).collect();
        prop_assert_eq!(held, all, "all is wanted again once there is room");
        let full = Phone::bare(77);
        let mut full = full.with_identity(77).in_event(&world.spaces[0]);
        for phone in &world.others[0] {
            full.take_all(&world.spaces[0].id(), phone);
        }
        full.take_all(&world.spaces[0].id(), &world.me);
        for sealed in &shuffled {
            let (space, _) = entries.iter().find(|(_, other)| other == sealed).unwrap();
            world.me.take(space, std::slice::from_ref(sealed));
        }
        let event = world.spaces[0].id();
        prop_assert_eq!(world.me.state(&event), full.state(&event), "and then nothing lacks");
    }
}

impl World {
    /// The kept sums are those of what is here, wanted and let go.
    fn weigh(
        &self,
        things: &[Thing],
        held: &BTreeSet<EntryId>,
        here: &BTreeSet<EntryId>,
    ) -> Result<(), TestCaseError> {
        let weights = self.me.store.read(|view| view.weights()).unwrap();
        for (space, event) in self.spaces.iter().enumerate() {
            let (.., weight) = weights.iter().find(|(id, ..)| *id == event.id()).unwrap();
            let sum = |which: &dyn Fn(&Thing) -> bool| -> u64 {
                things.iter().filter(|it| it.space == space && which(it)).map(|it| it.bytes).sum()
            };
            prop_assert_eq!(weight.here, sum(&|it| here.contains(&it.id)));
            let wanted = sum(&|it| held.contains(&it.id) && !here.contains(&it.id));
            prop_assert_eq!(weight.wanted, wanted);
            prop_assert_eq!(weight.let_go, sum(&|it| !held.contains(&it.id)));
        }
        Ok(())
    }
}

/// Who has an entry in line here.
fn authors(phone: &Phone, space: &SpaceId) -> BTreeSet<AuthorId> {
    let entries = phone.entries(space);
    let parcels = entries.iter().flat_map(|one| batch::decode(one, space, None).unwrap());
    parcels.map(|parcel| parcel.envelope.header().author).collect()
}

#[test]
fn thousands_of_authors_whom_nobody_knows_do_not_fill_an_event() {
    const AUTHORS: u64 = 3_000;
    let bounds = Bounds { event: 100_000, ..ALL };
    let (event, mut founder) = founded(1);
    let space = event.id();
    let (mut me, mut known, mut early) =
        (Phone::new(9, &event), Phone::new(2, &event), Phone::new(3, &event));
    know(&mut me, 2);
    founder.pitch(&space, "The organiser's");
    early.pitch(&space, "Of whom was here");
    me.take_all(&space, &founder);
    me.take_all(&space, &early);
    me.pitch(&space, "My own");
    known.pitch(&space, "My contact's");

    for number in (0..AUTHORS).step_by(500) {
        let flood: Vec<_> = (number..number + 500).map(|author| flooder(&event, author)).collect();
        let (batch, count) = batch::encode(&flood, None, usize::MAX);
        assert_eq!(count, flood.len());
        me.take(&space, &[batch]);
        me.store.make_room(START, &bounds).unwrap();
    }
    me.take_all(&space, &known);
    me.store.make_room(START, &bounds).unwrap();

    let titles = me.titles(&space);
    for title in ["The organiser's", "Of whom was here", "My own", "My contact's"] {
        assert!(titles.iter().any(|it| it == title), "{title}");
    }
    let usage = me.store.read(|view| view.usage()).unwrap();
    let (_, usage) = usage.spaces.iter().find(|(held, _)| held.id == space).unwrap();
    assert!(usage.entries > AUTHORS, "no envelope is let go of: {usage:?}");
    let kept_out = me.store.read(|view| view.kept_out(&space)).unwrap();
    assert!((2_000..AUTHORS).contains(&kept_out), "{kept_out}");
    let weights = me.store.read(|view| view.weights()).unwrap();
    let (.., weight) = weights.iter().find(|(id, ..)| *id == space).unwrap();
    assert!(weight.here > 50_000 && weight.expected() < 110_000, "{weight:?}");
    assert_eq!(me.rebuild(), Vec::<String>::new());

    let lacking = |author: AuthorId| {
        me.store.read(|view| view.lacking(&view.space(&space)?, Some(&author))).unwrap()
    };
    let told = lacking(known.author(&space));
    assert_eq!((told.words, told.of_others), (0, true), "what a contact said is here");
    let told = lacking(flooder_key(AUTHORS - 1).id());
    assert_eq!(
        (told.words, told.of_others),
        (1 << 48, true),
        "and nothing is claimed of the flood"
    );
}

fn flooder_key(number: u64) -> AuthorKey {
    AuthorKey::from_bytes(*blake3::hash(&number.to_be_bytes()).as_bytes())
}

/// The card of somebody with a key of their own, and a person of their own.
fn flooder(event: &EventKey, number: u64) -> Parcel {
    let author = flooder_key(number);
    let person = PersonKey::from_bytes(*blake3::hash(author.id().as_bytes()).as_bytes());
    let binding = Binding::direct(&person, &event.id(), &author.id());
    let who = binding.person();
    let binding = binding.seal(&event.key, &author.id());
    let card = Card::default().with_name(Some(Line::new(&"x".repeat(60)).unwrap())).encode();
    let origin = Origin::Singleton { generation: 0 };
    let body = Body::Put { supersedes: Vec::new(), value: card };
    let content = Content { noun: nouns::CARD, origin, body };
    let id = origin.document(&event.key, nouns::CARD, &author.id(), 1, Some(&who)).unwrap();
    let draft = Draft { document: id, seq: 1, prev: [0; 32], time: START + number, binding };
    draft.sign(&event.key, &author, &content, &[1; 16]).unwrap()
}
