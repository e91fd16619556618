"""What must be true of orders and after-sales cases at any time, each as one query that finds whoever breaks it.

Numbers refer to the list in docs/invariants.md.
"""

PAID = "('refunded', 'partial', 'compensated')"
STANDS = (
    "(c.status <> 'closed' OR c.resolution IN "
    "('refunded', 'partial', 'compensated', 'exchanged', 'reshipped', 'repaired', 'replaced', 'dismissed') "
    "OR EXISTS (SELECT 1 FROM arbitration a WHERE a.after_sale_id = c.id AND a.outcome IS NOT NULL))"
)
PROMISED = (
    "(SELECT coalesce(sum(c.agreed_minor), 0) FROM after_sale c WHERE c.purchase_id = p.id "
    f"AND (c.status = 'refund_pending' OR c.resolution IN {PAID}))"
)
ASKED = (
    "(SELECT coalesce(sum(c.requested_minor), 0) FROM after_sale c WHERE c.purchase_id = p.id "
    "AND c.status NOT IN ('refund_pending', 'closed'))"
)
CLAIMED = (
    "(SELECT coalesce(sum(l.qty), 0) FROM after_sale_item l JOIN after_sale c ON c.id = l.after_sale_id "
    f"WHERE l.purchase_item_id = i.id AND c.kind <> 'compensation' AND {STANDS})"
)
RUNNING = "d.subject_type = 'aftersale' AND d.subject_id = c.id AND d.state = 'running'"
OPEN_OFFER = "EXISTS (SELECT 1 FROM offer o WHERE o.after_sale_id = c.id AND o.status = 'proposed')"
BROKEN = {
    "I8 shows another due date than its earliest deadline": (
        f"SELECT c.ref FROM after_sale c WHERE coalesce((SELECT min(d.due_at) FROM deadline d WHERE {RUNNING}), "
        "c.imported_at) <> coalesce(c.due_at, c.imported_at) AND c.status <> 'in_arbitration'"
    ),
    "I14 promises another sum than its cases agreed on": (
        f"SELECT p.ref FROM purchase p WHERE p.committed_minor <> {PROMISED}"
    ),
    "I14 is asked for more than was paid": (
        f"SELECT p.ref FROM purchase p WHERE p.committed_minor + {ASKED} > p.paid_minor"
    ),
    "I14 has a request whose items don't add up to it": (
        "SELECT c.ref FROM after_sale c WHERE c.requested_minor <> "
        "(SELECT coalesce(sum(l.amount_minor), 0) FROM after_sale_item l WHERE l.after_sale_id = c.id)"
    ),
    "I20 has an item that is claimed another number of times": (
        f"SELECT p.ref FROM purchase_item i JOIN purchase p ON p.id = i.purchase_id WHERE i.claimed_qty <> {CLAIMED}"
    ),
    "I21 has an open offer and isn't negotiating, or more than one": (
        f"SELECT c.ref FROM after_sale c WHERE (c.status NOT IN ('negotiating', 'in_arbitration') AND {OPEN_OFFER}) OR "
        "(SELECT count(*) FROM offer o WHERE o.after_sale_id = c.id AND o.status = 'proposed') > 1"
    ),
    "I21 has an open offer without a time to answer it, or a time without an offer": (
        f"SELECT c.ref FROM after_sale c WHERE {OPEN_OFFER} <> "
        f"EXISTS (SELECT 1 FROM deadline d WHERE {RUNNING} AND d.kind = 'offer_answer')"
    ),
    "I16 was written to another guest than its buyer": (
        "SELECT n.case_ref FROM notice n WHERE n.recipient LIKE 'guest:%' AND NOT EXISTS (SELECT 1 FROM after_sale c "
        "JOIN purchase p ON p.id = c.purchase_id WHERE c.ref = n.case_ref AND n.recipient = 'guest:' || p.buyer_id)"
    ),
}
