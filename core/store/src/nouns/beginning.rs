//! What an id or a name begins with: how people say at a keyboard which thing they mean.

use super::view::sort_key;

/// The ids and the names that begin with a text. Names as lists sort them, whatever their case and accents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// The lowest and the highest id, if the text is one's beginning.
    pub(super) ids: Option<([u8; 32], [u8; 32])>,
    /// The least name, and what comes after all such names.
    pub(super) names: (String, String),
}

impl Beginning {
    /// All that begins with this.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let name = sort_key(text);
        let after = format!("{name}\u{10ffff}");
        Self { ids: ids(text), names: (name, after) }
    }
}

fn ids(text: &str) -> Option<([u8; 32], [u8; 32])> {
    let (mut low, mut high) = ([0; 32], [0xff; 32]);
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    for (at, character) in text.chars().enumerate() {
        let digit = u8::try_from(character.to_digit(16)?).ok()?;
        let (byte, shift) = (at / 2, if at % 2 == 0 { 4 } else { 0 });
        low[byte] |= digit << shift;
        high[byte] &= !(0x0f << shift) | digit << shift;
    }
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_begins_so_where_its_digits_do(
            id in prop::array::uniform32(any::<u8>()),
            near in any::<bool>(),
            count in 1_usize..64,
            text in "[0-9a-fA-F]{1,64}",
        ) {
            let digits: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
            let text = if near { digits[..count].to_uppercase() } else { text };

            let (low, high) = ids(&text).unwrap();

            prop_assert_eq!(low <= id && id <= high, digits.starts_with(&text.to_lowercase()));
        }
    }

    #[test]
    fn what_is_no_beginning_of_an_id_is_one_of_a_name_alone() {
        for text in ["", "Eva", "ab ", "12é", &"0".repeat(65)] {
            assert_eq!(ids(text), None, "{text}");
        }
        let Beginning { names: (from, to), .. } = Beginning::new(" Éva ");
        assert!(from == "eva" && from.as_str() <= "eva maria" && "eva maria" < to.as_str());
        assert!("evb" > to.as_str());
    }
}
