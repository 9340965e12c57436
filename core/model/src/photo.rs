//! A picture of a session, such as of its flipchart: what is said of it, and how it is divided.
//!
//! What is said of a photo travels like a post, with a small picture of it. The picture itself is
//! divided into chunks that are entries of their own, so that it comes last, goes on where it was
//! interrupted, and lies in an event once however often it is shown.
//!
//! On the wire a photo is a map as `wire` describes it.
//!
//! | key | field | form |
//! |---|---|---|
//! | 0 | session | 32 bytes |
//! | 1 | caption | text |
//! | 2 | kind of picture | 0 JPEG, 1 PNG, 2 WebP |
//! | 3 | length in bytes | number |
//! | 4 | BLAKE3 hash of the picture | 32 bytes |
//! | 5 | document of its data | 32 bytes |
//! | 6 | thumbnail | bytes |

use minicbor::{Decoder, Encoder};
use serde::{Deserialize, Serialize};

use crate::error::{Invalid, Shape};
use crate::id::{Digest, Id};
use crate::published::Published;
use crate::text::Prose;
use crate::wire::{self, WireError};

/// What stands below a photo.
pub type Caption = Prose<500>;

/// What kind of picture: those that every phone and browser shows.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum MediaType {
    /// `image/jpeg`.
    #[n(0)]
    Jpeg,
    /// `image/png`.
    #[n(1)]
    Png,
    /// `image/webp`.
    #[n(2)]
    Webp,
}

impl MediaType {
    /// What the first bytes say; `None` where it is none of these.
    pub fn of(picture: &[u8]) -> Option<Self> {
        match picture {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// Its name on the internet.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// What files of it are called at the end, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

/// A small picture that comes with what is said of a photo: at most 8 KiB of JPEG, PNG or WebP.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Thumbnail(Vec<u8>);

impl Thumbnail {
    /// The most bytes.
    pub const MAX_BYTES: usize = 8 * 1024;

    /// Takes the bytes of a picture.
    ///
    /// # Errors
    /// [`Invalid::TooLong`], or [`Invalid::Malformed`] when it is no picture of a known kind.
    pub fn new(picture: Vec<u8>) -> Result<Self, Invalid> {
        if picture.len() > Self::MAX_BYTES {
            return Err(Invalid::TooLong { max: Self::MAX_BYTES });
        }
        match MediaType::of(&picture) {
            Some(_) => Ok(Self(picture)),
            None => Err(Invalid::Malformed(Shape::Picture)),
        }
    }

    /// The picture.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What kind of picture it is.
    pub fn media(&self) -> Option<MediaType> {
        MediaType::of(&self.0)
    }
}

impl<Ctx> minicbor::Encode<Ctx> for Thumbnail {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut Ctx,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, Ctx> minicbor::Decode<'b, Ctx> for Thumbnail {
    fn decode(d: &mut Decoder<'b>, _: &mut Ctx) -> Result<Self, minicbor::decode::Error> {
        Self::new(d.bytes()?.to_vec()).map_err(minicbor::decode::Error::message)
    }
}

/// How long a picture is, in bytes: 1 to [`PHOTO_MAX_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct PhotoLength(u32);

/// The most bytes of a photo: 8 MiB, what a phone's camera makes of a flipchart at its best.
pub const PHOTO_MAX_BYTES: u32 = 8 * 1024 * 1024;

/// Bytes of a chunk, but of the last: what a slow radio brings within seconds.
pub const CHUNK_BYTES: u32 = 64 * 1024;

impl PhotoLength {
    /// Takes a number of bytes.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`].
    pub fn new(bytes: u32) -> Result<Self, Invalid> {
        match bytes {
            1..=PHOTO_MAX_BYTES => Ok(Self(bytes)),
            _ => Err(Invalid::OutOfRange),
        }
    }

    /// In bytes.
    pub fn get(self) -> u32 {
        self.0
    }

    /// How many chunks it is divided into: at least one.
    pub fn chunks(self) -> u32 {
        self.0.div_ceil(CHUNK_BYTES)
    }

    /// The bytes of the chunk at `index`, from 0; `None` where there is none.
    pub fn chunk_bytes(self, index: u32) -> Option<u32> {
        let last = self.chunks() - 1;
        match index {
            index if index < last => Some(CHUNK_BYTES),
            index if index == last => Some(self.0 - last * CHUNK_BYTES),
            _ => None,
        }
    }
}

plain_traits!(PhotoLength, u32);

/// What a person says of a photo, and by what it is known when it has come.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Photo {
    /// Of which session.
    #[n(0)]
    pub session: Id,
    /// What stands below it; empty where nothing does.
    #[n(1)]
    pub caption: Caption,
    /// What kind of picture it is.
    #[n(2)]
    pub media: MediaType,
    /// How long it is.
    #[n(3)]
    pub length: PhotoLength,
    /// The hash of all its bytes.
    #[n(4)]
    pub hash: Digest,
    /// The document of its chunks, in the same event and of the same person.
    #[n(5)]
    pub data: Id,
    /// A small picture of it.
    #[n(6)]
    pub thumbnail: Option<Thumbnail>,
}

impl Published for Photo {
    /// 500 letters of up to four bytes, a thumbnail, and room for what a newer version adds.
    const MAX_BYTES: usize = 12 * 1024;

    fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode_map(bytes, Self::MAX_BYTES, Self::KEYS)
    }
}

impl Photo {
    const KEYS: u32 = 7;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::id;

    const JPEG: [u8; 4] = [0xff, 0xd8, 0xff, 0xe0];

    fn photo() -> impl Strategy<Value = Photo> {
        let media = prop_oneof![Just(MediaType::Jpeg), Just(MediaType::Png), Just(MediaType::Webp)];
        let thumbnail = prop::collection::vec(any::<u8>(), 0..40)
            .prop_map(|bytes| Thumbnail::new([&JPEG[..], &bytes].concat()).unwrap());
        let thumbnail = prop::option::of(thumbnail);
        (id(), "[a-zä ]{0,30}", media, 1..=PHOTO_MAX_BYTES, id(), id(), thumbnail).prop_map(
            |(session, caption, media, length, hash, data, thumbnail)| Photo {
                session,
                caption: Caption::new(&caption).unwrap(),
                media,
                length: PhotoLength::new(length).unwrap(),
                hash: Digest::new(*hash.as_bytes()),
                data,
                thumbnail,
            },
        )
    }

    proptest! {
        #[test]
        fn a_photo_reads_back(photo in photo()) {
            prop_assert_eq!(Photo::decode(&photo.encode()), Ok(photo));
        }

        #[test]
        fn any_bytes_are_a_photo_in_its_one_form_or_an_error(
            photo in photo(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = photo.encode();
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = Photo::decode(&bytes) {
                let again = read.encode();
                prop_assert!(again == bytes || bytes[1..].starts_with(&again[1..]));
            }
        }

        #[test]
        fn the_chunks_of_a_photo_make_up_its_length(length in 1..=PHOTO_MAX_BYTES) {
            let length = PhotoLength::new(length).unwrap();
            let sizes: Vec<u32> =
                (0..length.chunks()).map(|index| length.chunk_bytes(index).unwrap()).collect();

            prop_assert_eq!(sizes.iter().sum::<u32>(), length.get());
            prop_assert!(sizes.iter().all(|size| (1..=CHUNK_BYTES).contains(size)));
            prop_assert_eq!(length.chunk_bytes(length.chunks()), None);
        }
    }

    #[test]
    fn a_photo_at_its_bounds_fits() {
        let photo = Photo {
            session: Id::new([1; 32]),
            caption: Caption::new(&"🌾".repeat(500)).unwrap(),
            media: MediaType::Webp,
            length: PhotoLength::new(PHOTO_MAX_BYTES).unwrap(),
            hash: Digest::new([2; 32]),
            data: Id::new([3; 32]),
            thumbnail: Some(Thumbnail::new([&JPEG[..], &[7; 8188]].concat()).unwrap()),
        };

        assert_eq!(Photo::decode(&photo.encode()), Ok(photo));
    }

    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        assert_eq!(MediaType::of(&JPEG), Some(MediaType::Jpeg));
        assert_eq!(MediaType::of(b"\x89PNG\r\n\x1a\n\0"), Some(MediaType::Png));
        assert_eq!(MediaType::of(b"RIFF\x01\0\0\0WEBPVP8 "), Some(MediaType::Webp));
        for other in [&b""[..], b"\xff\xd8", b"GIF89a", b"<svg", b"RIFF\x01\0\0\0WAVE"] {
            assert_eq!(MediaType::of(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_thumbnail_is_a_small_picture() {
        let large = [&JPEG[..], &[0; Thumbnail::MAX_BYTES]].concat();
        let max = Thumbnail::MAX_BYTES;

        assert_eq!(Thumbnail::new(large), Err(Invalid::TooLong { max }));
        assert_eq!(Thumbnail::new(b"<script>".to_vec()), Err(Invalid::Malformed(Shape::Picture)));
    }

    #[test]
    fn nothing_and_too_much_are_no_length() {
        for bytes in [0, PHOTO_MAX_BYTES + 1, u32::MAX] {
            assert_eq!(PhotoLength::new(bytes), Err(Invalid::OutOfRange));
        }
    }
}
