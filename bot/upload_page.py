"""The page where an asked parent uploads one file: a school's name, a sentence, a field and a button, and no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources

from babel import negotiate_locale
from jinja2 import Environment, PackageLoader, Template, select_autoescape
from starlette.responses import HTMLResponse

from conversations.language import ENGLISH
from conversations.speaking import runs_left, words
from school.pictures import LARGEST_FILE

# Without HEIC in this list an iPhone makes a JPEG of its photo before it uploads it.
ACCEPT = "image/jpeg,image/png,application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who looks at the page, as far as it shows: the school that asked, "" where the link is over, and a language."""

    school: str
    language: str


def form(reader: Reader, *, wrong: str = "", status: int = 200) -> HTMLResponse:
    """The page with its field; `wrong` is the key of what was not right with the last file."""
    shown = {name: words(reader.language, f"upload.{name}", **_facts(reader)) for name in ("what", "label", "send")}
    said = words(reader.language, wrong, **_facts(reader)) if wrong else ""
    return _page(reader, status, form=True, said=said, **shown)


def told(reader: Reader, key: str, *, status: int) -> HTMLResponse:
    """The page with a sentence alone: thanks, or that the link is over."""
    return _page(reader, status, form=False, said=words(reader.language, key, **_facts(reader)))


def spoken(accepted: str, packs: Collection[str]) -> str:
    """The language to say it in that a browser asks for, of those that the house speaks; English where none fits."""
    wanted = [each.partition(";")[0].strip() for each in accepted[:200].split(",")]
    return negotiate_locale([each for each in wanted if each], sorted(packs), sep="-") or ENGLISH


def _facts(reader: Reader) -> dict[str, str]:
    return {"school": reader.school, "size": str(LARGEST_FILE // 1_000_000)}


def _page(reader: Reader, status: int, **shown: str | bool) -> HTMLResponse:
    lang = reader.language
    title = words(lang, "upload.title", **_facts(reader)) if reader.school else words(lang, "upload.plain")
    text = _template().render(
        lang=lang.replace("_", "-"),
        direction="rtl" if runs_left(lang) else "ltr",
        title=title,
        style=_style(),
        accept=ACCEPT,
        **shown,
    )
    return HTMLResponse(text, status_code=status, headers=_headers())


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bot"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("upload.html")


@cache
def _style() -> str:
    return resources.files("bot").joinpath("templates", "upload.css").read_text(encoding="utf-8")


@cache
def _headers() -> dict[str, str]:
    """Kept nowhere, found by nobody, framed nowhere; the one style is allowed by its hash."""
    allowed = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{allowed}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    }
