"""A complaint taking shape: words, photos and places, in any order, until it is sent."""

from bot.conversation import card
from bot.conversation.state import Draft, Filed, Spot, Step
from bot.conversation.turn import Turn
from bot.messages import Act, Line, line
from bot.text import LONGEST
from core import clock, signals
from core.actions.submit import Place, Submission, submit
from core.i18n import t
from core.models import Attachment
from core.models.appeals import AttachmentState
from core.understanding import PlaceCandidate
from core.workflow import Role

PHOTOS = 10  # of one appeal
ALBUM_PAUSE = 0.7  # seconds in which the rest of an album arrives
ADDRESS = 300  # characters
SHORTEST_PLACE = 3
MORE = 4  # characters beyond the address that say something: «біля школи»
HINT = 0.5  # a score below which the words hardly name a place
CLOSE_CALL = 0.9  # a candidate with this share of the best one's score is worth asking about


async def add_words(turn: Turn, text: str) -> bool:
    """Add words to the draft and understand it anew; False, and nothing changed, where they don't fit."""
    draft = turn.draft()
    if len(draft.text) + len(text) > LONGEST:
        turn.say(line("bad.too_long", limit=LONGEST))
        return False
    draft.texts.append([turn.incoming.message_id, text])
    understand(turn, draft)
    return True


async def edit_words(turn: Turn) -> bool:
    """Put an edited message in the place of what it was; False where it is not part of the draft."""
    draft = turn.state.draft
    if draft is None:
        return False
    for entry in draft.texts:
        if entry[0] == turn.incoming.message_id and turn.incoming.text:
            if len(draft.text) - len(entry[1]) + len(turn.incoming.text) > LONGEST:
                turn.say(line("bad.too_long", limit=LONGEST))
                return True
            entry[1] = turn.incoming.text
            understand(turn, draft)
            await show(turn)
            return True
    return False


def understand(turn: Turn, draft: Draft) -> None:
    """Read the draft's words: category, danger, place. What the resident chose stays."""
    seen = turn.city.understander.understand(draft.text)
    draft.model_version = seen.model_version
    draft.urgent = seen.urgency.urgent
    draft.danger_words = list(seen.urgency.words)
    draft.emergency = seen.urgency.number
    if not draft.chosen:
        draft.guesses = [[guess.slug, round(guess.score, 4)] for guess in seen.categories]
        draft.sure = seen.confident
        draft.category = seen.categories[0].slug if seen.confident else None
    if draft.spot is None and seen.places:
        take_places(draft, seen.places)


def take_places(draft: Draft, places: tuple[PlaceCandidate, ...]) -> None:
    """Take the place the words name, or keep the likely ones to ask about; a mere hint is left alone."""
    likely = [place for place in places if place.score >= max(places[0].score * CLOSE_CALL, HINT)]
    draft.spots = [spot_of(place) for place in likely] if len(likely) > 1 else []
    if len(likely) == 1:
        draft.spot = spot_of(likely[0])


def spot_of(place: PlaceCandidate) -> Spot:
    """The gazetteer's middle of a street is no place of a problem, so it gives no coordinates."""
    address = place.uk
    if place.house:
        address = t("address.house", "uk", street=address, house=place.house)
    if place.entrance:
        address = t("address.entrance", "uk", address=address, entrance=place.entrance)
    return Spot(address=address[:ADDRESS], district=place.district)


async def add_photo(turn: Turn) -> bool:
    """Keep a photo with the draft; False, with the reason said, where it can't be taken."""
    draft = turn.draft()
    draft.photos = await _photos_of(draft)
    if draft.photos >= PHOTOS:
        turn.say(line("bad.photos", n=PHOTOS), slot=f"limit:{draft.token}", delay=ALBUM_PAUSE)
        return False
    if not await keep_photo(turn, draft.token):
        return False
    draft.photos += 1
    return True


async def _photos_of(draft: Draft) -> int:
    """Those that turned out to be no photos when they were fetched don't count."""
    return await Attachment.filter(draft=draft.token).exclude(state=AttachmentState.REFUSED).count()


async def keep_photo(turn: Turn, token: str) -> bool:
    """Note a photo to be fetched; its content is checked then."""
    photo = turn.incoming.photo
    if photo is None:
        return False
    if photo.bytes is not None and photo.bytes > turn.photo_bytes:
        turn.say(line("media.too_large", megabytes=turn.photo_bytes // 1_000_000))
        return False
    now = clock.now()
    await Attachment.create(
        account_id=turn.account.id,
        draft=token,
        role=Role.RESIDENT,
        channel=turn.account.channel,
        source=photo.source,
        state=AttachmentState.WAITING,
        created_at=now,
        due_at=now,
    )
    signals.media.after_commit()
    return True


def add_point(turn: Turn) -> bool:
    """Take a point on the map; False, with the reason said, where it isn't in the city."""
    lat, lon = turn.incoming.lat, turn.incoming.lon
    if lat is None or lon is None or not turn.city.understander.inside(lat, lon):
        turn.say(
            line(
                "bad.outside", city=turn.city.pack.uk if turn.account.language == "uk" else turn.city.pack.en
            )
        )
        return False
    draft = turn.draft()
    address = draft.spot.address if draft.spot else ""
    draft.spot = Spot(address, lat, lon, turn.city.understander.district_at(lat, lon))
    draft.spots = []
    return True


def name_place(turn: Turn, text: str) -> None:
    """Take words as the answer to «where»: an address we know, or the words themselves."""
    if len(text) < SHORTEST_PLACE:
        return
    draft = turn.draft()
    draft.spot, draft.spots = None, []
    take_places(draft, turn.city.understander.understand(text).places)
    _keep_words(draft, text)


def _keep_words(draft: Draft, text: str) -> None:
    """An address we don't know stays as it was written; so does what was said beside one we do know."""
    if draft.spot is None and not draft.spots:
        draft.spot = Spot(address=text[:ADDRESS])
    elif draft.spot is not None and len(text) > len(draft.spot.address) + MORE:
        draft.spot.address = t("address.more", "uk", address=draft.spot.address, words=text)[:ADDRESS]


async def show(turn: Turn, *more: Line, delay: float = 0.0) -> None:
    """Say what the draft lacks, or show its card; and take the next words accordingly."""
    draft = turn.draft()
    if draft.photos and turn.incoming.act is not Act.PHOTO:  # one was counted just now
        draft.photos = await _photos_of(draft)
    turn.state.step = Step.PLACE if card.missing(draft, turn.city) in {"place", "spot"} else Step.DRAFT
    reply = card.prompt(draft, turn.city, delay=delay)
    turn.say(
        *more,
        *reply.lines,
        buttons=reply.buttons,
        ask_location=reply.ask_location,
        slot=reply.slot,
        delay=reply.delay,
    )


async def send(turn: Turn) -> None:
    """File the draft, if it is whole; the card becomes the confirmation."""
    draft = turn.draft()
    if card.missing(draft, turn.city) is not None or draft.category is None:
        await show(turn)
        return
    spot = draft.spot or Spot()
    appeal = await submit(
        turn.city,
        turn.account,
        Submission(
            text=draft.text,
            category=draft.category,
            place=Place(spot.address, spot.lat, spot.lon, spot.district),
            sure=draft.sure,
            urgent=draft.urgent,
            guesses=tuple((slug, score) for slug, score in draft.guesses),
            danger_words=tuple(draft.danger_words),
            model_version=draft.model_version,
            draft=draft.token,
        ),
    )
    due = appeal.due_at.isoformat() if appeal.due_at else ""
    key = "filed.executor" if appeal.executor_id else "filed.operator"
    filed = line(key, number=appeal.number, executor=appeal.executor_id or "", due=due)
    call = (line("card.danger_call", number=draft.emergency),) if draft.emergency else ()
    turn.say(*call, filed, *card.summary(draft), "filed.next", slot=card.slot(draft), appeal=appeal.id)
    turn.state.filed = Filed(draft.token, appeal.id)
    turn.forget_draft()
