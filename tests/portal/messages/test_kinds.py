"""The words of a notice, filled for who reads them."""

import pytest
from flask_babel import force_locale

from portal import Portal, messages, text
from portal.messages import NoticeKind, kinds
from portal.messages.kinds import endpoint_of, kind_of

PARAMS = {
    "ref": "AP-1", "due_at": "2026-03-09T16:00:00+00:00", "seen_at": "2026-03-02T04:00:00+00:00", "nothing_at": None,
    "amount_minor": 240000, "currency": "CNY", "ground_code": "delivered", "result_code": "upheld",
    "rule_zh": "虚假发货", "rule_en": "False shipping",
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ("%(ref)s", "AP-1", "AP-1"),
        ("%(amount_minor)s", "¥2,400.00", "CN¥2,400.00"),
        ("%(rule)s", "虚假发货", "False shipping"),
        ("%(seen_at)s", "2026年3月2日 12:00", "2 March 2026 12:00"),
        ("%(ground_code)s", "test ground", "test ground"),
        ("%(result_code)s", "test result", "test result"),
        ("[%(nothing_at)s%(missing)s]", "[…]", "[…]"),
        ("100%% <b>", "100% <b>", "100% <b>"),
    ],
)
def test_params_are_shown_as_people_read_them(sqlite_app: Portal, words: str, zh: str, en: str):
    text.learn("ground", {"delivered": "test ground"})
    text.learn("test.result", {"upheld": "test result"})
    kind = NoticeKind("k", "appeal", words, "", words={"result_code": "test.result"})
    with force_locale("zh_Hans_CN"):
        assert kind.filled(kind.title, PARAMS) == zh
    with force_locale("en"):
        assert kind.filled(kind.title, PARAMS) == en


def test_a_due_instant_is_shown_as_the_end_of_the_day_before(sqlite_app: Portal):
    kind = NoticeKind("k", "appeal", "%(due_at)s", "")
    with force_locale("en"):
        assert kind.filled(kind.title, PARAMS) == "Monday 9 March 2026, end of day"


def test_words_that_depend_on_a_number_are_a_function(sqlite_app: Portal):
    kind = NoticeKind("k", "appeal", "", lambda ref, **_: f"<{ref}>")
    assert kind.filled(kind.body, PARAMS) == "<AP-1>"
    assert kind.lacks({}) == frozenset()


def test_what_is_made_of_the_params_is_none_of_them(sqlite_app: Portal):
    made = {"what": lambda params, shown: f"{params['amount_minor']} {shown['amount_minor']}"}
    kind = NoticeKind("k", "appeal", "%(what)s", "%(ref)s", made=made)
    with force_locale("zh_Hans_CN"):
        assert kind.filled(kind.title, PARAMS) == "240000 ¥2,400.00"
    assert kind.lacks({"amount_minor": 1}) == {"ref"}


def test_what_the_words_mention_and_the_params_lack_is_known(sqlite_app: Portal):
    kind = NoticeKind("k", "appeal", "%(a)s %(rule)s", "%(b)s 100%%")
    assert kind.lacks({"a": 1, "rule_zh": "", "rule_en": ""}) == {"b"}


def test_a_kind_that_is_gone_says_at_least_where_it_belongs(sqlite_app: Portal):
    kind = kind_of("gone.kind", "system")
    with force_locale("en"):
        assert (kind.filled(kind.title, {}), kind.filled(kind.body, {})) == ("System", "")


def test_a_case_may_have_another_page_for_the_staff(sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kinds, "ENDPOINTS", {})
    kinds.register_case("here", "shops.page")
    kinds.register_case("there", "shops.page", staff="staff.page")
    shop, staff = messages.Recipient("shop:1"), messages.Recipient("person:1")
    assert [endpoint_of(t, to) for t in ("here", "there") for to in (shop, staff)] == [
        "shops.page", "shops.page", "shops.page", "staff.page",
    ]  # fmt: skip
    kinds.register_case("nowhere")
    assert endpoint_of(None, shop) is endpoint_of("unknown", staff) is None
    assert endpoint_of("nowhere", shop) is endpoint_of("nowhere", staff) is None


def test_every_registered_notice_has_the_same_places_in_both_languages(sqlite_app: Portal):
    wrong = []
    for kind in kinds.KINDS.values():
        for words in (kind.title, kind.body, kind.action):
            if not callable(words):
                with force_locale("zh_Hans_CN"):
                    zh = set(kinds.PLACE.findall(str(words)))
                with force_locale("en"):
                    en = set(kinds.PLACE.findall(str(words)))
                wrong += [kind.code] if zh != en else []
    assert wrong == []
