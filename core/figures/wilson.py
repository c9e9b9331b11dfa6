"""How far a share of few can be trusted. Pure."""

import math

_Z = 1.96  # of 95 %


def interval(part: int, whole: int) -> tuple[float, float]:
    """Where a share lies with 95 % of certainty, after Wilson; from 0 to 1 of nothing at all."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, _Z**2
    middle = share + square / (2 * whole)
    reach = _Z * math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    scale = 1 + square / whole
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
