//! A bridge to a second event at the same time.
//!
//! Whoever is in both lends a session's title, or words that their author marked for everyone, to the
//! other event. Only what is an event's own can be lent, so nothing goes in a circle. What is lent follows
//! the original: once a device of whoever lent it hears that the original was erased, withdrawn, hidden,
//! put off the record or changed, or that either side's organisers closed the bridge, it erases what it
//! lent, and lends anew what only changed.

use serde::Serialize;
use teilgeber_entry::{Noun, Origin, SpaceId};
use teilgeber_model::{Id, Lent, Loan, Millis, Policy, Published as _};
use teilgeber_store::nouns::{EVENT, LENT, POST, SESSION, event, lent, post, session};
use teilgeber_store::{Edit, View};

use crate::device::{Device, document_id, model_id, space_id};
use crate::error::{Error, Result};

/// Something that an event borrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LentRecord {
    /// Which one.
    pub id: Id,
    /// The event that borrowed it.
    pub event: Id,
    /// Who lent it.
    pub lender: Id,
    /// When, as they say.
    pub time: Millis,
    /// The event that it comes from.
    pub from: Id,
    /// What that is called, as the lender says.
    pub camp: String,
    /// What it is.
    pub loan: Loan,
}

impl Device {
    /// Lends a session's title to another event that I am in. Returns the loan's id.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] when the session is off the record, or an event's organisers closed the bridge;
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn lend_session(&self, session: Id, to: Id) -> Result<Id> {
        let from = space_id(self.session(session)?.event);
        self.lend(&Original { from, document: session }, to)
    }

    /// Lends a post that its author marked for everyone to another event that I am in. Returns the
    /// loan's id.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] when it was not marked, or an event's organisers closed the bridge;
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn lend_post(&self, post: Id, to: Id) -> Result<Id> {
        let from = space_id(self.post(post)?.event);
        self.lend(&Original { from, document: post }, to)
    }

    /// What an event borrowed, the oldest first. Nothing once its organisers closed the bridge.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn lent(&self, event: Id) -> Result<Vec<LentRecord>> {
        let space = self.event_space(event)?.id;
        let found = self.read(|view| match is_open(view, &space)? {
            true => Ok(lent::in_space(view.connection(), &space)?),
            false => Ok(Vec::new()),
        })?;
        Ok(found.into_iter().map(record).collect())
    }

    /// Erases what I lent.
    ///
    /// # Errors
    /// [`Error::NotHere`] when there is no such loan of mine, or [`Error::FreeSpace`].
    pub fn take_back(&self, loan: Id) -> Result<()> {
        let found = self.read(|view| Ok(lent::get(view.connection(), &document_id(loan))?))?;
        let found = found.filter(|it| it.person == self.person());
        let found = found.ok_or(Error::NotHere("that loan of yours"))?;
        self.write(|edit| Ok(edit.erase(&found.space, &found.id).map(drop)?))
    }

    fn lend(&self, original: &Original, to: Id) -> Result<Id> {
        let to = self.event_space(to)?.id;
        if to == original.from {
            return Err(Error::NotAllowed("another event"));
        }
        let lent = self.read(|view| original.loan(view, &to))?;
        let lent =
            lent.ok_or(Error::NotAllowed("an event whose bridge is open, of what may leave it,"))?;
        self.write(|edit| put(edit, &to, &lent))
    }

    /// Lets what I lent follow the originals in `from`.
    pub(crate) fn mind_loans(&self, from: Option<&SpaceId>) -> Result<()> {
        let person = self.person();
        let stale = self.read(|view| {
            let mut stale = Vec::new();
            for mine in lent::of_person(view.connection(), &person)? {
                let origin = space_id(mine.lent.from);
                if from.is_some_and(|from| *from != origin && *from != mine.space) {
                    continue;
                }
                // What has faded here says nothing of what stands elsewhere.
                if view.is_faded(&origin)? || view.is_faded(&mine.space)? {
                    continue;
                }
                let original = Original { from: origin, document: mine.lent.document };
                let now = original.loan(view, &mine.space)?;
                if now.as_ref().map(|lent| &lent.loan) != Some(&mine.lent.loan) {
                    stale.push((mine, now));
                }
            }
            Ok(stale)
        })?;
        for (mine, now) in stale {
            self.write(|edit| -> Result<()> {
                edit.erase(&mine.space, &mine.id)?;
                now.map_or(Ok(()), |lent| put(edit, &mine.space, &lent).map(drop))
            })?;
        }
        Ok(())
    }
}

/// Whether a change of such a document may make a loan stale.
pub(crate) fn may_change_a_loan(noun: Noun) -> bool {
    matches!(noun, EVENT | SESSION | POST | LENT)
}

/// What is lent, where it is at home.
struct Original {
    from: SpaceId,
    document: Id,
}

impl Original {
    /// The loan as it should stand in the event `to`; `None` where there must be none.
    fn loan(&self, view: &View<'_>, to: &SpaceId) -> teilgeber_store::Result<Option<Lent>> {
        if !is_open(view, &self.from)? || !is_open(view, to)? {
            return Ok(None);
        }
        let Some(camp) = event::get(view.connection(), &self.from)? else { return Ok(None) };
        let loan = match self.session(view)? {
            None => self.words(view)?,
            title => title,
        };
        Ok(loan.map(|loan| Lent {
            from: model_id(self.from.as_bytes()),
            camp: camp.event.name().clone(),
            document: self.document,
            loan,
        }))
    }

    fn session(&self, view: &View<'_>) -> teilgeber_store::Result<Option<Loan>> {
        let db = view.connection();
        let found = session::get(db, &document_id(self.document))?;
        let Some(found) = found.filter(|it| it.space == self.from && !it.hidden) else {
            return Ok(None);
        };
        let told = session::policy_of(db, &found)? != Policy::OffTheRecord;
        Ok(told.then(|| Loan::Session(found.session.title().clone())))
    }

    /// The words of a post, as its author signed them for everyone.
    fn words(&self, view: &View<'_>) -> teilgeber_store::Result<Option<Loan>> {
        let db = view.connection();
        let found = post::get(db, &document_id(self.document))?;
        let Some(found) = found.filter(|it| it.space == self.from && !it.hidden) else {
            return Ok(None);
        };
        if let Some(session) = found.post.session() {
            let about = session::get(db, &document_id(session))?;
            let policy = about.map(|about| session::policy_of(db, &about)).transpose()?;
            if policy == Some(Policy::OffTheRecord) {
                return Ok(None);
            }
        }
        Ok(found.post.everyone().map(|everyone| Loan::Words {
            words: found.post.public_words(everyone.by.clone()),
            signed: everyone.signed,
        }))
    }
}

/// Whether an event that I am in lends and borrows.
fn is_open(view: &View<'_>, event: &SpaceId) -> teilgeber_store::Result<bool> {
    let camp = event::get(view.connection(), event)?;
    Ok(camp.is_none_or(|camp| camp.event.rules().bridges))
}

fn put(edit: &mut Edit<'_>, to: &SpaceId, lent: &Lent) -> Result<Id> {
    let generation = edit.fresh_number(to, LENT)?;
    let id = edit.put(to, LENT, Origin::Singleton { generation }, lent.encode())?;
    Ok(model_id(id.as_bytes()))
}

fn record(found: lent::Borrowed) -> LentRecord {
    LentRecord {
        id: model_id(found.id.as_bytes()),
        event: model_id(found.space.as_bytes()),
        lender: model_id(found.person.as_bytes()),
        time: found.time,
        from: found.lent.from,
        camp: found.lent.camp.to_string(),
        loan: found.lent.loan,
    }
}
