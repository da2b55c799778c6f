"""The official form as PDF (S0-162..172)."""

from __future__ import annotations

from typing import Any

from kc.documents import form as official
from kc.documents.form import ExchangeForm, Measure
from kc.documents.typesetting import Press, pieces, press
from kc.thai import graphemes
from kc.thai.wrapping import shorten

NARROW = 26  # letters of a place that fit beside another one
MOST_PICTURES = 12


def loose_figures(form: ExchangeForm, at: Press, most: int = MOST_PICTURES) -> list[dict[str, Any]]:
    """Pictures that no text shows in place; unreadable ones are left out."""
    texts = "".join(part.text for part in form.parts)
    loose = [picture for picture in form.pictures if not picture.path or picture.path not in texts]
    return [figure for picture in loose[:most] if (figure := at.figure(picture))]


def _measure(form: ExchangeForm, measure: Measure) -> dict[str, Any]:
    return {name: pieces(form.digits(measure.shown(name))) for name in official.MEASURE_COLUMNS}


def _columns(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "label": pieces(official.MEASURE_COLUMNS[name])} for name in names]


def _part(form: ExchangeForm, at: Press, part: official.Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "heading": pieces(part.heading),
        "note": pieces(part.note),
        "blocks": at.blocks(part.text, form.digits, form.picture),
    }


def _data(form: ExchangeForm, at: Press) -> dict[str, Any]:
    context = [f"ชุมชน {form.community}" if form.community else "", form.digits(form.fiscal_year)]
    signers = [("ผู้จัดทำ", *form.authors[:1]), ("ผู้บังคับบัญชา",)] if form.signatures else []
    return {
        "form-title": official.FORM_TITLE,
        "subject-label": official.SUBJECT,
        "branch-label": official.BRANCH,
        "division-label": official.DIVISION,
        "title": form.title,
        "authors": list(form.authors),
        "subject": pieces(form.title),
        "branch": pieces(form.branch),
        "division": pieces(form.division),
        "narrow": max(len(graphemes(form.branch)) * 1.25, len(graphemes(form.division))) <= NARROW,
        "context": pieces("  ·  ".join(filter(None, context))),
        "footer": pieces(shorten(form.address, 70)),
        "makers": [pieces(author) for author in form.authors],
        "signatures": [signer(role, *name) for role, *name in signers],
        "thai-digits": form.thai_digits,
        "parts": [_part(form, at, part) for part in form.parts],
        "measures": [_measure(form, measure) for measure in form.measures],
        "goal-columns": _columns("measure", "unit", "before", "target"),
        "result-columns": _columns("measure", "unit", "before", "target", "after"),
        "results-label": official.RESULTS_ON,
        "results-day": pieces(form.results_day),
        "pictures": loose_figures(form, at),
    }


def signer(role: str, name: str = "", position: str = "") -> dict[str, Any]:
    """One place to sign, for `signatures` of common.typ."""
    return {"role": pieces(role), "name": pieces(shorten(name, 60)), "position": pieces(shorten(position, 60))}


def exchange_form_pdf(form: ExchangeForm, *, archive: bool = False) -> bytes:
    """The official five-part form on A4, headings and order exactly as printed today. `archive`: as PDF/A."""
    with press() as at:
        return at.pdf("exchange_form.typ", _data(form, at), archive=archive)
