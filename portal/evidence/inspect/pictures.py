"""Pictures: decoded to the last row, measured, and made small."""

import io
import struct
import threading
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from portal.evidence.limits import MAX_PIXELS, MAX_PIXELS_BASELINE, MAX_PIXELS_WEBP, PREVIEW_EDGE
from portal.evidence.refused import UploadRefused

Image.MAX_IMAGE_PIXELS = MAX_PIXELS_BASELINE

_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, AttributeError, OverflowError,
    ZeroDivisionError, struct.error, zlib.error,
)  # fmt: skip
"""What a decoder raises on hostile bytes, besides its own errors."""
_ORIENTATION = 0x0112
_SIDEWAYS = range(5, 9)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What each orientation a camera noted asks for."""
_COARSE = 8 * PREVIEW_EDGE

_one_at_a_time = threading.Lock()
"""A picture may take 200 MiB while it is decoded: one in each process, not one in each thread."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Its size as people see it, turned upright, and a small copy without the original's metadata."""

    width: int
    height: int
    preview: bytes


def look(file: BinaryIO, format_name: str) -> Picture:
    """Decode the whole picture; raises `UploadRefused` when it is too large, cut short or damaged."""
    with _one_at_a_time:
        try:
            if format_name == "PNG":
                _check_sums(file)
            return _decoded(file, format_name)
        except _BOMB as why:
            raise UploadRefused("too_many_pixels") from why
        except _BROKEN as why:
            raise UploadRefused("cut_short" if "truncated" in str(why) else "damaged") from why


def redrawn(content: bytes, media_type: str) -> bytes:
    """The picture drawn anew, upright, of its pixels alone; empty when it can't be read, or is none."""
    format_name, out = media_type.removeprefix("image/").upper(), io.BytesIO()
    with _one_at_a_time:
        try:
            with Image.open(io.BytesIO(content), formats=(format_name,)) as image:
                _refuse_bomb(image)
                upright = _upright(_in_colours(image), _orientation(image))
                Image.frombytes(upright.mode, upright.size, upright.tobytes()).save(out, format_name, quality=95)
        except (*_BOMB, *_BROKEN, UploadRefused):
            return b""
    return out.getvalue()


def _check_sums(file: BinaryIO) -> None:
    """Loading passes over a wrong checksum; only `verify` reads them, and leaves the image unusable."""
    file.seek(0)
    with Image.open(file, formats=("PNG",)) as image:
        _refuse_bomb(image)
        image.verify()


def _decoded(file: BinaryIO, format_name: str) -> Picture:
    file.seek(0)
    with Image.open(file, formats=(format_name,)) as image:
        _refuse_bomb(image)
        width, height = image.size
        if _orientation(image) in _SIDEWAYS:
            width, height = height, width
        image.draft(None, (PREVIEW_EDGE, PREVIEW_EDGE))
        image.load()
        return Picture(width, height, _small(image))


def _refuse_bomb(image: Image.Image) -> None:
    limit = MAX_PIXELS
    if image.format == "WEBP":
        limit = MAX_PIXELS_WEBP
    elif image.format in {"JPEG", "MPO"} and not image.info.get("progressive"):
        limit = MAX_PIXELS_BASELINE
    if image.width * image.height > limit:
        raise UploadRefused("too_many_pixels", limit=limit // 1_000_000)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return 1  # a camera's careless note is no reason to refuse its picture


def _small(image: Image.Image) -> bytes:
    """WebP of at most 400 pixels, upright, of the pixels alone."""
    turned = _orientation(image)
    coarse = max(image.size) / _COARSE
    if coarse > 1:  # without blending, which would copy all of a huge picture
        size = (max(1, int(image.width / coarse)), max(1, int(image.height / coarse)))
        image = image.resize(size, Image.Resampling.NEAREST)
    image = _in_colours(image)
    image.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    image = _upright(image, turned)
    out = io.BytesIO()
    Image.frombytes(image.mode, image.size, image.tobytes()).save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _upright(image: Image.Image, turned: int) -> Image.Image:
    return image.transpose(_TURNS[turned]) if turned in _TURNS else image


def _in_colours(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey; its upper byte is what a screen shows
        high = image.convert("I").point(lambda value: value * (1 / 256))
        return high.convert("L").convert("RGB")
    clear = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB")
