//! Full-text search over everything that has words.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use teilgeber_entry::{DocumentId, Noun, PersonId, SpaceId};
use teilgeber_model::Id;

use super::spelling;
use super::view::{Place, document_id, space_id};

/// The most words of a query that count. Further ones hardly narrow what is found, and each costs.
const WORDS_MAX: usize = 16;

/// The most scalar values of one word that count.
const WORD_CHARS: usize = 64;

/// How many words of a text a hit shows around what was found.
const SNIPPET_TOKENS: u32 = 14;

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub noun: Noun,
    /// In which space.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Its title or name; empty where it has none.
    pub title: String,
    /// A piece of its text around what was found, or its beginning.
    pub snippet: Vec<Piece>,
}

/// A part of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether they are what was looked for.
    pub found: bool,
}

/// Where to search: among what matches all that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Only what is of this noun.
    pub noun: Option<Noun>,
    /// Only what is in this event, and what of mine belongs to it.
    pub event: Option<SpaceId>,
    /// Only what belongs to this session, and the session.
    pub session: Option<DocumentId>,
    /// Only what is this person's, or about them.
    pub person: Option<PersonId>,
}

/// What contains all words of `query`, the best first and at most `limit`. Case and accents do not
/// matter, nor does German spelling (`ß` or `ss`, `ü` or `ue`). The last word may be the beginning of one,
/// as long as no space follows it and it is more than a single Latin letter or digit, with which nearly
/// everything begins.
///
/// More than [`RATED_MAX`] hits are not rated: of those that came last to this device the ones with all
/// words in their title are in front, and otherwise the latest.
///
/// `query` is what a person typed: no character in it has a meaning of its own. Without any letter or
/// digit nothing is found.
///
/// # Errors
/// What the database fails with.
pub fn search(db: &Connection, query: &str, limit: u32) -> rusqlite::Result<Vec<Hit>> {
    search_in(db, query, &Narrow::default(), limit)
}

/// As [`search`], only among what matches all that `narrow` says.
///
/// # Errors
/// What the database fails with.
pub fn search_in(
    db: &Connection,
    query: &str,
    narrow: &Narrow,
    limit: u32,
) -> rusqlite::Result<Vec<Hit>> {
    let Some(expression) = match_expression(query) else { return Ok(Vec::new()) };
    let noun = narrow.noun.map(|noun| noun.0);
    let event = narrow.event.as_ref().map(SpaceId::as_bytes);
    let session = narrow.session.as_ref().map(DocumentId::as_bytes);
    let person = narrow.person.as_ref().map(PersonId::as_bytes);
    let not_rated = match *narrow == Narrow::default() {
        true => include_str!("search/not_rated.sql"),
        false => include_str!("search/not_rated_of_narrow.sql"),
    };
    let all = params![expression, RATED_MAX, noun, event, session, person];
    let few = params![expression, RATED_MAX];
    let params = if *narrow == Narrow::default() { few } else { all };
    let past: Option<i64> =
        db.prepare_cached(not_rated)?.query_row(params, |row| row.get(0)).optional()?;
    let past = past.unwrap_or(i64::MIN);
    let find = |order: &str, titled: Option<&str>| -> rusqlite::Result<Vec<Hit>> {
        let params = named_params! {
            ":match": expression,
            ":past": past,
            ":titled": titled,
            ":noun": noun,
            ":event": event,
            ":session": session,
            ":person": person,
            ":from": FOUND_FROM.to_string(),
            ":to": FOUND_TO.to_string(),
            ":tokens": SNIPPET_TOKENS,
            ":limit": limit,
        };
        db.prepare_cached(order)?.query_map(params, row_to_hit)?.collect()
    };
    if past == i64::MIN {
        return find(BEST_FIRST, None);
    }
    let mut hits = find(LATEST_FIRST, Some(&format!("title : ({expression})")))?;
    let latest = find(LATEST_FIRST, None)?;
    let further: Vec<Hit> = latest.into_iter().filter(|hit| !hits.contains(hit)).collect();
    hits.extend(further);
    hits.truncate(limit as usize);
    Ok(hits)
}

const BEST_FIRST: &str =
    concat!(include_str!("search/found.sql"), "ORDER BY search.rank LIMIT :limit");
const LATEST_FIRST: &str =
    concat!(include_str!("search/found.sql"), "ORDER BY search.rowid DESC LIMIT :limit");

/// How many hits are rated at most: a word that is nearly everywhere says little about any of them, and
/// for rating even a few of them the index counts all, which takes longer than a person waits between
/// two keys.
pub const RATED_MAX: u32 = 2_000;

/// What a document belongs to, beside its space and its maker.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Belongs {
    /// Whom it is about, where that is not its maker.
    pub(super) person: Option<Id>,
    /// The session.
    pub(super) session: Option<Id>,
    /// The event, where it lies in another space.
    pub(super) event: Option<Id>,
}

/// Writes what is found of a document that belongs to nothing else.
pub(super) fn put_words(
    tx: &Connection,
    at: &Place,
    noun: Noun,
    title: &str,
    body: &str,
) -> rusqlite::Result<()> {
    put_words_of(tx, at, noun, title, body, Belongs::default())
}

/// Writes what is found of a document.
pub(super) fn put_words_of(
    tx: &Connection,
    at: &Place,
    noun: Noun,
    title: &str,
    body: &str,
    belongs: Belongs,
) -> rusqlite::Result<()> {
    let maker = at.maker_person.map(|person| *person.as_bytes());
    let also = [spelling::further(title), spelling::further(body)].join(" ");
    tx.prepare_cached(include_str!("search/put.sql"))?
        .execute(named_params! {
            ":num": at.document,
            ":noun": noun.0,
            ":space": at.space,
            ":id": at.id.as_bytes(),
            ":hidden": at.hidden,
            ":title": title,
            ":body": body,
            ":also": also.trim(),
            ":person": belongs.person.map(|id| *id.as_bytes()).or(maker),
            ":session": belongs.session.map(|id| *id.as_bytes()),
            ":event": belongs.event.map(|id| *id.as_bytes()),
        })
        .map(drop)
}

/// Marks in a snippet what was found. Texts hold neither: they are control characters.
const FOUND_FROM: char = '\u{2}';
const FOUND_TO: char = '\u{3}';

fn row_to_hit(row: &Row<'_>) -> rusqlite::Result<Hit> {
    Ok(Hit {
        noun: Noun(row.get("noun")?),
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        title: row.get("title")?,
        snippet: pieces(row.get_ref("snippet")?.as_str()?),
    })
}

fn pieces(snippet: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut found = false;
    for text in snippet.split([FOUND_FROM, FOUND_TO]) {
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), found });
        }
        found = !found;
    }
    pieces
}

/// The words as FTS5 strings, which have no syntax but their quotes; the last one as a prefix. Each in
/// any of its spellings.
fn match_expression(query: &str) -> Option<String> {
    let words: Vec<String> =
        query.split(|c: char| !is_of_a_word(c)).filter(|word| !word.is_empty()).map(cut).collect();
    let counting = &words[..words.len().min(WORDS_MAX)];
    let open = words.len() <= WORDS_MAX && query.ends_with(is_of_a_word);
    let last = counting.len().checked_sub(1)?;
    let expression = |(n, word): (usize, &String)| {
        let any_ending = if n == last && open && word.len() > 1 { "*" } else { "" };
        match spelling::other(word) {
            Some(other) => format!("(\"{word}\"{any_ending} OR \"{other}\"{any_ending})"),
            None => format!("\"{word}\"{any_ending}"),
        }
    };
    Some(counting.iter().enumerate().map(expression).collect::<Vec<_>>().join(" AND "))
}

/// Near what FTS5's `unicode61` takes for a part of a word; where they differ, the word is found as
/// a phrase or not at all.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn cut(word: &str) -> String {
    word.chars().take(WORD_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nouns::NOTE;
    use crate::nouns::samples::{SPACE, database, place};

    fn with(texts: &[(&str, &str)]) -> Connection {
        let db = database();
        for (document, (title, body)) in (1..).zip(texts) {
            let at = Place { document, ..place(1) };
            put_words(&db, &at, NOTE, title, body).unwrap();
        }
        db
    }

    fn titles(db: &Connection, query: &str) -> Vec<String> {
        search(db, query, 10).unwrap().into_iter().map(|hit| hit.title).collect()
    }

    #[test]
    fn all_words_are_looked_for_and_the_last_may_be_a_beginning() {
        let db = with(&[("one", "local first software"), ("two", "first come first served")]);

        assert_eq!(titles(&db, "first"), ["two", "one"]);
        assert_eq!(titles(&db, "first soft"), ["one"]);
        assert_eq!(titles(&db, "first soft "), [""; 0]);
        assert_eq!(titles(&db, "firs software"), [""; 0]);
        assert_eq!(titles(&db, "f"), [""; 0]);
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        let db = with(&[("Zoë", "Grüße aus Łódź")]);

        for query in ["zoe", "ZOË", "grusse", "gruesse", "Grüße", "grü", "zoe\u{308}"] {
            assert_eq!(titles(&db, query), ["Zoë"], "{query}");
        }
    }

    #[test]
    fn german_words_are_found_in_any_spelling() {
        let db =
            with(&[("sharp", "Straße"), ("swiss", "Strasse"), ("Müller", ""), ("Mueller", "")]);

        for query in ["straße", "Stra", "STRASSE"] {
            let found = titles(&db, query);
            assert!(found.contains(&"sharp".to_owned()), "{query}");
        }
        assert_eq!(titles(&db, "strasse"), ["swiss", "sharp"]);
        assert_eq!(titles(&db, "straße"), ["sharp", "swiss"]);
        let mut both = titles(&db, "müller");
        both.sort();
        assert_eq!(both, ["Mueller", "Müller"]);
        assert_eq!(titles(&db, "muller"), ["Müller"]);
        db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)", []).unwrap();
    }

    #[test]
    fn a_search_is_narrowed_down() {
        let db = database();
        let (ada, session) = (PersonId::from_bytes([1; 32]), Id::new([7; 32]));
        let here = Place { maker_person: Some(ada), ..place(1) };
        let belongs = Belongs { session: Some(session), ..Belongs::default() };
        put_words_of(&db, &here, NOTE, "one", "tea", belongs).unwrap();
        put_words(&db, &place(2), crate::nouns::CARD, "two", "tea").unwrap();
        let found = |narrow: Narrow| {
            let hits = search_in(&db, "tea", &narrow, 9).unwrap();
            hits.into_iter().map(|hit| hit.title).collect::<Vec<_>>().join(" ")
        };
        let all = Narrow::default;

        assert_eq!(found(Narrow { person: Some(ada), ..all() }), "one");
        assert_eq!(found(Narrow { noun: Some(crate::nouns::CARD), ..all() }), "two");
        let session = Some(DocumentId::from_bytes(*session.as_bytes()));
        assert_eq!(found(Narrow { session, ..all() }), "one");
        assert_eq!(found(Narrow { session, noun: Some(crate::nouns::CARD), ..all() }), "");
        assert_eq!(found(Narrow { session: Some(place(2).id), ..all() }), "two");
        let elsewhere = SpaceId::from_bytes([9; 32]);
        assert_eq!(found(Narrow { event: Some(elsewhere), ..all() }), "");
        assert_eq!(found(Narrow { event: Some(SPACE), ..all() }).len(), "one two".len());
    }

    #[test]
    fn of_too_many_hits_those_that_came_last_are_found_titles_in_front() {
        let first = ("First", "tea, and only here a samovar");
        let titled = [("Tea one", ""), ("Tea two", "tea and tea")];
        let rest = std::iter::repeat_n(("Later", "tea"), RATED_MAX as usize - 3);
        let all = std::iter::once(first).chain(titled).chain(rest).chain([("Last", "tea")]);
        let db = with(&all.collect::<Vec<_>>());

        let found = search(&db, "tea", RATED_MAX * 2).unwrap();

        assert_eq!(found.len(), RATED_MAX as usize);
        assert!(found.iter().all(|hit| hit.title != "First"));
        assert_eq!(titles(&db, "tea")[..4], ["Tea two", "Tea one", "Last", "Later"]);
        assert_eq!(titles(&db, "tea").len(), 10);
        assert_eq!(titles(&db, "tea samovar"), ["First"]);
    }

    #[test]
    fn a_word_in_the_title_weighs_more() {
        let db = with(&[("Other", "tea tea tea tea"), ("Tea", "of all kinds and none at all")]);

        assert_eq!(titles(&db, "tea"), ["Tea", "Other"]);
    }

    #[test]
    fn a_hit_says_where_it_is_and_shows_what_was_found() {
        let db = with(&[("", "We met at the coffee machine.")]);

        let hits = search(&db, "coff", 1).unwrap();

        let piece = |text: &str, found| Piece { text: text.to_owned(), found };
        let snippet =
            vec![piece("We met at the ", false), piece("coffee", true), piece(" machine.", false)];
        let (space, id) = (SPACE, place(1).id);
        assert_eq!(hits, [Hit { noun: NOTE, space, id, title: String::new(), snippet }]);
    }

    #[test]
    fn what_is_hidden_or_rewritten_or_removed_is_not_found() {
        let db = with(&[("one", "tea"), ("two", "tea"), ("three", "tea")]);
        put_words(&db, &Place { hidden: true, ..place(1) }, NOTE, "one", "tea").unwrap();
        put_words(&db, &place(2), NOTE, "two", "coffee").unwrap();
        db.execute("DELETE FROM words WHERE num = 3", []).unwrap();

        assert_eq!(titles(&db, "tea"), [""; 0]);
        assert_eq!(titles(&db, "coffee"), ["two"]);
        db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)", []).unwrap();
    }

    #[test]
    fn nothing_that_is_typed_is_syntax() {
        let db = with(&[("one", "a NEAR b: c-d \"e\" f*")]);

        for query in
            ["\"", "a AND", "NEAR(a b)", "c-d", "body:a", "^a", "a*", "\"e", "-", "(", "a\0b"]
        {
            search(&db, query, 1).unwrap();
        }
        assert_eq!(titles(&db, "c-d"), ["one"]);
        assert_eq!(titles(&db, "(\"e\")"), ["one"]);
        assert_eq!(titles(&db, " - "), [""; 0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn any_query_finds_something_or_nothing(query: String, words in "(\\PC{0,5}[ \"*^:-]){0,30}") {
            let db = with(&[("one", &query)]);
            search(&db, &query, 3).unwrap();
            search(&db, &words, 3).unwrap();
        }

        #[test]
        fn a_text_is_found_by_its_words(words in "[a-zA-Zäöüéñ]{1,9}( [a-zA-Z0-9äöü]{1,9}){0,4}") {
            let db = with(&[("one", &words)]);
            prop_assert_eq!(titles(&db, &words), ["one"]);
        }
    }
}
