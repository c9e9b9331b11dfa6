"""Two states of one subject, compared in words: what is new, gone, renamed and different."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

NAMED = 20  # of a list; the rest is counted
LONGEST = 60  # characters of a value that is shown as it was and as it will be

Say = Callable[[object, object], str]


@dataclass(frozen=True, slots=True)
class Item:
    """`facts` are what may differ, by the name they are shown under; `note` is what hangs on the item."""

    title: str
    facts: Mapping[str, object] = field(default_factory=dict)
    note: str = ""


Items = Mapping[str, Item]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in one subject. `changed` names each item and, in words, what differs in it.

    `before` and `after` are the facts of all that is new, gone or changed, by key.
    """

    subject: str
    new: Sequence[str]
    gone: Sequence[str]
    renamed: Sequence[str]
    changed: Sequence[str]
    order: bool
    before: Mapping[str, Mapping[str, object]]
    after: Mapping[str, Mapping[str, object]]

    @property
    def lists(self) -> Mapping[str, Sequence[str]]:
        return {"+ new": self.new, "- gone": self.gone, "= renamed": self.renamed, "~ changed": self.changed}

    def lines(self) -> list[str]:
        """A heading and lists, indented."""
        told = ", ".join(f"{len(found)} {sign[2:]}" for sign, found in self.lists.items() if found)
        return [
            f"{self.subject}: {told}" if told else self.subject,
            *(line for sign, found in self.lists.items() for line in _listed(sign[0], found)),
            *(["  ~ their order"] if self.order else []),
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
        gone=[_ended(before[key].title, before[key].note) for key in before if key in gone],
        renamed=[f"{before[old].title} → {after[new].title}" for new, old in renamed.items()],
        changed=[
            _ended(after[key].title, "; ".join(filter(None, (words[key], before[key].note))))
            for key in changed
        ],
        order=kept != [key for key in before if key in after],
        before={key: before[key].facts for key in (*gone, *renamed.values(), *changed)},
        after={key: after[key].facts for key in (*new, *renamed, *changed)},
    )
    return found if found.order or any(found.lists.values()) else None


def _differing(before: Mapping[str, object], after: Mapping[str, object], say: Mapping[str, Say]) -> str:
    told = []
    for name, value in after.items():
        was = before.get(name)
        if was == value:
            continue
        old, new = _shown(was), _shown(value)
        if name in say:
            told.append(f"{name} {say[name](was, value)}")
        elif max(len(old), len(new)) > LONGEST:
            told.append(name)
        else:
            told.append(f"{name} {old} → {new}")
    return ", ".join(told)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _ended(title: str, note: str) -> str:
    return f"{title}: {note}" if note else title


def _listed(sign: str, found: Sequence[str]) -> Iterator[str]:
    yield from (f"  {sign} {each}" for each in found[:NAMED])
    if len(found) > NAMED:
        yield f"  {sign} and {len(found) - NAMED} more"
