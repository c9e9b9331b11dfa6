"""Figures of a period as pages and reports show them, from the sums that core/figures keeps.

`whole`, `by` and `over_time` each are one query over the table of sums: whole months of a period are read
from the months' rows, what is left at its ends from the days'. `overdue` counts what stands overdue now.
"""

from core.queries.figures.figures import Figures
from core.queries.figures.overdue import overdue
from core.queries.figures.reading import Only, by, divides, over_time, whole

__all__ = ["Figures", "Only", "by", "divides", "over_time", "overdue", "whole"]
