//! `teilgeber sync` without an address: links are kept with whoever is near.

use std::collections::BTreeMap;
use std::net::{SocketAddr, ToSocketAddrs};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use teilgeber_device::model::Id;
use teilgeber_device::nearby::{
    Hindrance, Host, HostCode, Listen, Mdns, NearLink, Nearby, NearbyConfig, Rung, Situation,
    Standing, Wifi, own_addresses,
};
use teilgeber_device::{Device, Error, Filter, Kind, News, Subscription, SyncReport};
use tokio::time::{sleep, timeout};

use crate::failure::Failure;
use crate::home::{App, warn};
use crate::page::{Out, Page, Style, count};
use crate::picture::{self, Pictures};
use crate::sync;

/// How links are kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Keep {
    /// Dial the host of this code, or of the picture that shows it
    #[arg(long, value_name = "CODE|FILE", conflicts_with = "address")]
    host: Vec<String>,
    /// Dial this hub
    #[arg(long, value_name = "NAME:PORT", conflicts_with = "address")]
    hub: Vec<String>,
    /// Show a code by which others reach this device where the network keeps devices apart
    #[arg(long, conflicts_with = "address")]
    show_host: bool,
    /// The Wi-Fi or hotspot that others join first, in that code
    #[arg(long, value_name = "NAME", requires = "show_host")]
    wifi: Option<String>,
    /// Its password
    #[arg(long, value_name = "PASSWORD", requires = "wifi")]
    wifi_password: Option<String>,
    #[command(flatten)]
    pictures: Pictures,
    /// Where to listen for others; everywhere at any port unless told
    #[arg(long, value_name = "IP:PORT", conflicts_with = "address")]
    listen: Option<SocketAddr>,
    /// Do not search by multicast, only take in and dial who is named
    #[arg(long, conflicts_with = "address")]
    no_search: bool,
    /// Stop after so many seconds
    #[arg(long, value_name = "SECONDS", conflicts_with = "address")]
    seconds: Option<u64>,
}

/// What is said, a line for each.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Said<'a> {
    Standing {
        #[serde(flatten)]
        standing: &'a Standing,
        help: Option<&'a str>,
    },
    HostCode(&'a str),
    Synced(&'a SyncReport),
    Changed {
        things: Vec<Thing>,
        /// More changed than is listed.
        everything: bool,
    },
}

/// A thing that came, changed or went.
#[derive(Serialize)]
struct Thing {
    kind: Kind,
    space: Id,
    id: Id,
}

impl Keep {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let hosts = self.hosts()?;
        let wifi = self.wifi()?;
        let device = app.open()?;
        let out = app.out;
        let changes = device.observe(Filter::default());
        // Ends with the program.
        thread::spawn(move || tell_changes(out, &changes));
        let config = NearbyConfig {
            listen: Some(self.listen.map_or(Listen::Everywhere(0), Listen::At)),
            mdns: (!self.no_search).then(Mdns::default),
            ..NearbyConfig::default()
        };
        sync::runtime()?.block_on(async {
            let nearby = device.keep_links(config, move |ended| tell(out, ended)).await?;
            for host in hosts {
                nearby.add_host(host);
            }
            if self.show_host {
                self.show(app, &nearby, wifi)?;
            }
            let following = follow(&device, &nearby, out);
            match self.seconds {
                Some(seconds) => {
                    let followed = timeout(Duration::from_secs(seconds), following).await;
                    nearby.stop().await;
                    followed.unwrap_or(Ok(()))
                }
                // Until the program is stopped, which loses nothing that was reported.
                None => following.await,
            }
        })
    }

    fn hosts(&self) -> Result<Vec<Host>, Failure> {
        let mut hosts = Vec::new();
        for given in &self.host {
            let code = HostCode::read(&picture::code_or_picture(given)?)
                .map_err(|why| Failure::Different(why.to_string()))?;
            if let Some(wifi) = code.wifi() {
                warn(&format!("This host is on the Wi-Fi {:?}: join it first.", wifi.name()));
            }
            hosts.push(Host::of_code(&code));
        }
        for given in &self.hub {
            let addresses: Vec<SocketAddr> = given
                .to_socket_addrs()
                .map_err(|_| Failure::Usage("a hub is a name or an address, a colon and a port, such as hub.example:7373; this one is not found"))?
                .collect();
            hosts.push(Host { addresses, rung: Rung::Internet, key: None });
        }
        Ok(hosts)
    }

    fn wifi(&self) -> Result<Option<Wifi>, Failure> {
        let Some(name) = &self.wifi else { return Ok(None) };
        let wifi = Wifi::new(name, self.wifi_password.as_deref());
        wifi.map(Some).map_err(|why| Failure::Different(why.to_string()))
    }

    fn show(&self, app: &App, nearby: &Nearby, wifi: Option<Wifi>) -> Result<(), Failure> {
        let mut addresses = own_addresses();
        addresses.extend(self.listen.map(|listen| listen.ip()));
        if let Some(wifi) = &wifi {
            let camera = wifi.text();
            let title = "For the cameras of all phones, to join the Wi-Fi:";
            Pictures::default().show(
                app,
                &Said::HostCode(&camera),
                &camera,
                title,
                picture::LARGE,
            )?;
        }
        let code = nearby
            .host_code(&addresses, wifi)
            .map_err(|why| Failure::Different(why.to_string()))?
            .text();
        let title = "For Teilgeber, to sync with this device while this runs:";
        self.pictures.show(app, &Said::HostCode(&code), &code, title, picture::BADGE)
    }
}

/// Says where the device stands, each time that it changes.
async fn follow(device: &Device, nearby: &Nearby, out: Out) -> Result<(), Failure> {
    let mut standing = nearby.watch();
    let mut names = Names::default();
    loop {
        let now = standing.borrow_and_update().clone();
        names.learn(device, &now)?;
        out.say(&Said::Standing { standing: &now, help: help(&now) }, |page| {
            draw(page, &now, &names);
        })?;
        if standing.changed().await.is_err() {
            return Ok(());
        }
        // What follows at once is said with it.
        sleep(Duration::from_millis(100)).await;
    }
}

/// What people are called.
#[derive(Default)]
struct Names(BTreeMap<Id, String>);

impl Names {
    fn learn(&mut self, device: &Device, standing: &Standing) -> Result<(), Error> {
        for person in standing.links.iter().filter_map(|link| link.person) {
            let cards = device.cards_of(person)?;
            let name = cards.iter().find_map(|known| known.card.name());
            if let Some(name) = name {
                self.0.insert(person, name.to_string());
            }
        }
        Ok(())
    }

    /// Who is at the other ends: names, and how many others.
    fn list(&self, links: &[NearLink]) -> String {
        let mut named: Vec<&str> =
            links.iter().filter_map(|link| self.0.get(&link.person?)).map(String::as_str).collect();
        let others = links.len() - named.len();
        named.sort_unstable();
        named.dedup();
        let mut words = named.join(", ");
        if others > 0 {
            let others = count(others, "other", "others");
            words = if words.is_empty() { others } else { format!("{words} and {others}") };
        }
        words
    }
}

fn draw(page: &mut Page, standing: &Standing, names: &Names) {
    let links = &standing.links;
    let with = || names.list(links);
    let what = match standing.situation {
        Situation::Paused => "Paused.".to_owned(),
        Situation::Looking => "Looking for others.".to_owned(),
        Situation::Alone => "Nobody is found.".to_owned(),
        Situation::Blocked => "Others are here, but none of them can be reached.".to_owned(),
        Situation::Strangers => "Others are here, but in no event of yours.".to_owned(),
        Situation::OtherVersion => "Others are here, with another version.".to_owned(),
        Situation::Passing => format!("Linked with {}: something passes.", with()),
        Situation::Same => format!("Linked with {}: all know the same.", with()),
        Situation::Resting => {
            "Nobody is linked: all who are near know the same, or are being called.".to_owned()
        }
        Situation::Spent => "What may be spent on this network is spent for now.".to_owned(),
    };
    page.line(what);
    if let Some(help) = help(standing) {
        page.styled(Style::Dim, help);
    }
}

/// What its person may do about it.
fn help(standing: &Standing) -> Option<&'static str> {
    match (standing.situation, standing.hindrance) {
        (Situation::Looking | Situation::Alone, Some(Hindrance::NoNetwork)) => {
            Some("This device is in no network: join one, or open a hotspot.")
        }
        (Situation::Looking | Situation::Alone, Some(Hindrance::NotAllowed)) => {
            Some("This system does not let programs search: dial somebody by --host or an address.")
        }
        (Situation::Looking | Situation::Alone, Some(Hindrance::Flooded)) => {
            Some("Somebody floods the network with names: search pauses for a moment.")
        }
        (Situation::Alone | Situation::Blocked, _) => Some(
            "The network may keep devices apart: show a code (--show-host), open a hotspot, or hand over a file (teilgeber bundle write).",
        ),
        (Situation::Strangers, _) => Some("Join the same event, by its code."),
        (Situation::OtherVersion, _) => Some("One of the two apps needs an update."),
        _ => None,
    }
}

/// Says what others brought, for as long as the program runs. All that others know is on disk by then.
fn tell_changes(out: Out, changes: &Subscription) {
    loop {
        let Some(News { changes, everything }) = changes.wait(Duration::from_secs(60)) else {
            continue;
        };
        let things = changes.iter().map(|it| Thing { kind: it.kind, space: it.space, id: it.id });
        let said = Said::Changed { things: things.collect(), everything };
        let words = match everything {
            true => "Much is new.".to_owned(),
            false => format!("{} new or changed.", count(changes.len(), "thing", "things")),
        };
        if let Err(failure) = out.say(&said, |page| page.line(words)) {
            return warn(&failure.to_string());
        }
        // What follows at once is said with the next.
        thread::sleep(Duration::from_millis(100));
    }
}

/// Says how a link ended, where it brought something.
fn tell(out: Out, ended: Result<SyncReport, Error>) {
    let Ok(report) = ended else { return };
    if report.spaces.iter().all(|space| space.sent + space.received == 0) {
        return;
    }
    if let Err(failure) = out.say(&Said::Synced(&report), |page| sync::draw(page, &report)) {
        warn(&failure.to_string());
    }
}
