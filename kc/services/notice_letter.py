"""The message that carries notices: plain text and simple HTML, in the language of whoever reads it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from kc import thai
from kc.addresses import absolute
from kc.i18n import gettext as _
from kc.i18n import ngettext, use_language
from kc.models import Employee, Notice
from kc.services import mail, notice_wording
from kc.services.notice_kinds import DISCREET

SHOWN = 30  # notices in one message; the rest is counted
_LONGEST_SUBJECT = 90
_FONT = "font-family:Sarabun,'Leelawadee UI',Tahoma,sans-serif"
_LINE = "margin:0 0 12px;padding:0 0 12px;border-bottom:1px solid #e5e0d5"


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def path_of(notice: Notice) -> str:
    """The address that reads the notice and goes on to what it is about; it holds after the notice is gone, too."""
    return f"/notices/{notice.id}?{urlencode({'to': notice.url})}"


def write(employee: Employee, notices: list[Notice], organisation: str) -> Letter:
    """One message for all of `notices`, the latest first under each heading."""
    language = employee.language or mail.post().language
    with use_language(language):
        lines = [(notice, notice_wording.sentence(notice)) for notice in notices]
        groups = _grouped(lines[:SHOWN])
        more = len(lines) - min(len(lines), SHOWN)
        hello = _("สวัสดีคุณ%(name)s", name=employee.first_name or employee.name)
        told = _told(len(lines))
        return Letter(
            _subject(lines) or told,
            _text(hello, told, groups, more, organisation),
            _html(language, hello, told, groups, more, organisation),
        )


def _subject(lines: list[tuple[Notice, str]]) -> str:
    """What a message with one notice is headed by; "" when there are more."""
    if len(lines) != 1:
        return ""
    notice, said = lines[0]
    if notice.heading in DISCREET:
        return notice_wording.news_of(notice.heading)
    return thai.truncate(said, _LONGEST_SUBJECT)


def _told(count: int) -> str:
    return ngettext("มีเรื่องใหม่สำหรับคุณ %(n)d เรื่อง", "มีเรื่องใหม่สำหรับคุณ %(n)d เรื่อง", count)


_Groups = dict[str, list[tuple[Notice, str]]]


def _grouped(lines: list[tuple[Notice, str]]) -> _Groups:
    groups: _Groups = {}
    for notice, said in lines:
        groups.setdefault(notice_wording.heading(notice.heading), []).append((notice, said))
    return groups


def _text(hello: str, told: str, groups: _Groups, more: int, organisation: str) -> str:
    parts = [hello, "", told]
    for heading, lines in groups.items():
        parts += ["", f"[{heading}]"]
        for notice, said in lines:
            parts += [f"- {said}", f"  {absolute(path_of(notice))}"]
    if more:
        parts += ["", _and_more(more)]
    parts += ["", f"{_('เปิดการแจ้งเตือนทั้งหมด')}: {absolute('/notices/')}"]
    parts += [f"{_('เลือกว่าจะรับอีเมลเรื่องใดบ่อยแค่ไหน')}: {absolute('/notices/preferences')}"]
    return "\n".join([*parts, "", f"{_('คลังความรู้')} · {organisation}", _("ระบบส่งอีเมลนี้ให้เอง ไม่ต้องตอบกลับ"), ""])


def _and_more(more: int) -> str:
    return ngettext("และอีก %(n)d เรื่อง", "และอีก %(n)d เรื่อง", more)


def _html(language: str, hello: str, told: str, groups: _Groups, more: int, organisation: str) -> str:
    page = Markup('<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>').format(
        language, told
    )
    page += Markup('<body style="margin:0;padding:24px 12px;background:#f6f3ec;color:#1d2a27;{}">').format(_FONT)
    page += Markup('<div style="max-width:34rem;margin:0 auto;padding:24px;background:#fff;border-radius:8px">')
    page += Markup("<p>{}</p><p><strong>{}</strong></p>").format(hello, told)
    for heading, lines in groups.items():
        page += Markup('<h2 style="font-size:16px;margin:24px 0 12px;color:#114a43">{}</h2>').format(heading)
        for notice, said in lines:
            page += Markup('<p style="{}"><a href="{}" style="color:#114a43">{}</a></p>').format(
                _LINE, absolute(path_of(notice)), said
            )
    if more:
        page += Markup("<p>{}</p>").format(_and_more(more))
    page += Markup('<p style="margin:24px 0"><a href="{}" style="{}">{}</a></p>').format(
        absolute("/notices/"),
        "display:inline-block;padding:10px 18px;background:#114a43;color:#fff;text-decoration:none;border-radius:6px",
        _("เปิดการแจ้งเตือนทั้งหมด"),
    )
    page += Markup('<p style="font-size:14px;color:#5a645f">{} · {}<br>{}<br>').format(
        _("คลังความรู้"), organisation, _("ระบบส่งอีเมลนี้ให้เอง ไม่ต้องตอบกลับ")
    )
    page += Markup('<a href="{}" style="color:#114a43">{}</a></p>').format(
        absolute("/notices/preferences"), _("เลือกว่าจะรับอีเมลเรื่องใดบ่อยแค่ไหน")
    )
    return str(page + Markup("</div></body></html>"))
