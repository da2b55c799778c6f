"""Filled exchange forms from before the system, read back into their fields (D11, S0-162..172). Pure: no database.

``read(file, kind)`` answers with ``Found`` whatever the file does to its reader, which is a process of its own.
"""

from kc.documents.old_forms.model import PARTS, Found, FoundPicture, OldForm
from kc.documents.old_forms.reading import KINDS, read

__all__ = ["KINDS", "PARTS", "Found", "FoundPicture", "OldForm", "read"]
