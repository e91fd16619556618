"""Publishing what the files say."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.db import session
from portal.policies import catalogue, policy
from portal.policies.catalogue import Catalogue
from portal.policies.models import PolicyVersion
from portal.policies.queries import newest
from portal.policies.reading import BadFileError, Node
from portal.refusals import Overtaken

FOLDER = Path(__file__).parent


def load(at: datetime, folder: Path = FOLDER) -> list[PolicyVersion]:
    """Publish each preset whose content differs from its newest version; give back the new versions.

    All files are read before anything is published. Raises `BadFileError`, or `Overtaken` if another process loads too.
    """
    rules = _content(folder / "catalogue.json")
    drafts = [_draft(path, rules, at) for path in sorted((folder / "presets").glob("*.json"))]
    published = [draft for draft in drafts if _is_news(draft)]
    session().add_all(published)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    return published


def shipped(folder: Path = FOLDER) -> Catalogue:
    """The catalogue that this release ships, published or not; its names are those on screen."""
    return catalogue.read(Node(_content(folder / "catalogue.json"), "catalogue.json"))


def _content(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as why:
        raise BadFileError(f"{path.name} can't be read: {why.strerror}.") from why
    except ValueError as why:
        raise BadFileError(f"{path.name} is not JSON in UTF-8: {why}.") from why


def _draft(path: Path, rules: Any, at: datetime) -> PolicyVersion:
    body = {"policy": _content(path), "catalogue": rules}
    read = policy.of_files(body["policy"], path.name, rules, "catalogue.json")
    if read.code != path.stem:
        raise BadFileError(f"{path.name}: code is {read.code!r}; allowed is the name of the file, {path.stem!r}.")
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return PolicyVersion(
        code=read.code,
        jurisdiction=read.jurisdiction,
        effective_from=at,
        published_at=at,
        body=body,
        sha256=hashlib.sha256(canonical.encode()).hexdigest(),
    )


def _is_news(draft: PolicyVersion) -> bool:
    known = newest(draft.code)
    draft.number = known.number + 1 if known else 1
    return known is None or known.sha256 != draft.sha256
