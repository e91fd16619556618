"""A case that went the whole way, and its file on the disk."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from portal import Portal, appeals, bundles, penalties
from portal.accounts.models import Person, Shop
from portal.appeals.models import Appeal
from portal.audit import SYSTEM
from portal.db import end_reading, unit_of_work
from portal.evidence import bring
from tests import make, samples
from tests.make import NOON

HOUR = timedelta(hours=1)
LATER = NOON + timedelta(days=1)


@dataclass
class Settled:
    """An appeal with the platform's evidence, a supplement and a decision."""

    shop: Shop
    owner: Person
    reviewer: Person
    appeal: Appeal
    words: dict[str, str] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """The number of the case."""
        return self.appeal.ref


def settled(**people: str) -> Settled:
    """Make one; `people` are fields of the reviewer."""
    with samples.DRAWING.open("rb") as picture, samples.DOCUMENT.open("rb") as document:
        proof = [("物流轨迹", bring(picture, "物流轨迹.jpg")), ("核查记录", bring(document, "核查记录（1）.pdf"))]
    with unit_of_work():
        shop = make.a_shop()
        owner, reviewer = make.a_person("merchant_owner", shop), make.a_person("reviewer", **people)
        merchant, by = make.actor(owner, shop), make.actor(reviewer)
        penalty = make.a_penalty(shop)
        penalties.add_evidence(penalty, proof, by=SYSTEM, at=NOON)
        appeal = make.file_it(make.a_draft(penalty, merchant, NOON + HOUR), merchant, NOON + 2 * HOUR)
        make.supplement(make.ask_for_evidence(appeal, by, NOON + 3 * HOUR), merchant, NOON + 4 * HOUR)
        seat = make.a_seat(appeal, by, NOON + 5 * HOUR)
        appeals.actions.decide(appeal, seat, verdict=make.a_verdict(appeal), by=by, at=NOON + 6 * HOUR)
    return Settled(shop, owner, reviewer, appeal)


@pytest.fixture
def case(app: Portal) -> Settled:
    """It, on both databases."""
    return settled()


@pytest.fixture
def lone_case(sqlite_app: Portal) -> Settled:
    """It on SQLite alone, for what no database can change."""
    return settled()


def zipped(ref: str, party: str = "merchant", lang: str = "zh") -> bytes:
    """The case file as bytes."""
    end_reading()
    with unit_of_work():
        bundle = bundles.export(ref, party, lang, by=SYSTEM, at=LATER)
    return b"".join(bundles.written(bundle.contents(bundles.signing_key(bundles.key_path()))))


def files_of(whole: bytes) -> dict[str, bytes]:
    """What is in it, as any program unpacks it."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def listed(whole: bytes) -> dict[str, dict[str, object]]:
    """The files of the manifest, by path."""
    return {one["path"]: one for one in json.loads(files_of(whole)["manifest.json"])["files"]}


def text_of(whole: bytes) -> str:
    """What can be selected in the record, without line breaks and the places where a long word may be broken.

    The reader puts such a place now and then into a word that has none.
    """
    reader = PdfReader(io.BytesIO(files_of(whole)["record.pdf"]))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace("\u200b", "")


def everything_in(whole: bytes) -> str:
    """All of its bytes and all that its record says, to look for what must not be there."""
    return whole.decode("utf-8", "replace") + whole.decode("gb18030", "replace") + text_of(whole)


@pytest.fixture(scope="module")
def made(shared_sqlite_app: Portal) -> tuple[bytes, bytes]:
    """Its ZIP and the public key, made once for all tests of a file that only look at the ZIP."""
    return zipped(settled().ref), bundles.public_half(bundles.key_path()).read_bytes()


@pytest.fixture
def on_disk(made: tuple[bytes, bytes], tmp_path: Path) -> Path:
    """The ZIP, and the public key beside it as `key.pem`."""
    path = tmp_path / "case.zip"
    path.write_bytes(made[0])
    (tmp_path / "key.pem").write_bytes(made[1])
    return path
