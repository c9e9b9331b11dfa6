"""What every page of the panel has in common: how it goes out, and what its heading counts."""

from core import clock
from core.models import Notice
from core.queries.panel.counters import MANY
from tests.admin.conftest import Browser


async def test_a_page_goes_packed_to_whom_that_is_fine(operator: Browser) -> None:
    packed = await operator.get("/admin/", headers={"Accept-Encoding": "gzip, deflate"})
    plain = await operator.get("/admin/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert (await packed.text()).endswith("</html>")
    assert (await plain.text()).endswith("</html>")


async def test_the_heading_counts_no_further_than_it_shows(operator: Browser) -> None:
    assert operator.staff is not None
    rows = [
        Notice(staff_id=operator.staff.id, kind="substitute", dedupe=f"n{at}", at=clock.now())
        for at in range(MANY + 30)
    ]
    await Notice.bulk_create(rows[: MANY - 1])
    assert ">99</b>" in await operator.text("/admin/")
    await Notice.bulk_create(rows[MANY - 1 :])
    assert ">99+</b>" in await operator.text("/admin/")


async def test_a_page_says_what_it_is_for(operator: Browser) -> None:
    assert "Вкладки показують, що чекає" in await operator.text("/admin/")
    assert "Хто чергує і в якому порядку" in await operator.text("/admin/duty")
    missing = await operator.get("/admin/nowhere")
    assert "Про цю сторінку" not in await missing.text()
