"""A file bared: what it shows stays, what it tells besides is gone, and nothing makes it slow or makes it fail."""

import io
import time
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader

from portal.evidence.bare import bare
from tests import samples
from tests.portal.evidence.marked import ICC, MADE, MARK, SIDEWAYS, a_document, a_film, a_photo, says, shown

PICTURES = ("image/jpeg", "image/png", "image/webp")
MEGABYTE = 1_000_000


@pytest.mark.parametrize("kind", MADE)
def test_the_mark_is_gone_and_the_copy_is_the_same_each_time(kind: str) -> None:
    content = MADE[kind]()
    assert says(content)
    copy = bare(content, kind)
    assert not says(copy)
    assert copy == bare(content, kind) == bare(copy, kind)


@pytest.mark.parametrize("kind", PICTURES)
def test_pixels_colours_and_which_way_up_stay(kind: str) -> None:
    content = MADE[kind]()
    assert shown(bare(content, kind)) == shown(content)
    assert shown(content)[2:] == (ICC, SIDEWAYS)
    with Image.open(io.BytesIO(bare(content, kind))) as image:
        assert dict(image.getexif()) == {samples.ORIENTATION: SIDEWAYS}


def test_a_picture_that_lies_upright_has_no_exif_at_all() -> None:
    copy = bare(samples.photo(1, (40, 30)), "image/jpeg")
    assert b"Exif" not in copy
    assert b"Exif" in samples.photo(1, (40, 30))


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"restart_marker_blocks": 1}, {"exif": b"Exif\0\0II*\0\xff"}]
)
def test_however_a_jpeg_is_made_its_pixels_stay(options: dict[str, object]) -> None:
    content = a_photo(**options)
    copy = bare(content, "image/jpeg")
    assert not says(copy)
    assert shown(copy)[:3] == shown(content)[:3]


def test_a_plain_webp_stays_plain() -> None:
    content = samples.saved(samples.picture((9, 9)), "WEBP")
    assert b"VP8X" not in content
    assert bare(content, "image/webp") == content


def test_a_bare_document_can_be_read_and_has_no_author() -> None:
    for content in (a_document(), samples.DOCUMENT.read_bytes()):
        copy = bare(content, "application/pdf")
        assert len(copy) == len(content)
        before, after = PdfReader(io.BytesIO(content)), PdfReader(io.BytesIO(copy), strict=True)
        assert before.metadata
        assert not after.metadata
        assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages]


def test_texts_that_the_info_dictionary_points_to_go_and_other_objects_stay() -> None:
    pointed = (
        b"%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj 5 0 obj (CANARY-HOME \\) x) endobj\n"
        b"6 0 obj << /Author 5 0 R /Title <4341> /Trapped /False /Odd 1 0 R>> endobj 7 0 obj (kept) endobj\n"
        b"trailer << /Root 1 0 R /Info 6 0 R >> trailer << /Info 1 0 R >> startxref\n0\n%%EOF"
    )
    copy = bare(pointed, "application/pdf")
    assert not says(copy)
    assert b"<4341>" not in copy
    assert b"(kept)" in copy
    assert b"/Type /Catalog /Pages 2 0 R" in copy
    assert len(copy) == len(pointed)


def test_an_info_dictionary_in_a_packed_stream_is_emptied_where_it_lies() -> None:
    inside = f"6 0 7 {len(MARK) + 20} << /Author ({MARK}) >>   << /Kept (kept) >>".encode()
    first = inside.index(b"<<")
    packed = zlib.compress(inside, 1)
    head = b"/Type /ObjStm /N 2 /First %d /Filter /FlateDecode /Length %d" % (first, len(packed))
    content = b"%%PDF-1.5\n4 0 obj <<%s>> stream\n%s\nendstream endobj\n" % (head, packed)
    content += b"5 0 obj << /Type /XRef /Info 6 0 R >> stream\n\nendstream endobj\n%%EOF"
    copy = bare(content, "application/pdf")
    at = copy.index(b"stream\n") + 7
    plain = zlib.decompressobj().decompress(copy[at : at + len(packed)])
    assert len(plain) == len(inside)
    assert MARK.encode() not in plain
    assert b"/Kept (kept)" in plain
    assert len(copy) == len(content)


def test_a_bare_film_plays_from_the_same_places_and_tells_no_dates() -> None:
    content, film = a_film(), samples.FILM.read_bytes()
    copy = bare(content, "video/mp4")
    assert len(copy) == len(content)
    start, end = film.index(b"mdat") - 4, film.index(b"moov") - 4
    assert copy[start:end] == film[start:end]
    for table in (b"stco", b"stsz", b"stsc", b"avc1"):
        at = content.index(table)
        assert copy[at : at + 64] == content[at : at + 64]
    assert copy[copy.index(b"mvhd") + 8 :][:8] == bytes(8)
    assert b"udta" not in copy


@pytest.mark.parametrize("kind", MADE)
def test_what_is_cut_short_fails_nowhere_and_tells_nothing(kind: str) -> None:
    content = MADE[kind]()
    step = len(content) // 40 + 1
    for end in range(0, len(content), step):
        copy = bare(content[:end], kind)
        if kind in PICTURES:
            assert not says(copy)
    assert bare(b"", kind) == b""


def test_a_picture_that_cannot_be_taken_apart_is_drawn_anew_upright() -> None:
    with Image.open(io.BytesIO(a_photo())) as image:
        wide = image.size
    odd = a_photo().replace(b"\xff\xdb", b"\0\xff\xdb", 1)  # a byte between two segments, which decoders pass over
    copy = bare(odd, "image/jpeg")
    with Image.open(io.BytesIO(copy)) as image:
        assert image.size == wide[::-1]
    assert not says(copy)


def test_what_is_of_no_kind_of_ours_comes_back_empty() -> None:
    assert bare(b"GIF89a" + MARK.encode(), "image/gif") == b""


HOSTILE = {
    "segments": ("image/jpeg", b"\xff\xd8" + b"\xff\xe1\0\2" * (MEGABYTE // 8) + b"\xff\xd9"),
    "chunks": ("image/png", b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0tEXt\0\0\0\0" * (MEGABYTE // 12)),
    "objects without an end": ("application/pdf", b"/Info 1 0 R" + b"1 0 obj <<" * (MEGABYTE // 10)),
    "streams without an end": ("application/pdf", b"/Info 1 0 R" + b"1 0 obj <<>>stream\n endobj " * (MEGABYTE // 28)),
    "packets without an end": ("application/pdf", b"<?xpacket begin" * (MEGABYTE // 15)),
    "spaces": ("application/pdf", b"/Info" + b" " * MEGABYTE + b"1" + b" " * MEGABYTE + b">>" + b" " * MEGABYTE),
    "many Infos": ("application/pdf", b"/Info 1 0 R 1 0 obj << 1 0 R >> endobj " * (MEGABYTE // 39)),
    "a track of everything": (
        "video/mp4",
        b"\0\x0f\0\0moov\0\x0e\xff\0trak\0\x0e\xfe\0mdia\0\x0e\xfd\0minf\0\x0e\xfc\0stbl"
         b"\0\0\0\x14stsz\0\0\0\0\0\x0f\0\0\0\0\0\0\0\0\0\x14stsc\0\0\0\0\0\0\0\1\0\0\0\1"
         b"\0\x0e\0\0stco"
        + bytes(MEGABYTE),
    ),
    "boxes": ("video/mp4", b"\0\0\0\x08moov" * (MEGABYTE // 8)),
    "bomb": (
        "application/pdf",
        b"/Info 1 0 R "
        + b"2 0 obj <</Type/ObjStm/First 9/FlateDecode>>stream\n%s endstream endobj "
        % zlib.compress(bytes(MEGABYTE * 20))
        * 30,
    ),
    "one object many times": (
        "application/pdf",
        b"/Info 1 0 R 2 0 obj <</Type/ObjStm/First 400000/FlateDecode>>stream\n%s endstream endobj"
        % zlib.compress(b"1 0 1 9 " * 50_000 + b"<< 1 0 R >>" * 50_000),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_no_longer_than_their_size(name: str) -> None:
    kind, content = HOSTILE[name]
    began = time.process_time()
    bare(content, kind)
    assert time.process_time() - began < 2
