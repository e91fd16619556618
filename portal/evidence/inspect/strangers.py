"""Files we don't take in, recognised so that the refusal can say what to do instead."""

import re

import puremagic

from portal.evidence.refused import UploadRefused

_WEB_PAGE = re.compile(rb"\s*<(?:[a-z!?/])", re.IGNORECASE)
_DOCUMENT = re.compile(rb"\[Content_Types\]\.xml|mimetypeapplication/|OFD\.xml")
_ADVICE = {
    "heic": (".heic", ".heif", ".avif", ".hif"),
    "quicktime": (".mov", ".qt", ".qtvr"),
    "other_picture": (".gif", ".bmp", ".tif", ".tiff", ".ico", ".psd", ".jp2", ".jxl"),
    "other_film": (".avi", ".mkv", ".webm", ".flv", ".wmv", ".asf", ".3gp", ".3g2", ".mpg", ".mpeg", ".m4a", ".ts"),
    "document": (".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".rtf", ".odt", ".ofd"),
    "archive": (".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz"),
}


def refuse_stranger(head: bytes) -> None:
    """Raise the refusal that fits these first bytes; return when they are of no kind known by name."""
    if _WEB_PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise UploadRefused("web_page")
    if head.startswith(b"PK"):
        raise UploadRefused("document" if _DOCUMENT.search(head) else "archive")
    seen = _extensions(head)
    for code, extensions in _ADVICE.items():
        if seen & set(extensions):
            raise UploadRefused(code)


def _extensions(head: bytes) -> set[str]:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return set()
    best = max((match.confidence for match in matches), default=0)
    return {match.extension for match in matches if match.confidence == best}
