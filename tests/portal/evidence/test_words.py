"""Every reason has a sentence of its own."""

import re
from pathlib import Path

import pytest
from flask_babel import force_locale

from portal import Portal, evidence, text
from portal.evidence.inspect import strangers
from portal.evidence.refused import UploadRefused

SOURCE = "\n".join(path.read_text() for path in Path(evidence.__file__).parent.rglob("*.py"))
KINDS = sorted(
    {
        *re.findall(r'UploadRefused\("(\w+)"', SOURCE),
        *re.findall(r'"(storage_\w+|cut_short|damaged|too_large)"', SOURCE),
    }
    | set(strangers._ADVICE)
)


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_every_refusal_says_why_in_both_languages(sqlite_app: Portal, locale: str):
    with sqlite_app.test_request_context(), force_locale(locale):
        said = {kind: evidence.why(UploadRefused(kind)) for kind in KINDS}
        calm = text.sentence("unheard of", {})
    assert len(KINDS) >= 20
    assert len(set(said.values())) == len(KINDS)
    assert calm not in said.values()
    assert all(bool(re.search("[一-鿿]", words)) == (locale != "en") for words in said.values())


def test_a_reason_is_also_a_code_for_programs():
    refusal = UploadRefused("heic")
    assert (refusal.code, refusal.status) == ("upload_heic", 422)
