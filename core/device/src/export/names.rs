//! Taking names out of texts, where what was said may be told but not by whom.

use teilgeber_model::Name;

/// The shortest part of a name that is taken out of a text, in characters: two letters are too many words. A
/// whole name is taken out however short it is.
const PART_MIN: usize = 3;

/// All that these names may be written as, in small letters, the longest first.
pub(super) fn spellings<'a>(names: impl IntoIterator<Item = &'a Name>) -> Vec<String> {
    let mut spelled = Vec::new();
    for name in names {
        let words: Vec<&str> = name.as_str().split_whitespace().collect();
        let parts = words.iter().filter(|part| part.chars().count() >= PART_MIN);
        spelled.extend(parts.map(|part| (*part).to_owned()));
        // As a hashtag or an address writes it.
        spelled.push(words.concat());
        spelled.push(name.to_string());
    }
    let mut spelled: Vec<String> = spelled
        .iter()
        .map(|name| name.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    // The longest first, so that of a full name no part is left.
    spelled.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then(a.cmp(b)));
    spelled.dedup();
    spelled
}

/// A text in which each of these names, in small letters, is `somebody`.
pub(super) fn without_names(text: &str, names: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(next) = rest.chars().next() {
        let begins = !before.is_some_and(joins);
        let found = names.iter().filter(|_| begins).find_map(|name| length_of(rest, name));
        let length = match found {
            Some(length) => {
                out.push_str("somebody");
                length
            }
            None => {
                out.push(next);
                next.len_utf8()
            }
        };
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    out
}

/// Whether a word goes on with this: where letters are neither large nor small, words may stand without
/// spaces, and a name is taken out wherever it stands.
fn joins(character: char) -> bool {
    character.is_lowercase() || character.is_uppercase() || character.is_numeric()
}

/// Whether a hashtag, which is written without spaces, has one of these names in it.
pub(super) fn is_made_of(tag: &str, names: &[String]) -> bool {
    let tag = tag.to_lowercase();
    let long = |name: &&String| name.chars().count() >= PART_MIN;
    names.contains(&tag) || names.iter().filter(long).any(|it| tag.contains(it))
}

/// How many bytes at the beginning of a text are this name, if a whole word ends there.
fn length_of(text: &str, name: &str) -> Option<usize> {
    let mut wanted = name.chars().peekable();
    let mut length = 0;
    for character in text.chars() {
        if wanted.peek().is_none() {
            return (!joins(character)).then_some(length);
        }
        for small in character.to_lowercase() {
            if wanted.next() != Some(small) {
                return None;
            }
        }
        length += character.len_utf8();
    }
    wanted.peek().is_none().then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_out_as_whole_words_in_any_case() {
        let names = ["ada lovelace".to_owned(), "ada".to_owned()];

        assert_eq!(
            without_names("Ada LOVELACE and ada's adage, by Ada", &names),
            "somebody and somebody's adage, by somebody"
        );
        assert_eq!(
            without_names("昨日山田さんが話した", &["山田".to_owned()]),
            "昨日somebodyさんが話した"
        );
    }
}
