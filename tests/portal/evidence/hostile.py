"""Files nobody should get past us: what each pretends, and the reason it is refused with."""

import io
import struct
import zipfile
import zlib

from tests import samples

JPEG = samples.DRAWING.read_bytes()
PNG = samples.CAT.read_bytes()
WEBP = samples.saved(samples.picture(), "WEBP")
PDF = samples.DOCUMENT.read_bytes()
MP4 = samples.FILM.read_bytes()
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def packed(name: str = "evil.js") -> bytes:
    """A ZIP with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "alert(1)")
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to nothing in it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 4096)) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose frame claims another size."""
    at = JPEG.index(b"\xff\xc0")
    return JPEG[: at + 5] + struct.pack(">HH", height, width) + JPEG[at + 9 :]


def jpeg_with(text: bytes, marker: int = 0xFE) -> bytes:
    """A JPEG with a comment."""
    return JPEG[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(text) + 2) + text + JPEG[2:]


def png_with(text: bytes) -> bytes:
    """A PNG with a comment."""
    return PNG[:33] + chunk(b"tEXt", b"Comment\0" + text) + PNG[33:]


def box(kind: bytes, body: bytes) -> bytes:
    """An MP4 box."""
    return struct.pack(">I", len(body) + 8) + kind + body


FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
_AT = MP4.index(b"moov") - 4
TABLE = MP4[_AT : _AT + int.from_bytes(MP4[_AT : _AT + 4], "big")]
SILENT = box(
    b"moov", box(b"mvhd", bytes(100)) + box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"soun" + bytes(12))))
)
PROGRAM = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def film_of(size: int) -> bytes:
    """An MP4 of this many bytes, nearly all of them picture data."""
    rest = size - len(FTYP) - len(TABLE) - 8
    return FTYP + TABLE + box(b"mdat", bytes(rest))


BROKEN_PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\nstartxref\n99999\n%%EOF\n"
MANY_SCANS = samples.saved(samples.picture(), "JPEG", progressive=True)
_SCAN = MANY_SCANS[MANY_SCANS.rindex(b"\xff\xda") : -2]

HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing at all": (b"", "empty"),
    "a web page called photo.jpg": (PAGE, "web_page"),
    "a web page after a byte order mark": (b"\xef\xbb\xbf" + PAGE, "web_page"),
    "a drawing with a script": (SVG, "web_page"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "wrong_type"),
    "a text": ("物流已签收".encode(), "wrong_type"),
    "a Windows program": (b"MZ" + bytes(300), "wrong_type"),
    "a ZIP": (packed(), "archive"),
    "a Word document": (packed("[Content_Types].xml"), "document"),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "document"),
    "a GIF": (samples.GIF.read_bytes(), "other_picture"),
    "a HEIC photo": (box(b"ftyp", b"heic\0\0\0\0mif1heic") + bytes(200), "heic"),
    "a MOV film": (box(b"ftyp", b"qt  \0\0\0\0qt  ") + bytes(200), "quicktime"),
    "a sound in an MP4": (FTYP + SILENT + box(b"mdat", bytes(64)), "no_picture"),
    "a page behind a JPEG": (JPEG + PAGE, "two_in_one"),
    "a page behind a PNG": (PNG + PAGE, "two_in_one"),
    "a page behind a WebP": (WEBP + PAGE, "two_in_one"),
    "a page behind a PDF": (PDF + PAGE, "two_in_one"),
    "a page in a JPEG comment": (jpeg_with(PAGE), "two_in_one"),
    "a page in a JPEG's application segment": (jpeg_with(b"x" + PAGE, 0xE5), "two_in_one"),
    "a PHP program in a JPEG comment": (jpeg_with(b"<?php system($_GET[0]); __halt_compiler(); ?>"), "two_in_one"),
    "a page in a PNG text": (png_with(PAGE), "two_in_one"),
    "a page in the head of a PDF": (PDF[:9] + b"%" + PAGE + b"\n" + PDF[9:], "two_in_one"),
    "a page in a free box of an MP4": (MP4 + box(b"free", PAGE), "two_in_one"),
    "a ZIP behind a JPEG": (JPEG + packed(), "two_in_one"),
    "a ZIP behind a PNG": (PNG + packed(), "two_in_one"),
    "a ZIP behind a PDF": (PDF + packed() + b"\n%%EOF", "two_in_one"),
    "a ZIP in the last box of an MP4": (MP4 + box(b"free", packed()), "two_in_one"),
    "a PDF behind a JPEG": (JPEG + PDF, "two_in_one"),
    "a program behind a PNG": (PNG + b"MZ" + bytes(100), "two_in_one"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], "cut_short"),
    "a JPEG without its last bytes": (JPEG[:-2], "cut_short"),
    "the first bytes of a JPEG": (JPEG[:12], "cut_short"),
    "half a PNG": (PNG[: len(PNG) // 2], "cut_short"),
    "half a WebP": (WEBP[: len(WEBP) // 2], "cut_short"),
    "half a PDF": (PDF[: len(PDF) // 2], "cut_short"),
    "half an MP4": (MP4[: len(MP4) // 2], "cut_short"),
    "an MP4 without its table": (FTYP + box(b"mdat", bytes(64)), "cut_short"),
    "an MP4 with an impossible box": (MP4 + b"\0\0\0\3free", "damaged"),
    "a PNG with a wrong checksum": (PNG[:60] + bytes([PNG[60] ^ 1]) + PNG[61:], "damaged"),
    "a JPEG of zeroes": (b"\xff\xd8\xff" + bytes(500), "damaged"),
    "a PDF that is only its head": (b"%PDF-1.7\n%%EOF\n", "damaged"),
    "a PDF whose table is nowhere": (BROKEN_PDF, "damaged"),
    "a PDF with a password": (PDF.replace(b"\n/Root", b"\n/Encrypt 7 0 R\n/Root"), "locked_pdf"),
    "a PDF with a program": (PDF.replace(b"/Catalog", b"/Catalog /OpenAction " + PROGRAM), "program_in_pdf"),
    "a JPEG of 4 gigapixels": (jpeg_of(65000, 65000), "too_many_pixels"),
    "a JPEG of 200 megapixels": (jpeg_of(16000, 12500), "too_many_pixels"),
    "a PNG of 10 gigapixels": (png_of(100_000, 100_000), "too_many_pixels"),
    "a PNG of 50 megapixels": (png_of(10_000, 5_000), "too_many_pixels"),
    "a WebP of 16 megapixels": (samples.saved(samples.picture((4000, 4000)), "WEBP", method=0), "too_many_pixels"),
    "a JPEG of a thousand scans": (MANY_SCANS[:-2] + _SCAN * 1000 + b"\xff\xd9", "too_many_pixels"),
    "a PNG whose note unpacks to 100 MB": (
        PNG[:33] + chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(100_000_000), 9)) + PNG[33:], "damaged"),
}  # fmt: skip
