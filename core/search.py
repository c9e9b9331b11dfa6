"""Finding appeals by words and by who wrote them, on each database's own full-text index.

What lists of rare things and reports ask has its indexes here, too: partial ones, which models don't know.
"""

from collections.abc import Callable

from tortoise.backends.base.client import BaseDBAsyncClient

from core.sought import Sought

NEWEST = 1000  # appeals that hold the words are looked at, so that a frequent word costs no more
RESIDENTS = 50  # of one name

# Punctuation goes, or PostgreSQL reads "12-А" as a negative number and "вул.Мудрьоної" as a web address.
_PUNCTUATION = "-./@:_''’ʼ&?=%+~#"
_SPACES = " " * (len(_PUNCTUATION) - 1)  # of the two apostrophes one escapes the other
_TEXTS = "{row}address || ' ' || {row}text"
_VECTOR = f"to_tsvector('simple', translate({_TEXTS}, '{_PUNCTUATION}', '{_SPACES}'))"
_NAME_VECTOR = "to_tsvector('simple', name)"

# The words in a table of their own, as FTS5 has them: to walk through a million texts in the order of the
# list costs too much where each is split into words on the way.
_POSTGRES = f"""
DROP INDEX IF EXISTS appeal_words;
CREATE TABLE IF NOT EXISTS appeal_vector (
    id INT PRIMARY KEY REFERENCES appeal (id) ON DELETE CASCADE, words TSVECTOR NOT NULL);
CREATE OR REPLACE FUNCTION appeal_vector_follow() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO appeal_vector (id, words) VALUES (new.id, {_VECTOR.format(row="new.")})
        ON CONFLICT (id) DO UPDATE SET words = excluded.words;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS appeal_vector_follow ON appeal;
CREATE TRIGGER appeal_vector_follow AFTER INSERT OR UPDATE OF address, text ON appeal
    FOR EACH ROW EXECUTE FUNCTION appeal_vector_follow();
INSERT INTO appeal_vector (id, words) SELECT id, {_VECTOR.format(row="")} FROM appeal
    WHERE NOT EXISTS (SELECT 1 FROM appeal_vector WHERE appeal_vector.id = appeal.id);
CREATE INDEX IF NOT EXISTS appeal_vector_words ON appeal_vector USING gin(words);
CREATE INDEX IF NOT EXISTS resident_names ON resident USING gin({_NAME_VECTOR});
"""  # noqa: S608 - nothing from outside
_LISTS = """
DROP INDEX IF EXISTS appeal_kinds;
CREATE INDEX IF NOT EXISTS appeal_official ON appeal
    (kind, open, urgent, id, status, district_id, category_id, executor_id) WHERE kind <> 'request';
CREATE INDEX IF NOT EXISTS appeal_supported ON appeal (open, urgent, id) WHERE supporters > 0;
CREATE INDEX IF NOT EXISTS appeal_returned ON appeal (open, urgent, id) WHERE reopen_count > 0;
CREATE INDEX IF NOT EXISTS appeal_reworked ON appeal (open, urgent, id) WHERE rework_count > 0;
CREATE INDEX IF NOT EXISTS appeal_grouped ON appeal (open, urgent, id) WHERE incident_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS appeal_filed ON appeal (created_at);
CREATE INDEX IF NOT EXISTS appeal_overdue ON appeal (due_at, executor_id, category_id, district_id)
    WHERE open;
CREATE INDEX IF NOT EXISTS survey_said ON survey (id, appeal_id, sent_at, solved, stars) WHERE words <> '';
CREATE INDEX IF NOT EXISTS fact_handed ON fact (executor, day, kind, of_kind, category, district)
    WHERE kind IN ('handed', 'reopened');
CREATE INDEX IF NOT EXISTS fact_late ON fact (day, appeal_id, executor, category, district)
    WHERE kind = 'answered' AND NOT good;
"""


async def ensure_index(connection: BaseDBAsyncClient) -> None:
    """Create what is missing of the indexes; a rebuilt table has lost its triggers, so always called last."""
    await connection.execute_script(_LISTS)
    if connection.capabilities.dialect != "sqlite":
        await connection.execute_script(_POSTGRES)
        return
    await _followed(connection, "appeal_words", "appeal", ("address", "text"))
    await _followed(connection, "resident_names", "resident", ("name",))


async def _followed(connection: BaseDBAsyncClient, index: str, table: str, columns: tuple[str, ...]) -> None:
    """An FTS5 index of a table's columns that follows each change; made anew where it is another."""
    listed = ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new"))
    made = (
        f"CREATE VIRTUAL TABLE {index} USING fts5({listed}, content='{table}', content_rowid='id',"
        " tokenize='unicode61', prefix='2 3 4 5')"
    )
    forget = f"INSERT INTO {index}({index}, rowid, {listed}) VALUES ('delete', old.id, {old});"  # noqa: S608
    learn = f"INSERT INTO {index}(rowid, {listed}) VALUES (new.id, {new});"  # noqa: S608
    triggers = (
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {learn} END",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {forget} END",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF {listed} ON {table} BEGIN {forget} {learn} END",
    )
    rows = await connection.execute_query_dict(
        "SELECT sql FROM sqlite_master WHERE name = ? OR name LIKE ? ESCAPE '\\' AND type = 'trigger'",
        [index, f"{index}\\_%"],
    )
    if {row["sql"] for row in rows} == {made, *triggers}:
        return
    drops = (f"DROP TRIGGER IF EXISTS {index}_{what}" for what in ("insert", "delete", "update"))
    rebuild = f"INSERT INTO {index}({index}) VALUES ('rebuild')"  # noqa: S608
    script = (*drops, f"DROP TABLE IF EXISTS {index}", made, *triggers, rebuild)
    await connection.execute_script(";\n".join(script) + ";")


def candidates(
    sought: Sought,
    value: Callable[[object], str],
    period: Callable[[str], str],
    *,
    sqlite: bool,
    people: bool,
) -> str | None:
    """SQL of the ids of what was sought; None where nothing was. `value` gives a value's placeholder.

    `period` gives what is asked of a column with ids, beginning with AND. `people`: whether residents are
    looked for, too, by telephone and by name.
    """
    found = []
    if sought.numbers:
        found.append(f"SELECT id FROM appeal WHERE number IN ({', '.join(map(value, sought.numbers))})")  # noqa: S608
    if sought.words:
        found.append(_by_words(sought, value, period, sqlite=sqlite))
    residents = _residents(sought, value, sqlite=sqlite) if people else None
    if residents:
        found.append(f"SELECT id FROM appeal WHERE resident_id IN ({residents})")  # noqa: S608
    return " UNION ".join(found) or None


def _by_words(
    sought: Sought, value: Callable[[object], str], period: Callable[[str], str], *, sqlite: bool
) -> str:
    """The newest that hold the words; either engine can walk backwards through the ids, and stop."""
    match = value(_match(sought, sqlite=sqlite))
    if sqlite:
        newest = f"appeal_words MATCH {match}{period('rowid')} ORDER BY rowid DESC LIMIT {NEWEST}"
        return f"SELECT rowid FROM (SELECT rowid FROM appeal_words WHERE {newest}) AS worded"  # noqa: S608
    newest = f"words @@ to_tsquery('simple', {match}){period('id')} ORDER BY id DESC LIMIT {NEWEST}"
    return f"SELECT id FROM (SELECT id FROM appeal_vector WHERE {newest}) AS worded"  # noqa: S608


def _residents(sought: Sought, value: Callable[[object], str], *, sqlite: bool) -> str | None:
    if sought.phone:
        return f"SELECT id FROM resident WHERE phone = {value(sought.phone)}"  # noqa: S608
    if not sought.name:
        return None
    match = value(_match(sought, sqlite=sqlite))
    if sqlite:
        newest = f"resident_names MATCH {match} ORDER BY rowid DESC LIMIT {RESIDENTS}"
        return f"SELECT rowid FROM resident_names WHERE {newest}"  # noqa: S608
    # By the index of names: along the ids, as it would like to go, it parses the name of everybody.
    newest = f"{_NAME_VECTOR} @@ to_tsquery('simple', {match}) ORDER BY id + 0 DESC LIMIT {RESIDENTS}"
    return f"SELECT id FROM resident WHERE {newest}"  # noqa: S608


def _match(sought: Sought, *, sqlite: bool) -> str:
    """All words in any of their forms, in the engine's own language of queries."""
    if sqlite:
        words = (
            " OR ".join(f'"{form.rstrip("*")}"' + "*" * form.endswith("*") for form in _apart(word))
            for word in sought.words
        )
        return " AND ".join(f"({word})" for word in words)
    words = (" | ".join(form.replace("*", ":*") for form in _apart(word)) for word in sought.words)
    return " & ".join(f"({word})" for word in words)


def _apart(forms: tuple[str, ...]) -> list[str]:
    """Without those that begin as another is sought to: PostgreSQL compares each form with each row."""
    begun = tuple(form.rstrip("*") for form in forms if form.endswith("*"))
    return [form for form in forms if form.endswith("*") or not form.startswith(begun)]
