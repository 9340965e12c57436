//! The codes that one person shows and another scans.
//!
//! A code is text in the characters of a QR code's alphanumeric mode: `TEILGEBER:` and the base45
//! of some bytes. A camera that knows nothing of it shows a text that at least says whose it is.
//!
//! ```text
//! code    = version 1 ‖ kind 1 ‖ body
//! join    = event key 32 ‖ founder's author 32 ‖ name ‖ count 1 ‖ address …
//! screen  = person 32 ‖ fresh letter key 32 ‖ hint ‖ name ‖ fields, sized
//! badge   = person 32 ‖ letter key 32 ‖ name
//! carry   = event's space 32 ‖ carry key 32 ‖ founder's author 32
//! name    = sized UTF-8, at most 120 bytes
//! address = 4 ‖ IPv4 4 ‖ port 2 | 6 ‖ IPv6 16 ‖ port 2
//! hint    = 0 | 1 ‖ 8 bytes of a hash of the fresh key and the event's space
//! fields  = a card on the wire, at most 100 bytes
//! ```
//!
//! *Sized* is a length as varint and so many bytes. Each kind has one form; what is left over is an
//! error. A screen code holds nothing that is worth anything next year: the fresh key is forgotten,
//! and no card key is in it.
//!
//! Out of scope: drawing and reading QR codes (`formats`), and what a scan leads to
//! ([`swap`](crate::Device::scan)).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use teilgeber_entry::codec::{DecodeError, Reader, Write};
use teilgeber_entry::{AuthorId, CarryKey, LetterPublic, PersonId, SpaceId, SpaceKey};
use teilgeber_formats::qr::base45;
use teilgeber_model::{Card, Line, Name, Published as _};

/// The version of the codes that this program writes, and the latest that it reads.
pub const VERSION: u8 = 0;

/// What every code begins with.
pub const PREFIX: &str = "TEILGEBER:";

/// The most bytes of a name in a code. Longer ones are cut: the card has it in full.
pub const NAME_MAX_BYTES: usize = 120;

/// The most bytes of chosen fields in a screen code, so that it stays easy to scan.
pub const FIELDS_MAX_BYTES: usize = 100;

/// The most addresses in a join code: an organiser's laptop has a few interfaces.
pub const ADDRESSES_MAX: usize = 4;

/// The most characters of a text that is looked at: twice what the largest code has.
const TEXT_MAX: usize = 2_000;

/// A code that was read, or is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// Lets someone into an event.
    Join(Box<JoinCode>),
    /// Says on a screen who somebody is, for a contact.
    Screen(ScreenCode),
    /// Says on a badge who somebody is.
    Badge(BadgeCode),
    /// Lets a hub carry an event that it cannot read.
    Carry(CarryCode),
}

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// Joining an event.
    Join,
    /// Swapping contacts, from a screen.
    Screen,
    /// Swapping contacts, from a badge.
    Badge,
    /// Carrying an event without reading it.
    Carry,
}

/// Lets someone into an event: whoever has it can read everything there.
#[derive(Clone)]
pub struct JoinCode {
    /// The event's key.
    pub(crate) key: SpaceKey,
    /// The founder, with whom the organisers' tree begins.
    pub(crate) founder: AuthorId,
    /// What the event is called, until the event itself comes.
    pub(crate) name: Line<120>,
    /// Where somebody may be who has the event already.
    pub(crate) addresses: Vec<SocketAddr>,
}

/// One showing of a person's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenCode {
    /// Who shows it.
    pub(crate) person: PersonId,
    /// Where to answer; made for this showing.
    pub(crate) fresh: LetterPublic,
    /// Which event both may be in.
    pub(crate) hint: Option<EventHint>,
    /// Their name.
    pub(crate) name: Name,
    /// What else they chose to show.
    pub(crate) fields: Card,
}

/// A person's code on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadgeCode {
    /// Whose it is.
    pub(crate) person: PersonId,
    /// Where to write to them.
    pub(crate) letter: LetterPublic,
    /// Their name.
    pub(crate) name: Name,
}

/// Lets a courier recognise an event on a link and hold what is said there, and obey its organisers when
/// they withdraw something. It opens nothing.
#[derive(Debug, Clone)]
pub struct CarryCode {
    /// The event.
    pub(crate) space: SpaceId,
    /// By which members and couriers recognise it.
    pub(crate) carry: CarryKey,
    /// With whom the organisers' tree begins.
    pub(crate) founder: AuthorId,
}

/// Lets those who are in an event recognise it, and tells others nothing: two showings at one event
/// bear two hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventHint([u8; 8]);

/// Why a text is no code that can be used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The text is something else.
    #[error("this is not a Teilgeber code")]
    NotACode,
    /// It begins like one, but is cut or mistyped.
    #[error("this code is damaged or incomplete")]
    Damaged,
    /// A newer version of the program made it.
    #[error("this code was made by a newer version: update the app")]
    Newer,
}

impl Code {
    /// Reads a code. Letters may be in either case, and white space around it does not count.
    ///
    /// # Errors
    /// Any [`CodeError`].
    pub fn read(text: &str) -> Result<Self, CodeError> {
        let bytes = Self::bytes_of(text)?;
        Self::decode(&bytes)
    }

    /// The bytes in a code's text.
    pub(crate) fn bytes_of(text: &str) -> Result<Vec<u8>, CodeError> {
        // Some of base45's characters are blanks, so only what cannot belong to it is trimmed.
        let text = text.trim_start().trim_end_matches(['\r', '\n', '\t']);
        if text.len() > TEXT_MAX {
            return Err(CodeError::NotACode);
        }
        let upper = text.to_ascii_uppercase();
        let body = upper.strip_prefix(PREFIX).ok_or(CodeError::NotACode)?;
        base45::decode(body).map_err(|_| CodeError::Damaged)
    }

    /// What it is for.
    pub fn kind(&self) -> CodeKind {
        match self {
            Self::Join(_) => CodeKind::Join,
            Self::Screen(_) => CodeKind::Screen,
            Self::Badge(_) => CodeKind::Badge,
            Self::Carry(_) => CodeKind::Carry,
        }
    }

    /// The text to draw as a QR code, or to send.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", base45::encode(&self.encode()))
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        match self {
            Self::Join(code) => {
                bytes.put_u8(1);
                code.write(&mut bytes);
            }
            Self::Screen(code) => {
                bytes.put_u8(2);
                code.write(&mut bytes);
            }
            Self::Badge(code) => {
                bytes.put_u8(3);
                code.write(&mut bytes);
            }
            Self::Carry(code) => {
                bytes.put_u8(4);
                code.write(&mut bytes);
            }
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Result<Self, CodeError> {
        let mut reader = Reader::new(bytes);
        if reader.u8("version")? > VERSION {
            return Err(CodeError::Newer);
        }
        let code = match reader.u8("kind")? {
            1 => Self::Join(Box::new(JoinCode::read(&mut reader)?)),
            2 => Self::Screen(ScreenCode::read(&mut reader)?),
            3 => Self::Badge(BadgeCode::read(&mut reader)?),
            4 => Self::Carry(CarryCode::read(&mut reader)?),
            0 => return Err(CodeError::Damaged),
            _ => return Err(CodeError::Newer),
        };
        reader.end("code")?;
        Ok(code)
    }
}

impl From<DecodeError> for CodeError {
    fn from(_: DecodeError) -> Self {
        Self::Damaged
    }
}

impl JoinCode {
    /// What the event is called.
    pub fn name(&self) -> &Line<120> {
        &self.name
    }

    /// Where somebody may be who has the event already: to sync with first.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.put_bytes(self.key.as_bytes());
        bytes.put_bytes(self.founder.as_bytes());
        write_name(bytes, self.name.as_str());
        let addresses = &self.addresses[..self.addresses.len().min(ADDRESSES_MAX)];
        bytes.put_u8(addresses.len() as u8);
        addresses.iter().for_each(|address| write_address(bytes, address));
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, CodeError> {
        let key = SpaceKey::from_bytes(reader.array("event key")?);
        let founder = AuthorId::read(reader, "founder")?;
        let name = read_name(reader)?;
        let count = usize::from(reader.u8("addresses")?);
        if count > ADDRESSES_MAX {
            return Err(CodeError::Damaged);
        }
        let addresses = (0..count).map(|_| read_address(reader)).collect::<Result<_, _>>()?;
        Ok(Self { key, founder, name, addresses })
    }
}

/// The key is not shown.
impl std::fmt::Debug for JoinCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinCode").field("name", &self.name).finish_non_exhaustive()
    }
}

impl PartialEq for JoinCode {
    fn eq(&self, other: &Self) -> bool {
        self.key.space() == other.key.space()
            && (&self.founder, &self.name, &self.addresses)
                == (&other.founder, &other.name, &other.addresses)
    }
}

impl Eq for JoinCode {}

impl ScreenCode {
    /// The name of who shows it.
    pub fn name(&self) -> &Name {
        &self.name
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.put_bytes(self.person.as_bytes());
        bytes.put_bytes(self.fresh.as_bytes());
        bytes.put_u8(self.hint.is_some().into());
        if let Some(EventHint(hint)) = self.hint {
            bytes.put_bytes(&hint);
        }
        write_name(bytes, self.name.as_str());
        bytes.put_sized(&self.fields.encode());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, CodeError> {
        let person = PersonId::read(reader, "person")?;
        let fresh = LetterPublic::from_bytes(reader.array("fresh key")?);
        let hint = match reader.u8("hint")? {
            0 => None,
            1 => Some(EventHint(reader.array("hint")?)),
            _ => return Err(CodeError::Damaged),
        };
        let name = read_name(reader)?;
        let fields = reader.sized("fields", FIELDS_MAX_BYTES)?;
        let fields = Card::decode(fields).map_err(|_| CodeError::Damaged)?;
        Ok(Self { person, fresh, hint, name, fields })
    }
}

impl BadgeCode {
    /// The name of whose badge it is.
    pub fn name(&self) -> &Name {
        &self.name
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.put_bytes(self.person.as_bytes());
        bytes.put_bytes(self.letter.as_bytes());
        write_name(bytes, self.name.as_str());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, CodeError> {
        Ok(Self {
            person: PersonId::read(reader, "person")?,
            letter: LetterPublic::from_bytes(reader.array("letter key")?),
            name: read_name(reader)?,
        })
    }
}

impl CarryCode {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.put_bytes(self.space.as_bytes());
        bytes.put_bytes(self.carry.as_bytes());
        bytes.put_bytes(self.founder.as_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, CodeError> {
        Ok(Self {
            space: SpaceId::read(reader, "space")?,
            carry: CarryKey::from_bytes(reader.array("carry key")?),
            founder: AuthorId::read(reader, "founder")?,
        })
    }
}

impl PartialEq for CarryCode {
    fn eq(&self, other: &Self) -> bool {
        let all = |code: &Self| (code.space, *code.carry.as_bytes(), code.founder);
        all(self) == all(other)
    }
}

impl Eq for CarryCode {}

impl EventHint {
    /// The hint at `event` in the showing with the key `fresh`.
    pub(crate) fn new(event: &SpaceId, fresh: &LetterPublic) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("teilgeber 0 event hint in a code");
        hasher.update(fresh.as_bytes()).update(event.as_bytes());
        let mut hint = [0; 8];
        hasher.finalize_xof().fill(&mut hint);
        Self(hint)
    }
}

/// The space that a code is: for letters between who shows it and who scanned it.
pub(crate) fn space_of(code: &[u8]) -> SpaceKey {
    SpaceKey::from_bytes(blake3::derive_key("teilgeber 0 space of a code", code))
}

fn write_name(bytes: &mut Vec<u8>, name: &str) {
    let longest = name.len().min(NAME_MAX_BYTES);
    let end = (0..=longest).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
    bytes.put_sized(name[..end].trim_end().as_bytes());
}

fn read_name<const MAX: usize>(reader: &mut Reader<'_>) -> Result<Line<MAX>, CodeError> {
    let bytes = reader.sized("name", NAME_MAX_BYTES)?;
    let name = std::str::from_utf8(bytes).map_err(|_| CodeError::Damaged)?;
    Line::new(name).map_err(|_| CodeError::Damaged)
}

fn write_address(bytes: &mut Vec<u8>, address: &SocketAddr) {
    match address.ip() {
        IpAddr::V4(ip) => {
            bytes.put_u8(4);
            bytes.put_bytes(&ip.octets());
        }
        IpAddr::V6(ip) => {
            bytes.put_u8(6);
            bytes.put_bytes(&ip.octets());
        }
    }
    bytes.put_bytes(&address.port().to_be_bytes());
}

fn read_address(reader: &mut Reader<'_>) -> Result<SocketAddr, CodeError> {
    let ip: IpAddr = match reader.u8("address")? {
        4 => Ipv4Addr::from(reader.array::<4>("address")?).into(),
        6 => Ipv6Addr::from(reader.array::<16>("address")?).into(),
        _ => return Err(CodeError::Damaged),
    };
    Ok(SocketAddr::new(ip, u16::from_be_bytes(reader.array("port")?)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use teilgeber_formats::qr::{Version, render};
    use teilgeber_model::{Bio, List};

    use super::*;

    fn long_name() -> Name {
        Name::new(&"ü".repeat(Name::MAX)).unwrap()
    }

    fn join(name: &str, addresses: usize) -> Code {
        let address = |n| SocketAddr::new(Ipv6Addr::from([n as u8; 16]).into(), 4000);
        Code::Join(Box::new(JoinCode {
            key: SpaceKey::from_bytes([1; 32]),
            founder: AuthorId::from_bytes([2; 32]),
            name: Line::new(name).unwrap(),
            addresses: (0..addresses).map(address).collect(),
        }))
    }

    fn screen(name: Name, fields: Card) -> Code {
        let fresh = LetterPublic::from_bytes([4; 32]);
        let hint = Some(EventHint::new(&SpaceId::from_bytes([5; 32]), &fresh));
        Code::Screen(ScreenCode {
            person: PersonId::from_bytes([3; 32]),
            fresh,
            hint,
            name,
            fields,
        })
    }

    fn badge(name: Name) -> Code {
        let letter = LetterPublic::from_bytes([4; 32]);
        Code::Badge(BadgeCode { person: PersonId::from_bytes([3; 32]), letter, name })
    }

    fn carry(founder: u8) -> Code {
        Code::Carry(CarryCode {
            space: SpaceId::from_bytes([6; 32]),
            carry: CarryKey::from_bytes([7; 32]),
            founder: AuthorId::from_bytes([founder; 32]),
        })
    }

    /// As much as [`FIELDS_MAX_BYTES`] allows: a bio of 97 bytes, its key and its length.
    fn full_fields() -> Card {
        Card::default().with_bio(Bio::new(&"x".repeat(96)).unwrap())
    }

    #[test]
    fn the_largest_codes_fit_their_media() {
        assert_eq!(full_fields().encode().len(), FIELDS_MAX_BYTES);

        assert!(render(&badge(long_name()).text(), Version::BADGE).is_ok());
        assert!(render(&screen(long_name(), full_fields()).text(), Version::SCREEN).is_ok());
        assert!(render(&join(&"ü".repeat(120), ADDRESSES_MAX).text(), Version::SCREEN).is_ok());
    }

    #[test]
    fn a_plain_join_code_is_small() {
        let qr = render(&join("Barcamp Mill", 0).text(), Version::MAX).unwrap();

        assert!(qr.version().get() <= 7, "{}", qr.version().get());
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let Ok(Code::Badge(read)) = Code::read(&badge(long_name()).text()) else { panic!() };

        assert_eq!(read.name().as_str(), "ü".repeat(NAME_MAX_BYTES / 2));
    }

    #[test]
    fn a_code_of_a_newer_version_asks_for_an_update() {
        let mut newer = join("Barcamp", 1).encode();
        newer[0] = VERSION + 1;
        let mut unknown = join("Barcamp", 1).encode();
        unknown[1] = 77;

        for bytes in [newer, unknown] {
            let text = format!("{PREFIX}{}", base45::encode(&bytes));
            assert_eq!(Code::read(&text), Err(CodeError::Newer));
        }
    }

    #[test]
    fn what_is_not_a_code_says_so() {
        for text in ["", "https://example.org", "BEGIN:VCARD", "teilgeber"] {
            assert_eq!(Code::read(text), Err(CodeError::NotACode), "{text}");
        }
        let whole = join("Barcamp", 1).text();
        assert_eq!(Code::read(&whole[..whole.len() - 3]), Err(CodeError::Damaged));
        assert_eq!(Code::read("TEILGEBER:ä"), Err(CodeError::Damaged));
    }

    #[test]
    fn a_code_survives_another_case_and_white_space_around_it() {
        let code = join("Barcamp", 2);

        assert_eq!(Code::read(&format!("  {}\r\n", code.text().to_lowercase())), Ok(code));
    }

    #[test]
    fn a_join_code_does_not_show_its_key() {
        assert!(!format!("{:?}", join("Barcamp", 0)).contains("0101"));
    }

    #[test]
    fn two_showings_at_one_event_bear_two_hints() {
        let event = SpaceId::from_bytes([5; 32]);
        let hint = |n| EventHint::new(&event, &LetterPublic::from_bytes([n; 32]));

        assert_ne!(hint(1), hint(2));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn a_code_reads_back(
            name in "[A-Za-zäöü]{1,40}",
            addresses in 0..=ADDRESSES_MAX,
            bio in "[a-z ]{0,90}",
        ) {
            let person_name = Name::new(&name).unwrap();
            let fields = Card::default().with_bio(Bio::new(&bio).unwrap()).with_links(List::default());
            for code in
                [
                    join(&name, addresses),
                    screen(person_name.clone(), fields),
                    badge(person_name),
                    carry(addresses as u8),
                ]
            {
                prop_assert_eq!(Code::read(&code.text()), Ok(code));
            }
        }

        #[test]
        fn any_bytes_are_a_code_with_one_form_or_an_error(
            kind in 0_u8..6,
            bytes: Vec<u8>,
        ) {
            let bytes = [&[VERSION, kind], bytes.as_slice()].concat();
            if let Ok(code) = Code::decode(&bytes) {
                prop_assert_eq!(Code::decode(&code.encode()), Ok(code));
            }
        }

        #[test]
        fn any_text_is_a_code_or_an_error(text in "(TEILGEBER:)?[0-9A-Z $%*+./:-]{0,200}|\\PC{0,40}") {
            let _either = Code::read(&text);
        }

        #[test]
        fn a_cut_code_is_damaged(cut in 0_usize..100) {
            let bytes = badge(long_name()).encode();
            let cut = cut.min(bytes.len() - 1);

            prop_assert_eq!(Code::decode(&bytes[..cut]), Err(CodeError::Damaged));
        }
    }
}
