"""Run on its own: print by how many KiB the process grew at its peak while it did one thing."""

import io
import re
import sys
from pathlib import Path

from werkzeug.test import EnvironBuilder, run_wsgi_app

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from portal.evidence.inspect import inspect  # noqa: E402
from tests import samples  # noqa: E402
from tests.portal.evidence.conftest import a_door  # noqa: E402

HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\n'
TAIL = b"\r\n--b--\r\n"


class Body(io.RawIOBase):
    """A multipart body read from a file, never held whole."""

    def __init__(self, path: Path) -> None:
        self.parts = [io.BytesIO(HEAD), path.open("rb"), io.BytesIO(TAIL)]
        self.length = len(HEAD) + path.stat().st_size + len(TAIL)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        while self.parts:
            if piece := self.parts[0].read(len(buffer)):
                buffer[: len(piece)] = piece
                return len(piece)
            self.parts.pop(0)
        return 0


def forget_peak() -> int:
    """Let the highest memory use begin anew at what is used now, and say what that is."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> int:
    """The most memory this process had since then."""
    return int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0])


def upload(path: Path, folder: Path) -> None:
    """Send a small file, for the machinery's own sake, then the large one."""
    folder.mkdir()
    door, small = a_door(folder), folder / "small"
    small.write_bytes(samples.DRAWING.read_bytes())
    environ = EnvironBuilder(path="/slot", method="POST").get_environ()
    environ["CONTENT_TYPE"] = "multipart/form-data; boundary=b"
    for file in (small, path):
        body = Body(file)
        before = forget_peak()
        environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(body.length)}
        said, status, _headers = run_wsgi_app(door, environ, buffered=True)
        assert status.startswith("200"), list(said)
    sys.stdout.write(str(peak() - before))


def picture(path: Path, _folder: Path) -> None:
    """Open the picture."""
    before = forget_peak()
    with path.open("rb") as file:
        inspect(file)
    sys.stdout.write(str(peak() - before))


{"upload": upload, "picture": picture}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
