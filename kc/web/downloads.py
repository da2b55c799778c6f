"""Files the system makes, sent under their Thai names; and how a reader asks for them to be printed."""

import io
from collections.abc import Iterable
from typing import IO
from urllib.parse import quote

from flask import Flask, Response, current_app, request, send_file

from kc import clock, workbook
from kc.services import article_documents
from kc.services.article_documents import Print
from kc.workbook import Column, Sheet


def send_made(data: bytes | IO[bytes], name: str, content_type: str) -> Response:
    """A download made for this request: never kept by a browser."""
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    return send_file(stream, mimetype=content_type, as_attachment=True, download_name=name, max_age=0)


def send_workbook(name: str, sheets: Iterable[Sheet]) -> Response:
    """Sheets as an Excel file called after the list and the day."""
    return send_made(workbook.write(sheets), f"{name} {clock.today().isoformat()}.xlsx", workbook.TYPE)


def columns(*heads: str | tuple[str, str]) -> list[Column]:
    """Headings, each alone or with the kind of its cells."""
    return [Column(head) if isinstance(head, str) else Column(*head) for head in heads]


def asked_print() -> Print:
    """How the address asks for it (`?options=1&thai_digits=1&signatures=1&archive=1`); without options, as usual."""
    if "options" not in request.args:
        return article_documents.usual()
    return Print(*(request.args.get(name) == "1" for name in ("thai_digits", "signatures", "archive")))


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(export_url=export_url, usual_print=article_documents.usual)


def organisation() -> str:
    return current_app.config["KC_ORG_NAME"]


def export_url() -> str:
    """Address of this list's Excel file, with the filters of the address shown and without the page."""
    kept = "&".join(f"{quote(name)}={quote(value)}" for name, value in request.args.items(multi=True) if name != "page")
    return f"{request.path}export.xlsx" + (f"?{kept}" if kept else "")
