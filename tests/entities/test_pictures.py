"""Logo and icon: nothing goes out that was not looked at, and nothing as it came."""

import re
import struct
import zlib
from base64 import b64decode
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from dashboard.entities.profile import pictures
from dashboard.entities.profile.models import Chosen
from dashboard.upstream import connection
from dashboard.web.uploads import Capped
from tests.support.colour_profiles import adobe_rgb, dark_grey, ink
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

LOGO = "/o/org_1001/profile/logo/"
ICON = "/o/org_1001/profile/icon/"
UPLOAD = "POST /organizations/logo"


def written(image: Image.Image, form: str = "PNG", **more: Any) -> bytes:
    out = BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 80).convert("RGB")


def plain(width: int = 120, height: int = 40, mode: str = "RGB", colour: Any = None) -> Image.Image:
    return Image.new(
        mode, (width, height), colour if colour is not None else (200, 30, 90)[: len(mode)] or 120
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """Right after the head of it."""
    return png[:33] + chunk(kind, data) + png[33:]


def of_size(width: int, height: int) -> bytes:
    """A head that promises so many pixels, and hardly any that follow."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        pictures.SIGNATURES["PNG"]
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


def adobe_as_seen(colour: tuple[int, ...]) -> tuple[int, ...]:
    """By the definitions of the two, apart from any library."""
    red, green, blue = ((each / 255) ** (563 / 256) for each in colour[:3])
    x = 0.57667 * red + 0.18556 * green + 0.18823 * blue
    y = 0.29734 * red + 0.62736 * green + 0.07529 * blue
    z = 0.02703 * red + 0.07069 * green + 0.99134 * blue
    linear = (3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z,
              0.0557 * x - 0.2040 * y + 1.0570 * z)  # fmt: skip
    return tuple(round(255 * (1.055 * each ** (1 / 2.4) - 0.055)) for each in linear) + colour[3:]


SAND = (190, 140, 90)
# Mode, format, profile, the colour that is kept, and the colour that is seen.
PROFILED: dict[str, tuple[str, str, bytes, Any, tuple[int, ...]]] = {
    "a photograph": ("RGB", "JPEG", adobe_rgb(), SAND, adobe_as_seen(SAND)),
    "a picture": ("RGB", "PNG", adobe_rgb(), SAND, adobe_as_seen(SAND)),
    "a picture that is half transparent": (
        "RGBA",
        "PNG",
        adobe_rgb(),
        (*SAND, 90),
        adobe_as_seen((*SAND, 90)),
    ),
    "a print in cyan, which this press has as green": ("CMYK", "JPEG", ink(), (255, 0, 0, 0), (0, 161, 92)),
    "paper": ("CMYK", "JPEG", ink(), (0, 0, 0, 0), (255, 255, 255)),
    "a dark grey": ("L", "JPEG", dark_grey(), 128, (100, 100, 100)),
    "a dark grey that is half transparent": ("LA", "PNG", dark_grey(), (128, 90), (100, 100, 100, 90)),
    "a profile of other colours than the picture's": ("RGB", "JPEG", ink(), SAND, SAND),
    "a profile that nobody can read": ("RGB", "PNG", b"ICC" * 90, SAND, SAND),
    "none": ("RGB", "PNG", b"", SAND, SAND),
}


def animated() -> bytes:
    return written(plain(), save_all=True, append_images=[plain(colour=(0, 0, 255))], duration=100)


def text_bomb() -> bytes:
    return with_chunk(written(plain()), b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 30_000_000))


def profile_bomb() -> bytes:
    return with_chunk(written(plain()), b"iCCP", b"icc\0\0" + zlib.compress(b"A" * 30_000_000))


PNG, JPEG = written(plain()), written(plain(), "JPEG")
HTML = b"<html><script>alert(document.domain)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'

REFUSED: dict[str, bytes] = {
    "an SVG by the name of a PNG": SVG,
    "an SVG with a declaration": b'<?xml version="1.0"?>' + SVG,
    "HTML by the name of a PNG": HTML,
    "HTML after the first bytes of a PNG": PNG[:8] + HTML,
    "HTML after the first bytes of a JPEG": b"\xff\xd8\xff" + HTML,
    "a GIF": written(plain(), "GIF"),
    "a GIF that is a script": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "a BMP": written(plain(), "BMP"),
    "a TIFF": written(plain(), "TIFF"),
    "a WebP": written(plain(), "WEBP"),
    "an ICO": written(plain(32, 32), "ICO"),
    "a PDF": b"%PDF-1.7\n" + PNG,
    "a PNG that something precedes": b"\n" + PNG,
    "an empty file": b"",
    "a PNG that breaks off": written(noise(200, 200))[:-4000],
    "a JPEG that breaks off": written(noise(300, 300), "JPEG")[:-4000],
    "a PNG of its first bytes": PNG[:20],
    "a JPEG without a picture": b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9",
    "a PNG with a wrong checksum": PNG[:29] + b"\0\0\0\0" + PNG[33:],
    "a PNG whose pixels are no pixels": PNG[:33] + chunk(b"IDAT", b"not zlib at all") + chunk(b"IEND", b""),
    "4097 pixels wide": written(plain(4097, 1)),
    "4097 pixels high": written(plain(1, 4097), "JPEG"),
    "a billion pixels": of_size(65_000, 65_000),
    "as many pixels as can be said": of_size(2**31 - 1, 2**31 - 1),
    "no pixels": of_size(0, 10),
    "an animated PNG": animated(),
    "a text that unpacks to 30 MB": text_bomb(),
    "a profile that unpacks to 30 MB": profile_bomb(),
    "more than 1 MiB": written(noise(900, 900), "PNG", compress_level=0),
}  # fmt: skip

STAMP = b"<script>alert('kept')</script>"
_info = PngImagePlugin.PngInfo()
_info.add_text("Comment", STAMP.decode())
_exif = Image.Exif()
_exif[0x0112] = 6  # lies on its side
_exif[0x010E] = STAMP.decode()
# Name, file, and the size it is to have. Each is a picture and carries something that must not come along.
CLEANED: dict[str, tuple[bytes, tuple[int, int]]] = {
    "a PNG with HTML after its end": (PNG + HTML + STAMP, (120, 40)),
    "a JPEG with a ZIP after its end": (JPEG + b"PK\3\4" + STAMP, (120, 40)),
    "a JPEG with a script as its comment": (written(plain(), "JPEG", comment=STAMP), (120, 40)),
    "a PNG with a text": (written(plain(), pnginfo=_info), (120, 40)),
    "a PNG with a chunk nobody knows": (with_chunk(PNG, b"evIl", STAMP), (120, 40)),
    "a JPEG that lies on its side": (written(plain(), "JPEG", exif=_exif), (40, 120)),
    "a PNG that lies on its side": (written(plain(), exif=_exif), (40, 120)),
    "a JPEG with a profile": (written(plain(), "JPEG", icc_profile=STAMP * 9), (120, 40)),
    "a PNG with a profile": (written(plain(), icc_profile=STAMP * 9), (120, 40)),
    "a JPEG in print colours": (written(plain(colour=(0, 90, 90, 10), mode="CMYK"), "JPEG", comment=STAMP), (120, 40)),
    "a single pixel": (written(plain(1, 1), pnginfo=_info), (1, 1)),
    "the largest there may be": (with_chunk(written(plain(4096, 1)), b"evIl", STAMP), (4096, 1)),
}  # fmt: skip


def page_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def choose(
    client: CheckedClient, content: bytes, path: str = LOGO, name: str = "logo.png", **more: str
) -> Any:
    file = SimpleUploadedFile(name, content, "image/png")
    return client.post(path, {**client.hidden(path), "file": file, **more})


def chosen(answer: Any) -> dict[str, str]:
    """What the form carries once a picture has been looked at."""
    page = answer.content.decode()
    (key,) = re.findall(r'<input type="hidden" name="picture" value="([0-9a-f]{32})"', page)
    return {**hidden_of(page), "picture": key}


def uploads(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [
        r
        for r in sandbox.requests()
        if r["method"] == "POST" and re.search(r"/organizations/(logo|icon)$", r["path"])
    ]


def body_of(sent: dict[str, Any]) -> bytes:
    return b64decode(sent["body"]["base64"])


def kept() -> bytes:
    return bytes(Chosen.objects.latest("at").content)


def complaint(answer: Any) -> str:
    found = re.findall(r'<div class="wrong" id="id_file_error">(.*?)</div>', answer.content.decode(), re.S)
    return unescape(re.sub(r"<[^>]+>", " ", found[0])) if found else ""


@pytest.fixture
def shown(sandbox: Sandbox) -> Sandbox:
    """An API whose records name their pictures."""
    sandbox.settings(pictures="shown")
    return sandbox


class TestHostileFiles:
    @pytest.mark.parametrize("name", REFUSED)
    def test_what_is_no_plain_picture_is_refused_at_its_field(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        answer = choose(backoffice, REFUSED[name])
        assert answer.status_code == 422
        assert complaint(answer)
        assert 'name="picture" value' not in page_of(answer).replace('value=""', "")
        assert uploads(sandbox) == []
        assert not Chosen.objects.exists()

    @pytest.mark.parametrize("name", CLEANED)
    def test_what_is_one_comes_through_and_brings_nothing(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        content, size = CLEANED[name]
        answer = choose(backoffice, content)
        assert answer.status_code == 200, complaint(answer)
        ours = kept()
        assert ours != content
        assert STAMP not in ours
        with Image.open(BytesIO(ours)) as picture:
            assert picture.size == size
            assert not {"exif", "icc_profile", "comment", "Comment"} & set(picture.info)
            assert picture.mode in {"RGB", "RGBA", "L"}

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
    def test_every_kind_of_png_keeps_its_looks(self, mode: str) -> None:
        image = Image.new("I;16", (8, 8), 40_000) if mode == "I;16" else plain(8, 8).convert(mode)
        drawn = Image.open(BytesIO(pictures.take(written(image)).content))
        assert drawn.size == (8, 8)
        if mode == "I;16":
            assert drawn.getpixel((4, 4)) == 40_000 // 256
        elif mode != "1":
            expected, got = image.convert("RGB").getpixel((4, 4)), drawn.convert("RGB").getpixel((4, 4))
            assert expected == got

    @pytest.mark.parametrize("profiled", PROFILED)
    def test_colours_of_a_profile_stay_the_colours_that_are_seen(self, profiled: str) -> None:
        mode, form, profile, colour, seen = PROFILED[profiled]
        content = written(plain(16, 16, mode, colour), form, icc_profile=profile)
        drawn = Image.open(BytesIO(pictures.take(content).content))
        assert drawn.mode == {"CMYK": "RGB", "LA": "RGBA"}.get(mode, mode)
        got = drawn.convert("RGBA").getpixel((8, 8))
        assert isinstance(got, tuple)
        assert all(abs(one - other) <= 3 for one, other in zip(got, seen, strict=False)), (got, seen)

    @pytest.mark.parametrize("ending", [b"", b"\0" * 5000])
    def test_a_phones_picture_is_the_first_of_the_two_it_holds(self, ending: bytes) -> None:
        both = written(plain(64, 32), "MPO", save_all=True, append_images=[plain(20, 10, colour=(0, 0, 255))])
        picture = pictures.take(both + ending)
        assert (picture.format, picture.width, picture.height) == ("JPEG", 64, 32)
        with Image.open(BytesIO(picture.content)) as drawn:
            assert (drawn.format, getattr(drawn, "n_frames", 1)) == ("JPEG", 1)
            assert drawn.getpixel((8, 8))[0] > 180  # type: ignore[index]

    def test_a_palette_keeps_what_is_transparent_in_it(self) -> None:
        image = Image.new("P", (4, 4), 0)
        image.putpalette([255, 0, 0, 0, 255, 0])
        image.putpixel((2, 2), 1)
        drawn = Image.open(BytesIO(pictures.take(written(image, transparency=0)).content)).convert("RGBA")
        assert drawn.getpixel((0, 0))[3] == 0  # type: ignore[index]
        assert drawn.getpixel((2, 2)) == (0, 255, 0, 255)

    def test_one_that_is_mostly_noise_may_be_too_large_once_drawn(self) -> None:
        content = written(noise(1000, 1000), "JPEG", quality=5)
        jpeg = pictures.take(content)
        assert len(jpeg.content) <= pictures.MOST_BYTES
        big = Image.effect_noise((2000, 2000), 90)
        with pytest.raises(pictures.PictureRefused, match="1 MiB"):
            pictures.take(written(big, "JPEG", quality=20))

    def test_50_mb_are_refused_and_kept_nowhere(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = choose(backoffice, PNG + b"\0" * 50_000_000)
        assert answer.status_code == 422
        assert "too large: 47.7 MiB" in complaint(answer)
        assert not Chosen.objects.exists()

    def test_what_is_too_large_takes_no_memory_while_it_comes(self) -> None:
        handler = Capped()
        handler.new_file("file", "x.png", "image/png", None)
        for start in range(0, 50_000_000, 65_536):
            handler.receive_data_chunk(b"\0" * 65_536, start)
            assert handler.file.getbuffer().nbytes <= pictures.MOST_BYTES
        file = handler.file_complete(50_000_000)
        assert (file.size, file.read()) == (50_000_000, b"")

    def test_many_files_share_the_room_of_one(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        half = SimpleUploadedFile("a.png", b"\0" * 600_000)
        full = SimpleUploadedFile("b.png", PNG + b"\0" * 600_000)
        answer = backoffice.post(LOGO, {**backoffice.hidden(LOGO), "other": half, "file": full})
        assert answer.status_code == 422
        assert complaint(answer)


class TestLooking:
    def test_nothing_is_sent_before_it_was_looked_at(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = choose(backoffice, PNG)
        assert answer.status_code == 200
        assert "Nothing is sent yet" in page_of(answer)
        assert uploads(sandbox) == []

    def test_it_is_shown_on_light_and_on_dark_without_an_address_of_its_own(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = choose(backoffice, PNG).content.decode()
        shown = [
            Image.open(BytesIO(b64decode(one)))
            for one in re.findall(r'src="data:image/png;base64,([^"]+)"', page)
        ]
        assert [one.getpixel((0, 0)) for one in shown] == list(pictures.GROUNDS.values())
        assert {one.getpixel((one.width // 2, one.height // 2)) for one in shown} == {(200, 30, 90)}

    def test_the_button_says_what_goes_to_whom(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        assert '<button type="submit" data-action="save">Look at it first</button>' in page_of(
            backoffice.get(LOGO)
        )
        assert '<button type="submit" data-action="save">Send logo to Kwelgeest Groep</button>' in page_of(
            choose(backoffice, PNG)
        )
        assert '<button type="submit" data-action="save">Send icon to Kwelgeest Groep</button>' in page_of(
            choose(backoffice, PNG, ICON)
        )

    def test_a_form_without_a_file_is_told_so(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = backoffice.send(LOGO, {})
        assert answer.status_code == 422
        assert "Choose a picture first" in complaint(answer)

    def test_another_file_takes_the_place_of_the_first(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        first = chosen(choose(backoffice, PNG))
        file = SimpleUploadedFile("other.jpg", JPEG)
        second = backoffice.post(LOGO, {**first, "file": file})
        assert second.status_code == 200
        assert chosen(second)["picture"] != first["picture"]
        assert uploads(sandbox) == []
        backoffice.post(LOGO, chosen(second))
        (sent,) = uploads(sandbox)
        assert b'filename="logo.jpg"' in body_of(sent)

    def test_a_file_that_is_refused_leaves_the_one_before(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        first = chosen(choose(backoffice, PNG))
        answer = backoffice.post(LOGO, {**first, "file": SimpleUploadedFile("x.png", SVG)})
        assert answer.status_code == 422
        assert chosen(answer)["picture"] == first["picture"]

    def test_what_somebody_else_chose_is_not_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        key = chosen(choose(backoffice, PNG))["picture"]
        answer = signed_in("backoffice2").send(LOGO, {"picture": key})
        assert answer.status_code == 422
        assert uploads(sandbox) == []

    @pytest.mark.parametrize("path", [ICON, "/o/org_1002/profile/logo/"])
    def test_what_was_chosen_on_another_page_is_not_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox, path: str
    ) -> None:
        key = chosen(choose(backoffice, PNG))["picture"]
        assert backoffice.send(path, {"picture": key}).status_code == 422
        assert uploads(sandbox) == []

    def test_only_the_latest_of_a_person_are_kept(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        for _ in range(14):
            choose(backoffice, PNG)
        assert Chosen.objects.count() == 12

    def test_with_scripts_the_form_comes_alone(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        hidden = backoffice.hidden(LOGO)
        answer = backoffice.post(
            LOGO,
            {**hidden, "file": SimpleUploadedFile("a.png", PNG)},
            headers={"HX-Request": "true", "HX-Target": "form-part"},
        )
        assert page_of(answer).lstrip().startswith('<div id="form-part">')
        assert "Send logo to Kwelgeest Groep" in page_of(answer)


class TestSending:
    @pytest.mark.parametrize(("path", "what"), [(LOGO, "logo"), (ICON, "icon")])
    def test_what_was_looked_at_goes_out_under_the_apis_name(
        self, backoffice: CheckedClient, sandbox: Sandbox, path: str, what: str
    ) -> None:
        fields = chosen(choose(backoffice, PNG + HTML, path, name="../<b>evil.php"))
        answer = backoffice.post(path, fields)
        assert answer.status_code == 302
        (sent,) = uploads(sandbox)
        assert sent["path"].endswith(f"/organizations/{what}")
        assert sent["headers"][sandbox.names["tenant_header"].lower()] == "kwelgeest_7f3a"
        assert f'name="{sandbox.names["upload_field"]}"'.encode() in body_of(sent)
        assert f'filename="{what}.png"'.encode() in body_of(sent)
        assert b"evil" not in body_of(sent)
        assert HTML not in body_of(sent)
        assert f"Sent the {what} to Kwelgeest Groep" in page_of(backoffice.get(answer["Location"]))

    @pytest.mark.parametrize("content", [PNG, written(noise(60, 60), "JPEG")])
    def test_arrives_as_it_was_shown(self, backoffice: CheckedClient, shown: Sandbox, content: bytes) -> None:
        fields = chosen(choose(backoffice, content))
        backoffice.post(LOGO, fields)
        record = connection.organization(connection.flowtly("test-1234"), "org_1001", fresh=True)
        api = connection.flowtly("test-1234").within("kwelgeest_7f3a")
        assert api.organizations.picture(record.raw["logoUrl"]) == kept()

    def test_sent_twice_it_arrives_once_and_both_are_told(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        fields = chosen(choose(backoffice, PNG))
        answers = [backoffice.post(LOGO, fields) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert len(uploads(sandbox)) == 1

    def test_refused_by_flowtly_it_is_told_at_the_field_and_not_lost(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        violations = [{"propertyPath": sandbox.names["upload_field"], "message": "Too pink."}]
        sandbox.faults(UPLOAD, {"status": 422, "violations": violations}, times=1)
        answer = backoffice.post(LOGO, chosen(choose(backoffice, PNG)))
        assert answer.status_code == 422
        assert 'data-outcome="refused"' in page_of(answer)
        assert "Too pink." in complaint(answer)
        again = backoffice.post(LOGO, chosen(answer))
        assert again.status_code == 302

    def test_is_on_record_with_what_it_was_and_without_the_picture(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.post(LOGO, chosen(choose(backoffice, PNG)))
        page = page_of(backoffice.get(LOGO))
        assert "sent a logo" in page
        assert "image/png" in page
        assert "sent a logo" not in page_of(backoffice.get(ICON))

    def test_what_ended_with_the_session_is_shown_again(
        self, backoffice: CheckedClient, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        fields = chosen(choose(backoffice, PNG))
        backoffice.logout()
        away = backoffice.post(LOGO, fields)
        assert away.status_code == 302
        assert uploads(sandbox) == []
        back = signed_in("backoffice")
        (draft,) = re.findall(r"draft%3D([\w-]+)", away["Location"])
        page = page_of(back.get(LOGO, {"draft": draft}))
        assert "Send logo to Kwelgeest Groep" in page
        assert f'value="{fields["picture"]}"' in page


class TestLostAnswers:
    @pytest.fixture
    def hasty(self, settings: Any, shown: Sandbox, fault: dict[str, Any]) -> Sandbox:
        """A write that hangs is given up after a moment. No other is in such a hurry."""
        if "hang" in fault:
            settings.FLOWTLY_WRITE_TIMEOUT = 0.6
            connection.forget()
        return shown

    @pytest.mark.parametrize(
        "fault", [{"drop": "after"}, {"hang": 60, "act": True}, {"status": 502, "act": True}]
    )
    def test_that_show_when_looked_for_are_success(
        self, backoffice: CheckedClient, hasty: Sandbox, fault: dict[str, Any]
    ) -> None:
        fields = chosen(choose(backoffice, PNG))
        hasty.faults(UPLOAD, fault)
        assert backoffice.post(LOGO, fields).status_code == 302
        assert len(uploads(hasty)) == 1

    @pytest.mark.parametrize("fault", [{"drop": "before"}, {"hang": 60}, {"status": 502}])
    def test_that_do_not_show_are_unknown(
        self, backoffice: CheckedClient, hasty: Sandbox, fault: dict[str, Any]
    ) -> None:
        backoffice.post(LOGO, chosen(choose(backoffice, PNG)))
        fields = chosen(choose(backoffice, JPEG))
        hasty.faults(UPLOAD, fault)
        answer = backoffice.post(LOGO, fields)
        assert answer.status_code == 502
        assert 'data-outcome="unknown"' in page_of(answer)
        assert "We do not know whether this was sent" in page_of(answer)

    def test_a_whole_failure_that_left_the_old_one_is_no(
        self, backoffice: CheckedClient, shown: Sandbox
    ) -> None:
        backoffice.post(LOGO, chosen(choose(backoffice, PNG)))
        fields = chosen(choose(backoffice, JPEG))
        shown.faults(UPLOAD, {"status": 500})
        answer = backoffice.post(LOGO, fields)
        assert 'data-outcome="not-applied"' in page_of(answer)

    @pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}])
    def test_where_no_record_names_a_picture_nothing_tells(
        self, backoffice: CheckedClient, sandbox: Sandbox, fault: dict[str, Any]
    ) -> None:
        fields = chosen(choose(backoffice, PNG))
        sandbox.faults(UPLOAD, fault)
        assert 'data-outcome="unknown"' in page_of(backoffice.post(LOGO, fields))

    def test_block_another_logo_and_not_the_icon_until_somebody_settles_it(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults(UPLOAD, {"drop": "after"})
        page = page_of(backoffice.post(LOGO, chosen(choose(backoffice, PNG))))
        blocked = backoffice.post(LOGO, chosen(choose(backoffice, PNG)))
        assert blocked.status_code == 503
        assert 'data-outcome="not-sent"' in page_of(blocked)
        assert backoffice.post(ICON, chosen(choose(backoffice, PNG, ICON))).status_code == 302
        settle = re.findall(r'action="(/o/org_1001/[^"]*settle[^"]*|/[^"]*settle[^"]*)"', page)
        assert settle, page


class TestWhose:
    def test_nothing_is_sent_to_another_organization(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        fields = chosen(choose(backoffice, PNG))
        connection.forget()
        sandbox.faults(
            "GET /organizations/org_1001", {"merge": {sandbox.names["tenant_field"]: "berenice_c41d"}}
        )
        answer = backoffice.post(LOGO, fields)
        assert answer.status_code == 503
        assert 'data-outcome="not-sent"' in page_of(answer)
        assert uploads(sandbox) == []
        assert chosen(answer)["picture"] == fields["picture"]

    def test_where_no_record_names_it_the_slug_is_asked_for_with_the_picture_in_sight(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        for path in ("subscriptions", "organization-addresses"):
            sandbox.faults(f"GET /{path}", {"remove_members": ["organization"]})
            sandbox.faults(f"GET /{path}/[^/]+", {"remove": ["organization"]})
        sandbox.faults("GET /organizations/mail-footer", {"remove": ["organization", "@id", "id"]})
        looked = choose(backoffice, PNG)
        assert looked.status_code == 200
        assert 'name="slug"' in page_of(looked)
        assert backoffice.post(LOGO, chosen(looked)).status_code == 422
        assert uploads(sandbox) == []
        assert backoffice.post(LOGO, {**chosen(looked), "slug": "kwelgeest-groep"}).status_code == 302


class TestTheCurrentOne:
    def test_is_shown_only_where_the_record_names_it(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = page_of(backoffice.get(LOGO))
        assert "names no logo" in page
        assert f"{LOGO}current/" not in page
        assert backoffice.get(f"{LOGO}current/").status_code == 404

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            ({"delay": 0.0}, "sent a logo for Kwelgeest Groep"),
            ({"drop": "before"}, "tried to send a logo for Kwelgeest Groep: the outcome is not known"),
            ({"status": 422, "violations": [{"propertyPath": "", "message": "Too pink."}]}, ""),
        ],
    )
    def test_where_no_record_names_it_the_page_says_what_was_sent_from_here(
        self, backoffice: CheckedClient, sandbox: Sandbox, fault: dict[str, Any], told: str
    ) -> None:
        sandbox.faults(UPLOAD, fault)
        backoffice.post(LOGO, chosen(choose(backoffice, PNG)))
        for url in (LOGO, LOGO.removesuffix("logo/")):
            page = page_of(backoffice.get(url))
            found = re.findall(r'<p data-sent="(\w+)">(.*?)</p>', page, re.S)
            assert [what for what, _ in found] == (["logo"] if told else []), url
            assert all(told in text and "<time " in text for _, text in found)

    @pytest.mark.parametrize("ground", pictures.GROUNDS)
    def test_is_drawn_anew_by_us_on_both_grounds(
        self, backoffice: CheckedClient, shown: Sandbox, ground: str
    ) -> None:
        backoffice.post(LOGO, chosen(choose(backoffice, PNG)))
        page = page_of(backoffice.get("/o/org_1001/profile/"))
        assert f'src="{LOGO}current/"' in page
        assert shown.origin not in page
        answer = backoffice.get(f"{LOGO}current/", {"on": ground})
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert Image.open(BytesIO(answer.content)).getpixel((0, 0)) == pictures.GROUNDS[ground]

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1:9/logo.png",
            "https://evil.example/logo.png",
            "//evil.example/logo.png",
            "http://user@evil.example/uploads/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
            "/uploads/../organizations",
            "/uploads/%2e%2e/organizations",
            "/uploads/%2F%2Fevil.example",
            "//[",
            "",
            " ",
        ],
    )
    def test_is_asked_for_at_the_api_alone(
        self, backoffice: CheckedClient, sandbox: Sandbox, address: str
    ) -> None:
        sandbox.faults("GET /organizations/org_1001", {"merge": {"logoUrl": address}})
        sandbox.clear_requests()
        assert backoffice.get(f"{LOGO}current/").status_code == 404
        assert {r["path"].removeprefix(sandbox.names["base_path"]) for r in sandbox.requests()} <= {
            "/organizations/org_1001", "/organizations", "/subscriptions", sandbox.names["login_path"],
        }  # fmt: skip

    @pytest.mark.parametrize(
        "name", ["an SVG by the name of a PNG", "a billion pixels", "more than 1 MiB", "a GIF"]
    )
    def test_is_not_shown_where_it_is_no_plain_picture(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        sandbox.faults("GET /organizations/org_1001", {"merge": {"logoUrl": f"{sandbox.base_url}/uploads/x"}})
        body = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n" + REFUSED[
            name
        ].decode("latin-1")
        sandbox.faults("GET /uploads/x", {"raw": body})
        answer = backoffice.get(f"{LOGO}current/")
        assert answer.status_code == 404
        assert b"<svg xmlns" not in answer.content
