"""The thread that reminds people and sends e-mail in the background: one in a process."""

from kc.services import mail, notice_mail, reminders
from kc.services.background import Background


class Postman(Background):
    """Makes the day's rounds, gathers notices into messages, and sends what waits, until it is stopped."""

    name = "post"

    def __init__(self, sends: bool) -> None:
        super().__init__()
        self._sends = sends

    def turn(self) -> None:
        self.once(reminders.now_and_then)
        if self._sends:
            self.once(notice_mail.now_and_then)
            self.all_of(mail.send_waiting)


_postman: Postman | None = None


def start(*, sends: bool) -> None:
    """Remind in this process from now on, and send when `sends`."""
    global _postman
    stop()
    _postman = Postman(sends)
    mail.when_queued(_postman.wake if sends else None)
    _postman.ensure_running()


def stop() -> None:
    """Do neither any more in this process."""
    global _postman
    mail.when_queued(None)
    if _postman is not None:
        _postman.stop()
        _postman = None
