"""Thai is the message; English comes from the catalogue; lazy texts follow the reader."""

import gettext as catalogues
import json
import struct

import pytest
from markupsafe import Markup, escape
from wtforms import Form, StringField

from kc import i18n
from kc.errors import Conflict, DomainError


def compiled(messages):
    """A .mo file as msgfmt writes it, small enough to make here."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    offset = 28 + 16 * len(pairs)
    tables, blob = [[], []], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column].append(struct.pack("<II", len(pair[column]), offset + len(blob)))
            blob += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, offset)
    return head + b"".join(tables[0]) + b"".join(tables[1]) + blob


@pytest.fixture
def english(tmp_path, monkeypatch):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(
        compiled(
            {
                "": "Content-Type: text/plain; charset=utf-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
                "สวัสดี %(name)s": "Hello %(name)s",
                "ชื่อ": "Name",
                "%(n)d คน\0%(n)d คน": "%(n)d person\0%(n)d people",
            }
        )
    )
    monkeypatch.setattr(i18n, "TRANSLATIONS", tmp_path)
    i18n.forget_catalogues()
    yield
    monkeypatch.undo()
    i18n.forget_catalogues()


def test_thai_is_the_message_itself():
    assert i18n.current_language() == "th"
    assert i18n.gettext("สวัสดี %(name)s", name="มาลี") == "สวัสดี มาลี"
    assert i18n.ngettext("%(n)d คน", "%(n)d คน", 3) == "3 คน"


def test_a_bare_percent_sign_needs_no_doubling():
    assert i18n.gettext("ครบ 100%") == "ครบ 100%"


def test_english_comes_from_the_catalogue_and_the_old_language_returns(english):
    with i18n.use_language("en"):
        assert i18n.gettext("สวัสดี %(name)s", name="Mali") == "Hello Mali"
        assert i18n.ngettext("%(n)d คน", "%(n)d คน", 1) == "1 person"
        assert i18n.ngettext("%(n)d คน", "%(n)d คน", 3) == "3 people"
        assert i18n.gettext("ไม่มีคำแปล") == "ไม่มีคำแปล"
    assert i18n.gettext("ชื่อ") == "ชื่อ"


def test_a_missing_catalogue_is_no_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "TRANSLATIONS", tmp_path)
    i18n.forget_catalogues()
    with i18n.use_language("en"):
        assert i18n.gettext("ชื่อ") == "ชื่อ"
    i18n.forget_catalogues()


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="fr"):
        i18n.set_language("fr")


def test_lazy_text_follows_the_reader(english):
    label = i18n.lazy("ชื่อ")
    assert str(label) == "ชื่อ"
    with i18n.use_language("en"):
        assert f"{label}:" == "Name:"
        assert label == "Name"
        assert label + "!" == "Name!"
        assert ">" + label == ">Name"
        assert label.upper() == "NAME"
        assert json.dumps(label, default=i18n.json_default) == '"Name"'
    assert i18n.lazy("สวัสดี %s") % "มาลี" == "สวัสดี มาลี"


def test_lazy_text_is_never_taken_for_safe_html():
    nasty = i18n.lazy("<b>%(name)s</b>", name="<script>")
    assert escape(nasty) == Markup("&lt;b&gt;&lt;script&gt;&lt;/b&gt;")
    assert Markup("<i>%s</i>") % nasty == "<i>&lt;b&gt;&lt;script&gt;&lt;/b&gt;</i>"


def test_lazy_text_labels_a_form_field(english):
    class Names(Form):
        name = StringField(i18n.lazy("ชื่อ"))

    assert str(Names().name.label) == '<label for="name">ชื่อ</label>'
    with i18n.use_language("en"):
        assert str(Names().name.label) == '<label for="name">Name</label>'


def test_a_refusal_carries_its_sentence_its_field_and_the_other_version(english):
    refusal = DomainError(i18n.lazy("ชื่อ"), field="name")
    assert (refusal.message, refusal.field, str(refusal)) == ("ชื่อ", "name", "ชื่อ")
    with i18n.use_language("en"):
        assert refusal.message == "Name"
    conflict = Conflict("มีผู้บันทึกก่อนแล้ว", theirs={"title": "ก"})
    assert isinstance(conflict, DomainError)
    assert conflict.theirs == {"title": "ก"}


def test_the_catalogue_is_read_once(english, monkeypatch):
    with i18n.use_language("en"):
        i18n.gettext("ชื่อ")
        monkeypatch.setattr(catalogues, "translation", None)
        assert i18n.gettext("ชื่อ") == "Name"
