//! Posts: short texts on the wall of an event.

use teilgeber_device as core;
use teilgeber_device::model::{Id, Millis, Policy, Tag};

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::values::{list, prose};

pub(crate) use teilgeber_device::model::About;

/// What a post is about.
#[uniffi::remote(Enum)]
pub enum About {
    /// A session.
    Session(Id),
    /// A topic.
    Topic(Tag),
    /// A person.
    Person(Id),
}

/// What somebody wants to post.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewPost {
    /// What it says.
    pub text: String,
    /// What it is about.
    #[uniffi(default = None)]
    pub about: Option<About>,
    /// The post that it answers.
    #[uniffi(default = None)]
    pub reply_to: Option<Id>,
    /// Who is named in it, to be told of it.
    #[uniffi(default = [])]
    pub mentions: Vec<Id>,
    /// Whether it may leave the event, over a bridge or on a page.
    #[uniffi(default = false)]
    pub everyone: bool,
}

/// A post, and who said it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PostRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// Who said it.
    pub author: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<String>,
    /// Whether it is mine.
    pub mine: bool,
    /// Whether it was changed since it was said.
    pub edited: bool,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What may be told of it outside: that of the session that it is about.
    pub policy: Policy,
    /// When it was said.
    pub said: Millis,
    /// What was said.
    pub post: NewPost,
}

/// Which posts to list: those that match all that is set.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct PostFilter {
    /// About this session.
    #[uniffi(default = None)]
    pub session: Option<Id>,
    /// About this topic.
    #[uniffi(default = None)]
    pub topic: Option<Tag>,
    /// Said by this person.
    #[uniffi(default = None)]
    pub author: Option<Id>,
    /// In which this person is named.
    #[uniffi(default = None)]
    pub mentioning: Option<Id>,
}

/// What is said in a session that runs at the same time.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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

#[uniffi::export]
impl Device {
    /// Posts in an event. Everybody there sees it, and who said it. Returns its id.
    ///
    /// Errors: `OffTheRecord` about a session that is, `NothingSaid`, `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn write_post(&self, event: Id, post: NewPost) -> Result<Id> {
        self.run(move |device| Ok(device.write_post(event, &post.try_into()?)?)).await
    }

    /// Makes a post of mine say something else. What it said before is dropped, here and wherever this is heard.
    ///
    /// Errors: `NotAllowed` to all but its author, and as `write_post`.
    pub async fn edit_post(&self, id: Id, post: NewPost) -> Result<()> {
        self.run(move |device| Ok(device.edit_post(id, &post.try_into()?)?)).await
    }

    /// Erases a post of mine: its words are gone here, and on each device that hears of it.
    ///
    /// Errors: `NotAllowed` to all but its author, `NotHere`, `FreeSpace`.
    pub async fn erase_post(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase_post(id)?)).await
    }

    /// A post.
    ///
    /// Errors: `NotHere`.
    pub async fn post(&self, id: Id) -> Result<PostRecord> {
        self.run(move |device| Ok(device.post(id)?.into())).await
    }

    /// Of the posts of an event that match, the last `limit` before the post `before`, the newest last: as on a
    /// wall.
    ///
    /// Errors: `NotHere`.
    pub async fn posts(
        &self,
        event: Id,
        filter: PostFilter,
        before: Option<Id>,
        limit: u32,
    ) -> Result<Vec<PostRecord>> {
        let PostFilter { session, topic, author, mentioning } = filter;
        let filter = core::PostFilter { session, topic, author, mentioning };
        self.run(move |device| {
            let before = before.map(|before| device.post(before)).transpose()?;
            Ok(records(device.posts(event, &filter, before.as_ref(), limit)?))
        })
        .await
    }

    /// A post and all that answers it, the newest last.
    ///
    /// Errors: `NotHere`.
    pub async fn thread(&self, id: Id) -> Result<Vec<PostRecord>> {
        self.run(move |device| Ok(records(device.thread(id)?))).await
    }

    /// The last posts of an event in which I am named, the newest last.
    ///
    /// Errors: `NotHere`.
    pub async fn mentions_of_me(&self, event: Id, limit: u32) -> Result<Vec<PostRecord>> {
        self.run(move |device| Ok(records(device.mentions_of_me(event, limit)?))).await
    }

    /// What is said in the sessions that run at `now` in other rooms than that of the session `here`, by room; at
    /// most `limit` posts of each, the newest last.
    ///
    /// Errors: `NotHere`.
    pub async fn other_rooms(
        &self,
        event: Id,
        here: Option<Id>,
        now: Millis,
        limit: u32,
    ) -> Result<Vec<OtherRoom>> {
        self.run(move |device| {
            let rooms = device.other_rooms(event, here, now, limit)?.into_iter();
            let rooms = rooms.map(|core::OtherRoom { room, session, title, posts }| OtherRoom {
                room,
                session,
                title,
                posts: records(posts),
            });
            Ok(rooms.collect())
        })
        .await
    }
}

fn records(posts: Vec<core::PostRecord>) -> Vec<PostRecord> {
    posts.into_iter().map(PostRecord::from).collect()
}

impl TryFrom<NewPost> for core::NewPost {
    type Error = CoreError;

    fn try_from(post: NewPost) -> Result<Self> {
        let NewPost { text, about, reply_to, mentions, everyone } = post;
        Ok(Self { text: prose(&text)?, about, reply_to, mentions: list(mentions)?, everyone })
    }
}

impl From<core::PostRecord> for PostRecord {
    fn from(record: core::PostRecord) -> Self {
        let post = NewPost {
            text: record.post.text().as_str().to_owned(),
            about: record.post.about().cloned(),
            reply_to: record.post.reply_to(),
            mentions: record.post.mentions().to_vec(),
            everyone: record.post.everyone().is_some(),
        };
        Self {
            id: record.id,
            event: record.event,
            author: record.author,
            name: record.name.map(|name| name.as_str().to_owned()),
            mine: record.mine,
            edited: record.edited,
            hidden: record.hidden,
            policy: record.policy,
            said: record.post.said(),
            post,
        }
    }
}
