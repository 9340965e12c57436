//! The organisers' tree and the revocations: as told by a slow and simple oracle, in any order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use teilgeber_entry::standing::{Chains, Limit, Spoken, Standing};
use teilgeber_entry::statement::Cut;
use teilgeber_entry::{AuthorId, EntryId, Statement};

const FOUNDER: u8 = 0;
const AUTHORS: u8 = 6;
const SEQS: u32 = 7;

/// Everything that is known of a small space.
#[derive(Debug, Clone, Default)]
struct World {
    /// By author and `seq`.
    said: BTreeMap<(u8, u32), Says>,
    /// The length of each author's chain; as long as needed where it does not say.
    length: BTreeMap<u8, u32>,
    /// The `seq` at which an author has a second entry.
    fork: BTreeMap<u8, u32>,
}

#[derive(Debug, Clone, Copy)]
enum Says {
    Grant(u8),
    Successor(u8),
    Revoke(u8, Option<(u32, Branch)>),
}

/// Which entry a cut names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Branch {
    InLine,
    Lost,
    Unknown,
}

fn author(number: u8) -> AuthorId {
    AuthorId::from_bytes([number; 32])
}

fn entry(author: u8, seq: u32, branch: Branch) -> EntryId {
    let mut bytes = [author; 32];
    bytes[0] = branch as u8;
    bytes[1] = seq as u8;
    EntryId::from_bytes(bytes)
}

impl Chains for World {
    fn in_line(&self, author: &AuthorId, seq: u32) -> Option<EntryId> {
        let number = author.as_bytes()[0];
        let length = self.length.get(&number).copied().unwrap_or(SEQS);
        (1..=length).contains(&seq).then(|| entry(number, seq, Branch::InLine))
    }

    fn has_lost(&self, id: &EntryId) -> bool {
        self.fork.iter().any(|(author, seq)| *id == entry(*author, *seq, Branch::Lost))
    }

    fn lowest_fork(&self, author: &AuthorId) -> Option<u32> {
        self.fork.get(&author.as_bytes()[0]).copied()
    }
}

impl World {
    fn say(mut self, author: u8, seq: u32, says: Says) -> Self {
        self.said.insert((author, seq), says);
        self
    }

    fn statements(&self) -> Vec<(u8, u32, Statement)> {
        let statement = |says: &Says| match *says {
            Says::Grant(who) => Statement::Grant(author(who)),
            Says::Successor(who) => Statement::Successor(author(who)),
            Says::Revoke(who, cut) => {
                let cut = cut.map(|(seq, branch)| Cut { seq, entry: entry(who, seq, branch) });
                Statement::Revoke(author(who), cut)
            }
        };
        self.said.iter().map(|((who, seq), says)| (*who, *seq, statement(says))).collect()
    }

    fn standing(&self) -> Standing {
        standing(&self.statements(), self)
    }
}

fn standing(statements: &[(u8, u32, Statement)], world: &World) -> Standing {
    let spoken = statements.iter().map(|(who, seq, statement)| Spoken {
        author: author(*who),
        seq: *seq,
        statement,
    });
    Standing::new(Some(author(FOUNDER)), spoken, world)
}

/// Level and limit of each author by the rules as they are written, all of them at once and again
/// until nothing changes.
fn oracle(world: &World) -> BTreeMap<u8, (Option<u32>, u32)> {
    let everything: BTreeMap<u8, u32> = (0..AUTHORS).map(|who| (who, u32::MAX)).collect();
    let mut limits = everything.clone();
    for _ in 0..50 {
        let ranks = oracle_ranks(world, &limits);
        let mut next = everything.clone();
        for target in 0..AUTHORS {
            let cuts_by = |own: bool, limits: &BTreeMap<u8, u32>| {
                let mut cut_at = u32::MAX;
                for ((by, seq), says) in &world.said {
                    let Says::Revoke(revoked, cut) = says else { continue };
                    let is_above = match (ranks.get(by), ranks.get(&target)) {
                        (Some(by), Some(target)) => by < target,
                        (Some(_), None) => true,
                        (None, _) => false,
                    };
                    let heeded = if own { *by == target } else { *by != target && is_above };
                    if *revoked == target && heeded && *seq <= limits[by] {
                        cut_at = cut_at.min(oracle_cut(world, target, *cut));
                    }
                }
                cut_at
            };
            let from_above = cuts_by(false, &limits);
            next.insert(target, from_above);
            let own = cuts_by(true, &next);
            next.insert(target, from_above.min(own));
        }
        if next == limits {
            let level = |who| ranks.get(&who).map(|(level, _)| *level);
            return limits.into_iter().map(|(who, limit)| (who, (level(who), limit))).collect();
        }
        limits = next;
    }
    panic!("the rules do not settle: {world:?}");
}

fn oracle_ranks(world: &World, limits: &BTreeMap<u8, u32>) -> BTreeMap<u8, (u32, u32)> {
    let mut ranks = BTreeMap::from([(FOUNDER, (0, 0))]);
    for ((by, seq), says) in &world.said {
        if let Says::Successor(named) = says
            && *by == FOUNDER
            && *seq <= limits[by]
        {
            ranks.entry(*named).or_insert((0, *seq));
        }
    }
    loop {
        let before = ranks.clone();
        for ((by, seq), says) in &world.said {
            if let (Says::Grant(granted), Some((level, _))) = (says, before.get(by))
                && *seq <= limits[by]
            {
                let rank = ranks.entry(*granted).or_insert((u32::MAX, 0));
                *rank = (*rank).min((level + 1, 0));
            }
        }
        if ranks == before {
            return ranks;
        }
    }
}

fn oracle_cut(world: &World, target: u8, cut: Option<(u32, Branch)>) -> u32 {
    let Some((seq, branch)) = cut else { return 0 };
    let fork = world.fork.get(&target).copied();
    let is_known = seq <= world.length.get(&target).copied().unwrap_or(SEQS);
    let is_lost = branch == Branch::Lost && fork == Some(seq);
    match branch != Branch::InLine && (is_known || is_lost) {
        true => seq.min(fork.unwrap_or(u32::MAX)) - 1,
        false => seq,
    }
}

fn any_world() -> impl Strategy<Value = World> {
    let who = || 0..AUTHORS;
    let branch = prop_oneof![
        3 => Just(Branch::InLine), 1 => Just(Branch::Lost), 1 => Just(Branch::Unknown)
    ];
    let says = prop_oneof![
        4 => who().prop_map(Says::Grant),
        1 => who().prop_map(Says::Successor),
        3 => (who(), prop::option::of((1..=SEQS, branch)))
            .prop_map(|(who, cut)| Says::Revoke(who, cut)),
    ];
    // Half of all is said by the founder and two others, so that trees grow deep.
    let speaker = prop_oneof![0..3_u8, who()];
    (
        prop::collection::btree_map((speaker, 1..=SEQS), says, 0..24),
        prop::collection::btree_map(who(), 1..=SEQS, 0..4),
        prop::collection::btree_map(who(), 1..=SEQS, 0..4),
    )
        .prop_map(|(said, length, fork)| World { said, length, fork })
}

fn as_number(limit: Limit) -> u32 {
    match limit {
        Limit::Nothing => 0,
        Limit::UpTo(seq) => seq,
        Limit::All => u32::MAX,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_standing_is_what_the_rules_say(world in any_world()) {
        let standing = world.standing();
        let told: BTreeMap<u8, (Option<u32>, u32)> = (0..AUTHORS)
            .map(|who| {
                let id = author(who);
                (who, (standing.level(&id), as_number(standing.limit(&id))))
            })
            .collect();
        prop_assert_eq!(told, oracle(&world));
    }

    #[test]
    fn the_founder_revoking_makes_no_more_of_the_revoked_count(
        world in any_world(), target in 1..AUTHORS, cut in prop::option::of(1..=SEQS),
    ) {
        let mut world = world;
        world.said.retain(|(by, _), says| {
            *by != target || !matches!(says, Says::Revoke(who, _) if *who == target)
        });
        let cut = cut.map(|seq| (seq, Branch::InLine));
        let revoked = world.clone().say(FOUNDER, SEQS + 1, Says::Revoke(target, cut));
        let (before, after) = (world.standing(), revoked.standing());
        prop_assert!(after.limit(&author(target)) <= before.limit(&author(target)));
    }

    #[test]
    fn the_founder_revoking_one_who_gave_and_took_nothing_makes_no_more_of_anyone_count(
        world in any_world(), target in 1..AUTHORS, cut in prop::option::of(1..=SEQS),
    ) {
        let mut world = world;
        world.said.retain(|(by, _), _| *by != target);
        let cut = cut.map(|seq| (seq, Branch::InLine));
        let revoked = world.clone().say(FOUNDER, SEQS + 1, Says::Revoke(target, cut));
        let (before, after) = (world.standing(), revoked.standing());
        for who in 0..AUTHORS {
            prop_assert!(after.limit(&author(who)) <= before.limit(&author(who)));
            prop_assert_eq!(after.level(&author(who)), before.level(&author(who)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn neither_order_nor_repetition_matters(
        (world, shuffled) in any_world().prop_flat_map(|world| {
            let twice = [world.statements(), world.statements()].concat();
            (Just(world), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(standing(&shuffled, &world), world.standing());
    }
}

#[test]
fn organisers_stand_as_near_as_the_nearest_who_granted_them() {
    let standing = World::default()
        .say(0, 1, Says::Grant(1))
        .say(1, 1, Says::Grant(2))
        .say(2, 1, Says::Grant(3))
        .say(2, 2, Says::Grant(0))
        .say(3, 1, Says::Grant(1))
        .say(1, 2, Says::Grant(3))
        .standing();
    let levels: Vec<_> = standing.organisers().map(|(_, level)| level).collect();
    assert_eq!(levels, [0, 1, 2, 2]);
    assert!(standing.is_organisers(&author(3), 9) && !standing.is_organisers(&author(4), 1));
}

#[test]
fn who_stands_level_or_below_revokes_nobody() {
    let standing = World::default()
        .say(0, 1, Says::Grant(1))
        .say(0, 2, Says::Grant(2))
        .say(1, 1, Says::Revoke(2, None))
        .say(1, 2, Says::Revoke(0, None))
        .say(4, 1, Says::Revoke(5, None))
        .standing();
    assert!((0..AUTHORS).all(|who| standing.limit(&author(who)) == Limit::All));
    assert!(!standing.may_revoke(&author(1), &author(2)));
    assert!(standing.may_revoke(&author(1), &author(4)));
}

#[test]
fn what_a_revoked_organiser_granted_before_the_cut_stays() {
    let standing = World::default()
        .say(0, 1, Says::Grant(1))
        .say(1, 3, Says::Grant(2))
        .say(1, 4, Says::Grant(3))
        .say(1, 5, Says::Revoke(4, None))
        .say(0, 2, Says::Revoke(1, Some((3, Branch::InLine))))
        .standing();
    assert_eq!(standing.level(&author(2)), Some(2));
    assert_eq!(standing.level(&author(3)), None);
    assert_eq!(standing.limit(&author(4)), Limit::All);
    assert!(standing.is_organisers(&author(1), 3) && !standing.is_organisers(&author(1), 4));
}

#[test]
fn one_revokes_oneself_from_behind_the_cut() {
    let revoke = Says::Revoke(4, Some((2, Branch::InLine)));
    let standing = World::default().say(4, 7, revoke).standing();
    assert_eq!(standing.limit(&author(4)), Limit::UpTo(2));
}

#[test]
fn who_found_a_lost_phone_cannot_revoke_the_words_before_the_loss() {
    let standing = World::default()
        .say(0, 1, Says::Revoke(4, Some((5, Branch::InLine))))
        .say(4, 6, Says::Revoke(4, None))
        .standing();
    assert_eq!(standing.limit(&author(4)), Limit::UpTo(5));
}

#[test]
fn successors_stand_beside_the_founder_in_the_order_of_being_named() {
    let standing = World::default()
        .say(0, 1, Says::Grant(2))
        .say(0, 2, Says::Successor(1))
        .say(0, 3, Says::Successor(2))
        .say(1, 1, Says::Successor(3))
        .say(2, 1, Says::Revoke(1, None))
        .say(1, 2, Says::Revoke(2, Some((1, Branch::InLine))))
        .say(1, 3, Says::Revoke(0, None))
        .say(1, 4, Says::Grant(4))
        .standing();
    let levels = [0, 1, 2, 3, 4].map(|who| standing.level(&author(who)));
    assert_eq!(levels, [Some(0), Some(0), Some(0), None, Some(1)]);
    let limits = [0, 1, 2].map(|who| standing.limit(&author(who)));
    assert_eq!(limits, [Limit::All, Limit::All, Limit::UpTo(1)]);
}

#[test]
fn a_revocation_of_what_is_not_in_line_cuts_before_the_lowest_fork() {
    let limit = |branch, fork: Option<u32>, length| {
        let world = World {
            fork: fork.map(|seq| (4, seq)).into_iter().collect(),
            length: BTreeMap::from([(4, length)]),
            ..World::default()
        };
        world.say(0, 1, Says::Revoke(4, Some((5, branch)))).standing().limit(&author(4))
    };
    assert_eq!(limit(Branch::InLine, Some(3), 7), Limit::UpTo(5));
    assert_eq!(limit(Branch::Unknown, Some(3), 7), Limit::UpTo(2));
    assert_eq!(limit(Branch::Unknown, Some(1), 7), Limit::Nothing);
    assert_eq!(limit(Branch::Unknown, None, 7), Limit::UpTo(4));
    assert_eq!(limit(Branch::Unknown, Some(3), 4), Limit::UpTo(5), "nothing is known at 5 yet");
    assert_eq!(limit(Branch::Lost, Some(5), 4), Limit::UpTo(4), "it lost, and so much is known");
}

#[test]
fn without_a_founder_there_are_no_organisers() {
    let statements = [Statement::Grant(author(1)), Statement::Revoke(author(1), None)];
    let spoken = [
        Spoken { author: author(0), seq: 1, statement: &statements[0] },
        Spoken { author: author(1), seq: 1, statement: &statements[1] },
    ];
    let standing = Standing::new(None, spoken, &World::default());
    assert_eq!(standing.organisers().collect::<BTreeSet<_>>(), BTreeSet::new());
    assert_eq!(standing.limit(&author(1)), Limit::Nothing);
    assert_eq!(standing.limit(&author(0)), Limit::All);
}
