"""The cells that only a file of penalties has."""

from typing import Any

import pytest

from portal.incoming import BadCellError
from portal.penalties.finding import Sanction
from portal.penalties.incoming import columns


def refusal(read: Any, *args: Any) -> str:
    with pytest.raises(BadCellError) as why:
        read(*args)
    return why.value.code


def test_whether_a_machine_found_it_is_one_of_three_words() -> None:
    assert columns.automated("assisted") == "assisted"
    assert refusal(columns.automated, "yes") == "bad_automated"


def test_measures_are_written_as_text_or_as_a_list() -> None:
    expected = (Sanction("fine"), Sanction("traffic_limit", 7), Sanction("other", None, "禁言 3 天"))
    assert columns.measures("fine; traffic_limit:7;other: 禁言 3 天;") == expected
    assert columns.measures(["fine", "traffic_limit:7", {"kind": "other", "note": "禁言 3 天"}]) == expected
    assert columns.measures([{"kind": "traffic_limit", "days": 7}])[0].days == 7


@pytest.mark.parametrize(
    "cell", ["jail", "fine;fine", ";", [], [[]], [7], [{"kind": "fine", "x": 1}], [{}], {"kind": "fine"}, ["fine"] * 11]
)
def test_other_measures_are_refused(cell: Any) -> None:
    assert refusal(columns.measures, cell) == "bad_measures"


def test_figures_of_measures_have_limits() -> None:
    for days in ("9999", "0", "-3", "+7", "1.5", "99999999999999999999"):
        assert refusal(columns.measures, f"traffic_limit:{days}") == "bad_days", days
    assert refusal(columns.measures, [{"kind": "traffic_limit", "days": 0}]) == "bad_days"
    assert refusal(columns.measures, "fine:3") == "days_without_end"
    assert refusal(columns.measures, [{"kind": "fine", "note": "x" * 201}]) == "too_long"
    assert refusal(columns.measures, [{"kind": "fine", "note": 7}]) == "not_a_text"
    assert refusal(columns.points, "101") == "bad_points"
    assert columns.points("12") == 12
