//! What this device wrote in a pad whose words go: kept here alone, to be offered to its person again.

use rusqlite::params;
use teilgeber_entry::AuthorId;

use crate::documents::load_from_log;
use crate::edit::Edit;
use crate::error::Result;
use crate::evaluate::About;
use crate::nouns::pad;
use crate::space::Space;

impl Edit<'_> {
    /// Keeps the lines of a pad that this device wrote, as it stands before anything of it goes. Only
    /// the first time: what is left afterwards says less.
    pub(crate) fn keep_own_words(&mut self, space: &Space, about: &About) -> Result<()> {
        let kept = "SELECT 1 FROM kept_words WHERE pad = ?1";
        let own = self.own_authors_of(space)?;
        if own.is_empty() || self.tx.prepare_cached(kept)?.exists([about.id.as_bytes()])? {
            return Ok(());
        }
        let Some(loaded) = load_from_log(&self.tx, space, about.num)? else { return Ok(()) };
        let spans = pad::spans(loaded.document(), &about.id, &own);
        let mine = spans.iter().filter(|span| span.author.is_some());
        let lines = mine.flat_map(|span| span.text.lines()).map(str::trim);
        let mut insert = self
            .tx
            .prepare_cached("INSERT INTO kept_words (pad, rank, line) VALUES (?1, ?2, ?3)")?;
        for (rank, line) in lines.filter(|line| !line.is_empty()).enumerate() {
            insert.execute(params![about.id.as_bytes(), rank as i64, line])?;
        }
        Ok(())
    }

    fn own_authors_of(&self, space: &Space) -> Result<Vec<AuthorId>> {
        let sql = "
            SELECT author.id FROM own_author JOIN author ON author.num = own_author.author
            WHERE author.space = ?1";
        let mut statement = self.tx.prepare_cached(sql)?;
        let own = statement.query_map([space.num], |row| row.get(0).map(AuthorId::from_bytes))?;
        Ok(own.collect::<rusqlite::Result<_>>()?)
    }
}
