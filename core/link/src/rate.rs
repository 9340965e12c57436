//! A token bucket as a plain value: it has no clock and is told what time it is.

use std::num::NonZeroU32;
use std::time::Duration;

/// Lets a number of things happen at once and then so many a second.
///
/// The whole state is the moment at which the bucket will be full again (the generic cell rate
/// algorithm, ITU-T I.371), so nothing has to be refilled. Times count from any fixed start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenBucket {
    /// Time in which one token comes back.
    interval: Duration,
    /// How far ahead of `now` the bucket's `full_at` may lie for another token to be there.
    slack: Duration,
    full_at: Duration,
}

impl TokenBucket {
    /// A full bucket of `burst` tokens, of which `per_second` come back in a second.
    pub(crate) fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let interval = Duration::from_secs(1) / per_second.get();
        let slack = interval.saturating_mul(burst.get() - 1);
        Self { interval, slack, full_at: Duration::ZERO }
    }

    /// How long after `now` the next token is there; zero if one is there already.
    pub(crate) fn wait(&self, now: Duration) -> Duration {
        self.full_at.saturating_sub(self.slack).saturating_sub(now)
    }

    /// Takes a token at `now`, on credit if none is there.
    pub(crate) fn take(&mut self, now: Duration) {
        self.full_at = self.full_at.max(now).saturating_add(self.interval);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_burst_is_free_and_then_each_token_takes_its_time() {
        let mut bucket = bucket(10, 3);

        for _ in 0..3 {
            assert_eq!(bucket.wait(ms(5)), ms(0));
            bucket.take(ms(5));
        }

        assert_eq!(bucket.wait(ms(5)), ms(100));
        assert_eq!(bucket.wait(ms(105)), ms(0));
    }

    #[test]
    fn rest_fills_the_bucket_no_further_than_its_burst() {
        let mut bucket = bucket(10, 2);

        bucket.take(ms(60_000));
        bucket.take(ms(60_000));

        assert_eq!(bucket.wait(ms(60_000)), ms(100));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_span_of_time_sees_more_than_its_burst_and_its_rate(
            per_second in 1_u32..500,
            burst in 1_u32..50,
            pauses in proptest::collection::vec(0_u64..300, 1..200),
        ) {
            let mut bucket = bucket(per_second, burst);
            let mut now = Duration::ZERO;
            let mut taken = Vec::new();

            for pause in pauses {
                now += ms(pause);
                now += bucket.wait(now);
                bucket.take(now);
                taken.push(now);
            }

            for (first, start) in taken.iter().enumerate() {
                for (last, end) in taken.iter().enumerate().skip(first) {
                    let rest = (*end - *start).as_secs_f64() * f64::from(per_second);
                    prop_assert!((last - first) as f64 <= f64::from(burst) + rest + 1e-3);
                }
            }
        }
    }

    fn bucket(per_second: u32, burst: u32) -> TokenBucket {
        TokenBucket::new(per_second.try_into().unwrap(), burst.try_into().unwrap())
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }
}
