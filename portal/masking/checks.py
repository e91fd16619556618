"""Whether digits that look like those of a card or an account are some: by their check digits."""

import re
from collections.abc import Callable

LINE = """
AD AE AL AT AZ BA BE BG BH BR BY CH CR CY CZ DE DK DO EE EG ES FI FO FR GB GE GI GL GR GT HR HU IE IL IQ IS IT JO KW KZ
LB LC LI LT LU LV LY MC MD ME MK MR MT MU NL NO OM PK PL PS PT QA RO RS RU SA SC SE SI SK SM ST SV TL TN TR UA VA VG XK
"""
COUNTRIES = frozenset(LINE.split())
"""Whose accounts begin with letters."""
VALUES = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}


def of_length(least: int, most: int) -> Callable[[str], bool]:
    """Asks whether what is written has so many digits."""
    return lambda written: least <= len(_digits(written)) <= most


def is_card(written: str) -> bool:
    """A card: by its check digit, also where an amount follows four groups of four; those of China by their 62."""
    digits = _digits(written)
    return digits.startswith("62") or _luhn(digits) or _luhn(digits[:16])


def is_sure_card(written: str) -> bool:
    """A card of China with the right check digit, whatever it is called."""
    digits = _digits(written)
    return digits.startswith("62") and _luhn(digits)


def is_iban(written: str) -> bool:
    """An account: its check digits are right up to the end of one of its words, as other words may follow."""
    words = re.split(r"[ -]", written.upper())
    return any(_checked("".join(words[:count])) for count in range(1, len(words) + 1))


def _digits(written: str) -> str:
    return "".join(sign for sign in written if sign.isdigit())


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _checked(account: str) -> bool:
    turned = account[4:] + account[:4]
    return 15 <= len(account) <= 34 and account[:2] in COUNTRIES and int(turned.translate(VALUES)) % 97 == 1
