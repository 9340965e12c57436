//! The outside world's files: schedules, vCard, QR.
