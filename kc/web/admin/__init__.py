"""Administration: one blueprint, one module for each room. Importing this package hangs the rooms' views on it."""

from kc.web.admin import (
    audit,
    codes,
    documents,
    employees,
    hub,
    imports,
    mail,
    own_words,
    search_language,
    units,
    wordlist_files,
)
from kc.web.admin.blueprint import bp

__all__ = [
    "audit",
    "bp",
    "codes",
    "documents",
    "employees",
    "hub",
    "imports",
    "mail",
    "own_words",
    "search_language",
    "units",
    "wordlist_files",
]
