"""What may happen in a resident's chat, drawn at random; and what is said in it."""

from hypothesis import strategies as st

from tests.bot.raw_updates import Event
from tests.bot.wandering import DESK_VERBS

TEXTS = (
    "прорвало трубу на вул. Соборності 12 третій день",
    "прорвало трубу на вул. Соборності 12, а ще не вивозять сміття на просп. Поштовий 40",
    "нема світла у під'їзді",
    "95 квартал 14 під 3",
    "тече вода",
    "сильно пахне газом у підвалі Гагаріна 5",
    "пахне газом",
    "хочу офіційну скаргу на роботу ЖЕКу",
    "Кравець Марія Іванівна",
    "а коли дадуть опалення?",
    "скільки тролейбусів у місті?",
    "і ще двері зламані",
    "так",
    "Так!",
    "ні",
    "ні, у дворі далі тече",
    "так але біля школи",
    "скасувати",
    "назад",
    "мої заявки",
    "допомога",
    "меню",
    "english",
    "українською",
    "привіт",
    "дякую",
    "нова заявка",
    "мої дані",
    "робота",
    "готово",
    "беру",
    "не наше",
    "+3",
    "забути мене",
    "другий месенджер",
    "123456",
    "4",
    "довго чекали",
    "та ви там усі ідіоти",
    "ывапролд",
    "26-000001",
    "заявка № 26-999999, як там?",
    "/start",
    "/my",
    "/pay 5",
    "👍",
    "...",
    "слово*580",
    "щ*4000",
    "<b>{category}</b> %s {0} {{x}} '; DROP TABLE appeal; --",
)
PRESSES = (
    "send",
    "send:ffffffff",
    "my:-1",
    "appeal:99999999999",
    "yes:1:2:3",
    "no:١",
    "back:",
    "zv|send",
    "🔥:🔥",
)
POINTS = ((47.91, 33.39), (47.85, 33.40), (50.45, 30.52), (0.0, 0.0), (91.0, 181.0))
SPANS = (1.0, 30.0, 70.0, 7200.0, 93_600.0, 345_600.0)
SWEPT = (
    "announce_results",
    "remind_of_polls",
    "remind_of_drafts",
    "close_unanswered",
    "release",
    "end_forgotten",
)
KILLS = st.sampled_from([0.0] * 9 + [1.0, 3.0, 6.0, 10.0, 15.0, 25.0])  # statements until the process is gone


def events() -> st.SearchStrategy[Event]:
    """One event; the weights are those of a talkative resident with an unreliable server."""
    words = st.builds(Event, st.just("words"), text=st.sampled_from(TEXTS), seconds=KILLS)
    newest = st.builds(Event, st.just("press"), press=st.integers(0, 3), seconds=KILLS)
    file = st.builds(
        Event,
        st.sampled_from(["photo", "photo", "photo", "video", "voice", "document"]),
        text=st.sampled_from(["", "", *TEXTS]),
        size=st.sampled_from([1000, 1000, 1000, 10**9]),
        album=st.sampled_from(["", "", "album-1", "album-2"]),
        seconds=KILLS,
    )
    return st.one_of(
        words,
        words,
        newest,
        newest,
        st.builds(Event, st.just("press"), press=st.integers(0, 25), seconds=KILLS),
        file,
        st.builds(Event, st.just("press"), text=st.sampled_from(PRESSES) | st.text(min_size=1, max_size=20)),
        st.builds(Event, st.just("reply"), text=st.sampled_from(TEXTS), press=st.integers(0, 3)),
        st.builds(Event, st.just("edit"), text=st.sampled_from(TEXTS), press=st.integers(0, 1)),
        st.builds(Event, st.sampled_from(["location", "location", "moves"]), point=st.sampled_from(POINTS)),
        st.builds(Event, st.sampled_from(["sticker", "left", "back", "again", "again", "broken"])),
        st.builds(Event, st.just("desk"), text=st.sampled_from(DESK_VERBS)),
        st.builds(Event, st.just("sweep"), text=st.sampled_from(SWEPT)),
        st.builds(Event, st.just("time"), seconds=st.sampled_from(SPANS)),
    )
