"""The merchant's pages of the Appeal Centre."""

from portal.appeals.views import casefile, draft, evidence, listing, ruling, show, submission, supplement, withdrawal
from portal.appeals.views.blueprint import bp

__all__ = ["bp", "casefile", "draft", "evidence", "listing", "ruling", "show", "submission", "supplement", "withdrawal"]
