//! Posts: short texts on the wall of an event, so that parallel rooms overhear each other.
//!
//! A post is for its event, and lives there as one value that is put again when it is edited: the words
//! before are dropped wherever this is heard. One that is marked for everyone is signed in the open as
//! well, so that a bridge may carry it. About a session that is off the record nothing is posted.

use std::collections::BTreeMap;

use serde::Serialize;
use teilgeber_entry::{DocumentId, Origin, SpaceId};
use teilgeber_model::{
    About, Audience, ForEveryone, Id, Invalid, Mentions, Millis, Name, Policy, Post, PostText,
    Published as _, Signed, Tag,
};
use teilgeber_store::nouns::{POST, board, card, post, profile, session};
use teilgeber_store::{Edit, StoreError, View};

use crate::device::{Device, document_id, model_id, moment, person_id, space_id};
use crate::error::{Error, Result};

/// A post, and who said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// Who said it.
    pub author: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<Name>,
    /// Whether it is mine.
    pub mine: bool,
    /// Whether it was changed since it was said.
    pub edited: bool,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What may be told of it outside: that of the session that it is about.
    pub policy: Policy,
    /// What was said.
    pub post: Post,
}

/// What somebody wants to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// What it says.
    pub text: PostText,
    /// What it is about.
    pub about: Option<About>,
    /// The post that it answers.
    pub reply_to: Option<Id>,
    /// Who is named in it, to be told of it.
    pub mentions: Mentions,
    /// Whether it may leave the event, over a bridge or on a page.
    pub everyone: bool,
}

/// Which posts to list: those that match all that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostFilter {
    /// About this session.
    pub session: Option<Id>,
    /// About this topic.
    pub topic: Option<Tag>,
    /// Said by this person.
    pub author: Option<Id>,
    /// In which this person is named.
    pub mentioning: Option<Id>,
}

/// What is said in a session that runs at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherRoom {
    /// In which room.
    pub room: String,
    /// Which session.
    pub session: Id,
    /// What it is called.
    pub title: String,
    /// What was said, the newest last.
    pub posts: Vec<PostRecord>,
}

impl NewPost {
    /// A post that says this, about nothing, for this event alone.
    pub fn new(text: PostText) -> Self {
        let mentions = Mentions::default();
        Self { text, about: None, reply_to: None, mentions, everyone: false }
    }

    /// The same, about this.
    pub fn about(self, about: About) -> Self {
        Self { about: Some(about), ..self }
    }
}

impl Device {
    /// Posts in an event. Everybody there sees it, and who said it. Returns its id.
    ///
    /// # Errors
    /// [`Error::OffTheRecord`] about a session that is, [`Error::Shorten`] when it says nothing,
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn write_post(&self, event: Id, new: &NewPost) -> Result<Id> {
        let space = self.event_space(event)?.id;
        let said = moment(self.now());
        let id = self.write(|edit| {
            let number = edit.fresh_number(&space, POST)?;
            let origin = Origin::Singleton { generation: number };
            let id = edit.named_document(&space, POST, origin)?;
            let post = compose(edit, &space, &id, new, said)?;
            Ok(edit.put(&space, POST, origin, post.encode())?)
        })?;
        Ok(model_id(id.as_bytes()))
    }

    /// Makes a post of mine say something else. What it said before is dropped, here and wherever this is
    /// heard.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but its author, and as [`write_post`](Self::write_post).
    pub fn edit_post(&self, id: Id, new: &NewPost) -> Result<()> {
        self.write(|edit| {
            let old = post::get(edit.connection(), &document_id(id)).map_err(StoreError::from)?;
            let old = old.ok_or(Error::NotHere("that post"))?;
            let post = compose(edit, &old.space, &old.id, new, old.post.said())?;
            Ok(edit.put_again(&old.space, &old.id, post.encode())?)
        })
    }

    /// Erases a post of mine: its words are gone here, and on each device that hears of it.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but its author, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_post(&self, id: Id) -> Result<()> {
        let post = self.post(id)?;
        if !post.mine {
            return Err(Error::NotAllowed("its author"));
        }
        self.write(|edit| Ok(edit.erase(&space_id(post.event), &document_id(id)).map(drop)?))
    }

    /// A post.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn post(&self, id: Id) -> Result<PostRecord> {
        let found = self.read(|view| {
            let found = post::get(view.connection(), &document_id(id))?;
            found.map(|said| self.post_record(view, said)).transpose()
        })?;
        found.ok_or(Error::NotHere("that post"))
    }

    /// Of the posts of an event that match, the last `limit` before the post `before`, the newest last: as
    /// on a wall.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn posts(
        &self,
        event: Id,
        filter: &PostFilter,
        before: Option<&PostRecord>,
        limit: u32,
    ) -> Result<Vec<PostRecord>> {
        let space = self.event_space(event)?.id;
        let filter = post::Filter {
            session: filter.session,
            topic: filter.topic.clone(),
            person: filter.author.map(person_id),
            mentioning: filter.mentioning.map(person_id),
        };
        let before = before.map(|record| (record.post.said(), document_id(record.id)));
        self.read(|view| {
            let found = post::list(view.connection(), &space, &filter, before, limit)?;
            found.into_iter().map(|said| self.post_record(view, said)).collect()
        })
    }

    /// A post and all that answers it, the newest last.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn thread(&self, id: Id) -> Result<Vec<PostRecord>> {
        self.post(id)?;
        self.read(|view| {
            let found = post::thread(view.connection(), &document_id(id))?;
            found.into_iter().map(|said| self.post_record(view, said)).collect()
        })
    }

    /// The last posts of an event in which I am named, the newest last.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn mentions_of_me(&self, event: Id, limit: u32) -> Result<Vec<PostRecord>> {
        let me = model_id(self.person().as_bytes());
        let filter = PostFilter { mentioning: Some(me), ..PostFilter::default() };
        self.posts(event, &filter, None, limit)
    }

    /// What is said in the sessions that run at `now` in other rooms than `here`, by room; at most `limit`
    /// posts of each, the newest last.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn other_rooms(
        &self,
        event: Id,
        here: Option<Id>,
        now: Millis,
        limit: u32,
    ) -> Result<Vec<OtherRoom>> {
        let space = self.event_space(event)?.id;
        let found = self.read(|view| Ok(board::running(view.connection(), &space, now)?))?;
        // By room and session: one that two claims place stands in both rooms.
        let mut running = BTreeMap::new();
        for pinned in found {
            let session = model_id(pinned.pitched.id.as_bytes());
            if let Some(at) = pinned.placement.filter(|_| Some(session) != here) {
                running.insert((at.room.to_string(), session), pinned.pitched.session);
            }
        }
        let mut rooms = Vec::new();
        for ((room, session), talk) in running {
            let filter = PostFilter { session: Some(session), ..PostFilter::default() };
            let posts = self.posts(event, &filter, None, limit)?;
            let title = talk.title().to_string();
            rooms.push(OtherRoom { room, session, title, posts });
        }
        Ok(rooms)
    }

    fn post_record(
        &self,
        view: &View<'_>,
        said: post::Said,
    ) -> teilgeber_store::Result<PostRecord> {
        let db = view.connection();
        let about = said.post.session().map(document_id);
        let about = about.map(|session| session::get(db, &session)).transpose()?.flatten();
        let policy = match &about {
            Some(pitched) => session::policy_of(db, pitched)?,
            None => Policy::Open,
        };
        Ok(PostRecord {
            id: model_id(said.id.as_bytes()),
            event: model_id(said.space.as_bytes()),
            author: model_id(said.person.as_bytes()),
            name: card::name_in(db, &said.space, &said.person)?,
            mine: said.person == self.person(),
            edited: said.changed > said.post.said(),
            hidden: said.hidden,
            policy,
            post: said.post,
        })
    }
}

/// The post as it is put, signed for everyone where it may leave the event.
pub(crate) fn compose(
    edit: &mut Edit<'_>,
    space: &SpaceId,
    id: &DocumentId,
    new: &NewPost,
    said: Millis,
) -> Result<Post> {
    let mut policy = Policy::Open;
    if let Some(About::Session(session)) = &new.about {
        let db = edit.connection();
        let found = session::get(db, &document_id(*session)).map_err(StoreError::from)?;
        let found = found.filter(|pitched| pitched.space == *space);
        let found = found.ok_or(Error::NotHere("that session"))?;
        policy = session::policy_of(db, &found).map_err(StoreError::from)?;
        if policy == Policy::OffTheRecord {
            return Err(Error::OffTheRecord);
        }
    }
    let post = Post::new(new.text.clone(), said).map_err(|_: Invalid| Error::NothingSaid)?;
    let post = post
        .with_about(new.about.clone())
        .with_reply_to(new.reply_to)
        .with_mentions(new.mentions.clone());
    if !new.everyone {
        return Ok(post);
    }
    // Who said it does not leave a session under the Chatham House rule.
    let profile = profile::mine(edit.connection()).map_err(StoreError::from)?;
    let by = profile.seen_by(Audience::Everyone).name().cloned();
    let by = by.filter(|_| policy == Policy::Open);
    let author = edit.author_in(space)?;
    let words = post.public_words(by.clone()).encode();
    let signature = author.sign_for_everyone(space, id, &words).0;
    let signed = Signed { author: model_id(author.id().as_bytes()), signature };
    Ok(post.with_everyone(Some(ForEveryone { by, signed })))
}
