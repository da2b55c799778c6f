"""A form that is sent twice is saved once."""

import hashlib
from typing import Any

from flask import g, request

from kc.services import communities


def key_of(form: Any) -> str:
    """What this sending is known by: the key the form was given out with, where it goes and who sends it.

    So another person who sends the same form (the Back button of a shared computer) saves their own, as does who sends
    it to another meeting.
    """
    given = form.form_key.data
    if not given:
        return communities.new_form_key()
    return hashlib.sha256(f"{given}|{request.path}|{g.employee.id}".encode(errors="replace")).hexdigest()
