"""What goes over the wire of the site's own scripts and styles."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.test import Client

from dashboard.web.staticfiles import LeanStorage
from tests.support.sandbox import ROOT

SCRIPT = b"""// A note for readers.
const url = "https://a.example/*b*/"; /* another */
const words = `// ${url} /* kept */`; // and one
const dots = url.replace(/\\/\\/"/, "//");
"""
STYLE = b"""/* A note. */
a::after { content: "/* kept */"; }  /* another */
"""


def served(folder: Path, name: str, content: bytes) -> bytes:
    storage = LeanStorage(location=folder, base_url="/static/")
    saved: str = storage.save(name, ContentFile(content))
    return (folder / saved).read_bytes()


@pytest.mark.parametrize("name", ["js/app.js", "js/app.0123456789ab.js"])
def test_a_script_goes_without_its_comments_and_with_its_strings(tmp_path: Path, name: str) -> None:
    lean = served(tmp_path, name, SCRIPT)
    for text in (b"https://a.example/*b*/", b"`// ${url} /* kept */`", b'/\\/\\/"/', b'"//"'):
        assert text in lean
    for comment in (b"note", b"another", b"and one"):
        assert comment not in lean


def test_a_style_goes_without_its_comments(tmp_path: Path) -> None:
    assert served(tmp_path, "css/app.css", STYLE) == b'a::after{content:"/* kept */"}'


@pytest.mark.parametrize("name", ["pico.min", "pico.min.0123456789ab"])
def test_an_imported_style_goes_in_its_place_as_it_came(tmp_path: Path, name: str) -> None:
    style = f'@layer pico, a;\n@import url("../vendor/pico/{name}.css") layer(pico);\n@layer a {{ b {{ top: 0 }} }}'
    pico = (ROOT / "static/vendor/pico/pico.min.css").read_bytes()
    assert served(tmp_path, "css/app.css", style.encode()) == (
        b"@layer pico,a;@layer pico{" + pico + b"}@layer a{b{top:0}}"
    )


def test_what_others_made_goes_as_it_came(tmp_path: Path) -> None:
    for name in ("vendor/htmx.js", "vendor/app.js", "icons.svg"):
        assert served(tmp_path, name, SCRIPT) == SCRIPT


def test_what_is_vendored_is_what_its_recipe_made() -> None:
    vendor = ROOT / "static/vendor"
    told = re.findall(
        r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", (vendor / "README.md").read_text(), re.MULTILINE
    )
    assert told
    assert {name: sha256((vendor / name).read_bytes()).hexdigest() for name, _ in told} == dict(told)


def test_no_selector_begins_with_a_colon_after_a_blank() -> None:
    """Within a layer rcssmin takes that blank away, and a descendant becomes the element itself."""
    css = (ROOT / "static/css/app.css").read_text()
    words = "is|where|not|has|first|last|focus|hover|nth|checked|disabled|empty|root"
    assert re.findall(rf"[\w)\]>+~-] +:(?:{words})\b", css) == []


def test_each_script_of_a_page_bears_the_hash_of_what_is_served(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()
    scripts = re.findall(r'<script src="/static/([^"]+)" integrity="sha256-([^"]+)" defer></script>', page)
    assert len(scripts) == page.count("<script") == 2
    for name, digest in scripts:
        content = Path(str(finders.find(name))).read_bytes()
        assert b64encode(sha256(content).digest()).decode() == digest, name
