//! Pictures as cameras write them, without what they tell besides the picture: where and when it was
//! taken, with which device, a smaller copy of what was cut off, or a film behind its end.
//!
//! Only the parts are looked at, no picture is decoded. What is kept: the picture, its colours (ICC), and
//! which side is up.

/// The picture alone, of a JPEG, PNG or WebP; `None` where it is none, or is damaged.
pub fn without_metadata(picture: &[u8]) -> Option<Vec<u8>> {
    match picture {
        [0xff, 0xd8, ..] => jpeg(picture),
        [0x89, b'P', b'N', b'G', ..] => png(picture),
        [b'R', b'I', b'F', b'F', ..] => webp(picture),
        _ => None,
    }
}

/// Start and end of a JPEG.
const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
/// Start of scan: what follows its segment is the picture's data, up to the next marker.
const SOS: u8 = 0xda;

fn jpeg(picture: &[u8]) -> Option<Vec<u8>> {
    let mut kept = vec![0xff, SOI];
    let mut at = 2;
    loop {
        let marker = match picture.get(at..at + 2)? {
            [0xff, 0xff] => {
                at += 1;
                continue;
            }
            [0xff, marker] => *marker,
            _ => return None,
        };
        if marker == EOI {
            kept.extend([0xff, EOI]);
            return Some(kept);
        }
        let length = usize::from(u16::from_be_bytes(picture.get(at + 2..at + 4)?.try_into().ok()?));
        let segment = picture.get(at..at + 2 + length).filter(|_| length >= 2)?;
        at += segment.len();
        match &segment[4..] {
            [b'E', b'x', b'i', b'f', 0, 0, tiff @ ..] if marker == 0xe1 => {
                kept.extend(orientation(tiff).map(only_orientation).unwrap_or_default());
            }
            body if is_of_the_picture(marker, body) => kept.extend_from_slice(segment),
            _ => {}
        }
        if marker == SOS {
            let data = scan(&picture[at..])?;
            kept.extend_from_slice(data);
            at += data.len();
        }
    }
}

/// Whether a segment is needed to show the picture: of those for applications, that of JFIF, the
/// colours, and Adobe's, which says how colours are coded. No comment.
fn is_of_the_picture(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xe0 | 0xee => true,
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// The data of a scan, up to the next marker that is none of its own.
fn scan(data: &[u8]) -> Option<&[u8]> {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    data.windows(2).position(ends).map(|end| &data[..end])
}

/// Which side is up, by the first directory of what a camera says: 2 to 8, where it is not the plain 1.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let number = |bytes: &[u8]| {
        let step = |sum: usize, byte: &u8| (sum << 8) | usize::from(*byte);
        if big { bytes.iter().fold(0, step) } else { bytes.iter().rev().fold(0, step) }
    };
    let directory = tiff.get(number(tiff.get(4..8)?)..)?;
    let count = number(directory.get(..2)?);
    let entries = directory.get(2..)?.chunks_exact(12).take(count);
    let found = entries.filter(|entry| number(&entry[..2]) == 0x0112 && number(&entry[2..4]) == 3);
    let side = found.map(|entry| number(&entry[8..10])).next()?;
    u8::try_from(side).ok().filter(|side| (2..=8).contains(side))
}

/// A segment that says which side is up, and nothing more.
fn only_orientation(side: u8) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend([side, 0, 0, 0, 0, 0, 0]);
    segment
}

fn png(picture: &[u8]) -> Option<Vec<u8>> {
    let mut rest = picture.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let mut kept = b"\x89PNG\r\n\x1a\n".to_vec();
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        // The length, the type, the data and the check sum.
        let (chunk, after) =
            rest.split_at_checked(usize::try_from(length).ok()?.checked_add(12)?)?;
        rest = after;
        match &chunk[4..8] {
            b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt" | b"tIME" => {}
            name => {
                kept.extend_from_slice(chunk);
                if name == b"IEND" {
                    return Some(kept);
                }
            }
        }
    }
}

fn webp(picture: &[u8]) -> Option<Vec<u8>> {
    let size = u32::from_le_bytes(picture.get(4..8)?.try_into().ok()?);
    let body = picture.get(8..usize::try_from(size).ok()?.checked_add(8)?)?;
    let mut rest = body.strip_prefix(b"WEBP")?;
    let mut kept = b"WEBP".to_vec();
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        // A chunk of odd length is followed by a byte that fills it up.
        let (chunk, after) = rest.split_at_checked(length.checked_add(8 + length % 2)?)?;
        rest = after;
        match &chunk[..4] {
            b"EXIF" | b"XMP " => {}
            b"VP8X" if length >= 1 => {
                let from = kept.len();
                kept.extend_from_slice(chunk);
                // That there is something of either kind.
                kept[from + 8] &= !0x0c;
            }
            _ => kept.extend_from_slice(chunk),
        }
    }
    if kept.len() == 4 {
        return None;
    }
    let size = u32::try_from(kept.len()).ok()?;
    Some([b"RIFF", &size.to_le_bytes()[..], &kept].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    }

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], name, data, b"crc "].concat()
    }

    fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut body = b"WEBP".to_vec();
        for (name, data) in chunks {
            body.extend_from_slice(*name);
            body.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
            body.extend_from_slice(data);
            body.extend(vec![0; data.len() % 2]);
        }
        [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
    }

    /// What a camera says: which side is up, then where it was.
    const EXIF: &[u8] = b"Exif\0\0II*\0\x08\0\0\0\x02\0\
        \x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x25\x88\x04\0\x01\0\0\0\x40\0\0\0\0\0\0\0 52.5200 N 13.4050 E";

    #[test]
    fn a_jpeg_keeps_its_picture_its_colours_and_which_side_is_up() {
        let colours = segment(0xe2, b"ICC_PROFILE\0\x01\x01colours");
        let tables = segment(0xdb, b"tables");
        let scan = [&segment(SOS, b"scan")[..], b"data\xff\0more\xff\xd0data"].concat();
        let tail = [&segment(0xc4, b"codes")[..], &scan[..], &[0xff, EOI]].concat();
        let taken = [
            &[0xff, SOI][..],
            &segment(0xe0, b"JFIF\0"),
            &segment(0xe1, EXIF),
            &segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0where it was"),
            &segment(0xe2, b"MPF\0a second picture"),
            &colours,
            &segment(0xfe, b"a comment"),
            &tables,
            &scan,
            &tail,
            b"a film behind the end",
        ]
        .concat();
        let side = segment(
            0xe1,
            b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
        );
        let jfif = segment(0xe0, b"JFIF\0");
        let kept = [&[0xff, SOI][..], &jfif, &side, &colours, &tables, &scan, &tail].concat();

        assert_eq!(without_metadata(&taken), Some(kept.clone()));
        assert_eq!(without_metadata(&kept), Some(kept));
    }

    #[test]
    fn a_png_keeps_what_it_shows() {
        let start = &b"\x89PNG\r\n\x1a\n"[..];
        let (head, data) = (chunk(b"IHDR", b"head"), chunk(b"IDAT", b"data"));
        let end = chunk(b"IEND", b"");
        let said =
            [chunk(b"tEXt", b"Author"), chunk(b"eXIf", EXIF), chunk(b"tIME", b"now")].concat();
        let taken = [start, &head, &said, &data, &end, b"behind"].concat();

        assert_eq!(without_metadata(&taken), Some([start, &head, &data, &end].concat()));
    }

    #[test]
    fn a_webp_keeps_what_it_shows_and_says_that_there_is_no_more() {
        let taken = riff(&[
            (b"VP8X", b"\x2c\0\0\0......"),
            (b"ICCP", b"odd"),
            (b"VP8 ", b"data"),
            (b"EXIF", EXIF),
            (b"XMP ", b"where"),
        ]);
        let kept = riff(&[(b"VP8X", b"\x20\0\0\0......"), (b"ICCP", b"odd"), (b"VP8 ", b"data")]);

        assert_eq!(without_metadata(&taken), Some(kept));
    }

    #[test]
    fn what_is_cut_off_is_no_picture() {
        let whole = [&[0xff, SOI][..], &segment(SOS, b"scan"), b"data", &[0xff, EOI]].concat();
        assert!(without_metadata(&whole).is_some());
        for end in 0..whole.len() {
            assert_eq!(without_metadata(&whole[..end]), None, "{end}");
        }
        assert_eq!(without_metadata(b"GIF89a"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_become_a_picture_that_stays_as_it_is_or_none(
            start in prop::sample::select(vec![
                &b"\xff\xd8\xff\xe1"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP",
            ]),
            bytes in prop::collection::vec(
                prop_oneof![Just(0xff), Just(0), Just(0xda), Just(0xd9), any::<u8>()], 0..60,
            ),
        ) {
            if let Some(kept) = without_metadata(&[start, &bytes].concat()) {
                prop_assert_eq!(without_metadata(&kept), Some(kept));
            }
        }
    }
}
