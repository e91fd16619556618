"""The same text in plain letters and digits, sign by sign, so that a place in one is the same place in the other."""

WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
DIGITS = (
    *("⓪①②③④⑤⑥⑦⑧⑨", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"),
    *("".join(map(chr, range(first, first + 10))) for first in range(0x1D7CE, 0x1D7FF, 10)),
)
NUMERALS = ("〇一二三四五六七八九", "零幺贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖")


def _digits(rows: tuple[str, ...]) -> dict[int, int]:
    return {ord(sign): 0x30 + value for row in rows for value, sign in enumerate(row)}


_NARROW = WIDE | _digits(DIGITS)
_NUMERALS = _digits(NUMERALS)


def narrow(text: str) -> str:
    """Full-width letters, and digits of whatever shape, as ASCII has them."""
    return text.translate(_NARROW)


def narrow_numerals(text: str) -> str:
    """Chinese numerals as digits too. Only for numbers: many places bear one in their name."""
    return text.translate(_NUMERALS)
