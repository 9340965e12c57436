//! The codes of Teilgeber, before it is decided what to do with one.

use std::net::SocketAddr;

use teilgeber_device as core;

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

/// What a code says to somebody who decides what to do with it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Code {
    /// What it is for.
    pub kind: CodeKind,
    /// What the event, or the person, is called; none where the code does not say.
    pub name: Option<String>,
    /// Where somebody may be who has the event already: to sync with first.
    pub addresses: Vec<SocketAddr>,
}

/// Reads a code, and does nothing with it. Codes of hosts and of Wi-Fi networks are read with `read_host_code` and
/// `read_wifi_code`.
///
/// Errors: `ScanAgain` when it is none of these or damaged, `UpdateApp` for one of a newer version.
#[uniffi::export]
pub fn read_code(text: String) -> Result<Code> {
    let code = core::Code::read(&text).map_err(core::Error::from)?;
    let name = match &code {
        core::Code::Join(code) => Some(code.name().as_str()),
        core::Code::Screen(code) => Some(code.name().as_str()),
        core::Code::Badge(code) => Some(code.name().as_str()),
        core::Code::Carry(_) => None,
    };
    let addresses = match &code {
        core::Code::Join(code) => code.addresses().to_vec(),
        _ => Vec::new(),
    };
    Ok(Code { kind: code.kind(), name: name.map(str::to_owned), addresses })
}
