//! What somebody has for themselves, and nobody else hears of.

use std::collections::{BTreeMap, BTreeSet};

use teilgeber_device::model::*;
use teilgeber_device::{Device, ReportRecord, Said};

use super::oracle::Fact;

/// All that a person keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mine {
    /// What is to be picked up again.
    pub(crate) anchors: BTreeMap<Id, String>,
    /// From whom I want quiet, and whether I blocked them.
    pub(crate) quiet: BTreeMap<Id, bool>,
    /// What I look forward to.
    pub(crate) stars: BTreeSet<Id>,
    pub(crate) followed: BTreeSet<Id>,
    /// With whom, whether it was I who wrote, and what.
    pub(crate) messages: BTreeSet<(Id, bool, String)>,
    /// What goes in a moment: a thing, or the event of which all goes.
    pub(crate) leaving: BTreeSet<Id>,
}

/// What was told to a person who answers for the camp.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Confided {
    /// Feedback, and who signed it.
    feedback: BTreeSet<(Option<Id>, String)>,
    /// Conduct reports, likewise.
    reports: BTreeSet<(Option<Id>, String)>,
}

impl Mine {
    /// A fact reached `me`, which may be a message.
    pub(crate) fn hear(&mut self, fact: &Fact, me: Id) {
        if let Fact::Wrote(from, to, text) = fact
            && *to == me
            && !self.has_blocked(from)
        {
            self.messages.insert((*from, false, text.clone()));
        }
    }

    pub(crate) fn has_blocked(&self, person: &Id) -> bool {
        self.quiet.get(person) == Some(&true)
    }

    /// What a device really keeps.
    pub(crate) fn kept_by(device: &Device, event: Id) -> Self {
        let anchors = device.anchors(false).unwrap().into_iter();
        let quiet = device.muted().unwrap().into_iter();
        let mut messages = BTreeSet::new();
        for with in device.conversations().unwrap() {
            for one in device.messages(with.person).unwrap() {
                messages.insert((with.person, one.message.mine, one.message.text.to_string()));
            }
        }
        Self {
            anchors: anchors.map(|it| (it.id, it.anchor.words().to_string())).collect(),
            quiet: quiet.map(|it| (it.person, it.quiet == Quiet::Block)).collect(),
            stars: device.starred(event).unwrap().iter().map(|it| it.session.id).collect(),
            followed: device.following().unwrap().iter().map(|it| it.contact.person()).collect(),
            messages,
            leaving: device.pending().unwrap().iter().map(|it| it.id).collect(),
        }
    }
}

impl Confided {
    /// A fact reached `me`, which may be told to me alone.
    pub(crate) fn hear(&mut self, fact: &Fact, me: Id) {
        match fact {
            Fact::Advised(to, by, text) if *to == me => {
                self.feedback.insert((*by, text.clone()));
            }
            Fact::Reported(to, by, text) if *to == me => {
                self.reports.insert((Some(*by), text.clone()));
            }
            _ => {}
        }
    }

    /// What was really told to whoever has this device. It tries all letters that are there.
    pub(crate) fn to(device: &Device, event: Id) -> Self {
        // Before the event itself has come, nobody is known to read feedback.
        let has_come = device.event(event).unwrap().event.is_some();
        let said = if has_come { device.feedback(event).unwrap().texts } else { Vec::new() };
        Self {
            feedback: said.into_iter().map(heard).collect(),
            reports: device.reports().unwrap().into_iter().map(told).collect(),
        }
    }
}

fn heard(said: Said) -> (Option<Id>, String) {
    (said.by.map(|it| it.person), said.text)
}

fn told(report: ReportRecord) -> (Option<Id>, String) {
    (report.by.map(|it| it.person), report.text.to_string())
}
