"""Formatted text: HTML and Markdown into plain text with spans, with the platform's complaints."""

import html
import re
from collections.abc import Sequence

from bot.simulator.bubbles import Span
from bot.simulator.telegram.errors import ApiError, bad_request

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TOKEN = re.compile(r"<(?P<tag>[^>]*)>?|&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});|[^<&]+|&")
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
_MARKS = {"*": "bold", "_": "italic", "`": "code", "~": "strikethrough", "__": "underline", "||": "spoiler"}
_MARKDOWN = re.compile(
    r"\\(?P<escaped>.)|\[(?P<label>[^\]]*)\]\((?P<url>[^)]*)\)|(?P<mark>[*_`])|.", re.DOTALL
)
_MARKDOWN_2 = re.compile(
    r"\\(?P<escaped>.)|\[(?P<label>(?:[^\]\\]|\\.)*)\]\((?P<url>[^)]*)\)|(?P<mark>__|\|\||[*_`~])"
    r"|(?P<reserved>[\[\]()>#+\-=|{}.!])|.",
    re.DOTALL,
)

Formatted = tuple[str, tuple[Span, ...]]


def parse(text: str, parse_mode: str, entities: object = None) -> Formatted:
    """Plain text without outer white space, and its spans."""
    mode = parse_mode.lower()
    if not mode:
        formatted = text, _given(entities)
    elif mode == "html":
        formatted = _parse_html(text)
    elif mode in {"markdown", "markdownv2"}:
        formatted = _parse_markdown(text, strict=mode == "markdownv2")
    else:
        raise bad_request("unsupported parse_mode")
    return _trim(*formatted)


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _trim(text: str, spans: Sequence[Span]) -> Formatted:
    trimmed = text.strip()
    if trimmed == text or not spans:
        return trimmed, tuple(spans)
    lead = units(text[: len(text) - len(text.lstrip())])
    end = units(trimmed)
    moved = ((span, max(span.offset - lead, 0), min(span.offset + span.length - lead, end)) for span in spans)
    return trimmed, tuple(
        Span(span.kind, start, stop - start, span.url) for span, start, stop in moved if stop > start
    )


def _given(entities: object) -> tuple[Span, ...]:
    if not isinstance(entities, list):
        return ()
    try:
        return tuple(
            Span(str(entity["type"]), int(entity["offset"]), int(entity["length"]), entity.get("url"))
            for entity in entities
        )
    except (KeyError, TypeError, ValueError):
        raise _unparsable("can't parse MessageEntity") from None


def _parse_html(source: str) -> Formatted:
    plain: list[str] = []
    length = 0
    spans: list[Span] = []
    opened: list[tuple[str, int, str | None]] = []
    for token in _TOKEN.finditer(source):
        tag = token["tag"]
        if tag is None:
            piece = html.unescape(token[0]) if token[0].startswith("&") else token[0]
            plain.append(piece)
            length += units(piece)
        elif not token[0].endswith(">"):
            raise _unparsable(f"Unclosed start tag at byte offset {_bytes(source, token.start())}")
        elif tag.startswith("/"):
            spans.extend(_close(source, token.start(), opened, tag[1:].strip().lower(), length))
        else:
            opened.append(_open(source, token.start(), tag, length))
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return "".join(plain), tuple(sorted(spans, key=lambda span: (span.offset, -span.length)))


def _open(source: str, at: int, tag: str, length: int) -> tuple[str, int, str | None]:
    name = tag.split(maxsplit=1)[0].lower() if tag.strip() and not tag[0].isspace() else ""
    spoiler = name != "span" or "tg-spoiler" in tag
    if name not in _TAGS or not spoiler:
        raise _unparsable(f'Unsupported start tag "{name}" at byte offset {_bytes(source, at)}')
    href = _HREF.search(tag) if name == "a" else None
    url = None if href is None else html.unescape(href[1] or href[2] or href[3] or "")
    return name, length, url


def _close(
    source: str, at: int, opened: list[tuple[str, int, str | None]], name: str, length: int
) -> list[Span]:
    if not opened:
        raise _unparsable(f"Unexpected end tag at byte offset {_bytes(source, at)}")
    expected, start, url = opened.pop()
    if name not in {expected, ""}:
        raise _unparsable(
            f"Unmatched end tag at byte offset {_bytes(source, at)}, "
            f'expected "</{expected}>", found "</{name}>"'
        )
    if length == start or (expected == "a" and not url):
        return []
    return [Span(_TAGS[expected], start, length - start, url)]


def _parse_markdown(source: str, *, strict: bool) -> Formatted:
    plain: list[str] = []
    length = 0
    spans: list[Span] = []
    opened: dict[str, tuple[int, int]] = {}
    for token in (_MARKDOWN_2 if strict else _MARKDOWN).finditer(source):
        mark = token["mark"]
        if mark is not None:
            if mark in opened:
                start, _ = opened.pop(mark)
                spans.append(Span(_MARKS[mark], start, length - start))
            else:
                opened[mark] = (length, token.start())
            continue
        if strict and token["reserved"] is not None:
            raise _unparsable(
                f"Character '{token[0]}' is reserved and must be escaped with the preceding '\\'"
            )
        piece = token["escaped"] or token["label"] or token[0]
        if token["label"] is not None:
            spans.append(Span("text_link", length, units(piece), token["url"]))
        plain.append(piece)
        length += units(piece)
    if opened:
        mark, (_, at) = next(iter(opened.items()))
        what = f"{_MARKS[mark].capitalize()} entity" if strict else "the entity starting"
        raise _unparsable(f"Can't find end of {what} at byte offset {_bytes(source, at)}")
    return "".join(plain), tuple(spans)


def _bytes(source: str, at: int) -> int:
    return len(source[:at].encode())


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
