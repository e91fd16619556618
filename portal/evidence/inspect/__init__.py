"""What a file is, by its content alone: allowed, whole, one thing only, or refused with the reason."""

import mmap
from dataclasses import dataclass
from typing import BinaryIO

from portal.evidence.inspect import chunks, jpeg, mp4, pdf, pictures
from portal.evidence.inspect.anatomy import Anatomy, Bytes, refuse_foreign
from portal.evidence.inspect.pictures import redrawn
from portal.evidence.inspect.strangers import refuse_stranger
from portal.evidence.limits import MAX_BYTES
from portal.evidence.refused import UploadRefused

__all__ = ["EXTENSIONS", "Finding", "inspect", "redrawn"]

EXTENSIONS = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4", ".m4v"),
}
"""What we take in, and the endings such a file may have; the first is the one we add."""
_ANATOMY = {
    "image/jpeg": jpeg.anatomy,
    "image/png": chunks.png,
    "image/webp": chunks.webp,
    "application/pdf": pdf.anatomy,
    "video/mp4": mp4.anatomy,
}
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Finding:
    """What the content proved to be; `preview` is a small WebP, of pictures only."""

    media_type: str
    width: int | None = None
    height: int | None = None
    preview: bytes | None = None


def inspect(file: BinaryIO) -> Finding:
    """Say what this open file is; raises `UploadRefused` unless it is whole and one of ours.

    At most 2 seconds and 256 MiB. The content is mapped, not read, so its size costs no memory.
    """
    size = file.seek(0, 2)
    if size == 0:
        raise UploadRefused("empty")
    if size > MAX_BYTES:
        raise UploadRefused("too_large")
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        media_type = _media_type(content[:_HEAD])
        refuse_foreign(content, _anatomy(content, media_type))
    if not media_type.startswith("image/"):
        return Finding(media_type)
    picture = pictures.look(file, media_type.removeprefix("image/").upper())
    return Finding(media_type, picture.width, picture.height, picture.preview)


def _media_type(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head[4:8] == b"ftyp" and mp4.is_mp4(head):
        return "video/mp4"
    refuse_stranger(head)
    raise UploadRefused("wrong_type")


def _anatomy(content: Bytes, media_type: str) -> Anatomy:
    return _ANATOMY[media_type](content)
