//! Bundles: what others may lack, as a file, for when no radio works.
//!
//! A bundle is an exchange with one side silent. Writing one counts as nothing: only a finished exchange
//! with a device that showed itself does. Reading one goes the way of every exchange: each section is
//! verified and committed by itself, so that what came stays, whatever becomes of the rest.
//!
//! Neither the self space nor the spaces of codes go into bundles: nobody else needs the one, and the other
//! is for two who stand before each other. Nothing in a bundle says who wrote it.

use std::io::{self, Read, Write};
use std::ops::Range;

use serde::Serialize;
use teilgeber_entry::bundle::{self, BundleError, Found, Reader, Readers, Seal, Section, Writer};
use teilgeber_entry::limits::{BATCH_BYTES_MAX, BATCH_ENTRIES_MAX};
use teilgeber_entry::{EntryId, SpaceId};
use teilgeber_model::Id;
use teilgeber_store::{Packing, Report, Role, Space, StoreError, Useful};

use crate::device::{Device, model_id, person_id};
use crate::drive::{kind, offered};
use crate::error::{Error, Result};
use crate::sync::SpaceKind;

/// Bytes of entries in one section, before they are compressed: what one commit takes in, and what is
/// lost where a file is damaged.
const SECTION_BYTES: usize = 128 * 1024;

/// Entries that are looked at for a small bundle: more than fit into the largest that codes carry.
const USEFUL_MAX: usize = 1024;

/// Damaged parts that a report tells one by one. The others are counted.
pub const DAMAGED_PARTS_MAX: usize = 64;

/// What goes into a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleOf {
    /// All that this device offers to others: events, cards, and what it carries.
    Everything,
    /// One event.
    Event(Id),
    /// What this person may lack, in the events where they wrote something and in my card where they
    /// follow it: all that came here after the last finished exchange with a device of theirs. Pictures
    /// count with the entry that announces them.
    For(Id),
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BundleWritten {
    /// Entries in it.
    pub entries: u64,
    /// Sections in it.
    pub sections: u32,
    /// Its length.
    pub bytes: u64,
}

/// What state a bundle is in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BundleCheck {
    /// The version of its format.
    pub version: u8,
    /// Whole sections.
    pub sections: u32,
    /// Sections that were written and are not whole here; `None` where the end is missing, which alone
    /// says how many there were.
    pub missing: Option<u32>,
    /// How many parts are damaged.
    pub damaged_parts: u32,
    /// From which byte to which: the first [`DAMAGED_PARTS_MAX`] of them.
    pub damaged: Vec<Range<u64>>,
}

/// What came of reading a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BundleReport {
    /// What state it is in.
    #[serde(flatten)]
    pub check: BundleCheck,
    /// Each space of which something was in it.
    pub spaces: Vec<BundleSpace>,
    /// Whole sections that are for others.
    pub for_others: u32,
}

/// What came of a bundle in one space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BundleSpace {
    /// The space: an event's id.
    pub space: Id,
    /// What it is to this device.
    pub kind: SpaceKind,
    /// An event's name, or that of the contact whose card it is.
    pub name: Option<String>,
    /// Entries that are new here.
    pub new: u64,
    /// Payloads that came for entries that were here without.
    pub payloads: u64,
    /// Entries that were known.
    pub known: u64,
    /// Entries of the space that wait here for what their authors said before: they come to be known with it.
    pub waiting: u32,
    /// Entries, or whole sections, that do not hold.
    pub refused: u64,
    /// Sections for those who hold the key, which this device only carries for.
    pub for_members: u32,
    /// Sections of which something was let go of at once, because there was no room for it.
    pub no_room: u32,
}

impl BundleCheck {
    /// Whether all that was written is here.
    pub fn is_whole(&self) -> bool {
        self.damaged_parts == 0 && self.missing == Some(0)
    }

    fn add(&mut self, found: &Found) {
        match found {
            Found::Section(_) => self.sections += 1,
            Found::Damaged(part) => {
                self.damaged_parts += 1;
                if self.damaged.len() < DAMAGED_PARTS_MAX {
                    self.damaged.push(part.clone());
                }
            }
            Found::End { sections } => {
                self.missing = Some(sections.saturating_sub(self.sections));
            }
        }
    }
}

impl BundleReport {
    /// Whether there was something whole, and nothing of it was for this device.
    pub fn is_for_others(&self) -> bool {
        self.spaces.is_empty() && self.for_others > 0
    }
}

impl Device {
    /// Writes a bundle. What it holds can be read by those who hold the keys of its spaces, and by nobody
    /// else who comes to have it.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::Faded`] for an event, [`Error::NothingInCommon`] for a person with whom no space is
    /// known to be shared, [`Error::FreeSpace`], or what else `out` fails with.
    pub fn write_bundle(&self, of: BundleOf, out: impl Write) -> Result<BundleWritten> {
        self.erase_what_is_due()?;
        self.mind_letters()?;
        let spaces = self.spaces_of_bundle(of)?;
        let person = match of {
            BundleOf::For(person) => Some(person_id(person)),
            BundleOf::Everything | BundleOf::Event(_) => None,
        };
        let mut writer = Writer::new(out, self.seed()?)?;
        let mut entries = 0;
        for space in &spaces {
            let ids = self.read(|view| view.may_lack(space, person.as_ref()))?;
            entries += ids.len() as u64;
            self.add_sections(&mut writer, space, &ids, Packing::ChunksLater)?;
            // Words first: a file that is cut has lost pictures.
            let chunks = self.read(|view| view.chunks_among(space, &ids))?;
            self.add_sections(&mut writer, space, &chunks, Packing::Payloads)?;
        }
        let (_, sections, bytes) = writer.finish()?;
        Ok(BundleWritten { entries, sections, bytes })
    }

    /// A bundle of at most `max_bytes` of the most useful that an event has: letters, where things happen,
    /// posts, then the rest without pictures; the newest first. With each goes what its author said after
    /// it; what they said before is taken to be known there.
    ///
    /// # Errors
    /// [`Error::NotHere`] when there is no such event, or nothing in it that fits, or [`Error::Faded`].
    pub fn small_bundle(&self, event: Id, max_bytes: usize) -> Result<Vec<u8>> {
        self.erase_what_is_due()?;
        let space = self.held_event(event)?;
        let seed = self.seed()?;
        let useful = self.read(|view| view.most_useful(&space, USEFUL_MAX))?;
        let (letters, others): (Vec<_>, Vec<_>) = useful.into_iter().partition(|it| it.is_letter);
        let mut chosen = Vec::new();
        let mut best = None;
        // Letters are long: they leave half of the room to what everybody reads.
        for (candidates, most) in
            [(&letters, max_bytes / 2), (&others, max_bytes), (&letters, max_bytes)]
        {
            let fits = |count: usize| {
                let tried = [&chosen[..], &candidates[..count]].concat();
                let bytes = self.bundle_of_useful(&space, &tried, seed)?;
                Ok(bytes.filter(|bytes| bytes.len() <= most).map(|bytes| (tried, bytes)))
            };
            if let Some((taken, bytes)) = most_that_fit(candidates.len(), fits)? {
                (chosen, best) = (taken, Some(bytes));
            }
        }
        best.ok_or(Error::NotHere("anything that fits"))
    }

    /// Takes in what a bundle holds for this device, section by section. What is damaged or for others is
    /// told in the report; what came before an error stays.
    ///
    /// # Errors
    /// [`Error::NotABundle`], [`Error::UpdateApp`] for one of a newer version, [`Error::FreeSpace`], or what
    /// `input` fails with.
    pub fn read_bundle(&self, input: impl Read) -> Result<BundleReport> {
        self.erase_what_is_due()?;
        self.catch_up_with_letters()?;
        let mut reading = Reading { device: self, spaces: self.spaces_to_read()?, is_stale: false };
        let mut reader = Reader::new(input);
        let mut report = BundleReport::default();
        while let Some(found) = reader.next_found()? {
            report.check.add(&found);
            if let Found::Section(section) = found {
                reading.take_in(&section, &mut report)?;
            }
        }
        report.check.version = bundle::VERSION;
        reading.finish(&mut report)?;
        Ok(report)
    }

    /// Looks at a bundle without taking anything in: whether it is whole, and where it is not. Needs no key.
    ///
    /// # Errors
    /// [`Error::NotABundle`], [`Error::UpdateApp`] for one of a newer version, or what `input` fails with.
    pub fn check_bundle(input: impl Read) -> Result<BundleCheck> {
        let mut reader = Reader::new(input);
        let mut check = BundleCheck { version: bundle::VERSION, ..BundleCheck::default() };
        while let Some(found) = reader.next_found()? {
            check.add(&found);
        }
        Ok(check)
    }

    fn spaces_of_bundle(&self, of: BundleOf) -> Result<Vec<Space>> {
        let mut spaces = match of {
            BundleOf::Event(event) => return Ok(vec![self.held_event(event)?]),
            BundleOf::Everything | BundleOf::For(_) => offered(self)?,
        };
        spaces.retain(|space| is_for_bundles(space.role));
        if let BundleOf::For(person) = of {
            let person = person_id(person);
            let follows = self.was_given_card(&person)?;
            let mut shared = Vec::new();
            for space in spaces {
                let is_shared = match space.role {
                    Role::Event => self.read(|view| view.has_author_of(&space, &person))?,
                    Role::Card => follows,
                    _ => false,
                };
                shared.extend(is_shared.then_some(space));
            }
            spaces = shared;
            if spaces.is_empty() {
                return Err(Error::NothingInCommon);
            }
        }
        Ok(spaces)
    }

    fn spaces_to_read(&self) -> Result<Vec<Space>> {
        let mut spaces = offered(self)?;
        spaces.retain(|space| is_for_bundles(space.role));
        Ok(spaces)
    }

    fn add_sections<W: Write>(
        &self,
        writer: &mut Writer<W>,
        space: &Space,
        ids: &[EntryId],
        packing: Packing,
    ) -> Result<()> {
        let mut rest = ids;
        while !rest.is_empty() {
            let (now, _) = rest.split_at(rest.len().min(BATCH_ENTRIES_MAX));
            let (batch, done) =
                self.read(|view| view.pack_for_bundle(space, now, packing, SECTION_BYTES))?;
            if let Some(batch) = batch {
                writer.add(seal_of(space), &batch)?;
            }
            rest = &rest[done.max(1)..];
        }
        Ok(())
    }

    /// One section with these, if they fit into one.
    fn bundle_of_useful(
        &self,
        space: &Space,
        useful: &[Useful],
        seed: [u8; 32],
    ) -> Result<Option<Vec<u8>>> {
        let (batch, is_all) = self.read(|view| {
            let ids = view.from_there_on(space, useful)?;
            let (batch, done) =
                view.pack_for_bundle(space, &ids, Packing::ChunksLater, BATCH_BYTES_MAX)?;
            Ok((batch, done == ids.len()))
        })?;
        let Some(batch) = batch.filter(|_| is_all) else { return Ok(None) };
        let mut writer = Writer::new(Vec::new(), seed)?;
        match writer.add(seal_of(space), &batch) {
            Ok(()) => Ok(Some(writer.finish()?.0)),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// A bundle while it is read.
struct Reading<'a> {
    device: &'a Device,
    spaces: Vec<Space>,
    /// Whether there may be more spaces by now: a letter can bring the key of one.
    is_stale: bool,
}

impl Reading<'_> {
    fn take_in(&mut self, section: &Section, report: &mut BundleReport) -> Result<()> {
        let Some(space) = self.space_of(section)? else {
            report.for_others += 1;
            return Ok(());
        };
        let row = self.row(&space, report)?;
        let seal = match (section.readers(), &space.key) {
            (Readers::Members, Some(key)) => Seal::Members(key),
            (Readers::Members, None) => {
                row.for_members += 1;
                return Ok(());
            }
            (Readers::Couriers, _) => Seal::Couriers(&space.carry),
            (Readers::Unknown(_), _) => return Ok(()),
        };
        let Ok(batch) = section.open(seal) else {
            row.refused += 1;
            return Ok(());
        };
        let let_go = self.let_go(&space.id)?;
        match self.device.store().prepare(&space.id, &batch, false) {
            Ok(prepared) => {
                let taken = self.device.take_in(None, &space.id, prepared)?;
                self.is_stale |= !taken.new.is_empty() || taken.payloads > 0;
                row.add(&taken);
                row.no_room += u32::from(self.let_go(&space.id)? > let_go);
            }
            Err(StoreError::Decode(_)) => row.refused += 1,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Bytes of what was let go of in a space.
    fn let_go(&self, space: &SpaceId) -> Result<u64> {
        let weights = self.device.read(|view| view.weights())?;
        let weight = weights.iter().find(|(id, ..)| id == space);
        Ok(weight.map_or(0, |(.., weight)| weight.let_go))
    }

    fn space_of(&mut self, section: &Section) -> Result<Option<Space>> {
        let find =
            |spaces: &[Space]| spaces.iter().find(|space| section.is_of(&space.carry)).cloned();
        let found = find(&self.spaces);
        if found.is_none() && std::mem::take(&mut self.is_stale) {
            self.spaces = self.device.spaces_to_read()?;
            return Ok(find(&self.spaces));
        }
        Ok(found)
    }

    /// The report's row of a space.
    fn row<'r>(&self, space: &Space, report: &'r mut BundleReport) -> Result<&'r mut BundleSpace> {
        let id = model_id(space.id.as_bytes());
        let rows = &mut report.spaces;
        let at = match rows.iter().position(|row| row.space == id) {
            Some(at) => at,
            None => {
                rows.push(BundleSpace {
                    space: id,
                    kind: kind(space.role),
                    name: None,
                    new: 0,
                    payloads: 0,
                    known: 0,
                    waiting: 0,
                    refused: 0,
                    for_members: 0,
                    no_room: 0,
                });
                rows.len() - 1
            }
        };
        Ok(&mut rows[at])
    }

    /// Says of each space what it is called and what waits in it, by now.
    fn finish(&self, report: &mut BundleReport) -> Result<()> {
        for row in &mut report.spaces {
            let held = self.device.read(|view| view.space(&crate::device::space_id(row.space)))?;
            row.name = self.device.name_of_space(&held)?;
            row.waiting = self.device.read(|view| view.waiting(&held))?;
        }
        Ok(())
    }
}

impl BundleSpace {
    fn add(&mut self, taken: &Report) {
        self.new += taken.new.len() as u64;
        self.payloads += taken.payloads as u64;
        self.known += taken.known as u64;
        self.refused += taken.refused as u64;
    }
}

impl From<BundleError> for Error {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::NotABundle => Self::NotABundle,
            BundleError::Newer { .. } => Self::UpdateApp,
            BundleError::Io(error) => error.into(),
        }
    }
}

fn is_for_bundles(role: Role) -> bool {
    !matches!(role, Role::Own | Role::Code)
}

fn seal_of(space: &Space) -> Seal<'_> {
    match &space.key {
        Some(key) => Seal::Members(key),
        None => Seal::Couriers(&space.carry),
    }
}

/// What `fits` gives for the most of `count` candidates for which it gives something, at least one.
fn most_that_fit<T>(
    count: usize,
    mut fits: impl FnMut(usize) -> Result<Option<T>>,
) -> Result<Option<T>> {
    let (mut least, mut most) = (0, count);
    let mut best = None;
    while least < most {
        let middle = (least + most).div_ceil(2);
        match fits(middle)? {
            Some(found) => (best, least) = (Some(found), middle),
            None => most = middle - 1,
        }
    }
    Ok(best)
}
