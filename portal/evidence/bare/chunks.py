"""The chunks of a PNG and of a WebP that make the picture, and no others."""

import zlib

from portal.evidence.bare.exif import orientation
from portal.evidence.bare.odd import OddError

_PNG = b"\x89PNG\r\n\x1a\n"
_OF_PNG = frozenset(b"IHDR PLTE IDAT tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL fdAT".split())
_OF_WEBP = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
_MAX_CHUNKS = 100_000


def png(content: bytes) -> bytes:
    """Every chunk that tells of pixels and colours, up to IEND; texts, times and unknown ones go."""
    kept, at = [_PNG], 8
    for _ in range(_MAX_CHUNKS):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        after = at + 12 + length
        if len(kind) < 4 or after > len(content):
            raise OddError
        if kind == b"IEND":
            return b"".join((*kept, _png_chunk(kind, b"")))
        if kind in _OF_PNG:
            kept.append(content[at:after])
        elif kind == b"eXIf" and (turned := orientation(content[at + 8 : after - 4])):
            kept.append(_png_chunk(kind, turned))
        at = after
    raise OddError


def webp(content: bytes) -> bytes:
    """Every chunk that tells of pixels and colours, and a head that promises no more than is there."""
    kept: list[tuple[bytes, bytes]] = []
    turned = b""
    at, end = 12, 8 + int.from_bytes(content[4:8], "little")
    for _ in range(_MAX_CHUNKS):
        if at >= min(end, len(content)) - 1:
            return _riff(kept, turned)
        kind, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        data = content[at + 8 : at + 8 + length]
        if len(data) < length:
            raise OddError
        if kind in _OF_WEBP:
            kept.append((kind, data))
        elif kind == b"EXIF" and not turned:
            turned = orientation(data.removeprefix(b"Exif\0\0"))
        at += 8 + length + length % 2
    raise OddError


def _riff(chunks: list[tuple[bytes, bytes]], turned: bytes) -> bytes:
    """The plain kind of WebP has no head to say that there is EXIF, so it has none."""
    if not chunks:
        raise OddError
    if chunks[0][0] == b"VP8X":
        head = chunks[0][1]
        flags = head[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if turned else 0) if head else 0
        chunks = [(b"VP8X", bytes((flags,)) + head[1:]), *chunks[1:]]
        chunks += [(b"EXIF", turned)] if turned else []
    body = b"".join(kind + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2) for kind, data in chunks)
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
