"""Exhibits to arrange with."""

import io

from portal import evidence
from portal.audit import SYSTEM
from portal.db import session, unit_of_work
from portal.evidence import Received, Said, Side
from portal.evidence.models import EvidenceItem
from tests import make, samples
from tests.make import NOON


def a_side(case_id: int = 1, party: str = "merchant") -> Side:
    """One party of a case of a new shop."""
    with unit_of_work():
        return Side("appeal", case_id, make.a_shop().id, party)


def a_file(content: bytes | None = None, name: str = "运单.jpg") -> Received:
    """A file on the disk."""
    return evidence.bring(io.BytesIO(content or samples.DRAWING.read_bytes()), name)


def a_picture(shade: int) -> Received:
    """A small picture; another shade, another file."""
    image = samples.picture((8, 8))
    image.putpixel((0, 0), (shade, 0, 0))
    return a_file(samples.saved(image, "PNG"), f"图{shade}.png")


def an_item(
    side: Side, file: Received | None = None, requirement: str | None = "waybill", most: int = 20
) -> EvidenceItem:
    """A staged exhibit."""
    with unit_of_work():
        return evidence.attach(side, file or a_file(), requirement=requirement, max_files=most, by=SYSTEM, at=NOON)


def a_submission(side: Side, key: str = "key-1", kind: str = "initial") -> int:
    """Everything staged, handed in; the submission's id."""
    with unit_of_work():
        return evidence.seal(side, Said(kind, key, "请核实签收记录"), by=SYSTEM, at=NOON).id


def read_again(item: EvidenceItem) -> EvidenceItem:
    """The exhibit as the database has it now."""
    return session().get_one(EvidenceItem, item.id, populate_existing=True)
