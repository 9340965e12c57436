//! The code by which others reach a device where the network keeps devices apart.

use std::net::{IpAddr, SocketAddr};

use teilgeber_device::model::Id;
use teilgeber_device::nearby as core;

use crate::error::{CoreError, Result};
use crate::nearby::Links;
use crate::wifi::Wifi;

/// Where a host is, and its key.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HostCode {
    /// The text to draw as a QR code.
    pub text: String,
    /// By which key the host proves that it is the one of the code.
    pub host: Id,
    /// Where to dial.
    pub addresses: Vec<SocketAddr>,
    /// The network to join first, where the addresses are not in one that both are in already.
    pub wifi: Option<Wifi>,
}

/// Reads a host's code, to show what it is before it is dialled with `add_host_of_code`.
///
/// Errors: `ScanAgain` when it is none or damaged, `UpdateApp` for one of a newer version.
#[uniffi::export]
pub fn read_host_code(text: String) -> Result<HostCode> {
    Ok(read(&text)?.into())
}

/// The addresses of this device in the networks that it is in, for its host code, as far as a program can see them.
/// A phone's hotspot may be known to the system alone.
#[uniffi::export]
pub fn own_addresses() -> Vec<IpAddr> {
    core::own_addresses()
}

#[uniffi::export]
impl Links {
    /// The code by which others reach this device where the network keeps devices apart, or on its hotspot
    /// `wifi`. It proves itself by a key of this run.
    ///
    /// Errors: `OtherAddress` when it listens nowhere, or `addresses` are none that others could dial; `Invalid` for
    /// the Wi-Fi, `Shut`.
    pub fn host_code(&self, addresses: Vec<IpAddr>, wifi: Option<Wifi>) -> Result<HostCode> {
        let wifi = wifi.map(core::Wifi::try_from).transpose()?;
        Ok(self.with(|nearby| nearby.host_code(&addresses, wifi))?.map_err(unusable)?.into())
    }

    /// Dials the host of this code until it is given up, and whoever answers must prove to be it. Returns the number
    /// by which it is given up. Where the code names a Wi-Fi, join that first.
    ///
    /// Errors: `ScanAgain`, `UpdateApp`, `Shut`.
    pub fn add_host_of_code(&self, text: String) -> Result<u32> {
        let host = core::Host::of_code(&read(&text)?);
        self.with(|nearby| nearby.add_host(host).0)
    }
}

pub(crate) fn unusable(error: core::HostCodeError) -> CoreError {
    match error {
        core::HostCodeError::NotACode | core::HostCodeError::Damaged => {
            CoreError::ScanAgain(error.to_string())
        }
        core::HostCodeError::Newer => CoreError::UpdateApp(error.to_string()),
        core::HostCodeError::NoAddress => CoreError::OtherAddress(error.to_string()),
    }
}

fn read(text: &str) -> Result<core::HostCode> {
    core::HostCode::read(text).map_err(unusable)
}

impl From<core::HostCode> for HostCode {
    fn from(code: core::HostCode) -> Self {
        Self {
            text: code.text(),
            host: Id::new(*code.host().as_bytes()),
            addresses: code.addresses(),
            wifi: code.wifi().cloned().map(Wifi::from),
        }
    }
}
