"""Labelled texts for measuring: the rows of a file by turns are for tuning and kept aside.

Tables of words were tuned on the first, third, fifth ... row; nobody looked at what went wrong elsewhere.
"""

from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
Rows = list[tuple[str, str]]


def rows_of(name: str) -> Rows:
    """(label, text) of each row; the text stands in the last column, the label in the first."""
    lines = (DATA / name).read_text("utf-8").splitlines()[1:]
    return [(cells[0], cells[-1]) for line in lines if (cells := line.split("\t"))]


def texts_of(name: str) -> list[str]:
    """The texts of a file whose heading names the column `text`."""
    heading, *lines = (line.split("\t") for line in (DATA / name).read_text("utf-8").splitlines())
    return [cells[heading.index("text")] for cells in lines]


def halves(name: str) -> dict[str, Rows]:
    rows = rows_of(name)
    return {"tuned": rows[0::2], "aside": rows[1::2]}
