//! The sync dialogue as a state machine without IO.
mod exchange;
mod fault;
mod frame;
mod hello;
pub mod limits;
mod range;
mod reconcile;
mod set;
mod space;

pub use exchange::{Config, Event, Exchange, Millis, Plan};
pub use fault::{Error, Fault, OfferError};
pub use hello::{Role, SpaceOffer, VERSION};
pub use set::{Cargo, Item, KnownSet, Packed, Stored, WindowId};
pub use teilgeber_entry::batch::Form;
