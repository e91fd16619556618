"""`portal import penalties`: what it says, what it leaves out, and how it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal import Portal
from portal.accounts.models import Shop
from portal.cli import imports
from portal.db import end_reading, session, unit_of_work
from portal.evidence.models import EvidenceItem
from portal.penalties import COLUMNS
from portal.penalties.models import MEASURES, Penalty
from tests import make
from tests.conftest import Clock
from tests.portal.penalties.sheets import a_csv, a_row

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def shop(app: Portal, now: Clock) -> str:
    with unit_of_work():
        return make.a_shop().external_id


def run(app: Portal, *arguments: str, content: bytes = b"") -> Result:
    return run_command(app, ["penalties", *arguments], content)


def run_command(app: Portal, arguments: list[str], content: bytes = b"") -> Result:
    end_reading()
    info = ScriptInfo(create_app=lambda: app)
    return CliRunner().invoke(imports.command, arguments, input=content, obj=info)


def penalties() -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(Penalty)) or 0


def test_a_file_goes_in_with_progress_and_again_without_effect(app: Portal, shop: str, tmp_path: Path) -> None:
    file = tmp_path / "penalties.csv"
    file.write_bytes(a_csv([a_row(n, shop) for n in range(1100)], "gb18030"))
    first = run(app, str(file))
    assert first.exit_code == 0, first.output
    assert "1100 rows: 1100 new, 0 there already, 0 that differ, 0 wrong." in first.stdout
    assert "1100 penalties were issued." in first.stdout
    assert penalties() == 1100
    again = run(app, str(file))
    assert "0 new, 1100 there already" in again.stdout
    assert (again.exit_code, penalties()) == (0, 1100)


def test_good_rows_go_in_and_bad_ones_are_named(app: Portal, shop: str) -> None:
    content = a_csv([a_row(1, shop), a_row(2, shop, amount="12.345"), a_row(3, shop, rule_code="NOPE")])
    done = run(app, "-", content=content)
    assert (done.exit_code, penalties()) == (1, 1)
    assert 'line 3, amount, "12.345": an amount in currency units' in done.stderr
    assert 'line 4, rule_code, "NOPE": one of: FAKE_SHIPMENT, LATE_SHIPMENT' in done.stderr


def test_strict_brings_in_all_or_nothing(app: Portal, shop: str) -> None:
    rows = [a_row(1, shop), a_row(2, shop, amount="x")]
    refused = run(app, "-", "--strict", content=a_csv(rows))
    assert (refused.exit_code, penalties()) == (1, 0)
    assert "Nothing was brought in" in refused.stderr
    assert run(app, "-", "--strict", content=a_csv(rows[:1])).exit_code == 0
    assert penalties() == 1
    differs = run(app, "-", "--strict", content=a_csv([a_row(1, shop, amount="1"), a_row(3, shop)]))
    assert (differs.exit_code, penalties()) == (1, 1)


def test_a_dry_run_changes_nothing(app: Portal, shop: str) -> None:
    done = run(app, "-", "--dry-run", content=json.dumps([a_row(1, shop)]).encode())
    assert "1 rows: 1 new" in done.stdout
    assert (done.exit_code, penalties()) == (0, 0)


def test_complaints_come_in_chinese_too(app: Portal, shop: str) -> None:
    done = run(app, "-", "--lang", "zh", content=a_csv([a_row(1, shop, amount="x")]))
    assert "第 2 行, amount" in done.stderr
    assert "以元为单位的金额" in done.stderr


@pytest.mark.parametrize(
    ("content", "words"), [(b"a,b\n1,2\n", "There is no column a."), (b"\x00\x01", "not a CSV"), (b"", "no rows")]
)
def test_a_file_that_cannot_be_used_ends_with_two(app: Portal, shop: str, content: bytes, words: str) -> None:
    done = run(app, "-", content=content)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_long_list_of_complaints_is_cut(app: Portal, shop: str) -> None:
    done = run(app, "-", content=a_csv([a_row(n, shop, amount="x") for n in range(250)]))
    assert done.stderr.count("line ") == 200
    assert "… and 50 more." in done.stderr


def test_what_is_no_text_is_complained_of_as_json_has_it(app: Portal, shop: str) -> None:
    cells = {"facts": {"zh": "没有揽收", "seen": True}, "automated": ["full"]}
    done = run(app, "-", content=json.dumps([a_row(1, shop, **cells)]).encode())
    assert 'line 1, facts, "{"zh": "没有揽收", "seen": true}": write it as a text' in done.stderr
    assert 'line 1, automated, "["full"]": ' in done.stderr


def test_a_zero_byte_leaves_out_its_row_and_names_its_line(app: Portal, shop: str) -> None:
    done = run(app, "-", content=a_csv([a_row(1, shop), a_row(2, shop, facts="没有\0揽收")]))
    assert (done.exit_code, penalties()) == (1, 1)
    assert 'line 3, facts, "没有�揽收": leave out line breaks and control characters' in done.stderr


def test_a_terminal_is_not_written_to_by_a_cell(app: Portal, shop: str) -> None:
    done = run(app, "-", content=a_csv([a_row(1, shop, amount="\x1b]0;owned\x07")]))
    assert "\x1b" not in done.stderr


def test_a_chunk_is_tried_again_when_the_database_was_busy(
    app: Portal, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, real = [], imports.penalties.carry_out

    def busy_once(*args: object, **more: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        return real(*args, **more)

    monkeypatch.setattr(imports.penalties, "carry_out", busy_once)
    assert run(app, "-", content=a_csv([a_row(1, shop)])).exit_code == 0
    assert (len(tries), penalties()) == (2, 1)


def test_evidence_is_added_to_what_a_penalty_rests_on(app: Portal, shop: str, tmp_path: Path) -> None:
    run(app, "-", content=a_csv([a_row(1, shop)]))
    good, bad = tmp_path / "轨迹.jpg", tmp_path / "bad.jpg"
    good.write_bytes(make.a_picture().getvalue())
    bad.write_bytes(b"<script>")
    command = ["evidence", "PN-000001", str(good)]
    refused = run_command(app, [*command, str(bad)])
    assert (refused.exit_code, evidence_count()) == (1, 0)
    assert "bad.jpg: " in refused.stderr
    assert run_command(app, ["evidence", "NOPE", str(good)]).exit_code == 1
    assert run_command(app, [*command, "--title", "物流轨迹截图"]).exit_code == 0
    assert evidence_count() == 1


def evidence_count() -> int:
    end_reading()
    return session().scalar(select(func.count()).where(EvidenceItem.title == "物流轨迹截图")) or 0


def test_the_documentation_names_every_column_and_measure() -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"| `{column.name}` | {'yes' if column.required else ''} |" in page, column.name
    for kind in MEASURES:
        assert f"`{kind}`" in page, kind
    assert [line for line in page.splitlines() if line.startswith("external_id,")]


def test_the_example_of_the_documentation_goes_in(app: Portal, now: Clock) -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    csv, found_json = page.split("```csv\n")[1].split("```")[0], page.split("```json\n")[1].split("```")[0]
    now.at = now.at.replace(year=2027)
    with unit_of_work():
        session().add(Shop(ref="SH-1", external_id="88012", name="岚山茶铺", created_at=now.at))
    assert run(app, "-", "--strict", content=csv.encode()).exit_code == 0
    count = penalties()
    same = run(app, "-", "--strict", content=found_json.encode())
    assert (same.exit_code, penalties()) == (0, count)
    assert "0 new" in same.stdout
