"""The pages: the merchant's, the buyer's, and the staff's lists."""

from portal.redress.views import buyer, complaints, disclosures, merchant, overrides

BLUEPRINTS = (
    merchant.bp,
    buyer.bp,
    complaints.bp,
    complaints.answers,
    disclosures.bp,
    disclosures.answers,
    overrides.bp,
    overrides.acts,
)

__all__ = ["BLUEPRINTS"]
