"""The organisation's language: a group of words, own words, a file of them."""

from wtforms import FileField, RadioField

from kc import labels
from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, VersionField, picks
from kc.i18n import lazy as _l

LONGEST_LIST = 20_000


class GroupForm(BaseForm):
    """Words that mean the same."""

    version = VersionField()
    terms = TextField(
        _l("คำที่ใช้แทนกัน"),
        [Required(_l("ใส่คำที่ใช้แทนกันอย่างน้อยสองคำ บรรทัดละคำ")), AtMost(LONGEST_LIST)],
        description=_l("บรรทัดละคำ 2 ถึง 12 คำ เช่น ธ.ก.ส. แล้วขึ้นบรรทัดใหม่ ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร"),
    )
    kind = RadioField(_l("ชนิด"), choices=picks(labels.SYNONYM_KINDS), default="synonym", validate_choice=False)
    note = LineField(_l("หมายเหตุ"), [AtMost(300)], description=_l("ทำไมจึงเป็นคำเดียวกัน หรือใครขอให้เพิ่ม (ไม่บังคับ)"))


class OwnWordsForm(BaseForm):
    """Own words to add."""

    words = TextField(
        _l("คำใหม่"),
        [Required(_l("โปรดใส่คำที่ต้องการเพิ่ม บรรทัดละคำ")), AtMost(LONGEST_LIST)],
        description=_l("บรรทัดละคำ ตัวอักษรไทยล้วน ไม่เว้นวรรค เช่น ชื่อสาขา ชื่อผลิตภัณฑ์ ชื่อโครงการ"),
    )
    note = LineField(_l("หมายเหตุ"), [AtMost(300)])


class WordlistForm(BaseForm):
    file = FileField(_l("ไฟล์ CSV หรือ Excel (.xlsx)"))
