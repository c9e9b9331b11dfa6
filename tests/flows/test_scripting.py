"""The scripts' language: what it says of a line that it can't read, and that a difference is found."""

from pathlib import Path

import pytest

from tests.flows.scripting import Did, ScriptError, read

WHOLE = "## Title\nR: тече\nB: Де це?\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "one.txt"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("R: тече\n", "one.txt:1: a script begins with «## Title»"),
        ("## A\nR: тече\n\n", "one.txt:1: nothing is checked in «A»"),
        ("## A\nB: Де це?\n", "one.txt:1: nobody does anything in «A»"),
        (f"{WHOLE}що?\n", "one.txt:4: no line of a script: «що?»"),
        (f"{WHOLE}Q: що?\n", "one.txt:4: nobody knows «Q: що?»"),
        (f"{WHOLE}R: (foto)\n", "one.txt:4: nobody can do «(foto)»"),
        (f"{WHOLE}R: (album)\n", "one.txt:4: «(album)» takes something behind it"),
        (f"{WHOLE}R: (photo 3)\n", "one.txt:4: «(photo)» takes none behind it"),
        (f"{WHOLE}T: tomorrow\n", "one.txt:4: nobody knows «T: tomorrow»"),
        (f"{WHOLE}X: explosion\n", "one.txt:4: nobody knows «X: explosion»"),
        ("## A\n  Viber: тече\n", "one.txt:2: there is no line above"),
        (f"{WHOLE}~ one / two\n", "one.txt:4: a difference is written"),
        (f"{WHOLE}{WHOLE}", "one.txt:1: two scripts are called «Title»"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, text: str, error: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read(write(tmp_path, text))
    assert str(caught.value).startswith(error)


def test_what_residents_do(tmp_path: Path) -> None:
    script = read(
        write(
            tmp_path,
            "~ Telegram: тут / Viber: там\n## A\n"
            "R: (album 3) тече (дуже)\nR2: [Так]\nRO: просто слова\n"
            'R: (reply to "Де це?") тут\n  Viber: там\nB: Дякую\n= 1 appeal\n',
        )
    )[0]
    done = [line.did for line in script.lines]
    assert done[:3] == [
        Did("album", "3", "тече (дуже)"),
        Did("press", "Так"),
        Did("words", words="просто слова"),
    ]
    assert done[3] == Did("reply to", "Де це?", "тут")
    assert script.lines[3].viber is not None
    assert script.lines[3].viber.did == Did("words", words="там")
    assert script.same == (("тут", "там"),)
