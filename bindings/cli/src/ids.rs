//! Naming a thing on the command line: by any prefix that only its id has, or by its whole name.

use std::collections::BTreeMap;

use teilgeber_device::model::Id;

use crate::failure::Failure;

/// Digits of an id in a list: enough to tell some thousand things apart.
pub(crate) const SHORT: usize = 8;

/// How many things that begin with a word are looked at: whoever has more gives a longer word.
pub(crate) const CANDIDATES_MAX: u32 = 100;

/// How many of those that may be meant are named.
const NAMED_MAX: usize = 5;

/// The one of `things` whose id begins with `given` or whose name it is, else the one whose name begins so, all in either
/// case. Who takes another's id for a name makes it ambiguous, and no more.
pub(crate) fn find<N: AsRef<str>>(
    noun: &'static str,
    given: &str,
    things: impl IntoIterator<Item = (Id, N)>,
) -> Result<Id, Failure> {
    let word = given.trim().to_lowercase();
    let (mut whole, mut begun) = (BTreeMap::new(), BTreeMap::new());
    for (id, name) in things {
        let name = name.as_ref();
        let small = name.to_lowercase();
        if id.to_string().starts_with(&word) || small == word {
            whole.insert(id, name.to_owned());
        } else if small.starts_with(&word) {
            begun.insert(id, name.to_owned());
        }
    }
    let found = if whole.is_empty() { begun } else { whole };
    match found.first_key_value() {
        None => Err(Failure::Unknown { noun, given: given.to_owned() }),
        Some((id, _)) if found.len() == 1 && !word.is_empty() => Ok(*id),
        Some(_) => Err(Failure::Ambiguous {
            noun,
            given: given.to_owned(),
            count: found.len(),
            some: candidates(&found),
        }),
    }
}

/// The first of those that may be meant, in words.
fn candidates(found: &BTreeMap<Id, String>) -> String {
    let one = |(id, name): (&Id, &String)| match name.as_str() {
        "" => short(*id),
        name => format!("{} ({name})", short(*id)),
    };
    let mut words: Vec<String> = found.iter().take(NAMED_MAX).map(one).collect();
    if found.len() > NAMED_MAX {
        words.push("…".to_owned());
    }
    words.join(", ")
}

/// The id as lists show it.
pub(crate) fn short(id: Id) -> String {
    id.to_string()[..SHORT].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thing(first: u8, second: u8, name: &str) -> (Id, &str) {
        let mut bytes = [0; 32];
        bytes[..2].copy_from_slice(&[first, second]);
        (Id::new(bytes), name)
    }

    #[test]
    fn a_prefix_that_one_id_has_names_it() {
        let things = [thing(0xab, 1, ""), thing(0xab, 2, ""), thing(0xcd, 3, "")];

        assert_eq!(find("note", "CD", things).unwrap(), things[2].0);
        assert_eq!(find("note", "ab02", things).unwrap(), things[1].0);
        assert_eq!(find("note", &things[0].0.to_string(), things).unwrap(), things[0].0);
    }

    #[test]
    fn a_whole_name_names_it_in_either_case() {
        let things = [thing(1, 1, "Chloé"), thing(2, 2, "Bela")];

        assert_eq!(find("contact", "chloé", things).unwrap(), things[0].0);
        assert!(matches!(find("contact", "hloé", things), Err(Failure::Unknown { .. })));
    }

    #[test]
    fn the_beginning_of_a_name_names_it_where_no_whole_name_does() {
        let things = [thing(1, 1, "Ada"), thing(2, 2, "Ada Lovelace"), thing(3, 3, "Bela")];

        assert_eq!(find("person", "ada", things).unwrap(), things[0].0);
        assert_eq!(find("person", "ada l", things).unwrap(), things[1].0);
        assert_eq!(find("person", "Be", things).unwrap(), things[2].0, "no digits of an id");
        let Err(failure) = find("person", "AD", things) else { panic!("two begin so") };
        let said = failure.to_string();
        assert!(said.contains("01010000 (Ada), 02020000 (Ada Lovelace)"), "{said}");
    }

    #[test]
    fn what_several_or_none_are_called_is_refused() {
        let things = [thing(0xab, 1, "Ada"), thing(0xab, 2, "Ada"), thing(0xad, 3, "ab01")];

        for several in ["ab", "Ada", "ab01"] {
            let found = find("note", several, things);
            assert!(matches!(found, Err(Failure::Ambiguous { count: 2, .. })), "{several}");
        }
        assert!(matches!(find("note", "ff", things), Err(Failure::Unknown { .. })));
        assert!(matches!(find("note", "", [thing(1, 1, "")]), Err(Failure::Ambiguous { .. })));
    }

    #[test]
    fn the_same_thing_twice_is_one() {
        let twice = [thing(0xab, 1, "Bread"), thing(0xab, 1, "Bread")];

        assert_eq!(find("session", "ab", twice).unwrap(), twice[0].0);
    }
}
