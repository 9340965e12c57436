//! Feedback to the organisers: what they ask, and what is said to them by letter.
//!
//! Nobody but the readers whom the event names can read it. They see what was said, sorted by its words
//! and not by when it came or which answers belong together; nothing is counted.
//!
//! What stays with whoever gave it: of signed feedback its words and where its letters are; of anonymous
//! feedback that some was given, and how many of its letters still wait. No words, no time, no letter.

use serde::Serialize;
use teilgeber_entry::codec::{DecodeError, Reader, Write as _};
use teilgeber_entry::letter::{Sender, Topic};
use teilgeber_entry::{LetterPublic, PersonId, SpaceId};
use teilgeber_model::{
    AnswerText, Audience, Choices, Event, Feedback, FeedbackAnswer, FeedbackText, Id,
    LetterAddress, LetterReader, List, Name, Prose, Question, QuestionText, Questions,
};
use teilgeber_store::nouns::{card, event, profile};
use teilgeber_store::{Confided, Edit, Role, StoreError, View};

use crate::arrival;
use crate::device::{Device, model_id, person_id};
use crate::error::{Error, Result};
use crate::event::write_event;
use crate::letters::{Authorship, Incoming, Message, forget_read, mark_read};

pub(crate) const TOPIC: Topic = Topic(5);

/// The most feedback that is kept of one event: more than any camp gives. What comes beyond can be read
/// once some was erased.
pub const FEEDBACK_MAX: usize = 1000;

/// The most letters that are kept of one person, of feedback and of conduct reports each.
pub const OF_ONE_PERSON_MAX: usize = 20;

/// What an event asks, and whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedbackForm {
    /// The questions, in their order.
    pub questions: Questions,
    /// Who reads the answers.
    pub readers: Vec<LetterReader>,
    /// What I gave already.
    pub given: Option<GivenFeedback>,
}

/// Feedback that I gave: the last, where it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GivenFeedback {
    /// Whether it said who I am.
    pub authorship: Authorship,
    /// What I said; `None` of anonymous feedback, which nothing here remembers.
    pub feedback: Option<Feedback>,
    /// Its letters, for [`letter_state`](Device::letter_state); none of anonymous feedback.
    pub letters: Vec<Id>,
    /// How many anonymous letters wait until they can leave unseen.
    pub waiting: u32,
}

/// What was said to the organisers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedbackRead {
    /// By question, in the order in which they are asked; last those that are asked no longer.
    pub questions: Vec<Answered>,
    /// What was said beside them.
    pub texts: Vec<Said>,
}

/// The answers to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// Which one.
    pub id: Id,
    /// What is asked; `None` if it no longer is.
    pub question: Option<Question>,
    /// The answers, sorted by their words.
    pub answers: Vec<Said>,
}

/// Something that somebody said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Who signed them; `None`: anonymous.
    pub by: Option<Teller>,
}

/// Who signed a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Teller {
    /// The person.
    pub person: Id,
    /// The name that I gave them or that they show.
    pub name: Option<Name>,
}

impl Device {
    /// What an event asks of those who were there, who reads it, and what I gave already.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn feedback_form(&self, event: Id) -> Result<FeedbackForm> {
        let space = self.event_space(event)?.id;
        let camp = self.camp(event)?;
        let given = self.read(|view| {
            let waiting = view.waiting_letters(&space)?;
            let kept = view.keepsake(&given_name(&space))?;
            kept.map(|kept| Ok(GivenFeedback { waiting, ..given(&kept)? })).transpose()
        })?;
        let (questions, readers) = (camp.questions().clone(), camp.feedback_readers().to_vec());
        Ok(FeedbackForm { questions, readers, given })
    }

    /// Asks one question more, as an organiser. Without choices anything can be answered.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers, [`Error::NotHere`], or [`Error::Shorten`] beyond
    /// [`Questions::MAX`].
    pub fn ask_question(&self, event: Id, text: &QuestionText, choices: &Choices) -> Result<Id> {
        let id = Id::new(self.seed()?);
        let question = Question { id, text: text.clone(), choices: choices.clone() };
        self.change_camp(event, |camp| {
            let questions = [camp.questions(), &[question][..]].concat();
            let questions = Questions::new(questions).map_err(|_| Error::Shorten)?;
            Ok(camp.with_questions(questions))
        })?;
        Ok(id)
    }

    /// Makes these the questions, in this order, as an organiser. Answers go with a question's id, whatever
    /// its words are: what asks for something else is another question.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers, or [`Error::NotHere`].
    pub fn set_questions(&self, event: Id, questions: &Questions) -> Result<()> {
        self.change_camp(event, |camp| Ok(camp.with_questions(questions.clone())))
    }

    /// Names who reads feedback, as an organiser: nobody, one, or two of those who appear in the event.
    /// Myself I may name once I show the event a name.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers, [`Error::NotHere`] for who does not appear, or
    /// [`Error::Shorten`] for more than two.
    pub fn set_feedback_readers(&self, event: Id, persons: &[Id]) -> Result<()> {
        let readers = List::new(self.appearing(event, persons)?);
        let readers = readers.map_err(|_| Error::Shorten)?;
        self.change_camp(event, |camp| Ok(camp.with_feedback_readers(readers)))
    }

    /// Gives feedback: a letter to each reader, whom alone it is for. An anonymous one waits some hours,
    /// and then until it can leave unseen.
    ///
    /// # Errors
    /// [`Error::NothingSaid`], [`Error::ChooseOne`] for an answer that its question does not offer,
    /// [`Error::NotHere`] for a question that is not asked or where nobody reads, [`Error::Shorten`], or
    /// [`Error::FreeSpace`].
    pub fn give_feedback(
        &self,
        event: Id,
        feedback: &Feedback,
        authorship: Authorship,
    ) -> Result<GivenFeedback> {
        let space = self.event_space(event)?.id;
        let camp = self.camp(event)?;
        check(&camp, feedback)?;
        let readers = camp.feedback_readers();
        if readers.is_empty() {
            return Err(Error::NotHere("anybody who reads feedback there"));
        }
        let message = Message::Feedback(feedback.clone());
        let how = (authorship, true);
        let given = self.post_letters(&space, readers, &message, how, |edit, letters| {
            let letters = letters.iter().map(|id| model_id(id.as_bytes())).collect();
            let given = match authorship {
                Authorship::Signed => {
                    let feedback = Some(feedback.clone());
                    GivenFeedback { authorship, feedback, letters, waiting: 0 }
                }
                Authorship::Anonymous => {
                    GivenFeedback { authorship, feedback: None, letters: Vec::new(), waiting: 0 }
                }
            };
            edit.keep(&given_name(&space), &encode_given(&given))?;
            Ok(given)
        })?;
        let waiting = self.read(|view| view.waiting_letters(&space))?;
        Ok(GivenFeedback { waiting, ..given })
    }

    /// Forgets that I gave feedback. What of it still waits never leaves; says how many letters that are.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn forget_feedback(&self, event: Id) -> Result<usize> {
        let space = self.event_space(event)?.id;
        let taken_back = self.write(|edit| {
            edit.forget_kept(&given_name(&space))?;
            Ok(edit.take_back_counted(&space)?)
        })?;
        self.store().checkpoint()?;
        Ok(taken_back)
    }

    /// What was said to me as a reader of feedback: by question, then what was said beside them. Whatever
    /// was signed says by whom.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn feedback(&self, event: Id) -> Result<FeedbackRead> {
        let space = self.event_space(event)?.id;
        // What came before the event named me can be read by now.
        self.read_letters_of(&space)?;
        let camp = self.camp(event)?;
        self.read(|view| {
            let mut answered: Vec<Answered> = Vec::new();
            let asked = camp.questions().iter().cloned();
            let new = |id, question| Answered { id, question, answers: Vec::new() };
            answered.extend(asked.map(|question| new(question.id, Some(question))));
            let mut texts = Vec::new();
            for letter in view.confided(TOPIC, &space)? {
                let said = decode(&mut Reader::new(&letter.body))?;
                let by = teller(view, &letter)?;
                let words = |text: &str| Said { text: text.to_owned(), by: by.clone() };
                for answer in said.answers.iter() {
                    let at = answered.iter().position(|it| it.id == answer.question);
                    let at = at.unwrap_or_else(|| {
                        answered.push(new(answer.question, None));
                        answered.len() - 1
                    });
                    answered[at].answers.push(words(answer.text.as_str()));
                }
                if !said.text.as_str().trim().is_empty() {
                    texts.push(words(said.text.as_str()));
                }
            }
            // By their words: in the order of the letters, answers of one hand would stand in one place.
            answered.iter_mut().for_each(|it| it.answers.sort());
            texts.sort();
            Ok(FeedbackRead { questions: answered, texts })
        })
    }

    /// Erases all feedback of an event that came to me: here, and nowhere else.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_feedback(&self, event: Id) -> Result<usize> {
        let space = self.event_space(event)?.id;
        let letters = self.read(|view| view.confided(TOPIC, &space))?;
        self.write(|edit| letters.iter().try_for_each(|it| drop_confided(edit, it)))?;
        self.store().checkpoint()?;
        Ok(letters.len())
    }

    /// The event itself.
    pub(crate) fn camp(&self, event: Id) -> Result<Event> {
        let camp = self.event(event)?.event;
        camp.ok_or(Error::NotHere("the event, which has not come yet,"))
    }

    /// Changes the event as it stands at that moment.
    pub(crate) fn change_camp(
        &self,
        event: Id,
        change: impl FnOnce(Event) -> Result<Event>,
    ) -> Result<()> {
        let space = self.event_space(event)?.id;
        self.write(|edit| {
            let camp = event::get(edit.connection(), &space).map_err(StoreError::from)?;
            let camp = camp.ok_or(Error::NotHere("the event, which has not come yet,"))?;
            write_event(edit, &space, &change(camp.event)?)
        })
    }

    /// Where letters to these persons go, who appear in an event, and what they are called there.
    pub(crate) fn appearing(&self, event: Id, persons: &[Id]) -> Result<Vec<LetterReader>> {
        let space = self.event_space(event)?.id;
        self.read(|view| {
            let all = persons.iter().map(|person| {
                let reader = appearing_in(view, &space, &person_id(*person))?;
                reader.ok_or(StoreError::Missing("that person, by a name that the event sees,"))
            });
            all.collect()
        })
    }
}

/// Keeps feedback that came, if the event says that I read it.
pub(crate) fn receive(device: &Device, incoming: &Incoming) -> Result<()> {
    if incoming.role != Role::Event {
        return Ok(());
    }
    let (me, by) = (model_id(device.person().as_bytes()), signed_by(incoming));
    let is_wanted = device.read(|view| {
        let camp = event::get(view.connection(), &incoming.space)?;
        let reads = camp.is_some_and(|camp| {
            camp.event.feedback_readers().iter().any(|reader| reader.person == me)
        });
        Ok(reads && has_room(view, incoming, by.as_ref(), FEEDBACK_MAX)?)
    })?;
    if is_wanted { confide(device, incoming) } else { Ok(()) }
}

/// Whether so much more is kept of whoever wrote it. What is not may be read later: it is not marked.
pub(crate) fn has_room(
    view: &View<'_>,
    incoming: &Incoming,
    by: Option<&PersonId>,
    max: usize,
) -> teilgeber_store::Result<bool> {
    let (all, theirs) = view.number_confided(incoming.letter.topic, &incoming.space, by)?;
    Ok(all < max && (by.is_none() || theirs < OF_ONE_PERSON_MAX))
}

/// Keeps a letter opened, for me alone.
pub(crate) fn confide(device: &Device, incoming: &Incoming) -> Result<()> {
    device.write(|edit| {
        if !mark_read(edit, incoming)? {
            return Ok(());
        }
        // Of a report nothing may come to lie on its writer's phone.
        if incoming.letter.topic == TOPIC {
            arrival::owe(edit, incoming)?;
        }
        Ok(edit.confide(&Confided {
            letter: incoming.author,
            entry: incoming.id,
            space: incoming.space,
            topic: incoming.letter.topic,
            day: incoming.day,
            person: signed_by(incoming),
            body: incoming.letter.body.clone(),
        })?)
    })
}

/// Deletes a letter that was kept opened, so that nothing of it can be read here any more.
pub(crate) fn drop_confided(edit: &mut Edit<'_>, letter: &Confided) -> Result<()> {
    match edit.unconfide(&letter.letter)? {
        Some(gone) => forget_read(edit, &gone.space, &gone.letter),
        None => Ok(()),
    }
}

pub(crate) fn signed_by(incoming: &Incoming) -> Option<PersonId> {
    match incoming.letter.sender {
        Sender::Signed { person, .. } => Some(person),
        Sender::Anonymous => None,
    }
}

/// Who signed a letter, by the name that I gave them or that they show.
pub(crate) fn teller(
    view: &View<'_>,
    letter: &Confided,
) -> teilgeber_store::Result<Option<Teller>> {
    let Some(person) = &letter.person else { return Ok(None) };
    let name = crate::message::name_of(view, person)?;
    Ok(Some(Teller { person: model_id(person.as_bytes()), name }))
}

/// Where the letters of somebody go who appears in an event. Of myself it is known, and what I am called
/// there says my profile.
pub(crate) fn appearing_in(
    view: &View<'_>,
    space: &SpaceId,
    person: &PersonId,
) -> teilgeber_store::Result<Option<LetterReader>> {
    let db = view.connection();
    let identity = view.identity()?.ok_or(StoreError::Missing("your identity"))?;
    if identity.person == *person {
        let name = profile::mine(db)?.seen_by(Audience::Event).name().cloned();
        return Ok(name.map(|name| reader(person, &identity.letter.public(), name)));
    }
    for published in card::of_person(db, person)?.into_iter().filter(|it| it.space == *space) {
        if let (Some(letter), Some(name)) = (published.card.letter(), published.card.name()) {
            let letter = LetterPublic::from_bytes(*letter.as_bytes());
            return Ok(Some(reader(person, &letter, name.clone())));
        }
    }
    Ok(None)
}

pub(crate) fn reader(person: &PersonId, letter: &LetterPublic, name: Name) -> LetterReader {
    let letter = LetterAddress::new(*letter.as_bytes());
    LetterReader { person: model_id(person.as_bytes()), letter, name }
}

/// Where a reader's letters go.
pub(crate) fn address(reader: &LetterReader) -> LetterPublic {
    LetterPublic::from_bytes(*reader.letter.as_bytes())
}

fn check(camp: &Event, feedback: &Feedback) -> Result<()> {
    if feedback.is_empty() {
        return Err(Error::NothingSaid);
    }
    for answer in feedback.answers.iter() {
        let asked = camp.questions().iter().find(|question| question.id == answer.question);
        let asked = asked.ok_or(Error::NotHere("that question"))?;
        if !asked.accepts(&answer.text) {
            return Err(Error::ChooseOne);
        }
    }
    Ok(())
}

pub(crate) fn encode(said: &Feedback) -> Vec<u8> {
    let mut body = Vec::new();
    body.put_varint(said.answers.len() as u64);
    for answer in said.answers.iter() {
        body.put_bytes(answer.question.as_bytes());
        body.put_sized(answer.text.as_str().as_bytes());
    }
    body.put_sized(said.text.as_str().as_bytes());
    body
}

pub(crate) fn decode(reader: &mut Reader<'_>) -> std::result::Result<Feedback, DecodeError> {
    let mut answers = Vec::new();
    for _ in 0..reader.count("answers", Questions::MAX)? {
        let question = Id::new(reader.array("question")?);
        answers.push(FeedbackAnswer { question, text: prose(reader, AnswerText::MAX * 4)? });
    }
    let answers = List::new(answers).map_err(|_| DecodeError::Invalid { field: "answers" })?;
    Ok(Feedback { answers, text: prose(reader, FeedbackText::MAX * 4)? })
}

/// A text in its one form.
pub(crate) fn prose<const MAX: usize>(
    reader: &mut Reader<'_>,
    max_bytes: usize,
) -> std::result::Result<Prose<MAX>, DecodeError> {
    let bytes = reader.sized("text", max_bytes)?;
    let text = std::str::from_utf8(bytes).ok();
    let prose = text.and_then(|text| Prose::new(text).ok().filter(|it| it.as_str() == text));
    prose.ok_or(DecodeError::Invalid { field: "text" })
}

/// Under which name it is kept that I gave feedback in an event.
fn given_name(space: &SpaceId) -> String {
    format!("feedback given/{space}")
}

/// 0, or 1 ‖ how many letters, varint ‖ letter 32 each ‖ feedback as in its letter.
fn encode_given(given: &GivenFeedback) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.put_u8(given.feedback.is_some().into());
    if let Some(feedback) = &given.feedback {
        bytes.put_varint(given.letters.len() as u64);
        given.letters.iter().for_each(|letter| bytes.put_bytes(letter.as_bytes()));
        bytes.put_bytes(&encode(feedback));
    }
    bytes
}

fn given(kept: &[u8]) -> std::result::Result<GivenFeedback, DecodeError> {
    let mut reader = Reader::new(kept);
    if reader.u8("feedback given")? == 0 {
        let authorship = Authorship::Anonymous;
        return Ok(GivenFeedback { authorship, feedback: None, letters: Vec::new(), waiting: 0 });
    }
    let letters = (0..reader.count("letters", teilgeber_model::FeedbackReaders::MAX)?)
        .map(|_| reader.array("letter").map(Id::new))
        .collect::<std::result::Result<_, _>>()?;
    let feedback = Some(decode(&mut reader)?);
    Ok(GivenFeedback { authorship: Authorship::Signed, feedback, letters, waiting: 0 })
}
