"""What residents send besides photos: shown on the card, given by signed links, and able to run nothing."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.models import Appeal, Attachment
from core.models.appeals import AttachmentKind, AttachmentState
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.builders import make_appeal
from tests.core.files import KEPT, PDF

VIDEO, VOICE, DOCUMENT = AttachmentKind.VIDEO, AttachmentKind.VOICE, AttachmentKind.DOCUMENT
MP4 = KEPT["mp4"][0]
pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # one engine: nothing asks for more


async def stored(panel: Panel, content: bytes, name: str = "", appeal: Appeal | None = None) -> Attachment:
    file, now = await panel.media.put(content, DOCUMENT), clock.now()
    return await Attachment.create(
        appeal_id=appeal.id if appeal else None,
        role=Role.RESIDENT,
        state=AttachmentState.STORED,
        kind=file.kind,
        name=name,
        key=file.key,
        bytes=file.bytes,
        due_at=now,
        created_at=now,
    )


def link(panel: Panel, file: Attachment) -> str:
    return panel.links.path(file.id, "file", clock.now() + timedelta(hours=1))


async def test_the_card_plays_and_links_what_came(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    video, voice = await stored(panel, MP4, "", appeal), await stored(panel, KEPT["ogg"][0], "", appeal)
    paper = await stored(panel, PDF + b" " * 1_200_000, '<b>"Заява</b>.pdf', appeal)
    for state in (AttachmentState.WAITING, AttachmentState.REFUSED):
        now = clock.now()
        await Attachment.create(
            appeal_id=appeal.id, role=Role.RESIDENT, kind=VOICE, state=state, due_at=now, created_at=now
        )
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert re.search(rf'<video[^>]* src="/media/{video.id}/file\?until=\d+&amp;sign=\w+" controls', html)
    assert re.search(rf'<audio[^>]* src="/media/{voice.id}/file\?until=\d+&amp;sign=\w+" controls', html)
    assert re.search(rf'<a class="file-link" href="/media/{paper.id}/file\?[^"]+" download>', html)
    assert "&lt;b&gt;&#34;Заява&lt;/b&gt;.pdf" in html
    assert re.search(r"1,2.МБ", html)
    assert "Файл завантажується" in html
    assert "Файл не вдалося отримати" in html
    assert f"/media/{video.id}/thumb" not in html


async def test_the_queue_shows_no_video_as_a_picture(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await stored(panel, MP4, "", appeal)
    await Appeal.filter(id=appeal.id).update(photos=1)
    html = await operator.text("/admin/")
    assert "Є вкладення" in html
    assert "/thumb.jpg" not in html


@pytest.mark.parametrize(
    ("name", "called", "mime", "disposition"),
    [
        ("mp4", "", "video/mp4", r"inline; filename\*=UTF-8''video-\d+\.mp4"),
        ("ogg", "", "audio/ogg", r"inline; filename\*=UTF-8''voice-\d+\.ogg"),
        ("pdf", "Заява.pdf", "application/pdf", r"attachment; filename\*=UTF-8''(%[0-9A-F]{2})+\.pdf"),
        ("txt", 'x";\r\n.html', "text/plain", r"attachment; filename\*=UTF-8''x%22%3B%0D%0A\.txt"),
        ("docx", "звіт.exe", "application/vnd.openxml", r"attachment; filename\*=UTF-8''[%0-9A-F]+\.docx"),
    ],
)
async def test_a_file_is_given_as_what_it_is_and_runs_nothing(
    panel: Panel, name: str, called: str, mime: str, disposition: str
) -> None:
    content = KEPT[name][0]
    file, browser = await stored(panel, content, called), await panel.browser()
    response = await browser.get(link(panel, file))
    assert response.status == 200
    assert await response.read() == content
    assert response.content_length == len(content)
    assert response.content_type.startswith(mime)
    assert re.fullmatch(disposition, response.headers["Content-Disposition"])
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    head = await browser._send("HEAD", link(panel, file))
    assert (head.status, head.content_length, await head.read()) == (200, len(content), b"")


RANGES = [
    ("bytes=0-", 0, None),
    ("bytes=0-99", 0, 100),
    ("bytes=100-199", 100, 200),
    ("bytes=-50", -50, None),
    ("bytes=600-99999", 600, None),
]


@pytest.mark.parametrize(("asked", "start", "stop"), RANGES)
async def test_a_player_may_ask_for_a_part(panel: Panel, asked: str, start: int, stop: int | None) -> None:
    file, browser = await stored(panel, MP4), await panel.browser()
    response = await browser.get(link(panel, file), headers={"Range": asked})
    part = MP4[start:stop]
    begins = range(len(MP4))[start]
    assert response.status == 206
    assert await response.read() == part
    assert response.headers["Content-Range"] == f"bytes {begins}-{begins + len(part) - 1}/{len(MP4)}"


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=9-2", "bytes=x", "lines=1-2"])
async def test_a_part_that_is_not_there_is_refused(panel: Panel, asked: str) -> None:
    file, browser = await stored(panel, MP4), await panel.browser()
    assert (await browser.get(link(panel, file), headers={"Range": asked})).status == 416


async def test_a_link_opens_nothing_else(panel: Panel, operator: Browser) -> None:
    file, now = await stored(panel, PDF), clock.now() + timedelta(hours=1)
    good = link(panel, file)
    other = await stored(panel, MP4)
    for bad in (good[:-1], good.split("?")[0], good.replace(f"/{file.id}/", f"/{other.id}/")):
        assert (await operator.get(bad)).status == 403
    assert (await operator.get(panel.links.path(file.id, "full", now))).status == 404, "it is no photo"
    await panel.media.forget(file.key)
    assert (await operator.get(good)).status == 404
    waiting = await Attachment.create(role=Role.RESIDENT, kind=VIDEO, due_at=now, created_at=now)
    assert (await operator.get(link(panel, waiting))).status == 404
