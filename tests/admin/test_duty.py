"""The roster in the panel: planned, changed, repeated and taken out, by whom it belongs to."""

import re
from datetime import UTC, datetime

import pytest

from core import clock
from core.models import Duty, Post, Staff
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.builders import make_staff

WATER = "kryvbasvodokanal"
# The evening before the clocks go forward in Kyiv.
NOW = datetime(2026, 3, 28, 16, 0, tzinfo=UTC)
TYPED = {
    "name": "Диспетчер",
    "phone": "067 123-45-67",
    "position": "1",
    "begins": "2026-03-28T08:00",
    "ends": "2026-03-28T20:00",
}


@pytest.fixture(autouse=True)
def _saturday() -> object:
    with clock.use(lambda: NOW):
        yield


@pytest.fixture
async def head(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.EXECUTOR, WATER, name="Ірина Голова", post=Post.HEAD))


async def test_a_duty_is_added_and_repeated_by_the_clock_on_the_wall(operator: Browser) -> None:
    response = await operator.post("/admin/duty", TYPED | {"weeks": "2"})
    assert (response.status, response.headers["Location"]) == (303, "/admin/duty?week=2026-03-23")
    first, second = await Duty.all().order_by("begins_at")
    assert (first.phone, first.executor_id, first.staff_id) == ("+380671234567", None, None)
    assert first.begins_at == datetime(2026, 3, 28, 6, 0, tzinfo=UTC)
    assert second.begins_at == datetime(2026, 4, 4, 5, 0, tzinfo=UTC), "eight in the morning stays eight"
    page = await operator.text("/admin/duty")
    assert "Диспетчер" in page
    assert "08:00–20:00" in page
    assert re.search(r"Чергують зараз.*?Місто.*?Диспетчер.*?до 20:00", page, re.DOTALL)
    assert "20:00–00:00 нікого" in page
    again = await operator.post("/admin/duty", TYPED | {"weeks": "2"})
    assert again.status == 422
    assert "вже є" in await again.text()
    assert (await operator.post("/admin/duty", TYPED | {"weeks": "3"})).status == 303
    assert await Duty.all().count() == 3, "only what wasn't there"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Оберіть працівника"),
        ({"staff": "999999"}, "Оберіть працівника"),
        ({"phone": ""}, "впишіть телефон"),
        ({"phone": "12"}, "12"),
        ({"position": "0"}, "від 1 до 20"),
        ({"position": "x"}, "від 1 до 20"),
        ({"begins": "колись"}, "з якого й до якого"),
        ({"ends": "2026-03-28T08:00"}, "пізніше за початок"),
        ({"ends": "2026-05-28T08:00"}, "щонайбільше 14 днів"),
        ({"begins": "2026-03-27T08:00", "ends": "2026-03-27T20:00"}, "вже минуло б"),
        ({"begins": "2027-06-28T08:00", "ends": "2027-06-28T20:00"}, "на рік наперед"),
        ({"weeks": "53"}, "від 1 до 52"),
        ({"weeks": "no"}, "від 1 до 52"),
    ],
)
async def test_what_wont_do_is_said_and_the_form_keeps_its_words(
    operator: Browser, wrong: dict[str, str], said: str
) -> None:
    response = await operator.post("/admin/duty", TYPED | wrong)
    html = await response.text()
    assert response.status == 422
    assert said in html
    for name, value in (TYPED | wrong).items():
        if value and name != "staff":
            assert f'name="{name}" value="{value}"' in html, name
    assert not await Duty.exists()


async def test_a_duty_is_changed_and_taken_out(operator: Browser) -> None:
    await operator.post("/admin/duty", TYPED)
    duty = await Duty.get()
    form = await operator.text(f"/admin/duty/{duty.id}")
    assert 'value="2026-03-28T08:00"' in form
    assert "+380 67 123 45 67" in form
    person = await make_staff(Role.OPERATOR, name="Андрій Мороз")
    changed = TYPED | {"staff": str(person.id), "position": "2", "ends": "2026-03-28T21:00"}
    assert (await operator.post(f"/admin/duty/{duty.id}", changed)).status == 303
    await duty.refresh_from_db()
    assert (duty.staff_id, duty.name, duty.position, duty.ends_at.hour) == (person.id, "", 2, 19)
    refused = await operator.post(f"/admin/duty/{duty.id}", changed | {"position": "99"})
    assert refused.status == 422
    assert 'name="position" value="99"' in await refused.text()
    assert (await operator.post(f"/admin/duty/{duty.id}/remove")).status == 303
    assert not await Duty.exists()
    assert (await operator.post(f"/admin/duty/{duty.id}/remove")).status == 404


async def test_two_in_one_place_are_shown_plainly(operator: Browser) -> None:
    await operator.post("/admin/duty", TYPED)
    await operator.post(
        "/admin/duty", TYPED | {"name": "Майстер", "begins": "2026-03-28T19:00", "ends": "2026-03-28T23:00"}
    )
    await operator.post("/admin/duty", TYPED | {"name": "Третя", "position": "2"})
    page = await operator.text("/admin/duty")
    assert page.count("двоє на місці 1") == 2
    assert "двоє на місці 2" not in page


async def test_a_head_plans_their_executors_own_and_no_other(panel: Panel, head: Browser) -> None:
    colleague = await make_staff(Role.EXECUTOR, WATER, name="Сергій Водяник")
    stranger = await make_staff(Role.EXECUTOR, "gas_networks", name="Чужий Фахівець")
    mine = TYPED | {"executor": WATER, "staff": str(colleague.id)}
    assert (await head.post("/admin/duty", mine)).status == 303
    duty = await Duty.get()
    assert duty.executor_id == WATER
    page = await head.text("/admin/duty")
    assert "Сергій Водяник" in page
    assert "Чужий Фахівець" not in page
    for other in ({}, {"executor": "gas_networks"}, {"executor": "none"}):
        assert (await head.post("/admin/duty", TYPED | other)).status == 403
    assert (await head.post("/admin/duty", mine | {"staff": str(stranger.id)})).status == 422
    city = await Duty.create(position=1, name="Х", phone="+380671234567", begins_at=NOW, ends_at=duty.ends_at)
    for path in (f"/admin/duty/{city.id}", f"/admin/duty/{city.id}/remove"):
        assert (await head.post(path, TYPED)).status == 404
    await Staff.filter(id=colleague.id).update(post=Post.NONE)
    officer = await panel.browser(colleague)
    assert (await officer.post("/admin/duty", mine)).status == 403
    assert (await officer.get(f"/admin/duty/{duty.id}")).status == 404
    seen = await officer.text(f"/admin/duty?executor={WATER}")
    assert 'action="/admin/duty"' in seen
    assert 'method="post" action="/admin/duty"' not in seen
