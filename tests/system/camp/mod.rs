//! A camp of three days, as a script: twelve people with a phone each, who meet now and then.
//!
//! Whatever somebody does is also told to a naive [`oracle`], which keeps a list of facts and, for each
//! phone, which of them have reached it. After every meeting both phones must show exactly what follows
//! from the facts that either knew. In the end all have met, all show the same, and making every view
//! again from the log changes nothing.

mod oracle;
mod people;
mod script;
