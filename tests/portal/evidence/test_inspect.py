"""What a file is, by its content alone."""

import contextlib
import io
import random
import time
import warnings
from pathlib import Path

import pytest
from PIL import Image

from portal.evidence.inspect import Finding, inspect
from portal.evidence.limits import MAX_BYTES, PREVIEW_EDGE
from portal.evidence.refused import UploadRefused
from tests import samples
from tests.portal.evidence.hostile import FTYP, HOSTILE, JPEG, MP4, PDF, PNG, TABLE, WEBP, box, film_of


@pytest.fixture
def look(tmp_path: Path):
    def look(content: bytes) -> Finding:
        path = tmp_path / "file"
        path.write_bytes(content)
        with path.open("rb") as file:
            return inspect(file)

    return look


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_own_reason_in_less_than_two_seconds(look, name: str):
    content, reason = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(UploadRefused) as refusal:
        look(content)
    assert refusal.value.kind == reason
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp"), (PDF, "application/pdf"), (MP4, "video/mp4"),
        (samples.photo(), "image/jpeg"), (samples.photo(progressive=True), "image/jpeg"),
        (samples.PHOTOGRAPH.read_bytes(), "image/png"),
        (samples.saved(samples.picture(), "WEBP", lossless=True), "image/webp"),
    ],
)  # fmt: skip
def test_a_real_file_is_what_it_is(look, content: bytes, media_type: str):
    assert look(content).media_type == media_type


def test_what_a_phone_appends_to_its_photo_is_allowed(look):
    motion_photo = samples.photo() + MP4
    gain_map = samples.photo() + JPEG
    with Image.open(samples.CAT) as cat:
        both_eyes = samples.saved(cat, "MPO", save_all=True, append_images=[cat])
    assert {look(photo).media_type for photo in (motion_photo, gain_map, both_eyes)} == {"image/jpeg"}


def test_an_mp4_may_have_its_table_in_front_its_box_open_ended_or_be_in_fragments(look):
    assert look(FTYP + TABLE + b"\0\0\0\0mdat" + bytes(100)).media_type == "video/mp4"
    assert look(FTYP + TABLE + box(b"moof", b"") + box(b"mdat", bytes(9))).media_type == "video/mp4"


def test_a_file_over_20_mb_is_refused_and_one_of_exactly_20_mb_is_not(look):
    assert look(film_of(MAX_BYTES)).media_type == "video/mp4"
    with pytest.raises(UploadRefused, match="too_large"):
        look(film_of(MAX_BYTES + 1))


@pytest.mark.parametrize(("orientation", "size"), [(1, (300, 200)), (3, (300, 200)), (6, (200, 300)), (8, (200, 300))])
def test_a_photo_taken_sideways_is_measured_and_previewed_upright(look, orientation: int, size: tuple[int, int]):
    found = look(samples.photo(orientation, (300, 200)))
    assert (found.width, found.height) == size
    assert _preview(found).size == size


def test_turning_upright_is_what_a_viewer_would_do(look):
    """A picture whose upper left corner is white, as stored; orientation 6 shows that corner at the upper right."""
    stored = Image.new("RGB", (200, 100))
    stored.paste((255, 255, 255), (0, 0, 60, 60))
    exif = Image.Exif()
    exif[samples.ORIENTATION] = 6
    shown = _preview(look(samples.saved(stored, "JPEG", exif=exif))).convert("L")
    assert (shown.getpixel((90, 10)), shown.getpixel((10, 10)), shown.getpixel((90, 190))) == pytest.approx(
        (255, 0, 0), abs=12
    )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colour_gets_a_small_preview(look, mode: str):
    found = look(samples.saved(samples.picture((1600, 900), mode), "JPEG" if mode == "CMYK" else "PNG"))
    assert _preview(found).size == (PREVIEW_EDGE, 225)


def test_a_picture_of_four_thousand_pixels_keeps_its_shape_in_the_preview(look):
    assert _preview(look(samples.saved(samples.picture((6000, 3000)), "PNG", compress_level=1))).size == (400, 200)


def test_a_very_long_picture_still_has_a_preview(look):
    assert _preview(look(samples.saved(samples.picture((20, 30_000)), "PNG", compress_level=1))).size == (1, 400)


def test_a_preview_tells_nothing_of_who_took_the_photo_and_where(look):
    preview = look(samples.photo()).preview
    assert preview is not None
    assert "青禾".encode() not in preview
    with Image.open(io.BytesIO(preview)) as image:
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile"} & set(image.info)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_careless_camera_note_is_no_reason_to_refuse(look):
    note = b"Exif\0\0MM\0*" + b"\xff" * 40
    photo = JPEG[:2] + b"\xff\xe1" + (len(note) + 2).to_bytes(2, "big") + note + JPEG[2:]
    assert look(photo).media_type == "image/jpeg"


def test_a_file_is_only_read(tmp_path: Path, look):
    look(JPEG)
    assert (tmp_path / "file").read_bytes() == JPEG


def test_a_file_spoilt_at_random_is_taken_or_refused_and_breaks_nothing(look):
    dice = random.Random(5)
    whole = [samples.photo(6, (60, 40)), samples.photo(6, (60, 40), progressive=True), WEBP, FTYP + TABLE, PDF[-4000:]]
    whole += [samples.saved(samples.picture((64, 48), mode), "PNG") for mode in ("RGB", "P")]
    for _ in range(1000):
        content = bytearray(dice.choice(whole))
        for _ in range(dice.choice((1, 2, 20))):
            content[dice.randrange(len(content))] = dice.choice((0, 255, dice.randrange(256)))
        with contextlib.suppress(UploadRefused), warnings.catch_warnings(action="ignore"):
            look(bytes(content[: dice.choice((len(content), dice.randrange(1, len(content))))]))


def _preview(found: Finding) -> Image.Image:
    assert found.preview is not None
    return Image.open(io.BytesIO(found.preview))
