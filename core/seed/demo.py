"""The demo's city: staff whose passwords everybody may know, since it listens on loopback alone."""

from dataclasses import dataclass

from core import auth, colleagues
from core.city import City
from core.media import MediaStore
from core.models import Appeal, Staff
from core.models.staff import Post
from core.seed import seed
from core.seed.duty import seed_duty
from core.workflow import Role

APPEALS, DAYS = 2_000, 365


@dataclass(frozen=True, slots=True)
class Login:
    login: str
    password: str
    name: str
    role: Role
    executor: str | None = None
    post: Post = Post.NONE
    portfolio: str = ""


LOGINS = (
    Login("admin", "zvernys-demo-0", "Галина Адаменко", Role.ADMINISTRATOR),
    Login("operator", "zvernys-demo-1", "Олена Коваль", Role.OPERATOR),
    Login("operator2", "zvernys-demo-2", "Андрій Мороз", Role.OPERATOR),
    Login("manager", "zvernys-demo-6", "Оксана Вишня", Role.MANAGER),
    Login("water", "zvernys-demo-3", "Сергій Водяник", Role.EXECUTOR, "kryvbasvodokanal"),
    Login("roads", "zvernys-demo-4", "Ірина Шляхова", Role.EXECUTOR, "roads_department"),
    Login("light", "zvernys-demo-5", "Павло Ліхтар", Role.EXECUTOR, "city_light"),
    Login("head", "zvernys-demo-7", "Тарас Криниця", Role.EXECUTOR, "kryvbasvodokanal", Post.HEAD),
    Login("deputy", "zvernys-demo-8", "Лариса Мостова", Role.MANAGER, None, Post.DEPUTY, "housing"),
    Login("mayor", "zvernys-demo-9", "Юрій Степовий", Role.MANAGER, None, Post.MAYOR),
)


async def seed_demo(city: City, media: MediaStore) -> list[tuple[str, str, str]]:
    """Add the demo's staff and a past, where there is none; (login, password, what it is) of each.

    A change of password in the panel stays.
    """
    logins = [each for each in LOGINS if each.executor is None or each.executor in city.executors]
    for each in logins:
        if not await Staff.exists(login=each.login):
            staff = await auth.create_staff(each.login, each.name, each.role, each.password, each.executor)
            await colleagues.appoint(None, staff.id, each.post, each.portfolio)
    if not await Appeal.exists():
        await seed(city, media, APPEALS, days=DAYS)
    await seed_duty(city)
    return [(each.login, each.password, _what(each, city)) for each in logins]


def _what(each: Login, city: City) -> str:
    if each.executor is None:
        return {Post.DEPUTY: f"deputy mayor, {each.portfolio}", Post.MAYOR: "mayor"}.get(
            each.post, each.role.value
        )
    who = "head" if each.post is Post.HEAD else "officer"
    return f"{who} of {city.executors[each.executor].short_en}"
