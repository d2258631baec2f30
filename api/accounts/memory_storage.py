"""Counters of the throttle in this process: so many at most, and as fast with many as with few."""

import time
from collections import OrderedDict

from limits.aio.storage import Storage

MOST_KEYS = 100_000


class _Window:
    __slots__ = ("count", "ends")

    def __init__(self, ends: float) -> None:
        self.count = 0
        self.ends = ends


class BoundedMemoryStorage(Storage):
    """Fixed windows, in the order in which they end: those of one length end as they began, so that order is kept.

    The storage that `limits` has looks through all keys at each hit, and keeps as many as come. Here, each hit first
    drops the windows that are over, each once; when there are too many of one length, the oldest is dropped.
    """

    STORAGE_SCHEME = None

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        super().__init__(None)
        self._most_keys = most_keys
        self._by_length: dict[int, OrderedDict[str, _Window]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._by_length.values()))

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return ()

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        windows = self._by_length.setdefault(expiry, OrderedDict())
        while windows and next(iter(windows.values())).ends <= now:
            windows.popitem(last=False)
        window = windows.get(key)
        if window is None or window.ends <= now:  # the clock may have been set back
            windows.pop(key, None)
            if len(windows) >= self._most_keys:
                windows.popitem(last=False)
            window = windows[key] = _Window(now + expiry)
        window.count += amount
        return window.count

    async def get(self, key: str) -> int:
        window = self._living(key)
        return 0 if window is None else window.count

    async def get_expiry(self, key: str) -> float:
        window = self._living(key)
        return time.time() if window is None else window.ends

    async def check(self) -> bool:
        return True

    async def reset(self) -> int | None:
        count = len(self)
        self._by_length.clear()
        return count

    async def clear(self, key: str) -> None:
        for windows in self._by_length.values():
            windows.pop(key, None)

    def _living(self, key: str) -> _Window | None:
        now = time.time()
        found = (windows.get(key) for windows in self._by_length.values())
        return next((window for window in found if window is not None and window.ends > now), None)
