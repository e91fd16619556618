"""What a penalty costs, in a few words."""

from flask_babel import force_locale

from portal import Portal, penalties
from portal.penalties.saying import at_stake
from tests import make


def test_a_penalty_with_an_amount_is_named_by_it(sqlite_app: Portal) -> None:
    penalty = make.a_penalty(make.a_shop(), amount_minor=240_000)
    with sqlite_app.test_request_context(), force_locale("en"):
        assert at_stake(penalty) == "CN¥2,400.00"


def test_one_without_is_named_by_its_measures_and_never_by_a_nought(sqlite_app: Portal) -> None:
    sanctions = (
        penalties.Sanction("points"),
        penalties.Sanction("traffic_limit", 7),
        penalties.Sanction("suspend_shop"),
    )
    penalty = make.a_penalty(make.a_shop(), amount_minor=0, points=2, sanctions=sanctions)
    with sqlite_app.test_request_context():
        with force_locale("en"):
            assert at_stake(penalty) == "2 penalty points, Ranking demotion 7 days, and Shop suspension"
        with force_locale("zh_Hans_CN"):
            assert at_stake(penalty) == "扣 2 分、流量降权 7 天和停业整顿"
