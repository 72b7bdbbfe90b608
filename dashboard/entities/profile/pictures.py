"""Pictures that anybody may have made: taken by their content, within bounds, and drawn anew, so that nothing but
the picture comes along."""

from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

MOST_BYTES = 1024 * 1024
MOST_PIXELS = 4096  # a side
SIGNATURES = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
ENDINGS = {"PNG": "png", "JPEG": "jpg"}
# A phone's JPEG may hold a second picture, for depth or for brightness. The first one is what it shows.
OF_A_PHONE = "MPO"
# Modes of a picture by the colours that its profile is about, and the one that they are converted from.
PROFILED = {"RGB ": ({"RGB", "RGBA", "P"}, "RGB"), "GRAY": ({"L", "LA"}, "L"), "CMYK": ({"CMYK"}, "CMYK")}
GROUNDS = {"light": (255, 255, 255), "dark": (17, 20, 26)}
SHOWN, MARGIN = (416, 176), 20

# A picture of the largest size takes 64 MB while it is decoded: one at a time in a process.
_decoding = Lock()


class PictureRefused(Exception):  # noqa: N818 - what happened, in words for the field
    pass


@dataclass(frozen=True)
class Picture:
    """Picture as it goes out: written by us."""

    content: bytes
    format: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def ending(self) -> str:
        return ENDINGS[self.format]


def take(content: bytes) -> Picture:
    """Picture out of a file, drawn anew; PictureRefused for everything else."""
    if not content:
        raise PictureRefused(_("This file is empty."))
    if len(content) > MOST_BYTES:
        raise too_large(len(content))
    _by_its_head(content)
    with _decoding:
        drawn, form = _decoded(content)
        written = _written(drawn, form)
    if len(written) > MOST_BYTES:
        raise PictureRefused(
            _("Drawn anew, this picture takes more than 1 MiB. Save it with fewer pixels or colours.")
        )
    return Picture(written, form, *drawn.size)


def reopen(content: bytes) -> Picture:
    """Picture that was drawn by us before: it goes out as it was looked at."""
    with Image.open(BytesIO(content), formats=list(SIGNATURES)) as opened:
        return Picture(content, str(opened.format), *opened.size)


def too_large(size: int) -> PictureRefused:
    words = _("This file is too large: %(size)s MiB, and 1 MiB is the most.")
    return PictureRefused(words % {"size": f"{size / MOST_BYTES:.1f}"})


def on_ground(picture: Picture, ground: str) -> bytes:
    """Small PNG of it on a light or a dark ground, never enlarged."""
    with _decoding, Image.open(BytesIO(picture.content), formats=list(SIGNATURES)) as opened:
        small = opened.convert("RGBA")
    small.thumbnail((SHOWN[0] - 2 * MARGIN, SHOWN[1] - 2 * MARGIN))
    canvas = Image.new("RGB", SHOWN, GROUNDS[ground])
    canvas.paste(small, ((SHOWN[0] - small.width) // 2, (SHOWN[1] - small.height) // 2), small)
    return _written(canvas, "PNG")


def _by_its_head(content: bytes) -> None:
    """Refuses what can be refused before anything is decoded."""
    if not content.startswith(tuple(SIGNATURES.values())):
        raise PictureRefused(_("This is neither a PNG nor a JPEG picture, whatever its name says."))
    if content.startswith(SIGNATURES["PNG"]) and content[12:16] == b"IHDR":
        _fits(int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))


def _fits(width: int, height: int) -> None:
    if max(width, height) > MOST_PIXELS:
        words = _("This picture has %(width)s × %(height)s pixels. A side may have %(most)s at most.")
        raise PictureRefused(words % {"width": width, "height": height, "most": MOST_PIXELS})


def _decoded(content: bytes) -> tuple[Image.Image, str]:
    """Opening reads the head alone; the pixels are asked for once the head has been found good."""
    try:
        with Image.open(BytesIO(content), formats=list(SIGNATURES)) as opened:
            _fits(*opened.size)
            form = "JPEG" if opened.format == OF_A_PHONE else opened.format
            if form not in SIGNATURES or (form == "PNG" and getattr(opened, "n_frames", 1) > 1):
                raise PictureRefused(_("This file holds more than one picture. Save it as a single one."))
            return _plain(ImageOps.exif_transpose(opened)), form
    except PictureRefused:
        raise
    except Exception as error:  # a decoder that is fed anything may raise anything
        raise PictureRefused(_("This file is damaged, or is not the picture it begins as.")) from error


def _plain(image: Image.Image) -> Image.Image:
    """Pixels and nothing else: no profile, no text, no thumbnail, no palette with surprises."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point([value // 256 for value in range(65536)], "L")
    image = _in_usual_colours(image)
    wanted = "RGBA" if image.has_transparency_data else "L" if image.mode in ("1", "L") else "RGB"
    plain = image.convert(wanted)
    bare = Image.new(wanted, plain.size)
    bare.paste(plain)
    return bare


def _in_usual_colours(image: Image.Image) -> Image.Image:
    """The same colours in sRGB, which is what a picture without a profile is taken for. A profile that cannot be read,
    or is of other colours than the picture, is left out."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
        modes, mode = PROFILED[profile.profile.xcolor_space]
        if image.mode not in modes:
            return image
        usual = ImageCms.createProfile("sRGB")
        drawn = ImageCms.profileToProfile(image.convert(mode), profile, usual, outputMode="RGB")
    except (KeyError, TypeError, ValueError, OSError, ImageCms.PyCMSError):
        return image
    if drawn is None:
        return image
    if image.has_transparency_data:
        drawn.putalpha(image.convert("RGBA").getchannel("A"))
    return drawn.convert("L") if image.mode == "L" else drawn


def _written(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    if form == "JPEG":
        image.convert("L" if image.mode == "L" else "RGB").save(out, "JPEG", quality=92, optimize=True)
    else:
        image.save(out, "PNG", optimize=True)
    return out.getvalue()
