"""The demo: invented shops and people, and a year of cases in every state. Never in production."""

from portal.demo.filling import HISTORY, RealDataError, fill, is_there
from portal.demo.people import PASSWORD, PEOPLE, SHOPS, Invented

__all__ = ["HISTORY", "PASSWORD", "PEOPLE", "SHOPS", "Invented", "RealDataError", "fill", "is_there"]
