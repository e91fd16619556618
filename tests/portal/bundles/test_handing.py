"""The button on the page, and the command: who gets the file, and what is left of it."""

import hashlib
from pathlib import Path

import pytest

from portal import Portal, audit, bundles, evidence
from portal.cli.bundle import command
from portal.db import end_reading, is_writing, unit_of_work
from tests import make
from tests.conftest import Clock
from tests.portal.bundles.conftest import Settled, zipped
from tests.reading import Visitor


def test_a_button_on_the_appeal_gives_the_case_file(app: Portal, case: Settled, now: Clock) -> None:
    owner = Visitor(app, case.owner).open(f"/appeals/{case.ref}")
    for button, lang in (("中文版", "zh"), ("英文版", "en")):
        owner.press(button)
        answer = owner.answer
        assert answer is not None
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert answer.headers["Content-Disposition"] == f"attachment; filename={case.ref}-merchant-{lang}.zip"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.content_length == len(answer.data)
        assert answer.data == zipped(case.ref, lang=lang)
        answer.close()
        owner.open(f"/appeals/{case.ref}")
    end_reading()
    taken = [link.data for link in audit.links("exports", ("platform",)) if link.actor == case.owner.pseudonym]
    assert [(said["case"], said["party"], said["lang"]) for said in taken if said] == [
        (case.ref, "merchant", "zh"),
        (case.ref, "merchant", "en"),
    ]


def test_who_only_reads_is_offered_nothing_and_gets_nothing(app: Portal, case: Settled, now: Clock) -> None:
    with unit_of_work():
        viewer = make.a_person("merchant_viewer", case.shop)
    visitor = Visitor(app, viewer).open(f"/appeals/{case.ref}")
    assert "案卷" not in visitor.text
    owner = Visitor(app, case.owner).open(f"/appeals/{case.ref}")
    token = owner.page.all("input", name="csrf_token")[0]["value"]
    assert visitor.client.post(f"/appeals/{case.ref}/case-file", data={"csrf_token": token}).status_code != 200
    end_reading()
    assert audit.links("exports", ()) == []


def test_a_draft_has_no_case_file(app: Portal, case: Settled, now: Clock) -> None:
    with unit_of_work():
        ref = make.a_draft(make.a_penalty(case.shop), make.actor(case.owner, case.shop)).ref
    owner = Visitor(app, case.owner).open(f"/appeals/{case.ref}")
    owner._send("POST", f"/appeals/{ref}/case-file", None, owner.fields(owner.form_of(owner.page.all("button")[-1])))
    assert owner.status == 409
    end_reading()
    assert audit.links("exports", ()) == []


def test_no_lock_is_held_while_the_record_is_set(
    app: Portal, case: Settled, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    contents = bundles.Bundle.contents
    monkeypatch.setattr(bundles.Bundle, "contents", lambda *given: (seen.append(is_writing()), contents(*given))[1])
    owner = Visitor(app, case.owner).open(f"/appeals/{case.ref}").press("中文版")
    assert owner.answer is not None
    owner.answer.close()
    assert seen == [False]


def test_a_damaged_original_is_said_on_a_page(app: Portal, case: Settled, now: Clock) -> None:
    item = evidence.items_of("appeal", case.appeal.id, party="merchant")[0]
    evidence.original(item.file.sha256).unlink()
    owner = Visitor(app, case.owner).open(f"/appeals/{case.ref}").press("中文版")
    assert owner.status == 409
    assert f"证据 {item.exhibit_label} 目前无法" in owner.text


def test_anybody_is_given_the_public_key(app: Portal, case: Settled, tmp_path: Path) -> None:
    got = app.test_client().get("/case-files/key.pem")
    assert got.status_code == 200
    (tmp_path / "case.zip").write_bytes(zipped(case.ref))
    assert bundles.check(tmp_path / "case.zip", bundles.public_key(got.data, "key.pem")).faults == ()
    assert b"PRIVATE" not in got.data


def test_the_command_writes_the_same_file(app: Portal, case: Settled, tmp_path: Path) -> None:
    out = tmp_path / "case.zip"
    result = app.test_cli_runner().invoke(command, [case.ref, "--lang", "en", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert out.read_bytes() == zipped(case.ref, lang="en")
    assert hashlib.sha256(out.read_bytes()).hexdigest() in result.output
    assert str(bundles.public_half(bundles.key_path())) in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["case.zip"]
    assert bundles.check(out).faults == ()


def test_the_command_says_why_there_is_none(app: Portal, case: Settled, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "case.zip")]
    for given, says in (
        (["AP-2026-NOTTHERE"], "There is no case AP-2026-NOTTHERE."),
        ([case.ref, "--party", "buyer"], "no case file for this party"),
    ):
        result = app.test_cli_runner().invoke(command, [*given, *out])
        assert result.exit_code == 1
        assert says in result.stderr
    assert list(tmp_path.iterdir()) == []
