"""Static files as they go over the wire: what is there for readers of the code stays at home. It is a fifth of the
scripts, and a first visit has a budget."""

import re
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Under their own name, and under that with a hash in it.
OURS = re.compile(r"(js|css)[/\\]app(\.[0-9a-f]{12})?\.(js|css)")
# Whole lines of comment, what lines begin with, and a comment at the end of one, unless a quote is in it: then it could
# be a part of a string. No string of ours goes over several lines.
FOR_READERS = re.compile(rb"^[ ]*(?:/\*.*?\*/|//[^\n]*)\n|^[ ]+|[ ]+// [^\n\"'`]*$", re.MULTILINE | re.DOTALL)


class LeanStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def _save(self, name: str, content: Any) -> str:
        if OURS.fullmatch(name):
            content.seek(0)
            content = ContentFile(FOR_READERS.sub(b"", content.read()))
        saved: str = super()._save(name, content)
        return saved
