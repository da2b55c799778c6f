"""The demo organisation: an invented Thai bank with three years of communities, told through the services.

Its words are TOML files under data/; `load` tells them in the order in which they happened, each step at its own
moment, so that every date, count and line of the audit log is what the system itself would have written.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

from kc.demo import source


def load(settings: Mapping[str, Any] | None = None, progress: Callable[[str], None] = lambda line: None) -> bool:
    """Load the demo organisation into the connected database; False when it is there already.

    Needs an open connection; `settings`: the application's (`app.config`), else those of the environment.
    All or nothing. Raises DomainError on a database that holds people of its own.
    """
    from kc.demo import loader  # the services, and heavy libraries behind them

    return loader.load(settings or _settings(), progress)


def _settings() -> dict[str, Any]:
    from kc import config

    settings = config.read_settings()
    return settings | {"SECRET_KEY": config.secret_key(settings)}


def is_here() -> bool:
    """Does the connected database hold the demo organisation?"""
    from kc.models import Employee

    administrator = next(member for member in source.cast() if member.role == "administrator")
    person = next(person for person in source.people() if person.employee_id == administrator.employee_id)
    found = (Employee.employee_id == person.employee_id) & (Employee.name == person.name)
    return Employee.select().where(found).exists()


def names() -> dict[str, str]:
    """Settings that call the organisation by the demo's name, where the environment does not name another."""
    bank = source.organisation()
    ours = {"KC_ORG_NAME": bank["name"], "KC_ORG_SHORT_NAME": bank["short_name"]}
    return {} if ours.keys() & os.environ.keys() else ours


def who_can_sign_in() -> list[str]:
    """One line for each account of the cast: ID, password or activation code, and who it is."""
    return [
        f"  {member.employee_id}  {member.password or member.activation_code:<22}  {member.label}"
        for member in source.cast()
    ]
