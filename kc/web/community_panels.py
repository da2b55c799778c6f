"""What a community's page shows below the sessions: each area adds its own panel, in the order of the year."""

from collections.abc import Callable
from typing import Any, NamedTuple

from kc import together
from kc.models import Community, Employee
from kc.services import evaluation_panel, plan_panel, question_lists, round_todos, summaries
from kc.together import Asking, beside
from kc.web import trial_pictures


class Panel(NamedTuple):
    """`read(community, employee)` answers what `template` shows (as `panel`), or None: nothing."""

    template: str
    read: Callable[[Community, Employee], Asking[Any]]


PANELS: tuple[Panel, ...] = (
    Panel("communities/_year.html", round_todos.panel),
    Panel("communities/_evaluation.html", evaluation_panel.panel),
    Panel("communities/_plan.html", plan_panel.panel),
    Panel("communities/_summaries.html", summaries.panel),
    Panel("communities/_trials.html", trial_pictures.panel),
    Panel("communities/_questions.html", question_lists.panel),
)


def read(community: Community, employee: Employee) -> list[tuple[str, Any]]:
    """(template, what it shows) of every panel that has something to show to `employee`."""
    found = together.answer(beside(*(panel.read(community, employee) for panel in PANELS)))
    return [(panel.template, shown) for panel, shown in zip(PANELS, found, strict=True) if shown is not None]
