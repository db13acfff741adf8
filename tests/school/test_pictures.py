"""A file is what its own bytes say, and nothing of the phone that made it is kept."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from school import pictures
from school.pictures import JPEG, LARGEST_FILE, PDF, NotRead, read

# EXIF: turned by a quarter; the maker of the phone; where it was taken.
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def photo(kind: str, *, size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture with all that a phone writes into it."""
    image = Image.new("RGB", size, (200, 40, 40))
    told = image.getexif()
    told[ORIENTATION], told[MAKER] = 6, "A phone maker"
    told.get_ifd(GPS)[1] = "N"
    made = BytesIO()
    image.save(made, kind, exif=told)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_kept_without_where_and_with_what_it_was_taken(kind: str) -> None:
    sent = photo(kind)
    assert b"A phone maker" in sent
    kept = read(sent)
    assert kept.content_type == JPEG
    assert b"A phone maker" not in kept.data
    with Image.open(BytesIO(kept.data)) as image:
        assert not image.getexif()
        assert image.size == (40, 60), "it stands upright, now that nothing says that it should be turned"


def test_a_large_picture_is_made_smaller() -> None:
    with Image.open(BytesIO(read(photo("JPEG", size=(4000, 1000))).data)) as image:
        assert max(image.size) == 2400


def test_a_letter_is_kept_as_it_came() -> None:
    letter = b"%PDF-1.4\nDear school\n%%EOF\n"
    kept = read(letter)
    assert (kept.content_type, kept.data) == (PDF, letter)


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"PK\x03\x04 a sheet", b"GIF89a", b"<html><script>", b"%PDF-1.4 cut off", b"\xff\xd8\xff\xe0 no picture",
        b"\x89PNG\r\n\x1a\n no picture", photo("JPEG")[:300], b"II*\x00 a scan", b"\x00" * 64,
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_or_letter_is_none(sent: bytes) -> None:
    with pytest.raises(NotRead):
        read(sent)


def test_what_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(NotRead):
        read(b"%PDF-" + b"0" * LARGEST_FILE + b"%%EOF")


def test_a_small_file_that_says_it_is_a_huge_picture_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_DOTS", 2_000)
    with pytest.raises(NotRead):
        read(photo("PNG"))
