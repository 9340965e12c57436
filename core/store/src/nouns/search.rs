//! Full-text search over everything that has words.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use teilgeber_entry::{DocumentId, Noun, SpaceId};

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

/// What contains all words of `query`, the best first and at most `limit`. Case and accents do not
/// matter. The last word may be the beginning of one, as long as no space follows it and it is more than
/// a single Latin letter or digit, with which nearly everything begins.
///
/// Of more than [`RATED_MAX`] hits those whose documents came last to this device are rated.
///
/// `query` is what a person typed: no character in it has a meaning of its own. Without any letter or
/// digit nothing is found.
///
/// # Errors
/// What the database fails with.
pub fn search(db: &Connection, query: &str, limit: u32) -> rusqlite::Result<Vec<Hit>> {
    const FOUND: &str = "
        SELECT words.noun, space.id AS space, words.id, words.title,
               snippet(search, 1, :from, :to, '…', :tokens) AS snippet
        FROM search
        JOIN words ON words.num = search.rowid
        JOIN space ON space.num = words.space
        WHERE search MATCH :match AND search.rowid > :past AND words.hidden = 0
        ORDER BY search.rank
        LIMIT :limit";

    const NOT_RATED: &str = "
        SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT 1 OFFSET ?2";

    let Some(expression) = match_expression(query) else { return Ok(Vec::new()) };
    let past: Option<i64> = db
        .prepare_cached(NOT_RATED)?
        .query_row(params![expression, RATED_MAX], |row| row.get(0))
        .optional()?;
    let mut statement = db.prepare_cached(FOUND)?;
    let params = named_params! {
        ":match": expression,
        ":past": past.unwrap_or(i64::MIN),
        ":from": FOUND_FROM.to_string(),
        ":to": FOUND_TO.to_string(),
        ":tokens": SNIPPET_TOKENS,
        ":limit": limit,
    };
    statement.query_map(params, row_to_hit)?.collect()
}

/// How many hits are rated at most: a word that is nearly everywhere says little about any of them, and
/// rating all would take longer than a person waits between two keys.
pub const RATED_MAX: u32 = 2_000;

/// Writes what is found of a document.
pub(super) fn put_words(
    tx: &Connection,
    at: &Place,
    noun: Noun,
    title: &str,
    body: &str,
) -> rusqlite::Result<()> {
    // An upsert, so that the index is not touched where only something else has changed.
    let mut put = tx.prepare_cached(
        "INSERT INTO words (num, noun, space, id, hidden, title, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (num) DO UPDATE
         SET hidden = excluded.hidden, title = excluded.title, body = excluded.body",
    )?;
    let id = at.id.as_bytes();
    put.execute(params![at.document, noun.0, at.space, id, at.hidden, title, body]).map(drop)
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

/// The words as FTS5 strings, which have no syntax but their quotes; the last one as a prefix.
fn match_expression(query: &str) -> Option<String> {
    let words: Vec<String> =
        query.split(|c: char| !is_of_a_word(c)).filter(|word| !word.is_empty()).map(cut).collect();
    let (last, others) = words[..words.len().min(WORDS_MAX)].split_last()?;
    let open = words.len() <= WORDS_MAX && query.ends_with(is_of_a_word) && last.len() > 1;
    let mut expression: String = others.iter().map(|word| format!("\"{word}\" ")).collect();
    expression += &format!("\"{last}\"{}", if open { "*" } else { "" });
    Some(expression)
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

        for query in ["zoe", "ZOË", "grusse", "Grüße", "zoe\u{308}"] {
            let found = titles(&db, query);
            // `ß` is a letter of its own.
            assert_eq!(found.is_empty(), query == "grusse", "{query}");
        }
    }

    #[test]
    fn of_too_many_hits_those_that_came_last_are_rated() {
        let first = ("First", "tea, and only here a samovar");
        let rest = std::iter::repeat_n(("Later", "tea"), RATED_MAX as usize);
        let db = with(&std::iter::once(first).chain(rest).collect::<Vec<_>>());

        let found = search(&db, "tea", RATED_MAX * 2).unwrap();

        assert_eq!(found.len(), RATED_MAX as usize);
        assert!(found.iter().all(|hit| hit.title == "Later"));
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
