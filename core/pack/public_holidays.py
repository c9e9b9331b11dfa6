"""The days off that the law gives the whole country, where martial law doesn't suspend them.

What they are is kept by the `holidays` package (Labour Code, art. 73). For the years of martial law it lists
them as working days (Law 2136-IX, art. 6), so both of its lists are taken: whether they count is for the
city to say. One that falls on a day off moves that day off to the next working one (Labour Code, art. 67).
Which those are is for each calendar's own week to say: the package's moves are for Saturdays and Sundays.
"""

from datetime import date, timedelta
from functools import lru_cache

from holidays import PUBLIC, WORKDAY, country_holidays

COUNTRY = "UA"
YEARS = range(2022, 2051)
_DAY = timedelta(days=1)


@lru_cache
def public_holidays(works: tuple[bool, ...]) -> frozenset[date]:
    """Days off for who works on these days of the week, from Monday on; on one of them at least."""
    lawful = country_holidays(COUNTRY, years=YEARS, categories=(PUBLIC, WORKDAY), observed=False)
    off = set(lawful)
    for day in sorted(lawful):
        if not works[day.weekday()]:
            moved = day + _DAY
            while moved in off or not works[moved.weekday()]:
                moved += _DAY
            off.add(moved)
    return frozenset(off)
