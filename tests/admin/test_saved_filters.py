"""Saved filters: whose they are, who sees them, and what they hold."""

from core.models import SavedFilter
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.builders import make_staff


async def test_a_state_of_the_queue_is_kept_and_listed_with_the_tabs(panel: Panel, operator: Browser) -> None:
    del panel
    page = await operator.text("/admin/?view=all&category=roads.pothole&photos=1")
    assert 'href="/admin/filters?view=all&amp;category=roads.pothole&amp;photos=1"' in page
    query = "photos=1&category=roads.pothole&view=all&after=1.1.5&nonsense=1"
    sent = await operator.post("/admin/filters", {"name": "  Ями  з фото ", "query": query})
    assert sent.headers["Location"] == "/admin/?view=all&category=roads.pothole&photos=1"
    again = await operator.text(sent.headers["Location"])
    assert 'aria-current="page">Ями з фото</a>' in again


async def test_others_see_what_is_shared_and_nothing_else(panel: Panel, operator: Browser) -> None:
    await operator.post("/admin/filters", {"name": "Моє", "query": "view=urgent"})
    await operator.post("/admin/filters", {"name": "Наше", "query": "view=overdue", "shared": "1"})
    other = await panel.browser(await make_staff())
    page = await other.text("/admin/filters")
    assert "Наше" in page
    assert "Моє" not in page
    assert "Олена Коваль" in page
    assert "/delete" not in page


async def test_a_name_must_be_one_and_its_own(panel: Panel, operator: Browser) -> None:
    await operator.post("/admin/filters", {"name": "Ями", "query": "view=all", "shared": "1"})
    other = await panel.browser(await make_staff())
    for browser, fields, text in (
        (operator, {"name": "ЯМИ", "query": "view=urgent"}, "уже є"),
        (other, {"name": "ями", "query": "view=urgent", "shared": "1"}, "уже є"),
        (operator, {"name": " ", "query": "view=urgent"}, "не довшу за 60"),
        (operator, {"name": "я" * 61, "query": "view=urgent"}, "не довшу за 60"),
        (operator, {"name": "Усе", "query": ""}, "Зберігати нічого"),
    ):
        response = await browser.post("/admin/filters", fields)
        page = await response.text()
        assert response.status == 422, fields
        assert text in page, fields
    assert await SavedFilter.all().count() == 1
    refused = await operator.post("/admin/filters", {"name": "ями", "query": "view=urgent"})
    assert 'value="ями"' in await refused.text(), "what was typed stays"


async def test_an_officer_keeps_for_themselves_alone(panel: Panel, officer: Browser) -> None:
    del panel
    refused = await officer.post("/admin/filters", {"name": "Ями", "query": "view=all", "shared": "1"})
    assert refused.status == 403
    kept = await officer.post("/admin/filters", {"name": "Ями", "query": "view=all&executor=zhytlo"})
    assert kept.headers["Location"] == "/admin/?view=all"
    assert 'name="shared"' not in await officer.text("/admin/filters?view=all")


async def test_what_the_desk_shares_may_name_a_resident_and_is_not_for_officers(
    operator: Browser, officer: Browser
) -> None:
    await operator.post(
        "/admin/filters", {"name": "Скарги Коваль", "query": "view=all&q=Коваль", "shared": "1"}
    )
    assert "Скарги Коваль" in await operator.text("/admin/")
    for page in ("/admin/", "/admin/filters"):
        assert "Коваль" not in await officer.text(page)


async def test_one_deletes_ones_own_and_administrators_what_is_shared(
    panel: Panel, operator: Browser, officer: Browser
) -> None:
    administrator = await panel.browser(await make_staff(Role.ADMINISTRATOR))
    for name, shared in (("a", ""), ("b", "1"), ("c", "1")):
        await operator.post("/admin/filters", {"name": name, "query": "view=all", "shared": shared})
    own, ours, other = [row.id for row in await SavedFilter.all().order_by("name")]
    for browser, target, status in (
        (officer, ours, 404),
        (administrator, own, 404),
        (administrator, ours, 303),
        (operator, other, 303),
        (operator, other, 404),
        (operator, own, 303),
    ):
        response = await browser.post(f"/admin/filters/{target}/delete")
        assert response.status == status, (target, status)
    assert not await SavedFilter.all().count()
