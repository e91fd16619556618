"""A merchant takes the case file home from a real browser, with scripts and without."""

from pathlib import Path

import pytest

from portal import bundles
from tests.browser.conftest import House, Open
from tests.portal.bundles.conftest import settled


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_merchant_takes_the_case_file_home(sqlite_portal: House, window: Open, tmp_path: Path, scripts: bool) -> None:
    case = settled()
    page = window(sqlite_portal, case.owner, java_script_enabled=scripts).open(f"/appeals/{case.ref}")
    for button, lang in (("中文版", "zh"), ("英文版", "en")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert download.value.suggested_filename == f"{case.ref}-merchant-{lang}.zip"
        download.value.save_as(tmp_path / "case.zip")
        checked = bundles.check(tmp_path / "case.zip")
        assert checked.faults == ()
        assert checked.about.startswith(f"{case.ref}, merchant, {lang}")
    assert page.url.endswith(f"/appeals/{case.ref}")
