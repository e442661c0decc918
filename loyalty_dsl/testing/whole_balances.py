"""When a whole balance is gone, of currencies whose lots expire together (SCEN-4)."""

from loyalty_dsl.calendar import add_duration
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst
from loyalty_dsl.language.program import Currency


def gone_together(currency: Currency, active: int | None, oldest: int | None) -> int | None:
    """The day from whose start the whole balance is gone if nothing else happens.

    Args:
        active: the day of the latest activity; `None` before any.
        oldest: the day on which the oldest lot was earned; `None` where nothing is held.

    Returns:
        `None` where lots have days of their own, or nothing is held.
    """
    if oldest is None:
        return None
    match currency.expiry:
        case AfterActivity(duration, _):
            return None if active is None else add_duration(active, duration)
        case AfterFirst(duration):
            return add_duration(oldest, duration)
        case _:
            return None
