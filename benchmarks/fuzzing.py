"""Broken files through the reader, thousands in minutes: a child process reads many, and is replaced when it dies.

`python -m benchmarks.fuzzing` is that child. What is asked: nothing but the child dies, and nothing hangs.
"""

import io
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.papers import Paper
from kc.documents.reading import Limits

LIMITS = Limits(seconds=20, cpu_seconds=15)
SLACK = 5.0  # seconds a process may take to begin, and to be ended
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Outcome:
    """Of one kind: how many files ended how, deaths of the child, the longest a file took."""

    kind: str
    ends: Counter[str] = field(default_factory=Counter)
    deaths: int = 0
    hangs: int = 0
    slowest: float = 0.0

    @property
    def files(self) -> int:
        return sum(self.ends.values()) + self.deaths + self.hangs


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The file, broken in some places; of an archive half the time a part inside it: that reaches further."""
    if data.startswith(b"PK") and dice.random() < 0.5:
        return _broken_inside(data, dice)
    return _broken(data, dice)


def _broken(data: bytes, dice: random.Random) -> bytes:
    out = bytearray(data)
    for _time in range(dice.choice((1, 1, 2, 4, 16))):
        at, long = dice.randrange(len(out) or 1), dice.choice((1, 1, 4, 32, 400))
        what = dice.randrange(6)
        if what == 0:
            out[at : at + long] = dice.randbytes(long)
        elif what == 1:
            out[at : at + long] = b""
        elif what == 2:
            out[at:at] = out[at : at + long] * dice.choice((1, 3, 50))
        elif what == 3:
            out[at : at + long] = dice.choice((b"\x00", b"\xff", b"<", b"9")) * long
        elif what == 4 and out:
            out[at % len(out)] ^= 1 << dice.randrange(8)
        elif dice.random() < 0.2:
            del out[at:]
    return bytes(out)


def _broken_inside(data: bytes, dice: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = dice.choice(names)
        for name in names:
            part = old.read(name)
            entry = zipfile.ZipInfo(name)  # of no time: the same dice break the same way, always
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, _broken(part, dice) if name == chosen else part)
    return stream.getvalue()


def fuzz(paper: Paper, number: int, seed: int = 1) -> Outcome:
    """`number` broken copies of a file, read one after another."""
    outcome, done = Outcome(paper.name), 0
    with tempfile.TemporaryDirectory(prefix="kc-fuzz-") as folder:
        Path(folder, "sound").write_bytes(paper.data)
        while done < number:
            done += _batch(paper, folder, done, number, seed, outcome)
    return outcome


def _batch(paper: Paper, folder: str, start: int, end: int, seed: int, outcome: Outcome) -> int:
    """As many as one child lives through; how many that were, the one it died of among them."""
    child = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "benchmarks.fuzzing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
        start_new_session=True,
    )
    assert child.stdin is not None and child.stdout is not None
    question = {"folder": folder, "media_type": paper.media_type, "start": start, "end": end, "seed": seed}
    child.stdin.write(json.dumps(question))
    child.stdin.close()
    read, began, hung = 0, time.monotonic(), threading.Event()
    timer = _kill_later(child, hung)
    with child.stdout:
        for line in child.stdout:
            timer.cancel()
            outcome.ends[line.strip()] += 1
            read += 1
            outcome.slowest = max(outcome.slowest, time.monotonic() - began)
            began, timer = time.monotonic(), _kill_later(child, hung)
    timer.cancel()
    child.wait()
    if start + read >= end:
        return read
    if hung.is_set():
        outcome.hangs += 1
    else:
        outcome.deaths += 1
    return read + 1


def _kill_later(child: "subprocess.Popen[str]", hung: threading.Event) -> threading.Timer:
    def kill() -> None:
        hung.set()
        child.kill()

    timer = threading.Timer(LIMITS.seconds + SLACK, kill)
    timer.daemon = True
    timer.start()
    return timer


def main() -> None:
    """The child: says on each line how one broken file ended."""
    from kc.documents.reading.child import answer_for
    from kc.documents.reading.model import Refused

    asked = json.loads(sys.stdin.read())
    _memory(LIMITS.memory_mb)
    folder = Path(asked["folder"])
    sound = (folder / "sound").read_bytes()
    file = folder / "broken"
    for number in range(asked["start"], asked["end"]):
        file.write_bytes(mutated(sound, random.Random(asked["seed"] * 1_000_003 + number)))
        try:
            answer = answer_for(file, asked["media_type"], LIMITS)
            end = str(answer["state"])
        except Refused as why:
            end = f"refused: {why}"
        except MemoryError:
            end = "refused: memory"
        except Exception as why:
            end = f"refused: damaged ({type(why).__name__})"
        print(end, flush=True)


def _memory(megabytes: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    except (ImportError, ValueError, OSError):
        pass


def summary(outcome: Outcome) -> dict[str, object]:
    return asdict(outcome)


if __name__ == "__main__":
    main()
