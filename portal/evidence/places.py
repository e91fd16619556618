"""Where this portal keeps its files."""

from pathlib import Path

import structlog
from flask import Flask, current_app

from portal.evidence.copies import BareCopies
from portal.evidence.previews import Previews
from portal.evidence.store import Store

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Name the folders, and clear away what a process that died was receiving."""
    folder = Path(app.config["DATA_DIR"])
    store = Store(folder / "evidence")
    app.extensions["recourse.evidence"] = store
    app.extensions["recourse.previews"] = Previews(folder / "previews")
    app.extensions["recourse.bare"] = BareCopies(folder / "bare", store)
    try:
        store.clear_arrivals()
    except OSError as why:
        log.warning("evidence.arrivals_not_cleared", why=str(why))


def store() -> Store:
    """The originals."""
    kept: Store = current_app.extensions["recourse.evidence"]
    return kept


def previews() -> Previews:
    """The small copies."""
    kept: Previews = current_app.extensions["recourse.previews"]
    return kept


def bare() -> BareCopies:
    """The copies without metadata."""
    kept: BareCopies = current_app.extensions["recourse.bare"]
    return kept
