"""Static files under hashed names, and pages compressed."""

import gzip
import os
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response, url_for
from flask.testing import FlaskClient

from portal import assets

CSS = """@import url("vendor/reset.css") layer(reset);
.a { background: url(icons.svg#tick) }
.b { mask: url("missing.svg") }
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "vendor").mkdir(parents=True)
    (folder / "vendor" / "reset.css").write_text("*{margin:0}" * 50)
    (folder / "icons.svg").write_text("<svg/>")
    (folder / "portal.css").write_text(CSS + " " * 500)
    return folder


@pytest.fixture
def app(tmp_path: Path, source: Path) -> Flask:
    app = Flask("pages", static_folder=None)
    app.config["DATA_DIR"] = tmp_path
    assets.init_app(app, source)

    @app.get("/page")
    def page() -> Response:
        response = Response("<p>words</p>" * 200, mimetype="text/html")
        response.set_etag("v1")
        return response

    @app.get("/stream")
    def stream() -> Response:
        return Response((b"piece" * 200 for _ in range(3)), mimetype="text/html")

    @app.get("/short")
    def short() -> Response:
        return Response("short", mimetype="text/html")

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return url_for("static", filename=name)


def test_a_style_sheet_refers_to_the_hashed_names(app: Flask, client: FlaskClient) -> None:
    answer = client.get(address(app, "portal.css"))
    assert answer.status_code == 200
    icons, reset = (address(app, n).removeprefix("/static/") for n in ("icons.svg", "vendor/reset.css"))
    assert f'@import url("{reset}") layer(reset)' in answer.text
    assert f"url({icons}#tick)" in answer.text
    assert 'url("missing.svg")' in answer.text
    answer.close()


def test_a_changed_import_changes_the_name_of_what_imports_it(tmp_path: Path, source: Path) -> None:
    before = assets.build(source, tmp_path / "out")
    (source / "vendor" / "reset.css").write_text("*{margin:1px}")
    after = assets.build(source, tmp_path / "out")
    assert before["portal.css"] != after["portal.css"]
    assert before["icons.svg"] == after["icons.svg"]
    assert (tmp_path / "out" / before["portal.css"]).exists(), "a page from before still finds its style"


def test_a_hashed_file_may_be_kept_for_ever_by_this_site_alone(app: Flask, client: FlaskClient) -> None:
    with client.get(address(app, "portal.css"), headers={"Accept-Encoding": "br, gzip"}) as answer:
        assert answer.headers["Cache-Control"].endswith("public, immutable")
        assert answer.headers["Content-Encoding"] == "br"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert brotli.decompress(answer.data).startswith(b"@import")


def test_the_plain_name_is_not_served(client: FlaskClient) -> None:
    assert client.get("/static/portal.css").status_code == 404


def test_who_looks_while_files_are_written_finds_none_that_goes_again(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[Path] = set()
    straight = os.fchmod
    monkeypatch.setattr(os, "fchmod", lambda *of: (seen.update((tmp_path / "out").rglob("*")), straight(*of))[1])
    assets.build(source, tmp_path / "out")
    assert seen
    assert [path for path in seen if not path.exists()] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "static"]


def test_a_file_that_the_disk_has_no_room_for_leaves_nothing_behind(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*of: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fchmod", full)
    with pytest.raises(OSError, match="No space left"):
        assets.build(source, tmp_path / "out")
    assert [path for path in tmp_path.rglob("*") if path.is_file() and source not in path.parents] == []


def test_a_circle_of_imports_is_refused_with_its_names(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@import 'b.css';")
    (tmp_path / "b.css").write_text("@import 'a.css';")
    with pytest.raises(ValueError, match=r"[ab]\.css > [ab]\.css"):
        assets.build(tmp_path, tmp_path / "out")


def test_a_page_is_compressed_for_who_takes_it(client: FlaskClient) -> None:
    plain = client.get("/page")
    br = client.get("/page", headers={"Accept-Encoding": "gzip, deflate, br"})
    gz = client.get("/page", headers={"Accept-Encoding": "br;q=0.1, gzip"})
    assert (plain.content_encoding, br.content_encoding, gz.content_encoding) == (None, "br", "gzip")
    assert brotli.decompress(br.data) == gzip.decompress(gz.data) == plain.data
    assert int(br.headers["Content-Length"]) == len(br.data) < len(plain.data) / 10
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, br, gz))
    assert br.headers["ETag"] == 'W/"v1"'


def test_streams_and_short_answers_stay_as_they_are(client: FlaskClient) -> None:
    for path in ("/stream", "/short"):
        assert client.get(path, headers={"Accept-Encoding": "br"}).content_encoding is None
    assert client.get("/page", headers={"Accept-Encoding": "br;q=0, gzip;q=0"}).content_encoding is None


def test_a_full_disk_costs_the_hashes_not_the_start(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*folders: Path) -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(assets, "build", build)
    app = Flask("full", static_folder=None)
    app.config["DATA_DIR"] = tmp_path
    assets.init_app(app, source)
    assert not app.extensions[assets.BUILT]
    assert address(app, "icons.svg") == "/static/icons.svg"
    with app.test_client().get("/static/icons.svg") as answer:
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]
