"""Forms that show what they are about to send before they send it. Both act on whoever the tenant header means."""

import json
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.profile import footer, footer_fields, pending_content, pictures
from dashboard.flowtly.resources.organizations import MailFooter
from dashboard.flowtly.resources.records import Record
from dashboard.forms.results import Result
from dashboard.forms.tenant_check import WhoseForm
from dashboard.web import error_messages
from dashboard.web.formatting import number
from dashboard.web.request import link

LABELS = {"logo": gettext_lazy("Logo"), "icon": gettext_lazy("Icon")}


class PictureForm(WhoseForm):
    """Form for a picture: first a file is chosen, looked at and kept; then what was kept is sent. `record` goes by the
    name of the action."""

    file = forms.FileField(
        label=gettext_lazy("Picture"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg", "data-send-on-change": ""}),
        help_text=gettext_lazy(
            "PNG or JPEG, at most 1 MiB and 4096 pixels a side. It is shown to you before anything is sent."
        ),
    )
    picture = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def label(self) -> str:
        return str(LABELS[self.record.id])

    def name_of(self, record: Record) -> str:
        return str(LABELS[record.id])

    @cached_property
    def file_given(self) -> "UploadedFile[bytes] | None":
        return self.request.FILES.get("file") if self.request.method == "POST" else None

    @property
    def is_confirmed(self) -> bool:
        """Nobody sends what they have not seen: a file that comes now is shown first."""
        return self.request.method == "POST" and self.file_given is None

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        if not self.is_confirmed:
            self.errors.pop("slug", None)  # asked for with the picture in sight
        try:
            self.shown = self._taken(file) if (file := self.file_given) is not None else self._kept()
        except pictures.PictureRefused as refused:
            self.add_error("file", str(refused))
        if self.shown:
            self.fields["file"].label, self.fields["file"].required = _("Another picture"), False

    shown: pictures.Picture | None = None

    def _taken(self, file: "UploadedFile[bytes]") -> pictures.Picture:
        if (file.size or 0) > pictures.MOST_BYTES:
            raise pictures.too_large(file.size or 0)
        picture = pictures.take(file.read())
        self.data.setlist("picture", [pending_content.keep(self.request, self.request.path, picture.content)])
        return picture

    def _kept(self) -> pictures.Picture | None:
        key = str(self.data.get("picture") or "")
        content = pending_content.find(self.request, self.request.path, key) if key else None
        if content is None:
            raise pictures.PictureRefused(
                _("This picture is not kept any more. Choose it again.")
                if key
                else _("Choose a picture first.")
            )
        return pictures.reopen(content)

    def _may_be_left_out(self, name: str) -> bool:
        return name != "file" and super()._may_be_left_out(name)

    def _complain(self, path: str, message: str) -> None:
        super()._complain("file" if path == self.request.flowtly.names.upload_field else path, message)

    def words(self, name: str, value: object) -> str:
        """What the trail keeps of a file is its kind and its size."""
        if name != "file" or not isinstance(value, dict):
            return super().words(name, value)
        return _("%(kind)s, %(size)s bytes") % {"kind": value.get("type"), "size": number(value.get("bytes"))}

    def stop(self, problem: error_messages.Problem) -> None:
        titles = {
            "refused": _("Flowtly did not take it"),
            "unknown": _("We do not know whether this was sent"),
            "not-applied": _("Not changed: Flowtly failed"),
        }
        super().stop(replace(problem, title=titles.get(problem.outcome, problem.title)))


def picture_record(what: str) -> Record:
    """Record that the trail knows it by: a logo and an icon have none of their own."""
    return Record(id=what)


class HtmlField(forms.CharField):
    """HTML field: its value is what may be sent of what was typed."""

    def clean(self, value: object) -> str:
        text = str(super().clean(value))
        if footer.too_much(text):
            most = {"n": number(footer.MOST_TAGS)}
            raise forms.ValidationError(_("Enter a footer with fewer tags: at most %(n)s.") % most)
        return footer.clean(text)


class FooterForm(WhoseForm):
    """Form for a footer: first it shows what would be saved; then that, and nothing else, is saved. `checked` says
    what was seen."""

    def fit(self) -> None:
        for name in self.base:
            self.fields[name] = self._field(name)
            if self.base[name] is not None:
                self.initial.setdefault(name, self.base[name])
        super().fit()

    def _field(self, name: str) -> HtmlField:
        live = {
            "rows": 12,
            "spellcheck": "true",
            "hx-post": link(self.request, "profile:footer-preview"),
            "hx-trigger": "input changed delay:700ms",
            "hx-target": "#footer-preview",
            "hx-swap": "outerHTML",
            "hx-sync": "this:replace",
        }
        words = footer_fields.label_of(name)
        widget = forms.Textarea(attrs=live)
        return HtmlField(label=words, required=False, strip=False, max_length=footer.LONGEST, widget=widget)

    def base_of(self, record: MailFooter) -> dict[str, Any]:
        offered = footer_fields.offered(self.request.flowtly, record)
        return {name: record.raw.get(name) for name in offered}

    def name_of(self, record: object) -> str:
        return _("Mail footer")

    # --- seen, then saved ---

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.is_checked:
            self.errors.pop("slug", None)  # asked for with what will be saved in sight

    @property
    def is_checked(self) -> bool:
        """What is posted is what was shown; or there is nothing to show."""
        return not self.mine() or self.posted.get("checked", "") == self._mark()

    @property
    def to_be_shown(self) -> bool:
        """Whether this drawing shows what will be saved."""
        return self.request.method == "POST" and not self.errors.keys() - {"slug"} and bool(self.mine())

    def save(self, resource: Any = None) -> Result[Any] | None:
        return super().save(resource) if self.is_valid() and self.is_checked else None

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return super().hidden + ([("checked", self._mark())] if self.to_be_shown else [])

    def _mark(self) -> str:
        return salted_hmac("checked", json.dumps(self.mine(), sort_keys=True)).hexdigest()

    def texts(self) -> list[tuple[str, str]]:
        """Each field as it would be once this is saved."""
        mine = self.mine() if self.is_bound and self.is_valid() else {}
        return [(self.label_of(name), str(mine.get(name, self.base[name]) or "")) for name in self.base]

    def seen_before_saving(self) -> list[dict[str, Any]]:
        """For each field that was touched: before → after, and what was taken out of what was typed."""
        return [self._seen(name, str(value or "")) for name, value in self.mine().items()]

    def _seen(self, name: str, text: str) -> dict[str, Any]:
        typed = self.data.get(name) or ""
        return {
            "name": name,
            "label": self.label_of(name),
            "lines": footer.lines(str(self.base.get(name) or ""), text),
            "taken_out": footer.taken_out(typed, text),
            "rewritten": text != typed,
            "links": footer.links(text),
            "empty": not text,
        }
