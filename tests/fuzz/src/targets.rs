//! The targets, the outermost first: what comes over a link, in a file, from a camera.

use teilgeber_device::Code;
use teilgeber_device::formats::host::HostCode;
use teilgeber_device::formats::qr::{
    AnimatedReceiver, AnimatedSender, Version, base45, decode_luma, decode_png, render,
};
use teilgeber_device::formats::wifi::Wifi;
use teilgeber_entry::batch;
use teilgeber_entry::bundle::{Found, Reader as BundleReader, Seal, Writer as BundleWriter};
use teilgeber_entry::content::Body;
use teilgeber_entry::statement::{Statement, Strictness, Target as StatementTarget};
use teilgeber_entry::{
    AuthorKey, Binding, Content, DocumentId, Draft, Header, Kind, Noun, Origin, Parcel, PersonKey,
    SpaceKey,
};
use teilgeber_formats::schedule;
use teilgeber_link::{Config, LinkInfo};
use teilgeber_model::{
    Card, Interests, Lent, Line, Name, Offer, Photo, Post, Published, SeatRequest, Stars,
};
use tokio::io::AsyncWriteExt as _;

use crate::{Target, exchange};

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "exchange", run: exchange::run, seeds: exchange::seeds },
    Target { name: "link", run: link, seeds: links },
    Target { name: "batch", run: batch, seeds: batches },
    Target { name: "bundle", run: bundle, seeds: bundles },
    Target { name: "header", run: header, seeds: headers },
    Target { name: "statement", run: statement, seeds: statements },
    Target { name: "content", run: content, seeds: contents },
    Target { name: "published", run: published, seeds: publisheds },
    Target { name: "code", run: code, seeds: codes },
    Target { name: "schedule", run: schedule, seeds: schedules },
    Target { name: "frame", run: frame, seeds: frames },
    Target { name: "picture", run: picture, seeds: pictures },
];

/// A peer that says anything instead of a handshake and what follows it, to whoever listens or dialled.
fn link(bytes: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let config = Config::default();
    for dialled in [false, true] {
        runtime.block_on(async {
            let (mut theirs, ours) = tokio::io::duplex(1 << 20);
            theirs.write_all(bytes).await.unwrap();
            theirs.shutdown().await.unwrap();
            let begun = match dialled {
                true => teilgeber_link::initiate(ours, &config, LinkInfo::LAN).await,
                false => teilgeber_link::respond(ours, &config, LinkInfo::LAN).await,
            };
            if let Ok(link) = begun {
                let (_sender, mut receiver) = link.split();
                while let Ok(Some(_)) = receiver.receive().await {}
            }
        });
    }
}

fn links() -> Vec<Vec<u8>> {
    let hello = [b"TLGB\x00".as_slice(), &[9; 32]].concat();
    vec![
        [hello.as_slice(), &[0, 20], &[7; 20]].concat(),
        hello,
        b"TLGB\x63".to_vec(),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
    ]
}

/// A batch, to a member and to a courier.
fn batch(bytes: &[u8]) {
    let key = space();
    for key in [Some(&key), None] {
        let Ok(parcels) = batch::decode(bytes, &space().space(), key) else { continue };
        // What was read is packed and read again as it is.
        let (packed, count) = batch::encode(&parcels, key, usize::MAX);
        let again = batch::decode(&packed, &space().space(), key).unwrap();
        let ids = |parcels: &[Parcel]| -> Vec<_> {
            parcels.iter().map(|parcel| parcel.envelope.id()).collect()
        };
        assert_eq!(ids(&again), ids(&parcels)[..count]);
    }
}

fn batches() -> Vec<Vec<u8>> {
    let parcels = parcels();
    vec![
        batch::encode(&parcels, Some(&space()), usize::MAX).0,
        batch::encode(&parcels, None, usize::MAX).0,
    ]
}

/// A bundle, read to its end, its sections opened as a member and as a courier.
fn bundle(bytes: &[u8]) {
    let (key, mut reader) = (space(), BundleReader::new(bytes));
    let carry = key.carry_key();
    // Each thing that is found is at least a byte of the input, and there is an end.
    for _ in 0..=bytes.len() + 1 {
        match reader.next_found() {
            Ok(Some(Found::Section(section))) => {
                for seal in [Seal::Members(&key), Seal::Couriers(&carry)] {
                    if let Ok(opened) = section.open(seal) {
                        batch(&opened);
                    }
                }
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return,
        }
    }
    panic!("a bundle of {} bytes has no end", bytes.len());
}

fn bundles() -> Vec<Vec<u8>> {
    let (key, parcels) = (space(), parcels());
    let carry = key.carry_key();
    let mut writer = BundleWriter::new(Vec::new(), [5; 32]).unwrap();
    let members = batch::encode_for_bundle(&parcels, Some(&key), usize::MAX).0;
    let couriers = batch::encode_for_bundle(&parcels, None, usize::MAX).0;
    writer.add(Seal::Members(&key), &members).unwrap();
    writer.add(Seal::Couriers(&carry), &couriers).unwrap();
    writer.add(Seal::Members(&key), &members).unwrap();
    vec![writer.finish().unwrap().0]
}

fn header(bytes: &[u8]) {
    if let Ok(header) = Header::decode(bytes) {
        assert_eq!(header.encode().as_slice(), bytes, "a header has one form");
    }
}

fn headers() -> Vec<Vec<u8>> {
    parcels().iter().map(|parcel| parcel.envelope.header().encode().to_vec()).collect()
}

fn statement(bytes: &[u8]) {
    if let Ok(statement) = Statement::decode(bytes) {
        assert_eq!(statement.encode(), bytes, "a statement has one form");
    }
}

fn statements() -> Vec<Vec<u8>> {
    let author = AuthorKey::from_bytes([3; 32]).id();
    let document = DocumentId::from_bytes([4; 32]);
    let all = [
        Statement::Grant(author),
        Statement::Revoke(author, None),
        Statement::Successor(author),
        Statement::Erase(document),
        Statement::Withdraw(StatementTarget::Document(document)),
        Statement::Hide(StatementTarget::Document(document)),
        Statement::Unhide(parcels().iter().map(|parcel| parcel.envelope.id()).take(1).collect()),
        Statement::Policy(document, Strictness::ChathamHouse),
    ];
    all.iter().map(Statement::encode).collect()
}

/// The inside of a payload, after a byte that says of which kind of entry.
fn content(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let kind = [Kind::Change, Kind::Put, Kind::Chunk][usize::from(kind % 3)];
    if let Ok(content) = Content::decode(kind, bytes) {
        assert_eq!(content.encode(), bytes, "a content has one form");
    }
}

fn contents() -> Vec<Vec<u8>> {
    let kind = |content: &Content| match content.kind() {
        Kind::Change => 0,
        Kind::Put => 1,
        _ => 2,
    };
    let all = [
        Body::Change(vec![7; 40]),
        Body::Put { supersedes: Vec::new(), value: card().encode() },
        Body::Chunk { index: 1, count: 3, bytes: vec![9; 100] },
    ];
    let content = |body| Content { noun: Noun(2), origin: Origin::Made, body };
    let bytes = |content: Content| [&[kind(&content)], content.encode().as_slice()].concat();
    all.into_iter().map(content).map(bytes).collect()
}

/// A published value of any noun. What was read has one form, which is read again as it is.
fn published(bytes: &[u8]) {
    fn one<T: Published + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
        if let Ok(value) = T::decode(bytes) {
            let form = value.encode();
            assert!(form.len() <= T::MAX_BYTES);
            assert_eq!(T::decode(&form).as_ref(), Ok(&value));
        }
    }
    one::<Card>(bytes);
    one::<Post>(bytes);
    one::<Offer>(bytes);
    one::<SeatRequest>(bytes);
    one::<Interests>(bytes);
    one::<Stars>(bytes);
    one::<Photo>(bytes);
    one::<Lent>(bytes);
}

fn publisheds() -> Vec<Vec<u8>> {
    vec![card().encode(), Card::default().encode()]
}

/// Any text that is typed, pasted or scanned.
fn code(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(code) = Code::read(&text) {
        assert_eq!(Code::read(&code.text()), Ok(code));
    }
    if let Ok(code) = HostCode::read(&text) {
        assert_eq!(HostCode::read(&code.text()), Ok(code));
    }
    if let Ok(wifi) = Wifi::read(&text) {
        assert_eq!(Wifi::read(&wifi.text()), Ok(wifi));
    }
    if let Ok(bytes) = base45::decode(&text) {
        assert_eq!(base45::decode(&base45::encode(&bytes)), Ok(bytes));
    }
    // The bytes of codes are reached sooner without their alphabet.
    let wrapped = format!("TEILGEBER:{}", base45::encode(bytes));
    let (_either, _or) = (Code::read(&wrapped), HostCode::read(&wrapped));
}

fn codes() -> Vec<Vec<u8>> {
    let badge = [[0, 3].as_slice(), &[1; 32], &[2; 32], &[3], b"Ada"].concat();
    let join =
        [[0, 1].as_slice(), &[1; 32], &[2; 32], &[4], b"Camp", &[1, 4, 10, 0, 0, 1, 28, 205]]
            .concat();
    let wifi = Wifi::new("Mill Camp; hall", Some("clocks without hands")).unwrap();
    let texts = [&badge, &join].map(|bytes| format!("TEILGEBER:{}", base45::encode(bytes)));
    let texts = texts.into_iter().chain([wifi.text()]).map(String::into_bytes);
    texts.chain([badge, join]).collect()
}

fn schedule(bytes: &[u8]) {
    let _either = schedule::read(bytes);
}

fn schedules() -> Vec<Vec<u8>> {
    // Without the long middle of real ones, so that a mutation is likely to matter.
    let ends = |bytes: &[u8]| bytes[..bytes.len().min(6_000)].to_vec();
    vec![
        ends(include_bytes!("../../data/debconf23.xml")),
        ends(include_bytes!("../../data/frab-camp2019.json")),
        include_bytes!("../../data/untidy.xml").to_vec(),
        include_bytes!("../../data/untidy.json").to_vec(),
        ends(include_bytes!("../../data/kielux_2020.ics")),
    ]
}

/// Frames of an animated code, one on a line.
fn frame(bytes: &[u8]) {
    let mut receiver = AnimatedReceiver::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        receiver.take_text(&String::from_utf8_lossy(line));
    }
    if let Some(payload) = receiver.payload() {
        assert!(payload.len() <= 20_000);
    }
}

fn frames() -> Vec<Vec<u8>> {
    let sender = AnimatedSender::new(&[b"barcamp ".as_slice(); 200].concat()).unwrap();
    let text = |numbers: std::ops::Range<u16>| {
        numbers.map(|number| sender.text(number)).collect::<Vec<_>>().join("\n").into_bytes()
    };
    vec![text(0..6), text(2..9)]
}

/// A picture from a camera: its width, its height, then its pixels; or a file.
fn picture(bytes: &[u8]) {
    let _either = decode_png(bytes);
    if let Some((&[width, height], pixels)) = bytes.split_first_chunk() {
        let _or = decode_luma(width.into(), height.into(), width.into(), pixels);
    }
}

fn pictures() -> Vec<Vec<u8>> {
    let qr = render("TEILGEBER:HELLO", Version::BADGE).unwrap();
    vec![qr.to_png(3)]
}

fn space() -> SpaceKey {
    SpaceKey::from_bytes([1; 32])
}

fn card() -> Card {
    Card::default().with_name(Some(Name::from(Line::new("Ada").unwrap())))
}

/// Two authors with two entries each.
fn parcels() -> Vec<Parcel> {
    let (space, mut parcels) = (space(), Vec::new());
    for author in [2, 3].map(|n| AuthorKey::from_bytes([n; 32])) {
        let person = PersonKey::from_bytes([8; 32]);
        let binding = Binding::direct(&person, &space.space(), &author.id());
        let binding = binding.seal(&space, &author.id());
        let mut prev = [0; 32];
        for seq in 1..=2 {
            let content = Content {
                noun: Noun(2),
                origin: Origin::Made,
                body: Body::Put { supersedes: Vec::new(), value: card().encode() },
            };
            let document = DocumentId::from_bytes([seq as u8; 32]);
            let draft =
                Draft { document, seq, prev, time: 1_795_248_000_000, binding: binding.clone() };
            let parcel = draft.sign(&space, &author, &content, &[6; 16]).unwrap();
            prev = *parcel.envelope.id().as_bytes();
            parcels.push(parcel);
        }
    }
    parcels
}
