"""What is known of a person as a page that they can read: the same as in data.json, in words. Pure."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from core.city import City
from core.i18n import translator
from core.queries.person import Known

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "h2{margin-top:2.5rem}h3{margin-bottom:.25rem}time,small{color:#5b6470}"
    "p{white-space:pre-line;margin:.25rem 0}"
)


def page(known: Known, city: City, language: str) -> str:
    """One HTML file that fetches nothing."""
    return _Page(city, language).of(known)


class _Page:
    def __init__(self, city: City, language: str) -> None:
        self._city, self._language, self._t = city, language, translator(language)

    def of(self, known: Known) -> str:
        title = escape(self._t("mydata.title"))
        body = "\n".join((f"<h1>{title}</h1>", *self._parts(known)))
        head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        whole = f"<head>{head}</head>\n<body>\n{body}\n</body>"
        return f'<!doctype html>\n<html lang="{self._language}">\n{whole}\n</html>\n'

    def _parts(self, known: Known) -> Iterator[str]:
        yield self._text(self._t("mydata.about"))
        yield self._head("mydata.person")
        for field in ("name", "phone", "address"):
            if known["person"][field]:
                yield self._text(self._t(f"mydata.{field}", value=known["person"][field]))
        for account in known["accounts"]:
            since = self._when(account["since"])
            yield self._text(
                self._t(
                    "mydata.account", messenger=account["messenger"].title(), id=account["id"], since=since
                )
            )
        yield self._head("mydata.appeals")
        for appeal in known["appeals"]:
            yield from self._appeal(appeal)
        yield self._head("mydata.files")
        for file in known["files"]:
            name = file["name"] or file["path"] or file["kind"]
            link = f'<a href="{escape(file["path"])}">{escape(name)}</a>' if file["path"] else escape(name)
            yield f"<p>{self._time(file['at'])} {link} <small>{escape(file['appeal'])}</small></p>"
        yield self._head("mydata.messages")
        for message in known["messages"]:
            yield f"<p>{self._time(message['at'])}\n{escape(message['text'])}</p>"

    def _appeal(self, appeal: Known) -> Iterator[str]:
        category = self._city.categories.get(appeal["category"])
        named = (category.en if self._language == "en" else category.uk) if category else appeal["category"]
        status = self._t(f"status.{appeal['status']}")
        yield f"<h3>№ {escape(appeal['number'])} · {escape(named)} · {escape(status)}</h3>"
        if appeal.get("address"):
            yield self._text(appeal["address"])
        for said in appeal["words"]:
            if said["text"]:
                yield f"<p>{self._time(said['at'])}\n{escape(said['text'])}</p>"
        if appeal["answer"]:
            yield self._text(self._t("mydata.answer", text=appeal["answer"]))
        for rating in appeal["ratings"]:
            if rating["stars"]:
                yield self._text(self._t("mydata.stars", n=rating["stars"]))

    def _head(self, key: str) -> str:
        return f"<h2>{escape(self._t(key))}</h2>"

    @staticmethod
    def _text(words: str) -> str:
        return f"<p>{escape(words)}</p>"

    def _time(self, instant: str) -> str:
        return f"<time>{escape(self._when(instant))}</time>"

    def _when(self, instant: str) -> str:
        local = datetime.fromisoformat(instant).astimezone(ZoneInfo(self._city.pack.timezone))
        return format_datetime(local, "d MMMM y, HH:mm", locale=self._language)
