"""The chunks of a PNG and of a WebP."""

from portal.evidence.inspect.anatomy import Anatomy, Bytes
from portal.evidence.refused import UploadRefused

_PIXELS = frozenset({b"IDAT", b"fdAT", b"VP8 ", b"VP8L", b"ALPH", b"ANMF"})
_MAX_CHUNKS = 100_000


def png(content: Bytes) -> Anatomy:
    """Walk from chunk to chunk to IEND; their checksums are the decoder's business."""
    found, at = Anatomy(end=len(content)), 8
    for _ in range(_MAX_CHUNKS):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        after = at + 12 + length
        if len(kind) < 4 or after > len(content):
            raise UploadRefused("cut_short")
        if kind not in _PIXELS:
            found.open_spans.append((at, after))
        if kind == b"IEND":
            found.end = after
            return found
        at = after
    raise UploadRefused("damaged")


def webp(content: Bytes) -> Anatomy:
    """Walk the chunks inside the RIFF frame, which must end where it says."""
    found = Anatomy(end=8 + int.from_bytes(content[4:8], "little"))
    if found.end > len(content):
        raise UploadRefused("cut_short")
    at = 12
    for _ in range(_MAX_CHUNKS):
        if at >= found.end - 1:
            return found
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        after = at + 8 + length + length % 2
        if after > found.end + 1:
            raise UploadRefused("damaged")
        if content[at : at + 4] not in _PIXELS:
            found.open_spans.append((at, after))
        at = after
    raise UploadRefused("damaged")
