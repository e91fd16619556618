"""The verbs of an after-sales case: each whole or not at all, written once for pages, imports and the sweep."""

from portal.aftersales.actions.answering import accept, refuse
from portal.aftersales.actions.calling import escalate
from portal.aftersales.actions.ending import (
    acknowledge,
    cancel,
    enter_arbitration,
    fail_payment,
    leave_arbitration,
)
from portal.aftersales.actions.importing import Plan, bring_in_orders, plan_orders
from portal.aftersales.actions.mirroring import Mirrored, known, mirror_all
from portal.aftersales.actions.more_time import time_moved
from portal.aftersales.actions.moving import await_arbitration, hold
from portal.aftersales.actions.offering import (
    Terms,
    accept_offer,
    counter,
    decline_offer,
    offer,
    withdraw_offer,
)
from portal.aftersales.actions.opening import bring_in_requests, plan_requests
from portal.aftersales.actions.proving import attach, detach, seal, staged
from portal.aftersales.actions.reminding import remind
from portal.aftersales.actions.requesting import request
from portal.aftersales.actions.returning import arrive, confirm, report, ship, ship_back
from portal.aftersales.actions.saying import say
from portal.aftersales.actions.sweeping import time_out
from portal.aftersales.actions.writing import write
from portal.aftersales.wishes import Wish

__all__ = [
    "Mirrored",
    "Plan",
    "Terms",
    "Wish",
    "accept",
    "accept_offer",
    "acknowledge",
    "arrive",
    "attach",
    "await_arbitration",
    "bring_in_orders",
    "bring_in_requests",
    "cancel",
    "confirm",
    "counter",
    "decline_offer",
    "detach",
    "enter_arbitration",
    "escalate",
    "fail_payment",
    "hold",
    "known",
    "leave_arbitration",
    "mirror_all",
    "offer",
    "plan_orders",
    "plan_requests",
    "refuse",
    "remind",
    "report",
    "request",
    "say",
    "seal",
    "ship",
    "ship_back",
    "staged",
    "time_moved",
    "time_out",
    "withdraw_offer",
    "write",
]
