"""What every command needs: the application, its database connection, and refusals as sentences."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from kc import config
from kc.errors import DomainError


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside an application context with an open connection; a refusal ends it with exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from kc import create_app, db

        try:
            app = create_app()
            with app.app_context(), db.connection():
                if "employee" not in db.db.get_tables():
                    raise click.ClickException("there is no database here yet: run kc init first")
                return command(*args, **kwargs)
        except (config.SettingError, DomainError) as why:
            raise click.ClickException(str(why)) from None

    return run
