"""Static files and small answers: hashed names that never change their content, and everything compressed.

At the start each file of `static/` is written to the data folder under a name that holds its content's hash, with
ready-made .br and .gz beside it. `url_for('static', filename=…)` and `asset(…)` give that name, WhiteNoise serves it.
"""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath
from time import time
from typing import Any

import brotli
import structlog
from flask import Flask, Response, request
from whitenoise import WhiteNoise

from portal import folder
from portal.security import HEADERS

SOURCE = Path(__file__).parent.parent / "static"
PREFIX = "/static/"
COMPRESSED = frozenset({".css", ".js", ".svg", ".html", ".txt", ".json", ".md"})
PAGES = frozenset({"text/html", "text/css", "text/plain", "text/csv", "application/json", "image/svg+xml"})
SMALLEST_PAGE = 400
HALF_WRITTEN = 3600.0
"""After so many seconds nobody is writing a file any more that has not got its name."""
BUILT = "recourse.assets_built"
REFERENCE = re.compile(rb"""(@import\s+(?:url\(\s*)?|url\(\s*)(["']?)([^"')\s]+)\2""")

log = structlog.get_logger(__name__)


def init_app(app: Flask, source: Path = SOURCE) -> None:
    """Build the hashed files, serve them, and compress pages. A full disk costs the compression, not the start."""
    app.add_url_rule(f"{PREFIX}<path:filename>", endpoint="static", build_only=True)
    root = Path(app.config["DATA_DIR"]) / "assets"
    try:
        folder.make(root.parent)
        names = build(source, root)
    except OSError as why:
        log.warning("assets.unbuilt", why=str(why))
        root, names = source, {}
    app.extensions[BUILT] = bool(names)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=root,
        prefix=PREFIX,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: bool(names),
        add_headers_function=_harden,
    )
    app.url_defaults(_named(names))
    addresses = {name: PREFIX + hashed for name, hashed in names.items()}
    app.add_template_global(lambda name: addresses.get(name, PREFIX + name), "asset")
    app.after_request(compress)


def build(source: Path, target: Path) -> dict[str, str]:
    """Write each file of `source` to `target` under its hashed name; the map from the plain name to the hashed one.

    What is there already is left alone, so several processes may build at once and an older page still finds its files.
    """
    target.mkdir(parents=True, exist_ok=True)
    _tidy(target.parent)
    contents = {path.relative_to(source).as_posix(): path.read_bytes() for path in _files(source)}
    references = {name: set(_references(name, content)) & contents.keys() for name, content in contents.items()}
    names: dict[str, str] = {}
    try:
        order = list(TopologicalSorter(references).static_order())
    except CycleError as why:
        raise ValueError(f"static files refer to each other in a circle: {' > '.join(why.args[1])}") from why
    for name in order:
        content = _rewritten(name, contents[name], names)
        plain = PurePosixPath(name)
        digest = hashlib.sha256(content).hexdigest()[:12]
        names[name] = plain.with_name(f"{plain.stem}.{digest}{plain.suffix}").as_posix()
        _write_all(target / names[name], content, target.parent)
    return names


def _tidy(place: Path) -> None:
    """Remove what a killed process left half written an hour ago or earlier."""
    for left in place.glob(".asset-*"):
        with suppress(OSError):
            if time() - left.stat().st_mtime > HALF_WRITTEN:
                left.unlink()


def _files(source: Path) -> Iterator[Path]:
    return (path for path in sorted(source.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _references(name: str, content: bytes) -> Iterator[str]:
    if name.endswith(".css"):
        for match in REFERENCE.finditer(content):
            yield _target(name, match[3].decode())[0]


def _target(name: str, reference: str) -> tuple[str, str]:
    """Which file a CSS reference means, and what follows its name: the `#icon` of an SVG sprite."""
    path, mark, fragment = reference.partition("#")
    return os.path.normpath(PurePosixPath(name).parent / path), mark + fragment


def _rewritten(name: str, content: bytes, names: Mapping[str, str]) -> bytes:
    if not name.endswith(".css"):
        return content
    here = PurePosixPath(name).parent

    def rename(match: re.Match[bytes]) -> bytes:
        meant, rest = _target(name, match[3].decode())
        if meant not in names:
            return match[0]
        return match[1] + match[2] + os.path.relpath(names[meant], here).encode() + rest.encode() + match[2]

    return REFERENCE.sub(rename, content)


def _write_all(path: Path, content: bytes, aside: Path) -> None:
    """The file and its compressed forms; a form that would not be smaller is left out."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix in COMPRESSED:
        forms = {".br": brotli.compress(content), ".gz": gzip.compress(content, 9, mtime=0)}
        for suffix, form in forms.items():
            if len(form) < len(content):
                _write(path.with_name(path.name + suffix), form, aside)
    _write(path, content, aside)


def _write(path: Path, content: bytes, aside: Path) -> None:
    """Write it `aside` and give it its name whole: WhiteNoise may look around just now and finds nothing that goes."""
    with tempfile.NamedTemporaryFile(dir=aside, prefix=".asset-", delete=False) as file:
        arriving = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # its name says what is in it, also after a power cut
            os.fchmod(file.fileno(), 0o644)
            arriving.replace(path)
        finally:
            arriving.unlink(missing_ok=True)


def _named(names: Mapping[str, str]) -> Callable[[str, dict[str, Any]], None]:
    def fill(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values["filename"] = names.get(values["filename"], values["filename"])

    return fill


def _harden(headers: Any, path: str, url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value


def compress(response: Response) -> Response:
    """Compress a page for who takes it; never a stream, a file or a part of one.

    The form tokens inside are signed anew for each page, so the length of a compressed page tells nothing about them.
    """
    if response.mimetype not in PAGES or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code in {204, 206, 304} or "Content-Encoding" in response.headers:
        return response
    content = response.get_data()
    accepted = request.accept_encodings
    if len(content) < SMALLEST_PAGE or not (accepted["br"] or accepted["gzip"]):
        return response
    if accepted["br"] >= accepted["gzip"]:
        response.headers["Content-Encoding"] = "br"
        content = brotli.compress(content, quality=5)
    else:
        response.headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content, 6, mtime=0)
    response.set_data(content)
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response
