"""Teilgeber for Python: `async with await Device.open(Config(home)) as device`.

All of the generated module is here, with what Python expects beside it: devices, links and servers are asynchronous
context managers, subscriptions are context managers, and `news` is an asynchronous iterator of what changes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from . import _core
from ._core import *  # noqa: F403: the whole surface, which the generated module lists itself
from ._core import ChangeListener, Device, Filter, Links, News, Server, Subscription

__all__ = [*_core.__all__, "news"]


async def _enter(self):
    return self


async def _shut(self, *_error):
    await self.shut()


async def _stop(self, *_error):
    await self.stop()


Device.__aenter__, Device.__aexit__ = _enter, _shut
Links.__aenter__, Links.__aexit__ = _enter, _stop
Server.__aenter__, Server.__aexit__ = _enter, _stop
Subscription.__enter__ = lambda self: self
Subscription.__exit__ = lambda self, *_error: self.end()


class _Hands(ChangeListener):
    """Hands news from a thread of the core to the loop of whoever waits."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.queue = asyncio.Queue()

    def changed(self, news: News) -> None:
        self.loop.call_soon_threadsafe(self.queue.put_nowait, news)


@asynccontextmanager
async def news(device: Device, filter: Filter | None = None) -> AsyncIterator[AsyncIterator[News]]:
    """What changes, as long as the block lasts: `async with news(device) as changes: async for change in changes`."""
    hands = _Hands()

    async def changes():
        while True:
            yield await hands.queue.get()

    with device.observe(filter or Filter(), hands):
        yield changes()
