//! Which addresses are worth dialling: those that can be near.
//!
//! Anyone in a network can announce any address. If all of it were dialled, one packet would make
//! every device in the hall knock at a victim's door anywhere in the world.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The network around this device, as far as it tells near from far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Vicinity {
    /// The networks that this device is in, each an address of ours and the length of its prefix.
    pub(crate) networks: Vec<(IpAddr, u8)>,
    /// Whether addresses of this machine alone count as near: in tests.
    pub(crate) with_loopback: bool,
}

impl Vicinity {
    /// Whether a peer can be at `address`, where `own_port` is ours: a private or link-local
    /// address, or one in a network that we are in ourselves, but not our own.
    pub(crate) fn admits(&self, address: SocketAddr, own_port: Option<u16>) -> bool {
        let ip = address.ip().to_canonical();
        let is_ours = self.networks.iter().any(|(ours, _)| *ours == ip);
        if address.port() == 0 || (is_ours && own_port == Some(address.port())) {
            return false;
        }
        if ip.is_loopback() {
            return self.with_loopback && own_port != Some(address.port());
        }
        let is_somewhere = match (ip, address) {
            (IpAddr::V4(ip), _) => is_unicast_v4(ip) && is_private_v4(ip),
            (IpAddr::V6(ip), SocketAddr::V6(address)) if ip.is_unicast_link_local() => {
                // Every interface has such a network; without its number nothing can be sent.
                address.scope_id() != 0
            }
            (IpAddr::V6(ip), _) => is_unicast_v6(ip) && ip.is_unique_local(),
        };
        is_somewhere || self.contains(ip)
    }

    /// Whether `ip` is in a network that we are in. A network of more than half of the world is
    /// a tunnel's, not a neighbourhood.
    fn contains(&self, ip: IpAddr) -> bool {
        self.networks.iter().any(|&(ours, prefix)| match (ours, ip) {
            (IpAddr::V4(ours), IpAddr::V4(ip)) => {
                let differing = ours.to_bits() ^ ip.to_bits();
                is_unicast_v4(ip)
                    && (8..=32).contains(&prefix)
                    && differing.leading_zeros() >= prefix.into()
            }
            (IpAddr::V6(ours), IpAddr::V6(ip)) => {
                let differing = ours.to_bits() ^ ip.to_bits();
                is_unicast_v6(ip)
                    && !ip.is_unicast_link_local()
                    && (16..=128).contains(&prefix)
                    && differing.leading_zeros() >= prefix.into()
            }
            _ => false,
        })
    }
}

fn is_unicast_v4(ip: Ipv4Addr) -> bool {
    let [first, ..] = ip.octets();
    // Net 0 is nobody; 224 and above is multicast, unused, and the broadcast address.
    first != 0 && first < 224
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    // 100.64.0.0/10 is what large networks use inside (RFC 6598).
    ip.is_private() || ip.is_link_local() || (first == 100 && (64..128).contains(&second))
}

fn is_unicast_v6(ip: Ipv6Addr) -> bool {
    !ip.is_multicast() && !ip.is_unspecified() && !ip.is_loopback()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddrV6;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn private_addresses_are_near_and_the_rest_of_the_world_is_not() {
        let anywhere = Vicinity::default();
        for near in [
            "192.168.1.2:7",
            "10.0.0.1:7",
            "172.31.0.1:7",
            "169.254.3.4:7",
            "100.64.0.1:7",
            "[fd00::1]:7",
        ] {
            assert!(anywhere.admits(near.parse().unwrap(), None), "{near}");
        }
        for far in [
            "93.184.216.34:7",
            "172.32.0.1:7",
            "100.128.0.1:7",
            "[2001:db8::1]:7",
            "127.0.0.1:7",
            "[::1]:7",
            "[::ffff:127.0.0.1]:7",
            "0.0.0.0:7",
            "[::]:7",
            "224.0.0.251:7",
            "[ff02::fb]:7",
            "255.255.255.255:7",
            "240.0.0.1:7",
            "192.168.1.2:0",
            "[::ffff:8.8.8.8]:7",
            "0.1.2.3:7",
        ] {
            assert!(!anywhere.admits(far.parse().unwrap(), None), "{far}");
        }
    }

    #[test]
    fn a_public_address_is_near_to_those_in_its_network() {
        let campus = Vicinity {
            networks: vec![
                ("141.2.3.4".parse().unwrap(), 16),
                ("2001:db8:1::5".parse().unwrap(), 64),
            ],
            with_loopback: false,
        };
        for near in ["141.2.200.1:7", "[2001:db8:1::77]:7"] {
            assert!(campus.admits(near.parse().unwrap(), None), "{near}");
        }
        for far in ["141.3.0.1:7", "[2001:db8:2::77]:7"] {
            assert!(!campus.admits(far.parse().unwrap(), None), "{far}");
        }
    }

    #[test]
    fn a_tunnel_to_everywhere_makes_nothing_near() {
        let tunnel = Vicinity {
            networks: vec![("8.8.4.4".parse().unwrap(), 0), ("2001:db8::1".parse().unwrap(), 1)],
            with_loopback: false,
        };
        assert!(!tunnel.admits("8.8.8.8:7".parse().unwrap(), None));
        assert!(!tunnel.admits("[2001:db8::2]:7".parse().unwrap(), None));
    }

    #[test]
    fn a_link_local_address_needs_the_number_of_its_interface() {
        let ip = "fe80::1".parse().unwrap();
        let here =
            Vicinity { networks: vec![("fe80::2".parse().unwrap(), 64)], with_loopback: false };

        assert!(here.admits(SocketAddrV6::new(ip, 7, 0, 3).into(), None));
        assert!(!here.admits(SocketAddrV6::new(ip, 7, 0, 0).into(), None));
    }

    #[test]
    fn this_device_is_no_neighbour_of_itself_but_another_program_on_it_is() {
        let here =
            Vicinity { networks: vec![("10.0.0.1".parse().unwrap(), 24)], with_loopback: true };

        for own in ["10.0.0.1:7", "127.0.0.1:7", "[::ffff:10.0.0.1]:7"] {
            assert!(!here.admits(own.parse().unwrap(), Some(7)), "{own}");
            assert!(here.admits(own.parse().unwrap(), Some(8)), "{own}");
        }
    }

    proptest! {
        #[test]
        fn what_is_admitted_can_be_dialled(ip: [u8; 16], is_v4: bool, port: u16, scope in 0_u32..2, ours: [u8; 16], prefix: u8) {
            let ip_of = |bytes: [u8; 16]| match is_v4 {
                true => IpAddr::from([bytes[0], bytes[1], bytes[2], bytes[3]]),
                false => IpAddr::from(bytes),
            };
            let address = match ip_of(ip) {
                IpAddr::V4(ip) => SocketAddr::from((ip, port)),
                IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, scope).into(),
            };
            let here = Vicinity { networks: vec![(ip_of(ours), prefix)], with_loopback: false };

            if here.admits(address, None) {
                let ip = address.ip();
                prop_assert!(port != 0 && !ip.is_multicast() && !ip.is_unspecified() && !ip.is_loopback());
            }
        }
    }
}
