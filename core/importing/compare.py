"""Two states of one subject, compared: what is new, gone, renamed and different, to be said in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.i18n import t
from core.phrases import Words, joined, phrase, said

NAMED = 20  # of a list; the rest is counted
LONGEST = 60  # characters of a value that is shown as it was and as it will be

SIGNS = {"new": "+", "gone": "-", "renamed": "=", "changed": "~"}  # of what is listed, for the command line

Say = Callable[[object, object], Words]


@dataclass(frozen=True, slots=True)
class Item:
    """`facts` are what may differ, by the name they are shown under; `note` is what hangs on the item."""

    title: Words
    facts: Mapping[str, object] = field(default_factory=dict)
    note: Words = ""


Items = Mapping[str, Item]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in one subject, see `import.subject` of the texts. `changed` says what differs in each.

    `before` and `after` are the facts of all that is new, gone or changed, by key.
    """

    subject: str
    new: Sequence[Words]
    gone: Sequence[Words]
    renamed: Sequence[Words]
    changed: Sequence[Words]
    order: bool
    before: Mapping[str, Mapping[str, object]]
    after: Mapping[str, Mapping[str, object]]

    @property
    def lists(self) -> Mapping[str, Sequence[Words]]:
        return {what: getattr(self, what) for what in SIGNS}

    def lines(self, language: str) -> list[str]:
        """A heading and lists, indented."""
        told = ", ".join(
            f"{len(found)} {t(f'import.{what}', language)}" for what, found in self.lists.items() if found
        )
        heading = t(f"import.subject.{self.subject}", language)
        return [
            f"{heading}: {told}" if told else heading,
            *(line for what, found in self.lists.items() for line in _listed(SIGNS[what], found, language)),
            *([f"  ~ {t('import.order', language)}"] if self.order else []),
        ]


def compared(
    subject: str,
    before: Items,
    after: Items,
    *,
    former: Mapping[str, str] | None = None,
    say: Mapping[str, Say] | None = None,
) -> Difference | None:
    """None where both are the same.

    `former`: a key of `after` that stands for one of `before`. `say`: how a fact differs, by its name, where
    showing both values would say too little.
    """
    renamed = {new: old for new, old in (former or {}).items() if new not in before and old not in after}
    gone = set(before) - set(after) - set(renamed.values())
    kept = [key for key in after if key in before]
    words = {key: _differing(before[key].facts, after[key].facts, say or {}) for key in kept}
    changed = [key for key in kept if words[key]]
    new = [key for key in after if key not in before and key not in renamed]
    found = Difference(
        subject,
        new=[after[key].title for key in new],
        gone=[joined(": ", before[key].title, before[key].note) for key in before if key in gone],
        renamed=[joined(" → ", before[old].title, after[new].title) for new, old in renamed.items()],
        changed=[
            joined(": ", after[key].title, joined("; ", joined(", ", *words[key]), before[key].note))
            for key in changed
        ],
        order=kept != [key for key in before if key in after],
        before={key: before[key].facts for key in (*gone, *renamed.values(), *changed)},
        after={key: after[key].facts for key in (*new, *renamed, *changed)},
    )
    return found if found.order or any(found.lists.values()) else None


def _differing(
    before: Mapping[str, object], after: Mapping[str, object], say: Mapping[str, Say]
) -> list[Words]:
    told: list[Words] = []
    for name, value in after.items():
        was = before.get(name)
        if was == value:
            continue
        old, new = _shown(was), _shown(value)
        if name in say:
            told.append(say[name](was, value))
        elif any(isinstance(each, str) and len(each) > LONGEST for each in (old, new)):
            told.append(name)
        else:
            told.append(joined(" ", name, old, "→", new))
    return told


def _shown(value: object) -> Words:
    if isinstance(value, bool):
        return phrase("import.yes" if value else "import.no")
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return phrase("import.nothing_there") if value in (None, "") else str(value)


def _listed(sign: str, found: Sequence[Words], language: str) -> Iterator[str]:
    yield from (f"  {sign} {said(each, language)}" for each in found[:NAMED])
    if len(found) > NAMED:
        yield f"  {sign} {t('import.more', language, left=len(found) - NAMED)}"
