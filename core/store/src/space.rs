//! Spaces as this device holds them.

use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{AuthorId, CarryKey, LtHash, PersonId, SpaceId, SpaceKey};

use crate::error::Result;

/// What a space is to this device. The numbers are in the database: never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// My devices.
    Own = 1,
    /// What my contacts see of me.
    Card = 2,
    /// What a contact lets me see of them.
    ContactCard = 3,
    /// An event.
    Event = 4,
    /// A code that was shown, as a space: for letters over a direct link.
    Code = 5,
    /// Carried for others, without reading.
    Carried = 6,
}

impl Role {
    pub(crate) fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Own,
            2 => Self::Card,
            3 => Self::ContactCard,
            4 => Self::Event,
            5 => Self::Code,
            _ => Self::Carried,
        }
    }
}

/// A space, with its keys.
#[derive(Debug, Clone)]
pub struct Space {
    /// Its number in this database.
    pub num: i64,
    /// Its public name.
    pub id: SpaceId,
    /// What it is to this device.
    pub role: Role,
    /// `None` where this device carries without reading.
    pub key: Option<SpaceKey>,
    /// Names it blindly on a link.
    pub carry: CarryKey,
    /// An event's founder.
    pub founder: Option<AuthorId>,
    /// Whose card space it is.
    pub owner: Option<PersonId>,
    /// Whether it has faded here: neither offered nor accepted, and read only.
    pub faded: bool,
    pub(crate) statements: i64,
}

const COLUMNS: &str = "num, id, role, key, carry, founder, owner, statements,
    EXISTS (SELECT 1 FROM retention WHERE retention.space = id AND faded IS NOT NULL)";

impl Space {
    /// The space with this number.
    pub(crate) fn by_num(db: &Connection, num: i64) -> Result<Option<Self>> {
        let sql = format!("SELECT {COLUMNS} FROM space WHERE num = ?1");
        Ok(db.prepare_cached(&sql)?.query_row([num], from_row).optional()?)
    }

    /// The space with this id.
    pub(crate) fn by_id(db: &Connection, id: &SpaceId) -> Result<Option<Self>> {
        let sql = format!("SELECT {COLUMNS} FROM space WHERE id = ?1");
        Ok(db.prepare_cached(&sql)?.query_row([id.as_bytes()], from_row).optional()?)
    }

    /// All spaces, in the order in which they came.
    pub(crate) fn all(db: &Connection) -> Result<Vec<Self>> {
        let sql = format!("SELECT {COLUMNS} FROM space ORDER BY num");
        let mut statement = db.prepare_cached(&sql)?;
        let spaces = statement.query_map([], from_row)?.collect::<rusqlite::Result<_>>()?;
        Ok(spaces)
    }

    /// Adds a space. Returns its number.
    pub(crate) fn insert(db: &Connection, new: &NewSpace) -> Result<i64> {
        let (id, key, carry) = match &new.keys {
            Keys::Member(key) => (key.space(), Some(key), key.carry_key()),
            Keys::Courier(id, carry) => (*id, None, carry.clone()),
        };
        db.prepare_cached(
            "INSERT INTO space (id, role, key, carry, founder, owner, fingerprint)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id.as_bytes(),
            new.role as i64,
            key.map(|key| key.as_bytes()),
            carry.as_bytes(),
            new.founder.as_ref().map(AuthorId::as_bytes),
            new.owner.as_ref().map(PersonId::as_bytes),
            LtHash::empty().to_bytes(),
        ])?;
        Ok(db.last_insert_rowid())
    }
}

/// A space to be held from now on.
#[derive(Debug, Clone)]
pub struct NewSpace {
    /// What it is to this device.
    pub role: Role,
    /// How it is held.
    pub keys: Keys,
    /// An event's founder.
    pub founder: Option<AuthorId>,
    /// Whose card space it is.
    pub owner: Option<PersonId>,
}

/// How a space is held.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "one is made when a space is joined")]
pub enum Keys {
    /// Reading and writing.
    Member(SpaceKey),
    /// Carrying only.
    Courier(SpaceId, CarryKey),
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Space> {
    Ok(Space {
        num: row.get(0)?,
        id: SpaceId::from_bytes(row.get(1)?),
        role: Role::from_number(row.get(2)?),
        key: row.get::<_, Option<[u8; 32]>>(3)?.map(SpaceKey::from_bytes),
        carry: CarryKey::from_bytes(row.get(4)?),
        founder: row.get::<_, Option<[u8; 32]>>(5)?.map(AuthorId::from_bytes),
        owner: row.get::<_, Option<[u8; 32]>>(6)?.map(PersonId::from_bytes),
        statements: row.get(7)?,
        faded: row.get(8)?,
    })
}
