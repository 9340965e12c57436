//! A device that does nothing but find others and link with them: what the tests over network
//! namespaces run, and what shows in any network whether discovery works there.
//!
//! It says a line for each thing that happens. On its standard input it takes `turn` (on to the next
//! tag) and `hide`, and ends with a goodbye where that ends.

use std::error::Error;
use std::io::Write;
use std::time::Duration;

use teilgeber_link::lan::{Discovery, Event, KEPT_FOR, Mdns, State, Tags};
use teilgeber_link::tcp::{Limits, Listener, dial};
use teilgeber_link::{Config, Link, LinkInfo};
use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::default();
    let mut listener =
        Listener::bind_everywhere(0, &config, LinkInfo::LAN, Limits::default()).await?;
    let port = listener.local_address()?.port();
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    let mut tags = Tags::new(seed, Duration::ZERO);
    let mut discovery = Discovery::mdns(Mdns::default());
    discovery.announce(&tags, port);
    say(format!("announced {} {port}", tags.current()))?;

    let mut orders = orders();
    let mut links = Vec::new();
    loop {
        tokio::select! {
            event = discovery.next() => match event {
                Event::Found { tag, addresses } => {
                    let list: Vec<String> = addresses.iter().map(ToString::to_string).collect();
                    say(format!("found {tag} {}", list.join(" ")))?;
                    if tags.dials(tag) {
                        for address in addresses {
                            links.extend(linked(dial(address, &config, LinkInfo::LAN).await, "dialled", address)?);
                        }
                    }
                }
                Event::Lost { tag } => say(format!("lost {tag}"))?,
                Event::NetworkChanged => say("moved".to_owned())?,
                Event::State(State::Searching) => say("searching".to_owned())?,
                Event::State(State::Blocked(why)) => say(format!("blocked {why:?}"))?,
            },
            accepted = listener.accept() => {
                if let Ok((link, address)) = accepted {
                    links.extend(linked(Ok(link), "accepted", address)?);
                }
            }
            order = orders.recv() => match order.as_deref() {
                Some("turn") => {
                    tags.advance(tags.next_change());
                    discovery.announce(&tags, port);
                    say(format!("announced {} {port}", tags.current()))?;
                }
                Some("hide") => discovery.hide(),
                Some(other) => say(format!("unknown order {other}"))?,
                None => break,
            },
        }
    }
    drop(discovery);
    // The goodbye is sent by another thread, twice.
    tokio::time::sleep(2 * KEPT_FOR / 3600).await;
    Ok(())
}

fn linked(
    link: Result<Link, teilgeber_link::LinkError>,
    how: &str,
    address: std::net::SocketAddr,
) -> std::io::Result<Option<Link>> {
    match &link {
        Ok(_) => say(format!("{how} {address}"))?,
        Err(error) => say(format!("failed {address} {error}"))?,
    }
    Ok(link.ok())
}

/// Lines of the standard input, which is read where it may wait.
fn orders() -> mpsc::UnboundedReceiver<String> {
    let (sender, orders) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    orders
}

fn say(line: String) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
