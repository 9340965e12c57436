//! The host code: where a device can be reached in this run, and by which key it proves that it is
//! that device.
//!
//! It is for a network that keeps its devices apart, and for a hotspot: who shows it is dialled by who
//! scans it. Text in the characters of a QR code's alphanumeric mode, `TEILGEBER:` and the base45 of
//!
//! ```text
//! code     = version 1 (0) ‖ kind 1 (5) ‖ host 32 ‖ port 2 ‖ count 1 (1 to 3) ‖ address … ‖ wifi
//! address  = 4 ‖ IPv4 4 | 6 ‖ IPv6 16
//! wifi     = 0 | 1 to 4 ‖ name, sized ‖ password, sized
//! ```
//!
//! The number before a Wi-Fi says: 1 open, 2 with WPA, and 2 more where it does not show itself; the
//! password is there with WPA only. A code is 291 characters at most, so that it fits a QR code of version 10
//! at level M. It holds nothing that outlives the run, but for the Wi-Fi's password: the key is
//! made anew at each start.
//!
//! A phone without the app does not know this code. To let its camera join the Wi-Fi, the
//! [Wi-Fi code](crate::wifi) is shown beside it or first.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU16;

use teilgeber_entry::HostId;
use teilgeber_entry::codec::{DecodeError, Reader, Write};
use thiserror::Error;

use crate::qr::base45;
use crate::wifi::{NAME_MAX, Wifi};

/// The version of this code that is written, and the latest that is read.
pub const VERSION: u8 = 0;

/// The kind of a host code, in the byte after the version, among all codes that begin with
/// [`PREFIX`].
pub const KIND: u8 = 5;

/// What every code of Teilgeber begins with.
pub const PREFIX: &str = "TEILGEBER:";

/// The most addresses in a code.
pub const ADDRESSES_MAX: usize = 3;

/// The most characters of a text that is looked at.
const TEXT_MAX: usize = 2_000;

/// The longest password (64 hexadecimal digits), in bytes.
const PASSWORD_MAX: usize = 64;

/// Where a host is, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCode {
    host: HostId,
    port: NonZeroU16,
    addresses: Vec<IpAddr>,
    wifi: Option<Wifi>,
}

/// Why a text is no host code that can be used here, or none can be made.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum HostCodeError {
    /// The text is something else, perhaps another code of Teilgeber.
    #[error("this is not the code of a host")]
    NotACode,
    /// It begins like one, but is cut or mistyped.
    #[error("this code is damaged or incomplete")]
    Damaged,
    /// A newer version of the program made it.
    #[error("this code was made by a newer version: update the app")]
    Newer,
    /// A host without an address cannot be dialled.
    #[error("this device has no address that others could dial")]
    NoAddress,
}

impl HostCode {
    /// The code of a host that listens on `port` of these addresses: the first ones, where there
    /// are more than [`ADDRESSES_MAX`]. What is no address of one device is left out, and so is a
    /// link-local one of IPv6, which means nothing on another device.
    ///
    /// # Errors
    /// [`HostCodeError::NoAddress`] when none is left.
    pub fn new(
        host: HostId,
        port: NonZeroU16,
        addresses: &[IpAddr],
        wifi: Option<Wifi>,
    ) -> Result<Self, HostCodeError> {
        let mut kept: Vec<IpAddr> = Vec::new();
        for address in addresses.iter().map(IpAddr::to_canonical) {
            if can_be_dialled(address) && !kept.contains(&address) && kept.len() < ADDRESSES_MAX {
                kept.push(address);
            }
        }
        if kept.is_empty() {
            return Err(HostCodeError::NoAddress);
        }
        Ok(Self { host, port, addresses: kept, wifi })
    }

    /// Whom to expect there.
    pub fn host(&self) -> HostId {
        self.host
    }

    /// Where to dial, all at once.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.addresses.iter().map(|&ip| SocketAddr::new(ip, self.port.get())).collect()
    }

    /// The network to join first, where the addresses are not in one that both are in already.
    pub fn wifi(&self) -> Option<&Wifi> {
        self.wifi.as_ref()
    }

    /// The text to draw as a QR code.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", base45::encode(&self.to_bytes()))
    }

    /// Reads a code. Letters may be in either case, and white space around it does not count.
    ///
    /// # Errors
    /// [`HostCodeError::NotACode`], [`HostCodeError::Damaged`], [`HostCodeError::Newer`].
    pub fn read(text: &str) -> Result<Self, HostCodeError> {
        // Some of base45's characters are blanks, so only what cannot belong to it is trimmed.
        let text = text.trim_start().trim_end_matches(['\r', '\n', '\t']);
        if text.len() > TEXT_MAX {
            return Err(HostCodeError::NotACode);
        }
        let upper = text.to_ascii_uppercase();
        let body = upper.strip_prefix(PREFIX).ok_or(HostCodeError::NotACode)?;
        let bytes = base45::decode(body).map_err(|_| HostCodeError::Damaged)?;
        Self::from_bytes(&bytes)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, KIND];
        bytes.put_bytes(self.host.as_bytes());
        bytes.put_bytes(&self.port.get().to_be_bytes());
        bytes.put_u8(self.addresses.len() as u8);
        for address in &self.addresses {
            match address {
                IpAddr::V4(ip) => {
                    bytes.put_u8(4);
                    bytes.put_bytes(&ip.octets());
                }
                IpAddr::V6(ip) => {
                    bytes.put_u8(6);
                    bytes.put_bytes(&ip.octets());
                }
            }
        }
        match &self.wifi {
            None => bytes.put_u8(0),
            Some(wifi) => {
                let secured = u8::from(wifi.password().is_some());
                bytes.put_u8(1 + secured + 2 * u8::from(wifi.is_hidden()));
                bytes.put_sized(wifi.name().as_bytes());
                wifi.password()
                    .into_iter()
                    .for_each(|password| bytes.put_sized(password.as_bytes()));
            }
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, HostCodeError> {
        let mut reader = Reader::new(bytes);
        if reader.u8("version")? > VERSION {
            return Err(HostCodeError::Newer);
        }
        if reader.u8("kind")? != KIND {
            return Err(HostCodeError::NotACode);
        }
        let host = HostId::read(&mut reader, "host")?;
        let port = u16::from_be_bytes(reader.array("port")?);
        let port = NonZeroU16::new(port).ok_or(HostCodeError::Damaged)?;
        let count = usize::from(reader.u8("addresses")?);
        if count > ADDRESSES_MAX {
            return Err(HostCodeError::Damaged);
        }
        let addresses: Vec<IpAddr> =
            (0..count).map(|_| read_address(&mut reader)).collect::<Result<_, _>>()?;
        let wifi = read_wifi(&mut reader)?;
        reader.end("code")?;
        let code = Self::new(host, port, &addresses, wifi).map_err(|_| HostCodeError::Damaged)?;
        // What would have been left out has no place in a code.
        if code.addresses == addresses { Ok(code) } else { Err(HostCodeError::Damaged) }
    }
}

impl From<DecodeError> for HostCodeError {
    fn from(_: DecodeError) -> Self {
        Self::Damaged
    }
}

fn can_be_dialled(address: IpAddr) -> bool {
    let is_one_device = !address.is_unspecified() && !address.is_multicast();
    let has_meaning_elsewhere = match address {
        IpAddr::V4(ip) => !ip.is_broadcast(),
        IpAddr::V6(ip) => !ip.is_unicast_link_local(),
    };
    is_one_device && has_meaning_elsewhere
}

fn read_address(reader: &mut Reader<'_>) -> Result<IpAddr, HostCodeError> {
    match reader.u8("family")? {
        4 => Ok(Ipv4Addr::from(reader.array::<4>("IPv4")?).into()),
        6 => Ok(Ipv6Addr::from(reader.array::<16>("IPv6")?).into()),
        _ => Err(HostCodeError::Damaged),
    }
}

fn read_wifi(reader: &mut Reader<'_>) -> Result<Option<Wifi>, HostCodeError> {
    let form = match reader.u8("wifi")? {
        0 => return Ok(None),
        form @ 1..=4 => form - 1,
        _ => return Err(HostCodeError::Damaged),
    };
    let mut sized = |field, max| {
        std::str::from_utf8(reader.sized(field, max)?).map_err(|_| HostCodeError::Damaged)
    };
    let name = sized("name", NAME_MAX)?;
    let password = if form & 1 == 1 { Some(sized("password", PASSWORD_MAX)?) } else { None };
    let wifi = Wifi::new(name, password).map_err(|_| HostCodeError::Damaged)?;
    Ok(Some(wifi.hidden(form & 2 == 2)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::qr::{Version, render};

    /// Golden: neither side may ever change. `docs/wire-format.md` tells what is in it.
    const GOLDEN: &str = "TEILGEBER:500:*0:*0:*0:*0:*0:*0:*0:*0:*0:*0:*0:*0:*0:*0:*0:*0\
        %S3LB00GOTJ5Y*0000000000000000000000X50LO0XEDRTDVQE6%EGVC+$EE2";

    #[test]
    fn a_fixed_code_has_the_golden_text() {
        let addresses = ["192.168.43.1".parse().unwrap(), "fd00::1".parse().unwrap()];
        let wifi = Wifi::new("Mill", Some("sourdough")).unwrap();
        let code = code(&addresses, Some(wifi));

        assert_eq!(code.text(), GOLDEN);
        assert_eq!(HostCode::read(GOLDEN), Ok(code));
    }

    #[test]
    fn the_largest_code_fits_a_small_qr_code() {
        let addresses: Vec<IpAddr> =
            (0..9).map(|last| Ipv6Addr::new(0xfd00, 1, 2, 3, 4, 5, 6, last).into()).collect();
        let name = "n".repeat(NAME_MAX);
        let wifi = Wifi::new(&name, Some(&"f".repeat(PASSWORD_MAX))).unwrap().hidden(true);
        let code = code(&addresses, Some(wifi));

        assert_eq!(code.text().len(), 291);
        render(&code.text(), Version::new(10).unwrap()).unwrap();
        assert_eq!(HostCode::read(&code.text()), Ok(code));
    }

    #[test]
    fn a_code_has_only_addresses_that_mean_something_to_others() {
        let useless = ["0.0.0.0", "::", "224.0.0.251", "ff02::fb", "255.255.255.255", "fe80::1"];
        let useless: Vec<IpAddr> = useless.iter().map(|ip| ip.parse().unwrap()).collect();
        let made = HostCode::new(host(), port(), &useless, None);
        assert_eq!(made, Err(HostCodeError::NoAddress));

        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        let all = [useless, vec![mapped, mapped, "10.0.0.2".parse().unwrap()]].concat();
        let expected: Vec<SocketAddr> =
            vec!["10.0.0.1:7373".parse().unwrap(), "10.0.0.2:7373".parse().unwrap()];
        assert_eq!(code(&all, None).addresses(), expected);
    }

    #[test]
    fn other_texts_say_why_they_are_no_host_code() {
        let good = code(&["10.0.0.1".parse().unwrap()], None);
        let text_of = |bytes: &[u8]| format!("{PREFIX}{}", base45::encode(bytes));
        let changed = |at: usize, byte: u8| {
            let mut bytes = good.to_bytes();
            bytes[at] = byte;
            text_of(&bytes)
        };
        let multicast = changed(38, 224);
        for (text, error) in [
            ("", HostCodeError::NotACode),
            ("https://example.org", HostCodeError::NotACode),
            ("TEILGEBER:", HostCodeError::Damaged),
            ("TEILGEBER:!!!", HostCodeError::Damaged),
            (&changed(0, 1), HostCodeError::Newer),
            (&changed(1, 1), HostCodeError::NotACode),
            (&changed(36, 0), HostCodeError::Damaged),
            (&changed(36, 4), HostCodeError::Damaged),
            (&changed(37, 5), HostCodeError::Damaged),
            (&multicast, HostCodeError::Damaged),
            (&changed(42, 5), HostCodeError::Damaged),
            (&text_of(&[&good.to_bytes()[..], &[0]].concat()), HostCodeError::Damaged),
            (&good.text()[..good.text().len() - 3], HostCodeError::Damaged),
            (&"T".repeat(3_000), HostCodeError::NotACode),
        ] {
            assert_eq!(HostCode::read(text), Err(error), "{text}");
        }
        assert_eq!(HostCode::read(&format!("  {}\r\n", good.text().to_lowercase())), Ok(good));
    }

    proptest! {
        #[test]
        fn a_code_comes_back(
            host: [u8; 32],
            port in 1_u16..,
            addresses in proptest::collection::vec(any::<IpAddr>(), 1..6),
            wifi in proptest::option::of(("[\\PC]{1,8}", proptest::option::of("[ -~]{8,63}"), any::<bool>())),
        ) {
            let wifi = wifi.map(|(name, password, is_hidden)| {
                Wifi::new(&name, password.as_deref()).unwrap().hidden(is_hidden)
            });
            let port = NonZeroU16::new(port).unwrap();
            if let Ok(code) = HostCode::new(HostId::from_bytes(host), port, &addresses, wifi) {
                prop_assert_eq!(HostCode::read(&code.text()), Ok(code));
            }
        }

        #[test]
        fn bytes_are_refused_or_come_back(
            tail in proptest::collection::vec(any::<u8>(), 0..120),
            change in proptest::option::of((0_usize..80, any::<u8>())),
        ) {
            let wifi = Wifi::new("Mill", Some("sourdough")).unwrap();
            let mut near = code(&["10.0.0.1".parse().unwrap()], Some(wifi)).to_bytes();
            if let Some((at, byte)) = change {
                let at = at % near.len();
                near[at] = byte;
            }
            for bytes in [near, [&[VERSION, KIND], &tail[..]].concat()] {
                if let Ok(code) = HostCode::from_bytes(&bytes) {
                    prop_assert_eq!(code.to_bytes(), bytes);
                }
            }
        }
    }

    fn code(addresses: &[IpAddr], wifi: Option<Wifi>) -> HostCode {
        HostCode::new(host(), port(), addresses, wifi).unwrap()
    }

    fn host() -> HostId {
        HostId::from_bytes([7; 32])
    }

    fn port() -> NonZeroU16 {
        NonZeroU16::new(7373).unwrap()
    }
}
