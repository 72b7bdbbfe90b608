"""A list as CSV: every page of it, streamed, with the list's own search and filters, safe to open in a spreadsheet."""

import csv
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.audit import trail
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.standards.foreign_text import marked, unmarked
from dashboard.tables.exports.rows import Exported, R, stream
from dashboard.tables.query import Plan
from dashboard.web.formatting import as_it_is
from dashboard.web.request import StaffRequest

log = logging.getLogger(__name__)

# A spreadsheet takes a cell that begins with one of these for a formula or a command; the full-width forms are meant.
# After a quotation mark it would take what follows for such a beginning, and after ours it would be ambiguous.
RISKY = "=+\\-@;\t\r\n\0＝＋－＠；'\""
QUOTE = "'"
# Where a cell begins: also within a value, for a spreadsheet that parts lines by another separator than ours.
BEGINS = r"((?:^|[;\t|\r\n]) *)"
_RISKY = re.compile(f"{BEGINS}(?=[{RISKY}])")
_GUARDED = re.compile(BEGINS + QUOTE)


def cell(value: object) -> str:
    """A value as a cell: nothing for null, JSON for what has parts, a mark for what cannot be seen, and nowhere a
    formula, whatever separator the file is read with."""
    text = "" if value is None else marked(as_it_is(value))
    return _RISKY.sub(rf"\1{QUOTE}", text)


def uncell(text: str) -> str:
    """What `cell` made a text of, back."""
    return unmarked(_GUARDED.sub(r"\1", text))


def export(request: StaffRequest, resource: Exported[R], plan: Plan, name: str) -> StreamingHttpResponse:
    """The list that this request asks for, as a file. The first page is read before anything is answered, so that an
    API that is away is a page and not a broken file."""
    columns = ["id", *resource.record.api_names().values()]
    pages = stream(request, resource, plan)
    first: Sequence[R] = next(pages, [])
    # What was taken out of the house, by whom and by which filters, is known before the first line leaves.
    trail.put_on_record(request, name, "export", request.GET.urlencode()[:500])
    moment = timezone.localtime().strftime("%Y-%m-%d-%H%M")
    whose = getattr(getattr(request, "organization", None), "id", "")
    response = StreamingHttpResponse(
        _lines(columns, first, pages),
        content_type="text/csv; charset=utf-8",
        headers={"X-Accel-Buffering": "no"},
    )
    file = "-".join(part for part in (whose, name, moment) if part)
    response["Content-Disposition"] = f'attachment; filename="{file}.csv"'
    return response


def _lines(
    columns: Sequence[str], first: Sequence[Record], pages: Iterator[Sequence[Record]]
) -> Iterator[str]:
    yield "\ufeff" + _written([columns])  # tells spreadsheets that this is UTF-8
    yield _rows(columns, first)
    try:
        for page in pages:
            yield _rows(columns, page)
    except errors.FlowtlyError as error:
        log.warning("An export broke off: %s", error.title)
        yield _written([[_("NOT COMPLETE: Flowtly broke off here. Export it again.")]])
        # The transfer ends unfinished, so that a browser does not take a part for the whole.
        raise


def _rows(columns: Sequence[str], records: Sequence[Record]) -> str:
    return _written(
        [cell(record.id if c == "id" else record.raw.get(c)) for c in columns] for record in records
    )


def _written(lines: Iterable[Sequence[str]]) -> str:
    written = StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(lines)
    return written.getvalue()
