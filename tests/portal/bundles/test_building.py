"""What is in a case file, and that it is the same each time."""

import hashlib
import json
import stat
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal import Portal, audit, bundles, evidence
from portal.audit.models import AuditEvent
from portal.config import ConfigError
from portal.db import end_reading, session, unit_of_work
from portal.refusals import Refused
from tests import make
from tests.conftest import Clock, a_config
from tests.make import NOON
from tests.portal.bundles.conftest import LATER, Settled, files_of, listed, settled, zipped
from tests.world import a_world


def test_two_builds_of_the_same_case_are_the_same_bytes(case: Settled) -> None:
    assert zipped(case.ref) == zipped(case.ref)
    assert zipped(case.ref, lang="en") == zipped(case.ref, lang="en") != zipped(case.ref)


def test_every_original_is_in_it_byte_for_byte(case: Settled) -> None:
    files = files_of(zipped(case.ref))
    items = [
        *evidence.items_of("appeal", case.appeal.id, party="merchant"),
        *evidence.items_of("penalty", case.appeal.subject_id, party="platform"),
    ]
    assert len(items) == 5
    for item in items:
        inside = next(content for path, content in files.items() if item.ref in path)
        assert inside == evidence.original(item.file.sha256).read_bytes()
    assert len([path for path in files if path.startswith("evidence/")]) == len(items)


def test_the_manifest_lists_every_file_with_size_and_hash(case: Settled) -> None:
    whole = zipped(case.ref)
    files = files_of(whole)
    signed = {"manifest.json", "manifest.sig"}
    assert listed(whole) == {
        path: {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in files.items()
        if path not in signed
    }
    assert {"record.pdf", "record.json", "history.json", "README.txt", "public-key.pem"} | signed <= files.keys()
    assert list(files) == ["manifest.json", "manifest.sig", *sorted(files.keys() - signed)]


def test_the_history_shows_every_header_and_only_the_data_for_this_party(case: Settled) -> None:
    history = json.loads(files_of(zipped(case.ref))["history.json"])
    end_reading()
    for chain, links in history.items():
        events = session().scalars(select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.seq)).all()
        assert [link["hash"] for link in links] == [event.hash for event in events]
        for link, event in zip(links, events, strict=True):
            assert ("data" in link) == ("salt" in link) == (event.audience == "parties")
            assert link.get("data", event.data) == event.data
    withheld = [link["action"] for link in history[case.ref] if "data" not in link]
    assert withheld == ["review.claimed", "review.concluded"] * 2


def test_who_took_it_is_in_the_chain_of_exports_and_nowhere_else(case: Settled) -> None:
    before = [link.hash for link in audit.links(case.ref, ())]
    zipped(case.ref)
    end_reading()
    (made,) = audit.links("exports", ("platform",))
    assert (made.action, made.at, made.actor_role) == ("export.made", LATER, "system")
    assert made.data is not None
    assert made.data["case"] == case.ref
    assert made.data["chains"][1]["head"] == before[-1]
    assert [link.hash for link in audit.links(case.ref, ())] == before
    assert list(audit.faults()) == []


def test_a_case_that_moved_on_has_another_file(case: Settled) -> None:
    other = settled()
    assert files_of(zipped(case.ref)).keys() != files_of(zipped(other.ref)).keys()
    assert listed(zipped(case.ref))["record.pdf"] != listed(zipped(other.ref))["record.pdf"]


def test_there_is_no_file_of_a_draft_of_a_stranger_or_of_nothing(case: Settled) -> None:
    with unit_of_work():
        draft = make.a_draft(make.a_penalty(case.shop), make.actor(case.owner, case.shop))
    for ref, party, code in (
        (draft.ref, "merchant", "nothing_handed_in"),
        (case.ref, "buyer", "no_file_for_party"),
        ("AP-2026-NOTTHERE", "merchant", "no_such_case"),
    ):
        with pytest.raises(Refused) as why:
            zipped(ref, party)
        assert why.value.code == code
    end_reading()
    assert audit.links("exports", ()) == []


@pytest.mark.parametrize("damage", ["flipped", "cut", "missing"])
def test_an_original_that_is_not_what_was_handed_in_is_named_and_not_passed_on(lone_case: Settled, damage: str) -> None:
    item = evidence.items_of("appeal", lone_case.appeal.id, party="merchant")[0]
    path = evidence.original(item.file.sha256)
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[:-1] + (bytes([content[-1] ^ 1]) if damage == "flipped" else b""))
    with pytest.raises(Refused) as why:
        zipped(lone_case.ref)
    assert (why.value.code, why.value.params) == ("original_damaged", {"label": item.exhibit_label})


def test_the_key_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    path, made = tmp_path / "key.pem", set()
    racers = [
        threading.Thread(target=lambda: made.add(bundles.fingerprint(bundles.signing_key(path).public_key())))
        for _ in range(8)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(made) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["key.pem", "key.pub.pem"]
    published = bundles.public_key((tmp_path / "key.pub.pem").read_bytes(), "key.pub.pem")
    assert made == {bundles.fingerprint(published)}


@pytest.mark.parametrize("written", [None, "not a key"])
def test_a_given_key_must_be_there_and_be_one(tmp_path: Path, written: str | None) -> None:
    wrong = tmp_path / "wrong.pem"
    if written:
        wrong.write_text(written)
    app = Flask("of its own")
    app.extensions["recourse.config"] = a_config(tmp_path, CASE_FILE_KEY=str(wrong))
    with pytest.raises(ConfigError, match=r"CASE_FILE_KEY.*openssl genpkey"):
        bundles.init_app(app)


def test_a_given_key_is_the_one_that_signs(tmp_path: Path) -> None:
    given = tmp_path / "given.pem"
    key = bundles.signing_key(given)
    app = Flask("of its own")
    app.extensions["recourse.config"] = a_config(tmp_path, CASE_FILE_KEY=str(given))
    bundles.init_app(app)
    with app.app_context():
        assert bundles.signing_key(bundles.key_path()).sign(b"x") == key.sign(b"x")
    assert a_config(tmp_path).signing_key == tmp_path / "case-file-key.pem"


def test_nothing_of_another_time_is_in_it(case: Settled) -> None:
    said = json.loads(files_of(zipped(case.ref))["record.json"])
    assert said["as_of"] == audit.instant(NOON.replace(hour=10))


def test_every_appeal_that_was_ever_sent_or_lapsed_has_a_file(sqlite_app: Portal, now: Clock, tmp_path: Path) -> None:
    world, path = a_world(), tmp_path / "case.zip"
    drafts = {"draft", "empty", "ruling_draft"}
    assert len(world.appeals) > 15
    for name, ref in world.appeals.items():
        if name in drafts:
            continue
        for lang in ("zh", "en"):
            path.write_bytes(zipped(ref, lang=lang))
            assert bundles.check(path).faults == (), name
