"""What the shop is told about appeals of rulings, where it is not what it is told about appeals of penalties."""

from flask_babel import lazy_gettext as _l

from portal.messages import NoticeKind

OPEN = _l("Open")
RESULT = _l("See the result")

KINDS = (
    NoticeKind(
        "appeal.overtaken",
        "appeal",
        _l("Your appeal of a ruling is not needed any more"),
        _l("%(ref)s, order %(order_no)s: %(status_code)s. Your appeal is not decided; the case shows what applies."),
        OPEN,
        mark="revoked",
        words={"status_code": "arbitration.status"},
    ),
    NoticeKind(
        "appeal.ruling_upheld",
        "appeal",
        _l("Appeal upheld: the ruling is replaced"),
        _l("%(ref)s, order %(order_no)s: you bear nothing of it any more. The new ruling is in the result."),
        RESULT,
        mark="upheld",
    ),
    NoticeKind(
        "appeal.ruling_partially_upheld",
        "appeal",
        _l("Appeal partly upheld: the ruling is changed"),
        _l("%(ref)s, order %(order_no)s: who bears what was ruled anew. The new ruling is in the result."),
        RESULT,
        mark="partially_upheld",
    ),
    NoticeKind(
        "appeal.ruling_rejected",
        "appeal",
        _l("Appeal not upheld: the ruling stands"),
        _l("%(ref)s, order %(order_no)s: the ruling is final. The reasons and your other ways are in the result."),
        RESULT,
        mark="rejected",
    ),
    NoticeKind(
        "appeal.ruling_inadmissible",
        "appeal",
        _l("Appeal not admissible: the ruling stands"),
        _l("%(ref)s, order %(order_no)s could not be examined. The result says why, and which other ways you have."),
        RESULT,
        mark="inadmissible",
    ),
    NoticeKind(
        "appeal.ruling_closed_timeout",
        "appeal",
        _l("Appeal closed: time ran out"),
        _l("%(ref)s: the evidence asked for had not arrived in time. The ruling on order %(order_no)s stands."),
        RESULT,
        mark="closed_timeout",
    ),
    NoticeKind(
        "appeal.ruling_withdrawn",
        "appeal",
        _l("Appeal withdrawn"),
        _l("You withdrew %(ref)s. The ruling on order %(order_no)s stands."),
        OPEN,
        mark="withdrawn",
    ),
)
