"""QR codes drawn into the page itself: what they say is nobody else's to know."""

import segno
from markupsafe import Markup


def drawn(content: str, title: str) -> Markup:
    """An SVG, black on white in either theme, since cameras expect that."""
    svg = segno.make(content, error="m", micro=False).svg_inline(
        border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None, title=title, omitsize=True
    )
    return Markup(svg)  # noqa: S704 - segno escapes the title, and the rest is its own
