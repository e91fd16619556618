"""The boxes of an MP4 that play the film; every other becomes free space of the same length: no offset moves."""

from collections.abc import Iterator

from portal.evidence.bare.tracks import Span, blank_samples

_TOP = b""
_KEPT = {
    _TOP: frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"ssix", b"mfra"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods", b"pssh"}),
    b"trak": frozenset({b"tkhd", b"mdia", b"edts", b"tref", b"tapt", b"trgr"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"moof": frozenset({b"mfhd", b"traf", b"pssh"}),
}
"""What stays in each box that is looked into; places, devices and authors stand in udta, meta and uuid."""
_DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_NAME = 24
"""Where the maker's own name for a track begins in `hdlr`."""
_HEARD_OR_SEEN = frozenset({b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"tmcd", b"hint"})
_MAX_BOXES = 100_000


def mp4(content: bytes) -> bytes:
    """The film without its notes, the times of its making and what its tracks are called."""
    out = bytearray(content)
    _bare_notes(out)
    _bare(out, _TOP, 0, len(out))
    return bytes(out)


def _bare(out: bytearray, inside: bytes, start: int, end: int) -> None:
    for at, start_of, stop in _boxes(out, start, end):
        kind = bytes(out[at + 4 : at + 8])
        if kind not in _KEPT[inside]:
            out[at + 4 : at + 8] = b"free"
            out[start_of:stop] = bytes(stop - start_of)
        elif kind in _KEPT:
            _bare(out, kind, start_of, stop)
        elif kind in _DATED:
            _zero(out, start_of + 4, min(start_of + (20 if out[start_of : start_of + 1] == b"\1" else 12), stop))
        elif kind == b"hdlr":
            _zero(out, start_of + _NAME, stop)


def _bare_notes(out: bytearray) -> None:
    """Empty the tracks of notes; their tables stay, and lead to nothing."""
    left = len(out)
    film = _inside(out, (0, len(out))).get(b"moov")
    for at, start, end in list(_boxes(out, *film)) if film else ():
        if bytes(out[at + 4 : at + 8]) != b"trak":
            continue
        media = _inside(out, _inside(out, (start, end)).get(b"mdia"))
        handler = media.get(b"hdlr", (end, end))[0] + 8
        if bytes(out[handler : handler + 4]) not in _HEARD_OR_SEEN:
            samples = _inside(out, media.get(b"minf")).get(b"stbl")
            left -= blank_samples(out, _inside(out, samples), left)


def _inside(out: bytearray, span: Span | None) -> dict[bytes, Span]:
    found = _boxes(out, *span) if span else ()
    return {bytes(out[at + 4 : at + 8]): (start, end) for at, start, end in found}


def _boxes(out: bytearray, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Where each box starts, its content starts, and it ends; what is no box is emptied, for no player reads it."""
    for _ in range(_MAX_BOXES):
        size, skip = int.from_bytes(out[at : at + 4], "big"), 8
        if size == 1:
            size, skip = int.from_bytes(out[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < skip or at + size > end:
            break
        yield at, at + skip, at + size
        at += size
    _zero(out, at, end)


def _zero(out: bytearray, start: int, end: int) -> None:
    if start < end:
        out[start:end] = bytes(end - start)
