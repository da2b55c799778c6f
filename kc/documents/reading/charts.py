"""What a chart says: its titles, and the names of its series and categories; not its numbers."""

from kc.documents.reading.drawn import text_of
from kc.documents.reading.packages import Package, events


def chart_text(package: Package, part: str) -> str:
    """Titles first, then names, each once."""
    names: list[str] = []
    strings, value = 0, False
    for event, name, _given in events(package, part):
        if name == "strCache" and event != "text":
            strings += 1 if event == "start" else -1
        elif event == "text" and value and strings:
            names.append(name)
        elif event != "text":
            value = name == "v" and event == "start"
    return "\n".join(filter(None, [text_of(package, part), *dict.fromkeys(names)]))
