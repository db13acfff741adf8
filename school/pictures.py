"""What a file that somebody sent really is, whatever its name says, and what of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

# As much as is fetched at all: a photo of a page is a tenth of it.
LARGEST_FILE = 8_000_000
# A page is read well at this many dots a side.
LONGEST_SIDE = 2_400
# A few kilobytes can say that they are a picture as large as a house.
MOST_DOTS = 60_000_000
QUALITY = 85
JPEG, PDF = "image/jpeg", "application/pdf"


class NotRead(Exception):  # noqa: N818  it says what is so
    """Not a picture or a PDF that anybody here could look at, or too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is kept of a file: its bytes, and what they are."""

    content_type: str
    data: bytes


def read(data: bytes) -> Read:
    """A picture drawn anew, as a JPEG without a word of where and with what it was taken; a PDF as it came.

    Raises NotRead. What is no whole JPEG, PNG or PDF by its own bytes is none, whatever it was called.
    """
    if len(data) > LARGEST_FILE:
        raise NotRead
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return Read(content_type=PDF, data=data)
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_DOTS:
                raise NotRead
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except Exception:  # noqa: BLE001  a decoder that is fed with anything raises anything
        raise NotRead from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made = BytesIO()
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(made, "JPEG", quality=QUALITY)
    return Read(content_type=JPEG, data=made.getvalue())
