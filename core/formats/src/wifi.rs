//! The Wi-Fi code: the text with which a phone's camera offers to join a network.
//!
//! ```text
//! WIFI:T:WPA;S:name;P:password;H:true;;
//! ```
//!
//! Nobody has standardised it; every phone reads what the ZXing library began. The fields come in any
//! order. `\` stands before each of `\ ; , : "` in a value. `T` is `WPA` (which phones take for WPA3
//! as well), `SAE`, or `nopass`; `H:true` is said of a network that does not show itself. Of a network
//! that uses certificates, or the broken WEP, no [`Wifi`] can be made.

use thiserror::Error;

/// The most characters of a text that is looked at.
const TEXT_MAX: usize = 512;

/// The most bytes of a network's name (IEEE 802.11).
pub const NAME_MAX: usize = 32;

/// What a device needs to join a Wi-Fi network.
#[derive(Clone, PartialEq, Eq)]
pub struct Wifi {
    name: String,
    password: Option<String>,
    is_hidden: bool,
}

/// The password is not shown.
impl std::fmt::Debug for Wifi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wifi").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why something is no Wi-Fi network that one could join.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum WifiError {
    /// The text is something else.
    #[error("this is not a Wi-Fi code")]
    NotACode,
    /// It begins like one, but is cut or mistyped.
    #[error("this Wi-Fi code is damaged or incomplete")]
    Damaged,
    /// It is for a network with certificates or with WEP.
    #[error("this kind of Wi-Fi is not supported: join it in the system's settings")]
    Unsupported,
    /// A name has 1 to 32 bytes and no control characters.
    #[error("the name of a Wi-Fi has 1 to 32 bytes, and no control characters")]
    Name,
    /// A password has 8 to 63 characters of ASCII, or 64 hexadecimal digits.
    #[error("the password of a Wi-Fi has 8 to 63 plain characters, or 64 hexadecimal digits")]
    Password,
}

impl Wifi {
    /// A network of this name: with WPA and a password, or open to all.
    ///
    /// # Errors
    /// [`WifiError::Name`] and [`WifiError::Password`].
    pub fn new(name: &str, password: Option<&str>) -> Result<Self, WifiError> {
        if name.is_empty() || name.len() > NAME_MAX || name.contains(char::is_control) {
            return Err(WifiError::Name);
        }
        if !password.is_none_or(is_password) {
            return Err(WifiError::Password);
        }
        let (name, password) = (name.to_owned(), password.map(str::to_owned));
        Ok(Self { name, password, is_hidden: false })
    }

    /// The same network, as one that does not show itself, or does.
    #[must_use]
    pub fn hidden(self, is_hidden: bool) -> Self {
        Self { is_hidden, ..self }
    }

    /// What the network is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its password; `None` where it is open.
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    /// Whether it does not show itself, so that a device must be told to look for it.
    pub fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    /// The text to draw as a QR code.
    pub fn text(&self) -> String {
        let name = escaped(&self.name);
        let hidden = if self.is_hidden { "H:true;" } else { "" };
        match &self.password {
            Some(password) => format!("WIFI:T:WPA;S:{name};P:{};{hidden};", escaped(password)),
            None => format!("WIFI:T:nopass;S:{name};{hidden};"),
        }
    }

    /// Reads the text of a code, whoever made it.
    ///
    /// # Errors
    /// Any [`WifiError`].
    pub fn read(text: &str) -> Result<Self, WifiError> {
        let begins = text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("WIFI:"));
        if !begins || text.len() > TEXT_MAX {
            return Err(WifiError::NotACode);
        }
        let (mut kind, mut name, mut password, mut is_hidden) = (None, None, None, false);
        for field in fields(&text[5..])? {
            let Some((key, value)) = field.split_once(':') else { return Err(WifiError::Damaged) };
            match key {
                "T" => kind = Some(value.to_owned()),
                "S" => name = Some(unescaped(value)),
                "P" => password = Some(unescaped(value)),
                "H" => is_hidden = value.eq_ignore_ascii_case("true"),
                "E" | "PH2" => return Err(WifiError::Unsupported),
                _ => {}
            }
        }
        let name = name.ok_or(WifiError::Damaged)?;
        let password = password.filter(|password| !password.is_empty());
        let password = match kind.unwrap_or_default().to_ascii_uppercase().as_str() {
            "" | "NOPASS" => None,
            "WPA" | "WPA2" | "WPA3" | "SAE" => Some(password.ok_or(WifiError::Damaged)?),
            _ => return Err(WifiError::Unsupported),
        };
        Ok(Self::new(&name, password.as_deref())?.hidden(is_hidden))
    }
}

fn is_password(password: &str) -> bool {
    let is_plain = password.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let is_key = password.len() == 64 && password.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_key || (is_plain && (8..=63).contains(&password.len()))
}

fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        if matches!(character, '\\' | ';' | ',' | ':' | '"') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

fn unescaped(value: &str) -> String {
    let mut characters = value.chars();
    let mut text = String::with_capacity(value.len());
    while let Some(character) = characters.next() {
        // A value never ends within an escape: see `fields`.
        text.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    text
}

/// The fields, which end with `;` and are as they were written; an empty one ends them all. Some
/// programs leave that out.
fn fields(text: &str) -> Result<Vec<&str>, WifiError> {
    let (mut fields, mut start, mut is_escaped) = (Vec::new(), 0, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ';' if at == start => return Ok(fields),
            ';' => {
                fields.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start == text.len() { Ok(fields) } else { Err(WifiError::Damaged) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_text_is_what_cameras_understand() {
        let wifi = Wifi::new("Barn; upstairs", Some(r#"so:ur\dough"#)).unwrap();
        assert_eq!(wifi.text(), r"WIFI:T:WPA;S:Barn\; upstairs;P:so\:ur\\dough;;");
        let open = Wifi::new("Mill", None).unwrap().hidden(true);
        assert_eq!(open.text(), "WIFI:T:nopass;S:Mill;H:true;;");
    }

    #[test]
    fn codes_of_other_programs_are_read() {
        let secret = Wifi::new("mynetwork", Some("mypass12")).unwrap();
        for (text, wifi) in [
            ("WIFI:S:mynetwork;T:WPA;P:mypass12;;", secret.clone()),
            ("wifi:T:SAE;P:mypass12;H:TRUE;S:mynetwork;;", secret.clone().hidden(true)),
            ("WIFI:T:WPA;R:1;S:mynetwork;P:mypass12;H:false;;", secret.clone()),
            ("WIFI:T:WPA;S:mynetwork;P:mypass12;", secret),
            ("WIFI:S:Gäste;;", Wifi::new("Gäste", None).unwrap()),
            ("WIFI:S:a;T:nopass;P:;;", Wifi::new("a", None).unwrap()),
        ] {
            assert_eq!(Wifi::read(text), Ok(wifi), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_joined_says_why() {
        for (text, error) in [
            ("", WifiError::NotACode),
            ("WIFI", WifiError::NotACode),
            ("http://example.org", WifiError::NotACode),
            ("WIFI:", WifiError::Damaged),
            ("WIFI:S:cut", WifiError::Damaged),
            ("WIFI:S;;", WifiError::Damaged),
            ("WIFI:T:WPA;S:a;;", WifiError::Damaged),
            ("WIFI:T:WPA;P:mypass12;;", WifiError::Damaged),
            (r"WIFI:S:a\;", WifiError::Damaged),
            ("WIFI:T:WEP;S:a;P:mypass12;;", WifiError::Unsupported),
            ("WIFI:T:WPA2-EAP;S:a;E:PEAP;;", WifiError::Unsupported),
            ("WIFI:T:WPA;S:a;P:short;;", WifiError::Password),
            ("WIFI:S:;;", WifiError::Name),
            ("WIFI:S:a\nb;;", WifiError::Name),
            ("WIFI:S:a name of more than thirty-two bytes;;", WifiError::Name),
        ] {
            assert_eq!(Wifi::read(text), Err(error), "{text}");
        }
        assert_eq!(
            Wifi::read(&format!("WIFI:S:a;X:{};;", "x".repeat(600))),
            Err(WifiError::NotACode)
        );
    }

    #[test]
    fn the_password_does_not_show_itself() {
        let wifi = Wifi::new("Mill", Some("sourdough")).unwrap();
        assert!(!format!("{wifi:?}").contains("sourdough"));
    }

    proptest! {
        #[test]
        fn a_network_comes_back(
            name in "[\\PC]{1,8}|[\\\\;,:\" a]{1,32}",
            password in proptest::option::of("[ -~]{8,63}|[0-9a-f]{64}"),
            is_hidden: bool,
        ) {
            let wifi = Wifi::new(&name, password.as_deref()).unwrap().hidden(is_hidden);
            prop_assert_eq!(Wifi::read(&wifi.text()), Ok(wifi));
        }

        #[test]
        fn any_text_gives_an_error_or_what_can_be_written_again(
            text in "WIFI:([TSPH]:[a-zA-Z\\\\:;]{0,12};?){0,4};{0,2}|\\PC{0,40}",
        ) {
            if let Ok(wifi) = Wifi::read(&text) {
                prop_assert_eq!(Wifi::read(&wifi.text()), Ok(wifi));
            }
        }
    }
}
