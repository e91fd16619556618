"""The merchant's pages of the Appeal Centre."""

from portal.appeals.views import draft, evidence, listing, show, submission, supplement, withdrawal
from portal.appeals.views.blueprint import bp

__all__ = ["bp", "draft", "evidence", "listing", "show", "submission", "supplement", "withdrawal"]
