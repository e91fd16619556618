"""A small site with one slot for a file, on the real request class and nothing else of the portal."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient

from portal import evidence


class Door(Flask):
    """Takes files in before the view runs, as the portal does."""

    request_class = evidence.UploadRequest

    def dispatch_request(self) -> Any:
        """Read the body, take the files in, then run the view."""
        request.form  # noqa: B018
        evidence.take_in(request)
        return super().dispatch_request()


def a_door(folder: Path) -> Door:
    """The site, with its files in this folder."""
    door = Door(__name__)
    door.config.update(DATA_DIR=folder, MAX_CONTENT_LENGTH=evidence.MAX_BODY, TESTING=True)
    evidence.init_app(door)

    @door.post("/slot")
    @evidence.takes_files
    def slot() -> Any:
        try:
            file = evidence.received("file")
        except evidence.UploadRefused as why:
            return jsonify(refused=why.kind), why.status
        return jsonify(asdict(file) | {"text": request.form.get("text")})

    @door.post("/list")
    def read_list() -> Any:
        return jsonify(lines=[line.decode() for line in request.files["file"].stream])

    @door.post("/careless")
    def careless() -> Any:
        return jsonify(evidence.received("file").name)

    return door


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return a_door(tmp_path)


@pytest.fixture
def visitor(door: Door) -> FlaskClient:
    return door.test_client()
