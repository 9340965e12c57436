//! `teilgeber feedback`, and of `teilgeber event` what organisers ask and who reads it.

use clap::{Args, Subcommand};
use teilgeber_device::model::{
    AnswerText, Choice, Feedback, FeedbackAnswer, FeedbackText, Id, LetterReader, Question,
    QuestionText,
};
use teilgeber_device::{
    Answered, Authorship, Device, FeedbackForm, GivenFeedback, LetterState, Said, Teller,
};

use crate::event::Which;
use crate::failure::Failure;
use crate::home::App;
use crate::note::Named;
use crate::page::{Page, Style, count};
use crate::value::{list, parse, text};
use crate::{ids, people};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What an event asks, who reads the answers, and what I gave already
    #[command(after_help = "JSON: {questions: [{id, text, choices}], readers: [{person, letter, \
        name}], given: {authorship, feedback, letters, waiting}}")]
    Form(Which),
    /// Give feedback: a letter to each reader, whom alone it is for
    #[command(
        after_help = "An anonymous letter says neither who wrote it nor when. It waits some \
        hours, and then until it can leave over a link that shows nobody; of its words nothing \
        stays here.\n\nJSON: {authorship, feedback, letters, waiting}"
    )]
    Give(Give),
    /// Forget that I gave feedback; what still waits never leaves
    #[command(after_help = "JSON: {taken_back}")]
    Forget(Which),
    /// What was said to me as a reader of feedback
    #[command(after_help = "JSON: {questions: [{id, question, answers: [{text, by}]}], texts: \
        [{text, by}]}")]
    Read(Which),
    /// Erase all feedback of an event that came to me
    #[command(after_help = "JSON: {erased}")]
    Erase(Which),
}

#[derive(Debug, Args)]
pub(crate) struct Give {
    /// What to say beside the answers, or `-`
    text: Vec<String>,
    /// An answer: the question's id, its beginning, or its words, then what to say
    #[arg(long = "answer", value_names = ["QUESTION", "TEXT"], num_args = 2)]
    answers: Vec<String>,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    which: Which,
}

/// Whether a letter says who wrote it. It must be said: neither is a default that one should slip into.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct How {
    /// Its reader sees who wrote it
    #[arg(long)]
    signed: bool,
    /// Nobody sees who wrote it
    #[arg(long)]
    anonymous: bool,
}

/// What organisers ask.
#[derive(Debug, Subcommand)]
pub(crate) enum Questions {
    /// List the questions in their order
    #[command(after_help = "JSON: [{id, text, choices}]")]
    List(Which),
    /// Ask one more
    #[command(after_help = "JSON: {id}")]
    Add {
        /// The question
        text: String,
        /// An answer that it offers; without any, all can be answered
        #[arg(long = "choice", value_name = "TEXT")]
        choices: Vec<String>,
        #[command(flatten)]
        which: Which,
    },
    /// Say a question in other words; its answers stay with it
    #[command(after_help = "JSON: {id}")]
    Change {
        /// The question's id, its beginning, or its words
        question: String,
        /// The new words
        text: String,
        #[command(flatten)]
        which: Which,
    },
    /// Put a question elsewhere in the order
    #[command(after_help = "JSON: {id}")]
    Move {
        /// The question's id, its beginning, or its words
        question: String,
        /// Its place, from 1
        place: usize,
        #[command(flatten)]
        which: Which,
    },
    /// Ask it no longer
    #[command(after_help = "JSON: {id}")]
    Remove {
        /// The question's id, its beginning, or its words
        question: String,
        #[command(flatten)]
        which: Which,
    },
}

/// Somebody whom organisers name, or all whom they named.
#[derive(Debug, Args)]
pub(crate) struct Name {
    /// Who, by their name or the beginning of their id; without any, who it is
    who: Vec<String>,
    /// Nobody any more
    #[arg(long, conflicts_with = "who")]
    nobody: bool,
    #[command(flatten)]
    which: Which,
}

/// An answer with one number.
#[derive(serde::Serialize)]
struct TakenBack {
    taken_back: usize,
}

/// An answer with one number.
#[derive(serde::Serialize)]
struct Erased {
    erased: usize,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let device = &device;
        match self {
            Self::Form(which) => form(app, device, which.find(device)?),
            Self::Give(give) => give.run(app, device),
            Self::Forget(which) => {
                let taken_back = device.forget_feedback(which.find(device)?)?;
                app.out.say(&TakenBack { taken_back }, |page| {
                    page.line("Forgot it.");
                    if taken_back > 0 {
                        let letters = count(taken_back, "letter", "letters");
                        page.line(format!("{letters} waited and will never leave."));
                    }
                })
            }
            Self::Read(which) => read(app, device, which.find(device)?),
            Self::Erase(which) => {
                let erased = device.erase_feedback(which.find(device)?)?;
                let letters = count(erased, "letter", "letters");
                app.out.say(&Erased { erased }, |page| page.line(format!("Erased {letters}.")))
            }
        }
    }
}

impl How {
    pub(crate) fn authorship(&self) -> Authorship {
        match self.anonymous {
            true => Authorship::Anonymous,
            false => Authorship::Signed,
        }
    }
}

impl Give {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let event = self.which.find(device)?;
        let questions = device.feedback_form(event)?.questions;
        let answer = |pair: &[String]| {
            let question = find(&questions, &pair[0])?;
            Ok(FeedbackAnswer { question, text: parse("an answer", &pair[1], AnswerText::new)? })
        };
        let answers = self.answers.chunks_exact(2).map(answer).collect::<Result<_, Failure>>()?;
        let feedback = Feedback {
            answers: list("the answers", answers)?,
            text: parse("feedback", &text(&self.text)?, FeedbackText::new)?,
        };
        let given = device.give_feedback(event, &feedback, self.how.authorship())?;
        app.out.say(&given, |page| match given.authorship {
            Authorship::Signed => {
                let letters = count(given.letters.len(), "reader", "readers");
                page.line(format!("Gave feedback to {letters}, with your name."));
                page.styled(Style::Dim, "Anyone in the event carries it; only they can read it.");
            }
            Authorship::Anonymous => {
                page.line("Gave feedback, without your name.");
                waiting(page, given.waiting);
            }
        })
    }
}

impl Questions {
    pub(crate) fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        match self {
            Self::List(which) => {
                let questions = device.feedback_form(which.find(device)?)?.questions;
                app.out.say(&questions, |page| {
                    draw_questions(page, &questions);
                    let questions = count(questions.len(), "question", "questions");
                    page.styled(Style::Dim, format!("{questions}."));
                })
            }
            Self::Add { text, choices, which } => {
                let text = parse("a question", text, QuestionText::new)?;
                let choice = |text: &String| parse("a choice", text, Choice::new);
                let choices = choices.iter().map(choice).collect::<Result<_, _>>()?;
                let event = which.find(device)?;
                let id = device.ask_question(event, &text, &list("the choices", choices)?)?;
                done(app, id, "Asked question")
            }
            Self::Change { question, text, which } => {
                let text = parse("a question", text, QuestionText::new)?;
                edit(app, device, which, question, "Changed question", |questions, at| {
                    questions[at].text = text;
                })
            }
            Self::Move { question, place, which } => {
                edit(app, device, which, question, "Moved question", |questions, at| {
                    let question = questions.remove(at);
                    let to = place.saturating_sub(1).min(questions.len());
                    questions.insert(to, question);
                })
            }
            Self::Remove { question, which } => {
                edit(app, device, which, question, "No longer asked: question", |questions, at| {
                    questions.remove(at);
                })
            }
        }
    }
}

impl Name {
    /// The event, and whom to name in it; `None`: only look.
    fn given(&self, device: &Device) -> Result<(Id, Option<Vec<Id>>), Failure> {
        let event = self.which.find(device)?;
        let find = |who: &String| people::find(device, who);
        let named = match self.who.is_empty() && !self.nobody {
            true => None,
            false => Some(self.who.iter().map(find).collect::<Result<_, _>>()?),
        };
        Ok((event, named))
    }

    /// Names who reads feedback.
    pub(crate) fn readers(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let (event, named) = self.given(device)?;
        if let Some(named) = named {
            device.set_feedback_readers(event, &named)?;
        }
        let readers = device.feedback_form(event)?.readers;
        say_readers(app, &readers, "Nobody reads feedback.")
    }

    /// Names to whom conduct reports may go.
    pub(crate) fn trusted(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let (event, named) = self.given(device)?;
        if let Some(named) = named {
            device.set_trusted(event, &named)?;
        }
        say_readers(app, &device.trusted(event)?, "Nobody is named.")
    }
}

/// Who wrote something, in words.
pub(crate) fn by_words(by: Option<&Teller>) -> String {
    let Some(by) = by else { return "anonymous".to_owned() };
    match &by.name {
        Some(name) => format!("{name} ({})", ids::short(by.person)),
        None => ids::short(by.person),
    }
}

/// Where a letter of mine is, in words.
pub(crate) fn state_words(state: LetterState) -> String {
    match state {
        LetterState::Waits => "waits until it can leave unseen".to_owned(),
        LetterState::Travels(places) if places.devices > 0 => {
            let devices = places.devices as usize;
            format!("on {}", count(devices, "other device", "other devices"))
        }
        LetterState::Travels(places) if places.others => "on another device".to_owned(),
        LetterState::Travels(_) => "only on this device".to_owned(),
        LetterState::Arrived => "arrived".to_owned(),
        LetterState::Gone => "not here".to_owned(),
    }
}

pub(crate) fn draw_readers(page: &mut Page, readers: &[LetterReader]) {
    let row = |reader: &LetterReader| vec![ids::short(reader.person), reader.name.to_string()];
    page.table(&["person", "name"], &readers.iter().map(row).collect::<Vec<_>>());
}

fn say_readers(app: &App, readers: &[LetterReader], nobody: &str) -> Result<(), Failure> {
    app.out.say(&readers, |page| match readers {
        [] => page.styled(Style::Dim, nobody),
        readers => draw_readers(page, readers),
    })
}

fn waiting(page: &mut Page, letters: u32) {
    if letters > 0 {
        let wait = count(letters as usize, "letter waits", "letters wait");
        page.styled(Style::Dim, format!("{wait} until it can leave unseen, some hours at least."));
    }
}

fn done(app: &App, id: Id, words: &str) -> Result<(), Failure> {
    app.out.say(&Named { id }, |page| page.line(format!("{words} {}.", ids::short(id))))
}

fn find(questions: &[Question], given: &str) -> Result<Id, Failure> {
    ids::find("question", given, questions.iter().map(|it| (it.id, it.text.as_str())))
}

fn edit(
    app: &App,
    device: &Device,
    which: &Which,
    given: &str,
    words: &str,
    change: impl FnOnce(&mut Vec<Question>, usize),
) -> Result<(), Failure> {
    let event = which.find(device)?;
    let mut questions = device.feedback_form(event)?.questions.into_vec();
    let id = find(&questions, given)?;
    if let Some(at) = questions.iter().position(|question| question.id == id) {
        change(&mut questions, at);
    }
    device.set_questions(event, &list("the questions", questions)?)?;
    done(app, id, words)
}

fn draw_questions(page: &mut Page, questions: &[Question]) {
    let row = |question: &Question| {
        let choices: Vec<&str> = question.choices.iter().map(Choice::as_str).collect();
        vec![ids::short(question.id), question.text.to_string(), choices.join(" / ")]
    };
    page.table(&["question", "", "choices"], &questions.iter().map(row).collect::<Vec<_>>());
}

fn form(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let form = device.feedback_form(event)?;
    let FeedbackForm { questions, readers, given } = &form;
    let mut states = Vec::new();
    for letter in given.iter().flat_map(|given| &given.letters) {
        states.push(device.letter_state(event, *letter)?);
    }
    app.out.say(&form, |page| {
        draw_questions(page, questions);
        let names: Vec<&str> = readers.iter().map(|reader| reader.name.as_str()).collect();
        match names[..] {
            [] => page.line("Nobody reads feedback here yet."),
            _ => page.line(format!("Read by {} alone.", names.join(" and "))),
        }
        if let Some(given) = given {
            draw_given(page, given, questions, &states);
        }
    })
}

fn draw_given(
    page: &mut Page,
    given: &GivenFeedback,
    questions: &[Question],
    states: &[LetterState],
) {
    let Some(feedback) = &given.feedback else {
        page.line("You have given feedback, without your name.");
        return waiting(page, given.waiting);
    };
    page.line("You have given feedback, with your name:");
    for answer in feedback.answers.iter() {
        let asked = questions.iter().find(|question| question.id == answer.question);
        let asked = asked.map_or("(no longer asked)", |question| question.text.as_str());
        page.styled(Style::Dim, asked);
        page.prose(2, answer.text.as_str());
    }
    page.prose(2, feedback.text.as_str());
    for (number, state) in states.iter().enumerate() {
        let letter = format!("Letter {}: {}.", number + 1, state_words(*state));
        page.styled(Style::Dim, letter);
    }
}

fn read(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let read = device.feedback(event)?;
    app.out.say(&read, |page| {
        let answered = read.questions.iter().filter(|it| !it.answers.is_empty());
        for Answered { question, answers, .. } in answered {
            let asked = question.as_ref().map_or("(no longer asked)", |it| it.text.as_str());
            page.styled(Style::Bold, asked);
            draw_said(page, answers);
        }
        if !read.texts.is_empty() {
            page.styled(Style::Bold, "Beside that");
            draw_said(page, &read.texts);
        }
        if read.texts.is_empty() && read.questions.iter().all(|it| it.answers.is_empty()) {
            page.styled(Style::Dim, "No feedback came to you.");
        }
    })
}

fn draw_said(page: &mut Page, all: &[Said]) {
    for said in all {
        page.prose(2, &said.text);
        page.styled(Style::Dim, format!("    {}", by_words(said.by.as_ref())));
    }
}
