"""Portfolios on the city's page, of executors and in the pack; and the pre-alarm of a topic."""

from typing import Any

import pytest

from core import city as cities
from core.importing.standing import export
from core.models import Category, Change, Executor
from core.pack import read_pack
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.admin.test_catalogue import LEAK, WATER, fields
from tests.builders import make_staff

CITY = "/admin/catalogue/city"


@pytest.fixture
async def administrator(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.ADMINISTRATOR))


async def form(browser: Browser, path: str) -> dict[str, Any]:
    return fields(await browser.text(path), path)


async def send(browser: Browser, path: str, sent: dict[str, Any]) -> tuple[int, str]:
    pairs = [
        (name, one) for name, value in sent.items() for one in (value if isinstance(value, list) else [value])
    ]
    response = await browser.post(path, pairs)
    return response.status, await response.text()


async def test_portfolios_are_named_on_the_citys_page(panel: Panel, administrator: Browser) -> None:
    sent = await form(administrator, CITY)
    assert sent["portfolio"][:2] == ["housing", "social"]
    sent["portfolio_uk"][0] = "Господарство міста"
    sent["portfolio"][-1], sent["portfolio_uk"][-1], sent["portfolio_en"][-1] = "digital", "Цифра", "Digital"
    status, html = await send(administrator, CITY, sent)
    assert status == 303, html
    named = {each.slug: each.uk for each in panel.city.pack.portfolios}
    assert (named["housing"], named["digital"]) == ("Господарство міста", "Цифра")
    page = await administrator.text(WATER)
    assert '<option value="housing">Господарство міста</option>' in page
    assert "Напрям" in await administrator.text("/admin/catalogue/changes")
    assert {change.key for change in await Change.filter(subject="portfolio")} == {"housing", "digital"}
    pack = read_pack(await export(panel.city.settings))
    assert pack.portfolios == panel.city.pack.portfolios


@pytest.mark.parametrize(
    "wrong", [("housing", "Двічі", "Twice"), ("Має пробіл", "Так", "Yes"), ("digital", "", "Digital")]
)
async def test_a_portfolio_without_a_name_or_word_of_its_own_is_refused(
    administrator: Browser, wrong: tuple[str, str, str]
) -> None:
    sent = await form(administrator, CITY)
    sent["portfolio"][-1], sent["portfolio_uk"][-1], sent["portfolio_en"][-1] = wrong
    status, html = await send(administrator, CITY, sent)
    assert status == 422
    assert "Напрям має коротке слово латиницею" in html
    assert f'value="{wrong[0]}"' in html


async def test_an_executors_portfolio_is_kept_and_exported(panel: Panel, administrator: Browser) -> None:
    assert (await Executor.get(slug="kryvbasvodokanal")).portfolio == "housing", "from the pack"
    sent = await form(administrator, WATER)
    status, html = await send(administrator, WATER, sent | {"portfolio": "safety"})
    assert status == 303, html
    assert (await Executor.get(slug="kryvbasvodokanal")).portfolio == "safety"
    assert panel.city.executors["kryvbasvodokanal"].portfolio == "safety"
    pack = read_pack(await export(panel.city.settings))
    assert {each.portfolio for each in pack.executors if each.slug == "kryvbasvodokanal"} == {"safety"}


async def test_rows_of_before_get_their_packs_portfolio(panel: Panel) -> None:
    await Executor.all().update(portfolio="")
    await Executor.filter(slug="dtek").update(portfolio="safety")
    loaded = await cities.load(panel.city.settings)
    assert loaded.executors["kryvbasvodokanal"].portfolio == "housing"
    assert loaded.executors["dtek"].portfolio == "safety", "the city's own stays"


async def test_a_topic_may_be_reminded_of_at_another_share(panel: Panel, administrator: Browser) -> None:
    sent = await form(administrator, LEAK)
    assert sent["pre_alarm_share"] == [""]
    status, html = await send(administrator, LEAK, sent | {"pre_alarm_share": "62,5"})
    assert status == 303, html
    assert (await Category.get(slug="water.leak")).pre_alarm_share == 0.625
    again = await form(administrator, LEAK)
    assert again["pre_alarm_share"] == ["62.5"]
    pack = read_pack(await export(panel.city.settings))
    assert [each.pre_alarm_share for each in pack.categories if each.slug == "water.leak"] == [0.625]
    status, _ = await send(administrator, LEAK, again | {"pre_alarm_share": ""})
    assert status == 303
    assert panel.city.categories["water.leak"].pre_alarm_share is None


@pytest.mark.parametrize("typed", ["0", "100", "-5", "пізно"])
async def test_a_share_of_the_whole_or_nothing_is_refused(administrator: Browser, typed: str) -> None:
    sent = await form(administrator, LEAK)
    status, html = await send(administrator, LEAK, sent | {"pre_alarm_share": typed})
    assert status == 422
    assert "Більше за 0 і менше за 100 %" in html
