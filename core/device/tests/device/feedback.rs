//! Feedback to the organisers: signed and anonymous, to both readers and to nobody else.

use std::fs;

use teilgeber_device::model::*;
use teilgeber_device::{
    Authorship, Error, GivenFeedback, LetterState, OF_ONE_PERSON_MAX, Reach, Said,
    WAITS_AT_LEAST_MS, WAITS_AT_MOST_MS,
};
use teilgeber_entry::letter::{LetterDraft, SIZES, Signer, TIME_STEP, Topic};
use teilgeber_entry::{AuthorKey, Kind as EntryKind, LetterPublic, Parcel, batch};
use teilgeber_store::{Options, Role, Store};

use crate::support::*;

const WORDS: &str = "The quince tart was missing";

/// A camp of Ada's and Bob's, who read feedback; Cleo and Dan are there.
pub(crate) struct Mill {
    pub(crate) event: Id,
    pub(crate) ada: Phone,
    pub(crate) bob: Phone,
    pub(crate) cleo: Phone,
    pub(crate) dan: Phone,
}

impl Mill {
    pub(crate) async fn new() -> Self {
        let [ada, bob, cleo, dan] = [(); 4].map(|()| Phone::silent());
        let event = ada.device.create_event(&camp()).unwrap();
        let code = ada.device.join_code(event, &[]).unwrap();
        for (phone, name) in [(&ada, "Ada"), (&bob, "Bob"), (&cleo, "Cleo"), (&dan, "Dan")] {
            if name != "Ada" {
                phone.device.join(&code).unwrap();
                phone.sync(&ada).await;
            }
            phone.device.set_profile(&profile(name, Audience::Event)).unwrap();
            phone.device.appear_in(event, true).unwrap();
        }
        let mill = Self { event, ada, bob, cleo, dan };
        mill.all_meet().await;
        mill.ada
            .device
            .set_feedback_readers(event, &[mill.ada.person(), mill.bob.person()])
            .unwrap();
        mill.all_meet().await;
        mill
    }

    /// All know what all know. Whatever leaves unseen takes its own time.
    pub(crate) async fn all_meet(&self) {
        for _ in 0..2 {
            for phone in [&self.bob, &self.cleo, &self.dan] {
                phone.sync(&self.ada).await;
            }
        }
    }

    /// The clock of all goes on.
    pub(crate) fn pass(&self, ms: u64) {
        for phone in [&self.ada, &self.bob, &self.cleo, &self.dan] {
            phone.clock.pass(ms);
        }
    }

    fn ask(&self, text: &str, choices: &[&str]) -> Id {
        let choices = choices.iter().map(|choice| line(choice)).collect();
        let choices = List::new(choices).unwrap();
        self.ada.device.ask_question(self.event, &line(text), &choices).unwrap()
    }

    fn give(&self, phone: &Phone, said: &Feedback, how: Authorship) -> GivenFeedback {
        phone.device.give_feedback(self.event, said, how).unwrap()
    }

    fn heard(&self, phone: &Phone) -> Vec<Said> {
        phone.device.feedback(self.event).unwrap().texts
    }
}

/// Meets until the first of its letters got away, and says how many links that took.
pub(crate) async fn meet_until(phone: &Phone, other: &Phone, is_over: impl Fn() -> bool) -> usize {
    for links in 1..100 {
        phone.sync(other).await;
        if is_over() {
            return links;
        }
    }
    panic!("nothing left in a hundred links");
}

/// The letters of the event in a home, as they lie there.
fn letters_in(home: &Home) -> Vec<Parcel> {
    let store = Store::open(home.path(), &Options::default()).unwrap().0;
    let parcels = store.read(|view| {
        let spaces = view.spaces()?;
        let space = spaces.iter().find(|space| space.role == Role::Event).unwrap();
        let ids: Vec<_> = view.items(space)?.into_iter().map(|(_, id)| id).collect();
        let (bytes, count) = view.pack(space, &ids, false, usize::MAX)?;
        assert_eq!(count, ids.len());
        Ok(batch::decode(&bytes, &space.id, None)?)
    });
    let all = parcels.unwrap().into_iter();
    all.filter(|parcel| parcel.envelope.header().kind == EntryKind::Letter).collect()
}

fn text(words: &str) -> Feedback {
    Feedback { text: Prose::new(words).unwrap(), ..Feedback::default() }
}

fn answers(given: &[(Id, &str)], words: &str) -> Feedback {
    let answer = |(question, text): &(Id, &str)| FeedbackAnswer {
        question: *question,
        text: AnswerText::new(text).unwrap(),
    };
    Feedback { answers: List::new(given.iter().map(answer).collect()).unwrap(), ..text(words) }
}

fn words(said: &[Said]) -> Vec<&str> {
    said.iter().map(|said| said.text.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_feedback_comes_to_both_readers_with_its_name_and_to_nobody_else() {
    let mill = Mill::new().await;
    let again = mill.ask("Again?", &["Yes", "No"]);
    mill.all_meet().await;

    let said = answers(&[(again, "Yes")], WORDS);
    let given = mill.give(&mill.cleo, &said, Authorship::Signed);
    let state = |phone: &Phone| phone.device.letter_state(mill.event, given.letters[0]).unwrap();
    assert!(matches!(state(&mill.cleo), LetterState::Travels(it) if it.devices == 0));
    mill.cleo.sync(&mill.dan).await;
    assert!(matches!(state(&mill.cleo), LetterState::Travels(it) if it.devices == 1));
    mill.dan.sync(&mill.ada).await;
    mill.dan.sync(&mill.bob).await;

    for reader in [&mill.ada, &mill.bob] {
        let read = reader.device.feedback(mill.event).unwrap();
        assert_eq!(words(&read.texts), [WORDS]);
        let by = read.texts[0].by.as_ref().unwrap();
        assert_eq!((by.person, by.name.clone()), (mill.cleo.person(), Some(line("Cleo"))));
        assert_eq!(words(&read.questions[0].answers), ["Yes"]);
        assert!(reader.device.rebuild().unwrap().different.is_empty());
        assert!(reader.device.search("quince", 9).unwrap().is_empty());
    }
    assert_eq!(mill.cleo.device.feedback_form(mill.event).unwrap().given, Some(given));
    assert!(mill.heard(&mill.dan).is_empty());
    mill.dan.device.tidy().unwrap();
    assert!(!contains(&everything_in(mill.dan.home.path()), WORDS));
}

#[tokio::test(flavor = "multi_thread")]
async fn anonymous_feedback_waits_and_leaves_over_links_that_show_nobody() {
    let mill = Mill::new().await;
    let given = mill.give(&mill.cleo, &text(WORDS), Authorship::Anonymous);
    assert_eq!((given.waiting, &given.feedback, given.letters.len()), (2, &None, 0));
    let waiting = || mill.cleo.device.feedback_form(mill.event).unwrap().given.unwrap().waiting;

    // Before its time no link carries it, and Cleo is who she is.
    mill.pass(WAITS_AT_LEAST_MS - 1);
    for _ in 0..8 {
        let report = mill.dan.sync(&mill.cleo).await;
        assert_eq!((report.spaces[0].received, report.spaces[0].peer.is_some()), (0, true));
    }
    assert_eq!(waiting(), 2);
    mill.pass(WAITS_AT_MOST_MS);
    let mut brought = Vec::new();
    for _ in 0..100 {
        let report = mill.dan.sync(&mill.cleo).await;
        let event = &report.spaces[0];
        if event.received > 0 {
            brought.push(event.received);
            assert_eq!((event.peer, report.spaces.len()), (None, 1), "the link showed somebody");
        }
    }

    assert_eq!((brought, waiting()), (vec![1, 1], 0));
    mill.dan.sync(&mill.ada).await;
    mill.bob.sync(&mill.dan).await;
    for reader in [&mill.ada, &mill.bob] {
        let expected = Said { text: WORDS.to_owned(), by: None };
        assert_eq!(mill.heard(reader), [expected]);
    }
    assert!(mill.heard(&mill.dan).is_empty() && mill.heard(&mill.cleo).is_empty());
    assert!(!contains(&everything_in(mill.dan.home.path()), WORDS));
    assert!(!contains(&everything_in(mill.cleo.home.path()), WORDS));
    // What Dan carries of them is as of any letter: authors of their own, who are nobody.
    let author = mill.cleo.device.author_in(mill.event).unwrap().unwrap();
    drop(mill.dan.device);
    let letters = letters_in(&mill.dan.home);
    assert_eq!(letters.len(), 2);
    for letter in &letters {
        let header = letter.envelope.header();
        assert_ne!(header.author.as_bytes(), author.as_bytes());
        assert!(letter.envelope.introduction().unwrap().binding.as_bytes().is_empty());
        assert_eq!(header.time % TIME_STEP, 0);
        assert_eq!(letter.payload.bytes().map(<[u8]>::len), Some(SIZES[0]));
    }
    assert_ne!(letters[0].envelope.header().author, letters[1].envelope.header().author);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_ones_own_is_news_on_the_link_over_which_a_letter_leaves() {
    let mill = Mill::new().await;
    mill.give(&mill.cleo, &text(WORDS), Authorship::Anonymous);
    mill.pass(WAITS_AT_MOST_MS);

    for number in 0..12 {
        let title = format!("Session {number}");
        mill.cleo.device.pitch_session(mill.event, &Session::new(line(&title))).unwrap();
        let report = mill.cleo.sync(&mill.dan).await;
        assert_eq!(report.spaces[0].sent, 1, "only what Cleo wrote under her name");
    }
    let form = || mill.cleo.device.feedback_form(mill.event).unwrap().given.unwrap();
    assert_eq!(form().waiting, 2);
    meet_until(&mill.cleo, &mill.dan, || form().waiting == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_waits_survives_restarts_and_a_kill_at_the_worst_moment() {
    let mut mill = Mill::new().await;
    mill.give(&mill.cleo, &text(WORDS), Authorship::Anonymous);
    mill.cleo = mill.cleo.restart();
    mill.pass(WAITS_AT_MOST_MS);
    mill.cleo = mill.cleo.restart();

    // The other side has it, and this one was killed before it knew: its files are those of before.
    let (device, clock, home) = (mill.cleo.device, mill.cleo.clock, mill.cleo.home);
    drop(device);
    let before: Vec<_> = fs::read_dir(home.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    mill.cleo = Phone::open(home, clock);
    let event = mill.event;
    let waiting = |phone: &Phone| phone.device.feedback_form(event).unwrap().given.unwrap().waiting;
    meet_until(&mill.cleo, &mill.dan, || waiting(&mill.cleo) == 0).await;
    let (device, clock, home) = (mill.cleo.device, mill.cleo.clock, mill.cleo.home);
    drop(device);
    for file in fs::read_dir(home.path()).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    for (path, bytes) in before {
        fs::write(path, bytes).unwrap();
    }
    mill.cleo = Phone::open(home, clock);

    assert_eq!(waiting(&mill.cleo), 2);
    meet_until(&mill.cleo, &mill.dan, || waiting(&mill.cleo) == 0).await;
    mill.dan.sync(&mill.ada).await;
    assert_eq!(words(&mill.heard(&mill.ada)), [WORDS]);
    for phone in [&mill.cleo, &mill.dan, &mill.ada] {
        assert!(phone.device.rebuild().unwrap().different.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn feedback_that_waits_can_be_taken_back_and_leaves_no_mark() {
    let mill = Mill::new().await;
    mill.give(&mill.cleo, &text(WORDS), Authorship::Anonymous);

    assert_eq!(mill.cleo.device.forget_feedback(mill.event).unwrap(), 2);
    mill.pass(WAITS_AT_MOST_MS);
    for _ in 0..8 {
        assert_eq!(mill.cleo.sync(&mill.dan).await.spaces[0].sent, 0);
    }

    assert_eq!(mill.cleo.device.feedback_form(mill.event).unwrap().given, None);
    let bytes = everything_in(mill.cleo.home.path());
    assert!(!contains(&bytes, WORDS) && !contains(&bytes, "feedback given"));
}

#[tokio::test(flavor = "multi_thread")]
async fn organisers_alone_ask_and_an_answer_is_one_that_is_offered() {
    let mill = Mill::new().await;
    let (again, more) = (mill.ask("Again?", &["Yes", "No"]), mill.ask("What else?", &[]));
    let camp = mill.ada.device.event(mill.event).unwrap().event.unwrap();
    let mut questions = camp.questions().to_vec();
    questions.reverse();
    questions[0].text = line("What would you change?");
    mill.ada.device.set_questions(mill.event, &List::new(questions).unwrap()).unwrap();
    mill.all_meet().await;

    let form = mill.cleo.device.feedback_form(mill.event).unwrap();
    let asked: Vec<_> = form.questions.iter().map(|it| (it.id, it.text.as_str())).collect();
    assert_eq!(asked, [(more, "What would you change?"), (again, "Again?")]);
    assert_eq!(form.readers.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Ada", "Bob"]);
    let give =
        |said: &Feedback| mill.cleo.device.give_feedback(mill.event, said, Authorship::Signed);
    assert!(matches!(give(&answers(&[(again, "Perhaps")], "")), Err(Error::ChooseOne)));
    assert!(matches!(give(&answers(&[(Id::new([9; 32]), "Yes")], "")), Err(Error::NotHere(_))));
    assert!(matches!(give(&text(" ")), Err(Error::NothingSaid)));
    let cleo = &mill.cleo.device;
    let asked = cleo.ask_question(mill.event, &line("Mine?"), &List::default());
    assert!(matches!(asked, Err(Error::NotAllowed(_))), "{asked:?}");
    let read = cleo.set_feedback_readers(mill.event, &[mill.cleo.person()]);
    assert!(matches!(read, Err(Error::NotAllowed(_))), "{read:?}");
    let trio = [&mill.ada, &mill.bob, &mill.dan].map(Phone::person);
    let three = mill.ada.device.set_feedback_readers(mill.event, &trio);
    assert!(matches!(three, Err(Error::Shorten)), "{three:?}");

    // What is asked no longer keeps its answers; nothing says which belong together.
    give(&answers(&[(again, "Yes"), (more, "Tea")], "")).unwrap();
    mill.give(&mill.dan, &answers(&[(again, "No"), (more, "A bell")], ""), Authorship::Signed);
    let one: Vec<_> = form.questions.iter().filter(|it| it.id == again).cloned().collect();
    mill.ada.device.set_questions(mill.event, &List::new(one).unwrap()).unwrap();
    mill.all_meet().await;
    let read = mill.ada.device.feedback(mill.event).unwrap();
    let told: Vec<_> = read.questions.iter().map(|it| (it.id, words(&it.answers))).collect();
    assert_eq!(told, [(again, vec!["No", "Yes"]), (more, vec!["A bell", "Tea"])]);
    assert!(read.questions[1].question.is_none() && read.texts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn feedback_and_reports_are_in_no_file_that_leaves() {
    let mill = Mill::new().await;
    let session = mill.ada.device.pitch_session(mill.event, &Session::new(line("Bread"))).unwrap();
    mill.ada.device.set_trusted(mill.event, &[mill.ada.person()]).unwrap();
    mill.all_meet().await;
    mill.give(&mill.cleo, &text(WORDS), Authorship::Signed);
    let report = ReportText::new(WORDS).unwrap();
    mill.cleo.device.report(mill.event, mill.ada.person(), &report, Authorship::Signed).unwrap();
    mill.cleo.sync(&mill.ada).await;
    assert_eq!((mill.heard(&mill.ada).len(), mill.ada.device.reports().unwrap().len()), (1, 1));

    let mut files = mill.ada.device.archive(mill.event, Reach::Event, true).unwrap();
    files.extend(mill.ada.device.archive(mill.event, Reach::Everyone, true).unwrap());
    assert!(files.iter().any(|file| contains(&file.bytes, "Bread")));
    assert!(files.iter().all(|file| !contains(&file.bytes, "quince")));
    assert!(mill.ada.device.search("quince", 9).unwrap().is_empty());
    assert!(mill.ada.device.session(session).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_puts_into_letters_is_bounded_and_breaks_nothing() {
    let mut mill = Mill::new().await;
    let ada = mill.ada.device.feedback_form(mill.event).unwrap().readers[0].letter;
    for number in 0..OF_ONE_PERSON_MAX + 3 {
        mill.give(&mill.cleo, &text(&format!("No. {number}")), Authorship::Signed);
    }
    mill.cleo.sync(&mill.ada).await;

    // Dan's device was taken apart: it writes letters that no program would.
    let Phone { device, clock, home } = mill.dan;
    drop(device);
    let store = Store::open(home.path(), &Options::default()).unwrap().0;
    let spaces = store.read(|view| view.spaces()).unwrap();
    let space = spaces.iter().find(|space| space.role == Role::Event).unwrap();
    let wild: [&[u8]; 7] = [
        b"",
        &[0xff; 40],
        &[0; 3000],
        &[20, 1, 2, 3],
        &[0, 0xff, 0xff, 0xff, 0xff, 0x0f],
        &[1; 16_000],
        b"\x00\x03a\x00b",
    ];
    for (number, body) in wild.iter().enumerate() {
        for topic in [5, 6, 7, 255] {
            let seed = [number as u8 + 7, topic, 1].repeat(11)[..32].try_into().unwrap();
            let draft = LetterDraft { signer: Signer::Anonymous, topic: Topic(topic), body };
            let (key, reader) =
                (space.key.as_ref().unwrap(), LetterPublic::from_bytes(*ada.as_bytes()));
            let parcel = draft.seal(key, &AuthorKey::from_bytes(seed), &reader, MORNING, &seed);
            let bytes = batch::encode(&[parcel.unwrap()], None, usize::MAX).0;
            let letter = store.prepare(&space.id, &bytes, false).unwrap();
            let report = store.write(MORNING, &seed, |edit| edit.ingest(letter));
            assert_eq!(report.unwrap().0.new.len(), 1);
        }
    }
    drop(store);
    mill.dan = Phone::open(home, clock);
    mill.dan.sync(&mill.ada).await;

    assert_eq!(mill.heard(&mill.ada).len(), OF_ONE_PERSON_MAX);
    assert!(mill.ada.device.reports().unwrap().is_empty());
    assert!(mill.ada.device.rebuild().unwrap().different.is_empty());
    // What was beyond the bound can be read once there is room.
    assert_eq!(mill.ada.device.erase_feedback(mill.event).unwrap(), OF_ONE_PERSON_MAX);
    assert_eq!(mill.heard(&mill.ada).len(), 3);
}
