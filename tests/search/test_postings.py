"""Our block reader and writer against Whoosh's own: this fails loudly when the format on the disk differs."""

from collections import Counter
from pathlib import Path

import pytest
from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage

from kc.search import build, postings, schema
from kc.search.schema import Document

WORDS = ["หนี้", "ลูกหนี้", "ชำระ", "เกษตร", "ความรู้"]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """One segment with a list longer than two blocks."""
    folder = tmp_path_factory.mktemp("postings")
    many = postings.CODEC_OPTIONS["blocklimit"] * 2 + 50
    made = whoosh_index.create_in(folder, schema.schema())
    writer = made.writer(codec=postings.codec())
    lists = postings.TermLists()
    for number in range(many):
        terms = [(b"all", 1.0), (b"even", 2.0)] if number % 2 == 0 else [(b"all", 1.0), (b"odd", float(number % 7 + 1))]
        lists.add("word", number, terms)
        writer.perdocwriter.start_doc(number)
        writer.perdocwriter.add_field("word", writer.schema["word"], None, 3)
        writer.perdocwriter.finish_doc()
    writer.docnum, writer._added = many, True
    writer.perdocwriter.close()
    lists.write(writer.fieldwriter, writer.schema)
    writer.fieldwriter.close()
    writer.pool.cleanup()
    writer._assemble_segment()
    writer._commit_toc([writer.get_segment()])
    writer._finish()
    with whoosh_index.open_dir(folder).reader() as opened:
        yield opened


@pytest.mark.parametrize("term", ["all", "even", "odd"])
def test_whole_lists_equal_whooshs_matcher(reader, term: str) -> None:  # type: ignore[no-untyped-def]
    matcher = reader.postings("word", term)
    theirs = []
    while matcher.is_active():
        theirs.append((matcher.id(), matcher.weight()))
        matcher.next()
    ids, weights = postings.read(reader, "word", term)
    assert list(zip(ids, [1.0] * len(ids) if weights is None else weights, strict=True)) == theirs
    assert reader.doc_frequency("word", term) == len(ids)


def test_an_unknown_term_has_no_list(reader) -> None:  # type: ignore[no-untyped-def]
    for field, term in (("word", "nothing"), ("nofield", "all")):
        ids, weights = postings.read(reader, field, term)
        assert not len(ids) and weights is None


def test_another_format_is_noticed(reader) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(postings.UnknownFormat):
        postings._read_blocks(reader._terms._postfile.get(1, 100))


def test_segments_hold_what_whooshs_own_writer_would_write(tmp_path: Path) -> None:
    documents = [Document("knowledge", n, f"เรื่อง {n}", " ".join(WORDS[: n % 5 + 1]) * (n % 3 + 1)) for n in range(12)]
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    segments = build.build(documents, tmp_path / "ours")
    whoosh_index.TOC(schema.schema(), segments, 1).write(FileStorage(str(tmp_path / "ours")), "MAIN")
    writer = whoosh_index.create_in(tmp_path / "theirs", schema.schema()).writer()
    for document in documents:
        writer.add_document(**schema.prepare(document))
    writer.commit()
    ours, theirs = (whoosh_index.open_dir(tmp_path / name).reader() for name in ("ours", "theirs"))
    assert Counter(ours.all_terms()) == Counter(theirs.all_terms())
    for field, term in ours.all_terms():
        one, other = ours.postings(field, term), theirs.postings(field, term)
        assert list(zip(one.all_ids(), strict=False)) == list(zip(other.all_ids(), strict=False))
    assert [dict(f) for f in ours.all_stored_fields()] == [dict(f) for f in theirs.all_stored_fields()]
    assert [ours.doc_field_length(n, "word") for n in range(12)] == [
        theirs.doc_field_length(n, "word") for n in range(12)
    ]
    ours.close()
    theirs.close()
