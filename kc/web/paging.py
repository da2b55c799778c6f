"""One page of a long list, for the `pager` macro."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import peewee as pw
from flask import request, url_for


@dataclass
class Page:
    """`items` of page `number` out of `pages`; `total` counts all. Past the end: no items, and the total is right."""

    items: list[Any]
    number: int
    pages: int
    total: int

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def requested_page() -> int:
    text = request.args.get("page", "1")
    return min(int(text), 100_000) if text.isdecimal() and text.isascii() and int(text) > 0 else 1


def paginate(query: pw.ModelSelect, per_page: int = 20, total: int | None = None) -> Page:
    """The page of `query` that the address asks for (`?page=`); two statements. `total`: when it is known already."""
    number = requested_page()
    total = query.count() if total is None else total
    items = list(query.paginate(number, per_page)) if (number - 1) * per_page < total else []
    return Page(items, number, max(1, -(-total // per_page)), total)


def page_url(**fixed: Any) -> Callable[[int], str]:
    """Address of another page of the list that is being shown, with its filters kept."""
    here = url_for(request.endpoint or "", **(request.view_args or {}))
    # Not through url_for, which has arguments of its own (endpoint, _scheme): anything may stand in the address.
    kept = {key: value for key, value in request.args.items() if key != "page" and value} | fixed

    def url(number: int) -> str:
        return f"{here}?{urlencode(kept | {'page': number})}"

    return url
