"""Our own database and cache when they are away, busy or full: what a page does without, and how that is told."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum

from django.conf import settings
from django.db import Error, InterfaceError, InternalError, OperationalError, connection

# Milliseconds that a write which can be done without waits for SQLite's other writer.
PATIENCE = 250

log = logging.getLogger(__name__)


class Trouble(Enum):
    BUSY = "busy"
    FULL = "full"
    AWAY = "away"
    CACHE = "cache"


def trouble(error: BaseException | None) -> Trouble | None:
    """What is the matter, where an error is no mistake of the code."""
    if type(error).__module__.partition(".")[0] == "redis":
        return Trouble.CACHE
    # PostgreSQL says that it cannot be written by an internal error.
    if not isinstance(error, OperationalError | InterfaceError | InternalError):
        return None
    text = str(error).lower()
    if "full" in text or "no space" in text:
        return Trouble.FULL
    if "locked" in text or "timeout" in text or "deadlock" in text or "too many" in text:
        return Trouble.BUSY
    return Trouble.AWAY


@contextmanager
def spare(what: str) -> Iterator[None]:
    """Around a write that a page which reads can do without: if it cannot be had soon, the log says so and the page
    goes on."""
    try:
        with hurried():
            yield
    except Exception as error:
        if not isinstance(error, Error) and trouble(error) is None:
            raise
        log.warning("%s could not be kept: %s", what, error)


@contextmanager
def hurried() -> Iterator[None]:
    """Inside, a write does not wait long for SQLite's other writer."""
    if connection.vendor != "sqlite":
        yield
        return
    _wait_at_most(PATIENCE)
    try:
        yield
    finally:
        _wait_at_most(int(settings.DATABASES["default"]["OPTIONS"]["timeout"] * 1000))


def _wait_at_most(milliseconds: int) -> None:
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
