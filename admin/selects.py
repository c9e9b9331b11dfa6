"""What the selects of a page offer, as markup: some two hundred choices, each dearer in a template."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from core.city import City
from core.i18n import t

_SELECTED = {True: " selected", False: ""}
_CHECKED = {True: " checked", False: ""}


@dataclass(frozen=True, slots=True)
class Selects:
    """In a reader's language. `chosen` is selected where it is offered.

    What is no longer in use is offered where it is `kept`: it may be looked for, but not be set.
    """

    city: City
    language: str

    def categories(self, chosen: str | None, kept: str | None = None) -> Markup:
        """Under the headings of their groups."""
        of_group: dict[str, list[tuple[str, str]]] = {group.slug: [] for group in self.city.pack.groups}
        for slug, category in self.city.categories.items():
            if category.active or slug == kept:
                of_group.setdefault(category.group, []).append((slug, getattr(category, self.language)))
        groups = (
            f'<optgroup label="{escape(getattr(group, self.language))}">'
            f"{_options(of_group[group.slug], chosen)}</optgroup>"
            for group in self.city.pack.groups
        )
        return Markup("".join(groups))  # noqa: S704 - each part is escaped above or in `_options`

    def groups(self, chosen: str | None) -> Markup:
        return _options(((one.slug, getattr(one, self.language)) for one in self.city.pack.groups), chosen)

    def districts(self, chosen: str | None, kept: str | None = None) -> Markup:
        known = self.city.districts.items()
        offered = ((slug, getattr(one, self.language)) for slug, one in known if one.active or slug == kept)
        return _options(offered, chosen)

    def executors(
        self, chosen: str | None, kept: str | None = None, but: Collection[str | None] = ()
    ) -> Markup:
        """By their short names; without those of `but`."""
        known, short = self.city.executors.items(), f"short_{self.language}"
        offered = (
            (slug, getattr(one, short))
            for slug, one in known
            if (one.active or slug == kept) and slug not in but
        )
        return _options(offered, chosen)

    def ticks(self, ticked: Collection[str], but: str | None, base: str) -> Markup:
        """Boxes for executors who may help: those in use and those `ticked`; ids begin with `base`."""
        short = f"short_{self.language}"
        return Markup(  # noqa: S704 - each part is escaped
            "".join(
                '<label class="form-check">'
                '<input class="form-check-input" type="checkbox" name="co_executors"'
                f' value="{escape(slug)}" id="{escape(base)}-co-{escape(slug)}"{_CHECKED[slug in ticked]}>'
                f'<span class="form-check-label">{escape(getattr(one, short))}</span></label>'
                for slug, one in self.city.executors.items()
                if (one.active or slug in ticked) and slug != but
            )
        )

    def worded(self, family: str, values: Iterable[str], chosen: str | None) -> Markup:
        """Values whose texts are at `family` and their own name: panel.status. and closed."""
        return _options(((one, t(f"{family}{one}", self.language)) for one in values), chosen)


def _options(offered: Iterable[tuple[str, str]], chosen: str | None) -> Markup:
    """Of values and their words."""
    return Markup(  # noqa: S704 - each part is escaped
        "".join(
            f'<option value="{escape(value)}"{_SELECTED[value == chosen]}>{escape(words)}</option>'
            for value, words in offered
        )
    )
