"""Questions that have an answer: each is made from one known article of the first thousand, at every size the same."""

import random
import re
from dataclasses import dataclass, field
from typing import Any

from benchmarks import documents

KNOWN = 1_000  # questions are about so many of the first articles, so a larger collection only adds what is not meant
SHORTEST, LONGEST = 60, 140
ASKING = ("อยากทราบว่า{}ทำอย่างไร", "{} มีวิธีอย่างไรบ้าง", "ใครเคยทำเรื่อง{}", "{}")


@dataclass(frozen=True)
class Asked:
    """What is typed, the article it was made from, and the words that an answer must have."""

    text: str
    expected: str
    title_words: tuple[str, ...] = ()
    text_words: tuple[str, ...] = ()

    def is_answered_by(self, article: dict[str, Any]) -> bool:
        """The article meant, or another that is as good: its title has the title's words, its text the others."""
        if article["id"] == self.expected:
            return True
        everything = f"{article['title']}\n{documents.text_of(article)}"
        words_there = all(word in article["title"] for word in self.title_words)
        return bool(self.title_words) and words_there and all(word in everything for word in self.text_words)


@dataclass
class Sets:
    """Questions of one size; the library's articles by name, to judge an answer."""

    keyword: list[Asked]
    misspelt: list[Asked]
    long: list[Asked]
    articles: dict[str, dict[str, Any]] = field(repr=False)


def sets(number: int, made: list[dict[str, Any]]) -> Sets:
    """`number` questions of each kind."""
    known, chance = made[:KNOWN], random.Random(documents.SEED + 3)
    keyword, misspelt, long = [], [], []
    for n in range(number):
        article = chance.choice(known)
        keyword.append(_keyword(article, n, chance))
        misspelt.append(_with_a_slip(chance.choice(known), n, chance))
        long.append(_long(chance.choice(known), chance))
    return Sets(keyword, misspelt, long, {article["id"]: article for article in made})


def content_words(text: str) -> list[str]:
    """Thai words that mean something, as a dictionary cuts them; none under four letters."""
    from pythainlp.corpus.common import thai_stopwords
    from pythainlp.tokenize import word_tokenize

    words = [word.strip() for word in word_tokenize(text, engine="newmm", keep_whitespace=False)]
    fit = (word for word in words if len(word) >= 4 and re.fullmatch(r"[ก-ฮะ-ูเ-์]+", word))
    return list(dict.fromkeys(word for word in fit if word not in thai_stopwords()))


def _parts(article: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    """The place in its title, the words of its title, and those of its text."""
    subject, _, place = article["title"].rpartition(" ")
    return place, content_words(subject) or [place], content_words(article["method"])


def _keyword(article: dict[str, Any], n: int, chance: random.Random) -> Asked:
    """One to three words, two of three times with the article's place among them, run together every other time."""
    place, in_title, in_text = _parts(article)
    count = n % 3 + 1
    title_words = [place] if chance.random() < 2 / 3 else [chance.choice(in_title)]
    text_words: list[str] = []
    while len(title_words) + len(text_words) < count:
        at_hand = [word for word in in_title if word not in title_words]
        if at_hand and not text_words and chance.random() < 0.6:
            title_words.append(chance.choice(at_hand))
        else:
            text_words.append(chance.choice(in_text))
    typed = [*title_words, *text_words]
    chance.shuffle(typed)
    return Asked(("" if n % 2 else " ").join(typed), article["id"], tuple(title_words), tuple(text_words))


def _with_a_slip(article: dict[str, Any], n: int, chance: random.Random) -> Asked:
    """A word of its title typed with one slip; every other time the place after it."""
    place, in_title, _ = _parts(article)
    word = chance.choice([word for word in in_title if len(word) >= 5] or in_title)
    typed = word
    while typed == word:
        typed = documents._misspelt(word, chance)
    if n % 2:
        return Asked(f"{typed} {place}", article["id"], (word, place))
    return Asked(typed, article["id"], (word,))


def _long(article: dict[str, Any], chance: random.Random) -> Asked:
    """60 to 140 letters: what one remembers of the title and of one sentence, asked as a person asks."""
    sentence = chance.choice([c for c in documents._clauses(article["method"]) if len(c) >= 20] or [article["method"]])
    said = f"{article['title']} {sentence}"
    asking = chance.choice(ASKING)
    room = LONGEST - len(asking) + 2
    if len(said) > room:
        said = said[:room].rpartition(" ")[0] or said[:room]
    while len(said) < SHORTEST:
        said = f"{said} {chance.choice(list(documents._clauses(article['results'])) or [said])}"[:room]
    return Asked(asking.format(said), article["id"])
