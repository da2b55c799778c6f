"""QR codes for printed addresses (ISO/IEC 18004: bytes, level M, up to version 10), as the rows of modules.

Our own, because a poster needs one short address in it and nothing else of what a library brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

CHECKS = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26)  # error correction bytes of a block, versions 1 to 10, level M
BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5)
CENTRES: tuple[tuple[int, ...], ...] = (  # of the small squares
    (),
    (6, 18),
    (6, 22),
    (6, 26),
    (6, 30),
    (6, 34),
    (6, 22, 38),
    (6, 24, 42),
    (6, 26, 46),
    (6, 28, 50),
)
MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
FINDER_LIKE = ([1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1])

Rows = list[list[bool]]


def modules(text: str) -> Rows:
    """Dark modules, row by row and without the quiet margin; [] when `text` is too long to be worth a code."""
    data = text.encode()
    version = next((v for v in range(1, 11) if len(data) <= _room(v)), 0)
    if not version or not data:
        return []
    bits = _interleaved(_words(data, version), version)
    drawn = [_drawn(version, bits, mask) for mask in range(8)]
    return min(drawn, key=_penalty)


def _total(version: int) -> int:
    """Bytes a symbol holds, error correction included."""
    raw = (16 * version + 128) * version + 64
    if version >= 2:
        count = version // 7 + 2
        raw -= (25 * count - 10) * count - 55
        raw -= 36 if version >= 7 else 0
    return raw // 8


def _data_words(version: int) -> int:
    return _total(version) - CHECKS[version - 1] * BLOCKS[version - 1]


def _room(version: int) -> int:
    return _data_words(version) - (2 if version < 10 else 3)


def _words(data: bytes, version: int) -> list[int]:
    """Mode, length and data as bytes, filled up with the padding the standard asks for."""
    bits = f"0100{len(data):0{8 if version < 10 else 16}b}" + "".join(f"{byte:08b}" for byte in data)
    room = _data_words(version) * 8
    bits += "0" * min(4, room - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = [int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)]
    return words + [(0xEC, 0x11)[i % 2] for i in range(_data_words(version) - len(words))]


def _times(a: int, b: int) -> int:
    """The product in the field of 256 elements that Reed and Solomon's code is reckoned in."""
    result = 0
    for bit in range(7, -1, -1):
        result = (result << 1) ^ (0x11D if result & 0x80 else 0)
        result ^= a if b >> bit & 1 else 0
    return result


def _divisor(degree: int) -> list[int]:
    found = [0] * (degree - 1) + [1]
    root = 1
    for _ in range(degree):
        found = [_times(f, root) ^ (found[i + 1] if i + 1 < degree else 0) for i, f in enumerate(found)]
        root = _times(root, 2)
    return found


def checks(words: list[int], degree: int) -> list[int]:
    """The error correction bytes of one block."""
    divisor, rest = _divisor(degree), [0] * degree
    for word in words:
        factor = word ^ rest[0]
        rest = [r ^ _times(d, factor) for r, d in zip([*rest[1:], 0], divisor, strict=True)]
    return rest


def _interleaved(words: list[int], version: int) -> list[int]:
    """The bits in the order in which they are written: byte by byte of every block in turn."""
    count, degree = BLOCKS[version - 1], CHECKS[version - 1]
    short = len(words) // count
    blocks, begin = [], 0
    for number in range(count):
        end = begin + short + (number >= count - len(words) % count)
        blocks.append(words[begin:end])
        begin = end
    stream = [block[i] for i in range(short + 1) for block in blocks if i < len(block)]
    after = [checks(block, degree) for block in blocks]
    stream += [block[i] for i in range(degree) for block in after]
    return [word >> bit & 1 for word in stream for bit in range(7, -1, -1)]


Drawing = list[list[bool | None]]  # None: free for data


def _drawn(version: int, bits: list[int], mask: int) -> Rows:
    size = 17 + 4 * version
    rows: Drawing = [[None] * size for _ in range(size)]
    _draw_patterns(rows, version)
    _draw_format(rows, mask)
    stream, hides = iter(bits), MASKS[mask]
    for y, x in _path(size):
        if rows[y][x] is None:
            rows[y][x] = bool(next(stream, 0)) ^ hides(y, x)
    return [[bool(cell) for cell in row] for row in rows]


def _draw_patterns(rows: Drawing, version: int) -> None:
    size = len(rows)
    for n in range(size):  # the dotted lines
        rows[6][n] = rows[n][6] = n % 2 == 0
    for y, x in ((3, 3), (3, size - 4), (size - 4, 3)):  # the great squares with their white edge
        _draw_square(rows, y, x, 4, lambda away: away not in (2, 4))
    for y in CENTRES[version - 1]:
        for x in CENTRES[version - 1]:
            if (y, x) not in ((6, 6), (6, size - 7), (size - 7, 6)):
                _draw_square(rows, y, x, 2, lambda away: away != 1)
    if version >= 7:
        bits = version << 12 | _remainder(version, 12, 0x1F25)
        for n in range(18):
            rows[size - 11 + n % 3][n // 3] = rows[n // 3][size - 11 + n % 3] = bool(bits >> n & 1)


def _draw_square(rows: Drawing, y: int, x: int, reach: int, dark: Callable[[int], bool]) -> None:
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if 0 <= y + down < len(rows) and 0 <= x + right < len(rows):
                rows[y + down][x + right] = dark(max(abs(down), abs(right)))


def _remainder(value: int, degree: int, divisor: int) -> int:
    rest = value
    for _ in range(degree):
        rest = rest << 1 ^ (rest >> degree - 1) * divisor
    return rest


def _draw_format(rows: Drawing, mask: int) -> None:
    """Level M (0) and the mask, twice, around the great squares."""
    bits, last = (mask << 10 | _remainder(mask, 10, 0x537)) ^ 0x5412, len(rows) - 1
    first = [(n, 8) for n in range(6)] + [(7, 8), (8, 8), (8, 7)] + [(8, 14 - n) for n in range(9, 15)]
    second = [(8, last - n) for n in range(8)] + [(last - 14 + n, 8) for n in range(8, 15)]
    for places in (first, second):
        for n, (y, x) in enumerate(places):
            rows[y][x] = bool(bits >> n & 1)
    rows[last - 7][8] = True


def _path(size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down in turn, past the dotted line."""
    right, up = size - 1, True
    while right > 0:
        for n in range(size):
            for x in (right, right - 1):
                yield (size - 1 - n if up else n), x
        right, up = right - (3 if right == 8 else 2), not up


def _penalty(rows: Rows) -> int:
    """How hard a reader would find it: long runs, blocks, what looks like a great square, much more dark than light."""
    size = len(rows)
    score = 0
    for line in [*rows, *map(list, zip(*rows, strict=True))]:
        run = 0
        for n, cell in enumerate(line):
            run = run + 1 if n and cell == line[n - 1] else 1
            score += 3 if run == 5 else 1 if run > 5 else 0
        score += 40 * sum(line[n : n + 11] in FINDER_LIKE for n in range(size - 10))
    for y in range(size - 1):
        for x in range(size - 1):
            score += 3 * (rows[y][x] == rows[y][x + 1] == rows[y + 1][x] == rows[y + 1][x + 1])
    dark = sum(map(sum, rows)) * 100 / size**2
    return score + int(abs(dark - 50) // 5) * 10


def svg(text: str) -> str:
    """The code as a picture without a margin; "" when there is none."""
    rows = modules(text)
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    box = f'viewBox="0 0 {len(rows)} {len(rows)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{squares}"/></svg>' if rows else ""


def png(text: str, scale: int = 12) -> bytes:
    """The same for makers that know no vectors, with the margin of four modules; b"" when there is none."""
    import io

    from PIL import Image

    rows = modules(text)
    if not rows:
        return b""
    side = len(rows) + 8
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + 4, y + 4), 0)
    stream = io.BytesIO()
    picture.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(stream, "PNG")
    return stream.getvalue()
