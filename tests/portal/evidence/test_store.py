"""Bytes under their own hash: kept for good, or not at all."""

import errno
import hashlib
import io
import os
import time
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.evidence import store as store_module
from portal.evidence.limits import MAX_BYTES
from portal.evidence.refused import UploadRefused
from portal.evidence.store import Landing, Store

WORDS = b"what the buyer wrote" * 1000
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "evidence")


def landed(store: Store, content: bytes = WORDS) -> Landing:
    landing = Landing(store)
    for start in range(0, len(content), 4096):
        landing.write(content[start : start + 4096])
    return landing


def kept(store: Store, content: bytes = WORDS) -> str:
    with landed(store, content) as landing:
        return store.keep(landing)


def files(store: Store) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file() and path.name != "sweeping.lock"]


def test_a_file_lies_byte_for_byte_under_its_hash(store: Store):
    sha256 = kept(store)
    assert sha256 == hashlib.sha256(WORDS).hexdigest()
    assert files(store) == [store.root / sha256[:2] / sha256[2:4] / sha256]
    assert store.path(sha256).read_bytes() == WORDS
    assert store.fault(sha256, len(WORDS)) is None


def test_the_same_bytes_are_stored_once(store: Store):
    assert kept(store) == kept(store)
    assert len(files(store)) == 1


def test_a_landing_that_is_not_kept_leaves_nothing(store: Store):
    landed(store).close()
    assert files(store) == []


def test_file_then_folders_are_synced_and_only_then_acknowledged(store: Store, monkeypatch: pytest.MonkeyPatch):
    acts: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(fd: int) -> None:
        acts.append("sync " + str(Path(f"/proc/self/fd/{fd}").readlink()).removeprefix(str(store.root.parent)))
        real_sync(fd)

    def replace(path: Path, target: Path) -> Path:
        acts.append("move")
        return real_replace(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    with landed(store) as landing:
        sha256 = store.keep(landing)
    first = f"/evidence/{sha256[:2]}"
    assert acts[0].startswith("sync /evidence/arriving/")
    assert acts[1:] == ["sync ", "sync /evidence", f"sync {first}", "move", f"sync {first}/{sha256[2:4]}"]


@pytest.mark.parametrize("nth", range(5))
def test_nothing_is_acknowledged_when_a_sync_fails(store: Store, nth: int, monkeypatch: pytest.MonkeyPatch):
    calls = iter(range(100))

    def sync(_fd: int) -> None:
        if next(calls) == nth:
            raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", sync)
    with landed(store) as landing, pytest.raises(UploadRefused) as refusal:
        store.keep(landing)
    landing.close()
    assert (refusal.value.kind, refusal.value.status) == ("storage_failed", 503)
    assert list(store.arriving.iterdir()) == []


def test_a_disk_that_is_nearly_full_takes_no_files_but_keeps_room_for_decisions(store: Store, monkeypatch):
    monkeypatch.setattr(store_module.shutil, "disk_usage", lambda _path: Usage(10**9, 10**9 - 1_000_000, 1_000_000))
    landing = landed(store)
    with pytest.raises(UploadRefused) as refusal:
        landing.file  # noqa: B018
    assert (refusal.value.kind, refusal.value.status) == ("storage_full", 507)
    assert files(store) == []


def test_a_disk_that_fills_up_while_a_file_arrives_is_said_and_leaves_nothing(store: Store, monkeypatch):
    landing = landed(store)
    monkeypatch.setattr(os, "fsync", lambda _fd: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no space left")))
    with landing, pytest.raises(UploadRefused, match="storage_full"):
        store.keep(landing)
    assert files(store) == []


def test_a_last_piece_that_finds_no_room_is_said_too(store: Store, monkeypatch: pytest.MonkeyPatch):
    class Full(io.BytesIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "no space left")

    with landed(store) as landing:
        landing.file.close()
        monkeypatch.setattr(landing, "_file", Full())
        with pytest.raises(UploadRefused, match="storage_full"):
            landing.file  # noqa: B018


def test_a_body_beyond_the_limit_is_dropped_while_it_arrives(store: Store):
    landing = Landing(store)
    piece = bytes(1024 * 1024)
    for _ in range(MAX_BYTES // len(piece) + 1):
        landing.write(piece)
    assert files(store) == []
    with pytest.raises(UploadRefused, match="too_large"):
        landing.file  # noqa: B018


def test_a_flipped_a_cut_and_a_missing_file_are_named(store: Store):
    sha256 = kept(store)
    path = store.path(sha256)
    path.chmod(0o600)
    path.write_bytes(WORDS[:100] + bytes([WORDS[100] ^ 1]) + WORDS[101:])
    assert store.fault(sha256, len(WORDS)) == "flipped"
    path.write_bytes(WORDS[:-1])
    assert store.fault(sha256, len(WORDS)) == "cut"
    path.unlink()
    assert store.fault(sha256, len(WORDS)) == "missing"


def test_sending_a_damaged_file_again_heals_it(store: Store):
    sha256 = kept(store)
    store.path(sha256).chmod(0o600)
    store.path(sha256).write_bytes(b"")
    kept(store)
    assert store.fault(sha256, len(WORDS)) is None


def test_what_a_dead_process_left_is_cleared_and_what_still_arrives_is_not(store: Store):
    alive = landed(store)
    (store.arriving / "0123456789abcdef").write_bytes(b"half of a ph")
    assert store.clear_arrivals() == 1
    assert store.keep(alive) == hashlib.sha256(WORDS).hexdigest()


def test_only_an_old_file_is_forgotten_and_one_kept_anew_stays(store: Store):
    sha256 = kept(store)
    assert not store.forget(sha256, before=datetime.now(UTC) - timedelta(hours=24))
    long_ago = time.time() - 90_000
    os.utime(store.path(sha256), (long_ago, long_ago))
    kept(store)
    assert not store.forget(sha256, before=datetime.now(UTC) - timedelta(hours=24))
    os.utime(store.path(sha256), (long_ago, long_ago))
    assert store.forget(sha256, before=datetime.now(UTC) - timedelta(hours=24))
    assert files(store) == []


def test_a_landing_can_be_read_like_any_file(store: Store):
    with landed(store, b"line one\nline two\n") as landing:
        landing.seek(0)
        assert [bytes(line) for line in landing] == [b"line one\n", b"line two\n"]
