"""Hashing passwords: in threads that give way to the event loop."""

import os
import sys
import threading

import pytest

from api.accounts.passwords import Passwords


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
async def test_hashing_threads_have_a_lower_priority_than_the_event_loop() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    passwords = Passwords(at_once=1)
    known = {thread.native_id for thread in threading.enumerate()}
    assert await passwords.verify(await passwords.hash("a kettle of turtles"), "a kettle of turtles")
    (thread,) = [thread for thread in threading.enumerate() if thread.native_id not in known]
    assert thread.native_id is not None
    assert os.getpriority(os.PRIO_PROCESS, thread.native_id) == before + 3
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
