"""A film's track of notes, such as where an action camera was each second: found by its tables, and emptied."""

from collections.abc import Mapping

Span = tuple[int, int]


def blank_samples(out: bytearray, tables: Mapping[bytes, Span], left: int) -> int:
    """Overwrite every sample that these tables of a track name, at most `left` bytes; says how many."""
    wide = b"co64" in tables
    offsets = _numbers(out, tables.get(b"co64" if wide else b"stco"), 8 if wide else 4, 8)
    runs = _numbers(out, tables.get(b"stsc"), 4, 8)
    start, _end = tables.get(b"stsz", (len(out), 0))
    each, sizes = int.from_bytes(out[start + 4 : start + 8], "big"), _numbers(out, tables.get(b"stsz"), 4, 12)
    from_chunk = dict(zip(runs[::3], runs[1::3], strict=False))
    many, sample, gone = 0, 0, 0
    for chunk, offset in enumerate(offsets, 1):
        many = from_chunk.get(chunk, many)
        length = each * many or sum(sizes[sample : sample + many])
        sample += many
        end = min(offset + length, len(out), offset + left - gone)
        if offset < end:
            out[offset:end] = bytes(end - offset)
            gone += end - offset
    return gone


def _numbers(out: bytearray, table: Span | None, width: int, skip: int) -> list[int]:
    start, end = table or (0, 0)
    return [int.from_bytes(out[at : at + width], "big") for at in range(start + skip, end - width + 1, width)]
