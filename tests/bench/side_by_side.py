"""Ours and a peer in turn, several times: on a noisy machine only their ratio says something."""

import json
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Rates:
    """Medians over the rounds, per second; `ratio` is the median of the rounds' own, ours to the peer's."""

    ours: float
    peer: float
    ratio: float
    lowest: float
    highest: float


def rates(ours: list[float], peer: list[float]) -> Rates:
    """Of the rounds' rates, in the same order."""
    ratios = [mine / other for mine, other in zip(ours, peer, strict=True)]
    return Rates(
        ours=round(median(ours), 1),
        peer=round(median(peer), 1),
        ratio=round(median(ratios), 3),
        lowest=round(min(ratios), 3),
        highest=round(max(ratios), 3),
    )


def shown(name: str, found: Rates, *, unit: str, beside: str, as_json: bool, **more: object) -> str:
    """One JSON object, or three lines for people."""
    if as_json:
        return json.dumps({"bench": name, "unit": unit, "beside": beside, **asdict(found), **more})
    facts = "".join(f"\n  {key.replace('_', ' ')}: {value}" for key, value in more.items())
    return (
        f"{name}: {found.ours:,.0f} {unit}\n"
        f"  beside {beside}: {found.peer:,.0f} {unit}\n"
        f"  ratio {found.ratio} (of the rounds: {found.lowest} to {found.highest}){facts}"
    )
