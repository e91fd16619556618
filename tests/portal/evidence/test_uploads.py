"""From the body of a request to the disk, before any unit of work."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder, run_wsgi_app

from portal import evidence
from portal.evidence import places
from portal.evidence.limits import MAX_BODY, MAX_BYTES, MAX_FILES_AT_ONCE
from tests import samples
from tests.portal.evidence.conftest import Door
from tests.portal.evidence.hostile import HOSTILE, JPEG, MP4, PDF, film_of

MEMORY = Path(__file__).with_name("memory.py")


def sent(visitor: FlaskClient, content: bytes, name: str = "运单.jpg", url: str = "/slot") -> Any:
    data = {"text": "说明", "file": (io.BytesIO(content), name)}
    environ = EnvironBuilder(path=url, method="POST", data=data).get_environ()
    with environ["wsgi.input"]:
        return visitor.open(environ)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != "sweeping.lock")


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [(JPEG, "运单.jpg", "image/jpeg"), (samples.photo(6), "照片.jpg", "image/jpeg"),
     (PDF, "凭证.pdf", "application/pdf"), (samples.PHOTOGRAPH.read_bytes(), "包装.png", "image/png"),
     (MP4, "开箱.mp4", "video/mp4")],
)  # fmt: skip
def test_a_good_file_is_kept_byte_for_byte(
    door: Door, visitor: FlaskClient, content: bytes, name: str, media_type: str
):
    answer = sent(visitor, content, name)
    assert answer.status_code == 200
    said = answer.json
    assert (said["name"], said["media_type"], said["size"], said["text"]) == (name, media_type, len(content), "说明")
    with door.app_context():
        assert places.store().path(said["sha256"]).read_bytes() == content
        assert places.previews().has(said["sha256"]) == media_type.startswith("image/")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_refused_file_leaves_nothing_behind(visitor: FlaskClient, tmp_path: Path, name: str):
    content, reason = HOSTILE[name]
    answer = sent(visitor, content)
    assert (answer.status_code, answer.json) == (422, {"refused": reason})
    assert files(tmp_path) == []


def test_no_file_chosen_is_said(visitor: FlaskClient):
    assert sent(visitor, b"", "").json == {"refused": "nothing_chosen"}
    assert visitor.post("/slot", data={"text": "说明"}).json == {"refused": "nothing_chosen"}


def test_two_files_in_one_field_are_refused_and_neither_is_kept(visitor: FlaskClient, tmp_path: Path):
    two = [(io.BytesIO(JPEG), "a.jpg"), (io.BytesIO(PDF), "b.pdf")]
    assert visitor.post("/slot", data={"file": two}).json == {"refused": "one_at_a_time"}
    assert files(tmp_path) == []


def test_a_refused_file_does_not_cost_its_neighbour(visitor: FlaskClient):
    both = {"file": (io.BytesIO(JPEG), "a.jpg"), "other": (io.BytesIO(b"junk"), "b.jpg")}
    assert visitor.post("/slot", data=both).status_code == 200


def test_a_file_over_20_mb_is_refused_in_its_slot(visitor: FlaskClient, tmp_path: Path):
    assert sent(visitor, film_of(MAX_BYTES + 1)).json == {"refused": "too_large"}
    assert files(tmp_path) == []


class Untouchable(io.RawIOBase):
    """A body that nobody may read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        raise AssertionError("the body was read")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(door: Door):
    environ = EnvironBuilder(path="/slot", method="POST", content_type="multipart/form-data; boundary=b").get_environ()
    environ |= {"wsgi.input": Untouchable(), "CONTENT_LENGTH": str(MAX_BODY + 1)}
    assert run_wsgi_app(door, environ, buffered=True)[1].startswith("413")


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_body_that_breaks_off_leaves_nothing(visitor: FlaskClient, tmp_path: Path, cut: float):
    whole = EnvironBuilder(path="/slot", method="POST", data={"file": (io.BytesIO(JPEG), "a.jpg")})
    body, content_type = whole.get_environ()["wsgi.input"].read(), whole.get_environ()["CONTENT_TYPE"]
    answer = visitor.post("/slot", data=body[: int(len(body) * cut)], content_type=content_type)
    assert answer.status_code == 422
    assert files(tmp_path) == []


def test_many_files_at_once_are_too_many(visitor: FlaskClient, tmp_path: Path):
    many = [(io.BytesIO(b"x"), f"{n}.jpg") for n in range(MAX_FILES_AT_ONCE + 1)]
    assert visitor.post("/slot", data={"file": many}).status_code == 413
    assert files(tmp_path) == []


def test_files_for_a_view_that_takes_none_are_not_kept(visitor: FlaskClient, tmp_path: Path):
    assert sent(visitor, b"a,b\n1,2\n", "list.csv", "/list").json == {"lines": ["a,b\n", "1,2\n"]}
    assert files(tmp_path) == []


def test_a_view_that_forgot_to_say_so_finds_out_at_once(visitor: FlaskClient):
    with pytest.raises(RuntimeError, match="takes_files"):
        sent(visitor, JPEG, url="/careless")


def test_a_file_can_be_brought_without_a_form(door: Door):
    with door.app_context(), samples.DOCUMENT.open("rb") as file:
        brought = evidence.bring(file, "平台凭证.pdf")
        upload = FileStorage(io.BytesIO(JPEG), "运单.jpg")
        received = evidence.receive(upload)
        assert places.store().path(brought.sha256).read_bytes() == PDF
        assert places.store().path(received.sha256).read_bytes() == JPEG


def test_starting_clears_what_a_crash_left(door: Door, tmp_path: Path):
    arriving = tmp_path / "evidence" / "arriving"
    arriving.mkdir(parents=True)
    (arriving / "0123").write_bytes(b"half")
    evidence.init_app(door)
    assert files(tmp_path) == []


@pytest.mark.parametrize("what", ["upload", "picture"])
def test_a_large_file_costs_little_memory(tmp_path: Path, what: str):
    """Reading 20 MB stays within 4 MiB; opening the largest picture allowed within 256 MiB."""
    path = tmp_path / "large"
    if what == "upload":
        path.write_bytes(film_of(MAX_BYTES))
    else:
        path.write_bytes(samples.saved(samples.picture((8000, 5000), "RGBA"), "PNG", compress_level=1))
    run = subprocess.run(
        [sys.executable, MEMORY, what, path, tmp_path / "door"], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(run.stdout) <= {"upload": 4, "picture": 256}[what] * 1024
