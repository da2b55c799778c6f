"""What is written of a term is what is read of it, in every type of list; segments put together lose nothing."""

from pathlib import Path
from typing import Any

import pytest
from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader

from kc.search import build, postings, schema
from kc.search.schema import Document

WORDS = ["หนี้", "ลูกหนี้", "ชำระ", "เกษตร", "ความรู้"]


# Steps and weights that need one, two and four bytes; a list of one document, with and without a weight.
LISTS = {
    "all": [(n, 1) for n in range(0, 900)],
    "even": [(n, 2) for n in range(0, 900, 2)],
    "far": [(3, 1), (700, 1), (200_000, 1)],
    "one": [(899, 1)],
    "once heavy": [(5, 900)],
    "often": [(n, n % 7 + 1) for n in range(1, 900, 2)],
    "wide": [(1, 1), (2, 60_000)],
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """One segment with these lists in a field."""
    folder = tmp_path_factory.mktemp("postings")
    writer = whoosh_index.create_in(folder, schema.schema()).writer()
    lists = postings.TermLists()
    for number in sorted({number for found in LISTS.values() for number, _ in found}):
        terms = [(term.encode(), float(dict(found)[number])) for term, found in LISTS.items() if number in dict(found)]
        lists.add("word", number, terms)
    writer.perdocwriter.start_doc(0)
    writer.perdocwriter.finish_doc()
    writer.docnum, writer._added = 1, True
    writer.perdocwriter.close()
    postings.write(writer.fieldwriter, writer.schema, lists.fields())
    writer.fieldwriter.close()
    writer.pool.cleanup()
    writer._assemble_segment()
    writer._commit_toc([writer.get_segment()])
    writer._finish()
    with whoosh_index.open_dir(folder).reader() as opened:
        yield opened


@pytest.mark.parametrize("term", LISTS)
def test_a_list_is_read_as_it_was_written(reader, term: str) -> None:  # type: ignore[no-untyped-def]
    ids, weights = postings.read(reader, "word", term)
    assert list(zip(ids, [1.0] * len(ids) if weights is None else weights, strict=True)) == LISTS[term]
    assert (weights is None) == all(weight == 1 for _, weight in LISTS[term])
    assert postings.Lists(reader).count("word", term) == reader.doc_frequency("word", term) == len(ids)


def test_all_terms_of_a_field_come_in_order(reader) -> None:  # type: ignore[no-untyped-def]
    found = [(term.decode(), ids.tolist()) for term, ids, _ in postings.Lists(reader).all("word")]
    assert found == [(term, [number for number, _ in LISTS[term]]) for term in sorted(LISTS)]


def test_an_unknown_term_has_no_list(reader) -> None:  # type: ignore[no-untyped-def]
    for field, term in (("word", "nothing"), ("nofield", "all")):
        ids, weights = postings.read(reader, field, term)
        assert not len(ids) and weights is None


def test_another_format_is_noticed() -> None:
    with pytest.raises(postings.UnknownFormat):
        postings._decoded(b"\x00\x01\x02", 2)
    with pytest.raises(postings.UnknownFormat):
        postings._decoded(b"\x01\x01", 2)


def contents(folder: Path, segments: list[Any]) -> dict[str, Any]:
    """Everything a segment says of each living document, by its key."""
    found: dict[str, Any] = {}
    for segment in segments:
        opened = SegmentReader(FileStorage(str(folder)), schema.schema(), segment)
        keys = [opened.stored_fields(number)["key"] for number in range(opened.doc_count_all())]
        for number, key in enumerate(keys):
            columns = [opened.column_reader(name)[number] for name in ("text", "breaks", "shown", "day", "uses")]
            found[key] = [opened.stored_fields(number), opened.doc_field_length(number, "word"), *columns, {}]
        lists = postings.Lists(opened)
        for field in ("filter", "inside", "key", "part", "piece", "word"):
            for term, ids, weights in lists.all(field):
                for place, number in enumerate(ids):
                    found[keys[number]][-1][field, term] = 1 if weights is None else weights[place]
        gone = {keys[number] for number in segment.deleted_docs()}
        found = {key: of for key, of in found.items() if key not in gone}
    return found


DOCUMENTS = [Document("knowledge", n, f"เรื่อง {n}", " ".join(WORDS[: n % 5 + 1]) * (n % 3 + 1)) for n in range(12)]


def test_a_segment_holds_the_terms_whooshs_own_writer_would_write(tmp_path: Path) -> None:
    segments = build.build(DOCUMENTS, tmp_path)
    (tmp_path / "theirs").mkdir()
    writer = whoosh_index.create_in(tmp_path / "theirs", schema.schema()).writer()
    for document in DOCUMENTS:
        writer.add_document(**schema.prepare(document))
    writer.commit()
    theirs = whoosh_index.open_dir(tmp_path / "theirs").reader()
    words = {
        (key, term): weight
        for key, of in contents(tmp_path, segments).items()
        for (field, term), weight in of[-1].items()
        if field == "word"
    }
    for term in theirs.field_terms("word"):
        matcher = theirs.postings("word", term)
        while matcher.is_active():
            key = theirs.stored_fields(matcher.id())["key"]
            assert words.pop((key, term.encode())) == matcher.weight()
            matcher.next()
    assert not words
    theirs.close()


def test_segments_put_together_hold_what_they_held_and_nothing_that_was_taken_out(tmp_path: Path) -> None:
    segments = [
        segment for n in (0, 5, 6) for segment in build.build(DOCUMENTS[n : n + (1 if n == 5 else 5)], tmp_path)
    ]
    for segment in segments[:2]:
        segment.delete_document(0)
    before = contents(tmp_path, segments)
    merged = build.merge(FileStorage(str(tmp_path)), segments, tmp_path)
    assert len(merged) == 1 and merged[0].doc_count_all() == len(before) == 9
    assert contents(tmp_path, merged) == before
    merged[0].delete_document(0)
    nothing = build.merge(FileStorage(str(tmp_path)), segments[1:2], tmp_path)
    assert nothing == [], "a segment with nothing alive in it leaves none"


def test_many_documents_become_one_segment(tmp_path: Path) -> None:
    several = [Document("knowledge", n, f"เรื่อง {n}", "ชำระหนี้") for n in range(build.SMALL + 60)]
    segments = build.build(several, tmp_path, workers=2)
    assert [segment.doc_count_all() for segment in segments] == [len(several)]
    assert len(list(tmp_path.glob("*.seg"))) == 1 and len(contents(tmp_path, segments)) == len(several)
