"""What is made once and needed again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from weakref import WeakSet

_MOST = 40_000
"""Of all things kept in a process, some 30 MiB. An edition in use needs half of them; beyond, all is begun anew."""
_T = TypeVar("_T")


class Kept:
    """Things that are made once and then kept, as long as there is room for all. Safe to share between threads."""

    _everywhere: ClassVar[WeakSet[Kept]] = WeakSet()
    _made: ClassVar[int] = 0
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self.known: dict[object, Any] = {}
        with Kept._lock:
            Kept._everywhere.add(self)

    def once(self, key: object, make: Callable[[], _T]) -> _T:
        """What was made under this key; the key must tell everything that ``make`` depends on."""
        known = self.known.get(key)
        if known is None:
            known = make()
            with Kept._lock:
                if Kept._made >= _MOST:
                    for one in Kept._everywhere:
                        one.known.clear()
                    Kept._made = 0
                Kept._made += 1
                self.known[key] = known
        return known
