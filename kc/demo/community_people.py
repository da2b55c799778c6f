"""Around this year's communities: guests, requests, invitations, connections, a session held together, a change."""

from collections.abc import Iterator
from typing import Any

from kc.demo import source
from kc.demo.story import Step, Story, at
from kc.models import Community, Employee, JoinRequest, Session
from kc.services import communities, connections, guests, joining


def steps(story: Story) -> Iterator[Step]:
    """Each on its day, in the afternoon."""
    told = source.community_people()
    for kind, do in (
        ("guests", _guest),
        ("requests", _ask),
        ("invitations", _invite),
        ("links", _connect),
        ("joint", _hold_together),
        ("changes", _change),
    ):
        for row in told.get(kind, []):
            yield Step(at(row["on"], 14), lambda do=do, row=row: do(story, row))
    for row in told.get("requests", []):
        if "answered_on" in row:
            yield Step(at(row["answered_on"], 9), lambda row=row: _answer(story, row))


def _of(story: Story, row: dict[str, Any]) -> tuple[Community, Employee]:
    """The community of a row, and its facilitator."""
    key = row["community"]
    facilitator = next(c for c in source.communities() if c.key == key).people("facilitator")[0]
    return story.communities[key], story.people[facilitator]


def _guest(story: Story, row: dict[str, Any]) -> None:
    community, by = _of(story, row)
    kept = {name: row.get(name, "") for name in ("organisation", "contact", "brings")}
    guests.add(by, community, row["name"], **kept)


def _ask(story: Story, row: dict[str, Any]) -> None:
    joining.ask(story.people[row["person"]], story.communities[row["community"]], row.get("message", ""))


def _answer(story: Story, row: dict[str, Any]) -> None:
    community, by = _of(story, row)
    person = story.people[row["person"]]
    asked = JoinRequest.get((JoinRequest.community == community) & (JoinRequest.employee == person))
    joining.answer(by, asked, False, row["answer"])


def _invite(story: Story, row: dict[str, Any]) -> None:
    community, by = _of(story, row)
    joining.invite(by, community, story.people[row["person"]], row.get("role", "member"), text=row.get("message", ""))


def _connect(story: Story, row: dict[str, Any]) -> None:
    community, by = _of(story, row)
    connections.connect(by, community, story.communities[row["other"]], row["why"])


def _hold_together(story: Story, row: dict[str, Any]) -> None:
    _community, by = _of(story, row)
    session = Session.get(Session.form_key == f"demo-{row['session']}")
    connections.hold_together(by, session, [story.communities[row["other"]]])


def _change(story: Story, row: dict[str, Any]) -> None:
    community, by = _of(story, row)
    kept = ("name", "knowledge_title", "topic", "goals", "agreement")
    values = {name: getattr(community, name) for name in kept}
    communities.change(by, community, community.version, why=row["why"], rhythm=row["rhythm"], **values)
