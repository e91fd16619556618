"""Real files to send: what merchants have on their phones.

`waybill.jpg` and `waybill.pdf` are drawn and printed by us; the photograph and the film ship inside a test dependency.
"""

import io
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
_IMAGEIO = find_spec("imageio")
assert _IMAGEIO is not None
assert _IMAGEIO.origin is not None
_SHIPPED = Path(_IMAGEIO.origin).parent / "resources" / "images"

DRAWING = HERE / "waybill.jpg"
DOCUMENT = HERE / "waybill.pdf"
PHOTOGRAPH = _SHIPPED / "astronaut.png"
CAT = _SHIPPED / "chelsea.png"
FILM = _SHIPPED / "cockatoo.mp4"
GIF = _SHIPPED / "newtonscradle.gif"
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def photo(orientation: int = 1, size: tuple[int, int] | None = None, **options: object) -> bytes:
    """The photograph as a phone writes it: JPEG with EXIF, where it was taken included."""
    with Image.open(PHOTOGRAPH) as image:
        picture = image.convert("RGB").resize(size) if size else image.convert("RGB")
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = orientation, "青禾手机"
    exif[GPS] = {1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)}
    return saved(picture, "JPEG", exif=exif, quality=85, **options)


def picture(size: tuple[int, int] = (320, 200), mode: str = "RGB") -> Image.Image:
    """A plain picture of one colour."""
    return Image.new(mode, size, 90)


def saved(image: Image.Image, format_name: str, **options: object) -> bytes:
    """The picture as bytes of this format."""
    out = io.BytesIO()
    image.save(out, format_name, **options)  # type: ignore[arg-type]
    return out.getvalue()
