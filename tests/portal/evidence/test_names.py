"""The name of a file as people see it."""

import pytest

from portal.evidence.names import shown_name

JPEG, PDF = "image/jpeg", "application/pdf"


@pytest.mark.parametrize(
    ("given", "media_type", "shown"),
    [
        ("物流签收凭证（1）.pdf", PDF, "物流签收凭证（1）.pdf"),
        ("茶叶 外包装.JPG", JPEG, "茶叶 外包装.JPG"),
        ("买家👨‍👩‍👧聊天.jpeg", JPEG, "买家👨‍👩‍👧聊天.jpeg"),
        ("../../etc/passwd.jpg", JPEG, "passwd.jpg"),
        (r"C:\Users\岚山\桌面\运单.jpg", JPEG, "运单.jpg"),
        ("..", JPEG, "file.jpg"),
        ("", JPEG, "file.jpg"),
        (".jpg", JPEG, "file.jpg"),
        ("...hidden.jpg", JPEG, "hidden.jpg"),
        ("photo\u202egpj.exe", JPEG, "photogpj.exe.jpg"),
        ("\u2067a\u2069b\u200e\u200f\u061c\ufeff.jpg", JPEG, "ab.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", JPEG, "a Set-Cookie: x=1.jpg"),
        ("a\0b\x1b[31m\x7f\x85.jpg", JPEG, "ab[31m.jpg"),
        ("a\ud800b.jpg", JPEG, "ab.jpg"),
        ("  many \t blanks  .jpg", JPEG, "many blanks.jpg"),
        ("page.html", JPEG, "page.html.jpg"),
        ("screenshot.png", JPEG, "screenshot.jpg"),
        ("no ending", JPEG, "no ending.jpg"),
        ("v1.2 of 3. November 2026", JPEG, "v1.2 of 3. November 2026.jpg"),
        ("e\u0301te\u0301.jpg", JPEG, "\u00e9t\u00e9.jpg"),
        ('"quoted";<b>.jpg', JPEG, '"quoted";<b>.jpg'),
    ],
)  # fmt: skip
def test_a_name_stays_itself_minus_what_could_mislead(given: str, media_type: str, shown: str):
    assert shown_name(given, media_type) == shown


def test_a_name_of_ten_thousand_characters_is_cut_and_keeps_its_ending():
    shown = shown_name("证" * 10_000 + ".pdf", PDF)
    assert shown == "证" * 196 + ".pdf"


def test_an_ending_of_ten_thousand_characters_is_no_ending():
    assert shown_name("a." + "b" * 10_000, PDF) == "a." + "b" * 194 + ".pdf"
