//! A camp of three days, as a script: twelve people with a phone each, who meet now and then.
//!
//! Whatever somebody does is also told to a naive [`oracle`], which keeps a list of facts and, for each
//! phone, which of them have reached it, and what its person keeps for themselves. After every meeting both
//! phones must show exactly what follows from that. In the end all have met, all show the same, and making
//! every view again from the log changes nothing.
//!
//! Who stands beside whom, and every key, is drawn from a seed: `CAMP_SEED` sets with which to begin,
//! `CAMP_STORIES` how many camps are played without a schedule.
//!
//! | file | holds |
//! |---|---|
//! | `people` | the phones, how they meet, and who has heard what |
//! | `script` | who does what on which day |
//! | `deeds` | one thing that somebody does: on their phone, and as a fact |
//! | `oracle` | the facts, and what is true for whoever knows some of them |
//! | `mine` | what somebody has for themselves |
//! | `wall` | what a phone shows, and what it must show |
//! | `pages` | the same for what it writes down as files |
//!
//! Whoever adds a noun adds a fact and its rule to `oracle`, a row to `wall`, a deed, and a line to the
//! script.

mod deeds;
mod mine;
mod oracle;
mod pages;
mod people;
mod script;
mod wall;
