"""Which commands Telegram lists in a chat: those of work in a colleague's, and in nobody else's."""

from bot.simulator import Phone
from bot.telegram import COMMANDS, WORK_COMMANDS
from core import auth
from core.models import Staff
from tests.flows.conftest import Town, until


async def link(phone: Phone) -> None:
    staff = await Staff.get(login="officer")
    await phone.text(f"/start {await auth.make_link_token(staff)}")
    await phone.wait("Іван Бондар")


async def test_a_colleagues_chat_lists_the_commands_of_work_while_it_is_linked(town: Town) -> None:
    telegram = town.sim.telegram
    officer, resident = telegram.resident("Іван"), telegram.resident("Марія", language="en")

    def listed(phone: Phone) -> tuple[str, ...]:
        commands = telegram.commands_for(phone.resident.language, phone.address)
        return tuple(each["command"] for each in commands)

    async def has_work() -> bool:
        return listed(officer) == WORK_COMMANDS

    async def has_none() -> bool:
        return listed(officer) == COMMANDS

    await link(officer)
    await until(has_work)
    assert telegram.commands_for("en", officer.address)[0]["description"] == "My work"
    assert listed(resident) == COMMANDS
    await town.sign_in("officer")
    async with town.http.post(f"{town.base}/admin/account/telegram/unlink") as response:
        assert response.status == 200
    await until(has_none)


async def test_a_list_that_can_not_be_set_hinders_nothing(town: Town) -> None:
    town.sim.faults.telegram.bad_gateway(methods=["setMyCommands"])
    officer = town.sim.telegram.resident("Іван")
    await link(officer)
    await officer.text("/work")
    await officer.wait("чекає")
    assert [each["command"] for each in town.sim.telegram.commands_for("uk", officer.address)] == list(
        COMMANDS
    )
