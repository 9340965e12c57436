//! Other spellings of German words, so that each is found by the others: *Straße* by `strasse`, *Grüße*
//! by `gruesse` and `grusse`, *Mueller* by `müller`.
//!
//! The index itself folds case and removes accents (`ü` becomes `u`); `ß` and the spelling with an `e` it
//! does not know. Swiss and typed-in-a-hurry `ss` is taken for `ß`, `ae`, `oe`, `ue` for the umlauts
//! (DIN 5007-2 sorts so). Not the other way round: whoever looks for `duell` does not mean *düll*.

use unicode_normalization::UnicodeNormalization;

/// Further spellings of the words of a text, to be indexed beside it. Empty for most texts.
pub(super) fn further(text: &str) -> String {
    if !text.contains(is_special) {
        return String::new();
    }
    let composed: String = text.nfc().collect();
    let words = composed.split(|c: char| !c.is_alphanumeric()).filter(|w| w.contains(is_special));
    let spellings = words.flat_map(|word| {
        let with_e = spelled(word, true);
        let with_ss = Some(spelled(word, false)).filter(|it| it != word && *it != with_e);
        [Some(with_e), with_ss].into_iter().flatten()
    });
    spellings.collect::<Vec<_>>().join(" ")
}

/// How a word that is looked for may be spelled otherwise; `None` where there is one way only.
pub(super) fn other(word: &str) -> Option<String> {
    let composed: String = word.nfc().collect();
    composed.contains(is_special).then(|| spelled(&composed, true))
}

/// `ü` may stand there as `u` and a sign of its own, U+0308.
fn is_special(c: char) -> bool {
    matches!(c, 'ä' | 'ö' | 'ü' | 'ß' | 'Ä' | 'Ö' | 'Ü' | 'ẞ' | '\u{308}')
}

/// The word with `ss` for `ß` and, if `with_e`, `ae` for `ä`.
fn spelled(word: &str, with_e: bool) -> String {
    let mut spelled = String::with_capacity(word.len() + 4);
    for c in word.chars() {
        match c {
            'ß' | 'ẞ' => spelled.push_str("ss"),
            'ä' | 'Ä' if with_e => spelled.push_str("ae"),
            'ö' | 'Ö' if with_e => spelled.push_str("oe"),
            'ü' | 'Ü' if with_e => spelled.push_str("ue"),
            c => spelled.push(c),
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_an_umlaut_or_a_sharp_s_has_other_spellings() {
        assert_eq!(further("Grüße aus der Straße"), "Gruesse Grüsse Strasse");
        assert_eq!(further("Müller mahlt"), "Mueller");
        assert_eq!(further("Mu\u{308}ller"), "Mueller");
        assert_eq!(further("Duell am Fluss, Łódź, señor"), "");
    }

    #[test]
    fn a_query_is_spelled_out_once() {
        assert_eq!(other("Straße").as_deref(), Some("Strasse"));
        assert_eq!(other("grüß").as_deref(), Some("gruess"));
        assert_eq!(other("Muller"), None);
    }
}
