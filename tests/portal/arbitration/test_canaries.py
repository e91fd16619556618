"""What one side typed, anywhere, reaches the other without its phone number: on no page, in no notice and no file."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from portal import Portal, policies
from portal.aftersales import actions, reading
from portal.aftersales.answering import ANSWERS
from portal.aftersales.models import AfterSale
from portal.aftersales.telling import told
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from tests import canaries, make
from tests.canaries import EVERY_FIELD, FLOWS, NUMBER, OTHER, Stage, words
from tests.conftest import Clock
from tests.portal.bundles.conftest import everything_in, zipped
from tests.reading import Visitor

TYPED = ("StringField", "TextAreaField")
ELSEWHERE = ("/static", "/sign", "/account", "/password", "/case-files")


@pytest.fixture
def stage(sqlite_app: Portal, now: Clock) -> Stage:
    """A shop and those who judge; which database makes no difference."""
    return Stage.made()


def test_every_text_field_of_an_answer_is_filled_here(sqlite_app: Portal) -> None:
    with sqlite_app.test_request_context():
        forms = {verb: answer.form(formdata=None) for verb, answer in ANSWERS.items()}
    typed = {verb: " ".join(field.name for field in form if field.type in TYPED) for verb, form in forms.items()}
    assert {verb: names for verb, names in typed.items() if names} == EVERY_FIELD


def pages(stage: Stage, case: AfterSale, party: str) -> list[str]:
    """Where this side begins to look."""
    if party == "buyer":
        link = stage.link(case)
        return [link, f"{link}/redress/complaint", f"{link}/redress/disclosure"]
    refs = [case.ref, *session().scalars(select(Appeal.ref))]
    return [
        *("/", "/after-sales", "/appeals", "/messages", f"/after-sales/{case.ref}", f"/after-sales/{case.ref}?list=1"),
        *(f"/appeals/{ref}" for ref in session().scalars(select(Appeal.ref))),
        *(f"/penalties/{ref}" for ref in session().scalars(select(Penalty.ref))),
        *(f"/redress/{ref}/{way}" for ref in refs for way in ("complaint", "disclosure")),
    ]


def seen(app: Portal, stage: Stage, case: AfterSale, party: str, *, onward: bool) -> dict[str, str]:
    """What this side reads, heads and all, by address: its own pages, and if asked wherever their links lead."""
    own, person = pages(stage, case, party), stage.owner if party == "merchant" else None
    found = all_that_is_read(Visitor(app, person), own, onward=onward)
    if person:  # an appeal that waits for evidence has another page for who can't add it
        viewer = Visitor(app, stage.viewer)
        beside = all_that_is_read(viewer, [url for url in own if url.startswith("/appeals/")], onward=False)
        found |= {f"{url} to read": text for url, text in beside.items()}
    return found


def all_that_is_read(visitor: Visitor, addresses: list[str], *, onward: bool) -> dict[str, str]:
    """The pages at these addresses, and if asked wherever their links lead."""
    found: dict[str, str] = {}
    left = [*addresses]
    while left:
        url = left.pop().partition("#")[0]
        if url in found or not url.startswith("/") or url.startswith(ELSEWHERE):
            continue
        answer = visitor.open(url).answer
        assert answer is not None
        found[url] = f"{answer.headers}{answer.get_data().decode('utf-8', 'replace')}"
        answer.close()
        left += [link["href"] for link in visitor.page.all("a")] if onward else []
    return found


def files(case: AfterSale, party: str) -> dict[str, str]:
    """The case files that this side can take away."""
    refs = [case.ref]
    if party == "merchant":
        refs += session().scalars(select(Appeal.ref).where(Appeal.subject_type == "arbitration"))
    return {f"file of {ref}": everything_in(zipped(ref, party)) for ref in refs}


@pytest.mark.parametrize("flow", FLOWS)
def test_neither_side_finds_the_others_number(
    sqlite_app: Portal, stage: Stage, flow: Callable[[Stage], Iterator[AfterSale]]
) -> None:
    read: dict[str, dict[str, str]] = {party: {} for party in NUMBER}
    for moment, case in enumerate(flow(stage)):
        end_reading()
        case = session().get_one(AfterSale, case.id)
        for party in NUMBER:
            at_once = seen(sqlite_app, stage, case, party, onward=False)
            read[party] |= {f"{moment} {url}": text for url, text in at_once.items()}
    notices = {f"notice {one.id}": f"{one.params}" for one in session().scalars(select(Notice))}
    for party in NUMBER:
        read[party] |= seen(sqlite_app, stage, case, party, onward=True) | files(case, party) | notices
    for party, all_of_it in read.items():
        assert [url for url, text in all_of_it.items() if NUMBER[OTHER[party]] in text] == [], party
        own = [url for url, text in all_of_it.items() if NUMBER[party] in text]
        assert len(own) > 1, party
        assert f"file of {case.ref}" in own, party
        assert any("SF1008612345" in text for text in all_of_it.values()) == (flow is not canaries.refused), party
    assert_whole_for_judges(sqlite_app)


def test_a_request_that_the_marketplace_brought_in_is_its_buyers_own(sqlite_app: Portal, stage: Stage) -> None:
    case = next(canaries.refused(stage))
    catalogue = policies.body(case.policy_version_id).catalogue
    with sqlite_app.test_request_context():
        whole = {party: told(case, party, catalogue)[-1].words == words("buyer") for party in ("buyer", "merchant")}
    assert whole == {"buyer": True, "merchant": False}


def test_why_the_marketplace_could_not_pay_is_in_the_history_of_neither_sides_file(
    sqlite_app: Portal, stage: Stage
) -> None:
    case = next(canaries.refused(stage))
    with unit_of_work():
        actions.accept(case, by=stage.merchant, at=canaries.NOON)
        for why in ("银行卡 6222021001112345678 已注销", "余额不足"):
            actions.fail_payment(case, why=why, by=SYSTEM, at=canaries.NOON)
    with sqlite_app.test_request_context():
        kept = {party: reading.withheld(case, party) for party in NUMBER}
    assert [[seq for _chain, seq in kept[party]] for party in NUMBER] == [[3], [3]]


def assert_whole_for_judges(app: Portal) -> None:
    """Whoever judges reads what both sides wrote as they wrote it."""
    with unit_of_work():
        judge = make.a_person("reviewer")
    for kind, model in (("arbitrations", Arbitration), ("appeals", Appeal)):
        for ref in session().scalars(select(model.ref)):
            text = Visitor(app, judge).open(f"/review/{kind}/{ref}").text
            assert [number in text for number in NUMBER.values()] == [True, True], ref
