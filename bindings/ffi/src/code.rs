//! The codes of Teilgeber, before it is decided what to do with one.

use teilgeber_device::Code;

use crate::error::Result;

pub(crate) use teilgeber_device::CodeKind;

/// What a code is for.
#[uniffi::remote(Enum)]
pub enum CodeKind {
    /// Joining an event: `join`.
    Join,
    /// Swapping contacts, from a screen: `scan`.
    Screen,
    /// Swapping contacts, from a badge: `scan`.
    Badge,
    /// Carrying an event without reading it: `carry`.
    Carry,
}

/// What a code is for. Codes of hosts and of Wi-Fi networks are read with `read_host_code` and `read_wifi_code`.
///
/// Errors: `ScanAgain` when it is none of these or damaged, `UpdateApp` for one of a newer version.
#[uniffi::export]
pub fn code_kind(text: String) -> Result<CodeKind> {
    Ok(Code::read(&text).map_err(teilgeber_device::Error::from)?.kind())
}
