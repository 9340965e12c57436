//! What somebody has for themselves, and nobody else hears of.

use std::collections::{BTreeMap, BTreeSet};

use teilgeber_device::Device;
use teilgeber_device::model::*;

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
    /// What goes in a moment.
    pub(crate) leaving: BTreeSet<Id>,
}

impl Mine {
    /// A message came.
    pub(crate) fn hear(&mut self, from: Id, text: &str) {
        if !self.has_blocked(&from) {
            self.messages.insert((from, false, text.to_owned()));
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
