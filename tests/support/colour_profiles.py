"""Colour profiles (ICC, version 2) as cameras and printers put them into pictures, made of nothing."""

import struct

D50 = (0.9642, 1.0, 0.8249)


def _number(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_number, values))


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def _described(name: str) -> bytes:
    text = name.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(12 + 67)


def _profile(kind: bytes, colours: bytes, inner: bytes, tags: dict[bytes, bytes]) -> bytes:
    every = {b"desc": _described("Test"), b"cprt": b"text\0\0\0\0none\0", b"wtpt": _xyz(*D50), **tags}
    table, data, at = b"", b"", 132 + 12 * len(every)
    for name, content in every.items():
        content += bytes(-len(content) % 4)
        table += name + struct.pack(">II", at + len(data), len(content))
        data += content
    head = bytes(8) + b"\x02\x10\0\0" + kind + colours + inner + bytes(12) + b"acsp" + bytes(28)
    head += b"".join(map(_number, D50)) + bytes(48)
    body = head[4:] + struct.pack(">I", len(every)) + table + data
    return struct.pack(">I", len(body) + 4) + body


def adobe_rgb() -> bytes:
    """Wider than sRGB: the same numbers are other colours."""
    gamma = _gamma(563 / 256)
    return _profile(
        b"mntr",
        b"RGB ",
        b"XYZ ",
        {
            b"rXYZ": _xyz(0.60974, 0.31111, 0.01947),
            b"gXYZ": _xyz(0.20528, 0.62567, 0.06087),
            b"bXYZ": _xyz(0.14919, 0.06322, 0.74457),
            b"rTRC": gamma,
            b"gTRC": gamma,
            b"bTRC": gamma,
        },
    )


def dark_grey() -> bytes:
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": _gamma(3.0)})


def ink() -> bytes:
    """Of a press whose cyan is a strong green, so that nobody could guess it: each ink, and all of them, as Lab."""
    steps = bytes(range(256))
    lab = b""
    for corner in range(16):
        cyan, magenta, yellow, black = (corner >> 3 & 1, corner >> 2 & 1, corner >> 1 & 1, corner & 1)
        light = 0 if black else max(0, 255 - 110 * (cyan + magenta + yellow))
        lab += bytes([light, 128 - 60 * cyan + 60 * magenta, 128 + 40 * cyan + 60 * yellow])
    one = _number(1.0) + bytes(12) + _number(1.0) + bytes(12) + _number(1.0)
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + one + steps * 4 + lab + steps * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})
