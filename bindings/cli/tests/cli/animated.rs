//! A file as codes that follow one another, at the terminal.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use teilgeber_device::formats::qr::{AnimatedReceiver, Taken};

use crate::home::{Folder, Said, run};

/// Bytes that no compression and no chance makes.
fn file(folder: &Folder, length: usize) -> (PathBuf, Vec<u8>) {
    let bytes: Vec<u8> = (0..length).map(|at| (at * at / 7 + at) as u8).collect();
    let path = folder.path("camp.bin");
    fs::write(&path, &bytes).unwrap();
    (path, bytes)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes frames of a file, and gives their paths in order.
fn frames(folder: &Folder, file: &Path, more: &[&str]) -> (Value, Vec<PathBuf>) {
    let pictures = folder.path("frames");
    let said = run(&[&["--json", "qr-send", text(file), "--out", text(&pictures)], more].concat());
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let mut paths: Vec<PathBuf> =
        fs::read_dir(pictures).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    (serde_json::from_str(&said.out).unwrap(), paths)
}

fn receive<'a>(pictures: impl IntoIterator<Item = &'a PathBuf>, more: &[&str]) -> Said {
    let pictures: Vec<&str> = pictures.into_iter().map(|path| text(path)).collect();
    run(&[&["qr-receive"], &pictures[..], more].concat())
}

#[test]
fn of_pictures_of_which_two_in_five_are_lost_the_rest_give_the_file() {
    let folder = Folder::new();
    let (file, bytes) = file(&folder, 10_000);
    let (sent, pictures) = frames(&folder, &file, &["--frames", "50"]);
    assert_eq!((&sent["needed"], &sent["frames"], pictures.len()), (&json!(25), &json!(50), 50));
    let out = folder.path("received.bin");

    let seen = pictures.iter().rev().enumerate().filter(|(at, _)| at * 7 % 5 > 1);
    let said = receive(seen.map(|(_, path)| path), &["--json", "--out", text(&out)]);

    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(fs::read(&out).unwrap(), bytes);
    let received: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(received["transfer"], sent["transfer"]);
    assert_eq!(received["bytes"], 10_000);
    assert!(received["pictures"]["new"].as_u64().unwrap() < 30, "{received}");
}

#[test]
fn pictures_that_show_nothing_are_passed_over_and_too_few_say_how_many_are_missing() {
    let folder = Folder::new();
    let (file, bytes) = file(&folder, 1_000);
    let (_, pictures) = frames(&folder, &file, &[]);
    let (blurred, out) = (folder.path("blurred.png"), folder.path("out"));
    let half = fs::read(&pictures[0]).unwrap();
    fs::write(&blurred, &half[..half.len() / 2]).unwrap();

    let said = receive([&blurred, &pictures[1], &pictures[1], &pictures[4]], &[]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.contains("2 of at least 3 frames"), "{}", said.err);
    assert!(said.err.contains("1 picture with nothing to be read"), "{}", said.err);
    assert!(said.err.contains("Take more"), "{}", said.err);

    let given = [&blurred, &pictures[1], &pictures[1], &pictures[4], &pictures[0]];
    let said = receive(given, &["--out", text(&out)]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.starts_with("Received 1000 bytes, written to "), "{}", said.out);
    assert_eq!(fs::read(&out).unwrap(), bytes);
}

#[test]
fn the_most_useful_of_an_event_goes_over_a_screen_and_is_taken_in() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    ada.text(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.text(&["session", "pitch", "Bread and time"]);
    bela.text(&["event", "join", ada.json(&["event", "code"])["code"].as_str().unwrap()]);
    let frames = folder.path("frames");
    ada.text(&["qr-send", "--event", "Mill Camp", "--out", text(&frames)]);
    let pictures = fs::read_dir(&frames).unwrap().map(|entry| entry.unwrap().path());
    let pictures: Vec<PathBuf> =
        pictures.filter(|path| !path.ends_with("frame-0000.png")).collect();
    let receive = [&["qr-receive"], &pictures.iter().map(|it| text(it)).collect::<Vec<_>>()[..]];

    let said = bela.text(&receive.concat());

    assert!(said.contains("Mill Camp: 2 new."), "{said}");
    assert!(bela.text(&["search", "bread"]).contains("Bread and time"));
    assert_eq!(bela.json(&receive.concat())["bundle"]["spaces"][0]["new"], 0);
    let stranger = folder.home("cem").text(&receive.concat());
    assert!(stranger.contains("Nothing in here is for you."), "{stranger}");
}

#[test]
fn what_cannot_be_sent_says_why() {
    let folder = Folder::new();
    let (large, _) = file(&folder, 20_001);
    let empty = folder.path("empty");
    fs::write(&empty, b"").unwrap();
    let out = folder.path("frames");
    let send = |file: &Path| run(&["qr-send", text(file), "--out", text(&out)]);

    let said = send(&large);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("1 bytes too long") && said.err.contains("20,000"), "{}", said.err);
    assert!(send(&empty).err.contains("nothing to send"));
    assert_eq!(send(&folder.path("nowhere")).code, 3);
    let said = run(&["qr-send", text(&empty)]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--out DIR"), "{}", said.err);
    assert!(!out.exists());
}

/// A terminal of util-linux's `script`, of 80 columns and 24 lines.
#[test]
fn a_terminal_shows_frames_that_fit_in_it_and_give_the_file() {
    let folder = Folder::new();
    let (file, bytes) = file(&folder, 200);
    let program = env!("CARGO_BIN_EXE_teilgeber");
    let command =
        format!("stty rows 24 cols 80; {program} qr-send {} --frames 3 --fps 30", file.display());

    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .env("TERM", "xterm")
        .output()
        .unwrap();

    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}");
    let frames: Vec<&str> = shown.split("\x1b[H").skip(1).collect();
    let mut receiver = AnimatedReceiver::new();
    for (number, frame) in frames.iter().enumerate() {
        assert!(frame.contains(&format!("Frame {};", number + 1)), "{frame}");
        assert!(frame.trim_end().lines().count() <= 24, "{frame}");
        let (side, luma) = photographed(frame);
        assert_eq!(receiver.take_luma(side, side, side, &luma), Taken::New, "{frame}");
    }
    assert_eq!(receiver.payload(), Some(&bytes[..]));
}

/// What a camera would see of half blocks on a terminal: the side of a grey picture, and its pixels.
fn photographed(frame: &str) -> (usize, Vec<u8>) {
    const SCALE: usize = 8;
    let is_block = |c: &char| " ▀▄█".contains(*c);
    let lines: Vec<Vec<char>> = frame
        .lines()
        .filter(|line| line.contains("\x1b[38;5;16;48;5;231m"))
        .map(|line| line.chars().filter(is_block).collect())
        .collect();
    let side = lines[0].len();
    let is_dark = |x: usize, y: usize| {
        let (block, half) = (lines[y / 2][x], y % 2);
        matches!((block, half), ('█', _) | ('▀', 0) | ('▄', 1))
    };
    let pixels = SCALE * side;
    let luma = (0..pixels * pixels).map(|at| (at % pixels / SCALE, at / pixels / SCALE));
    let luma = luma.map(|(x, y)| if is_dark(x, y) { 0 } else { u8::MAX });
    (pixels, luma.collect())
}
