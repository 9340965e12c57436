//! The code with which a phone's camera offers to join a Wi-Fi network or a hotspot.

use teilgeber_device::nearby as core;

use crate::error::{CoreError, Result};

/// What a device needs to join a Wi-Fi network.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Wifi {
    /// What the network is called: 1 to 32 bytes.
    pub name: String,
    /// Its password; none where it is open.
    #[uniffi(default = None)]
    pub password: Option<String>,
    /// Whether it does not show itself, so that a device must be told to look for it.
    #[uniffi(default = false)]
    pub hidden: bool,
}

/// The password is not shown.
impl std::fmt::Debug for Wifi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wifi").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The text to draw as a QR code that the cameras of all phones understand: they offer to join the network.
///
/// Errors: `Invalid` for a name or a password that no network has.
#[uniffi::export]
pub fn wifi_code(wifi: Wifi) -> Result<String> {
    Ok(core::Wifi::try_from(wifi)?.text())
}

/// Reads the text of a Wi-Fi code, whoever made it.
///
/// Errors: `ScanAgain` when it is none or damaged, `Invalid` for a kind of network that is to be joined in the
/// system's settings.
#[uniffi::export]
pub fn read_wifi_code(text: String) -> Result<Wifi> {
    let read = core::Wifi::read(&text);
    Ok(read.map_err(invalid)?.into())
}

impl TryFrom<Wifi> for core::Wifi {
    type Error = CoreError;

    fn try_from(wifi: Wifi) -> Result<Self> {
        let Wifi { name, password, hidden } = wifi;
        Ok(Self::new(&name, password.as_deref()).map_err(invalid)?.hidden(hidden))
    }
}

impl From<core::Wifi> for Wifi {
    fn from(wifi: core::Wifi) -> Self {
        Self {
            name: wifi.name().to_owned(),
            password: wifi.password().map(str::to_owned),
            hidden: wifi.is_hidden(),
        }
    }
}

fn invalid(error: core::WifiError) -> CoreError {
    match error {
        core::WifiError::NotACode | core::WifiError::Damaged => {
            CoreError::ScanAgain(error.to_string())
        }
        core::WifiError::Unsupported | core::WifiError::Name | core::WifiError::Password => {
            CoreError::Invalid(error.to_string())
        }
    }
}
