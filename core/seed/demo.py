"""The demo's city: staff whose passwords everybody may know, since it listens on loopback alone."""

from dataclasses import dataclass

from core import auth
from core.city import City
from core.media import MediaStore
from core.models import Appeal, Staff
from core.seed import seed
from core.workflow import Role

APPEALS = 200


@dataclass(frozen=True, slots=True)
class Login:
    login: str
    password: str
    name: str
    role: Role
    executor: str | None = None


LOGINS = (
    Login("admin", "zvernys-demo-0", "Галина Адаменко", Role.ADMINISTRATOR),
    Login("operator", "zvernys-demo-1", "Олена Коваль", Role.OPERATOR),
    Login("operator2", "zvernys-demo-2", "Андрій Мороз", Role.OPERATOR),
    Login("manager", "zvernys-demo-6", "Оксана Вишня", Role.MANAGER),
    Login("water", "zvernys-demo-3", "Сергій Водяник", Role.EXECUTOR, "kryvbasvodokanal"),
    Login("roads", "zvernys-demo-4", "Ірина Шляхова", Role.EXECUTOR, "roads_department"),
    Login("light", "zvernys-demo-5", "Павло Ліхтар", Role.EXECUTOR, "city_light"),
)


async def seed_demo(city: City, media: MediaStore) -> list[tuple[str, str, str]]:
    """Add the demo's staff and a past, where there is none; (login, password, what it is) of each.

    A change of password in the panel stays.
    """
    logins = [each for each in LOGINS if each.executor is None or each.executor in city.executors]
    for each in logins:
        if not await Staff.exists(login=each.login):
            await auth.create_staff(each.login, each.name, each.role, each.password, each.executor)
    if not await Appeal.exists():
        await seed(city, media, APPEALS)
    return [(each.login, each.password, _what(each, city)) for each in logins]


def _what(each: Login, city: City) -> str:
    if each.executor is None:
        return each.role.value
    return f"officer of {city.executors[each.executor].short_en}"
