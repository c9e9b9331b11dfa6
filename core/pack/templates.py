"""Reply templates of a pack, as they are written; core/templates.py knows what they may say."""

from core.pack.files import Section
from core.pack.specs import TemplateSpec


def read_templates(file: Section) -> tuple[TemplateSpec, ...]:
    """The templates in the file's order. Raises PackError."""
    found = []
    for section in file.sections("template"):
        found.append(
            TemplateSpec(
                verb=section.optional("verb") or "",
                title_uk=section.lines("title_uk"),
                title_en=section.lines("title_en"),
                uk=section.lines("uk"),
                en=section.lines("en"),
            )
        )
        section.done()
    file.done()
    return tuple(found)
