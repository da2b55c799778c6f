"""Files of every kind made here from sound Thai text, so that what reading them should give is known.

Office files by the libraries that make them in offices' programs; PDF by typst, by Chromium and LibreOffice where they
are installed, and letter by letter (`crafted_pdf`), which can say whatever a damaged file says.
"""

import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from benchmarks.documents import articles, text_of
from kc.documents import sniffing as types

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FONTS = Path(__file__).resolve().parent.parent / "kc" / "documents" / "fonts"
LETTERS_A_PAGE = 1_300
ODF_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><office:body>'
)


@dataclass(frozen=True)
class Paper:
    """A file, and what it says, page by page."""

    name: str
    media_type: str
    data: bytes
    truth: tuple[str, ...]


def sound_pages(number: int) -> tuple[str, ...]:
    """Pages of running Thai text; the same every time."""
    pages: list[str] = []
    for article in articles(number, ["สาขาปากช่อง"], ["สมชาย", "มาลี", "วิชัย"], ["NPLs"]):
        pages.append(f"{article['title']}\n{text_of(article)}"[:LETTERS_A_PAGE].rsplit(" ", 1)[0])
    return tuple(pages)


# ---- PDF ----


def typst_pdf(pages: Iterable[str], font: str = "", standards: str | None = None) -> bytes:
    """By typst, with the product's own font, or with one of the system's."""
    import typst

    lines = "\n#pagebreak()\n".join(
        "\n\n".join(f'#text("{_quoted(line)}")' for line in page.split("\n") if line.strip()) for page in pages
    )
    named = f', font: "{font}"' if font else ""
    source = f'#set page("a4")\n#set text(lang: "th", size: 14pt{named})\n{lines}'
    fonts = typst.Fonts(include_system_fonts=bool(font), include_embedded_fonts=False, font_paths=[str(FONTS)])
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "a.typ")
        place.write_text(source, encoding="utf-8")
        return typst.compile(str(place), root=folder, font_paths=fonts)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def crafted_pdf(pages: Iterable[str], columns: int = 84) -> bytes:
    """Letter by letter: each letter is a glyph, and a table says which letter it means. So a file can say anything."""
    texts = ["\n".join(_wrapped(page, columns)) for page in pages]
    letters = sorted({letter for text in texts for letter in text} - {"\n"})
    codes = {letter: number for number, letter in enumerate(letters, start=1)}
    bodies = [_content(text, codes) for text in texts]
    meanings = "\n".join(f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, code in codes.items())
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def /CMapName /X def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{meanings}\nendbfchar\nendcmap end end"
    )
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(bodies)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(bodies)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/Old/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Old/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        "/Supplement 0>>/DW 500/FontDescriptor<</Type/FontDescriptor/FontName/Old/Flags 4/FontBBox[0 0 500 900]"
        "/ItalicAngle 0/Ascent 900/Descent 0/CapHeight 700/StemV 80>>>>",
        _stream(table),
    ]
    for number, body in enumerate(bodies):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {7 + 2 * number} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>"
        )
        objects.append(_stream(body))
    return assembled_pdf(objects)


def _wrapped(text: str, columns: int) -> Iterable[str]:
    """Lines broken at spaces, as a page breaks them."""
    for line in text.split("\n"):
        while len(line) > columns:
            cut = line.rfind(" ", columns // 3, columns)
            cut = cut if cut > 0 else columns
            yield line[:cut]
            line = line[cut:].lstrip(" ")
        yield line


def _content(text: str, codes: dict[str, int]) -> str:
    lines = "\n".join(f"<{''.join(f'{codes[letter]:04X}' for letter in line)}> Tj T*" for line in text.split("\n"))
    return f"BT /F 12 Tf 14 TL 40 800 Td\n{lines}\nET"


def _stream(text: str) -> str:
    return f"<</Length {len(text.encode('latin-1'))}>>\nstream\n{text}\nendstream"


def assembled_pdf(objects: list[str], trailer: str = "") -> bytes:
    """Objects numbered from 1 as a whole file, with its table of places."""
    out, places = b"%PDF-1.5\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + text.encode("latin-1") + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>"
    return out + f"{end}\nstartxref\n{len(out)}\n%%EOF\n".encode()


def chromium_pdf(pages: Iterable[str], font: str, browser: "Browser") -> bytes:
    """As a browser prints it; `font`: "Sarabun" is the product's own for the screen."""
    sections = "".join(f"<section>{_html_paragraphs(page)}</section>" for page in pages)
    files = sorted((FONTS.parents[2] / "static").rglob("sarabun*400*.woff2"))
    faces = "".join(f"@font-face{{font-family:Sarabun;src:url(file://{file})}}" for file in files)
    style = f"{faces}body{{font:14pt {font}}}section{{break-after:page}}"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "a.html")
        place.write_text(f"<html lang=th><meta charset=utf-8><style>{style}</style>{sections}", encoding="utf-8")
        page = browser.new_page()
        page.goto(place.as_uri())
        data = page.pdf(format="A4")
        page.close()
        return data


def _html_paragraphs(page: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in page.split("\n"))


def by_libreoffice(data: bytes, ending: str, wanted: str) -> bytes:
    """The file as LibreOffice saves it in another format."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a." + ending).write_bytes(data)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/home", "--headless", "--convert-to", wanted]
        subprocess.run([*command, "--outdir", folder + "/out", f"{folder}/a.{ending}"], check=True, capture_output=True)
        return next(Path(folder, "out").iterdir()).read_bytes()


def has_libreoffice() -> bool:
    return shutil.which("soffice") is not None


# ---- office files ----


def docx(pages: Iterable[str], font: str = "TH Sarabun New") -> bytes:
    import docx as library

    document = library.Document()
    document.styles["Normal"].font.name = font
    for number, page in enumerate(pages):
        if number:
            document.add_page_break()
        for line in page.split("\n"):
            document.add_paragraph(line)
    return _saved(document.save)


def pptx(pages: Iterable[str]) -> bytes:
    import pptx as library

    show = library.Presentation()
    for page in pages:
        slide = show.slides.add_slide(show.slide_layouts[1])
        title, _, body = page.partition("\n")
        slide.shapes.title.text, slide.placeholders[1].text = title, body
    return _saved(show.save)


def xlsx(pages: Iterable[str]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, page in enumerate(pages, start=1):
        sheet = book.create_sheet(f"แผ่น {number}")
        for line in page.split("\n"):
            sheet.append(line.split(" "))
    return _saved(book.save)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def open_document(media_type: str, content: str, **others: str) -> bytes:
    """`content`: what stands in the body; `others`: further parts, a dot written as two underscores."""
    parts = {"content.xml": f"{ODF_HEAD}{content}</office:body></office:document-content>"}
    parts |= {name.replace("__", "."): text for name, text in others.items()}
    return packed({"mimetype": media_type, **parts})


def packed(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def odt(pages: Iterable[str]) -> bytes:
    body = "<text:soft-page-break/>".join(_odf_paragraphs(page) for page in pages)
    return open_document(types.ODT, f"<office:text>{body}</office:text>")


def odp(pages: Iterable[str]) -> bytes:
    body = "".join(
        f"<draw:page><draw:frame><draw:text-box>{_odf_paragraphs(page)}</draw:text-box></draw:frame></draw:page>"
        for page in pages
    )
    return open_document(types.ODP, f"<office:presentation>{body}</office:presentation>")


def ods(pages: Iterable[str]) -> bytes:
    body = "".join(f'<table:table table:name="แผ่น">{_odf_rows(page)}</table:table>' for page in pages)
    return open_document(types.ODS, f"<office:spreadsheet>{body}</office:spreadsheet>")


def _odf_paragraphs(page: str) -> str:
    return "".join(f"<text:p>{escape(line)}</text:p>" for line in page.split("\n"))


def _odf_rows(page: str) -> str:
    def cell(text: str) -> str:
        return f"<table:table-cell><text:p>{escape(text)}</text:p></table:table-cell>"

    return "".join(
        f"<table:table-row>{''.join(map(cell, line.split(' ')))}</table:table-row>" for line in page.split("\n")
    )


def kinds(pages: tuple[str, ...]) -> list[Paper]:
    """One file of each kind that needs nothing installed but the product."""
    whole = "\n\n".join(pages)
    return [
        Paper("PDF, typst", "application/pdf", typst_pdf(pages), pages),
        Paper("PDF, letter by letter", "application/pdf", crafted_pdf(pages), pages),
        Paper("DOCX", types.DOCX, docx(pages), pages),
        Paper("PPTX", types.PPTX, pptx(pages), pages),
        Paper("XLSX", types.XLSX, xlsx(pages), pages),
        Paper("ODT", types.ODT, odt(pages), pages),
        Paper("ODP", types.ODP, odp(pages), pages),
        Paper("ODS", types.ODS, ods(pages), pages),
        Paper("TXT, UTF-8", "text/plain", whole.encode(), (whole,)),
        Paper("TXT, UTF-16", "text/plain", whole.encode("utf-16"), (whole,)),
        Paper("TXT, Windows-874", "text/plain", whole.encode("cp874", "ignore"), (whole,)),
        Paper(
            "CSV, TIS-620", "text/csv", whole.replace(" ", ",").encode("tis-620", "ignore"), (whole.replace(" ", ","),)
        ),
    ]
