"""A case file is checked by anybody, anywhere; whatever is wrong with it is found and named."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal import bundles
from portal.bundles import archive, building
from portal.bundles.checking import check
from portal.bundles.signing import public_pem
from tests.portal.bundles.mutations import THE_END, Spoiler

ROOT = Path(__file__).parents[3]
MANY = 1000
SUMS = r"""sed -n 's/^{"path":"\([^"]*\)","sha256":"\([0-9a-f]*\)".*/\2  \1/p' manifest.json | sha256sum -c"""
SIGNED = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig"


def given_key(path: Path) -> bundles.Checked:
    """What checking with the published key finds."""
    return check(path, bundles.public_key((path.parent / "key.pem").read_bytes(), "key.pem"))


def test_a_case_file_is_as_it_was_made(on_disk: Path) -> None:
    checked = given_key(on_disk)
    assert checked.faults == ()
    assert checked.about.endswith("merchant, zh, as of 2026-03-02T10:00:00.000000Z")
    assert check(on_disk) == checked


def test_whatever_happens_to_it_is_found_and_named(on_disk: Path) -> None:
    whole, spoilt = on_disk.read_bytes(), on_disk.with_name("spoilt.zip")
    spoiler, missed = Spoiler(whole, seed=20261124), []
    for number in range(MANY):
        made, name = spoiler.any()
        assert made != whole
        spoilt.write_bytes(made)
        faults = given_key(spoilt).faults
        if not any(name in fault for fault in faults):
            missed.append(f"{number}: {name}, but {faults}")
    assert missed == []


def test_every_bit_of_headers_and_directory_counts(on_disk: Path) -> None:
    whole = on_disk.read_bytes()
    spoiler, spoilt, missed = Spoiler(whole, seed=0), on_disk.with_name("spoilt.zip"), []
    (start, end, name), (first, last, ending) = spoiler.regions[2], spoiler.regions[-1]
    assert ending == THE_END
    for place in (*range(start, end), *range(first, last)):
        for bit in range(8):
            spoilt.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
            faults = given_key(spoilt).faults
            if not any((name if place < end else THE_END) in fault for fault in faults):
                missed.append(f"{place} {bit}: {faults}")
    assert missed == []


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda whole: whole + b"\0", "1 bytes follow"),
        (lambda whole: b"\0" + whole, "manifest.json: does not begin where it must"),
        (lambda whole: b"", "is empty"),
        (lambda whole: b"not a ZIP at all", "the beginning of the file"),
        (lambda whole: Spoiler(whole, 0).rewritten(_as_it_is(whole), ("more.txt", b"x")), "more.txt: does not belong"),
    ],
)
def test_what_does_not_belong_to_it_is_named(on_disk: Path, spoil: Callable[[bytes], bytes], says: str) -> None:
    on_disk.write_bytes(spoil(on_disk.read_bytes()))
    assert says in " ".join(given_key(on_disk).faults)


def _as_it_is(whole: bytes) -> Callable[[archive.Found], tuple[str, memoryview]]:
    return lambda one: (one.entry.path, one.content(memoryview(whole)))


def test_the_same_files_in_another_programs_zip_are_not_the_same_file(on_disk: Path) -> None:
    with zipfile.ZipFile(on_disk) as given:
        files = {name: given.read(name) for name in given.namelist()}
    with zipfile.ZipFile(on_disk, "w") as other:
        for name, content in files.items():
            other.writestr(name, content)
    (fault,) = given_key(on_disk).faults
    assert fault == "manifest.json: its header in the ZIP was changed"


def forged(whole: bytes, key: Ed25519PrivateKey, instead: bytes = b"", /, **changed: bytes) -> bytes:
    """A file in which some contents are others, listed and signed anew by whoever has this key."""
    spoiler = Spoiler(whole, 0)
    files = {one.entry.path: bytes(one.content(spoiler.view)) for one in spoiler.found}
    manifest = json.loads(files["manifest.json"])
    for path, content in changed.items():
        files[path] = content
        made = building._content(path, content)
        manifest["files"] = [
            {"path": path, "sha256": made.sha256, "size": made.size} if one["path"] == path else one
            for one in manifest["files"]
        ]
    files["manifest.json"] = instead or json.dumps(manifest).encode()
    files["manifest.sig"] = key.sign(files["manifest.json"])
    return spoiler.rewritten(lambda one: (one.entry.path, memoryview(files[one.entry.path])))


@pytest.mark.parametrize(
    "manifest",
    [
        b"[" * 200_000,
        b"null",
        b'{"format": "recourse-case-file/1"}',
        b'{"format": "recourse-case-file/1", "files": [{"path": 1}]}',
        (
            b'{"format": "recourse-case-file/1", "case": "\\ud800\\u001b[2J", "party": 1, "lang": 1, "as_of": 1, '
            b'"chains": 1, "files": [{"path": "\\u001b]0;x"}]}'
        ),
    ],
)
def test_a_list_that_is_none_is_said_calmly(on_disk: Path, manifest: bytes) -> None:
    on_disk.write_bytes(forged(on_disk.read_bytes(), Ed25519PrivateKey.generate(), manifest))
    checked = given_key(on_disk)
    assert checked.faults
    assert all(line.isprintable() for line in (checked.about, *checked.faults))


def test_a_file_that_somebody_else_signed_is_not_the_platforms(on_disk: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    public = public_pem(stranger)
    on_disk.write_bytes(forged(on_disk.read_bytes(), stranger, **{"public-key.pem": public, "record.json": b"{}"}))
    assert check(on_disk).faults == ()
    (fault,) = given_key(on_disk).faults
    assert fault.startswith("manifest.json or manifest.sig: was not signed like this")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda links: links.pop(2), "event 3 is missing"),
        (lambda links: links[1].update(actor_role="nobody"), "its header was changed"),
        (lambda links: links[1]["data"].update(outcome="upheld"), "its data was changed"),
        (lambda links: links[1].pop("salt"), "can't be read"),
        (lambda links: links.pop(), "does not end where"),
        (lambda links: links.clear(), "can't be read"),
    ],
)
def test_a_history_that_was_changed_is_named_even_if_it_is_signed(
    on_disk: Path, change: Callable[[list[dict[str, object]]], object], says: str
) -> None:
    with zipfile.ZipFile(on_disk) as given:
        history = json.loads(given.read("history.json"))
    change(next(links for name, links in history.items() if name.startswith("AP-")))
    key = bundles.signing_key(bundles.key_path())
    on_disk.write_bytes(forged(on_disk.read_bytes(), key, **{"history.json": json.dumps(history).encode()}))
    faults = given_key(on_disk).faults
    assert {fault.partition(":")[0] for fault in faults} == {"history.json"}
    assert says in faults[0]


def elsewhere(folder: Path, *command: str, shell: bool = False) -> subprocess.CompletedProcess[str]:
    """Run something in a folder that has the ZIP and the key, with nothing of this portal's settings or data."""
    clean = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    env = clean | ({} if shell else {"PYTHONPATH": str(ROOT)})
    given = command[0] if shell else command
    return subprocess.run(given, shell=shell, cwd=folder, env=env, capture_output=True, text=True, check=False)


def verify(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """`portal verify` on another machine."""
    return elsewhere(folder, sys.executable, "-P", "-m", "portal", "verify", "case.zip", *more)


def test_it_is_verified_on_another_machine_with_only_the_public_key(on_disk: Path) -> None:
    folder = on_disk.parent
    result = verify(folder, "--key", "key.pem")
    assert (result.returncode, result.stderr) == (0, "")
    assert "case file   ok" in result.stdout
    assert sorted(path.name for path in folder.iterdir()) == ["case.zip", "key.pem"]
    whole = on_disk.read_bytes()
    on_disk.write_bytes(whole.replace("岚山茶铺".encode(), "岚山茶店".encode(), 1))
    result = verify(folder, "--key", "key.pem")
    assert result.returncode == 1
    assert "record.json: its content was changed" in result.stderr
    assert "compare it with the one the platform publishes" in verify(folder).stdout


def test_a_bad_key_is_said_to_be_one(on_disk: Path) -> None:
    (on_disk.parent / "key.pem").write_text("no key")
    result = verify(on_disk.parent, "--key", "key.pem")
    assert result.returncode == 2
    assert "key.pem can't be read as a public key" in result.stderr


def test_a_clerk_checks_it_with_openssl_and_sha256sum_alone(on_disk: Path, tmp_path: Path) -> None:
    assert shutil.which("openssl")
    assert shutil.which("sha256sum")
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(on_disk) as given:
        given.extractall(folder)
    readme = (folder / "README.txt").read_text()
    assert readme.count(SIGNED) == readme.count(SUMS) == 2
    assert "Verified Successfully" in elsewhere(folder, SIGNED, shell=True).stdout
    result = elsewhere(folder, SUMS, shell=True)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert result.returncode == 0
    assert result.stdout.count(": OK") == len(files) - 2
    exhibit = next((folder / "evidence").iterdir())
    exhibit.write_bytes(exhibit.read_bytes() + b"x")
    assert f"{exhibit.name}: FAILED" in elsewhere(folder, SUMS, shell=True).stdout
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b" ")
    assert elsewhere(folder, SIGNED, shell=True).returncode != 0


def test_a_key_is_for_a_case_file(on_disk: Path) -> None:
    result = elsewhere(on_disk.parent, sys.executable, "-P", "-m", "portal", "verify", "--key", "key.pem")
    assert result.returncode == 2
    assert "--key is for a case file" in result.stderr
