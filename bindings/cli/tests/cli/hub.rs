//! A hub that carries what it cannot read.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use crate::home::{Folder, Home};

#[test]
fn a_hub_hands_on_what_was_said_by_whoever_has_left() {
    let folder = Folder::new();
    let (ada, bela, hub) = (folder.home("ada"), folder.home("bela"), folder.home("hub"));
    let event = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.text(&["session", "pitch", "Clocks without hands"]);
    bela.text(&["event", "join", ada.json(&["event", "code"])["code"].as_str().unwrap()]);
    let code = ada.json(&["hub", "code"])["code"].as_str().unwrap().to_owned();
    assert!(ada.text(&["hub", "code"]).contains(&format!("teilgeber hub carry '{code}'")));

    assert!(hub.text(&["hub", "status"]).contains("Nothing is carried"));
    assert_eq!(hub.json(&["hub", "carry", &code])["event"], event);
    let (serving, first) =
        hub.serve_as(&["hub", "serve", "127.0.0.1:0", "--health", "0", "--links", "2"]);
    ada.text(&["sync", &serving.address]);
    let came = bela.json(&["sync", &serving.address]);

    assert_eq!(came["spaces"][0]["outcome"], "same");
    assert!(bela.text(&["session", "list"]).contains("Clocks without hands"));
    let health = first["health"].as_str().unwrap();
    assert_eq!(get(health, "/health"), ("200".to_owned(), "ok\n".to_owned()));
    let (_, metrics) = get(health, "/metrics");
    let carried = format!("teilgeber_hub_carried_entries{{event=\"{}\"}} ", &event[..8]);
    assert!(metrics.contains(&carried) && metrics.contains("teilgeber_hub_links_ended_total 2"));
    assert!(get(health, "/").1.contains("there is room"));
    assert_eq!(get(health, "/elsewhere").0, "404");
    drop(serving);
    assert!(hub.text(&["hub", "status"]).contains(&event[..8]));
}

#[test]
fn a_hub_reads_its_codes_from_a_file_and_names_the_line_that_is_none() {
    let folder = Folder::new();
    let (ada, hub) = (folder.home("ada"), folder.home("hub"));
    let event = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    let code = ada.json(&["hub", "code"])["code"].as_str().unwrap().to_owned();
    let codes = folder.path("codes");
    let serve = |hub: &Home| {
        hub.serve_as(&[
            "hub",
            "serve",
            "127.0.0.1:0",
            "--health",
            "0",
            "--codes",
            codes.to_str().unwrap(),
        ])
    };

    fs::write(&codes, format!("# Mill Camp\n\n{code}\n")).unwrap();
    drop(serve(&hub));
    assert_eq!(hub.json(&["hub", "status"])[0]["event"], event);

    fs::write(&codes, format!("{code}\nhttps://example.org\n")).unwrap();
    let said = hub.run(&[
        "hub",
        "serve",
        "127.0.0.1:0",
        "--health",
        "0",
        "--codes",
        codes.to_str().unwrap(),
    ]);
    assert!(said.code != 0 && said.err.contains("Line 2 of"), "{}", said.err);
}

/// The status and the body of an answer.
fn get(address: &str, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
}
