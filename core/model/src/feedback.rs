//! Feedback to the organisers, and conduct reports: what is asked, whom it goes to, and what is said.
//!
//! What is asked and who reads it stand in the event. What is said travels as a letter and stands in no
//! document.

use serde::{Deserialize, Serialize};

use crate::card::Name;
use crate::id::{Id, LetterAddress};
use crate::list::{Distinct, List};
use crate::text::{Line, Prose};

/// A question, in one line.
pub type QuestionText = Line<200>;

/// One of the answers that a question offers.
pub type Choice = Line<60>;

/// The answers that a question offers.
pub type Choices = List<Choice, 10>;

/// The questions of an event: more than twenty nobody answers on a phone.
pub type Questions = List<Question, 20>;

/// Who reads feedback. Two, so that none of them alone decides that nobody hears of it.
pub type FeedbackReaders = List<LetterReader, 2>;

/// To whom an event says that conduct reports may go: its awareness team.
pub type Trusted = List<LetterReader, 8>;

/// What one answer says.
pub type AnswerText = Prose<1000>;

/// What feedback says beside the questions.
pub type FeedbackText = Prose<3000>;

/// What a conduct report says: what fits into the largest letter, whatever letters it is of.
pub type ReportText = Prose<4000>;

/// Something that the organisers want to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Which one: answers name it.
    pub id: Id,
    /// What is asked.
    pub text: QuestionText,
    /// What can be answered; anything where there is none.
    #[serde(default)]
    pub choices: Choices,
}

/// Somebody to whom letters of an event go.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LetterReader {
    /// Who.
    pub person: Id,
    /// Where their letters go.
    pub letter: LetterAddress,
    /// What they are called, as whoever named them says.
    pub name: Name,
}

/// What somebody says to the organisers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Feedback {
    /// To their questions.
    pub answers: List<FeedbackAnswer, { Questions::MAX }>,
    /// Beside them.
    pub text: FeedbackText,
}

/// An answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackAnswer {
    /// To which.
    pub question: Id,
    /// What it says.
    pub text: AnswerText,
}

impl Question {
    /// Whether it can be answered so.
    pub fn accepts(&self, answer: &AnswerText) -> bool {
        let is_it = |choice: &Choice| choice.as_str() == answer.as_str();
        self.choices.is_empty() || self.choices.iter().any(is_it)
    }
}

impl Feedback {
    /// Whether nothing can be seen in it.
    pub fn is_empty(&self) -> bool {
        let blank = |text: &str| text.trim().is_empty();
        blank(self.text.as_str()) && self.answers.iter().all(|answer| blank(answer.text.as_str()))
    }
}

impl Distinct for Question {
    fn same(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Distinct for LetterReader {
    fn same(&self, other: &Self) -> bool {
        self.person == other.person
    }
}

impl Distinct for FeedbackAnswer {
    fn same(&self, other: &Self) -> bool {
        self.question == other.question
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> AnswerText {
        AnswerText::new(text).unwrap()
    }

    #[test]
    fn a_question_with_choices_accepts_one_of_them_and_another_anything() {
        let choices = ["Yes", "No"].map(|choice| Choice::new(choice).unwrap());
        let open = Question {
            id: Id::new([1; 32]),
            text: QuestionText::new("Again?").unwrap(),
            choices: List::default(),
        };
        let closed = Question { choices: List::new(choices.to_vec()).unwrap(), ..open.clone() };

        assert!(open.accepts(&answer("Perhaps")));
        assert!(closed.accepts(&answer("No")) && !closed.accepts(&answer("Perhaps")));
    }

    #[test]
    fn feedback_of_blanks_says_nothing() {
        let blank = FeedbackAnswer { question: Id::new([1; 32]), text: answer(" \n") };
        let blank = Feedback { answers: List::new(vec![blank]).unwrap(), ..Feedback::default() };

        assert!(Feedback::default().is_empty() && blank.is_empty());
        let said = Feedback { text: FeedbackText::new("Thanks").unwrap(), ..blank };
        assert!(!said.is_empty());
    }
}
