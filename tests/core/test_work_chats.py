"""A chat that becomes a colleague's, and is one no longer: its commands, and the photos of no report yet."""

from pathlib import Path
from typing import Any

import obstore
import pytest

from core import auth
from core.actions import forgetting
from core.actions.executor import upload_mark
from core.city import City
from core.config import Media, Schedule
from core.forgotten import end_forgotten
from core.jobs import Desk
from core.media import MediaStore
from core.models import Account, Attachment, Channel, Outbox, OutboxState, Staff
from core.models.appeals import AttachmentState
from core.work_chats import COMMANDS
from core.workflow import Role
from tests.builders import make_account, make_appeal, make_photo, make_staff
from tests.core.conftest import WATER
from tests.core.pictures import picture


@pytest.fixture
def sweeps(city: City, tmp_path: Path) -> Desk:
    return Desk(city, Schedule(), MediaStore(Media(url=f"file://{tmp_path}/media")), {})


@pytest.fixture
async def officer(city: City) -> Staff:
    del city
    return await make_staff(Role.EXECUTOR, WATER)


async def link(staff: Staff, account: Account) -> None:
    assert await auth.claim_link_token(await auth.make_link_token(staff), account)


async def offered(account: Account) -> list[bool]:
    """Of the lists that wait to be sent, whether each has the commands of work."""
    waiting = Outbox.filter(account_id=account.id, kind=COMMANDS, state=OutboxState.PENDING)
    return [row.body["work"] for row in await waiting.order_by("id")]


async def sends(desk: Desk, staff: Staff, account: Account, **more: Any) -> Attachment:
    """A photo of theirs, for a report that isn't sent yet."""
    stored = await desk.media.put(picture(size=(40, 30 + await Attachment.all().count())))
    values = {"draft": upload_mark(staff.id), "state": AttachmentState.STORED, "key": stored.key} | more
    photo = await make_photo(account)
    await Attachment.filter(id=photo.id).update(**values | {"role": Role.EXECUTOR})
    return await Attachment.get(id=photo.id)


async def files(desk: Desk) -> int:
    return len({Path(each["path"]).parent for part in obstore.list(desk.media._store) for each in part})


async def test_the_list_of_commands_follows_the_link(officer: Staff) -> None:
    account = await make_account()
    await link(officer, account)
    assert await offered(account) == [True]
    await auth.unlink(officer)
    assert await offered(account) == [False], "the newest alone is sent"
    await auth.unlink(officer)
    assert await Outbox.filter(kind=COMMANDS).count() == 2, "who has no chat has none to unlink"


async def test_who_moves_to_another_chat_leaves_nothing_in_the_first(officer: Staff) -> None:
    first, second, colleague = await make_account(), await make_account(), await make_staff()
    await link(officer, first)
    await link(officer, second)
    assert (await offered(first), await offered(second)) == ([False], [True])
    await link(colleague, second)  # one chat is one person's
    assert await offered(second) == [True]


async def test_viber_has_no_list_of_commands(officer: Staff) -> None:
    await link(officer, await make_account(Channel.VIBER))
    await auth.unlink(officer)
    assert not await Outbox.filter(kind=COMMANDS).exists()


async def test_who_is_forgotten_has_the_commands_of_residents_again(city: City, officer: Staff) -> None:
    account, resident = await make_account(), await make_account()
    await link(officer, account)
    for each in (account, resident):
        await forgetting.forget(city, each)
    assert (await offered(account), await offered(resident)) == ([False], [])


@pytest.mark.parametrize("how", ["forgotten", "unlinked", "moved"])
async def test_photos_of_no_report_yet_go_with_the_chat(
    city: City, officer: Staff, sweeps: Desk, how: str
) -> None:
    account, appeal = await make_account(), await make_appeal(city)
    await link(officer, account)
    unsent, waiting = [
        await sends(sweeps, officer, account, state=state)
        for state in (AttachmentState.STORED, AttachmentState.WAITING)
    ]
    reported = await sends(sweeps, officer, account, appeal_id=appeal.id, draft="")
    in_a_form = await sends(sweeps, officer, account, account_id=None)
    draft = await make_photo(account, draft="d1")  # of theirs as a resident
    assert await end_forgotten(sweeps) == 0
    if how == "forgotten":
        await forgetting.forget(city, account)
    elif how == "unlinked":
        await auth.unlink(officer)
    else:
        await link(officer, await make_account())
    await Outbox.all().update(state=OutboxState.SENT)
    before = await files(sweeps)
    assert await end_forgotten(sweeps) > 0
    left = set(await Attachment.all().values_list("id", flat=True))
    kept = {reported.id, in_a_form.id} | (set() if how == "forgotten" else {draft.id})
    assert left == kept
    assert {unsent.id, waiting.id} & left == set()
    assert before - await files(sweeps) == 2
