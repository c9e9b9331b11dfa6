"""Finding appeals by words, by each database's own full-text index."""

import re

from tortoise.backends.base.client import BaseDBAsyncClient

_WORD = re.compile(r"\w+")
_VECTOR = "to_tsvector('simple', number || ' ' || address || ' ' || text)"

_SQLITE = """
CREATE VIRTUAL TABLE IF NOT EXISTS appeal_words USING fts5(
    number, address, text, content='appeal', content_rowid='id', tokenize='unicode61', prefix='2 3');
CREATE TRIGGER IF NOT EXISTS appeal_words_insert AFTER INSERT ON appeal BEGIN
    INSERT INTO appeal_words(rowid, number, address, text) VALUES (new.id, new.number, new.address, new.text);
END;
CREATE TRIGGER IF NOT EXISTS appeal_words_delete AFTER DELETE ON appeal BEGIN
    INSERT INTO appeal_words(appeal_words, rowid, number, address, text)
    VALUES ('delete', old.id, old.number, old.address, old.text);
END;
CREATE TRIGGER IF NOT EXISTS appeal_words_update AFTER UPDATE OF number, address, text ON appeal BEGIN
    INSERT INTO appeal_words(appeal_words, rowid, number, address, text)
    VALUES ('delete', old.id, old.number, old.address, old.text);
    INSERT INTO appeal_words(rowid, number, address, text) VALUES (new.id, new.number, new.address, new.text);
END;
"""
_POSTGRES = f"CREATE INDEX IF NOT EXISTS appeal_words ON appeal USING gin({_VECTOR});"


async def ensure_index(connection: BaseDBAsyncClient) -> None:
    """Create what is missing of the index; a rebuilt table has lost its triggers, so always called last."""
    if connection.capabilities.dialect != "sqlite":
        await connection.execute_script(_POSTGRES)
        return
    before = await _has_triggers(connection)
    await connection.execute_script(_SQLITE)
    if not before:
        await connection.execute_script("INSERT INTO appeal_words(appeal_words) VALUES ('rebuild')")


async def _has_triggers(connection: BaseDBAsyncClient) -> bool:
    rows = await connection.execute_query_dict(
        "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'appeal_words_update'"
    )
    return bool(rows)


def condition(query: str, *, sqlite: bool, placeholder: str) -> tuple[str, str] | None:
    """SQL condition and its one value for appeals that hold all words of `query`, each from its beginning.

    None where the query has no words at all.
    """
    words = _WORD.findall(query.casefold())[:10]
    if not words:
        return None
    if sqlite:
        match = " ".join(f'"{word}"*' for word in words)
        found = "SELECT rowid FROM appeal_words WHERE appeal_words MATCH"
        return f"id IN ({found} {placeholder})", match
    return f"{_VECTOR} @@ to_tsquery('simple', {placeholder})", " & ".join(f"{word}:*" for word in words)
