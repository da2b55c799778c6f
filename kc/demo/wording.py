"""What the knowledge officer taught the search (data/words.toml), and the ready sets the bank began with."""

import tomllib
from collections.abc import Iterator
from datetime import date

from kc.demo.source import DATA
from kc.demo.story import Step, Story, at
from kc.services import language, language_presets

TAUGHT_ON = date(2026, 6, 8)


def steps(story: Story) -> Iterator[Step]:
    """One morning with the list of words."""
    yield Step(at(TAUGHT_ON, 10), lambda: teach(story))


def teach(story: Story) -> None:
    with (DATA / "words.toml").open("rb") as file:
        words = tomllib.load(file)
    officer = story.player("knowledge_officer")
    language_presets.seed("bank")  # here already, unless the demo was loaded without `kc init`
    for row in words["groups"]:
        group = language.create_group(officer, row["terms"], row["kind"], row["note"])
        if not row.get("active", True):
            language.switch_group(officer, group, False)
    for row in words["words"]:
        language.add_words(officer, row["texts"], row["source"])
