"""The ready sets: sound, added once, never against what people decided since."""

import pytest

from kc.models import AuditEntry, SynonymGroup
from kc.models.language import GROUP_KINDS
from kc.search import language as known
from kc.search import wording
from kc.services import language, language_presets
from tests.conftest import run_command


@pytest.mark.parametrize("name", language_presets.PRESETS)
def test_every_group_would_be_accepted_from_a_person(name):
    for group in language_presets.ready(name):
        assert language.clean_terms(group.words.values()) == group.words
        assert group.kind in GROUP_KINDS


@pytest.mark.parametrize("name", language_presets.PRESETS)
def test_no_word_was_lost_to_another_with_the_same_key(name):
    """`words` is by key: two that search takes for one would silently be one."""
    import tomllib

    read = tomllib.loads((language_presets.FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    assert set(read) <= set(GROUP_KINDS)
    written = [terms for kind in GROUP_KINDS for terms in read.get(kind, [])]
    assert [len(group.words) for group in language_presets.ready(name)] == [len(terms) for terms in written]


@pytest.mark.parametrize("name", language_presets.PRESETS[1:])
def test_no_word_stands_in_two_groups(name):
    groups = [*language_presets.ready("common"), *language_presets.ready(name)]
    words = [word for group in groups for word in group.words]
    assert sorted(words) == sorted(set(words))
    assert len({group.key for group in groups}) == len(groups)


@pytest.mark.parametrize("name", language_presets.PRESETS)
def test_there_is_enough_of_it(name):
    assert len(language_presets.ready(name)) >= 40


def test_an_organisation_begins_with_its_words(app):
    added = language_presets.seed("bank")
    assert added == SynonymGroup.select().count() == sum(map(len, map(language_presets.ready, ("common", "bank"))))
    assert "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร" in known.current().alike["ธกส"]
    assert AuditEntry.select().where(AuditEntry.action == "language.preset_added").count() == 2
    assert language_presets.seed("bank") == 0


def test_what_people_decided_stands(app, cast):
    language_presets.seed("bank")
    groups = {group.preset_key: group for group in SynonymGroup.select()}
    language.delete_group(cast.officer, groups["common:km"])
    language.switch_group(cast.officer, groups["common:cop"], False)
    language.change_group(cast.officer, groups["bank:npl"], 1, ["NPL", "NPLs"], "abbreviation", "")
    assert language_presets.seed("bank") == 0
    alike = known.current().alike
    assert "km" not in alike and "cop" not in alike and alike["npl"] == ("NPLs",)


def test_a_group_that_would_take_a_word_is_left_out(app, cast):
    language.create_group(cast.officer, ["โรงพยาบาล", "สถานพยาบาล"], "synonym")
    added, left_out = language_presets.add(cast.officer, "hospital")
    assert left_out == 1
    assert added == len(language_presets.ready("hospital")) - 1
    standing = {one.name: one for one in language_presets.standing()}["hospital"]
    assert (standing.here, standing.deleted, standing.missing) == (added, 0, 1)


def test_all_of_them_together(app, cast):
    for name in language_presets.PRESETS:
        language_presets.add(cast.officer, name)
    terms = [term for group in known.current().groups for term in group]
    assert len({wording.key(term) for term in terms}) == len(terms)


@pytest.mark.parametrize(("preset", "word"), [("bank", "ธกส"), ("hospital", "รพสต"), ("government", "อบต")])
def test_kc_init_brings_the_words_of_its_kind_of_organisation(app, settings, preset, word):
    environment = settings | {"KC_ORG_PRESET": preset}
    assert run_command("init", env=environment).exit_code == 0
    known.changed()
    assert {word, "km"} <= set(known.current().alike)
    before = SynonymGroup.select().count()
    assert run_command("init", env=environment).exit_code == 0
    assert SynonymGroup.select().count() == before
