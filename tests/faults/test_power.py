"""A power cut in the middle of a sweep: what the disk had is a beginning, and doing the rest comes to the same."""

import random
import shutil
import struct
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from jobs import rounds
from jobs.sweep import sweep
from portal import Portal, audit
from portal.cli import invariants
from portal.db import db, end_reading, session, unit_of_work
from tests import make
from tests.make import NOON

CASES = 8
LATE = NOON + timedelta(days=30)
TOLD = (
    "SELECT ref, status, outcome, completed_at, version FROM appeal ORDER BY ref",
    "SELECT case_ref, outcome, decided_at, sha256 FROM decision ORDER BY case_ref",
    "SELECT chain, seq, at, action, data FROM audit_event ORDER BY chain, seq",
    "SELECT event, recipient, template, created_at FROM notice ORDER BY event, recipient",
    "SELECT n.event, d.address, d.created_at FROM delivery d JOIN notice n ON n.id = d.notice_id ORDER BY 1, 2",
    "SELECT subject_type, subject_id, kind, state, due_at, closed_at FROM deadline ORDER BY 1, 2, 3, 5",
)
HEADER, FRAME = 32, 24


def test_wherever_the_log_is_cut_the_next_sweep_brings_everything_to_the_same_end(
    sqlite_app: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "BATCH", 1)
    file = _cases_that_wait()
    log = Path(f"{file}-wal")
    durable = log.stat().st_size  # every unit before the sweep waited for the disk
    assert sweep(LATE).expired == CASES
    whole = _everything()
    copies = shutil.copy(file, tmp_path), shutil.copy(log, tmp_path)
    ends = _commits(log.read_bytes(), durable)
    assert len(ends) == CASES
    chance = random.Random(7)
    for cut in [durable, *ends[:3], *(chance.randrange(durable, ends[-1]) for _ in range(5))]:
        _lose_power(file, *copies, cut)
        done = sum(end <= cut for end in ends)
        assert sweep(LATE).expired == CASES - done
        assert _everything() == whole
        assert list(invariants.faults()) == []
        assert list(audit.faults()) == []


def _cases_that_wait() -> Path:
    """Cases in which evidence was asked for and never came; the database's file."""
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.actor(make.a_person("merchant_owner", shop), shop)
        reviewer = make.actor(make.a_person("reviewer"))
    for _ in range(CASES):
        with unit_of_work():
            make.ask_for_evidence(make.an_appeal(shop, merchant), reviewer)
    end_reading()
    return Path(str(db.engine.url.database))


def _everything() -> list[list[Any]]:
    """What was done and told, without the random numbers in it."""
    end_reading()
    return [[tuple(row) for row in session().execute(text(ask))] for ask in TOLD]


def _commits(log: bytes, start: int) -> list[int]:
    """Where in the log a commit ends: a frame that says how large the database is after it."""
    (page,) = struct.unpack(">I", log[8:12])
    places = range(start, len(log) - FRAME - page + 1, FRAME + page)
    return [at + FRAME + page for at in places if struct.unpack(">I", log[at + 4 : at + 8])[0] and _ours(log, at)]


def _ours(log: bytes, at: int) -> bool:
    """Whether the frame is of this log, and no rest of an earlier one."""
    return log[at + 8 : at + 16] == log[16:24]


def _lose_power(file: Path, kept: str, log: str, cut: int) -> None:
    """Put the database's files as they would have been if the disk had the log up to here."""
    db.session.remove()
    db.engine.dispose()
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()
    shutil.copy(kept, file)
    Path(f"{file}-wal").write_bytes(Path(log).read_bytes()[:cut])
