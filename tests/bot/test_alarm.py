"""Whom to call at once: the number is the city's own, and the service has its name."""

from dataclasses import replace

import pytest

from bot.conversation.card import alarm
from bot.conversation.state import Draft
from bot.messages import Reply
from bot.render import render_reply
from core.city import City

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(draft: Draft, city: City, language: str = "uk") -> str:
    return render_reply(Reply(lines=alarm(draft, city)), language, city).text


def test_a_danger_names_its_service_and_any_other_the_common_one(city: City) -> None:
    gas = Draft(token="a", urgent=True, emergency="104")
    assert "104 (Аварійна газова служба)" in said(gas, city)
    assert "104 (Gas emergency service)" in said(gas, city, "en")
    words = Draft(token="a", urgent=True)
    category = Draft(token="a", category="water.leak", sure=True)
    assert "112 (Єдиний номер екстреної допомоги)" in said(words, city)
    assert said(category, city) == said(words, city)
    assert alarm(Draft(token="a", category="water.leak"), city) == (), "nobody is sure of it yet"
    assert alarm(Draft(token="a", category="roads.pothole", sure=True), city) == ()


def test_no_number_is_given_that_the_city_does_not_have(city: City) -> None:
    common = tuple(one for one in city.pack.emergency if one.number == "112")
    gas = Draft(token="a", urgent=True, emergency="104")
    assert "112" in said(gas, replace(city, pack=replace(city.pack, emergency=common)))
    assert alarm(gas, replace(city, pack=replace(city.pack, emergency=()))) == ()
