"""The page's words: the same keys in both languages, and none used that is not there."""

import re
from pathlib import Path

import bot.simulator

PAGE = Path(bot.simulator.__file__).parent / "page"
SOURCES = [path.read_text("utf-8") for path in PAGE.glob("*.js") if path.name != "texts.js"]


def keys(language: str) -> list[str]:
    texts = (PAGE / "texts.js").read_text("utf-8")
    block = re.search(rf"(?ms)^  {language}: {{\n(.*?)^  }},", texts)
    assert block is not None
    return re.findall(r"(?m)^    (\w+): ", block[1])


def test_both_languages_have_the_same_keys() -> None:
    assert keys("uk") == keys("en")
    assert len(set(keys("uk"))) == len(keys("uk"))


def test_every_key_used_exists() -> None:
    used = {key for source in SOURCES for key in re.findall(r"\bt\(\"(\w+)\"\)", source)}
    used |= set(re.findall(r"data-(?:text|label)=\"(\w+)\"", (PAGE / "index.html").read_text("utf-8")))
    kinds = re.search(r"const KINDS = \[(.*?)\]", (PAGE / "faults.js").read_text("utf-8"))
    assert kinds is not None
    for kind in re.findall(r"\w+", kinds[1]):
        used |= {f"fault_{kind}", f"fault_{kind}_hint"}
    assert used - set(keys("uk")) == set()
    assert len(used) > 50


def test_nothing_is_put_in_as_markup() -> None:
    for source in SOURCES:
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source)


def test_nothing_comes_from_elsewhere() -> None:
    for path in PAGE.iterdir():
        addresses = re.findall(
            r"(?:src|href|url\(|from|import)\W{1,3}(https?://[^\"')]+)", path.read_text("utf-8")
        )
        assert addresses == [], path
