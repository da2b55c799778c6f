"""Whole addresses of our pages, for what leaves them: QR codes, guests' links, calendars, papers, workbooks."""

from typing import Any

from flask import request, url_for

from kc import addresses


def link(path: str) -> str:
    """`path` under KC_BASE_URL; while that is not set, under the address this request came to."""
    return addresses.absolute(path, otherwise=request.host_url.rstrip("/"))


def link_to(endpoint: str, **values: Any) -> str:
    return link(url_for(endpoint, **values))
