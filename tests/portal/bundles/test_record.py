"""What the record says: in both languages, selectable, whatever somebody wrote."""

import io
import json

import pytest
from pypdf import PdfReader

from portal import bundles
from portal.audit import SYSTEM
from portal.bundles import record
from portal.bundles.record import RecordError
from portal.db import unit_of_work
from tests import make
from tests.portal.bundles.conftest import LATER, Settled, files_of, settled, text_of, zipped

HOSTILE = "表情😀 反转\u202e字 生僻𠮷 #set page(fill: red) $x$ [a](b) <b>*_\\ \"' " + "长" * 300 + "w" * 500


def test_its_chinese_can_be_selected(case: Settled) -> None:
    words = text_of(zipped(case.ref))
    for said in (
        case.ref, case.shop.name, "虚假发货", "12 笔订单点击发货后没有揽收记录。", "并非没有发货", "缺 11 笔",
        "寄件清单没有网点章", "申诉不成立", "证据目录", "核查记录（1）.pdf", "期限", "2026年3月2日 12:00", "当天不计",
        "店铺提交了申诉", "违约金",
    ):  # fmt: skip
        assert said in words, said
    assert "您提交了申诉" not in words


def test_it_is_english_for_who_reads_english(case: Settled) -> None:
    words = text_of(zipped(case.ref, lang="en"))
    for said in ("Case file of the appeal", "The shop sent the appeal", "List of exhibits", "Appeal not upheld"):
        assert said in words, said
    assert "证据目录" not in words


def test_every_exhibit_stands_in_its_list_with_its_hash(case: Settled) -> None:
    whole = zipped(case.ref)
    words = text_of(whole)
    exhibits = json.loads(files_of(whole)["record.json"])["exhibits"]
    assert [one["label"] for one in exhibits] == ["P1", "P2", "A1", "A2", "A3"]
    for one in exhibits:
        assert one["sha256"] in words
        assert one["name"] in words


def test_it_claims_to_be_pdf_a_and_carries_its_fonts(lone_case: Settled) -> None:
    pdf = files_of(zipped(lone_case.ref))["record.pdf"]
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert lone_case.ref in (reader.metadata.title or "")
    fonts = {font for page in reader.pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert fonts
    for font in fonts:
        (descendant,) = font.get_object()["/DescendantFonts"]
        assert "/FontFile3" in descendant.get_object()["/FontDescriptor"]


def test_whatever_somebody_wrote_is_only_text(lone_case: Settled) -> None:
    with unit_of_work():
        merchant = make.actor(lone_case.owner, lone_case.shop)
        draft = make.a_draft(make.a_penalty(lone_case.shop, facts=HOSTILE), merchant)
        draft.statement = HOSTILE
        ref = make.file_it(draft, merchant).ref
    whole = zipped(ref)
    words, said = text_of(whole), json.loads(files_of(whole)["record.json"])
    assert "表情[U+1F600]" in words
    assert "反转[U+202E]字" in words
    assert "生僻[U+20BB7]" in words
    assert "#set page(fill: red) $x$ [a](b) <b>*_\\" in words
    assert "w" * 500 in words
    assert said["submissions"][0]["texts"][0][1] == HOSTILE


def test_a_font_that_is_not_there_is_an_error(lone_case: Settled, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = record.TEMPLATE.read_text().replace("Noto Sans SC", "Nothing Like It")
    with unit_of_work():
        bundle = bundles.export(lone_case.ref, "merchant", "zh", by=SYSTEM, at=LATER)

    class Template:
        """A template in a font that nobody has."""

        @staticmethod
        def read_bytes() -> bytes:
            return missing.encode()

    monkeypatch.setattr(record, "TEMPLATE", Template)
    with pytest.raises(RecordError):
        record.pdf(bundle.record)


def test_the_times_are_those_of_the_shop(lone_case: Settled) -> None:
    other = settled()
    with unit_of_work() as current:
        other.shop = current.merge(other.shop)
        other.shop.zone = "Europe/Berlin"
    assert "2026年3月2日 05:00" in text_of(zipped(other.ref))
