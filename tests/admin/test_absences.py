"""Absences on the panel: one's own in the account, everybody's for administrators."""

from datetime import timedelta

import pytest

from core import clock
from core.models import Absence, Staff
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.builders import make_appeal, make_staff

GAS = "gas_networks"


def days(first: int = 0, last: int = 3) -> dict[str, str]:
    today = clock.now().date()
    return {"first_day": str(today + timedelta(days=first)), "last_day": str(today + timedelta(days=last))}


@pytest.fixture
async def colleague(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.EXECUTOR, GAS, name="Ганна Швець"))


def staff_of(browser: Browser) -> Staff:
    assert browser.staff is not None
    return browser.staff


async def test_an_officer_goes_away_and_a_colleague_stands_in(
    panel: Panel, officer: Browser, colleague: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    address = f"/admin/appeals/{appeal.id}"
    assert (await colleague.get(address)).status == 404
    sent = {"substitute": str(staff_of(colleague).id), **days(-1)}
    assert (await officer.post("/admin/account/absences", sent)).status == 303
    page = await officer.text("/admin/account")
    assert "Заступає Ганна Швець" in page
    assert "<b>зараз</b>" in page
    assert "Ви заступаєте: Петро Майстер" in await colleague.text("/admin/account")
    assert "Ви заступатимете колегу" in await colleague.text("/admin/notices")
    assert (await colleague.post(f"{address}/start", {"expected": "0"})).status == 303
    assert appeal.number in await colleague.text("/admin/")
    absence = await Absence.get()
    strangers = f"/admin/account/absences/{absence.id}/cancel"
    assert (await colleague.post(strangers)).status == 404
    assert (await officer.post(strangers)).status == 303
    assert (await colleague.get(address)).status == 404
    assert not await Absence.exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"first_day": ""}, "Вкажіть перший і останній день."),
        ({"last_day": "31.12"}, "Вкажіть перший і останній день."),
        (days(3, 1), "Останній день не може бути раніше за перший."),
        ({"substitute": ""}, "Оберіть колегу з тією самою роллю."),
        ({"substitute": "999"}, "Оберіть колегу з тією самою роллю."),
    ],
)
async def test_what_will_not_do_is_told_with_the_form_kept(
    panel: Panel, officer: Browser, colleague: Browser, change: dict[str, str], told: str
) -> None:
    del panel
    chosen = str(staff_of(colleague).id)
    sent = {"substitute": chosen, **days()} | change
    response = await officer.post("/admin/account/absences", sent)
    page = await response.text()
    assert response.status == 422
    assert told in page
    assert f'value="{sent["last_day"]}"' in page
    assert (f'value="{chosen}" selected' in page) == (sent["substitute"] == chosen)
    assert not await Absence.exists()


async def test_an_administrator_sees_plans_and_cancels_all(
    panel: Panel, officer: Browser, colleague: Browser
) -> None:
    administrator = await panel.browser(await make_staff(Role.ADMINISTRATOR))
    sent = {"staff": str(staff_of(officer).id), "substitute": str(staff_of(colleague).id), **days()}
    assert (await administrator.post("/admin/absences", sent)).status == 303
    page = await administrator.text("/admin/absences")
    assert "<strong>Петро Майстер</strong>" in page
    assert "Заступає Ганна Швець" in page
    response = await administrator.post("/admin/absences", sent)
    assert response.status == 422
    assert "уже записано" in await response.text()
    absence = await Absence.get()
    assert (await administrator.post(f"/admin/absences/{absence.id}/cancel")).status == 303
    assert "Запланованих відсутностей немає." in await administrator.text("/admin/absences")


async def test_who_has_nobody_beside_them_is_told_so(panel: Panel, officer: Browser) -> None:
    del panel
    assert "заступити нікому" in await officer.text("/admin/account")
