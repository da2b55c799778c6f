"""People from a terminal: imports from HR's files, and what an administrator does when nobody can sign in."""

from pathlib import Path

import click
from flask import current_app

from kc.cli.context import with_app
from kc.models import Employee, OrgUnit
from kc.models.people import SYSTEM_ROLES
from kc.services import codes, imports, people, roles, signin
from kc.services.account_rules import AccountRules

SHOWN = 20


def _rules() -> AccountRules:
    return AccountRules.of(current_app.config)


def _options(command: object) -> object:
    """Options that both imports take."""
    for option in (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--dry-run", is_flag=True, help="Report only; write nothing."),
        click.option("--keep-missing", is_flag=True, help="Who is missing from the file has not left."),
        click.option("--many-may-leave", is_flag=True, help="Yes, even when more than a fifth would leave."),
    ):
        command = option(command)
    return command


@click.command("import-units")
@_options
@with_app
def import_units(file: Path, dry_run: bool, keep_missing: bool, many_may_leave: bool) -> None:
    """Bring units from a CSV or XLSX file: new, changed, closed. All or nothing; safe to repeat."""
    rows = imports.read_units(file.read_bytes(), file.name)
    options = imports.Options(keep_missing, many_may_leave)
    _report(imports.plan_units(rows, options), options, dry_run)
    if not dry_run:
        imports.apply_units(None, rows, options)
        click.echo("Imported.")


@click.command("import-employees")
@_options
@with_app
def import_employees(file: Path, dry_run: bool, keep_missing: bool, many_may_leave: bool) -> None:
    """Bring employees from a CSV or XLSX file: new, changed, departed. All or nothing; safe to repeat."""
    rows = imports.read_employees(file.read_bytes(), file.name, _rules())
    options = imports.Options(keep_missing, many_may_leave)
    _report(imports.plan_employees(rows, options), options, dry_run)
    if not dry_run:
        imports.apply_employees(None, rows, options, _rules())
        click.echo("Imported.")


def _report(plan: imports.Plan, options: imports.Options, dry_run: bool) -> None:
    """What would change; raises when it may not be written."""
    counts = f"new {len(plan.new)}, changed {len(plan.changed)}, left {len(plan.left)}, unchanged {plan.unchanged}"
    click.echo(f"{plan.total} rows: {counts}, bad {len(plan.bad)}")
    for title, rows in (("new", plan.new), ("changed", plan.changed), ("left", plan.left)):
        for row in rows[:SHOWN]:
            changes = "; ".join(f"{name}: {old} -> {new}" for name, (old, new) in row.fields.items())
            click.echo(f"  {title}: {row.key} {row.name}" + (f" ({changes})" if changes else ""))
        if len(rows) > SHOWN:
            click.echo(f"  {title}: … and {len(rows) - SHOWN} more")
    for bad in plan.bad:
        click.echo(f"  row {bad.number}: {bad.reason}", err=True)
    for note in plan.notes:
        click.echo(f"  {note}")
    plan.check(options)
    if dry_run:
        click.echo("Dry run: nothing was written.")


# ---- kc employee ---------------------------------------------------------------------------------------------------


@click.group()
def employee() -> None:
    """One person's account: create, show, role, reset, lock, unlock, deactivate."""


def _find(employee_id: str) -> Employee:
    found = signin.find(employee_id)
    if found is None:
        raise click.ClickException(f"no employee with ID {employee_id}")
    return found


def _find_unit(code: str) -> OrgUnit:
    unit = OrgUnit.get_or_none(OrgUnit.code == code)
    if unit is None:
        raise click.ClickException(f"no unit with code {code}")
    return unit


@employee.command()
@click.argument("employee_id")
@click.argument("name")
@click.option("--unit", "unit_code", required=True, help="Code of the unit.")
@click.option("--position", default="")
@click.option("--email", default="")
@click.option("--phone", default="")
@click.option("--role", type=click.Choice(SYSTEM_ROLES), help="A system role to begin with.")
@with_app
def create(employee_id: str, name: str, unit_code: str, position: str, email: str, phone: str, role: str) -> None:
    """Add somebody and print a one-time code to activate with. NAME: "นางสาวมาลี ใจดี"."""
    unit = _find_unit(unit_code)
    made = people.create(None, employee_id, unit, name=name, position=position, email=email, phone=phone)
    if role:
        roles.grant(None, made, role, unit)
    _print_code(made)


def _print_code(person: Employee) -> None:
    slip = codes.issue(None, person, _rules())
    click.echo(f"{person.employee_id} {person.full_name}: one-time code {slip.code} (shown once, works once)")


@employee.command()
@click.argument("employee_id")
@with_app
def show(employee_id: str) -> None:
    """Print what is known of an account."""
    person = _find(employee_id)
    state = "departed" if not person.is_active else "locked" if person.locked_reason else "active"
    click.echo(f"{person.employee_id} {person.full_name}, {person.position or '-'}, {person.unit.name}")
    click.echo(f"  {state}, {'activated' if person.is_activated else 'not activated yet'}")
    for held in roles.held_by(person):
        click.echo(f"  role {held.role}" + (f" of {held.unit.code} {held.unit.name}" if held.unit else ""))
    for event in signin.recent_events(person, 5):
        click.echo(f"  {event.at:%Y-%m-%d %H:%M} UTC {event.outcome} from {event.address}")


@employee.command()
@click.argument("employee_id")
@click.argument("role", type=click.Choice(SYSTEM_ROLES))
@click.option("--unit", "unit_code", help="Code of the unit a coordinator looks after.")
@click.option("--revoke", is_flag=True, help="Take the role back.")
@with_app
def role(employee_id: str, role: str, unit_code: str | None, revoke: bool) -> None:
    """Give a system role, or take it back."""
    person = _find(employee_id)
    unit = _find_unit(unit_code) if unit_code else None
    if not revoke:
        roles.grant(None, person, role, unit)
        click.echo(f"{person.employee_id} holds {role}.")
        return
    held = [r for r in roles.held_by(person) if r.role == role and (unit is None or r.unit_id == unit.id)]
    if not held:
        raise click.ClickException(f"{person.employee_id} does not hold {role}")
    for assignment in held:
        roles.revoke(None, assignment)
    click.echo(f"{person.employee_id} no longer holds {role}.")


@employee.command()
@click.argument("employee_id")
@with_app
def reset(employee_id: str) -> None:
    """Print a one-time code: to activate, or to set a new password."""
    _print_code(_find(employee_id))


@employee.command()
@click.argument("employee_id")
@click.option("--reason", required=True)
@with_app
def lock(employee_id: str, reason: str) -> None:
    """Shut an account until it is unlocked; ends its sign-ins."""
    people.lock(None, _find(employee_id), reason)
    click.echo("Locked.")


@employee.command()
@click.argument("employee_id")
@with_app
def unlock(employee_id: str) -> None:
    """Open a locked account again."""
    people.unlock(None, _find(employee_id))
    click.echo("Unlocked.")


@employee.command()
@click.argument("employee_id")
@with_app
def deactivate(employee_id: str) -> None:
    """Somebody left: the account closes, their work stays."""
    people.deactivate(None, _find(employee_id))
    click.echo("Deactivated.")


COMMANDS = [import_units, import_employees, employee]
