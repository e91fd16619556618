"""A file without what its camera or program wrote into it: place, device, author, times. Pure."""

from collections.abc import Callable

from portal.evidence.bare.chunks import png, webp
from portal.evidence.bare.jpeg import jpeg
from portal.evidence.bare.mp4 import mp4
from portal.evidence.bare.odd import OddError
from portal.evidence.bare.pdf import pdf
from portal.evidence.inspect import redrawn

EDITION = 1
"""Counted up when a copy is made another way, so that none made the old way is handed out."""
_WAYS: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": jpeg,
    "image/png": png,
    "image/webp": webp,
    "application/pdf": pdf,
    "video/mp4": mp4,
}


def bare(content: bytes, media_type: str) -> bytes:
    """The same picture, document or film without its metadata; pixels, ICC profile and orientation stay.

    Gives the same bytes each time, never raises, and takes time in proportion to the size. A picture that can't be
    taken apart is drawn anew; one that can't be read at all, or what is of no kind that we take in, comes back empty.
    PDF and MP4 keep their length: what goes is overwritten where it stands, and what that can't reach stands in
    docs/decisions/0012.
    """
    if media_type not in _WAYS:
        return b""
    try:
        return _WAYS[media_type](content)
    except OddError:
        return redrawn(content, media_type)
