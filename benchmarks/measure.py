"""Times, memory, and a row of the table."""

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any


@dataclass
class Row:
    """One line of the table: times in milliseconds, or one value with its unit; beside what, and what it must keep."""

    group: str
    name: str
    documents: int | None = None
    p50: float | None = None
    p95: float | None = None
    cpu: float | None = None  # processor time of the same requests, at the median
    per_second: float | None = None
    statements: int | None = None
    value: float | None = None
    unit: str = ""
    baseline: str = ""
    ratio: float | None = None
    limit: float | None = None  # of p50, or of the value
    limit_p95: float | None = None
    limit_ratio: float | None = None
    least_per_second: float | None = None
    note: str = ""

    @property
    def measured(self) -> float | None:
        return self.p50 if self.value is None else self.value

    @property
    def over(self) -> list[str]:
        """Which of its figures are not kept, by the names of their columns."""
        kept = {
            "p50" if self.value is None else "value": (self.measured, self.limit),
            "p95": (self.p95, self.limit_p95),
            "×": (self.ratio, self.limit_ratio),
            "SQL": (self.statements, MOST_STATEMENTS),
        }
        over = [name for name, (is_, most) in kept.items() if is_ is not None and most is not None and is_ > most]
        slow = self.least_per_second is not None and (self.per_second or 0) < self.least_per_second
        return [*over, "per second"] if slow else over

    @property
    def is_over(self) -> bool:
        return bool(self.over)

    def as_json(self) -> dict[str, Any]:
        kept = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in kept.items()} | {"over": self.is_over}


MOST_STATEMENTS = 12


@dataclass
class Times:
    """Wall and processor milliseconds of the same calls."""

    wall: list[float]
    cpu: list[float]

    @property
    def p50(self) -> float:
        return median(self.wall)

    @property
    def p95(self) -> float:
        return percentile(self.wall, 95)

    @property
    def cpu_p50(self) -> float:
        return median(self.cpu)

    @property
    def per_second(self) -> float:
        return 1000 * len(self.wall) / sum(self.wall)


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` per cent of the values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * share // 100).__int__() - 1)]


def timed(calls: Iterable[Callable[[], Any]], warm: int = 0) -> Times:
    """Run the calls one after another; the first `warm` are not counted."""
    wall, cpu = [], []
    for n, call in enumerate(calls):
        began, used = time.perf_counter(), time.thread_time()
        call()
        used, took = time.thread_time() - used, time.perf_counter() - began
        if n >= warm:
            wall.append(took * 1000)
            cpu.append(used * 1000)
    return Times(wall, cpu)


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """`with stopwatch() as seconds: …; seconds()` - still running inside the block, stopped after it."""
    began = time.perf_counter()
    ended: list[float] = []
    yield lambda: (ended[0] if ended else time.perf_counter()) - began
    ended.append(time.perf_counter())


def resident_mb(pid: int) -> float | None:
    """Resident memory of a process in MB; None where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    try:
        if status.exists():
            line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
            return int(line.split()[1]) / 1024
        said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
        return int(said.stdout) / 1024
    except (OSError, ValueError, StopIteration, subprocess.CalledProcessError):
        return None


def processor() -> str:
    """What the machine calls its processor, and how many of them we may use."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    import platform

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{usable} × {names[0] if names else platform.processor() or platform.machine()}"
