"""«Is it solved?», over HTTP in both messengers: stars, reasons and words reach the panel; a no is seen."""

from bot.simulator import Phone
from core.models import Account, Appeal, Attachment, Conversation, Event, Survey
from core.workflow import Status, Verb
from tests.flows.conftest import Town, files, until


async def resolved(town: Town, phone: Phone) -> Appeal:
    """Filed, resolved, and the resident was asked."""
    appeal = await files(phone)
    await town.sign_in("operator")
    assert await town.act(appeal.id, "resolve", expected=appeal.version, text="Зроблено") == 303
    await phone.wait("справді вирішено")
    return await Appeal.get(id=appeal.id)


async def page_of(town: Town, appeal: Appeal) -> str:
    async with town.http.get(f"{town.base}/admin/appeals/{appeal.id}") as page:
        assert page.status == 200
        return await page.text()


async def test_few_stars_with_reasons_and_words(town: Town, phone: Phone) -> None:
    appeal = await resolved(town, phone)
    await phone.text("так, дякую")
    await phone.wait("Як оцінюєте")
    await phone.press("2 ★")
    await phone.wait("Що було не так?")
    await phone.press("Довго")
    await phone.wait("Записав: довго")
    await phone.press("Не повідомляли")
    await phone.wait("Записав: не повідомляли")
    await phone.press("Написати словами")
    await phone.wait("кількома словами")
    await phone.text("чекали тиждень без води")
    await phone.wait("Записав до заявки")
    survey = await Survey.get()
    assert (survey.solved, survey.stars, survey.reasons, survey.words) == (
        True,
        2,
        ["slow", "not_told"],
        "чекали тиждень без води",
    )
    assert (await Appeal.get()).status is Status.CLOSED
    html = await page_of(town, appeal)
    for part in ("2 зірки", "довго, не повідомляли", "чекали тиждень без води"):
        assert part in html


async def test_many_stars_may_have_words(town: Town, phone: Phone) -> None:
    await resolved(town, phone)
    await phone.press("Так")
    await phone.wait("Як оцінюєте")
    await phone.text("5")
    await phone.wait("Записав: 5")
    await phone.press("Додати кілька слів")
    await phone.wait("кількома словами")
    await phone.text("дуже швидко")
    await phone.wait("Записав до заявки")
    survey = await Survey.get()
    assert (survey.stars, survey.words) == (5, "дуже швидко")


async def test_a_no_in_words_is_seen_and_the_resident_hears_so(town: Town, phone: Phone) -> None:
    appeal = await resolved(town, phone)
    await phone.text("досі тече")
    await phone.wait("повертаю")
    assert (await Event.get(verb=Verb.REOPEN)).text == "досі тече"
    await town.sign_in("officer")
    html = await page_of(town, appeal)
    seen = await phone.wait("побачили")
    assert "Кривбасводоканал" in seen.text
    version = (await Appeal.get()).version
    assert f'name="expected" value="{version}"' in html, "the page that was the first look is not stale"
    assert await town.act(appeal.id, "start", expected=version) == 303
    await phone.wait("взяли в роботу")
    await page_of(town, appeal)
    assert await Event.filter(verb=Verb.SEE).count() == 1


async def test_disagreeing_with_words_and_an_album(town: Town, phone: Phone, picture: bytes) -> None:
    appeal = await resolved(town, phone)
    await phone.press("Ні")
    await phone.wait("Що не так")
    await phone.photo(*[picture] * 3, caption="досі тече")
    await phone.wait("№")
    await until(Appeal.filter(status=Status.REOPENED, photos=3).exists)
    assert await Attachment.filter(appeal_id=appeal.id).count() == 3
    conversation = await Conversation.get(account_id=(await Account.get()).id)
    assert conversation.step == "idle"


async def test_who_has_not_looked_yet_is_let_be(town: Town, phone: Phone) -> None:
    await resolved(town, phone)
    await phone.text("ще не бачила")
    await phone.wait("подивіться, коли зможете")
    assert (await Appeal.get()).status is Status.RESOLVED
    await phone.press("Так")
    await phone.wait("Як оцінюєте")
    assert (await Appeal.get()).status is Status.CLOSED
