"""The one thing of EXIF that a picture needs: which way up it is."""

from typing import Final, Literal

_ORDERS: Final[dict[bytes, Literal["little", "big"]]] = {b"II*\0": "little", b"MM\0*": "big"}
_ORIENTATION, _LONG = 0x0112, 4


def orientation(tiff: bytes) -> bytes:
    """EXIF that notes the orientation of this one and nothing else; empty when the picture lies as it is shown."""
    turned = _turned(tiff)
    if not 2 <= turned <= 8:
        return b""
    return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + bytes((0, turned, 0, 0)) + b"\0\0\0\0"


def _turned(tiff: bytes) -> int:
    order = _ORDERS.get(tiff[:4])
    if order is None:
        return 1

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], order)

    first = number(4, 4)
    for at in range(first + 2, first + 2 + 12 * number(first, 2), 12):
        if number(at, 2) == _ORIENTATION:
            return number(at + 8, 4 if number(at + 2, 2) == _LONG else 2)
    return 1
