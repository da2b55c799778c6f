"""Refusals and failures have a page in Thai with a way back, also when the database is what broke."""

from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from kc import db
from kc.errors import DomainError
from tests import factories

WORDS = {
    400: "คำขอนี้ไม่ถูกต้อง",
    403: "หน้านี้ไม่ได้เปิดให้คุณ",
    404: "ไม่พบหน้านี้",
    413: "ไฟล์มีขนาดใหญ่เกินไป",
    429: "ขอเวลาพักสักครู่",
    503: "ระบบหยุดพักชั่วคราว",
    418: "คำขอนี้ไม่ถูกต้อง",
}


@pytest.fixture
def broken_app(app: Flask) -> Flask:
    """The application with pages that fail on purpose, answering as in production."""
    app.config["TESTING"] = False
    app.add_url_rule("/fails/<int:code>", "fails", lambda code: abort(code))
    app.add_url_rule("/refuses", "refuses", _refuse, methods=["GET", "POST"])
    app.add_url_rule("/breaks", "breaks", lambda: 1 / 0)
    return app


def _refuse() -> None:
    raise DomainError("ชื่อนี้มีแล้ว")


@pytest.mark.parametrize(("code", "words"), WORDS.items())
def test_every_error_is_explained_with_a_way_back(broken_app: Flask, code: int, words: str) -> None:
    answer = broken_app.test_client().get(f"/fails/{code}")
    assert answer.status_code == code
    assert f"<h1>{words}</h1>" in answer.text
    assert 'href="/"' in answer.text


def test_a_refusal_is_shown_as_its_sentence(broken_app: Flask) -> None:
    answer = broken_app.test_client().get("/refuses")
    assert answer.status_code == 422 and "ชื่อนี้มีแล้ว" in answer.text


def test_a_refusal_of_a_fragment_becomes_a_toast(broken_app: Flask, htmx: dict[str, str]) -> None:
    answer = broken_app.test_client().get("/refuses", headers=htmx)
    assert answer.status_code == 422 and answer.headers["HX-Retarget"] == "#toasts"
    assert answer.text.lstrip().startswith('<div class="toast" role="alert"')


def test_a_broken_page_says_so_and_gives_a_number_to_report(broken_app: Flask) -> None:
    answer = broken_app.test_client().get("/breaks", headers={"X-Request-ID": "abcd-1234"})
    assert answer.status_code == 500
    assert "<h1>ระบบขัดข้อง</h1>" in answer.text and "abcd-1234" in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_the_page_for_failures_needs_no_database(
    broken_app: Flask,
    cast: factories.Cast,
    login_as: Callable[..., FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = login_as(cast.administrator)

    def gone(*args: object, **kwargs: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(db.db.obj, "execute_sql", gone)
    answer = client.get("/communities/")
    assert answer.status_code == 500 and "<h1>ระบบขัดข้อง</h1>" in answer.text


@pytest.mark.parametrize("path", ["/attachments/{n}", "/knowledge/{n}", "/communities/{n}", "/people/{n}"])
def test_a_number_no_database_can_hold_is_no_page(cast: factories.Cast, login_as: Callable, path: str) -> None:
    for number in (2**31, 10**30):
        assert login_as(cast.author).get(path.format(n=number)).status_code == 404


def test_only_who_sent_something_is_told_that_it_is_still_there(
    broken_app: Flask, cast: factories.Cast, login_as: Callable
) -> None:
    """A refused link was not typed."""
    client = login_as(cast.author)
    assert "ข้อมูลที่พิมพ์ไว้จะยังอยู่" not in client.get("/refuses").text
    answer = client.post("/refuses")
    assert "ชื่อนี้มีแล้ว" in answer.text and "ข้อมูลที่พิมพ์ไว้จะยังอยู่" in answer.text
