//! Real processes in real networks: network namespaces that are joined by a bridge, as phones are by
//! an access point. `tests/run net` runs this, apart from the machine's own network.

mod camp;
mod discovery;
mod hall;
mod person;
