"""The index on disk: swapped while people read, repaired, locked, opened again after anything."""

import gc
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kc.search import schema
from kc.search.engine import Engine
from kc.search.query import parse
from kc.search.schema import Document
from kc.search.store import Busy, Store, Unusable, locked


def document(number: int, text: str = "บันทึกการประชุม") -> Document:
    return Document("knowledge", number, f"เรื่องที่ {number}", text, stamp=f"s{number}")


def fill(store: Store, count: int) -> None:
    with store.building(5):
        fresh = store.rebuild(document(n) for n in range(count))
        with store.writing():
            store.swap(fresh)


def found(store: Store, text: str) -> int:
    snapshot = store.snapshot()
    return Engine(snapshot, parse(text), snapshot.alive).rank().total


def test_the_folder_is_private(folder: Path) -> None:
    fill(Store(folder), 1)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_missing_broken_and_outdated_are_told_apart(folder: Path) -> None:
    store = Store(folder)
    with pytest.raises(Unusable) as why:
        store.snapshot()
    assert why.value.reason == "missing"
    fill(store, 2)
    assert store.snapshot().count == 2
    pointer = json.loads((folder / "current").read_text())
    (folder / "current").write_text(json.dumps(pointer | {"version": "old"}))
    with pytest.raises(Unusable) as why:
        Store(folder).snapshot()
    assert why.value.reason == "outdated"
    for nonsense in ("", "{", "[]", json.dumps({"folder": "../x", "version": schema.VERSION})):
        (folder / "current").write_text(nonsense)
        with pytest.raises(Unusable) as why:
            Store(folder).snapshot()
        assert why.value.reason == "broken"


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Whoosh leaves a list it cannot read open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_damaged_files_are_broken_not_an_error(folder: Path) -> None:
    fill(Store(folder), 3)
    live = folder / json.loads((folder / "current").read_text())["folder"]
    for file in live.glob("*.toc"):
        file.write_bytes(b"nonsense")
    with pytest.raises(Unusable) as why:
        Store(folder).snapshot()
    assert why.value.reason == "broken"
    del why
    gc.collect()


def test_damage_inside_a_segment_is_found_and_the_index_is_broken_from_then_on(folder: Path) -> None:
    store = Store(folder)
    fill(store, 30)
    store.check()
    file = next(folder.glob("index-*/*.seg"))
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0xFF
    file.write_bytes(data)
    store.check()  # compared once a process, unless there is a doubt
    with pytest.raises(Unusable):
        store.check(everything=True)
    with pytest.raises(Unusable) as why:
        store.snapshot()
    assert why.value.reason == "broken"
    fill(store, 3)
    store.check(everything=True)
    assert store.snapshot().count == 3


def test_a_commit_is_seen_though_the_clock_of_the_folder_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, reader = Store(folder), Store(folder)
    fill(store, 3)
    live = reader.snapshot() and next(folder.glob("index-*"))
    then = live.stat()
    for number in range(5):
        with store.writing():
            store.apply([document(100 + number)], [])
        os.utime(live, ns=(then.st_atime_ns, then.st_mtime_ns))
        assert reader.snapshot().count == store.snapshot().count == 4 + number


def test_an_index_swapped_while_it_is_opened_is_opened_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, reader = Store(folder), Store(folder)
    fill(store, 1)
    live = [reader._live_folder()]
    fill(store, 2)
    real = reader._live_folder
    monkeypatch.setattr(reader, "_live_folder", lambda: live.pop() if live else real())
    assert reader.snapshot().count == 2


def test_a_change_replaces_and_takes_out(folder: Path) -> None:
    store = Store(folder)
    fill(store, 3)
    with store.writing():
        store.apply([document(1, "ปลูกข้าวหอม")], [("knowledge", 1), ("knowledge", 2)])
    snapshot = store.snapshot()
    assert snapshot.stamps() == {"knowledge:0": "s0", "knowledge:1": "s1"}
    assert found(store, "ข้าวหอม") == 1
    assert found(store, "บันทึก") == 1


def test_an_old_snapshot_goes_on_answering_after_a_swap(folder: Path) -> None:
    store = Store(folder)
    fill(store, 5)
    before = store.snapshot()
    fill(store, 2)
    assert store.snapshot().count == 2
    assert before.count == 5
    assert Engine(before, parse("บันทึก"), before.alive).rank().total == 5
    assert before.stored(0)[0].startswith("knowledge:")
    assert len([f for f in folder.iterdir() if f.name.startswith("index-")]) == 1


def test_small_segments_are_put_together(folder: Path) -> None:
    store = Store(folder)
    fill(store, 4)
    for n in range(12):
        with store.writing():
            store.apply([document(100 + n, f"ครั้งที่ {n} ปลูกข้าวหอม")], [("knowledge", 100 + n)])
            store.tidy()
    snapshot = store.snapshot()
    assert len(snapshot.leaves) < 10
    assert snapshot.count == 16
    assert found(store, "ข้าวหอม") == 12
    assert snapshot.stamps()["knowledge:105"] == "s105"
    for number in range(snapshot.size):
        if snapshot.alive[number]:
            key, _, title, text, _ = snapshot.stored(number)
            searched = "\n".join(schema.squeeze(schema.fold(part)) for part in (title, text))
            assert schema.encode(searched) == snapshot.text(number), key


def test_no_file_stays_open(folder: Path) -> None:
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        pytest.skip("only where the system shows open files")
    store = Store(folder)
    fill(store, 4)
    for n in range(3):
        with store.writing():
            store.apply([document(n)], [("knowledge", n)])
            store.tidy()
        store.snapshot()
    before = len(list(handles.iterdir()))
    for n in range(25):
        with store.writing():
            store.apply([document(n % 4)], [("knowledge", n % 4)])
            store.tidy()
        store.snapshot()
    assert len(list(handles.iterdir())) <= before + 9  # at most one for each segment that is open now


def test_the_lock_waits_then_gives_up(folder: Path) -> None:
    folder.mkdir()
    entered = threading.Event()

    def hold() -> None:
        with locked(folder / "write.lock"):
            entered.set()
            time.sleep(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    assert entered.wait(5)
    with pytest.raises(Busy), locked(folder / "write.lock", wait=0.05):
        pass
    with locked(folder / "write.lock", wait=5):
        pass
    holder.join()


def test_a_failed_write_leaves_index_and_lock_usable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(folder)
    fill(store, 3)

    def fail(document: Document) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(schema, "prepare", fail)
        with pytest.raises(OSError, match="disk full"), store.writing():
            store.apply([document(9)], [("knowledge", 9)])
    with store.writing():
        store.apply([document(9)], [("knowledge", 9)])
    assert store.snapshot().count == 4
    assert not [f for f in folder.iterdir() if f.name.startswith("adding-")]


def test_readers_never_fail_while_one_writes_and_rebuilds(folder: Path) -> None:
    store = Store(folder)
    fill(store, 6)
    stop, faults, answers = threading.Event(), [], [0]

    def read() -> None:
        while not stop.is_set():
            try:
                assert found(store, "บันทึก") >= 1
                answers[0] += 1
            except Exception as error:
                faults.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for n in range(15):
        with store.writing():
            store.apply([document(n % 6)], [("knowledge", n % 6)])
            store.tidy()
        if n % 5 == 4:
            fill(store, 6)
    stop.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert answers[0] > 10


WRITER = """
import sys
from pathlib import Path
from kc.search.schema import Document
from kc.search.store import Store
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
n = 0
while True:
    n += 1
    with store.writing():
        store.apply([Document("knowledge", n % 7, "เรื่อง", f"บันทึกครั้งที่ {n}")], [("knowledge", n % 7)])
        store.tidy()
    if n % 6 == 0:
        with store.building(5):
            fresh = store.rebuild([Document("knowledge", k, "เรื่อง", "บันทึก") for k in range(7)])
            with store.writing():
                store.swap(fresh)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_killed_at_any_moment_it_opens_again(folder: Path) -> None:
    fill(Store(folder), 7)
    for moment in (0.05, 0.13, 0.22, 0.31, 0.4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(moment)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        store = Store(folder)
        assert store.snapshot().count == 7
        with store.writing():  # the killed process holds no lock
            store.apply([document(3)], [("knowledge", 3)])
        assert store.snapshot().count == 7
