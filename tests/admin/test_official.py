"""What is official: marked as such, and its applicant known to the desk alone."""

from core.models import Resident
from core.workflow import Kind
from tests.admin.conftest import Browser, Panel
from tests.builders import make_account, make_appeal


async def test_the_desk_knows_whom_to_answer_and_an_officer_does_not(
    panel: Panel, operator: Browser, officer: Browser
) -> None:
    account = await make_account()
    await Resident.filter(id=account.resident_id).update(name="Коваль <b>Марія</b>", address="вул. Бузкова 3")
    appeal = await make_appeal(panel.city, account, kind=Kind.COMPLAINT)
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "скарга" in page
    assert "Бузкова" not in page
    await operator.post(f"/admin/appeals/{appeal.id}/contacts")
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "Коваль &lt;b&gt;Марія&lt;/b&gt;" in page
    assert "вул. Бузкова 3" in page
    await appeal.refresh_from_db()
    appeal.executor_id = "kryvbasvodokanal"
    await appeal.save()
    await officer.post(f"/admin/appeals/{appeal.id}/contacts")
    assert "Бузкова" not in await officer.text(f"/admin/appeals/{appeal.id}")


async def test_of_a_request_nobody_sees_who_filed_it(panel: Panel, operator: Browser) -> None:
    account = await make_account()
    await Resident.filter(id=account.resident_id).update(name="Коваль Марія", address="вул. Бузкова 3")
    appeal = await make_appeal(panel.city, account)
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "Бузкова" not in page
    assert "Марія" not in page
