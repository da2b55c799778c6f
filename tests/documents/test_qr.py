"""QR codes: as another maker of them draws them, and readable back by the standard's own rules."""

import hashlib

import pytest

from kc.documents import qr

ADDRESS = "https://kc.example.org/knowledge/12?x=" + "ab1" * 100


def read_back(rows):
    """The text of a code, read as a camera's program would: mask from the format, path, blocks, checks, bytes."""
    size = len(rows)
    version = (size - 17) // 4
    free = [[None] * size for _ in rows]
    qr._draw_patterns(free, version)
    qr._draw_format(free, 0)
    places = [(n, 8) for n in range(6)] + [(7, 8), (8, 8), (8, 7)] + [(8, 14 - n) for n in range(9, 15)]
    mask = (sum(rows[y][x] << n for n, (y, x) in enumerate(places)) ^ 0x5412) >> 10 & 7
    hides = qr.MASKS[mask]
    bits = [rows[y][x] ^ hides(y, x) for y, x in qr._path(size) if free[y][x] is None]
    stream = [int("".join(str(int(b)) for b in bits[i : i + 8]), 2) for i in range(0, len(bits) // 8 * 8, 8)]
    count, degree, room = qr.BLOCKS[version - 1], qr.CHECKS[version - 1], qr._data_words(version)
    lengths = [room // count + (n >= count - room % count) for n in range(count)]
    blocks = [[] for _ in range(count)]
    at = iter(stream)
    for n in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if n < length:
                block.append(next(at))
    after = [[] for _ in range(count)]
    for _n in range(degree):
        for block in after:
            block.append(next(at))
    assert after == [qr.checks(block, degree) for block in blocks]
    words = "".join(f"{word:08b}" for block in blocks for word in block)
    wide = 8 if version < 10 else 16
    length = int(words[4 : 4 + wide], 2)
    return bytes(int(words[4 + wide + 8 * n : 12 + wide + 8 * n], 2) for n in range(length)).decode()


@pytest.mark.parametrize("length", [1, 14, 15, 26, 42, 43, 62, 84, 106, 107, 122, 152, 180, 181, 213])
def test_every_version_reads_back(length):
    assert read_back(qr.modules(ADDRESS[:length])) == ADDRESS[:length]


@pytest.mark.parametrize(("length", "drawn"), [(26, "de075f90ccf14f1b"), (122, "94025b9d7bb843ec")])
def test_drawn_as_by_another_maker(length, drawn):
    rows = "\n".join("".join("#" if cell else "." for cell in row) for row in qr.modules(ADDRESS[:length]))
    assert hashlib.sha256(rows.encode()).hexdigest()[:16] == drawn


def test_thai_reads_back():
    assert read_back(qr.modules("คลังความรู้")) == "คลังความรู้"


@pytest.mark.parametrize("text", ["", "x" * 214])
def test_nothing_and_too_much_give_no_code(text):
    assert qr.modules(text) == [] and qr.svg(text) == "" and qr.png(text) == b""
