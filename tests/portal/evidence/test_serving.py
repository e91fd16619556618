"""A file handed out: to be kept, never to be run."""

import io
from urllib.parse import unquote

import pytest
from flask import Response
from PIL import Image

from portal import Portal, evidence
from portal.evidence import places
from portal.evidence.bare import bare
from portal.evidence.models import EvidenceItem
from tests import samples
from tests.portal.evidence.making import a_file, a_side, an_item, read_again
from tests.portal.evidence.marked import MADE, says


def sent(
    app: Portal, item: EvidenceItem, *, to: str = evidence.STAFF, preview: bool = False, **headers: str
) -> Response:
    """The answer as it goes over the wire, read when the request is over."""
    with app.test_request_context(headers=headers) as context:
        answer, environ = evidence.send(read_again(item), to=to, preview=preview), context.request.environ
    return Response.from_app(answer, environ, buffered=True)


def test_a_file_comes_back_byte_for_byte_as_a_download(app: Portal):
    item = an_item(a_side())
    answer = sent(app, item)
    assert answer.get_data() == samples.DRAWING.read_bytes()
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"private", "no-cache"} <= {part.strip() for part in answer.headers["Cache-Control"].split(",")}
    assert answer.headers["ETag"] == f'"{item.file.sha256}"'


@pytest.mark.parametrize(
    "name", ["物流签收凭证（1）.jpg", "a\r\nSet-Cookie: x=1.jpg", 'a";filename="b.html.jpg', "\u202egpj.jpg"]
)
def test_its_name_survives_the_header_and_adds_none(app: Portal, name: str):
    item = an_item(a_side(), a_file(name=name))
    answer = sent(app, item)
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment;")
    assert not set(said) & {"\r", "\n"}
    assert "Set-Cookie" not in answer.headers
    if name.startswith("物流"):
        assert unquote(said.split("filename*=UTF-8''")[1]) == name


def test_a_name_that_reached_the_row_some_other_way_does_no_harm_either(app: Portal):
    item = an_item(a_side())
    item.file.name = "a\r\nX-Evil: 1.jpg"
    with app.test_request_context(), evidence.send(item, to=evidence.STAFF) as answer:
        assert "X-Evil" not in answer.headers


def test_what_the_browser_has_is_not_sent_again(app: Portal):
    item = an_item(a_side())
    answer = sent(app, item, **{"If-None-Match": f'"{item.file.sha256}"'})
    assert (answer.status_code, answer.get_data()) == (304, b"")


def test_a_film_can_be_asked_for_in_parts(app: Portal):
    item = an_item(a_side(), a_file(samples.FILM.read_bytes(), "开箱.mp4"))
    answer = sent(app, item, Range="bytes=100-199")
    assert (answer.status_code, answer.get_data()) == (206, samples.FILM.read_bytes()[100:200])


@pytest.mark.parametrize("ready", [True, False])
def test_a_preview_is_small_and_made_again_when_it_is_lost(app: Portal, ready: bool):
    item = an_item(a_side())
    if not ready:
        places.previews().forget(item.file.sha256)
    answer = sent(app, item, preview=True)
    with Image.open(io.BytesIO(answer.get_data())) as image:
        assert (answer.mimetype, image.size) == ("image/webp", (400, 300))
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert places.previews().has(item.file.sha256)


def test_there_is_no_preview_of_a_document(app: Portal):
    item = an_item(a_side(), a_file(samples.DOCUMENT.read_bytes(), "凭证.pdf"))
    with app.test_request_context(), pytest.raises(Exception, match="404"):
        evidence.send(item, to=evidence.STAFF, preview=True)


@pytest.mark.parametrize("kind", MADE)
def test_the_other_side_gets_it_bare_and_everybody_else_as_it_was_handed_in(sqlite_app: Portal, kind: str):
    content = MADE[kind]()
    item = an_item(a_side(party="buyer"), a_file(content, f"凭证{evidence.EXTENSIONS[kind][0]}"))
    first, again = (sent(sqlite_app, item, to="merchant") for _ in range(2))
    assert not says(first.get_data())
    assert first.get_data() == again.get_data() == bare(content, kind)
    for reader in ("buyer", evidence.STAFF):
        assert sent(sqlite_app, item, to=reader).get_data() == content
    assert sent(sqlite_app, item, to="buyer").headers["ETag"] != first.headers["ETag"] == again.headers["ETag"]


def test_what_the_platform_shows_is_its_own_to_bare(sqlite_app: Portal):
    item = an_item(a_side(party="platform"), a_file(MADE["image/jpeg"]()))
    assert sent(sqlite_app, item, to="merchant").get_data() == MADE["image/jpeg"]()


def test_a_bare_copy_is_handed_out_though_no_disk_can_keep_it(sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch):
    item = an_item(a_side(party="buyer"), a_file(MADE["image/png"]()))
    monkeypatch.setattr(
        places.bare(), "root", places.store().path(item.file.sha256)
    )  # a file, where a folder should be
    assert sent(sqlite_app, item, to="merchant").get_data() == bare(MADE["image/png"](), "image/png")
