"""The case file: a ZIP that a party can take anywhere, with the record, the originals, and what proves both."""

from pathlib import Path

from flask import Flask

from portal.bundles import words
from portal.bundles.actions import LOCALES, export, key_path
from portal.bundles.building import Bundle, written
from portal.bundles.casefile import CaseFile, Clock, Exhibit, Facts, Happening, Part, extend, register
from portal.bundles.checking import Checked, check
from portal.bundles.handing import download
from portal.bundles.record import RecordError
from portal.bundles.signing import BadKeyError, fingerprint, private_key, public_half, public_key, signing_key
from portal.bundles.telling import clocks, decision, exhibit, filled, last_moment, requests, submission, timeline
from portal.bundles.views import bp
from portal.config import Config, ConfigError

__all__ = [
    "LOCALES",
    "BadKeyError",
    "Bundle",
    "CaseFile",
    "Checked",
    "Clock",
    "Exhibit",
    "Facts",
    "Happening",
    "Part",
    "RecordError",
    "check",
    "clocks",
    "decision",
    "download",
    "exhibit",
    "export",
    "extend",
    "filled",
    "fingerprint",
    "init_app",
    "key_path",
    "last_moment",
    "public_half",
    "public_key",
    "register",
    "requests",
    "signing_key",
    "submission",
    "timeline",
    "words",
    "written",
]


def init_app(app: Flask) -> None:
    """Hand out the public key, and know where the signing key is; one that was given must be there and be one."""
    app.register_blueprint(bp)
    config: Config = app.extensions["recourse.config"]
    app.extensions["recourse.case_file_key"] = config.signing_key
    if config.case_file_key:
        try:
            private_key(Path(config.case_file_key))
        except BadKeyError as why:
            mend = "make one with `openssl genpkey -algorithm ed25519 -out FILE`"
            raise ConfigError(f"CASE_FILE_KEY: {why}; {mend}.") from why
