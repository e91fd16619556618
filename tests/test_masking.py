"""What one side wrote, as the other may read it: nothing that leads to the person, and everything else."""

from time import perf_counter

import pytest

from portal import Portal
from portal.masking import masked

PRIVATE = [
    "13812345678", "138-1234-5678", "138 1234 5678", "+86 13812345678", "１３８１２３４５６７８",
    "0571-87654321", "021 62345678",
    "110101199003078515", "11010119900307851X", "lin.lan+tea@example.com",
    "福建省武夷山市星村镇桂林村3号", "浙江省杭州市西湖区文三路 478 号 2 幢 501 室",
    "朝阳区建国路88号", "中山路12弄3号601室",
    "221B Baker Street", "1600 Pennsylvania Avenue",
]  # fmt: skip
HARMLESS = [
    "订单 6920118733450021 已经退款 120 元", "运单号 SJ7740018826", "2026年3月5日 24:00 截止",
    "茶饼 357g，两只杯子", "第 4.2 条",
    "AS-2026-54CNK7EZ", "买了 2 件，收到 1 件", "¥12,800.00", "从出库到签收一共 3 天", "https://example.com/a?b=1",
]  # fmt: skip


@pytest.mark.parametrize("said", PRIVATE)
def test_what_leads_to_a_person_is_hidden(sqlite_app: Portal, said: str) -> None:
    with sqlite_app.test_request_context():
        shown = masked(f"请联系我：{said}，谢谢。")
    assert said not in shown
    assert not any(len(part) > 3 and part in shown for part in said.split())
    assert shown.endswith("谢谢。")


@pytest.mark.parametrize("said", HARMLESS)
def test_what_the_case_is_about_stays(sqlite_app: Portal, said: str) -> None:
    with sqlite_app.test_request_context():
        assert masked(said) == said


@pytest.mark.parametrize("said", ["省", "市", "路", "区", "省路", "1-", "a.", "A a", "1 "])
def test_no_text_makes_the_search_take_long(sqlite_app: Portal, said: str) -> None:
    with sqlite_app.test_request_context():
        began = perf_counter()
        masked(said * 2500)
    assert perf_counter() - began < 1
