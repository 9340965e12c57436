"""The conformance scenario, over the installed wheel: what every binding must do, told in Python."""

import asyncio
import gc
import os
import pathlib
import tempfile
import threading
import unittest

from teilgeber import (
    AnimatedQrReceiver, AnimatedQrSender, Audience, ChangeListener, Config, Device, CoreError, Event, Filter, Kind,
    LinksConfig, MetAt, Narrow, NativeLink, NewPost, Note, NoteFilter, Part, Placement, PostFilter, Profile, Session,
    Splice, TextUnit, news, qr_modules, qr_read_luma,
)

MTU = 185
"""The smallest that Bluetooth on an iPhone gives."""

START = 1_795_255_200_000


def profile(name, audience):
    me = Audience.ME
    return Profile(
        name=name, name_for=audience, hashtags_for=me, bio_for=me, links_for=me, photo_consent_for=me
    )


def picture_of(text):
    """A code as a camera sees it: four pixels for each module, and a margin."""
    code = qr_modules(text)
    return luma_of(code)


def luma_of(code, scale=4, margin=4):
    side = (code.side + 2 * margin) * scale
    luma = bytearray(b"\xff" * (side * side))
    for at, dark in enumerate(code.dark):
        if dark:
            x, y = (at % code.side + margin) * scale, (at // code.side + margin) * scale
            for row in range(y, y + scale):
                luma[row * side + x : row * side + x + scale] = bytes(scale)
    return side, side, side, bytes(luma)


class Wire(NativeLink):
    """One end of a radio in memory: what is sent here is received at the other end."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.longest, self.ended = 0, threading.Event()

    def send(self, chunk):
        self.longest = max(self.longest, len(chunk))
        self.loop.call_soon_threadsafe(self.chunks.put_nowait, chunk)

    def end(self):
        self.ended.set()

    async def carry(self, sender, receiver):
        """Gives a credit for each chunk that arrived."""
        sender.writable(4)
        while True:
            await receiver.received(await self.chunks.get())
            sender.writable(1)


async def until(holds):
    """Waits until something is so; the test's own time limit ends it."""
    while not await holds():
        await asyncio.sleep(0.02)


class Conformance(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        await self.enterAsyncContext(asyncio.timeout(90))

    def home(self, name):
        return Config(home=str(pathlib.Path(self.folder) / name))

    async def device(self, name):
        return await self.enterAsyncContext(await Device.open(self.home(name)))

    async def test_a_note_is_typed_and_found_and_is_there_after_a_restart(self):
        async with await Device.open(self.home("ada")) as ada:
            note = await ada.create_note(Note(text="Merging 🦊", tags=["crdt"]))
            await ada.splice_note(note, TextUnit.SCALARS, [Splice(at=9, delete=0, insert=" offline")])
            await ada.splice_note(note, TextUnit.UTF16, [Splice(at=0, delete=7, insert="Talking")])
        async with await Device.open(self.home("ada")) as ada:
            self.assertTrue(ada.opened().is_EXISTING())
            self.assertEqual(await ada.note_text(note), "Talking 🦊 offline")
            [headline] = await ada.notes(NoteFilter(tag="crdt"), None, 10)
            self.assertEqual(headline.id, note)
            [hit] = await ada.search("offl", Narrow(), 10)
            self.assertEqual((hit.kind, hit.id), (Kind.NOTE, note))
            places = await ada.places(Kind.NOTE, note)
            self.assertEqual((places.devices, places.others), (0, False))

    async def test_errors_are_codes_and_leave_all_as_it_was(self):
        ada = await self.device("ada")
        with self.assertRaises(CoreError.OtherProgramHasIt):
            await Device.open(self.home("ada"))
        with self.assertRaises(CoreError.Invalid):
            await ada.note("no id")
        with self.assertRaises(CoreError.NotHere):
            await ada.note("00" * 32)
        with self.assertRaises(CoreError.ScanAgain):
            await ada.join("no code")
        with self.assertRaises(CoreError.ShowName):
            await ada.show_code([], None)
        with self.assertRaises(CoreError.CheckAddress):
            await ada.sync_with("127.0.0.1:1")
        note = await ada.create_note(Note(text="short"))
        with self.assertRaises(CoreError.ReadAgain):
            await ada.splice_note(note, TextUnit.SCALARS, [Splice(at=9, delete=0, insert="!")])
        self.assertEqual(await ada.note_text(note), "short")
        await ada.shut()
        with self.assertRaises(CoreError.Shut):
            await ada.me()

    async def test_two_devices_swap_by_a_picture_and_sync_over_a_lent_stream(self):
        ada, bob = await self.device("ada"), await self.device("bob")
        await ada.set_profile(profile("Ada", Audience.EVENT))
        await bob.set_profile(profile("Bob", Audience.CONTACTS))
        camp = Event(name="Mill", first="2026-11-21", last="2026-11-22", time_zone="Europe/Berlin")
        event = await ada.create_event(camp)
        await ada.appear_in(event, True)
        session = await ada.pitch_session(event, Session(title="Offline first"))
        await ada.place_session(session, Placement(room="Barn", start=START, minutes=45))
        await ada.splice_pad(session, TextUnit.SCALARS, [Splice(at=0, delete=0, insert="Hello")])
        await ada.write_post(event, NewPost(text="The coffee is ready"))

        # Offline: bob joins by a code and scans ada's from a picture before anything has passed.
        [code] = qr_read_luma(*picture_of(await ada.join_code(event, [])))
        self.assertEqual((await bob.join(code)).name, "Mill")
        [code] = qr_read_luma(*picture_of((await ada.show_code([], event)).text))
        person = await bob.scan(code, MetAt(place="at the stairs"))
        await bob.answer(person)
        self.assertFalse((await bob.contact(person)).contact.confirmed)

        async with await ada.keep_links(LinksConfig()) as here, await bob.keep_links(LinksConfig()) as there:
            out, back = Wire(), Wire()
            at_ada = here.link_opened(out, True, MTU)
            at_bob = there.link_opened(back, False, MTU)
            carrying = [
                asyncio.create_task(out.carry(at_ada, at_bob)),
                asyncio.create_task(back.carry(at_bob, at_ada)),
            ]

            async def swapped():
                met = [record.contact.name for record in await ada.contacts()]
                return met == ["Bob"] and len(await bob.posts(event, PostFilter(), None, 9)) == 1

            await until(swapped)
            [item] = await bob.board(event, Part())
            self.assertEqual((item.session.session.title, item.placement.room), ("Offline first", "Barn"))
            self.assertEqual([at.session.id for at in (await bob.now_next(event, START)).now], [session])
            self.assertEqual((await bob.pad(session)).text, "Hello")
            self.assertEqual([who.card.name for who in (await bob.participants(event, None, 9)).people()], ["Ada"])

            # What is written now passes over the link that stays, with news of it.
            async with news(bob, Filter(kinds=[Kind.POST])) as changes:
                await ada.write_post(event, NewPost(text="And there is cake"))
                self.assertEqual([change.kind for change in (await anext(changes)).changes], [Kind.POST])
            self.assertLessEqual(max(out.longest, back.longest), MTU)
            self.assertEqual(here.standing().links[0].rung.name, "RADIO")
            for task in carrying:
                task.cancel()

    async def test_strange_bytes_end_the_link_and_nothing_else(self):
        ada = await self.device("ada")
        async with await ada.keep_links(LinksConfig()) as links:
            wire = Wire()
            handle = links.link_opened(wire, False, MTU)
            handle.writable(100)
            with self.assertRaises(CoreError.Shut):
                while True:
                    await handle.received(os.urandom(4096))
            await ada.create_note(Note(text="still here"))
            self.assertTrue(await asyncio.to_thread(wire.ended.wait, 20))

    async def test_observing_ends_and_thousands_of_observers_take_no_threads(self):
        ada = await self.device("ada")
        await ada.create_note(Note(text="before"))
        threads = len(os.listdir("/proc/self/task"))

        class Counts(ChangeListener):
            def __init__(self):
                self.told = threading.Semaphore(0)

            def changed(self, news):
                self.told.release()

        listener = Counts()
        many = [ada.observe(Filter(kinds=[Kind.EVENT]), listener) for _ in range(10_000)]
        self.assertLess(len(os.listdir("/proc/self/task")), threads + 8)
        for one in many:
            one.end()
        del many
        with ada.observe(Filter(), listener):
            await ada.create_note(Note(text="told"))
            self.assertTrue(await asyncio.to_thread(listener.told.acquire, timeout=20))
        await ada.create_note(Note(text="not told"))
        await asyncio.sleep(0.2)
        self.assertFalse(listener.told.acquire(blocking=False))

    async def test_a_listener_that_throws_harms_nothing_and_one_that_is_dropped_is_told_nothing(self):
        ada = await self.device("ada")

        class Throws(ChangeListener):
            def __init__(self):
                self.told = threading.Semaphore(0)

            def changed(self, news):
                self.told.release()
                raise RuntimeError("the app's own mistake")

        listener = Throws()
        subscription = ada.observe(Filter(), listener)
        for text in ("one", "two"):
            await ada.create_note(Note(text=text))
            self.assertTrue(await asyncio.to_thread(listener.told.acquire, timeout=20))
        del subscription
        gc.collect()
        await ada.create_note(Note(text="three"))
        await asyncio.sleep(0.2)
        self.assertFalse(listener.told.acquire(blocking=False))

    async def test_what_is_cancelled_leaves_nothing_running(self):
        ada = await self.device("ada")
        silent = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
        address = "{}:{}".format(*silent.sockets[0].getsockname())
        syncing = asyncio.create_task(ada.sync_with(address))
        await asyncio.sleep(0.2)
        syncing.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await syncing
        writing = asyncio.create_task(ada.create_note(Note(text="written all the same")))
        await asyncio.sleep(0)
        writing.cancel()
        silent.close()
        # Nothing holds the home any more: it can be opened again at once.
        await ada.shut()

        async def opens():
            try:
                async with await Device.open(self.home("ada")):
                    return True
            except CoreError.OtherProgramHasIt:
                return False

        await until(opens)

    async def test_a_thousand_devices_opened_and_shut_leak_no_threads_or_files(self):
        async with await Device.open(self.home("ada")):
            pass
        gc.collect()
        threads, files = len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))
        for _ in range(1_000):
            async with await Device.open(self.home("ada")):
                pass
        self.assertLess(len(os.listdir("/proc/self/task")), threads + 8)
        self.assertLess(len(os.listdir("/proc/self/fd")), files + 8)

    async def test_bytes_pass_by_codes_that_follow_one_another(self):
        payload = os.urandom(1500)
        sender, receiver = AnimatedQrSender(payload), AnimatedQrReceiver()
        number = 0
        while not receiver.progress().is_done:
            if number != 1:  # One that the camera missed.
                receiver.take_luma(*luma_of(sender.frame(number)))
            number += 1
        self.assertEqual(receiver.payload(), payload)


if __name__ == "__main__":
    unittest.main(verbosity=2)
