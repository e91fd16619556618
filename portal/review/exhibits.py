"""An exhibit as the viewer of a panel shows it, whatever the case type."""

from typing import Any

from portal import text
from portal.evidence.models import EvidenceItem


def exhibit(item: EvidenceItem, href: str) -> dict[str, Any]:
    """What the viewer needs; `href` is where the file itself is, its small picture with `?preview=1`."""
    picture = item.file.media_type.startswith("image/")
    return {
        "ref": item.ref,
        "label": item.exhibit_label or "",
        "title": " ".join(part for part in (item.exhibit_label, item.title) if part),
        "small": text.local(item.sealed_at or item.created_at),
        "requirement": item.requirement_code,
        "media": item.file.media_type,
        "href": href,
        "preview": f"{href}?preview=1" if picture else "",
        "large": href if picture else "",
    }
