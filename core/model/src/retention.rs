//! How long an event is held after its last day, and the warning before it fades.

use serde::{Deserialize, Serialize};

use crate::time::Day;

/// How long devices hold what was said in an event, as its organisers agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
pub enum Retention {
    /// So many days after the last one.
    Days(u16),
    /// For good.
    Kept,
}

/// As it is written: `400`, or `"kept"`.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    Days(u16),
    Word(Word),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Kept,
}

impl From<Form> for Retention {
    fn from(form: Form) -> Self {
        match form {
            Form::Days(days) => Self::Days(days),
            Form::Word(Word::Kept) => Self::Kept,
        }
    }
}

impl From<Retention> for Form {
    fn from(retention: Retention) -> Self {
        match retention {
            Retention::Days(days) => Self::Days(days),
            Retention::Kept => Self::Word(Word::Kept),
        }
    }
}

impl Default for Retention {
    /// Until the next camp of a yearly one, and some weeks to remember it by.
    fn default() -> Self {
        Self::Days(400)
    }
}

/// A warning that an event fades, as one device gave it: on how many different days by its own clock.
///
/// A clock can be years off, so the day on which an event fades is never enough. The person must have
/// been warned on [`DAYS`](Self::DAYS) different days, the first of them
/// [`SPAN_DAYS`](Self::SPAN_DAYS) before; and if the clock goes back, or leaps further than a device
/// usually lies in a drawer, the warning begins again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The first day.
    pub first: Day,
    /// The last one.
    pub last: Day,
    /// How many different days there were.
    pub days: u16,
}

impl Notice {
    /// So many days before it fades the warning begins.
    pub const BEFORE_DAYS: u16 = 14;
    /// On so many different days it is given at least.
    pub const DAYS: u16 = 3;
    /// So many days lie between the first warning and the fading at least.
    pub const SPAN_DAYS: u16 = 7;
    /// After a longer pause it begins again: such a leap is rather the clock's.
    pub const PAUSE_DAYS: u16 = 60;

    /// What is remembered once the device was used on the day `today`, of an event that fades on `due`
    /// by its rule. `None`: it is not time to warn.
    pub fn on(today: Day, due: Day, before: Option<Self>) -> Option<Self> {
        if today.plus(Self::BEFORE_DAYS) < due {
            return None;
        }
        let goes_on =
            |notice: &Self| notice.last <= today && today <= notice.last.plus(Self::PAUSE_DAYS);
        let Some(notice) = before.filter(goes_on) else {
            return Some(Self { first: today, last: today, days: 1 });
        };
        let another = u16::from(notice.last < today);
        let days = notice.days.saturating_add(another);
        Some(Self { last: today, days, ..notice })
    }

    /// The first day on which it may fade, if `due` is that of its rule.
    pub fn fades_on(self, due: Day) -> Day {
        due.max(self.first.plus(Self::SPAN_DAYS))
    }

    /// Whether the person was warned long enough, and the day has come.
    pub fn is_over(self, due: Day) -> bool {
        self.days >= Self::DAYS && self.last >= self.fades_on(due)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DUE: u32 = 20_000;

    fn day(days: u32) -> Day {
        Day::from_days(days).unwrap()
    }

    /// What is remembered after use on these days; whether it had faded, and on which.
    fn used_on(days: &[u32]) -> (Option<Notice>, Option<u32>) {
        let mut notice = None;
        for today in days {
            notice = Notice::on(day(*today), day(DUE), notice);
            if notice.is_some_and(|notice| notice.is_over(day(DUE))) {
                return (notice, Some(*today));
            }
        }
        (notice, None)
    }

    #[test]
    fn a_rule_reads_back_from_json() {
        for (rule, json) in [(Retention::Days(30), "30"), (Retention::Kept, "\"kept\"")] {
            assert_eq!(serde_json::to_string(&rule).unwrap(), json);
            assert_eq!(serde_json::from_str::<Retention>(json).unwrap(), rule);
        }
        for other in ["-1", "70000", "\"gone\"", "null"] {
            assert!(serde_json::from_str::<Retention>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn who_uses_it_now_and_then_is_warned_and_it_fades_on_its_day() {
        assert_eq!(used_on(&[DUE - 30, DUE - 15]), (None, None));
        assert_eq!(used_on(&[DUE - 14, DUE - 8, DUE - 1, DUE]).1, Some(DUE));
        assert_eq!(used_on(&[DUE - 3, DUE - 2, DUE - 1, DUE, DUE + 3, DUE + 4]).1, Some(DUE + 4));
    }

    #[test]
    fn what_lay_in_a_drawer_warns_for_a_week_before_anything_fades() {
        assert_eq!(used_on(&[DUE + 900, DUE + 900, DUE + 901, DUE + 902]).1, None);
        assert_eq!(used_on(&[DUE + 900, DUE + 906, DUE + 907]).1, Some(DUE + 907));
        assert_eq!(used_on(&[DUE + 900, DUE + 907]).1, None);
    }

    #[test]
    fn a_clock_that_leaps_and_comes_back_leaves_nothing_behind() {
        let leap = [DUE - 200, DUE + 4000, DUE + 4001, DUE + 4002, DUE - 199];

        assert_eq!(used_on(&leap), (None, None));
        // Within the warning as well: what was counted before the leap does not count after it.
        assert_eq!(used_on(&[DUE - 14, DUE - 9, DUE - 7, DUE + 4000, DUE - 5]).1, None);
    }

    proptest! {
        /// Of what a device may do on any days, by a naive reading of the rule.
        #[test]
        fn it_fades_only_after_three_warnings_over_a_week(
            steps in prop::collection::vec(-80_i64..80, 1..40),
        ) {
            let mut today = i64::from(DUE) - 30;
            let mut days = Vec::new();
            for step in steps {
                today += step;
                days.push(u32::try_from(today).unwrap());
            }

            let faded = used_on(&days).1;

            let naive = (0..days.len()).find(|end| {
                (0..=*end).any(|begin| {
                    let run = &days[begin..=*end];
                    let quiet = run.iter().all(|day| day + 14 >= DUE);
                    let steady = run.windows(2).all(|two| (two[0]..=two[0] + 60).contains(&two[1]));
                    let mut different = run.to_vec();
                    different.dedup();
                    quiet && steady && different.len() >= 3
                        && days[*end] >= DUE.max(run[0] + 7)
                })
            });
            prop_assert_eq!(faded, naive.map(|at| days[at]));
        }
    }
}
