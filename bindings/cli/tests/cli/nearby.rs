//! Links that are kept with whoever is near. How others are found is played in network namespaces.

use crate::home::Folder;

#[test]
fn two_that_keep_links_come_to_know_the_same_and_say_where_they_stand() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    ada.text(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.text(&["session", "pitch", "Clocks without hands"]);
    bela.text(&["event", "join", ada.json(&["event", "code"])["code"].as_str().unwrap()]);

    let mut serving = ada.keep(&["--listen", "127.0.0.1:0"]);
    let seconds = ["--hub", &serving.address.clone(), "--seconds", "3"].map(str::to_owned);
    let arguments: Vec<&str> = ["--json", "sync", "--no-search", "--listen", "127.0.0.1:0"]
        .into_iter()
        .chain(seconds.iter().map(String::as_str))
        .collect();
    let said = bela.run(&arguments);

    assert_eq!(said.code, 0, "{}", said.err);
    let lines: Vec<serde_json::Value> =
        said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let situation = |line: &serde_json::Value| line["standing"]["situation"].clone();
    assert_eq!(
        lines.iter().map(situation).find(|it| it == "same").unwrap(),
        "same",
        "{}",
        said.out
    );
    assert!(bela.text(&["session", "list"]).contains("Clocks without hands"));
    let linked = std::iter::repeat_with(|| serving.next())
        .find(|line| line["standing"]["links"].as_array().is_some_and(|links| !links.is_empty()));
    assert_eq!(linked.unwrap()["standing"]["links"][0]["rung"], "network");
}

#[test]
fn a_host_that_is_none_is_refused_before_anything_begins() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.text(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    let join = ada.json(&["event", "code"])["code"].as_str().unwrap().to_owned();

    let said = ada.run(&["sync", "--no-search", "--host", &join, "--seconds", "1"]);

    assert!(said.code != 0 && said.err.contains("not the code of a host"), "{}", said.err);
    let said = ada.run(&["sync", "--host", &join, "127.0.0.1:7373"]);
    assert!(said.code != 0, "an address and a host are two ways: {}", said.out);
}
