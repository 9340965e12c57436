//! Automerge's sync protocol, one dialogue for each document, and nothing around it: no storage, no link.
//!
//! What one end has to say about all documents goes together, each message behind the document's id and
//! its length, as any program that uses the protocol must add in some way. The states of the dialogues are
//! kept between meetings as the protocol keeps them.

use automerge::Automerge;
use automerge::sync::{Message, State, SyncDoc};

use crate::Result;
use crate::cost::{Account, Cost, Meetings};
use crate::documents::Documents;

/// Bytes that say of which document a message is, and how long: an id as automerge-repo has it, and two.
const NAMED: usize = 16 + 2;

/// One end.
struct End {
    documents: Vec<Automerge>,
    states: Vec<State>,
}

impl End {
    fn of(documents: Vec<Automerge>) -> Self {
        let states = documents.iter().map(|_| State::new()).collect();
        Self { documents, states }
    }

    /// All that it has to say: to which document, and what.
    fn say(&mut self) -> Vec<(usize, Vec<u8>)> {
        let open = self.documents.iter().zip(&mut self.states).enumerate();
        let said = open.filter_map(|(number, (document, state))| {
            Some((number, document.generate_sync_message(state)?.encode()))
        });
        said.collect()
    }

    fn hear(&mut self, said: &[(usize, Vec<u8>)]) -> Result<()> {
        for (number, message) in said {
            let (document, state) = (&mut self.documents[*number], &mut self.states[*number]);
            document.receive_sync_message(state, Message::decode(message)?)?;
        }
        Ok(())
    }

    /// Keeps of the dialogues what outlives a link.
    fn hang_up(&mut self) -> Result<()> {
        for state in &mut self.states {
            *state = State::decode(&state.encode())?;
        }
        Ok(())
    }
}

pub(crate) fn measure(documents: &Documents) -> Result<Meetings> {
    let mut full = End::of(documents.all.clone());
    let mut empty = End::of(documents.all.iter().map(|_| Automerge::new()).collect());
    let first = meet(&mut full, &mut empty)?;
    let again = meet(&mut full, &mut empty)?;
    for (number, change) in &documents.changed {
        full.documents[*number].apply_changes([change.clone()])?;
    }
    let changed = meet(&mut full, &mut empty)?;
    Ok(Meetings::Ended([first, again, changed]))
}

/// The two speak in turns; the full one begins, as only it can name what the other lacks.
fn meet(full: &mut End, other: &mut End) -> Result<Cost> {
    let account = Account::open()?;
    let (mut bytes, mut legs) = (0, 0);
    loop {
        let heard = turn(full, other, &mut bytes, &mut legs)?;
        let answered = turn(other, full, &mut bytes, &mut legs)?;
        if !heard && !answered {
            break;
        }
    }
    full.hang_up()?;
    other.hang_up()?;
    let cost = account.close(account.cpu(), bytes, legs)?;
    let same = full.documents.iter().zip(&other.documents);
    match same.into_iter().all(|(one, other)| one.get_heads() == other.get_heads()) {
        true => Ok(cost),
        false => Err("they parted without knowing the same".into()),
    }
}

/// Whether there was something to say.
fn turn(from: &mut End, to: &mut End, bytes: &mut u64, legs: &mut u64) -> Result<bool> {
    let said = from.say();
    if said.is_empty() {
        return Ok(false);
    }
    *legs += 1;
    *bytes += said.iter().map(|(_, message)| (NAMED + message.len()) as u64).sum::<u64>();
    to.hear(&said)?;
    Ok(true)
}
