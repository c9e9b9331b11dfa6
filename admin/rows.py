"""The queue's rows in the reader's words.

Made before they are drawn: a call in Python costs a fraction of one in a template, and there are a thousand.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup, escape

from admin import format as say
from core.city import City
from core.i18n import t
from core.media import Shown
from core.queries.panel.queue import EXCERPT, Row
from core.sought import Sought, pieces
from core.workflow import Kind

Photo = Callable[[int, Shown], str]


class Drawn(NamedTuple):
    """What stands in a row: words, and marked words where something was sought."""

    row: Row
    link: str
    pick: str
    left: say.Left
    due: str
    created: str
    age: str
    channel: str
    category: str
    kind: str
    executor: str
    status: str
    excerpt: str
    place: str
    photo: str
    found: str


def drawn(
    rows: Iterable[Row], city: City, language: str, *, photo: Photo, sought: Sought | None, question: str
) -> Iterator[Drawn]:
    """Each row as it is drawn; `photo` gives the address of a picture.

    `question` is what the list asks, as its address says it; an appeal is opened with it and its place there.
    """
    zone = city.pack.timezone
    begins = f"{question}&" if question else ""
    for row in rows:
        category = city.categories.get(row.category)
        executor = city.executors.get(row.executor or "")
        district = city.districts.get(row.district or "")
        where = _marked(row.address, sought)
        if district is not None:
            where += escape(", " if row.address else "") + getattr(district, language)
        reason = why(sought, row)
        yield Drawn(
            row=row,
            link=f"/admin/appeals/{row.id}?{begins}after={row.place}",
            pick=t("panel.bulk.pick", language, number=row.number),
            left=say.left(row.due_at, is_open=row.open, language=language),
            due=say.exact(row.due_at, language, zone) if row.due_at else "",
            created=say.exact(row.created_at, language, zone),
            age=say.ago(row.created_at, language),
            channel=t(f"panel.channel.{row.channel}", language),
            category=getattr(category, language) if category else row.category,
            kind="" if row.kind is Kind.REQUEST else t(f"panel.kind.{row.kind}", language).capitalize(),
            executor=getattr(executor, f"short_{language}") if executor else "",
            status=t(f"panel.status.{row.status}", language),
            excerpt=_marked(row.excerpt, sought),
            place=where,
            photo=photo(row.thumb, "thumb") if row.thumb else "",
            found=t(f"panel.found.{reason}", language) if reason else "",
        )


def why(sought: Sought | None, row: Row) -> str:
    """What of a row is what was looked for: the text is at panel.found.<this>; nothing where it is marked."""
    if sought is None:
        return ""
    if row.number in sought.numbers:
        return "number"
    if sought.pattern and sought.pattern.search(row.excerpt):
        return ""
    if sought.pattern and sought.pattern.search(row.address):
        return "address"
    return "phone" if sought.phone else "name" if sought.name else ""


def _marked(text: str, sought: Sought | None) -> Markup:
    if sought is None:
        return escape(text[:EXCERPT])
    found = (
        f"<mark>{escape(piece)}</mark>" if marked else escape(piece)
        for piece, marked in pieces(text, sought, EXCERPT)
    )
    return Markup("".join(found))  # noqa: S704 - each piece is escaped above
