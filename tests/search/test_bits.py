"""Sets and sums as whole numbers, compared with the plain way of doing it."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kc.search import bits

SIZE = 70
IDS = st.sets(st.integers(0, SIZE - 1))


@given(IDS)
def test_a_set_comes_back(ids: set[int]) -> None:
    made = bits.from_ids(ids, SIZE)
    assert list(bits.to_ids(made)) == sorted(ids)
    assert made.bit_count() == len(ids)
    rows = bits.table(made, SIZE)
    assert {i for i in range(SIZE) if rows[i >> 3] >> (i & 7) & 1} == ids


@given(st.lists(st.tuples(IDS, st.integers(1, 40)), max_size=12), IDS, st.integers(-1, 120), st.integers(1, 20))
def test_sums_are_exact(added: list[tuple[set[int], int]], among: set[int], least: int, count: int) -> None:
    sums, plain = bits.Sums(SIZE), Counter(dict.fromkeys(range(SIZE), 0))
    for ids, weight in added:
        sums.add(bits.from_ids(ids, SIZE), weight)
        plain.update(dict.fromkeys(ids, weight))
    within = bits.from_ids(among, SIZE)
    assert [sums.of(i) for i in range(SIZE)] == [plain[i] for i in range(SIZE)]
    assert set(bits.to_ids(sums.at_least(least, within))) == {i for i in among if plain[i] >= least}
    assert sums.highest(within) == max((plain[i] for i in among), default=0)
    best = set(bits.to_ids(sums.best(count, within)))
    assert best <= among
    others = [plain[i] for i in among - best]
    if best and others:
        assert max(others) <= min(plain[i] for i in best)
    if sum(plain[i] > 0 for i in among) >= count:
        assert len(best) >= count
