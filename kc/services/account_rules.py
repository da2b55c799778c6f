"""The organisation's rules for accounts, as its settings say; handed to the services that need them."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AccountRules:
    """What settings say about signing in. `secret` keys every hash of something short enough to be guessed."""

    secret: str = field(repr=False)
    activation: str = "code"  # code | national_id
    activation_days: int = 30
    reset_code_hours: int = 24
    password_min_length: int = 10
    tries: int = 8
    address_tries: int = 60
    lock_minutes: int = 15
    organisation: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "AccountRules":
        """The rules in an application's settings (`app.config`)."""
        return cls(
            secret=settings["SECRET_KEY"],
            activation=settings["KC_ACTIVATION"],
            activation_days=settings["KC_ACTIVATION_DAYS"],
            reset_code_hours=settings["KC_RESET_CODE_HOURS"],
            password_min_length=settings["KC_PASSWORD_MIN_LENGTH"],
            tries=settings["KC_SIGNIN_TRIES"],
            address_tries=settings["KC_SIGNIN_ADDRESS_TRIES"],
            lock_minutes=settings["KC_SIGNIN_LOCK_MINUTES"],
            organisation=tuple(filter(None, (settings["KC_ORG_NAME"], settings["KC_ORG_SHORT_NAME"]))),
        )

    @property
    def by_digits(self) -> bool:
        """May a first sign-in be by the last four digits of the national ID?"""
        return self.activation == "national_id"

    def keyed(self, purpose: str, text: str) -> str:
        """A hash nobody can search for without the server's secret, not even with the whole database in hand."""
        return hmac.new(self.secret.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
