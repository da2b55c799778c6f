"""Text out of files, page by page, in a child process that may die instead of us. Pure: no database, no web.

``read(file, media_type)`` answers with a ``Reading`` whatever the file does; ``kc.documents.sniffing`` says what it is.
"""

from kc.documents.reading.model import DEFAULT, REASONS, Limits, Page, Reading
from kc.documents.reading.running import read

__all__ = ["DEFAULT", "REASONS", "Limits", "Page", "Reading", "read"]
