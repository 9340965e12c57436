//! Who is an organiser, and whose words count up to where: a function of the set of statements.
//!
//! **Ranks.** The join code names the founder, who stands at level 0. Those whom the founder names as
//! successors stand at level 0 too, in the order of being named: the founder is above them, each of
//! them above those named later, and all of them above everyone else. Only the founder names
//! successors. Whom an organiser of level *n* grants stands at level *n* + 1; a grant to one who is
//! already as near or nearer is ignored. Everyone else is below all organisers.
//!
//! **Limits.** A revocation sets how far an author's entries count, and it is heeded only from someone
//! above the author, or from the author. Of several the strictest holds. It names an entry of the
//! author: that and what came before it counts. Where the named entry is known not to be in line,
//! what counts ends before the author's lowest fork.
//!
//! **What a statement needs to count.** It must be within its author's own limit. A grant has no time
//! beyond that: grants of a revoked organiser up to the cut stay. A revocation of oneself must be
//! within the limit that those above have set (the finder of a lost phone cannot undo the words
//! before the loss), but not within the limit that it sets itself.
//!
//! Ranks are strictly ordered and everything about a rank follows from the ranks above it, so the
//! evaluation goes through them once, from the founder down, and cannot loop.
//!
//! ```text
//! founder      rank (0, 0)   limit: own revocations
//! successors   rank (0, k)   limit: (0, 0) … (0, k - 1), then own
//! granted      rank (n, 0)   limit: every rank before (n, 0), then own
//! others       none          limit: every organiser, then own
//! ```
//!
//! Out of scope: erasures, hides and policies, which need documents and are the store's.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::id::{AuthorId, EntryId};
use crate::statement::{Cut, Statement};

/// A statement in line, and who said it where.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// Who said it.
    pub author: AuthorId,
    /// The entry's number in the author's chain.
    pub seq: u32,
    /// What was said.
    pub statement: &'a Statement,
}

/// What is known of the authors' chains.
pub trait Chains {
    /// The entry of `author` that is in line at `seq`, if one is known.
    fn in_line(&self, author: &AuthorId, seq: u32) -> Option<EntryId>;

    /// Whether `entry` is known and not in line: it lost at a fork.
    fn has_lost(&self, entry: &EntryId) -> bool;

    /// The lowest `seq` at which two entries of `author` are known.
    fn lowest_fork(&self, author: &AuthorId) -> Option<u32>;
}

/// How far an author's entries count. The stricter is the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// None of them.
    Nothing,
    /// Those up to this `seq`, which is at least 1.
    UpTo(u32),
    /// All.
    All,
}

impl Limit {
    /// Whether the entry with this number is within the limit.
    pub fn covers(self, seq: u32) -> bool {
        match self {
            Self::Nothing => false,
            Self::UpTo(last) => seq <= last,
            Self::All => true,
        }
    }

    fn up_to(last: u32) -> Self {
        match last {
            0 => Self::Nothing,
            last => Self::UpTo(last),
        }
    }
}

/// The organisers of a space and the limits of its authors.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    ranks: BTreeMap<AuthorId, Rank>,
    limits: BTreeMap<AuthorId, Limit>,
}

impl Standing {
    /// Evaluates the statements in line of a space, in any order. Without a founder (a self or a card
    /// space) there are no organisers, and authors revoke themselves only.
    pub fn new<'a>(
        founder: Option<AuthorId>,
        spoken: impl IntoIterator<Item = Spoken<'a>>,
        chains: &impl Chains,
    ) -> Self {
        let standing = Self::default();
        Evaluation { standing, waiting: BTreeSet::new(), chains }
            .run(founder, &Said::collect(spoken))
    }

    /// How near the founder an organiser stands: 0 for the founder and successors. `None` for who is
    /// no organiser.
    pub fn level(&self, author: &AuthorId) -> Option<u32> {
        self.ranks.get(author).map(|rank| rank.level)
    }

    /// The organisers with their levels, by id. Of one who was revoked only what is within the
    /// [`limit`](Self::limit) has an organiser's weight.
    pub fn organisers(&self) -> impl Iterator<Item = (AuthorId, u32)> {
        self.ranks.iter().map(|(author, rank)| (*author, rank.level))
    }

    /// How far the author's entries count.
    pub fn limit(&self, author: &AuthorId) -> Limit {
        self.limits.get(author).copied().unwrap_or(Limit::All)
    }

    /// Whether the author's entry with this number counts, as far as revocations go.
    pub fn counts(&self, author: &AuthorId, seq: u32) -> bool {
        self.limit(author).covers(seq)
    }

    /// Whether the author's entry with this number is the word of an organiser.
    pub fn is_organisers(&self, author: &AuthorId, seq: u32) -> bool {
        self.ranks.contains_key(author) && self.counts(author, seq)
    }

    /// Whether `one` may revoke `other`: stands above, or is the same.
    pub fn may_revoke(&self, one: &AuthorId, other: &AuthorId) -> bool {
        one == other || self.ranks.get(one).is_some_and(|rank| self.is_below(other, *rank))
    }

    fn is_below(&self, author: &AuthorId, rank: Rank) -> bool {
        self.ranks.get(author).is_none_or(|of_author| *of_author > rank)
    }

    fn restrict(&mut self, author: &AuthorId, limit: Limit) {
        let present = self.limits.entry(*author).or_insert(Limit::All);
        *present = limit.min(*present);
    }
}

/// Where an organiser stands. The nearer to the founder is the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    level: u32,
    /// Of a successor the `seq` at which the founder named them; 0 for everyone else.
    place: u32,
}

impl Rank {
    const FOUNDER: Rank = Rank { level: 0, place: 0 };

    fn successor(seq: u32) -> Self {
        Self { level: 0, place: seq }
    }

    fn granted(self) -> Self {
        Self { level: self.level + 1, place: 0 }
    }
}

/// What each author said, in the order of their chain.
struct Said<'a>(BTreeMap<AuthorId, Vec<(u32, &'a Statement)>>);

impl<'a> Said<'a> {
    fn collect(spoken: impl IntoIterator<Item = Spoken<'a>>) -> Self {
        let mut said: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for Spoken { author, seq, statement } in spoken {
            said.entry(author).or_default().push((seq, statement));
        }
        said.values_mut().for_each(|by_one| by_one.sort_by_key(|(seq, _)| *seq));
        Self(said)
    }

    /// What `author` said within `limit`, and at which `seq`.
    fn within(
        &self,
        author: &AuthorId,
        limit: Limit,
    ) -> impl Iterator<Item = (u32, &'a Statement)> {
        let all = self.0.get(author).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(move |(seq, _)| limit.covers(*seq))
    }
}

struct Evaluation<'a, C> {
    standing: Standing,
    /// Organisers who have not been heard yet, the nearest first. Whom they rank is further than
    /// they are, so the limit of the first is settled.
    waiting: BTreeSet<(Rank, AuthorId)>,
    chains: &'a C,
}

impl<C: Chains> Evaluation<'_, C> {
    fn run(mut self, founder: Option<AuthorId>, said: &Said<'_>) -> Standing {
        if let Some(founder) = founder {
            self.rank(founder, Rank::FOUNDER);
        }
        while let Some((rank, author)) = self.waiting.pop_first() {
            self.heed_about_oneself(&author, said);
            self.heed(&author, rank, said);
        }
        for author in said.0.keys() {
            if self.standing.level(author).is_none() {
                self.heed_about_oneself(author, said);
            }
        }
        self.standing
    }

    fn rank(&mut self, author: AuthorId, rank: Rank) {
        if let Entry::Vacant(vacant) = self.standing.ranks.entry(author) {
            vacant.insert(rank);
            self.waiting.insert((rank, author));
        }
    }

    /// The author's limit from above is settled: adds what they said about themselves.
    fn heed_about_oneself(&mut self, author: &AuthorId, said: &Said<'_>) {
        let from_above = self.standing.limit(author);
        for (_, statement) in said.within(author, from_above) {
            if let Statement::Revoke(target, cut) = statement
                && target == author
            {
                self.standing.restrict(author, limit_of(target, cut.as_ref(), self.chains));
            }
        }
    }

    /// The author's limit is settled: follows what they said about others.
    fn heed(&mut self, author: &AuthorId, rank: Rank, said: &Said<'_>) {
        let limit = self.standing.limit(author);
        for (seq, statement) in said.within(author, limit) {
            // Before all grants, so that a successor who is granted too stands at level 0.
            if let Statement::Successor(named) = statement
                && rank == Rank::FOUNDER
            {
                self.rank(*named, Rank::successor(seq));
            }
        }
        for (_, statement) in said.within(author, limit) {
            match statement {
                Statement::Grant(granted) => self.rank(*granted, rank.granted()),
                Statement::Revoke(target, cut) if self.standing.is_below(target, rank) => {
                    self.standing.restrict(target, limit_of(target, cut.as_ref(), self.chains));
                }
                _ => {}
            }
        }
    }
}

fn limit_of(author: &AuthorId, cut: Option<&Cut>, chains: &impl Chains) -> Limit {
    let Some(Cut { seq, entry }) = cut else { return Limit::Nothing };
    let is_in_line = match chains.in_line(author, *seq) {
        Some(known) => known == *entry,
        None => !chains.has_lost(entry),
    };
    match is_in_line {
        true => Limit::up_to(*seq),
        false => {
            let fork = chains.lowest_fork(author).unwrap_or(*seq);
            Limit::up_to(fork.min(*seq).saturating_sub(1))
        }
    }
}
