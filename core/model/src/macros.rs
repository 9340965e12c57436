//! The traits that all checked types share, written once.

/// For a type with `fn new(&str) -> Result<Self, Invalid>` and `fn as_str(&self) -> &str`:
/// shown, parsed, and read from JSON and CBOR as a text, always through `new`.
macro_rules! text_traits {
    ({$($generics:tt)*} $type:ty) => {
        impl<$($generics)*> core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl<$($generics)*> AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl<$($generics)*> core::str::FromStr for $type {
            type Err = $crate::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl<$($generics)*> TryFrom<&str> for $type {
            type Error = $crate::Invalid;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl<$($generics)*> TryFrom<String> for $type {
            type Error = $crate::Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text)
            }
        }

        impl<$($generics)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de, $($generics)*> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(d)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }

        impl<'b, Ctx, $($generics)*> minicbor::Decode<'b, Ctx> for $type {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut Ctx,
            ) -> Result<Self, minicbor::decode::Error> {
                Self::new(d.str()?).map_err(minicbor::decode::Error::message)
            }

            fn nil() -> Option<Self> {
                Self::new("").ok()
            }
        }

        impl<Ctx, $($generics)*> minicbor::Encode<Ctx> for $type {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut Ctx,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(self.as_str())?.ok()
            }

            // An empty text is an absent one: a map leaves it out.
            fn is_nil(&self) -> bool {
                self.as_str().is_empty()
            }
        }
    };
}

/// For a type with `fn new(plain) -> Result<Self, Invalid>` and `fn get(self) -> plain`:
/// converted from and to the plain value, and read from CBOR, always through `new`.
macro_rules! plain_traits {
    ($type:ty, $plain:ty) => {
        impl TryFrom<$plain> for $type {
            type Error = $crate::Invalid;

            fn try_from(plain: $plain) -> Result<Self, Self::Error> {
                Self::new(plain)
            }
        }

        impl From<$type> for $plain {
            fn from(value: $type) -> Self {
                value.get()
            }
        }

        impl<Ctx> minicbor::Encode<Ctx> for $type {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                ctx: &mut Ctx,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                self.get().encode(e, ctx)
            }
        }

        impl<'b, Ctx> minicbor::Decode<'b, Ctx> for $type {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                ctx: &mut Ctx,
            ) -> Result<Self, minicbor::decode::Error> {
                let plain = <$plain as minicbor::Decode<'b, Ctx>>::decode(d, ctx)?;
                Self::new(plain).map_err(minicbor::decode::Error::message)
            }
        }
    };
}
