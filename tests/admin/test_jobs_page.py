"""The page of the jobs: who leads, how each went, and running one now."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock, job_asks, leader
from core.models import Job, Lease, Notice
from core.scheduler import SWEEPS
from core.workflow import Role
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_staff


@pytest.fixture
async def chief(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.ADMINISTRATOR))


async def led() -> None:
    until = datetime.now(UTC) + timedelta(minutes=1)
    await Lease.create(name=leader.NAME, holder="city-1:4711:0a1b2c3d", until=until)


async def test_every_job_is_there_in_few_queries(chief: Browser) -> None:
    await led()
    now = clock.now()
    await Job.create(name="release", began_at=now, ended_at=now, worked_at=now, pieces=2, seconds=0.2)
    await Job.create(name="forget", began_at=now - timedelta(hours=4), seconds=12.4)
    error = "database OperationalError 4f2a9c01"
    await Job.create(name="find_surges", began_at=now, failed_at=now, failures=3, error=error)
    await Job.create(name="remind_of_polls", began_at=now, failed_at=now)
    with counted() as queries:
        html = await chief.text("/admin/jobs")
    assert len(queries) <= 8
    assert html.count('id="job-') == len(SWEEPS)
    assert html.index("Помічає сплески схожих звернень") < html.index("Відпускає сповіщення"), "failing first"
    for said in (
        "процес № 4711 на city-1",
        "База даних не відповіла як слід. Не вийшло вже 3 рази поспіль",
        "OperationalError, позначка 4f2a9c01",
        "мала роботу (2 справи)",
        "за 12 секунд",
        "Щодня о 03:30",
        "Щогодини",
        "Кожні 15 секунд",
        "Довго не чути",
        "Ще не виконувалася.",
    ):
        assert said in html, said
    assert html.count("Довго не чути") == 1
    assert html.count("Не вдається") == 1
    part = await chief.text("/admin/jobs", headers=HTMX)
    assert "<html" not in part
    assert 'id="job-release"' in part


async def test_where_nobody_leads_it_says_so(chief: Browser) -> None:
    assert "Зараз роботи не виконує ніхто." in await chief.text("/admin/jobs")
    await Lease.create(name=leader.NAME, holder="", until=datetime(1970, 1, 1, tzinfo=UTC))
    assert "Зараз роботи не виконує ніхто." in await chief.text("/admin/jobs")


async def test_an_administrator_asks_for_a_run_and_a_manager_only_reads(panel: Panel, chief: Browser) -> None:
    manager = await panel.browser(await make_staff(Role.MANAGER))
    assert "/run" not in await manager.text("/admin/jobs")
    response = await chief.post("/admin/jobs/forget/run")
    assert (response.status, response.headers["Location"]) == (303, "/admin/jobs")
    assert "Почнеться за кілька секунд" in await chief.text("/admin/jobs")
    assert await job_asks.take_asked() == ["forget"]
    assert "Почнеться за кілька секунд" not in await chief.text("/admin/jobs")
    assert (await chief.post("/admin/jobs/no_such/run")).status == 404
    assert await job_asks.take_asked() == []


async def test_a_notice_of_a_failure_leads_there(panel: Panel) -> None:
    staff = await make_staff(Role.ADMINISTRATOR)
    notice = await Notice.create(staff_id=staff.id, kind="job_failed", dedupe="x", at=clock.now())
    browser = await panel.browser(staff)
    assert "Одна з робіт системи не вдалася" in await browser.text("/admin/notices")
    response = await browser.post(f"/admin/notices/{notice.id}/open")
    assert response.headers["Location"] == "/admin/jobs"
