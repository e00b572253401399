"""What is made once and needed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_MOST = 1_000
_T = TypeVar("_T")


class Kept:
    """Things that are made once and then kept, as far as there is room. Safe to share between threads."""

    def __init__(self) -> None:
        self.known: dict[object, Any] = {}

    def once(self, key: object, make: Callable[[], _T]) -> _T:
        """What was made under this key; the key must tell everything that ``make`` depends on."""
        known = self.known.get(key)
        if known is None:
            if len(self.known) >= _MOST:
                self.known.clear()
            known = self.known[key] = make()
        return known
