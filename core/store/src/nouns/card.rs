//! What others see of a person: a put in the card space, and one in each event (their profile there).
//!
//! A put is the canonical bytes of [`Card`]. Those that stand beside each other, because a person's
//! devices made them without knowing of each other, are one card by
//! [`merge_concurrent`](teilgeber_model::Published::merge_concurrent).

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};
use teilgeber_model::{Card, Interest, Level, Name, Published as _, Tag};

use super::CARD;
use super::beginning::Beginning;
use super::search::put_words;
use super::view::{NAMELESS, Place, document_id, put_tags, sort_key, space_id, unreadable};

/// A card as one person published it in one space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// In which event or card space.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Whose it is.
    pub person: PersonId,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What it says.
    pub card: Card,
    sort: String,
}

/// Which cards to list: those that match all that is set.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// With this in the name; case and accents do not matter.
    pub name: Option<String>,
    /// With this hashtag.
    pub tag: Option<Tag>,
    /// With this level: of the hashtag that is asked for, else of any.
    pub level: Option<Level>,
    /// Only whom I met: contacts, and who appeared in an event that began before this one.
    pub met: bool,
}

impl Filter {
    fn admits(&self, card: &Card) -> bool {
        let is_asked = |interest: &Interest| {
            self.tag.as_ref().is_none_or(|tag| *tag == interest.tag)
                && self.level.is_none_or(|level| interest.level == Some(level))
        };
        self.tag.is_none() && self.level.is_none() || card.hashtags().iter().any(is_asked)
    }
}

/// Where a page of a list ends, and the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    sort: String,
    id: DocumentId,
}

impl Published {
    /// The place of this one in [`in_space`].
    pub fn cursor(&self) -> Cursor {
        Cursor { sort: self.sort.clone(), id: self.id }
    }
}

/// The card with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Published>> {
    let sql = "SELECT * FROM published WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_published).optional()
}

/// What a person calls themselves in a space; `None` where they do not say, or were hidden.
///
/// # Errors
/// What the database fails with.
pub fn name_in(
    db: &Connection,
    space: &SpaceId,
    person: &PersonId,
) -> rusqlite::Result<Option<Name>> {
    let sql = "
        SELECT * FROM published
        WHERE person = ?1 AND space = ?2 AND hidden = 0
        ORDER BY id LIMIT 1";
    let params = params![person.as_bytes(), space.as_bytes()];
    let found = db.prepare_cached(sql)?.query_row(params, row_to_published).optional()?;
    Ok(found.and_then(|found| found.card.name().cloned()))
}

/// Cards in any space whose person's id begins so, in the order of persons, at most `limit`. Whom I
/// blocked is not among them.
///
/// # Errors
/// What the database fails with.
pub fn of_ids(
    db: &Connection,
    beginning: &Beginning,
    limit: u32,
) -> rusqlite::Result<Vec<Published>> {
    let Some((low, high)) = &beginning.ids else { return Ok(Vec::new()) };
    let sql = "
        SELECT * FROM published
        WHERE person BETWEEN ?1 AND ?2 AND hidden = 0
          AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = published.person AND blocked = 1)
        ORDER BY person
        LIMIT ?3";
    db.prepare_cached(sql)?.query_map(params![low, high, limit], row_to_published)?.collect()
}

/// Cards in a space whose name begins so, by name, at most `limit`. Whom I blocked is not among them.
///
/// # Errors
/// What the database fails with.
pub fn of_names(
    db: &Connection,
    space: &SpaceId,
    beginning: &Beginning,
    limit: u32,
) -> rusqlite::Result<Vec<Published>> {
    let (from, to) = &beginning.names;
    let sql = "
        SELECT * FROM published
        WHERE space = ?1 AND hidden = 0 AND sort >= ?2 AND sort < ?3
          AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = published.person AND blocked = 1)
        ORDER BY sort, id
        LIMIT ?4";
    let params = params![space.as_bytes(), from, to, limit];
    db.prepare_cached(sql)?.query_map(params, row_to_published)?.collect()
}

/// All cards of a person, hidden ones included, in the order of spaces: across events, to know
/// somebody again.
///
/// # Errors
/// What the database fails with.
pub fn of_person(db: &Connection, person: &PersonId) -> rusqlite::Result<Vec<Published>> {
    let sql = "SELECT * FROM published WHERE person = ?1 ORDER BY space, id";
    db.prepare_cached(sql)?.query_map([person.as_bytes()], row_to_published)?.collect()
}

/// The cards in a space by name, at most `limit` after `after`; without a name last.
/// Whom I blocked is in none of these lists.
///
/// # Errors
/// What the database fails with.
pub fn in_space(
    db: &Connection,
    space: &SpaceId,
    after: Option<&Cursor>,
    limit: u32,
) -> rusqlite::Result<Vec<Published>> {
    let sql = "
        SELECT * FROM published
        WHERE space = :space AND hidden = 0 AND (sort, id) > (:sort, :id)
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = published.id)
          AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = published.person AND blocked = 1)
        ORDER BY sort, id
        LIMIT :limit";
    let params = named_params! {
        ":space": space.as_bytes(),
        // No id is empty, so all rows come after this pair.
        ":sort": after.map_or("", |cursor| &cursor.sort),
        ":id": after.map_or(&[][..], |cursor| cursor.id.as_bytes()),
        ":limit": limit,
    };
    db.prepare_cached(sql)?.query_map(params, row_to_published)?.collect()
}

/// The cards in a space with this hashtag, by name.
///
/// # Errors
/// What the database fails with.
pub fn with_tag(db: &Connection, space: &SpaceId, tag: &Tag) -> rusqlite::Result<Vec<Published>> {
    let sql = "
        SELECT * FROM published
        WHERE space = ?1 AND hidden = 0 AND document IN (SELECT document FROM tag WHERE tag = ?2)
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = published.id)
          AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = published.person AND blocked = 1)
        ORDER BY sort, id";
    let params = params![space.as_bytes(), tag.folded()];
    db.prepare_cached(sql)?.query_map(params, row_to_published)?.collect()
}

/// The cards in a space that match, by name, at most `limit` after `after`.
///
/// # Errors
/// What the database fails with.
pub fn matching(
    db: &Connection,
    space: &SpaceId,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: u32,
) -> rusqlite::Result<Vec<Published>> {
    let sql = "
        SELECT * FROM published
        WHERE space = :space AND hidden = 0 AND (sort, id) > (:sort, :id)
          AND instr(sort, :name) > 0
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = published.id)
          AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = published.person AND blocked = 1)
          AND (:met = 0
            OR person IN (SELECT person FROM contact)
            OR person IN (
              SELECT earlier.person
              FROM published AS earlier JOIN camp ON camp.space = earlier.space
              WHERE earlier.hidden = 0
                AND camp.first < (SELECT min(first) FROM camp WHERE space = :space)))
        ORDER BY sort, id";
    let params = named_params! {
        ":space": space.as_bytes(),
        ":sort": after.map_or("", |cursor| &cursor.sort),
        ":id": after.map_or(&[][..], |cursor| cursor.id.as_bytes()),
        // Every name contains the empty one.
        ":met": filter.met,
        ":name": filter.name.as_ref().map_or_else(String::new, |name| sort_key(name.trim())),
    };
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while found.len() < limit as usize
        && let Some(row) = rows.next()?
    {
        let published = row_to_published(row)?;
        if filter.admits(&published.card) {
            found.push(published);
        }
    }
    Ok(found)
}

/// How many cards there are in a space.
///
/// # Errors
/// What the database fails with.
pub fn count(db: &Connection, space: &SpaceId) -> rusqlite::Result<u64> {
    let sql = "
        SELECT count(*) FROM published
        WHERE space = ?1 AND hidden = 0
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = published.id)
          AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = published.person AND blocked = 1)";
    let count: i64 = db.prepare_cached(sql)?.query_row([space.as_bytes()], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Writes the rows of a card.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    person: &PersonId,
    card: &Card,
) -> rusqlite::Result<()> {
    let name = card.name().map_or("", Name::as_str);
    tx.prepare_cached(
        "INSERT OR REPLACE INTO profile (document, space, id, hidden, person, sort, card)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        person.as_bytes(),
        card.name().map_or(NAMELESS.to_owned(), |name| sort_key(name.as_str())),
        card.encode()
    ])?;
    put_tags(tx, at, card.hashtags().iter().map(|interest| &interest.tag))?;
    put_words(tx, at, CARD, name, &words(card))
}

/// What is found of a card beside its name.
pub(super) fn words(card: &Card) -> String {
    let tags = card.hashtags().iter().map(|interest| interest.tag.as_str());
    let links = card.links().iter().map(|link| link.as_str());
    let words: Vec<_> = [card.bio().as_str()].into_iter().chain(tags).chain(links).collect();
    words.join("\n")
}

fn row_to_published(row: &Row<'_>) -> rusqlite::Result<Published> {
    let bytes = row.get_ref("card")?.as_blob()?;
    Ok(Published {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        person: PersonId::from_bytes(row.get("person")?),
        hidden: row.get("hidden")?,
        card: Card::decode(bytes).map_err(|error| unreadable(row, "card", error))?,
        sort: row.get("sort")?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use teilgeber_entry::{AuthorId, EntryId};
    use teilgeber_model::{Bio, Hashtags};

    use super::*;
    use crate::nouns::published::read;
    use crate::nouns::samples::{SPACE, card, database, hold, line, place};
    use crate::nouns::{CountedPut, State, project, search};

    const ADA: PersonId = PersonId::from_bytes([100; 32]);

    fn named(name: &str) -> Card {
        Card::default().with_name(Some(line(name)))
    }

    fn put(entry: u8, time: u64, value: &[u8]) -> CountedPut<'_> {
        let (author, id) = (AuthorId::from_bytes([entry; 32]), EntryId::from_bytes([entry; 32]));
        CountedPut { person: ADA, author, time, id, value }
    }

    fn publish(db: &Connection, at: &Place, card: &Card) {
        let value = card.encode();
        project(db, at, CARD, State::Puts(&[put(1, 1, &value)])).unwrap();
    }

    fn names(cards: &[Published]) -> Vec<&str> {
        cards.iter().map(|one| one.card.name().map_or("", Name::as_str)).collect()
    }

    #[test]
    fn the_people_of_an_event_stand_by_name_page_by_page() {
        let db = database();
        for (number, name) in (1..).zip(["Zoë", "ada", "Éva", "Eva", "Bo"]) {
            publish(&db, &place(number), &named(name));
        }
        publish(&db, &place(6), &Card::default());
        publish(&db, &Place { hidden: true, ..place(7) }, &named("Hidden"));

        let mut pages = Vec::new();
        let mut after = None;
        loop {
            let page = in_space(&db, &SPACE, after.as_ref(), 2).unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.cursor());
            pages.push(names(&page).join(" "));
        }

        assert_eq!(pages, ["ada Bo", "Éva Eva", "Zoë "]);
        assert_eq!(count(&db, &SPACE).unwrap(), 6);
        assert!(get(&db, &place(7).id).unwrap().unwrap().hidden);
    }

    #[test]
    fn a_page_is_read_from_the_index_alone() {
        let db = database();
        let plan = "EXPLAIN QUERY PLAN SELECT * FROM published
                    WHERE space = x'' AND hidden = 0 AND (sort, id) > ('', x'')
                      AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = published.id)
                      AND NOT EXISTS (SELECT 1 FROM muted
                                      WHERE muted.person = published.person AND blocked = 1)
                    ORDER BY sort, id LIMIT 50";
        let mut statement = db.prepare(plan).unwrap();
        let steps = statement.query_map([], |row| row.get(3)).unwrap();
        let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();

        assert!(steps.iter().any(|step| step.contains("profile_by_name")), "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
    }

    #[test]
    fn a_person_is_recognised_across_events() {
        let db = database();
        let other = SpaceId::from_bytes([0xbb; 32]);
        hold(&db, 2, other);
        publish(&db, &place(1), &named("Ada"));
        publish(&db, &Place { space: 2, ..place(2) }, &named("Ada L."));

        assert_eq!(names(&of_person(&db, &ADA).unwrap()), ["Ada", "Ada L."]);
        assert_eq!(names(&in_space(&db, &other, None, 9).unwrap()), ["Ada L."]);
    }

    #[test]
    fn people_are_found_by_hashtag_and_by_what_they_say() {
        let db = database();
        let tag = Tag::new("Rust").unwrap();
        let interests = Hashtags::new(vec![Interest { tag: tag.clone(), level: None }]).unwrap();
        publish(&db, &place(1), &named("Ada").with_hashtags(interests));
        publish(&db, &place(2), &named("Bo").with_bio(Bio::new("Likes iron").unwrap()));

        assert_eq!(names(&with_tag(&db, &SPACE, &tag).unwrap()), ["Ada"]);
        assert_eq!(search::search(&db, "rust", 9).unwrap()[0].title, "Ada");
        assert_eq!(search::search(&db, "iron", 9).unwrap()[0].title, "Bo");
    }

    #[test]
    fn people_are_chosen_by_a_part_of_the_name_a_hashtag_and_a_level() {
        let db = database();
        let tag = |tag: &str| Tag::new(tag).unwrap();
        let knows = |name: &str, word: &str, level| {
            let interest = Interest { tag: tag(word), level };
            named(name).with_hashtags(Hashtags::new(vec![interest]).unwrap())
        };
        publish(&db, &place(1), &knows("Zoë Ärmel", "tea", Some(Level::Expert)));
        publish(&db, &place(2), &knows("Ada", "tea", None));
        publish(&db, &place(3), &knows("Arma", "rust", Some(Level::Expert)));
        publish(&db, &place(4), &Card::default());
        publish(&db, &Place { hidden: true, ..place(5) }, &named("Hidden armchair"));
        let found = |filter: &Filter| {
            let found = matching(&db, &SPACE, filter, None, 9).unwrap();
            names(&found).join(", ")
        };
        let all = Filter::default();

        assert_eq!(found(&all), "Ada, Arma, Zoë Ärmel, ");
        assert_eq!(found(&Filter { name: Some(" ARM".into()), ..all.clone() }), "Arma, Zoë Ärmel");
        assert_eq!(found(&Filter { tag: Some(tag("Tea")), ..all.clone() }), "Ada, Zoë Ärmel");
        let expert = Filter { level: Some(Level::Expert), ..all.clone() };
        assert_eq!(found(&expert), "Arma, Zoë Ärmel");
        assert_eq!(found(&Filter { tag: Some(tag("tea")), ..expert.clone() }), "Zoë Ärmel");
        let first = matching(&db, &SPACE, &expert, None, 1).unwrap();
        let rest = matching(&db, &SPACE, &expert, Some(&first[0].cursor()), 9).unwrap();
        assert_eq!((names(&first), names(&rest)), (vec!["Arma"], vec!["Zoë Ärmel"]));
    }

    #[test]
    fn a_put_that_is_no_card_does_not_count() {
        let db = database();
        publish(&db, &place(1), &named("Ada"));

        project(&db, &place(1), CARD, State::Puts(&[put(1, 1, b"no card")])).unwrap();
        assert_eq!(get(&db, &place(1).id).unwrap(), None);

        let value = named("Ada").encode();
        let puts = [put(1, 1, b"no card"), put(2, 1, &value)];
        project(&db, &place(1), CARD, State::Puts(&puts)).unwrap();
        assert_eq!(get(&db, &place(1).id).unwrap().unwrap().card, named("Ada"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn concurrent_puts_are_one_card_in_whatever_order_they_come(
            cards in prop::collection::vec((0..3u64, card()), 1..4),
        ) {
            let values: Vec<_> = cards.iter().map(|(time, card)| (*time, card.encode())).collect();
            let puts: Vec<_> =
                (0..).zip(&values).map(|(entry, (time, value))| put(entry, *time, value)).collect();
            let mut backward = puts.clone();
            backward.reverse();

            prop_assert_eq!(read::<Card>(&puts), read(&backward));
            prop_assert!(cards.len() > 1 || read(&puts) == Some((ADA, cards[0].1.clone())));
        }
    }
}
