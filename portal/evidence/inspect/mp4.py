"""The boxes of an MP4."""

from collections.abc import Iterator

from portal.evidence.inspect.anatomy import Anatomy, Bytes
from portal.evidence.refused import UploadRefused

_BRANDS = frozenset(
    {b"isom", *(b"iso%d" % edition for edition in range(2, 10)), b"mp41", b"mp42", b"avc1", b"MSNV", b"M4V "}
)
_MAX_BOXES = 100_000
_SOUND_AND_PICTURE = frozenset({b"mdat", b"moof", b"moov"})
Box = tuple[bytes, int, int]
"""Its kind, where its content starts and where it ends."""


def is_mp4(head: bytes) -> bool:
    """Whether the brands of an ISO media file name MP4, and not QuickTime or HEIC."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[at : at + 4] for at in (8, *range(16, length, 4))}
    return head[8:12] != b"qt  " and bool(brands & _BRANDS)


def anatomy(content: Bytes) -> Anatomy:
    """Boxes follow each other without a gap to the last byte; there is one film, with a picture track and its data."""
    boxes = list(_boxes(content, 0, len(content)))
    kinds = [kind for kind, _, _ in boxes]
    if kinds[:1] != [b"ftyp"] or kinds.count(b"moov") > 1:
        raise UploadRefused("damaged")
    if b"moov" not in kinds or not {b"mdat", b"moof"} & set(kinds):
        raise UploadRefused("cut_short")
    _, start, end = boxes[kinds.index(b"moov")]
    _refuse_without_picture(content, start, end)
    return Anatomy(end=len(content), open_spans=[(s, e) for kind, s, e in boxes if kind not in _SOUND_AND_PICTURE])


def _refuse_without_picture(content: Bytes, start: int, end: int) -> None:
    film = list(_boxes(content, start, end))
    if not any(kind == b"mvhd" for kind, _, _ in film):
        raise UploadRefused("damaged")
    tracks = [_track_of(content, s, e) for kind, s, e in film if kind == b"trak"]
    if b"vide" not in tracks:
        raise UploadRefused("no_picture")


def _track_of(content: Bytes, start: int, end: int) -> bytes:
    for kind, s, e in _boxes(content, start, end):
        if kind == b"mdia":
            for inner, at, _ in _boxes(content, s, e):
                if inner == b"hdlr":
                    return content[at + 8 : at + 12]
    return b""


def _boxes(content: Bytes, start: int, end: int) -> Iterator[Box]:
    at = start
    for _ in range(_MAX_BOXES):
        if at == end:
            return
        head = content[at : min(at + 16, end)]
        if len(head) < 8:
            raise UploadRefused("cut_short")
        size, skip = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, skip = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = end - at
        if size < skip:
            raise UploadRefused("damaged")
        if at + size > end:
            raise UploadRefused("cut_short")
        yield head[4:8], at + skip, at + size
        at += size
    raise UploadRefused("damaged")
