//! Bytes that may be spent in an hour.

use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// Lets so many bytes pass in any hour, give or take what is under way when they are spent. As the
/// token bucket of the listener: the whole state is when the allowance will be whole again.
#[derive(Debug)]
pub(super) struct Allowance {
    bytes_an_hour: u64,
    whole_at: Duration,
}

impl Allowance {
    pub(super) fn new(bytes_an_hour: u64) -> Self {
        Self { bytes_an_hour: bytes_an_hour.max(1), whole_at: Duration::ZERO }
    }

    pub(super) fn spend(&mut self, bytes: u64, now: Duration) {
        let nanos = HOUR.as_nanos() * u128::from(bytes) / u128::from(self.bytes_an_hour);
        let time = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        self.whole_at = self.whole_at.max(now).saturating_add(time);
    }

    /// When a quarter of it is there again, if all of it is spent: links that come and go for a few
    /// bytes each would cost more than they bring.
    pub(super) fn spent_until(&self, now: Duration) -> Option<Duration> {
        let is_spent = self.whole_at.saturating_sub(now) > HOUR * 3 / 4;
        is_spent.then(|| self.whole_at.saturating_sub(HOUR * 3 / 4))
    }
}
