//! The health page and the metrics of a hub, for whoever runs the machine.
//!
//! Three answers, to `GET` alone and on this machine alone: `/` for a person, `/health` for whatever
//! restarts services, `/metrics` in the text format of Prometheus
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>). No word of anyone is in them, and
//! events have no names here.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use teilgeber_device::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{Held, MEGABYTE, Measured};
use crate::ids;

/// A request of a browser is far shorter, and nobody else asks.
const REQUEST_MAX: usize = 8 * 1024;

/// How long a request and its answer may take.
const WITHIN: Duration = Duration::from_secs(5);

/// Requests that are answered at a time.
const AT_A_TIME: usize = 8;

/// Answers at `address` until the runtime ends. Returns where.
pub(super) async fn answer(
    address: SocketAddr,
    measure: impl Fn() -> Result<Measured, Error> + Send + Sync + 'static,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    let (measure, places) = (Arc::new(measure), Arc::new(Semaphore::new(AT_A_TIME)));
    tokio::spawn(async move {
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let measure = Arc::clone(&measure);
            tokio::spawn(async move {
                // Whether the one who asked waits for the answer is theirs to decide.
                let _answered = timeout(WITHIN, serve(stream, measure)).await;
                drop(place);
            });
        }
    });
    Ok(bound)
}

async fn serve(
    mut stream: TcpStream,
    measure: Arc<impl Fn() -> Result<Measured, Error> + Send + Sync + 'static>,
) -> io::Result<()> {
    let request = read_request(&mut stream).await?;
    let measured = spawn_blocking(move || measure()).await.map_err(io::Error::other)?;
    stream.write_all(respond(&request, measured).as_bytes()).await?;
    stream.shutdown().await
}

/// The request up to the end of its headers.
async fn read_request(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await?;
        if read == 0 || request.len() + read > REQUEST_MAX {
            break;
        }
        request.extend_from_slice(&piece[..read]);
    }
    Ok(request)
}

fn respond(request: &[u8], measured: Result<Measured, Error>) -> String {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ');
    let (method, path) = (words.next(), words.next().unwrap_or_default());
    let measured = match measured {
        Ok(measured) => measured,
        Err(error) => return plain("503 Service Unavailable", &format!("{error}\n")),
    };
    match (method, path.split('?').next().unwrap_or_default()) {
        (Some("GET"), "/") => html(&measured),
        (Some("GET"), "/health") if measured.is_full() => plain(
            "503 Service Unavailable",
            "full: the oldest is let go of, raise --budget or lower --days\n",
        ),
        (Some("GET"), "/health") => plain("200 OK", "ok\n"),
        (Some("GET"), "/metrics") => plain("200 OK", &metrics(&measured)),
        (Some("GET"), _) => plain("404 Not Found", "There are: / /health /metrics\n"),
        _ => plain("405 Method Not Allowed", "Only GET is answered.\n"),
    }
}

fn plain(status: &str, body: &str) -> String {
    message(status, "text/plain; version=0.0.4; charset=utf-8", body)
}

fn message(status: &str, content_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn metrics(measured: &Measured) -> String {
    let mut text = String::new();
    let counted = [
        ("links_open", "gauge", "Devices that are linked now.", measured.open as u64),
        ("links_ended_total", "counter", "Links that ended.", measured.ended),
        ("links_failed_total", "counter", "Links that ended too early.", measured.failed),
        ("sent_bytes_total", "counter", "Bytes sent on links that ended.", measured.bytes_sent),
        ("received_bytes_total", "counter", "Bytes received likewise.", measured.bytes_received),
        ("budget_bytes", "gauge", "Bytes that are carried at most.", measured.budget),
    ];
    for (name, kind, help, value) in counted {
        head(&mut text, name, kind, help);
        put(&mut text, format_args!("teilgeber_hub_{name} {value}\n"));
    }
    head(&mut text, "carried_entries", "gauge", "Entries that are carried.");
    for Held { carried, .. } in &measured.carried {
        let (event, entries) = (ids::short(carried.event), carried.entries);
        put(
            &mut text,
            format_args!("teilgeber_hub_carried_entries{{event=\"{event}\"}} {entries}\n"),
        );
    }
    head(&mut text, "carried_bytes", "gauge", "Bytes of their payloads.");
    for Held { carried, .. } in &measured.carried {
        let (event, bytes) = (ids::short(carried.event), carried.bytes);
        put(&mut text, format_args!("teilgeber_hub_carried_bytes{{event=\"{event}\"}} {bytes}\n"));
    }
    head(&mut text, "let_go_bytes", "gauge", "Bytes of payloads that were let go of.");
    for Held { carried, let_go: bytes } in &measured.carried {
        let event = ids::short(carried.event);
        put(&mut text, format_args!("teilgeber_hub_let_go_bytes{{event=\"{event}\"}} {bytes}\n"));
    }
    text
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    put(
        text,
        format_args!("# HELP teilgeber_hub_{name} {help}\n# TYPE teilgeber_hub_{name} {kind}\n"),
    );
}

fn html(measured: &Measured) -> String {
    let mut body = String::from(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\
         <title>Teilgeber hub</title><style>:root{color-scheme:light dark}\
         body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}\
         td,th{text-align:left;padding:.25rem 1rem .25rem 0;font-variant-numeric:tabular-nums}\
         </style><h1>Teilgeber hub</h1>",
    );
    let state = if measured.is_full() {
        "Full: the oldest is let go of. Raise <code>--budget</code>, or lower <code>--days</code>."
    } else {
        "It carries, and there is room."
    };
    let (bytes, budget) = (measured.bytes() / MEGABYTE, measured.budget / MEGABYTE);
    put(
        &mut body,
        format_args!(
            "<p>{state}</p><p>{} linked now, {} links ended, {} of them too early. \
             {bytes} of {budget} MB.</p><table><tr><th>Event<th>Entries<th>Bytes",
            measured.open, measured.ended, measured.failed
        ),
    );
    for Held { carried, .. } in &measured.carried {
        let event = ids::short(carried.event);
        let (entries, bytes) = (carried.entries, carried.bytes);
        put(&mut body, format_args!("<tr><td><code>{event}</code><td>{entries}<td>{bytes}"));
    }
    body.push_str(
        "</table><p>For machines: <a href=/health>/health</a>, <a href=/metrics>/metrics</a>.\n",
    );
    message("200 OK", "text/html; charset=utf-8", &body)
}

fn put(text: &mut String, written: std::fmt::Arguments<'_>) {
    // Writing into a String cannot fail.
    let _written = text.write_fmt(written);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_gets_an_answer_of_http() {
        for request in
            ["", "GET", "GET / HTTP/1.1\r\n", "POST / x", "GET /../../etc/passwd x", "\u{0}"]
        {
            let answer = respond(request.as_bytes(), Ok(empty()));
            assert!(answer.starts_with("HTTP/1.1 "), "{request:?}");
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("Content-Length: {}", body.len())), "{request:?}");
        }
    }

    #[test]
    fn a_hub_that_is_full_or_cannot_read_its_database_is_not_healthy() {
        let health = |measured| respond(b"GET /health HTTP/1.1\r\n\r\n", measured);
        assert!(health(Ok(empty())).starts_with("HTTP/1.1 200"));
        assert!(health(Ok(Measured { budget: 100, ..empty() })).starts_with("HTTP/1.1 503"));
        assert!(health(Err(Error::OpenAgain)).starts_with("HTTP/1.1 503"));
    }

    fn empty() -> Measured {
        Measured {
            open: 1,
            ended: 2,
            failed: 1,
            bytes_sent: 3,
            bytes_received: 4,
            carried: Vec::new(),
            budget: 1 << 30,
        }
    }
}
