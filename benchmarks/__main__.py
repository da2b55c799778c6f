"""python -m benchmarks [--sizes 1000,10000] [--full] [--json FILE] [--document FILE] [--profile] [--strict]"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import organisation, pages, report, searching, serving
from benchmarks.measure import Row, stopwatch

PAGES_AT = 10_000  # pages have their figures to keep with so many articles


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure speed and memory; print the table."
    )
    parser.add_argument("--sizes", default="1000,10000", help="numbers of articles [default: 1000,10000]")
    parser.add_argument("--full", action="store_true", help="50,000 articles too (several minutes more)")
    parser.add_argument("--times", type=int, default=120, help="requests of each kind [default: 120]")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same figures there")
    parser.add_argument("--document", type=Path, metavar="FILE", help="put the table into docs/BENCHMARKS.md")
    parser.add_argument("--profile", action="store_true", help="say where the time goes in pages over their figure")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a figure is not kept")
    return parser.parse_args()


def say(line: str) -> None:
    print(f"  {line} …", file=sys.stderr, flush=True)


def measure(sizes: list[int], times: int, profile: bool) -> list[Row]:
    """All rows, smallest size first. Everything happens in temporary folders."""
    rows: list[Row] = []
    pages_at = max([size for size in sizes if size <= PAGES_AT], default=min(sizes))
    with tempfile.TemporaryDirectory(prefix="kc-bench-", ignore_cleanup_errors=True) as root:
        place = organisation.Place(_folder(root, "first"), [])
        organisation.enter(place)
        rows.append(serving.first_start_row())
        for size in sizes:
            place = organisation.Place(_folder(root, str(size)), [], {"documents": size})
            rows += _at_size(place, times, profile, with_pages=size == pages_at)
    rows += searching.rows_of_growth(rows)
    return sorted(rows, key=lambda row: (searching.SEARCH, pages.PAGES, pages.POSTS, serving.SERVER).index(row.group))


def _folder(root: str, name: str) -> Path:
    folder = Path(root) / name
    folder.mkdir()
    return folder


def _at_size(place: organisation.Place, times: int, profile: bool, with_pages: bool) -> list[Row]:
    from kc import create_app, db

    organisation.enter(place)
    organisation.furnish(place)
    rows = searching.import_rows(place, say)
    app = create_app(background=True)
    with app.app_context(), db.connection():
        things = organisation.inhabit(drafts=times + 11)
        say(f"searching {len(place.made):,} articles")
        rows += searching.search_rows(place, times * 2)
    later = things.drafts[-10:]
    del things.drafts[-10:]
    if with_pages:
        rows += pages.page_rows(place, app, things, times, profile, say)
    rows.append(pages.findable_row(place, app, later))
    return rows + serving.server_rows(place, times * 2, things, say)


def main() -> int:
    asked = arguments()
    sizes = sorted({int(size) for size in asked.sizes.split(",")} | ({50_000} if asked.full else set()))
    with stopwatch() as seconds:
        rows = measure(sizes, asked.times, asked.profile)
    print(report.shown(rows, seconds()))
    if asked.json:
        report.write_json(asked.json, rows, seconds())
    if asked.document:
        report.write_document(asked.document, rows, seconds())
    return 1 if asked.strict and any(row.is_over for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
