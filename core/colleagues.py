"""What administrators do with colleagues' accounts: invite, let back in, dismiss; each is logged."""

from collections.abc import Awaitable, Callable

from core import auth, db, log, passwords, second_step, tokens
from core.errors import Invalid, NotFound
from core.models import LinkToken, Session, Staff
from core.models.staff import Post, Purpose
from core.workflow import Role

Deed = Callable[[Staff, int], Awaitable[Staff]]  # by whom, to whom
_log = log.get(__name__)


async def everybody() -> list[Staff]:
    """Those who work here first, by name."""
    return await Staff.all().order_by("-active", "name", "id")


async def invite(by: Staff, login: str, name: str, role: Role, executor: str | None) -> tuple[Staff, str]:
    """A new account without a password, and the token of the link by which its owner sets one."""
    staff = await auth.create_staff(login, name, role, None, executor)
    token = await tokens.make(staff.id, Purpose.RESET)
    _log.info("staff.invited", staff=staff.id, role=role.value, by=by.id)
    return staff, token


async def reset_link(by: Staff | None, staff_id: int) -> tuple[Staff, str]:
    """The token of a link by which a colleague sets a new password, once and within a day.

    The password that is there works until then. `by` is None on the command line.
    """
    staff = await _colleague(by, staff_id)
    if not staff.active:
        raise Invalid("staff.inactive")
    token = await tokens.make(staff.id, Purpose.RESET)
    _log.info("staff.reset_link", staff=staff.id, by=by and by.id)
    return staff, token


async def owner_of(token: str) -> Staff:
    """Whose reset link it is. Raises NotFound where it is unknown, used or too old."""
    found = await tokens.find(token, Purpose.RESET)
    if found is None:
        raise NotFound("staff.reset_gone")
    return found.staff


async def use_reset(token: str, password: str) -> None:
    """Set the password and end every session. Raises NotFound as `owner_of`, Invalid for the password."""
    staff = await owner_of(token)
    hashed = await passwords.hashed(password, staff.login)
    async with db.transaction():
        if await LinkToken.filter(token_hash=tokens.digest(token), purpose=Purpose.RESET).delete() != 1:
            raise NotFound("staff.reset_gone")
        await Staff.filter(id=staff.id).update(password_hash=hashed)
        await _end_all(staff.id)
    _log.info("staff.reset_used", staff=staff.id)


async def deactivate(by: Staff, staff_id: int) -> Staff:
    """Out at once, everywhere. Raises Invalid for oneself and for the last administrator."""
    async with db.transaction():
        staff = await _colleague(by, staff_id)
        # Locked in one order, so that of two administrators who dismiss each other one stays.
        administrators = Staff.select_for_update().filter(role=Role.ADMINISTRATOR, active=True).order_by("id")
        left = {one.id for one in await administrators} - {staff.id}
        if staff.role is Role.ADMINISTRATOR and (not left or by.id not in left):
            raise Invalid("staff.last_administrator")
        await Staff.filter(id=staff.id).update(active=False)
        await _end_all(staff.id)
        await auth.unlink(staff)
    _log.info("staff.deactivated", staff=staff.id, by=by.id)
    return staff


async def appoint(by: Staff | None, staff_id: int, post: Post, portfolio: str = "") -> Staff:
    """What they lead: an officer their executor, a manager a portfolio or the city. Invalid for other roles.

    `portfolio` is a deputy mayor's, who must have one.
    """
    staff = await _colleague(by, staff_id)
    if post is not Post.NONE and staff.role is not _LEADS[post]:
        raise Invalid("staff.post")
    if (post is Post.DEPUTY) != bool(portfolio):
        raise Invalid("staff.portfolio")
    staff.post, staff.portfolio = post, portfolio
    await staff.save(update_fields=["post", "portfolio"])
    _log.info("staff.appointed", staff=staff.id, post=post.value, by=by and by.id)
    return staff


_LEADS = {Post.HEAD: Role.EXECUTOR, Post.DEPUTY: Role.MANAGER, Post.MAYOR: Role.MANAGER}


async def activate(by: Staff, staff_id: int) -> Staff:
    staff = await _colleague(by, staff_id)
    await Staff.filter(id=staff.id).update(active=True)
    _log.info("staff.activated", staff=staff.id, by=by.id)
    return staff


async def lift_second_step(by: Staff | None, staff_id: int) -> Staff:
    """For who lost the phone and the recovery codes; whoever holds that phone is out, too."""
    async with db.transaction():
        staff = await _colleague(by, staff_id)
        await second_step.clear(staff.id)
        await _end_all(staff.id)
        await auth.unlink(staff)  # the phone has their chat, too
    _log.info("staff.second_step_lifted", staff=staff.id, by=by and by.id)
    return staff


async def by_login(login: str) -> Staff:
    staff = await Staff.get_or_none(login=auth.normal(login))
    if staff is None:
        raise NotFound("staff.unknown")
    return staff


async def _colleague(by: Staff | None, staff_id: int) -> Staff:
    """Not oneself: who has come upon an open panel could otherwise make its owner's account their own."""
    staff = await Staff.get_or_none(id=staff_id)
    if staff is None:
        raise NotFound("staff.unknown")
    if by is not None and staff.id == by.id:
        raise Invalid("staff.oneself")
    return staff


async def _end_all(staff_id: int) -> None:
    await Session.filter(staff_id=staff_id).delete()
    await tokens.end(staff_id, Purpose.CODE, Purpose.RESET, Purpose.CHAT)
