"""Files on their way in: read, inspected and on the disk before the unit of work begins."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, BinaryIO, TypeVar, cast

from flask import Request, current_app, g
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser, MultiPartParser

from portal.evidence import places
from portal.evidence.inspect import inspect
from portal.evidence.limits import MAX_FILES_AT_ONCE
from portal.evidence.names import shown_name
from portal.evidence.refused import UploadRefused
from portal.evidence.store import Landing

BUFFER = 256 * 1024
"""Read at a time: large enough to be quick; a request holds a few of them, and MAX_FORM_MEMORY_SIZE must hold one."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is on the disk for good; a row may name it now. Width and height are those of a picture."""

    sha256: str
    size: int
    media_type: str
    name: str
    width: int | None = None
    height: int | None = None


class UploadParser(FormDataParser):
    """Reads a multipart body in larger pieces, and words with a line break as the one character that it is.

    Browsers send two for each, which nobody typed: no counter on a page counts them, and no limit should.
    """

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """What came, as `werkzeug` gives it: the rest of the body, the fields, the files."""
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        typed = [(name, said.replace("\r\n", "\n").replace("\r", "\n")) for name, said in form.items(multi=True)]
        return rest, self.cls(typed), files

    def _parse_multipart(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Any:
        parser = MultiPartParser(
            self.stream_factory, self.max_form_memory_size, self.cls, BUFFER, max_form_parts=self.max_form_parts
        )
        boundary = options.get("boundary", "").encode("ascii")
        if not boundary:
            raise ValueError("Missing boundary")
        return stream, *parser.parse(stream, boundary, content_length)


class UploadRequest(Request):
    """A request whose files go straight into the evidence folder, hashed on the way; unkept ones vanish with it."""

    form_data_parser_class = UploadParser

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.landings: list[Landing] = []

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if len(self.landings) >= MAX_FILES_AT_ONCE:
            raise RequestEntityTooLarge
        self.landings.append(Landing(places.store(), total_content_length or 0))
        return cast(IO[bytes], self.landings[-1])

    def close(self) -> None:
        """Close every file that arrived, also those of a body that broke off."""
        super().close()
        for landing in self.landings:
            landing.close()


def takes_files(view: View) -> View:
    """Mark a view that asks for `received(…)`; the files of any other request are not looked at."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def take_in(request: Request) -> None:
    """Inspect and keep the files of this request if its view takes files; no lock is held and nothing is raised.

    What each field gave, a file or a refusal, waits for `received`.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False):
        g.received = {field: _outcome(request.files.getlist(field)) for field in request.files}


def received(field: str) -> Received:
    """What came in this field of the form; raises `UploadRefused`, also when nothing was chosen."""
    if "received" not in g:
        raise RuntimeError("mark the view with @evidence.takes_files")
    outcome: Received | UploadRefused = g.received.get(field) or UploadRefused("nothing_chosen")
    if isinstance(outcome, UploadRefused):
        raise outcome
    return outcome


def bring(file: BinaryIO, name: str) -> Received:
    """Take in a file that came some other way than by a form, such as an import; never inside a unit of work."""
    with Landing(places.store()) as landing:
        for piece in iter(partial(file.read, BUFFER), b""):
            landing.write(piece)
        return _keep(landing, name)


def receive(upload: FileStorage) -> Received:
    """Inspect an uploaded file, make its preview, keep it; raises `UploadRefused`, and then nothing is left of it."""
    if not upload.filename:
        raise UploadRefused("nothing_chosen")
    if isinstance(upload.stream, Landing):
        return _keep(upload.stream, upload.filename)
    return bring(cast(BinaryIO, upload.stream), upload.filename)


def _outcome(uploads: list[FileStorage]) -> Received | UploadRefused:
    if len(uploads) > 1:
        return UploadRefused("one_at_a_time")
    try:
        return receive(uploads[0])
    except UploadRefused as why:
        return why


def _keep(landing: Landing, name: str) -> Received:
    found = inspect(landing.file)
    sha256 = places.store().keep(landing)
    if found.preview:
        places.previews().keep(sha256, found.preview)
    shown = shown_name(name, found.media_type)
    return Received(sha256, landing.size, found.media_type, shown, found.width, found.height)
