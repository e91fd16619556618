"""A case file put together: drawn up from plain values, so that it can be written when no row is open any more."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal import evidence
from portal.audit import Link, canonical, instant
from portal.bundles import archive, record
from portal.bundles.archive import Entry
from portal.bundles.casefile import CaseFile, Exhibit
from portal.bundles.signing import fingerprint, public_pem
from portal.refusals import Refused

README = Path(__file__).with_name("README.txt")
FORMAT = "recourse-case-file/1"
MANIFEST, SIGNATURE = archive.FIRST
PUBLIC_KEY, HISTORY = "public-key.pem", "history.json"
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """One file on its way into the ZIP: its bytes, or where they lie; of a copy also the hash of its original."""

    path: str
    size: int
    sha256: str
    crc: int
    source: bytes | Path
    original: str = ""

    @property
    def entry(self) -> Entry:
        """What the ZIP says of it."""
        return Entry(self.path, self.size, self.crc)

    @property
    def line(self) -> dict[str, Any]:
        """What the manifest says of it; the hash of an original comes last, where sha256sum's list ends before it."""
        said = {"path": self.path, "sha256": self.sha256, "size": self.size}
        return said | ({"without_metadata_of": self.original} if self.original else {})

    def read(self) -> Iterator[bytes]:
        """Its bytes, a piece at a time."""
        if isinstance(self.source, bytes):
            yield self.source
            return
        with self.source.open("rb") as file:
            yield from iter(partial(file.read, PIECE), b"")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything a case file is made of, as one party may see it; `originals` are where the exhibits lie.

    `copies` makes those that the party gets of what the other side handed in.
    """

    case: CaseFile
    party: str
    lang: str
    record: dict[str, Any]
    history: dict[str, list[Link]]
    originals: dict[str, Path]
    copies: evidence.BareCopies

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.case.ref}-{self.party}-{self.lang}.zip"

    def heads(self) -> list[dict[str, Any]]:
        """How far each history goes: the hash of its last event covers all of it."""
        return [{"chain": n, "events": len(links), "head": links[-1].hash} for n, links in self.history.items()]

    def contents(self, key: Ed25519PrivateKey) -> list[Content]:
        """Every file of it, signed and in order; what can go wrong goes wrong here, before a byte is handed on.

        Refused with `original_damaged` if an exhibit isn't what was handed in.
        """
        contents = [*self._plain(key), *self._exhibits()]
        manifest = self._manifest(contents, key)
        contents += [_content(MANIFEST, manifest), _content(SIGNATURE, key.sign(manifest))]
        return sorted(contents, key=lambda content: archive.place(content.path))

    def _plain(self, key: Ed25519PrivateKey) -> Iterator[Content]:
        yield _content(README.name, README.read_bytes())
        yield _content(PUBLIC_KEY, public_pem(key))
        yield _content(HISTORY, _pretty({n: [link.to_dict() for link in links] for n, links in self.history.items()}))
        said = asdict(self.case) | {"as_of": instant(self.case.as_of), "lang": self.lang, "party": self.party}
        yield _content("record.json", _pretty(said))
        yield _content("record.pdf", record.pdf(self.record))

    def _exhibits(self) -> Iterator[Content]:
        for exhibit in self.case.exhibits:
            content = _kept(exhibit.path, self.originals[exhibit.ref])
            if content is None or (content.sha256, content.size) != (exhibit.sha256, exhibit.size):
                raise Refused("original_damaged", label=exhibit.label)
            yield self._copy(exhibit) if evidence.foreign(exhibit.owner, self.party) else content

    def _copy(self, exhibit: Exhibit) -> Content:
        """What the other side handed in, as this one gets it."""
        copy = self.copies.made(exhibit.sha256, exhibit.media_type)
        content = _content(exhibit.path, copy) if isinstance(copy, bytes) else _kept(exhibit.path, copy)
        assert content is not None
        return replace(content, original=exhibit.sha256)

    def _manifest(self, contents: list[Content], key: Ed25519PrivateKey) -> bytes:
        """A line for each file, so that a clerk can hand the list to sha256sum."""
        head = {
            "format": FORMAT,
            "case": self.case.ref,
            "party": self.party,
            "lang": self.lang,
            "as_of": instant(self.case.as_of),
            "key": fingerprint(key.public_key()),
            "chains": self.heads(),
        }
        listed = sorted(contents, key=lambda content: content.path)
        lines = [canonical(c.line) for c in listed]
        return canonical(head)[:-1] + b',"files":[\n' + b",\n".join(lines) + b"\n]}\n"


def length(contents: Sequence[Content]) -> int:
    """How many bytes `written` gives."""
    entries = [content.entry for content in contents]
    return sum(len(archive.header(one)) + one.size for one in entries) + sum(
        len(r) for _p, r in archive.records(entries)
    )


def written(contents: Sequence[Content]) -> Iterator[bytes]:
    """The ZIP, a piece at a time, with no more in memory than one."""
    return archive.written((content.entry, content.read()) for content in contents)


def _content(path: str, content: bytes) -> Content:
    return Content(path, len(content), hashlib.sha256(content).hexdigest(), zlib.crc32(content), content)


def _kept(path: str, source: Path) -> Content | None:
    """The file as it lies on the disk, if it does."""
    size, crc, digest = 0, 0, hashlib.sha256()
    try:
        with source.open("rb") as file:
            for piece in iter(partial(file.read, PIECE), b""):
                size, crc = size + len(piece), zlib.crc32(piece, crc)
                digest.update(piece)
    except FileNotFoundError:
        return None
    return Content(path, size, digest.hexdigest(), crc, source)


def _pretty(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
