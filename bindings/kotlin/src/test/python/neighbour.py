"""The other end of a lent link, in Python: `neighbour.py HOME CODE`.

Joins the event of the code, lends its standard streams as a link, answers the first post that comes over it, and ends
when the link does. Chunks on the streams follow their length in two bytes.
"""

import asyncio
import sys

from teilgeber import Config, Device, Filter, Kind, LinksConfig, NativeLink, NewPost, PostFilter, news

MTU = 185


class Streams(NativeLink):
    """A link over the standard streams of this process."""

    def send(self, chunk):
        sys.stdout.buffer.write(len(chunk).to_bytes(2, "big") + chunk)
        sys.stdout.buffer.flush()
        self.handle.writable(1)

    def end(self):
        sys.stdout.buffer.close()


def chunks():
    """What comes in, until it ends."""
    while len(length := sys.stdin.buffer.read(2)) == 2:
        yield sys.stdin.buffer.read(int.from_bytes(length, "big"))


async def receive(handle):
    incoming = chunks()
    while chunk := await asyncio.to_thread(next, incoming, None):
        await handle.received(chunk)


async def answer(device, event):
    async with news(device, Filter(kinds=[Kind.POST])) as changes:
        while not (posts := await device.posts(event, PostFilter(), None, 9)):
            await anext(changes)
        await device.write_post(event, NewPost(text=f"Python read: {posts[0].post.text}"))


async def main(home, code):
    async with await Device.open(Config(home=home)) as device:
        event = (await device.join(code)).event
        async with await device.keep_links(LinksConfig()) as links:
            streams = Streams()
            streams.handle = links.link_opened(streams, False, MTU)
            streams.handle.writable(4)
            async with asyncio.TaskGroup() as both:
                both.create_task(answer(device, event))
                both.create_task(receive(streams.handle))


asyncio.run(main(*sys.argv[1:]))
