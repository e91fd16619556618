"""A file that was not taken in, and why."""

from portal.refusals import Refused

_OUR_FAULT = {"storage_full": 507, "storage_failed": 503}


class UploadRefused(Refused):
    """This file was not taken in and nothing of it was kept.

    `UploadRefused("empty")` has the code `upload_empty`. The view says its sentence in the slot the file was meant for;
    uncaught it is answered like every refusal.
    """

    def __init__(self, kind: str, **params: object) -> None:
        super().__init__(f"upload_{kind}", **params)
        self.kind = kind

    @property
    def status(self) -> int:
        """The HTTP status of the answer: 422 for the file, 507 or 503 when the fault is ours."""
        return _OUR_FAULT.get(self.kind, 422)
