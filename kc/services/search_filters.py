"""What a search is narrowed to: filters chosen on the page, and filters typed among the words (ปี:2569 ไฟล์:pdf).

One meaning for the page, the interface for other systems, and the command line. Names become ids here; a name or value
nobody knows is said, and searched as words. Several values of one filter mean any of them. Never raises.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

import peewee as pw

from kc import labels, search, thai
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.models import Employee, FiscalYear, OrgUnit, Topic
from kc.thai.dates import ERA_OFFSET

MOST = 20  # typed filters that are read
MOST_PEOPLE = 2_000  # of one name; more is said, and no page is worth listing them
SPOKEN_OF = 300  # letters of a question whose unknown filters are spoken of: a pasted text is full of colons

# The names people type, Thai and English.
WORDS = {  # thai-data
    "year": "ปี ปีบัญชี ปีงบประมาณ ปีงบ พ.ศ. year fy",
    "unit": "หน่วยงาน สังกัด สาขา unit",
    "kind": "ชนิด ชนิดความรู้ kind",
    "in": "ประเภท ค้นใน type in",
    "author": "ผู้เขียน เขียนโดย โดย author by",
    "file": "ไฟล์ ชนิดไฟล์ file filetype",
    "topic": "ประเด็น ประเด็นเรียนรู้ หัวข้อ topic",
    "sharing": "ผู้รู้ แบ่งปัน sharing",
    "since": "ตั้งแต่ since from",
    "after": "หลัง after",
    "until": "ถึง until to",
    "before": "ก่อน before",
}
NAMES = {word: name for name, words in WORDS.items() for word in words.split()}
LABELS = {
    "year": _l("ปี"),
    "unit": _l("หน่วยงาน"),
    "kind": _l("ชนิดความรู้"),
    "in": _l("ประเภท"),
    "author": _l("ผู้เขียน"),
    "file": _l("ไฟล์"),
    "topic": _l("ประเด็นเรียนรู้"),
    "sharing": _l("ผู้รู้"),
    "since": _l("ตั้งแต่"),
    "until": _l("ถึง"),
}
# What an address may say.
CHOSEN = ("in", "topic", "year", "unit", "kind", "author", "file", "sharing", "since", "until")

# Other words for what is found, for kinds of knowledge, and for types of files, beside their names on the page.
ALSO = {  # thai-data
    "knowledge": "ความรู้ บทความ article",
    "attachment": "ไฟล์ เอกสารแนบ file",
    "person": "คน บุคคล พนักงาน people",
    "community": "ชุมชนนักปฏิบัติ กลุ่ม cop",
    "question": "คำถาม กระทู้ กระดาน ถามตอบ เว็บบอร์ด webboard question",
    "session": "กิจกรรมแลกเปลี่ยนเรียนรู้ ประชุม การประชุม meeting",
    "best_practice": "แนวปฏิบัติ",
    "lesson_learned": "ถอดบทเรียน lesson",
    "story": "เรื่อง",
    "manual": "คู่มือปฏิบัติงาน",
    "word": "docx doc odt เอกสาร",
    "slides": "pptx ppt odp powerpoint สไลด์",
    "sheet": "xlsx xls csv ods excel ตาราง",
    "plain": "txt text",
    "picture": "png jpg jpeg webp รูป ภาพ image",
    "video": "mp4 วีดีโอ",
    "yes": "ใช่ ยินดี แบ่งปัน",
}

_Shown = tuple[str, str]  # name of the filter, label of its value

_TYPED = re.compile(
    r'(?<!\S)(?P<name>[A-Za-z\u0E01-\u0E4E][A-Za-z.\u0E01-\u0E4E_]{0,30})[:：](?P<value>"[^"]*"|“[^”]*”|[^\s"“]+)'
)


@dataclass(frozen=True)
class Narrowing:
    """One filter that is on, as it is shown: `label` in words; `typed`: as it stands in the question, or None.

    `at`: where in the question it begins.
    """

    name: str
    label: str
    typed: str | None = None
    at: int = 0


@dataclass
class Question:
    """What is searched for: `words` in `filters`; `notices`: what was not understood, in sentences."""

    text: str
    words: str
    filters: search.Filters = field(default_factory=search.Filters)
    narrowings: list[Narrowing] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.words.strip() and not self.narrowings

    def without(self, *narrowings: Narrowing) -> str:
        """The question with some of its typed filters taken away."""
        text = self.text
        for narrowing in sorted(narrowings, key=lambda one: -one.at):
            text = text[: narrowing.at] + text[narrowing.at + len(narrowing.typed or "") :]
        return " ".join(text.split())

    def without_all(self, name: str) -> str:
        """The question without any typed filter of this name."""
        typed = [n for n in self.narrowings if n.name == name and n.typed]
        return self.without(*typed) if typed else self.text


class Directory:
    """Names of units, topics and people, read when first needed and once: a page has few statements to spend."""

    @cached_property
    def units(self) -> list[OrgUnit]:
        return list(OrgUnit.select().order_by(OrgUnit.sort_key))

    @cached_property
    def _years_and_topics(self) -> list[tuple[int, int | None, str | None]]:
        rows = FiscalYear.select(FiscalYear.year, Topic.series, Topic.name).join(Topic, pw.JOIN.LEFT_OUTER)
        return list(rows.order_by(FiscalYear.year.desc(), Topic.position).tuples())

    @property
    def years(self) -> list[int]:
        """Fiscal years that are open, newest first."""
        return list(dict.fromkeys(year for year, _series, _name in self._years_and_topics))

    @cached_property
    def topics(self) -> list[tuple[int, str]]:
        """Series and name of every year's topics, the newest names first."""
        return [(series, name) for _year, series, name in self._years_and_topics if series and name]

    @cached_property
    def topic_names(self) -> dict[int, str]:
        names: dict[int, str] = {}
        for series, name in self.topics:
            names.setdefault(series, name)
        return names

    @cached_property
    def _people(self) -> dict[str, list[tuple[int, str]]]:
        return {}

    def people(self, typed: str) -> list[tuple[int, str]]:
        """Id and name of those who are called so, or else whose name has these letters; one more than MOST_PEOPLE
        when there are more."""
        wanted = _name_wanted(typed)
        if wanted not in self._people:
            self.look_up([typed])
        found = self._people.get(wanted, [])
        return [row for row in found if row[1] == wanted] or found

    def look_up(self, several: Iterable[str]) -> None:
        """Read the people of several names at once, for `people`: one statement for up to fifty of them."""
        wanted = [name for name in dict.fromkeys(map(_name_wanted, several)) if name and name not in self._people]
        for start in range(0, len(wanted), 50):
            some = wanted[start : start + 50]
            called = reduce(or_, (Employee.name.contains(name) for name in some))
            rows = Employee.select(Employee.id, Employee.name).where(called).order_by(Employee.sort_key)
            found = list(rows.limit((MOST_PEOPLE + 1) * len(some)).tuples())
            if len(some) > 1 and len(found) > MOST_PEOPLE * len(some):  # one of them crowds the others out
                for name in some:
                    self.look_up([name])
                continue
            for name in some:
                having = [row for row in found if name.casefold() in row[1].casefold()]
                self._people[name] = having[: MOST_PEOPLE + 1]


def _name_wanted(typed: str) -> str:
    return thai.strip_title(thai.clean_line(typed))[1]


def ask(text: str, chosen: Mapping[str, str] | None = None, directory: Directory | None = None) -> Question:
    """What was typed and chosen, understood. `chosen`: filter (one of CHOSEN) to its value in the address."""
    reader = _Reader(directory or Directory())
    words = reader.take_typed(text)
    for name, value in (chosen or {}).items():
        if name in CHOSEN and value.strip():
            reader.take_chosen(name, value)
    return Question(text, words, reader.filters(), reader.narrowings, reader.notices)


class _Reader:
    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.wanted: dict[str, set[Any]] = {}
        self.narrowings: list[Narrowing] = []
        self.notices: list[str] = []

    # -- among the words

    def take_typed(self, text: str) -> str:
        """The words that are left; the filters are noted."""
        found = list(_TYPED.finditer(text))[:MOST] if ":" in text or "：" in text else []
        left, at = [], 0
        for match in found:
            left += [text[at : match.start()], self._take_one(text, match)]
            at = match.end()
        return "".join([*left, text[at:]])

    def _take_one(self, text: str, match: re.Match[str]) -> str:
        """Note one filter; returns the words to search when it is none."""
        typed, value = match["name"], match["value"].strip('"“”').strip()
        name = NAMES.get(typed.casefold())
        if name is None:
            if len(text) <= SPOKEN_OF and not value.startswith("/"):
                self._say(_("ไม่รู้จักตัวกรอง “%(name)s” จึงค้นหาเป็นคำตามที่พิมพ์", name=typed))
            return match[0]
        found = self._understand(name, value) if value else None
        if found is None:
            if value and len(text) <= SPOKEN_OF:
                self._say(_unknown(name, value))
            return value
        self.narrowings.append(Narrowing(*found, match[0], match.start()))
        return ""

    def _say(self, sentence: str) -> None:
        if sentence not in self.notices and len(self.notices) < 3:
            self.notices.append(sentence)

    # -- chosen on the page

    def take_chosen(self, name: str, value: str) -> None:
        """A filter of the address; nonsense means "not filtered", and what people type there is spoken of."""
        found = self._by_number(name, value) if name in ("topic", "unit") else self._understand(name, value)
        if found is not None:
            self.narrowings.append(Narrowing(name, found[1]))
        elif name in ("author", "since", "until"):
            self._say(_unknown(name, value))

    def _by_number(self, name: str, value: str) -> _Shown | None:
        if not (value.isascii() and value.isdecimal() and len(value) < 10):
            return None
        self._want(name, [int(value)])
        names = self.directory.topic_names if name == "topic" else {u.id: u.name for u in self.directory.units}
        return name, names.get(int(value), value)

    # -- values

    def _want(self, name: str, values: Iterable[Any]) -> None:
        self.wanted.setdefault(name, set()).update(values)

    def _understand(self, name: str, value: str) -> _Shown | None:
        """Note what is wanted; returns filter and value as they are shown, or None when nobody knows it."""
        readers: dict[str, Callable[[str], _Shown | None]] = {
            "year": self._year,
            "unit": self._unit,
            "kind": self._kind,
            "in": self._kind,
            "author": self._author,
            "file": self._file,
            "sharing": self._sharing,
            "topic": self._topic,
        }
        return readers[name](value) if name in readers else self._day(name, value)

    def _year(self, value: str) -> _Shown | None:
        try:
            year = thai.parse_year(value)
        except ValueError:
            return None
        self._want("year", [year])
        return "year", thai.format_year(year)

    def _unit(self, value: str) -> _Shown | None:
        key = thai.same_name_key(value)
        units = [(unit.id, unit.name) for unit in self.directory.units]
        codes = [(unit.id, unit.name) for unit in self.directory.units if unit.code == value]
        return self._some("unit", codes or _called(units, key))

    def _topic(self, value: str) -> _Shown | None:
        return self._some("topic", _called(self.directory.topics, thai.same_name_key(value)))

    def _author(self, value: str) -> _Shown | None:
        found = self.directory.people(value)
        if len(found) > MOST_PEOPLE:
            self._say(
                _("มีบุคลากรชื่อตรงกับ “%(name)s” มากกว่า %(n)d คน จึงกรองได้ไม่ครบ โปรดใส่นามสกุลด้วย", name=value, n=MOST_PEOPLE)
            )
        return self._some("author", found[:MOST_PEOPLE])

    def _some(self, name: str, found: list[tuple[int, str]]) -> _Shown | None:
        ids = {number for number, _name in found}
        if not ids:
            return None
        self._want(name, ids)
        first = found[0][1]
        return name, first if len(ids) == 1 else _("%(name)s และอีก %(n)d", name=first, n=len(ids) - 1)

    def _kind(self, value: str) -> _Shown | None:
        """A kind of knowledge or a kind of thing: people say ชนิด and ประเภท for both."""
        for name, vocabulary in (("kind", labels.ARTICLE_KINDS), ("in", labels.FOUND_KINDS)):
            key = _meant(value, vocabulary)
            if key is not None:
                self._want(name, [key])
                return name, str(vocabulary[key])
        return None

    def _file(self, value: str) -> _Shown | None:
        key = _meant(value.lstrip("."), labels.FILE_GROUPS)
        if key is not None:
            self._want("file", [key])
            return "file", str(labels.FILE_GROUPS[key])
        return None

    def _sharing(self, value: str) -> _Shown | None:
        key = _meant(value, labels.SHARING)
        if key is not None:
            self._want("sharing", [key])
            return "sharing", str(labels.SHARING[key])
        return None

    def _day(self, name: str, value: str) -> _Shown | None:
        try:
            first, last = _days(value)
            if name in ("after", "since"):
                day = first if name == "since" else last + dt.timedelta(days=1)
            else:
                day = last if name == "until" else first - dt.timedelta(days=1)
        except (ValueError, OverflowError):
            return None
        self._want(_plain(name), [day])
        return _plain(name), thai.format_date(day, "medium")

    def filters(self) -> search.Filters:
        get = self.wanted.get
        since, until = get("since"), get("until")
        return search.Filters(
            kind=get("in"),
            topic=get("topic"),
            year=get("year"),
            units=get("unit"),
            article_kind=get("kind"),
            authors=get("author"),
            file=get("file"),
            sharing=get("sharing"),
            since=min(since) if since else None,
            until=max(until) if until else None,
        )


def _plain(name: str) -> str:
    return {"after": "since", "before": "until"}.get(name, name)


def _unknown(name: str, value: str) -> str:
    if _plain(name) in ("since", "until"):
        return _("อ่านวันที่ “%(value)s” ไม่ออก ใช้ปี พ.ศ. หรือ วัน/เดือน/ปี เช่น 1/4/2569", value=value)
    if name == "year":
        return _("อ่านปี “%(value)s” ไม่ออก ใช้ปี พ.ศ. เช่น 2569", value=value)
    return _("ไม่พบ “%(value)s” ในตัวกรอง “%(name)s” จึงค้นหาเป็นคำ", value=value, name=str(LABELS[name]))


def _called(rows: list[tuple[int, str]], key: str) -> list[tuple[int, str]]:
    """Rows of this name; else those whose name has it inside."""
    if not key:
        return []
    keyed = [(row, thai.same_name_key(row[1])) for row in rows]
    return [row for row, name in keyed if name == key] or [row for row, name in keyed if key in name]


def _meant(value: str, vocabulary: Mapping[str, object]) -> str | None:
    """The key whose name, other name, or beginning of a name this is."""
    wanted = thai.same_name_key(value)
    names = {key: [key, str(label), *ALSO.get(key, "").split()] for key, label in vocabulary.items()}
    keys = {key: [thai.same_name_key(name) for name in several] for key, several in names.items()}
    for key, several in keys.items():
        if wanted in several:
            return key
    begins = [key for key, several in keys.items() if len(wanted) > 2 and several[1].startswith(wanted)]
    return begins[0] if len(begins) == 1 else None


def _days(value: str) -> tuple[dt.date, dt.date]:
    """First and last day of what was typed: a day, or a whole year (by the calendar). ValueError when neither."""
    try:
        year = thai.parse_year(value) - ERA_OFFSET
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    except ValueError:
        day = thai.parse_date(value)
        return day, day
