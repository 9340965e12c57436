//! Conduct reports: what somebody confides to one person, by letter.

use teilgeber_device as core;
use teilgeber_device::model::{Day, Id};

use crate::device::Device;
use crate::error::Result;
use crate::feedback::{Authorship, LetterReader, Teller};
use crate::values::prose;

/// A report that came to me.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReportRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// On which day it was written, as its writer's clock said.
    pub day: Day,
    /// Who signed it; none: anonymous.
    pub by: Option<Teller>,
    /// What it says.
    pub text: String,
}

#[uniffi::export]
impl Device {
    /// To whom an event says that conduct reports may go, signed or not.
    ///
    /// Errors: `NotHere`.
    pub async fn trusted(&self, event: Id) -> Result<Vec<LetterReader>> {
        self.run(move |device| {
            Ok(device.trusted(event)?.into_iter().map(LetterReader::from).collect())
        })
        .await
    }

    /// Names to whom conduct reports may go, as an organiser: at most 8 of those who appear in the event. Myself I may
    /// name once I show the event a name.
    ///
    /// Errors: `NotAllowed` to all but organisers, `NotHere` for who does not appear, `Shorten` for too many,
    /// `FreeSpace`.
    pub async fn set_trusted(&self, event: Id, persons: Vec<Id>) -> Result<()> {
        self.run(move |device| Ok(device.set_trusted(event, &persons)?)).await
    }

    /// Reports to one person how somebody behaved: to one whom the event says to trust, or, signed, to anybody there
    /// who can be written to. A signed one leaves with the next sync, an anonymous one waits some hours and then until
    /// it can leave unseen. Returns its receipt, for `letter_state` and `take_back_report`; neither it nor a word of
    /// the report is kept.
    ///
    /// Errors: `NothingSaid`, `SignIt` for an anonymous one to somebody else, `NotHere` for who cannot be written to
    /// there, `FreeSpace`, `Invalid`.
    pub async fn report(
        &self,
        event: Id,
        to: Id,
        text: String,
        authorship: Authorship,
    ) -> Result<Id> {
        self.run(move |device| Ok(device.report(event, to, &prose(&text)?, authorship)?)).await
    }

    /// Takes a report back that still waits: it never leaves, and nothing of it stays.
    ///
    /// Errors: `NotHere` when none waits under this receipt: it has left, or there was none.
    pub async fn take_back_report(&self, receipt: Id) -> Result<()> {
        self.run(move |device| Ok(device.take_back_report(receipt)?)).await
    }

    /// The reports that came to me, by event and day.
    pub async fn reports(&self) -> Result<Vec<ReportRecord>> {
        self.run(|device| {
            let reports = device.reports()?.into_iter();
            let reports = reports.map(|core::ReportRecord { id, event, day, by, text }| {
                let text = text.as_str().to_owned();
                ReportRecord { id, event, day, by: by.map(Teller::from), text }
            });
            Ok(reports.collect())
        })
        .await
    }

    /// Deletes a report that came to me, without a trace of what it said: here, and nowhere else.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn erase_report(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase_report(id)?)).await
    }
}
