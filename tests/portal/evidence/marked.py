"""A file of each kind that says in its metadata where and by whom it was made, in words to look for."""

import io
import zlib
from functools import cache

from PIL import Image, PngImagePlugin

from tests import samples

MARK = "CANARY-HOME"
ARTIST, SIDEWAYS = 0x013B, 6
ICC = b"\0\0\0\x10icc of our own"


def says(content: bytes) -> bool:
    """Whether the mark is in these bytes, in one of the ways in which programs write text."""
    return any(MARK.encode(way) in content for way in ("utf-8", "utf-16-be", "utf-16-le"))


def exif(orientation: int = SIDEWAYS) -> Image.Exif:
    """As a phone notes it, the place included."""
    noted = Image.Exif()
    noted[samples.ORIENTATION], noted[ARTIST], noted[samples.MAKER] = orientation, MARK, MARK
    noted[samples.GPS] = {1: "N", 2: (31.0, 13.0, 49.0), 29: MARK}
    return noted


def a_photo(**options: object) -> bytes:
    """A JPEG, with a film behind its end as phones append it."""
    shades = Image.linear_gradient("L").resize((40, 30)).convert("RGB")
    options = {"exif": exif(), "icc_profile": ICC, "comment": MARK, "xmp": MARK.encode()} | options
    return samples.saved(shades, "JPEG", **options) + MARK.encode()


def a_screenshot() -> bytes:
    """A PNG with a text, a compressed text and EXIF."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", MARK)
    texts.add_itxt("XML:com.adobe.xmp", MARK)
    texts.add_text("Comment", MARK * 9, zip=True)
    return samples.saved(samples.picture((40, 30)), "PNG", pnginfo=texts, exif=exif(), icc_profile=ICC)


def a_webp() -> bytes:
    """A WebP with EXIF and XMP."""
    return samples.saved(samples.picture((40, 30)), "WEBP", exif=exif(), xmp=MARK.encode(), icc_profile=ICC)


@cache  # it bears the time of its making
def a_document() -> bytes:
    """A PDF with an author, XMP, and a photograph with its EXIF."""
    out = samples.saved(samples.picture((40, 30)), "PDF", author=MARK, title=MARK, producer=MARK)
    xmp = f'<?xpacket begin="" id="x"?><x>{MARK}</x><?xpacket end="w"?>'.encode()
    packed = zlib.compress(xmp)
    photo = a_photo()[: -len(MARK)]
    more = b"".join(
        b"%d 0 obj\n<</Length %d %s>>\nstream\n%s\nendstream\nendobj\n" % (number, len(data), kind, data)
        for number, kind, data in (
            (901, b"/Type /Metadata /Subtype /XML", xmp),
            (902, b"/Type/Metadata/Subtype/XML/Filter/FlateDecode", packed),
            (903, b"/Subtype/Image/Filter/DCTDecode", photo),
        )
    )
    table = out.rindex(b"\nxref") + 1
    moved = out[:table] + more + out[table:]
    return moved.replace(b"startxref\n%d" % table, b"startxref\n%d" % (table + len(more)))


def a_film() -> bytes:
    """An MP4 with its place in the film's notes, as Android writes it."""
    film = samples.FILM.read_bytes()
    at = film.index(b"moov") - 4
    place = _box(b"udta", _box(b"\xa9xyz", b"\0\x0d\x15\xc7" + MARK.encode()))
    ways = place + _a_track_of_places(0)
    begins = at + 8 + len(film[at + 8 :]) + len(ways) + 8
    more = place + _a_track_of_places(begins)
    notes = _box(b"mdat", MARK.encode() * 3)
    return film[:at] + _box(b"moov", film[at + 8 :] + more) + notes + _box(b"uuid", bytes(16) + MARK.encode())


def _a_track_of_places(begins: int) -> bytes:
    """As action cameras have it: three samples in two chunks, of notes and not of pictures."""
    one, head = len(MARK), bytes(4)

    def numbers(*values: int) -> bytes:
        return b"".join(value.to_bytes(4, "big") for value in values)

    tables = _box(b"stsz", head + numbers(0, 3, one, one, one)) + _box(b"stsc", head + numbers(2, 1, 2, 1, 2, 1, 1))
    tables += _box(b"stco", head + numbers(2, begins, begins + 2 * one))
    handler = _box(b"hdlr", bytes(8) + b"meta" + bytes(12) + MARK.encode())
    return _box(b"trak", _box(b"mdia", handler + _box(b"minf", _box(b"stbl", tables))))


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


MADE = {
    "image/jpeg": a_photo,
    "image/png": a_screenshot,
    "image/webp": a_webp,
    "application/pdf": a_document,
    "video/mp4": a_film,
}


def shown(content: bytes) -> tuple[object, ...]:
    """What can be seen of a picture: its pixels, its colours, and which way up it is."""
    with Image.open(io.BytesIO(content)) as image:
        return image.tobytes(), image.size, image.info.get("icc_profile"), image.getexif().get(samples.ORIENTATION)
