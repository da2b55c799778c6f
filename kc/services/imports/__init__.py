"""Units and employees from HR's files: read, compared with what is here, shown, and only then written (PRODUCT 1).

rows = imports.read_employees(data, "hr.xlsx", rules)      # no database; bad cells are noted on their row
plan = imports.plan_employees(rows, options)               # new, changed, left, bad: nothing is written
report = imports.apply_employees(actor, rows, options, rules)   # all or nothing, compared anew in its transaction
"""

from kc.services.imports.employees import apply_employees, plan_employees, read_employees
from kc.services.imports.report import BadRow, Change, Options, Plan, SourceRow
from kc.services.imports.units import apply_units, plan_units, read_units

__all__ = [
    "BadRow",
    "Change",
    "Options",
    "Plan",
    "SourceRow",
    "apply_employees",
    "apply_units",
    "plan_employees",
    "plan_units",
    "read_employees",
    "read_units",
]
