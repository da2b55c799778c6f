"""Files the system itself makes from an article: the official form, a one-page poster, slides. Pure: bytes out.

The makers are imported at first use: typst, python-docx and python-pptx are heavy, and most requests need none.
"""

from kc.documents.form import ExchangeForm, Measure, Picture

__all__ = [
    "ExchangeForm",
    "Measure",
    "Picture",
    "exchange_form_docx",
    "exchange_form_pdf",
    "one_page_pdf",
    "summary_pptx",
]


def exchange_form_pdf(form: ExchangeForm, *, archive: bool = False) -> bytes:
    """The official five-part form as PDF, A4 (S0-162..172); `archive`: as PDF/A."""
    from kc.documents import pdf

    return pdf.exchange_form_pdf(form, archive=archive)


def exchange_form_docx(form: ExchangeForm, template: bytes | None = None) -> bytes:
    """The same form as a Word file that people go on editing (S0-172), in the organisation's template if it has one."""
    from kc.documents import word

    return word.exchange_form_docx(form, template)


def one_page_pdf(form: ExchangeForm) -> bytes:
    """A one-page A4 poster of the knowledge (S0-175)."""
    from kc.documents import poster

    return poster.one_page_pdf(form)


def summary_pptx(form: ExchangeForm) -> bytes:
    """Five or six slides that present the knowledge (S0-175)."""
    from kc.documents import slides

    return slides.summary_pptx(form)
