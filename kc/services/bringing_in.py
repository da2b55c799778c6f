"""Several people at once, as a coordinator pastes them: each line is one person, by name or employee ID."""

from dataclasses import dataclass, field

from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee
from kc.services import communities, joining, people_lookup

MOST = 60


@dataclass
class Result:
    done: list[Employee] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)  # (line, why)


def bring_in(
    by: Employee, community: Community, lines: str, role: str, *, invites: bool = True, text: str = ""
) -> Result:
    """Invite everybody the lines name, or put them in the community. What cannot be done is told line by line."""
    wanted = list(dict.fromkeys(line.strip() for line in lines.replace("\t", " ").splitlines() if line.strip()))
    if len(wanted) > MOST:
        raise DomainError(_("ใส่ได้ครั้งละไม่เกิน %(n)d คน", n=MOST), field="people")
    result = Result()
    with db.atomic():
        for line in wanted:
            _bring_one(by, community, line, role, invites, text, result)
    return result


def _bring_one(
    by: Employee, community: Community, line: str, role: str, invites: bool, text: str, result: Result
) -> None:
    found = people_lookup.exact(line)
    if len(found) != 1:
        many = _("“%(text)s” ตรงกับหลายคน โปรดใช้รหัสพนักงาน", text=line)
        result.left.append((line, many if found else people_lookup.not_one(line, found)))
        return
    try:
        if invites:
            joining.invite(by, community, found[0], role, text=text)
        else:
            communities.add_member(by, community, found[0], role)
    except DomainError as refusal:
        result.left.append((line, refusal.message))
    else:
        result.done.append(found[0])
