"""What moved: every move of the deadline, and the difference that a lost race makes."""

from admin import moved
from core.actions import desk, resident
from core.actions.actor import Actor
from core.models import Event
from core.workflow import Role, Verb
from tests.admin.conftest import HTMX, Browser, Panel
from tests.builders import make_account, make_appeal, make_staff


async def test_each_move_of_the_deadline_is_told_with_who_moved_it(panel: Panel, operator: Browser) -> None:
    account = await make_account()
    who = Actor.staff(await make_staff(Role.OPERATOR, name="Ганна Швець"))
    appeal = await make_appeal(panel.city, account)
    assert "Строк не змінювався" in await operator.text(f"/admin/appeals/{appeal.id}")
    await desk.ask(panel.city, appeal.id, who, expected=0, question="Де?")
    await resident.answer(panel.city, appeal.id, Actor.resident(account.resident_id), text="у дворі")
    await desk.categorise(panel.city, appeal.id, who, expected=2, category="roads.pothole")
    await desk.note(panel.city, appeal.id, who, expected=3, text="дзвонила")
    await appeal.refresh_from_db()
    events = await Event.filter(appeal_id=appeal.id).order_by("id").select_related("staff")
    shifts = moved.shifts(panel.city, events, "uk")
    assert [shift.by.verb for shift in shifts] == [Verb.ASK, Verb.ANSWER, Verb.CATEGORISE]
    assert shifts[0].now is shifts[1].was is None
    assert shifts[1].now == shifts[2].was
    assert shifts[2].now == appeal.due_at
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    listed = html[html.index('class="shifts"') :].partition("</ol>")[0]
    assert listed.count("<li>") == 3
    assert "Строк зупинено" in listed
    assert "Ганна Швець, оператор" in listed
    assert "мешканець" in listed


async def test_who_lost_the_race_sees_from_what_to_what_and_keeps_the_words(
    panel: Panel, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city, sure=False, category="roads.pothole")
    hanna = Actor.staff(await make_staff(Role.OPERATOR, name="Ганна Швець"))
    await desk.categorise(panel.city, appeal.id, hanna, expected=0, category="water.leak")
    await desk.reassign(panel.city, appeal.id, hanna, expected=2, executor="teplotsentral", reason="гаряча")
    answer = await operator.post(
        f"/admin/appeals/{appeal.id}/tell", {"expected": "0", "text": "бригада їде"}, headers=HTMX
    )
    assert answer.status == 409
    html = await answer.text()
    conflict = html[html.index('class="difference"') :].partition("</dl>")[0]
    for what, was, now in (
        ("Стан", "зареєстровано", "призначено"),
        ("Тема", "Ями та розбите", "Прорив"),
        ("Виконавець", "нікого", "Криворізька теплоцентраль"),
    ):
        line = conflict[conflict.index(f"<dt>{what}</dt>") :].partition("</div>")[0]
        assert was in line.partition("→")[0], line
        assert now in line.partition("→")[2], line
        assert "Ганна Швець" in line
    assert "<dt>Строк</dt>" in conflict
    assert "гаряча" in html
    assert ">бригада їде</textarea>" in html


async def test_what_came_back_to_itself_is_no_difference(panel: Panel) -> None:
    appeal = await make_appeal(panel.city)
    who = Actor.staff(await make_staff())
    for version, executor in enumerate(("teplotsentral", "kryvbasvodokanal")):
        await desk.reassign(panel.city, appeal.id, who, expected=version, executor=executor, reason="помилка")
    events = (
        await Event.filter(appeal_id=appeal.id, verb=Verb.REASSIGN).order_by("id").select_related("staff")
    )
    assert moved.moved(panel.city, events, "uk") == []
    [change] = moved.moved(panel.city, events[:1], "uk")
    assert (change.what, change.now) == ("executor", "Криворізька теплоцентраль")
