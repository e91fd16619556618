"""Publishing what the files say, once."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from portal import Portal, policies
from portal.db import session, unit_of_work
from portal.policies import actions
from portal.policies.models import PolicyVersion
from portal.refusals import Refused

LATER = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be changed."""
    copy = tmp_path / "files"
    shutil.copytree(actions.FOLDER / "presets", copy / "presets")
    shutil.copy(actions.FOLDER / "catalogue.json", copy)
    return copy


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_loading_again_publishes_nothing(app: Portal, folder: Path) -> None:
    with unit_of_work():
        assert policies.load(LATER, folder) == []
    assert session().scalar(select(func.count()).select_from(PolicyVersion)) == 3


def test_a_changed_file_becomes_a_new_version_and_the_old_one_stays(app: Portal, folder: Path) -> None:
    before = policies.current("douyin", LATER)
    change(folder / "presets" / "douyin.json", max_files=7)
    with unit_of_work():
        assert [(v.code, v.number) for v in policies.load(LATER, folder)] == [("douyin", 2)]
    after = policies.current("douyin", LATER)
    assert (policies.body(before.id).max_files, policies.body(after.id).max_files) == (20, 7)
    assert policies.current("douyin", LATER - timedelta(seconds=1)).number == 1
    app.extensions["recourse.policies"].clear()


def test_how_a_file_is_laid_out_changes_nothing(app: Portal, folder: Path) -> None:
    change(folder / "presets" / "douyin.json")
    with unit_of_work():
        assert policies.load(LATER, folder) == []


def test_a_changed_catalogue_is_a_new_version_of_every_policy(app: Portal, folder: Path) -> None:
    catalogue = json.loads((folder / "catalogue.json").read_text())
    catalogue["rules"][0]["points"] = 5
    change(folder / "catalogue.json", **catalogue)
    with unit_of_work():
        assert len(policies.load(LATER, folder)) == 3


def test_one_bad_file_keeps_all_from_being_published(app: Portal, folder: Path) -> None:
    change(folder / "presets" / "douyin.json", max_files=7)
    change(folder / "presets" / "tiktok-like.json", max_files=0)
    with pytest.raises(policies.BadFileError, match=r"tiktok-like\.json: max_files is 0; allowed is a whole number"):
        policies.load(LATER, folder)
    assert policies.current("douyin", LATER).number == 1


def test_a_published_version_can_not_be_changed(app: Portal) -> None:
    with pytest.raises(DatabaseError, match="immutable"), unit_of_work():
        session().execute(update(PolicyVersion).values(jurisdiction="XX"))


def test_a_policy_nobody_published_is_refused(app: Portal) -> None:
    with pytest.raises(Refused) as refused:
        policies.current("nowhere", LATER)
    assert refused.value.code == "no_such_policy"
