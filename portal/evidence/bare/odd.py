"""What the ways to bare a picture have in common when it isn't built as it should be."""


class OddError(Exception):
    """The picture can't be taken apart; a decoder may still read it."""
