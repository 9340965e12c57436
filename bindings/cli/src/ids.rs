//! Naming a thing on the command line: by any prefix that only its id has, or by its whole name.

use teilgeber_device::model::Id;

use crate::failure::Failure;

/// Digits of an id in a list: enough to tell some thousand things apart.
pub(crate) const SHORT: usize = 8;

/// The one of `things` whose id begins with `given` or whose name it is, both in either case. Who
/// takes another's id for a name makes it ambiguous, and no more.
pub(crate) fn find<N: AsRef<str>>(
    noun: &'static str,
    given: &str,
    things: impl IntoIterator<Item = (Id, N)>,
) -> Result<Id, Failure> {
    let word = given.trim().to_lowercase();
    let is_meant = |(id, name): &(Id, N)| {
        id.to_string().starts_with(&word) || name.as_ref().to_lowercase() == word
    };
    let mut found: Vec<Id> = things.into_iter().filter(is_meant).map(|(id, _)| id).collect();
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [id] if !word.is_empty() => Ok(id),
        [] => Err(Failure::Unknown { noun, given: given.to_owned() }),
        _ => Err(Failure::Ambiguous { noun, given: given.to_owned(), count: found.len() }),
    }
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
        assert!(matches!(find("contact", "Chlo", things), Err(Failure::Unknown { .. })));
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
