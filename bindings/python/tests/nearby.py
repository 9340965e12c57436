"""Links, hosts and hubs over real sockets: what the scenario of every binding leaves out."""

import asyncio
import unittest

import conformance
from conformance import picture_of, until
from teilgeber import (
    CodeKind, CoreError, Event, Listen, Links, LinksConfig, NewPost, PostFilter, Rung, Situation, Stay,
    SyncListener, SyncProgressListener, Wifi, qr_read_luma, read_code, read_host_code, read_wifi_code, wifi_code,
)

HERE = "127.0.0.1"
CAMP = Event(name="Mill", first="2026-11-21", last="2026-11-22", time_zone="Europe/Berlin")


class Nearby(unittest.IsolatedAsyncioTestCase):
    asyncSetUp = conformance.Conformance.asyncSetUp
    home, device = conformance.Conformance.home, conformance.Conformance.device

    async def camp(self, *names):
        """Devices in one event; nothing has passed between them yet."""
        first, *others = [await self.device(name) for name in names]
        event = await first.create_event(CAMP)
        code = await first.join_code(event, [])
        for other in others:
            await other.join(code)
        return event, first, *others

    async def test_a_host_is_dialled_by_its_code_and_both_say_where_they_stand(self):
        event, ada, bob = await self.camp("ada", "bob")
        await ada.write_post(event, NewPost(text="The coffee is ready"))
        here = await self.enterAsyncContext(await ada.keep_links(LinksConfig(listen=Listen.AT(f"{HERE}:0"))))
        there = await self.enterAsyncContext(await bob.keep_links(LinksConfig()))
        with self.assertRaises(CoreError.OtherAddress):
            there.host_code([HERE], None)
        with self.assertRaises(CoreError.Invalid):
            there.add_host([], Rung.INTERNET)

        hotspot = Wifi(name="Mill 1", password="between us")
        shown = here.host_code(["192.168.43.1"], hotspot)
        [text] = qr_read_luma(*picture_of(shown.text))
        code = read_host_code(text)
        self.assertEqual((code.wifi, code.addresses), (hotspot, shown.addresses))
        with self.assertRaises(CoreError.UpdateApp):
            read_code(text)
        self.assertEqual(read_code(await ada.join_code(event, [])).kind, CodeKind.JOIN)
        [camera] = qr_read_luma(*picture_of(wifi_code(hotspot)))
        self.assertEqual(camera, "WIFI:T:WPA;S:Mill 1;P:between us;;")
        self.assertEqual(read_wifi_code(camera), hotspot)

        host = there.add_host([here.standing().address], Rung.NETWORK)

        async def same():
            return there.standing().situation == Situation.SAME and len(await bob.posts(event, PostFilter(), None, 9))

        await until(same)
        [link] = there.standing().links
        self.assertEqual((link.rung, link.same), (Rung.NETWORK, True))
        there.give_up(host)
        here.pause()

        async def paused():
            return here.standing().situation == Situation.PAUSED and here.standing().address is None

        await until(paused)
        there.spare(True, 1_000_000)
        there.network_changed()
        here.resume()
        there.found(here.tag(), [await listening(here)])
        here.found(there.tag(), [])
        await until(same)
        there.lost(here.tag())

    async def test_a_hub_is_known_again_and_tells_what_each_link_brought(self):
        event, ada, bob = await self.camp("ada", "bob")
        for number in range(30):
            await ada.write_post(event, NewPost(text=f"Word {number}"))
        told = Told()
        async with await ada.serve_as_hub(f"{HERE}:0", 8, told) as hub:
            first = hub.host_code(["192.168.1.5"]).host
            heard = Heard()
            report = await bob.sync_telling(hub.local_addr(), Stay.UNTIL_SAME, heard)
            self.assertEqual(heard.last[event].received, sum(space.received for space in report.spaces))
            self.assertEqual(len(await bob.posts(event, PostFilter(), None, 99)), 30)
            self.assertIn(event, [space.space for space in (await told.next()).spaces])
            stranger = await self.device("eve")
            with self.assertRaises(CoreError.NothingInCommon):
                await stranger.sync_with(hub.local_addr())
            self.assertIsInstance(await told.next(), str)
        with self.assertRaises(CoreError.Shut):
            hub.links()
        async with await ada.serve_as_hub(f"{HERE}:0", 8, None) as hub:
            self.assertEqual(hub.host_code(["192.168.1.5"]).host, first)
        async with await ada.serve(f"{HERE}:0", None) as server:
            self.assertEqual(server.links(), 0)
            with self.assertRaises(CoreError.OtherAddress):
                server.host_code([HERE])


async def listening(links: Links) -> str:
    async def there():
        return links.standing().address

    await until(there)
    return links.standing().address


class Heard(SyncProgressListener):
    """Remembers how far it was at last, and throws, which harms nothing."""

    def __init__(self):
        self.last = {}

    def progress(self, spaces):
        self.last.update({now.space: now for now in spaces})
        raise RuntimeError("the app's own mistake")


class Told(SyncListener):
    def __init__(self):
        self.loop, self.queue = asyncio.get_running_loop(), asyncio.Queue()

    def ended(self, report):
        self.loop.call_soon_threadsafe(self.queue.put_nowait, report)

    def failed(self, why):
        self.loop.call_soon_threadsafe(self.queue.put_nowait, why)

    async def next(self):
        return await self.queue.get()


if __name__ == "__main__":
    unittest.main(verbosity=2)
