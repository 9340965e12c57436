"""What is carried without a link and what is mine alone: bundles, codes, folders, space, over the installed wheel."""

import os
import pathlib
import unittest

import conformance
from conformance import luma_of, profile
from teilgeber import (
    AnimatedQrReceiver, AnimatedQrSender, Audience, BundleOf, CodeKind, CoreError, Device, Event, Field, MetAt,
    NewPost, Note, NoteFilter, Opened, PostFilter, SpaceKind, check_bundle, read_code,
)

CAMP = Event(name="Mill", first="2026-11-21", last="2026-11-22", time_zone="Europe/Berlin")
FRAMES_MAX = 4_000
"""The most bytes that are shown as codes here."""


class Mine(unittest.IsolatedAsyncioTestCase):
    """Ada and Bob are in one event, and no link ever joins their devices unless a test says so."""

    async def asyncSetUp(self):
        await conformance.Conformance.asyncSetUp(self)
        self.ada, self.bob = await self.device("ada"), await self.device("bob")
        await self.ada.set_profile(profile("Ada", Audience.EVENT))
        await self.bob.set_profile(profile("Bob", Audience.EVENT))
        self.event = await self.ada.create_event(CAMP)
        await self.bob.join(await self.ada.join_code(self.event, []))

    home, device = conformance.Conformance.home, conformance.Conformance.device

    def file(self, name):
        return str(pathlib.Path(self.folder) / name)

    async def said(self, device):
        return [found.post.text for found in await device.posts(self.event, PostFilter(), None, 999)]

    async def meet(self):
        async with await self.ada.serve("127.0.0.1:0", None) as server:
            await self.bob.sync_with(server.local_addr())

    async def test_a_file_brings_what_somebody_lacks_and_says_what_was_damaged(self):
        for number in range(400):
            await self.ada.write_post(self.event, NewPost(text=f"{number} {os.urandom(240).hex()}"))
        for of in (BundleOf.EVERYTHING(), BundleOf.EVENT(self.event)):
            written = await self.ada.write_bundle(of, self.file("camp"))
            self.assertEqual(written.bytes, os.path.getsize(self.file("camp")))
        self.assertTrue((await check_bundle(self.file("camp"))).whole)

        # The last third of the file is lost on the way.
        whole = pathlib.Path(self.file("camp")).read_bytes()
        pathlib.Path(self.file("cut")).write_bytes(whole[: len(whole) * 2 // 3])
        cut = await self.bob.read_bundle(self.file("cut"))
        self.assertEqual((cut.check.whole, cut.check.missing), (False, None))
        self.assertGreater(cut.check.damaged_parts + written.sections - cut.check.sections, 0)
        some = len(await self.said(self.bob))
        self.assertGreater(some, 0)
        self.assertLess(some, 400)
        report = await self.bob.read_bundle(self.file("camp"))
        [camp] = [space for space in report.spaces if space.space == self.event]
        self.assertEqual((camp.kind, camp.name), (SpaceKind.EVENT, "Mill"))
        self.assertGreater(camp.new, 0)
        self.assertGreater(camp.known, 0)
        self.assertEqual(len(await self.said(self.bob)), 400)

        stranger = await self.device("eve")
        self.assertTrue((await stranger.read_bundle(self.file("camp"))).is_for_others)
        with self.assertRaises(CoreError.NotABundle):
            await self.bob.read_bundle_bytes(b"no bundle")
        with self.assertRaises(CoreError.NotHere):
            await check_bundle(self.file("no such file"))
        for name in ("no such folder/camp", "ada"):  # The home is a folder.
            with self.assertRaises(CoreError.CannotWrite):
                await self.ada.write_bundle(BundleOf.EVERYTHING(), self.file(name))

    async def test_a_bundle_for_one_person_holds_only_what_they_lack(self):
        with self.assertRaises(CoreError.NothingInCommon):
            await self.ada.write_bundle(BundleOf.FOR((await self.bob.me()).person), self.file("for bob"))
        await self.bob.appear_in(self.event, True)
        await self.ada.write_post(self.event, NewPost(text="Before we met"))
        await self.meet()
        await self.ada.write_post(self.event, NewPost(text="Afterwards"))
        written = await self.ada.write_bundle(BundleOf.FOR((await self.bob.me()).person), self.file("for bob"))
        self.assertEqual(written.entries, 1)
        await self.bob.read_bundle(self.file("for bob"))
        self.assertEqual(sorted(await self.said(self.bob)), ["Afterwards", "Before we met"])

    async def test_codes_one_after_another_bring_a_post_when_every_radio_is_off(self):
        await self.ada.write_post(self.event, NewPost(text="The hall is closed, we meet outside"))
        small = await self.ada.small_bundle(self.event, FRAMES_MAX)
        self.assertLessEqual(len(small), FRAMES_MAX)
        sender, receiver, number = AnimatedQrSender(small), AnimatedQrReceiver(), 0
        while not receiver.progress().is_done:
            if number % 3:  # The camera misses each third.
                receiver.take_luma(*luma_of(sender.frame(number)))
            number += 1
        await self.bob.read_bundle_bytes(receiver.payload())
        self.assertEqual(await self.said(self.bob), ["The hall is closed, we meet outside"])
        with self.assertRaises(CoreError.NotHere):
            await self.ada.small_bundle(self.event, 10)

    async def test_everything_of_mine_moves_into_a_folder_and_to_a_new_device(self):
        await self.ada.create_note(Note(text="Ask about clocks"))
        folder = self.file("mine of ada")
        out = await self.ada.export_mine(folder, True)
        self.assertEqual((out.notes, out.events, out.keys, out.folder), (1, 1, True, folder))
        self.assertEqual(out.files, sum(len(files) for _, _, files in os.walk(folder)))
        with self.assertRaises(CoreError.Folder):
            await self.ada.export_mine(folder, True)
        with self.assertRaises(CoreError.Folder):
            await self.ada.import_mine(self.folder, False)

        async with await Device.open_as_in(self.home("new"), folder) as new:
            self.assertEqual(new.opened(), Opened.NEW())
            self.assertEqual((await new.me()).person, (await self.ada.me()).person)
            seen = await new.preview_import(folder, False)
            self.assertEqual((seen.notes.new_here, seen.events.new_here, seen.same_person), (1, 1, True))
            self.assertEqual(await new.notes(NoteFilter(), None, 9), [])
            self.assertEqual(await new.import_mine(folder, False), seen)
            [note] = await new.notes(NoteFilter(), None, 9)
            self.assertEqual(note.title, "Ask about clocks")
            self.assertIn(Field.NAME, seen.profile)
            self.assertEqual((await new.import_mine(folder, False)).notes.here, 1)

    async def test_what_takes_space_is_told_and_an_event_is_kept(self):
        before = await self.ada.usage()
        await self.ada.write_post(self.event, NewPost(text="x" * 500))
        after = await self.ada.usage()
        self.assertEqual([it.event for it in after.events], [self.event])
        self.assertGreater(after.events[0].words, before.events[0].words)
        cleared = await self.ada.clear_photos(None, True)
        self.assertEqual((cleared.photos, cleared.bytes, cleared.only_here), (0, 0, 0))
        await self.ada.keep_event(self.event, True)
        [record] = await self.ada.events()
        self.assertTrue(record.held.is_KEPT())
        await self.ada.keep_event(self.event, False)
        [record] = await self.ada.events()
        self.assertFalse(record.held.is_KEPT())
        self.assertEqual(await self.ada.fade(), [])
        await self.ada.check()
        rebuilt = await self.ada.rebuild()
        self.assertEqual(rebuilt.different, [])
        self.assertGreater(rebuilt.documents, 0)

    async def test_a_hub_carries_what_it_cannot_read(self):
        code = await self.ada.carry_code(self.event)
        self.assertEqual(read_code(code).kind, CodeKind.CARRY)
        with self.assertRaises(CoreError.OtherCode):
            await self.ada.carry(await self.ada.join_code(self.event, []))
        hub = await self.device("hub")
        self.assertEqual(await hub.carry(code), self.event)
        await self.ada.write_post(self.event, NewPost(text="Carried"))
        async with await hub.serve_as_hub("127.0.0.1:0", 4, None) as server:
            await self.ada.sync_with(server.local_addr())
            [carried] = await hub.carried()
            self.assertEqual(carried.event, self.event)
            self.assertGreater(carried.bytes, 0)
            self.assertEqual(await hub.events(), [])
            await self.bob.sync_with(server.local_addr())
        self.assertEqual(await self.said(self.bob), ["Carried"])

    async def test_who_is_removed_is_gone_and_stays_behind(self):
        person = await self.bob.scan((await self.ada.show_code([], self.event)).text, MetAt())
        await self.bob.answer(person)
        await self.meet()
        [met] = await self.ada.contacts()
        removed = await self.ada.remove_contact(met.contact.person)
        self.assertEqual((removed.told, removed.not_reached), ([], []))
        self.assertEqual(await self.ada.contacts(), [])
        with self.assertRaises(CoreError.NotHere):
            await self.ada.remove_contact(met.contact.person)


if __name__ == "__main__":
    unittest.main(verbosity=2)
