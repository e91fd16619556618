"""Pages as they come out of a world in which everything has happened: who asked for what, and what came."""

import time
from dataclasses import dataclass
from functools import cached_property

from flask import request_finished, template_rendered
from jinja2 import Template

from portal import Portal, accounts
from portal.aftersales.lifecycle import TABS
from portal.db import session
from tests import make
from tests.reading import Element, read
from tests.world import World

STATES = ("upheld", "partially_upheld", "rejected", "inadmissible", "closed_timeout", "withdrawn", "moot", "lapsed",
          "under_review", "overdue", "second_round",
          *(f"ruling_{name}" for name in ("under_review", "upheld", "partially_upheld", "rejected", "inadmissible",
                                          "withdrawn", "moot")))  # fmt: skip
DISPUTES = ("under_decision", "overdue", "claimed", "settled", "withdrawn", "asked", "two_eyes", "refund_partial",
            "platform_compensates", "claim_rejected", "again")  # fmt: skip
UNDER_WAY = ("under_review", "needs_evidence", "ruling_under_review")
ASKED = ("needs_evidence", "prepared", "ruling_needs_evidence")
TAB = tuple(f"?tab={tab}" for tab in TABS)
SECURITY = {
    "security.login": "/sign-in", "security.forgot_password": "/password/forgotten",
    "security.two_factor_setup": "/account/authenticator", "security.wan_signin": "/sign-in/passkey",
    "security.change_password": "/account/password", "security.wan_register": "/account/passkeys",
    "security.mf_recovery_codes": "/account/recovery-codes", "security.verify": "/confirm",
    "security.wan_verify": "/confirm/passkey",
}  # fmt: skip

ALSO_BEFORE = {"security.two_factor_setup"}
"""Open, because signing in can lead there; as a page it is for people who are signed in."""


@dataclass
class Seen:
    """One answer: who asked for what, what came, and what it did."""

    role: str
    url: str
    endpoint: str
    status: int
    headers: dict[str, str]
    source: str
    template: str
    left: int

    def __str__(self) -> str:
        return f"{self.url} as {self.role}"

    @cached_property
    def page(self) -> Element:
        """What was sent, read."""
        return read(self.source)


def addresses(world: World) -> dict[str, list[str]]:
    """An address of each kind of each page, by endpoint."""
    of = {name: f"/appeals/{ref}" for name, ref in world.appeals.items()}
    looked_at = (*STATES, "claimed", "two_eyes", "needs_evidence", "ruling_needs_evidence")
    panels = [f"/review{of[name]}" for name in looked_at if name not in ("lapsed", "moot")]
    lists = [f"/appeals?tab={tab}" for tab in ("to_appeal", "under_review", "needs_evidence", "completed")]
    return {
        "home.index": ["/"],
        "accounts.show": ["/account"],
        "appeals.index": ["/appeals", *lists, "/appeals?q=none", "/appeals?due=1", f"{lists[3]}&q=AP-&at=b0.0"],
        "appeals.show": [of[name] for name in STATES],
        "appeals.draft": [f"{of[name]}/draft" for name in ("draft", "empty", "ruling_draft")],
        "appeals.ruling": [f"/appeals/rulings/{ref}" for ref in world.rulings.values()],
        "appeals.check": [f"{of[name]}/check" for name in ("draft", "ruling_draft")],
        "appeals.receipt": [f"{of[name]}/receipt" for name in ("under_review", "second_round", "ruling_under_review")],
        "appeals.supplement": [f"{of[name]}/supplement" for name in ASKED],
        "appeals.supplement_check": [f"{of['prepared']}/supplement/check"],
        "appeals.withdrawal": [f"{of[name]}/withdrawal" for name in UNDER_WAY],
        "aftersales.index": [f"/after-sales{ask}" for ask in ("", "?q=none", "?at=b0.0", *TAB)],
        "aftersales.show": [f"/after-sales/{ref}" for ref in world.aftersales.values()],
        "return_address.show": ["/after-sales/return-address"],
        "buyer.show": [f"/case/{token}" for token in world.links],
        "redress.complaint": [f"/redress/{world.appeals[name]}/complaint" for name in ("rejected", "under_review")],
        "redress.disclosure": [f"/redress/{world.appeals[name]}/disclosure" for name in ("rejected", "upheld")],
        "redress.human_review": [f"/redress/{world.appeals[n]}/human-review" for n in ("closed_timeout", "rejected")],
        "redress_buyer.complaint": [f"/case/{world.ruled}/redress/complaint"],
        "redress_buyer.disclosure": [f"/case/{world.ruled}/redress/disclosure"],
        "complaints.index": ["/complaints", "/complaints?view=answered"],
        "disclosures.index": ["/requests-to-see", "/requests-to-see?view=answered"],
        "overrides.index": ["/orders-from-above", "/orders-from-above?view=closed", "/orders-from-above?q=none"],
        "overrides.show": [f"/orders-from-above/{world.appeals[name]}" for name in ("rejected", "upheld")],
        "not_carried_out.index": [
            f"/not-carried-out{ask}" for ask in ("", f"?ref={world.aftersales['pending']}", "?ref=none")
        ],
        "messages.index": [f"/messages{ask}" for ask in ("", "?category=penalty", "?category=aftersale", "?at=a0.0")],
        "penalties.index": ["/penalties"],
        "penalties.show": [f"/penalties/{ref}" for ref in world.penalties.values()],
        "penalty_imports.new": ["/penalties/import"],
        "review.index": ["/review", *(f"/review?view={v}" for v in ("mine", "free", "today", "overdue", "second"))],
        "appeals_review.show": panels,
        "arbitration_review.show": [f"/review/arbitrations/{world.arbitrations[name]}" for name in DISPUTES],
        **{endpoint: [url] for endpoint, url in SECURITY.items()},
    }  # fmt: skip


class Looking:
    """Opens pages in each role's browser and keeps what came."""

    def __init__(self, app: Portal, world: World) -> None:
        self.app, self.world = app, world
        self.browsers = {role: make.a_browser(app, person, fs_paa=time.time()) for role, person in world.people.items()}
        self.browsers["nobody"] = make.a_browser(app)
        self.templates: list[str] = []
        self.left = 0

    def at(self, role: str, url: str, endpoint: str = "", **headers: str) -> Seen:
        """What this role gets at this address."""
        self.templates.clear()
        drawn, ended = (signal.connected_to for signal in (template_rendered, request_finished))
        with drawn(self._rendered, self.app), ended(self._end, self.app):
            answer = self.browsers[role].get(url, headers=headers)
        first = self.templates[0] if self.templates else ""
        return Seen(role, url, endpoint, answer.status_code, dict(answer.headers), answer.text, first, self.left)

    def _rendered(self, _app: object, template: Template, **_more: object) -> None:
        self.templates.append(template.name or "")

    def _end(self, _app: object, **_more: object) -> None:
        here = session()
        self.left = len(here.new) + len(here.dirty) + len(here.deleted)

    def may(self, endpoint: str) -> list[str]:
        """The roles that see this page."""
        roles = () if endpoint in ALSO_BEFORE else accounts.roles_of(endpoint)
        return ["nobody"] if roles is None else list(roles or self.world.people)
