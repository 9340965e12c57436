//! Links seen from outside, over memory and over real sockets on loopback.

mod damage;
mod host;
mod life;
mod stream;
mod support;
mod tcp;
