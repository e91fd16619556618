"""References people read aloud: a kind, a year, and a suffix nobody can guess."""

import secrets
from datetime import datetime

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_ref(kind: str, at: datetime) -> str:
    """Such as AP-2026-7K3Q9DWX; without 0, 1, I, L, O, which are misread. The unique column refuses a collision."""
    return f"{kind}-{at.year}-{''.join(secrets.choice(ALPHABET) for _ in range(8))}"
