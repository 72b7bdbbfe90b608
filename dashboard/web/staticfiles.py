"""Static files without their comments, a fifth of the scripts, and one style sheet instead of two: a first visit has
a budget."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile, File
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Under their own name, and under that with a hash in it.
OURS = re.compile(r"(?:js|css)[/\\]app(?:\.[0-9a-f]{12})?\.(js|css)")
IMPORT = re.compile(rb'@import url\("?[^")]*(vendor/[^")]+?)(?:\.[0-9a-f]{12})?\.css"?\) ?layer\((\w+)\);')


def _css(content: bytes) -> bytes:
    """With what it imports in its place, as that came."""
    return IMPORT.sub(_imported, cssmin(content))


def _imported(found: re.Match[bytes]) -> bytes:
    file = Path(finders.find(f"{found[1].decode()}.css") or "")
    return b"@layer %s{%s}" % (found[2], file.read_bytes())


MINIFIERS: dict[str, Callable[[bytes], bytes]] = {"js": jsmin, "css": _css}


class LeanStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def _save(self, name: str, content: "File[bytes]") -> str:
        if ours := OURS.fullmatch(name):
            content.seek(0)
            content = ContentFile(MINIFIERS[ours[1]](content.read()))
        saved: str = super()._save(name, content)
        return saved


def integrity(name: str) -> str:
    """Hash of a static file as it is served, for a browser to hold what came against (SRI). None while it is being
    written on."""
    return "" if settings.DEBUG else _integrity(name)


@cache
def _integrity(name: str) -> str:
    stored = getattr(staticfiles_storage, "stored_name", None)
    content = (
        staticfiles_storage.open(stored(name)).read()
        if stored
        else Path(finders.find(name) or "").read_bytes()
    )
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
