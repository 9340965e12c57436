//! Links over TCP: dial an address, or listen for those who dial.

use std::net::SocketAddr;

use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::{Config, LinkInfo};
use crate::error::LinkError;
use crate::link::{Link, initiate};

/// Connects to `address` and makes a link as its initiator.
///
/// Connecting and the handshake may each take as long as the `config` allows a handshake.
///
/// # Errors
/// [`LinkError::Unreachable`] if no connection comes about, else as for [`initiate`].
pub async fn dial(address: SocketAddr, config: &Config, info: LinkInfo) -> Result<Link, LinkError> {
    let stream = timeout(config.handshake_limit(), TcpStream::connect(address))
        .await
        .map_err(|_| LinkError::Unreachable(std::io::ErrorKind::TimedOut))?
        .map_err(|error| LinkError::Unreachable(error.kind()))?;
    // Frames are batched already; waiting for more would only delay them.
    stream.set_nodelay(true).map_err(|error| LinkError::cut(&error))?;
    initiate(stream, config, info).await
}
