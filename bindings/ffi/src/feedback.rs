//! Feedback to the organisers: what they ask, and what is said to them by letter.

use teilgeber_device as core;
use teilgeber_device::model::{self, Id};

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::values::{line, list, prose, text};

pub(crate) use teilgeber_device::Authorship;

/// Whether a letter says who wrote it.
#[uniffi::remote(Enum)]
pub enum Authorship {
    /// Its reader knows, and nobody else.
    Signed,
    /// Nobody knows, the reader neither.
    Anonymous,
}

/// A question of the organisers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Question {
    /// Which one.
    pub id: Id,
    /// What is asked.
    pub text: String,
    /// What can be answered; empty: anything.
    pub choices: Vec<String>,
}

/// To whom letters of an event go.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LetterReader {
    /// Who.
    pub person: Id,
    /// What they are called.
    pub name: String,
}

/// What somebody says to the organisers.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct Feedback {
    /// To their questions.
    #[uniffi(default = [])]
    pub answers: Vec<FeedbackAnswer>,
    /// Beside them.
    #[uniffi(default = "")]
    pub text: String,
}

/// An answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeedbackAnswer {
    /// To which.
    pub question: Id,
    /// What it says.
    pub text: String,
}

/// What an event asks, and whom.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeedbackForm {
    /// The questions, in their order.
    pub questions: Vec<Question>,
    /// Who reads the answers.
    pub readers: Vec<LetterReader>,
    /// What I gave already.
    pub given: Option<GivenFeedback>,
}

/// Feedback that I gave: the last, where it was signed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct GivenFeedback {
    /// Whether it said who I am.
    pub authorship: Authorship,
    /// What I said; none of anonymous feedback, which nothing here remembers.
    pub feedback: Option<Feedback>,
    /// Its letters, for `letter_state`; none of anonymous feedback.
    pub letters: Vec<Id>,
    /// How many anonymous letters wait until they can leave unseen.
    pub waiting: u32,
}

/// What was said to the organisers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeedbackRead {
    /// By question, in the order in which they are asked; last those that are asked no longer.
    pub questions: Vec<Answered>,
    /// What was said beside them.
    pub texts: Vec<Said>,
}

/// The answers to one question.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Answered {
    /// Which one.
    pub id: Id,
    /// What is asked; none if it no longer is.
    pub question: Option<Question>,
    /// The answers, sorted by their words.
    pub answers: Vec<Said>,
}

/// Something that somebody said.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Who signed them; none: anonymous.
    pub by: Option<Teller>,
}

/// Who signed a letter.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Teller {
    /// The person.
    pub person: Id,
    /// The name that I gave them or that they show.
    pub name: Option<String>,
}

#[uniffi::export]
impl Device {
    /// What an event asks of those who were there, who reads it, and what I gave already.
    ///
    /// Errors: `NotHere`.
    pub async fn feedback_form(&self, event: Id) -> Result<FeedbackForm> {
        self.run(move |device| {
            let core::FeedbackForm { questions, readers, given } = device.feedback_form(event)?;
            Ok(FeedbackForm {
                questions: questions.iter().map(Question::from).collect(),
                readers: readers.into_iter().map(LetterReader::from).collect(),
                given: given.map(GivenFeedback::from),
            })
        })
        .await
    }

    /// Asks one question more, as an organiser. Without choices anything can be answered. Returns its id.
    ///
    /// Errors: `NotAllowed` to all but organisers, `NotHere`, `Shorten` beyond 20 questions, `FreeSpace`, `Invalid`.
    #[uniffi::method(default(choices = []))]
    pub async fn ask_question(&self, event: Id, text: String, choices: Vec<String>) -> Result<Id> {
        self.run(move |device| {
            Ok(device.ask_question(event, &line(&text)?, &core_choices(&choices)?)?)
        })
        .await
    }

    /// Makes these the questions, in this order, as an organiser. Answers go with a question's id, whatever its words
    /// are: what asks for something else is another question.
    ///
    /// Errors: `NotAllowed` to all but organisers, `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn set_questions(&self, event: Id, questions: Vec<Question>) -> Result<()> {
        self.run(move |device| {
            let questions = questions.into_iter().map(model::Question::try_from);
            let questions = list(questions.collect::<Result<_>>()?)?;
            Ok(device.set_questions(event, &questions)?)
        })
        .await
    }

    /// Names who reads feedback, as an organiser: nobody, one, or two of those who appear in the event. Myself I may
    /// name once I show the event a name.
    ///
    /// Errors: `NotAllowed` to all but organisers, `NotHere` for who does not appear, `Shorten` for more than two,
    /// `FreeSpace`.
    pub async fn set_feedback_readers(&self, event: Id, persons: Vec<Id>) -> Result<()> {
        self.run(move |device| Ok(device.set_feedback_readers(event, &persons)?)).await
    }

    /// Gives feedback: a letter to each reader, whom alone it is for. An anonymous one waits some hours, and then until
    /// it can leave unseen.
    ///
    /// Errors: `NothingSaid`, `ChooseOne` for an answer that its question does not offer, `NotHere` for a question that
    /// is not asked or where nobody reads, `Shorten`, `FreeSpace`, `Invalid`.
    pub async fn give_feedback(
        &self,
        event: Id,
        feedback: Feedback,
        authorship: Authorship,
    ) -> Result<GivenFeedback> {
        self.run(move |device| {
            Ok(device.give_feedback(event, &feedback.try_into()?, authorship)?.into())
        })
        .await
    }

    /// Forgets that I gave feedback. What of it still waits never leaves; says how many letters that are.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn forget_feedback(&self, event: Id) -> Result<u64> {
        self.run(move |device| Ok(device.forget_feedback(event)? as u64)).await
    }

    /// What was said to me as a reader of feedback: by question, then what was said beside them. Whatever was signed
    /// says by whom.
    ///
    /// Errors: `NotHere`.
    pub async fn feedback(&self, event: Id) -> Result<FeedbackRead> {
        self.run(move |device| {
            let core::FeedbackRead { questions, texts } = device.feedback(event)?;
            let answered = |core::Answered { id, question, answers }| Answered {
                id,
                question: question.as_ref().map(Question::from),
                answers: answers.into_iter().map(Said::from).collect(),
            };
            Ok(FeedbackRead {
                questions: questions.into_iter().map(answered).collect(),
                texts: texts.into_iter().map(Said::from).collect(),
            })
        })
        .await
    }

    /// Erases all feedback of an event that came to me: here, and nowhere else. Says how many letters those were.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn erase_feedback(&self, event: Id) -> Result<u64> {
        self.run(move |device| Ok(device.erase_feedback(event)? as u64)).await
    }
}

fn core_choices(choices: &[String]) -> Result<model::Choices> {
    list(choices.iter().map(|choice| line(choice)).collect::<Result<_>>()?)
}

impl TryFrom<Question> for model::Question {
    type Error = CoreError;

    fn try_from(Question { id, text, choices }: Question) -> Result<Self> {
        Ok(Self { id, text: line(&text)?, choices: core_choices(&choices)? })
    }
}

impl From<&model::Question> for Question {
    fn from(question: &model::Question) -> Self {
        Self {
            id: question.id,
            text: question.text.as_str().to_owned(),
            choices: question.choices.iter().map(|choice| choice.as_str().to_owned()).collect(),
        }
    }
}

impl From<model::LetterReader> for LetterReader {
    fn from(reader: model::LetterReader) -> Self {
        Self { person: reader.person, name: reader.name.as_str().to_owned() }
    }
}

impl TryFrom<Feedback> for model::Feedback {
    type Error = CoreError;

    fn try_from(Feedback { answers, text }: Feedback) -> Result<Self> {
        let answers = answers.into_iter().map(|FeedbackAnswer { question, text }| {
            Ok(model::FeedbackAnswer { question, text: prose(&text)? })
        });
        Ok(Self { answers: list(answers.collect::<Result<_>>()?)?, text: prose(&text)? })
    }
}

impl From<model::Feedback> for Feedback {
    fn from(feedback: model::Feedback) -> Self {
        let answers = feedback.answers.iter().map(|answer| FeedbackAnswer {
            question: answer.question,
            text: answer.text.as_str().to_owned(),
        });
        Self { answers: answers.collect(), text: feedback.text.as_str().to_owned() }
    }
}

impl From<core::GivenFeedback> for GivenFeedback {
    fn from(given: core::GivenFeedback) -> Self {
        let core::GivenFeedback { authorship, feedback, letters, waiting } = given;
        Self { authorship, feedback: feedback.map(Feedback::from), letters, waiting }
    }
}

impl From<core::Said> for Said {
    fn from(core::Said { text, by }: core::Said) -> Self {
        Self { text, by: by.map(Teller::from) }
    }
}

impl From<core::Teller> for Teller {
    fn from(core::Teller { person, name }: core::Teller) -> Self {
        Self { person, name: text(name) }
    }
}
