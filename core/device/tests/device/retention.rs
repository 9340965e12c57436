//! An event fades from a device once its time is over, and what its person wrote stays.

use teilgeber_device::model::*;
use teilgeber_device::{BundleOf, Error, Held, MetAt, NewPost, NoteFilter, Splice, Stay, TextUnit};

use crate::support::*;

const DAY: u64 = 24 * 60 * 60 * 1000;

/// On what day a camp fades that is held for thirty days.
const DUE: &str = "2026-12-23";

/// What only Ada wrote. The title of her session is not among it, over which words are put aside.
const OF_OTHERS: &[&str] = &["adas-post", "adas-pad", "adas-abstract", "Adasname"];

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn by(rule: Retention) -> Event {
    camp().with_rules(Rules { retention: rule, ..Rules::default() })
}

fn insert(phone: &Phone, session: Id, words: &str) {
    let splice = Splice { at: 0, delete: 0, insert: words.to_owned() };
    phone.device.splice_pad(session, TextUnit::Scalars, &[splice]).unwrap();
}

fn say(phone: &Phone, event: Id, words: &str) -> Id {
    phone.device.write_post(event, &NewPost::new(PostText::new(words).unwrap())).unwrap()
}

/// Ada's camp, in which Bela takes part: both wrote in it, and each has all of it.
struct Story {
    ada: Phone,
    bela: Phone,
    camp: Id,
    talk: Id,
    own: Id,
}

impl Story {
    async fn begin(rule: Retention) -> Self {
        let (ada, bela) = (Phone::of("Ada"), Phone::of("Bela"));
        ada.device.set_profile(&profile("Ada Adasname", Audience::Event)).unwrap();
        bela.device.set_profile(&profile("Bela", Audience::Event)).unwrap();
        let camp = ada.device.create_event(&by(rule)).unwrap();
        bela.device.join(&ada.device.join_code(camp, &[]).unwrap()).unwrap();
        ada.device.appear_in(camp, true).unwrap();
        bela.device.appear_in(camp, true).unwrap();
        let talk = Session::new(line("adas-session"))
            .with_abstract(Abstract::new("adas-abstract").unwrap());
        let talk = ada.device.pitch_session(camp, &talk).unwrap();
        let own = bela.device.pitch_session(camp, &Session::new(line("belas-session"))).unwrap();
        say(&ada, camp, "adas-post");
        say(&bela, camp, "belas-post");
        bela.sync(&ada).await;
        insert(&ada, talk, "adas-pad\n");
        insert(&bela, talk, "belas-pad\n");
        let story = Self { ada, bela, camp, talk, own };
        story.meet().await;
        story
    }

    async fn meet(&self) {
        self.bela.sync(&self.ada).await;
        assert_eq!(self.digests(&self.bela), self.digests(&self.ada));
    }

    fn digests(&self, phone: &Phone) -> std::collections::BTreeMap<String, [u8; 32]> {
        phone.device.digests(self.camp).unwrap()
    }

    /// Bela opens the app now and then, until the camp fades there.
    fn belas_fades(&self) {
        for days in [20, 6, 5] {
            self.bela.clock.pass(days * DAY);
            assert_eq!(self.bela.device.fade().unwrap(), []);
        }
        self.bela.clock.pass(DAY);
        assert_eq!(self.bela.device.fade().unwrap(), [self.camp]);
    }

    fn held(&self, phone: &Phone) -> Held {
        phone.device.event(self.camp).unwrap().held
    }

    fn notes(&self, phone: &Phone) -> Vec<String> {
        let filter = NoteFilter { event: Some(self.camp), ..NoteFilter::default() };
        let notes = phone.device.notes(&filter, None, 99).unwrap();
        notes.iter().map(|note| phone.device.note_text(note.id).unwrap()).collect()
    }
}

fn finds(phone: &Phone, words: &str) -> usize {
    phone.device.search(words, 99).unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_comes_before_an_event_fades_and_only_then_does_it() {
    let story = Story::begin(Retention::Days(30)).await;
    assert_eq!(story.held(&story.bela), Held::Until(day(DUE)));

    story.belas_fades();

    assert_eq!(story.held(&story.bela), Held::Faded(day(DUE)));
    assert_eq!(story.held(&story.ada), Held::Until(day(DUE)), "each device by its own clock");
    let warned = Story::begin(Retention::Days(30)).await;
    warned.bela.clock.pass(20 * DAY);
    warned.bela.device.tidy().unwrap();
    assert_eq!(warned.held(&warned.bela), Held::FadesOn(day(DUE)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_wrote_is_in_no_byte_and_what_one_wrote_oneself_stays() {
    let story = Story::begin(Retention::Days(30)).await;
    let (ada, bela) = (&story.ada, &story.bela);
    bela.device.create_note(&note("my own note").with_session(Some(story.talk))).unwrap();
    bela.device.tidy().unwrap();
    for words in OF_OTHERS {
        assert!(contains(&everything_in(bela.home.path()), words), "{words}");
    }

    story.belas_fades();

    let bytes = everything_in(bela.home.path());
    for words in OF_OTHERS {
        assert!(!contains(&bytes, words), "{words}");
    }
    let titles: Vec<_> = bela.device.sessions(story.camp).unwrap();
    assert_eq!(titles.iter().map(|one| one.id).collect::<Vec<_>>(), [story.own]);
    assert_eq!((finds(bela, "belas-post"), finds(bela, "adas-post")), (1, 0));
    let aside = "# Pad: adas-session (Barcamp Mill)\n\nbelas-pad";
    let mut notes = story.notes(bela);
    notes.sort();
    assert_eq!(notes, [aside]);
    assert_eq!(finds(bela, "my own note"), 1);
    assert_eq!(bela.device.rebuild().unwrap().different, [""; 0]);
    assert_eq!(ada.device.sessions(story.camp).unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_wrote_of_a_session_that_others_changed_is_put_aside() {
    let story = Story::begin(Retention::Days(30)).await;
    let bela = &story.bela;
    let text = Abstract::new("belas-abstract").unwrap();
    let mine = Session::new(line("belas-session")).with_abstract(text);
    bela.device.edit_session(story.own, &mine).unwrap();
    story.meet().await;
    let other = Session::new(line("adas-title")).with_abstract(mine.abstract_text().clone());
    story.ada.device.edit_session(story.own, &other).unwrap();
    story.meet().await;

    story.belas_fades();

    assert!(bela.device.sessions(story.camp).unwrap().is_empty());
    let mut notes = story.notes(bela);
    notes.sort();
    let session = "# Session: adas-title (Barcamp Mill)\n\nbelas-abstract";
    assert_eq!(notes, ["# Pad: adas-session (Barcamp Mill)\n\nbelas-pad", session]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_has_faded_passes_over_no_link_and_nothing_says_that_it_was_here() {
    let story = Story::begin(Retention::Days(30)).await;
    story.belas_fades();
    say(&story.ada, story.camp, "adas-later-post");

    let refused = story.bela.try_sync(&story.ada).await;
    let called = story.ada.try_sync(&story.bela).await;

    assert!(matches!(refused, Err(Error::NothingInCommon)), "{refused:?}");
    assert!(matches!(called, Err(Error::NothingInCommon)), "{called:?}");
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    story.bela.device.write_bundle(BundleOf::Everything, &mut mine).unwrap();
    let read = story.ada.device.read_bundle(&mine[..]).unwrap();
    assert!(read.spaces.iter().all(|row| row.space != story.camp), "{read:?}");
    let refused = story.bela.device.write_bundle(BundleOf::Event(story.camp), Vec::new());
    assert!(matches!(refused, Err(Error::Faded)), "{:?}", refused.err());
    story.ada.device.write_bundle(BundleOf::Event(story.camp), &mut theirs).unwrap();
    story.bela.device.read_bundle(&theirs[..]).unwrap();
    assert_eq!(finds(&story.bela, "adas-later-post"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_stays_open_while_an_event_fades_brings_nothing_more_of_it() {
    let story = Story::begin(Retention::Days(30)).await;
    let server = story.ada.serve().await;
    let staying = {
        let (device, address) = (story.bela.device.clone(), server.local_addr());
        tokio::spawn(async move { device.sync_telling(address, Stay::UntilClosed, |_| {}).await })
    };
    say(&story.ada, story.camp, "adas-second-post");
    while finds(&story.bela, "adas-second-post") == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    story.belas_fades();

    let said = say(&story.ada, story.camp, "adas-later-post");
    drop(server);
    let _ended = staying.await.unwrap();

    assert!(matches!(story.bela.device.post(said), Err(Error::NotHere(_))));
    assert!(!contains(&everything_in(story.bela.home.path()), "adas-second-post"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_keeps_an_event_has_all_of_it_and_gets_back_what_had_faded() {
    let story = Story::begin(Retention::Days(30)).await;
    story.belas_fades();

    story.bela.device.keep_event(story.camp, true).unwrap();

    assert_eq!(story.held(&story.bela), Held::Kept);
    assert_eq!(story.bela.device.rebuild().unwrap().different, [""; 0]);
    story.meet().await;
    assert_eq!(finds(&story.bela, "adas-post"), 1);
    insert(&story.bela, story.talk, "and more\n");
    story.meet().await;
    assert!(story.ada.device.pad_text(story.talk).unwrap().contains("and more"));
    story.bela.clock.pass(900 * DAY);
    assert_eq!(story.bela.device.fade().unwrap(), []);
    story.bela.device.keep_event(story.camp, false).unwrap();
    let Held::FadesOn(later) = story.held(&story.bela) else { panic!("the warning begins again") };
    assert!(later > day(DUE));
    assert_eq!(story.bela.device.fade().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_an_event_again_that_has_faded_has_it_back() {
    let story = Story::begin(Retention::Days(30)).await;
    story.belas_fades();

    story.bela.device.join(&story.ada.device.join_code(story.camp, &[]).unwrap()).unwrap();

    story.meet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_in_an_event_that_has_faded_but_ones_own_can_be_erased() {
    let story = Story::begin(Retention::Days(30)).await;
    let device = &story.bela.device;
    story.belas_fades();

    let post = device.write_post(story.camp, &NewPost::new(PostText::new("late").unwrap()));
    let pitch = device.pitch_session(story.camp, &Session::new(line("late")));
    let edit = device.edit_session(story.own, &Session::new(line("late")));

    assert!(matches!(post, Err(Error::Faded)), "{post:?}");
    assert!(matches!(pitch, Err(Error::Faded)), "{pitch:?}");
    assert!(matches!(edit, Err(Error::Faded)), "{edit:?}");
    device.withdraw_everything(story.camp).unwrap();
    assert_eq!(finds(&story.bela, "belas-post"), 0);
    device.leave(story.camp).unwrap();
    device.tidy().unwrap();
    assert_eq!(device.rebuild().unwrap().different, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_leaps_lets_nothing_fade() {
    let story = Story::begin(Retention::Days(30)).await;
    let device = &story.bela.device;

    story.bela.clock.pass(3_000 * DAY);
    for _ in 0..5 {
        assert_eq!(device.fade().unwrap(), []);
    }
    story.bela.clock.pass(DAY);
    assert_eq!(device.fade().unwrap(), []);
    assert!(matches!(story.held(&story.bela), Held::FadesOn(_)));
    // Put right again.
    story.bela.clock.pass(0_u64.wrapping_sub(3_001 * DAY));
    assert_eq!(device.fade().unwrap(), []);

    assert_eq!(story.held(&story.bela), Held::Until(day(DUE)));
    story.meet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_rule_holds_and_what_has_faded_stays_faded() {
    let story = Story::begin(Retention::Days(30)).await;
    let (ada, bela) = (&story.ada, &story.bela);
    ada.device.edit_event(story.camp, &by(Retention::Kept)).unwrap();
    story.meet().await;
    assert_eq!(story.held(bela), Held::Kept);
    bela.clock.pass(100 * DAY);
    assert_eq!(bela.device.fade().unwrap(), []);

    ada.device.edit_event(story.camp, &by(Retention::Days(60))).unwrap();
    story.meet().await;
    for days in [1, 4] {
        assert_eq!(bela.device.fade().unwrap(), []);
        bela.clock.pass(days * DAY);
    }
    assert_eq!(bela.device.fade().unwrap(), []);
    bela.clock.pass(4 * DAY);
    assert_eq!(bela.device.fade().unwrap(), [story.camp]);

    ada.device.edit_event(story.camp, &by(Retention::Kept)).unwrap();
    assert!(matches!(story.held(bela), Held::Faded(_)));
    assert_eq!(bela.device.fade().unwrap(), []);
    assert!(matches!(story.held(bela), Held::Faded(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_next_camp_those_whom_one_met_are_known_though_the_first_one_faded() {
    let story = Story::begin(Retention::Days(30)).await;
    let (ada, bela) = (&story.ada, &story.bela);
    let place =
        MetAt { place: Some(line("At the oven")), event: Some(story.camp), ..MetAt::default() };
    let shown = ada.device.show_code(&[], Some(story.camp)).unwrap().text;
    bela.device.scan(&shown, &place).unwrap();
    bela.device.follow(ada.person()).unwrap();
    story.belas_fades();

    let first = day("2027-06-01");
    let days = Days::new(first, first).unwrap();
    let next = ada.device.create_event(&camp().with_days(days)).unwrap();
    ada.device.appear_in(next, true).unwrap();
    bela.device.join(&ada.device.join_code(next, &[]).unwrap()).unwrap();
    bela.sync(ada).await;

    let [met] = &bela.device.met_in(next).unwrap()[..] else { panic!("one") };
    assert_eq!((met.person, met.contact), (ada.person(), true));
    assert_eq!(met.meetings[0].event, Some(story.camp));
    assert_eq!(bela.device.event(story.camp).unwrap().name.as_str(), "Barcamp Mill");
    assert_eq!(bela.device.following().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lent_to_another_event_stays_there_when_the_first_one_fades() {
    let story = Story::begin(Retention::Days(30)).await;
    let bela = &story.bela;
    let other = bela.device.create_event(&by(Retention::Kept)).unwrap();
    bela.device.lend_session(story.talk, other).unwrap();

    story.belas_fades();
    bela.device.tidy().unwrap();

    assert_eq!(bela.device.lent(other).unwrap().len(), 1);
}
