//! A short text on the wall of an event: a numbered document, put by its author alone.
//!
//! A put is the canonical bytes of [`Post`]. Its place on the wall follows from when its author says that
//! it was said first, so an edit does not move it.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};
use teilgeber_model::{About, Id, Millis, Post, Published as _, Tag};

use super::search::{Belongs, put_words_of};
use super::view::{CountedPut, Place, document_id, number, space_id, unreadable};
use super::{Beginning, POST};

/// The most posts of one thread that are read: more is a room full of people, not an answer.
pub const THREAD_MAX: u32 = 500;

/// A post, and who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// In which event.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Who said it.
    pub person: PersonId,
    /// When they last changed it, as they say.
    pub changed: Millis,
    /// What they said.
    pub post: Post,
}

/// Which posts to list: those that match all that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// About this session.
    pub session: Option<Id>,
    /// About this topic.
    pub topic: Option<Tag>,
    /// Said by this person.
    pub person: Option<PersonId>,
    /// In which this person is named.
    pub mentioning: Option<PersonId>,
}

/// The post with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Said>> {
    let sql = "SELECT * FROM wall WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_said).optional()
}

/// Of the posts of an event that match, the last `limit` before the one at `before` (when it was said,
/// and its id), the newest last.
///
/// # Errors
/// What the database fails with.
pub fn list(
    db: &Connection,
    space: &SpaceId,
    filter: &Filter,
    before: Option<(Millis, DocumentId)>,
    limit: u32,
) -> rusqlite::Result<Vec<Said>> {
    let (said, id) = before.map_or((i64::MAX, [0; 32]), |(said, id)| {
        (i64::try_from(said.get()).unwrap_or(i64::MAX), *id.as_bytes())
    });
    let params = named_params! {
        ":space": space.as_bytes(),
        ":said": said,
        ":id": id,
        ":session": filter.session.map(|id| *id.as_bytes()),
        ":topic": filter.topic.as_ref().map(Tag::folded),
        ":person": filter.person.as_ref().map(PersonId::as_bytes),
        ":mentioning": filter.mentioning.as_ref().map(PersonId::as_bytes),
        ":limit": limit,
    };
    let mut statement = db.prepare_cached(include_str!("post/list.sql"))?;
    let mut found: Vec<Said> =
        statement.query_map(params, row_to_said)?.collect::<Result<_, _>>()?;
    found.reverse();
    Ok(found)
}

/// Posts of any event whose id begins so, at most `limit`; neither hidden ones nor those of whom I muted.
///
/// # Errors
/// What the database fails with.
pub fn of_ids(
    db: &Connection,
    beginning: &Beginning,
    limit: u32,
) -> rusqlite::Result<Vec<DocumentId>> {
    let Some((low, high)) = &beginning.ids else { return Ok(Vec::new()) };
    let sql = "
        SELECT id FROM post
        WHERE id BETWEEN ?1 AND ?2 AND hidden = 0
          AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = post.person)
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = post.id)
        ORDER BY id LIMIT ?3";
    let id = |row: &Row<'_>| document_id(row, "id");
    db.prepare_cached(sql)?.query_map(params![low, high, limit], id)?.collect()
}

/// The post `root` and what answers it, the newest last.
///
/// # Errors
/// What the database fails with.
pub fn thread(db: &Connection, root: &DocumentId) -> rusqlite::Result<Vec<Said>> {
    let params = named_params! { ":root": root.as_bytes(), ":limit": THREAD_MAX };
    let mut statement = db.prepare_cached(include_str!("post/thread.sql"))?;
    statement.query_map(params, row_to_said)?.collect()
}

/// Writes the rows of a post.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    put: &CountedPut<'_>,
    post: &Post,
) -> rusqlite::Result<()> {
    let (topic, about) = match post.about() {
        Some(About::Topic(topic)) => (Some(topic.folded()), None),
        Some(About::Person(person)) => (None, Some(*person.as_bytes())),
        _ => (None, None),
    };
    tx.prepare_cached(
        "INSERT OR REPLACE INTO post
             (document, space, id, hidden, person, said, changed, session, topic, about, reply_to,
              value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        put.person.as_bytes(),
        post.said().get() as i64,
        put.time as i64,
        post.session().map(|id| *id.as_bytes()),
        topic,
        about,
        post.reply_to().map(|id| *id.as_bytes()),
        post.encode()
    ])?;
    tx.prepare_cached("DELETE FROM mention WHERE document = ?1")?.execute([at.document])?;
    let mut insert = tx.prepare_cached("INSERT INTO mention (document, person) VALUES (?1, ?2)")?;
    for person in post.mentions().iter() {
        insert.execute(params![at.document, person.as_bytes()])?;
    }
    let belongs = Belongs { session: post.session(), ..Belongs::default() };
    put_words_of(tx, at, POST, "", post.text().as_str(), belongs)
}

/// Removes the rows of a post.
pub(super) fn remove(tx: &Connection, at: &Place) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM mention WHERE document = ?1")?.execute([at.document])?;
    tx.prepare_cached("DELETE FROM post WHERE document = ?1")?.execute([at.document]).map(drop)
}

fn row_to_said(row: &Row<'_>) -> rusqlite::Result<Said> {
    let bytes = row.get_ref("value")?.as_blob()?;
    Ok(Said {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        hidden: row.get("hidden")?,
        person: PersonId::from_bytes(row.get("person")?),
        changed: number(row, "changed")?,
        post: Post::decode(bytes).map_err(|error| unreadable(row, "value", error))?,
    })
}

#[cfg(test)]
mod tests {
    use teilgeber_entry::{AuthorId, EntryId};
    use teilgeber_model::{List, PostText};

    use super::*;
    use crate::nouns::samples::{SPACE, database, place};
    use crate::nouns::{State, project, search};

    const ADA: PersonId = PersonId::from_bytes([100; 32]);
    const BO: PersonId = PersonId::from_bytes([101; 32]);

    fn post(text: &str, said: u64) -> Post {
        Post::new(PostText::new(text).unwrap(), Millis::new(said).unwrap()).unwrap()
    }

    fn publish(db: &Connection, at: &Place, person: PersonId, post: &Post) {
        let value = post.encode();
        let (author, id) = (AuthorId::from_bytes([1; 32]), EntryId::from_bytes([1; 32]));
        let put = CountedPut { person, author, time: 9, id, value: &value };
        project(db, at, POST, State::Puts(&[put])).unwrap();
    }

    fn texts(posts: &[Said]) -> Vec<&str> {
        posts.iter().map(|said| said.post.text().as_str()).collect()
    }

    #[test]
    fn the_wall_is_read_page_by_page_from_its_end() {
        let db = database();
        for (number, said) in [(1, 30), (2, 10), (3, 20), (4, 20)] {
            publish(&db, &place(number), ADA, &post(&number.to_string(), said));
        }
        publish(&db, &Place { hidden: true, ..place(5) }, ADA, &post("hidden", 40));

        let all = Filter::default();
        let last = list(&db, &SPACE, &all, None, 2).unwrap();
        assert_eq!(texts(&last), ["4", "1"]);
        let before = (last[0].post.said(), last[0].id);
        let earlier = list(&db, &SPACE, &all, Some(before), 9).unwrap();
        assert_eq!(texts(&earlier), ["2", "3"]);
        assert!(get(&db, &place(5).id).unwrap().unwrap().hidden);
    }

    #[test]
    fn posts_are_found_by_what_they_are_about_and_who_is_in_them() {
        let db = database();
        let session = Id::new([7; 32]);
        let tea = Tag::new("Tea").unwrap();
        let bo = Id::new(*BO.as_bytes());
        let about = |post: Post, about| post.with_about(Some(about));
        publish(&db, &place(1), ADA, &about(post("in the room", 1), About::Session(session)));
        publish(&db, &place(2), BO, &about(post("a topic", 2), About::Topic(tea.clone())));
        let named = post("with Bo", 3).with_mentions(List::new(vec![bo]).unwrap());
        publish(&db, &place(3), ADA, &named);

        let found = |filter: Filter| {
            let found = list(&db, &SPACE, &filter, None, 9).unwrap();
            texts(&found).join(" | ")
        };
        assert_eq!(found(Filter { session: Some(session), ..Filter::default() }), "in the room");
        assert_eq!(found(Filter { topic: Some(tea), ..Filter::default() }), "a topic");
        assert_eq!(
            found(Filter { person: Some(ADA), ..Filter::default() }),
            "in the room | with Bo"
        );
        assert_eq!(found(Filter { mentioning: Some(BO), ..Filter::default() }), "with Bo");
        assert_eq!(search::search(&db, "room", 9).unwrap()[0].id, place(1).id);
    }

    #[test]
    fn a_thread_goes_down_and_a_circle_ends() {
        let db = database();
        let id = |number: u8| Some(Id::new(*place(number).id.as_bytes()));
        publish(&db, &place(1), ADA, &post("one", 1).with_reply_to(id(3)));
        publish(&db, &place(2), BO, &post("two", 2).with_reply_to(id(1)));
        publish(&db, &place(3), ADA, &post("three", 3).with_reply_to(id(2)));
        publish(&db, &place(4), ADA, &post("elsewhere", 4));

        assert_eq!(texts(&thread(&db, &place(1).id).unwrap()), ["one", "two", "three"]);
        assert_eq!(texts(&thread(&db, &place(4).id).unwrap()), ["elsewhere"]);
    }

    #[test]
    fn of_an_edited_post_the_last_text_is_there_and_of_an_erased_one_nothing() {
        let db = database();
        publish(&db, &place(1), ADA, &post("first words", 1));
        publish(&db, &place(1), ADA, &post("second thoughts", 1));

        assert_eq!(search::search(&db, "words", 9).unwrap(), []);
        assert_eq!(
            texts(&list(&db, &SPACE, &Filter::default(), None, 9).unwrap()),
            ["second thoughts"]
        );
        project(&db, &place(1), POST, State::Gone).unwrap();
        assert_eq!(list(&db, &SPACE, &Filter::default(), None, 9).unwrap(), []);
    }
}
