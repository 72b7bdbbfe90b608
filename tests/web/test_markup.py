"""What holds for every template, and that the checks made of every page can fail."""

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.support.markup import Page

TEMPLATES = Path(__file__).parents[2] / "templates"
GOOD = '<html lang="en"><title>x</title><body><h1>x</h1></body></html>'
# Words that are the same in every language, and the page that must stand when nothing else does.
SAME_EVERYWHERE = {"Flowtly", "id", "Esc", "Ctrl", "K"}
STANDALONE = {"500.html"}
COLUMNS = 120
BLOCK = re.compile(
    r"<(?:p|div|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|form|fieldset|legend|label|section|article|header|nav|search"
    r"|details|summary|h[1-4]|dialog|option|optgroup|figure|figcaption)\b"
)


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (GOOD.replace("<h1>x</h1>", ""), "headings"),
        (GOOD.replace("<h1>x</h1>", "<h1>x</h1><h1>y</h1>"), "headings"),
        (GOOD.replace("<title>x", "<title>"), "no title"),
        (GOOD.replace(' lang="en"', ""), "no language"),
        (GOOD.replace("<h1>", '<p id="a"></p><p id="a"></p><h1>'), "ids used twice"),
        (GOOD.replace("<h1>", '<label for="b">x</label><h1>'), "not there"),
        (GOOD.replace("<h1>", "<script>alert(1)</script><h1>"), "inline script"),
        (GOOD.replace("<h1>", '<p style="color:red">x</p><h1>'), "inline script or style"),
        (GOOD.replace("<h1>", '<p onclick="x">x</p><h1>'), "handler"),
        (GOOD.replace("<h1>", '<form method="post"></form><h1>'), "CSRF"),
        (GOOD.replace("<h1>", "</div><h1>"), "closes nothing"),
    ],
)
def test_the_check_of_every_page_sees(page: str, fault: str) -> None:
    assert any(fault in found for found in Page(page).faults(whole=True))
    assert Page(GOOD).faults(whole=True) == []


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_every_text_is_marked_for_translation(file: Path) -> None:
    if file.name in STANDALONE:
        return
    text = file.read_text()
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", text, flags=re.S)
    shown = re.findall(r'(?:aria-label|title|placeholder|alt|data-t-[a-z-]+)="([^"{]+)"', text)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.S)
    shown.append(re.sub(r"<[^>]*>", " ", text, flags=re.S))
    words = {word for piece in shown for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", piece))}
    assert words <= SAME_EVERYWHERE, words - SAME_EVERYWHERE


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_every_template_can_be_read(file: Path) -> None:
    assert engines["django"].get_template(str(file.relative_to(TEMPLATES)))


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_one_element_stands_on_a_line(file: Path) -> None:
    """Inline elements flow with their text, blocks do not; djlint sees to the rest."""
    for line in file.read_text().splitlines():
        assert len(line) <= COLUMNS, line
        assert len(BLOCK.findall(line)) <= 1, line


def test_no_row_of_a_table_makes_urls_dates_or_includes() -> None:
    """They cost more than all the rest of a list page: rows are made ready in Python."""
    for file in TEMPLATES.rglob("*.html"):
        for body in re.findall(r"<tbody>\s*{% for .*?{% endfor %}\s*</tbody>", file.read_text(), flags=re.S):
            assert not re.search(r"{% (url|include) |\|(date|time)\b", body), file
