"""Each thing of an event, said by one person and read by another, over the installed wheel: what is crossed on the
way shows here. Who writes another binding finds each call used once."""

import asyncio
import datetime
import pathlib
import struct
import tempfile
import unittest
import zlib

from teilgeber import (
    About, Anchor, Audience, Authorship, CodeKind, Config, CoreError, Device, Emergence, Event, Experience,
    Feedback, FeedbackAnswer, Format, Holds, Interest, Kind, Level, LinksConfig, Listen, Loan, Lock, MediaType,
    MetAt, NewPost, Note, NoteFilter, Offer, OfferFilter, OfferKind, Offering, Part, ParticipantFilter, Placement,
    PostFilter, Profile, Promise, Question, Quiet, Reach, SeatState, Session, Splice, Stance, TextUnit, Way, Whose,
    read_code,
)

TODAY = datetime.datetime.now(datetime.UTC).replace(hour=9, minute=0, second=0, microsecond=0)

DAY = TODAY + datetime.timedelta(days=7)
"""The first morning of the event: what is past cannot be asked for."""

FIRST, LAST = str(DAY.date()), str(DAY.date() + datetime.timedelta(days=1))

START = int(DAY.timestamp()) * 1000

HOUR = 3_600_000


def png(side, grey):
    """A square picture of one grey."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([grey]) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def schedule(hour):
    """What a planning program publishes: one talk, at that hour."""
    return f"""<schedule><conference><title>Sister</title><start>{FIRST}</start><end>{FIRST}</end>
      <time_zone_name>UTC</time_zone_name></conference>
      <day index="1" date="{FIRST}"><room name="Barn"><event id="1" guid="3f4a3ac6-7d0b-5a57-9c0b-0d1d4a8a1111">
        <date>{FIRST}T{hour}:00:00+00:00</date><start>{hour}:00</start><duration>00:30</duration>
        <room>Barn</room><title>Bread</title></event></room></day></schedule>""".encode()


class Nouns(unittest.IsolatedAsyncioTestCase):
    """Ada organises an event, Bob is there. Each test begins with both knowing the same."""

    async def asyncSetUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        await self.enterAsyncContext(asyncio.timeout(60))
        self.ada, self.bob = await self.device("ada"), await self.device("bob")
        await self.call(self.ada, "Ada")
        await self.call(self.bob, "Bob")
        self.event = await self.ada.create_event(
            Event(name="Mill", first=FIRST, last=LAST, time_zone="Europe/Berlin")
        )
        await self.bob.join(await self.ada.join_code(self.event, []))
        for device in (self.ada, self.bob):
            await device.appear_in(self.event, True)
        links = await self.enterAsyncContext(await self.ada.keep_links(LinksConfig(listen=Listen.AT("127.0.0.1:0"))))
        self.address = links.standing().address
        await self.sync()

    async def device(self, name):
        return await self.enterAsyncContext(await Device.open(Config(home=str(pathlib.Path(self.folder) / name))))

    async def call(self, device, name):
        event, me = Audience.EVENT, Audience.ME
        tag = Interest(tag=name.lower() + "s", level=Level.EXPERT)
        await device.set_profile(
            Profile(
                name=name, name_for=event, hashtags=[tag], hashtags_for=event, bio_for=me, links_for=me,
                photo_consent_for=me,
            )
        )

    async def sync(self):
        await self.bob.sync_with(self.address)

    async def swap(self):
        """Bob has Ada as a contact, and she him."""
        ada = await self.bob.scan((await self.ada.show_code([], self.event)).text, MetAt(event=self.event))
        await self.bob.answer(ada)
        await self.sync()
        return ada

    async def person(self, device):
        return (await device.me()).person

    async def placed(self, title, room, start=START):
        session = await self.ada.pitch_session(self.event, Session(title=title))
        await self.ada.place_session(session, Placement(room=room, start=start, minutes=45))
        return session

    async def test_topics_are_offered_wanted_and_taken_back(self):
        await self.ada.offer_topic(self.event, "Sourdough", Experience.MUCH)
        await self.ada.want_topic(self.event, "Beekeeping", Experience.NEW)
        await self.sync()
        await self.bob.want_topic(self.event, "sourdough")
        bees, bread = await self.bob.topics(self.event)
        [ada] = bread.offered_by
        self.assertEqual((ada.person, ada.name, ada.level), (await self.person(self.ada), "Ada", Experience.MUCH))
        [bob] = bread.wanted_by
        self.assertEqual((bob.name, bob.level, bread.mine), ("Bob", None, Stance.WANT))
        self.assertEqual((bees.offered_by, bees.mine), ([], None))
        [mine] = await self.bob.my_topics(self.event)
        self.assertEqual((mine.topic, mine.stance, mine.level), ("sourdough", Stance.WANT, None))
        [emergent] = await self.bob.emergent_topics(self.event)
        self.assertEqual((emergent.topic.topic, emergent.why), ("Beekeeping", [Emergence.NOBODY_OFFERS]))
        await self.bob.drop_topic(self.event, "SOURDOUGH")
        self.assertEqual(await self.bob.my_topics(self.event), [])
        with self.assertRaises(CoreError.NotHere):
            await self.bob.drop_topic(self.event, "sourdough")

    async def test_a_ride_is_offered_asked_for_and_granted(self):
        ride = Offering.RIDE("Berlin", "Mill", START, 2)
        self.assertEqual(await self.ada.offer_ends(self.event, ride), START)
        offer = await self.ada.make_offer(self.event, Offer(offering=ride, until=START, text="No smoking"))
        bed = Offering.BED(FIRST, LAST, 1)
        await self.ada.make_offer(self.event, Offer(offering=bed, until=START + HOUR))
        await self.sync()
        filter = OfferFilter(kind=OfferKind.RIDE, owner=await self.person(self.ada), free=True)
        [shown] = await self.bob.offers(self.event, filter, START - HOUR)
        self.assertEqual((shown.id, shown.name, shown.mine, shown.over), (offer, "Ada", False, False))
        self.assertEqual((shown.offer.offering, shown.offer.text, shown.offer.until), (ride, "No smoking", START))
        self.assertEqual(shown.free, 2)
        self.assertEqual(len(await self.bob.offers(self.event, OfferFilter(), START)), 1, "the bed alone")

        seat = await self.bob.ask_for_seat(offer, 2, "With a dog")
        await self.sync()
        [asked] = await self.ada.seat_requests_to_me(self.event)
        self.assertEqual((asked.id, asked.offer, asked.name, asked.mine), (seat, offer, "Bob", False))
        self.assertEqual((asked.places, asked.word, asked.granted), (2, "With a dog", 0))
        self.assertEqual(asked.state, SeatState.ASKED)
        await self.ada.answer_seat(seat, True)
        with self.assertRaises(CoreError.NoPlaceLeft):
            await self.ada.edit_offer(offer, Offer(offering=Offering.RIDE("Berlin", "Mill", START, 1), until=START))
        await self.sync()
        [granted] = await self.bob.my_seat_requests(self.event)
        self.assertEqual((granted.state, granted.granted, granted.mine), (SeatState.YES, 2, True))
        self.assertEqual((await self.bob.offer(offer)).free, 0)
        await self.bob.withdraw_seat(seat)
        self.assertEqual((await self.bob.offer(offer)).free, 2)
        await self.ada.withdraw_offer(offer)
        with self.assertRaises(CoreError.NotHere):
            await self.ada.offer(offer)

    async def test_what_moves_on_the_board_is_told_to_who_starred_it(self):
        await self.ada.edit_event(
            self.event, Event(name="Mill", first=FIRST, last=LAST, time_zone="UTC")
        )
        bread, bees = await self.placed("Bread", "Barn"), await self.placed("Bees", "Loft")
        await self.sync()
        await self.bob.star(bread, True)
        await self.bob.share_stars(self.event, True)
        self.assertTrue(await self.bob.shares_stars(self.event))
        barn = Placement(room="Barn", start=START, minutes=45)
        loft = Placement(room="Loft", start=START + HOUR // 4, minutes=45)
        await self.ada.place_session(bread, loft)
        await self.sync()
        [fan] = await self.ada.starred_by(bread)
        self.assertEqual((fan.person, fan.name), (await self.person(self.bob), "Bob"))
        [starred] = await self.bob.starred(self.event)
        self.assertEqual((starred.session.id, starred.placements, starred.seen), (bread, [loft], barn))
        moved, settle = await self.bob.moves(self.event)
        self.assertTrue(moved.is_MOVED() and settle.is_CONFLICT())
        self.assertEqual((moved.session, moved.title, moved._from, moved.to), (bread, "Bread", barn, loft))
        [overlap] = await self.bob.conflicts(self.event)
        self.assertEqual((settle.session, settle.title, settle.conflict), (bread, "Bread", overlap))
        self.assertTrue(overlap.is_OVERLAP())
        self.assertEqual(overlap.sessions, [bees, bread])
        self.assertEqual([place.start for place in overlap.placements], [START, loft.start])
        await self.bob.seen_move(bread)
        self.assertEqual(len(await self.bob.moves(self.event)), 1)
        [reminder] = await self.bob.reminders(0, START + HOUR, 10)
        self.assertEqual((reminder.session, reminder.event, reminder.title), (bread, self.event, "Bread"))
        self.assertEqual((reminder.room, reminder.start), ("Loft", loft.start))
        self.assertEqual(reminder.at, loft.start - 600_000)

        # Placed by both at once: each claim counts until one settles it.
        await self.ada.place_session(bees, barn)
        await self.bob.place_session(bees, Placement(room="Attic", start=START, minutes=30))
        await self.sync()
        self.assertEqual({place.room for place in await self.bob.places_of(bees)}, {"Barn", "Attic"})
        [claims] = await self.ada.conflicts(self.event)
        self.assertEqual((claims.is_CLAIMS(), claims.session, len(claims.placements)), (True, bees, 2))
        self.assertEqual(await self.bob.today(self.event), [])

        await self.ada.lock_board(self.event, Lock(room="Loft", until=START + HOUR))
        await self.sync()
        [lock] = await self.bob.locks(self.event)
        self.assertEqual((lock.room, lock._from, lock.until), ("Loft", None, START + HOUR))
        [item] = await self.bob.board(self.event, Part(room="Loft"))
        self.assertTrue(item.locked)
        with self.assertRaises(CoreError.NotAllowed):
            await self.bob.place_session(bread, barn)
        await self.ada.unlock_board(self.event, lock)
        self.assertEqual(await self.ada.locks(self.event), [])

    async def test_parallel_rooms_overhear_each_other(self):
        here, there = await self.placed("Bread", "Barn"), await self.placed("Bees", "Loft")
        bob = await self.person(self.bob)
        await self.ada.write_post(self.event, NewPost(text="The queen!", about=About.SESSION(there), mentions=[bob]))
        await self.sync()
        [room] = await self.bob.other_rooms(self.event, here, START, 5)
        self.assertEqual((room.room, room.session, room.title), ("Loft", there, "Bees"))
        self.assertEqual([said.post.text for said in room.posts], ["The queen!"])
        self.assertEqual([said.post.text for said in await self.bob.mentions_of_me(self.event, 5)], ["The queen!"])
        self.assertEqual(await self.ada.mentions_of_me(self.event, 5), [])

    async def test_people_are_found_met_again_and_followed(self):
        self.assertEqual(await self.bob.participant_count(self.event), 2)
        expert = ParticipantFilter(name="AD", tag="adas", level=Level.EXPERT)
        [ada] = (await self.bob.participants_matching(self.event, expert, None, 9)).people()
        self.assertEqual((ada.card.name, ada.space), ("Ada", self.event))
        first = await self.bob.participants_matching(self.event, ParticipantFilter(), None, 1)
        second = await self.bob.participants_matching(self.event, ParticipantFilter(), first, 9)
        self.assertEqual([who.card.name for who in first.people() + second.people()], ["Ada", "Bob"])
        met = ParticipantFilter(met=True)
        self.assertEqual((await self.bob.participants_matching(self.event, met, None, 9)).people(), [])
        self.assertEqual([who.card.name for who in await self.bob.participants_with_tag(self.event, "bobs")], ["Bob"])

        person = await self.swap()
        [again] = await self.bob.met_in(self.event)
        self.assertEqual((again.person, again.name, again.contact, again.events), (person, "Ada", True, []))
        self.assertEqual([meeting.event for meeting in again.meetings], [self.event])
        self.assertIn(self.event, [card.space for card in await self.bob.cards_of(person)])
        await self.bob.follow(person)
        self.assertEqual([known.contact.person for known in await self.bob.following()], [person])
        self.assertTrue((await self.bob.contact(person)).followed)
        session = await self.ada.pitch_session(self.event, Session(title="Bread"))
        post = await self.ada.write_post(self.event, NewPost(text="Rising"))
        await self.sync()
        heard = {type(one.what).__name__.removeprefix("Did."): one for one in await self.bob.news_of_followed(0)}
        self.assertEqual((heard["SAID"].person, heard["SAID"].name), (person, "Ada"))
        said, pitched = heard["SAID"].what, heard["PITCHED"].what
        self.assertEqual((said.event, said.post, said.text), (self.event, post, "Rising"))
        self.assertEqual((pitched.event, pitched.session, pitched.title), (self.event, session, "Bread"))
        self.assertEqual(heard["APPEARS"].what.event, self.event)
        await self.bob.unfollow(person)
        self.assertFalse((await self.bob.contact(person)).followed)
        self.assertEqual(await self.bob.news_of_followed(0), [])

    async def test_promises_and_memo_are_edited_in_place(self):
        person = await self.swap()
        promise = Promise(by=Whose.THEIRS, text="A slice", made=START, kept=False)
        await self.bob.set_promises(person, [promise])
        await self.bob.splice_memo(person, TextUnit.UTF16, [Splice(at=0, delete=0, insert="Bakes")])
        contact = (await self.bob.contact(person)).contact
        self.assertEqual((contact.promises, contact.memo), ([promise], "Bakes"))

    async def test_what_i_showed_is_previewed_and_taken_back_as_a_whole(self):
        await self.bob.offer_topic(self.event, "Bread")
        tip = Offering.TIP("The bakery")
        offer = await self.bob.make_offer(self.event, Offer(offering=tip, until=START))
        post = await self.bob.write_post(self.event, NewPost(text="Hungry"))
        preview = await self.bob.preview_in(self.event)
        self.assertEqual((preview.event, preview.appearing, preview.card.name), (self.event, True, "Bob"))
        self.assertEqual([topic.topic for topic in preview.topics], ["Bread"])
        self.assertEqual([(it.id, it.offer.offering) for it in preview.offers], [(offer, tip)])
        self.assertEqual(([(it.kind, it.id) for it in preview.more], preview.seat_requests), ([(Kind.POST, post)], []))

        withdrawing = await self.bob.erase_event_soon(self.event)
        self.assertEqual((withdrawing.pending.kind, withdrawing.pending.id), (Kind.EVENT, self.event))
        self.assertIn((Kind.OFFER, offer), [(it.kind, it.id) for it in withdrawing.things])
        self.assertEqual(await self.bob.pending(), [withdrawing.pending])
        await self.bob.undo(withdrawing.pending)
        self.assertIsNone(await self.bob.withdrawn_from(self.event))
        withdrawn = await self.bob.withdraw_everything(self.event)
        self.assertEqual({it.kind for it in withdrawn}, {Kind.CARD, Kind.TOPICS, Kind.OFFER, Kind.POST})
        await self.sync()
        known = await self.bob.withdrawn_from(self.event)
        self.assertEqual((known.things, known.places.devices), (4, 1))
        self.assertEqual(await self.ada.posts(self.event, PostFilter(), None, 9), [])

    async def test_who_is_not_seen_any_more_is_told_who_knows(self):
        self.assertIsNone(await self.bob.withdrawal(self.event))
        await self.bob.appear_in(self.event, False)
        self.assertEqual((await self.bob.withdrawal(self.event)).devices, 0)
        await self.sync()
        self.assertEqual((await self.bob.withdrawal(self.event)).devices, 1)

    async def test_a_code_says_what_it_is_for_before_it_is_used(self):
        code = read_code(await self.ada.join_code(self.event, [self.address]))
        self.assertEqual((code.kind, code.name, code.addresses), (CodeKind.JOIN, "Mill", [self.address]))
        code = read_code((await self.ada.show_code([], self.event)).text)
        self.assertEqual((code.kind, code.name, code.addresses), (CodeKind.SCREEN, "Ada", []))
        self.assertEqual(read_code(await self.bob.badge_code()).kind, CodeKind.BADGE)
        with self.assertRaises(CoreError.ScanAgain):
            read_code("https://example.org")

    async def test_an_erasure_can_be_undone_for_a_moment(self):
        note = await self.bob.create_note(Note(text="Ask Ada"))
        pending = await self.bob.erase_soon(Kind.NOTE, note)
        self.assertEqual((pending.kind, pending.id), (Kind.NOTE, note))
        self.assertEqual(await self.bob.notes(NoteFilter(), None, 9), [])
        await self.bob.undo(pending)
        self.assertEqual([listed.id for listed in await self.bob.notes(NoteFilter(), None, 9)], [note])
        await self.bob.erase(Kind.NOTE, note)
        with self.assertRaises(CoreError.NotHere):
            await self.bob.undo(pending)

    async def test_some_quiet_is_had_and_organisers_hide(self):
        bob = await self.person(self.bob)
        post = await self.bob.write_post(self.event, NewPost(text="Buy this"))
        await self.sync()
        await self.ada.mute(bob)
        self.assertEqual([(it.person, it.quiet) for it in await self.ada.muted()], [(bob, Quiet.MUTE)])
        self.assertEqual(await self.ada.posts(self.event, PostFilter(), None, 9), [])
        self.assertFalse(await self.ada.is_blocked(bob))
        await self.ada.block(bob)
        self.assertTrue(await self.ada.is_blocked(bob))
        await self.ada.unmute(bob)
        self.assertEqual(await self.ada.muted(), [])

        with self.assertRaises(CoreError.NotAllowed):
            await self.bob.hide(Kind.CARD, await self.bob.card_in(self.event, bob))
        await self.ada.hide(Kind.POST, post)
        await self.sync()
        self.assertEqual([(it.kind, it.id) for it in await self.bob.hidden(self.event)], [(Kind.POST, post)])
        self.assertTrue((await self.bob.post(post)).hidden)
        await self.ada.unhide(Kind.POST, post)
        self.assertEqual(await self.ada.hidden(self.event), [])
        await self.ada.withdraw(Kind.POST, post)
        with self.assertRaises(CoreError.NotHere):
            await self.ada.post(post)

    async def test_a_photo_is_added_to_a_session_and_comes(self):
        session = await self.placed("Bread", "Barn")
        consent = await self.bob.photo_consent_in(self.event)
        self.assertEqual(([one.name for one in consent.no], consent.ask), (["Ada"], []))
        picture, small = png(40, 200), png(4, 200)
        photo = await self.ada.add_photo(session, picture, small, "The oven")
        await self.sync()
        [shown] = await self.bob.photos(session)
        self.assertEqual((shown.id, shown.event, shown.session), (photo, self.event, session))
        self.assertEqual((shown.person, shown.caption), (await self.person(self.ada), "The oven"))
        self.assertEqual(shown.media, MediaType.PNG)
        self.assertEqual((shown.thumbnail, shown.bytes, shown.here), (small, len(picture), len(picture)))
        self.assertEqual((shown.hidden, shown.cleared, len(shown.hash)), (False, False, 64))
        self.assertEqual(await self.bob.photo_bytes(photo), picture)
        await self.ada.set_photo_caption(photo, "The cold oven")
        self.assertEqual((await self.ada.photo(photo)).caption, "The cold oven")
        with self.assertRaises(CoreError.NotAllowed):
            await self.bob.erase_photo(photo)
        with self.assertRaises(CoreError.Photo):
            await self.bob.add_photo(session, b"no picture")
        await self.ada.erase_photo(photo)
        self.assertEqual(await self.ada.photos(session), [])

    async def test_two_write_to_each_other(self):
        ada, bob = await self.person(self.ada), await self.person(self.bob)
        sent = await self.bob.write_message(ada, "Is there cake?")
        self.assertEqual(sent.way, Way.EVENT(self.event))
        self.assertFalse((await self.bob.message(sent.id)).arrived)
        await self.sync()
        [got] = await self.ada.messages(bob)
        self.assertEqual((got.message.person, got.message.mine, got.message.text), (bob, False, "Is there cake?"))
        self.assertEqual(got.message.space, self.event)
        await self.ada.write_message(bob, "There was.")
        await self.sync()
        self.assertTrue((await self.bob.message(sent.id)).arrived)
        [talk] = await self.bob.conversations()
        self.assertEqual((talk.person, talk.name, talk.last.message.text), (ada, "Ada", "There was."))
        self.assertFalse(talk.last.message.mine)
        await self.bob.erase_message(sent.id)
        self.assertEqual(len(await self.bob.messages(ada)), 1)

    async def test_a_cursor_stays_and_a_pad_moves_on(self):
        session = await self.placed("Bread", "Barn")
        await self.ada.set_pad(session, "flour water")
        await self.sync()
        cursor = await self.bob.pad_cursor(session, TextUnit.SCALARS, 6)
        await self.bob.splice_pad(session, TextUnit.SCALARS, [Splice(at=0, delete=0, insert="🍞 ")])
        self.assertEqual(await self.bob.pad_position(session, TextUnit.SCALARS, cursor), 8)
        self.assertEqual(await self.bob.pad_position(session, TextUnit.UTF16, cursor), 9)
        await self.ada.move_pad(session, "All is baked")
        await self.sync()
        self.assertEqual(await self.bob.pad_text(session), "All is baked")
        self.assertEqual(len(await self.bob.missing_from_pad(session)), 1)
        await self.bob.forget_missing_from_pad(session)
        self.assertEqual(await self.bob.missing_from_pad(session), [])

    async def test_organisers_ask_and_are_told(self):
        ada, bob = await self.person(self.ada), await self.person(self.bob)
        again = await self.ada.ask_question(self.event, "Again?", ["yes", "no"])
        best = await self.ada.ask_question(self.event, "What was best?")
        await self.ada.set_feedback_readers(self.event, [ada])
        await self.sync()
        form = await self.bob.feedback_form(self.event)
        first = Question(id=again, text="Again?", choices=["yes", "no"])
        asked = [first, Question(id=best, text="What was best?", choices=[])]
        self.assertEqual((form.questions, form.given), (asked, None))
        self.assertEqual([(reader.person, reader.name) for reader in form.readers], [(ada, "Ada")])
        with self.assertRaises(CoreError.ChooseOne):
            maybe = Feedback(answers=[FeedbackAnswer(question=again, text="maybe")])
            await self.bob.give_feedback(self.event, maybe, Authorship.SIGNED)
        feedback = Feedback(answers=[FeedbackAnswer(question=again, text="yes")], text="The bread!")
        given = await self.bob.give_feedback(self.event, feedback, Authorship.SIGNED)
        self.assertEqual((given.authorship, given.feedback, given.waiting), (Authorship.SIGNED, feedback, 0))
        self.assertEqual((await self.bob.feedback_form(self.event)).given, given)
        state = await self.bob.letter_state(self.event, given.letters[0])
        self.assertEqual((state.is_TRAVELS(), state[0].devices), (True, 0))
        await self.sync()
        read = await self.ada.feedback(self.event)
        [first, second] = read.questions
        self.assertEqual((first.id, first.question, second.question, second.answers), (again, *asked, []))
        self.assertEqual([(said.text, said.by.person, said.by.name) for said in first.answers], [("yes", bob, "Bob")])
        self.assertEqual([said.text for said in read.texts], ["The bread!"])
        self.assertEqual(await self.ada.erase_feedback(self.event), 1)

        unnamed = await self.bob.give_feedback(self.event, Feedback(text="Too cold"), Authorship.ANONYMOUS)
        self.assertEqual((unnamed.feedback, unnamed.letters, unnamed.waiting), (None, [], 1))
        self.assertEqual(await self.bob.forget_feedback(self.event), 1)
        await self.ada.set_questions(self.event, asked[1:])
        self.assertEqual((await self.ada.feedback_form(self.event)).questions, asked[1:])

    async def test_a_report_goes_to_one_who_is_trusted(self):
        ada, bob = await self.person(self.ada), await self.person(self.bob)
        with self.assertRaises(CoreError.SignIt):
            await self.bob.report(self.event, ada, "Somebody shouted", Authorship.ANONYMOUS)
        await self.ada.set_trusted(self.event, [ada])
        await self.sync()
        self.assertEqual([(one.person, one.name) for one in await self.bob.trusted(self.event)], [(ada, "Ada")])
        receipt = await self.bob.report(self.event, ada, "Somebody shouted", Authorship.ANONYMOUS)
        self.assertTrue((await self.bob.letter_state(self.event, receipt)).is_WAITS())
        await self.bob.take_back_report(receipt)
        self.assertTrue((await self.bob.letter_state(self.event, receipt)).is_GONE())
        await self.bob.report(self.event, ada, "Somebody pushed me", Authorship.SIGNED)
        await self.sync()
        [report] = await self.ada.reports()
        self.assertEqual((report.event, report.text, report.by.person), (self.event, "Somebody pushed me", bob))
        self.assertEqual(report.day, str(datetime.datetime.now(datetime.UTC).date()))
        await self.ada.erase_report(report.id)
        self.assertEqual(await self.ada.reports(), [])

    async def test_two_events_are_bridged(self):
        other = await self.bob.create_event(Event(name="Sister", first=FIRST, last=LAST, time_zone="UTC"))
        session = await self.placed("Bread", "Barn")
        post = await self.ada.write_post(self.event, NewPost(text="Come over", everyone=True))
        quiet = await self.ada.write_post(self.event, NewPost(text="Stay here"))
        await self.sync()
        with self.assertRaises(CoreError.NotAllowed):
            await self.bob.lend_post(quiet, other)
        title = await self.bob.lend_session(session, other)
        await self.bob.lend_post(post, other)
        first, second = await self.bob.lent(other)
        self.assertEqual((first.id, first.event, first._from), (title, other, self.event))
        self.assertEqual((first.camp, first.lender), ("Mill", await self.person(self.bob)))
        self.assertEqual(first.loan, Loan.SESSION("Bread"))
        self.assertEqual(second.loan, Loan.WORDS("Come over", None))
        await self.bob.take_back(title)
        self.assertEqual(len(await self.bob.lent(other)), 1)

    async def test_a_schedule_is_imported_and_written_down(self):
        founded = await self.ada.create_event_from_schedule(schedule("10"))
        [session] = founded.imported.added
        self.assertEqual((await self.ada.event(founded.event)).name, "Sister")
        imported = await self.ada.import_schedule(founded.event, schedule("11"))
        [moved] = imported.moved
        self.assertEqual((moved.session, moved._from.start), (session, START + HOUR))
        self.assertEqual((moved.to.start, moved.to.room, moved.to.minutes), (START + 2 * HOUR, "Barn", 30))
        self.assertEqual((imported.added, imported.removed, imported.kept, imported.changed), ([], [], [], []))
        self.assertEqual((await self.ada.import_schedule(founded.event, schedule("11"))).unchanged, 1)
        with self.assertRaises(CoreError.OtherSchedule):
            await self.ada.import_schedule(founded.event, b"no schedule")

        await self.ada.write_post(founded.event, NewPost(text="Crusty", about=About.SESSION(session)))
        anchor = await self.ada.add_anchor(Anchor(words="Bake some", holds=Holds.SESSION(session)))
        text = await self.ada.document_session(session, Format.MARKDOWN, Reach.EVENT, True)
        self.assertTrue("Crusty" in text and "Bake some" in text, text)
        await self.ada.close_anchor(anchor)
        self.assertTrue((await self.ada.anchor(anchor)).anchor.done)
        text = await self.ada.document_session(session, Format.HTML, Reach.EVERYONE, False)
        self.assertTrue("<html" in text and "Crusty" not in text and "Bake some" not in text, text)
        files = {file.path: file.bytes for file in await self.ada.archive(founded.event, Reach.EVERYONE, False)}
        self.assertIn(b"Bread", files["schedule.ics"])
        self.assertIn("index.html", files)

    async def test_people_and_sessions_are_meant_by_a_beginning(self):
        session = await self.placed("Bread", "Barn")
        ada = await self.person(self.ada)
        meant = [(one.person, one.name) for one in await self.bob.people_called("ad", 5)]
        self.assertEqual(meant, [(ada, "Ada"), (await self.person(self.bob), "Bob")])
        await self.sync()
        self.assertEqual([one.id for one in await self.bob.sessions_called("bre", 5)], [session])
        self.assertEqual(await self.bob.sessions_called("cake", 5), [])

    async def test_somebody_becomes_an_organiser(self):
        self.assertFalse((await self.bob.event(self.event)).organiser)
        with self.assertRaises(CoreError.NotAllowed):
            await self.bob.grant_organiser(self.event, await self.bob.author_in(self.event))
        await self.ada.grant_organiser(self.event, await self.bob.author_in(self.event))
        await self.sync()
        self.assertTrue((await self.bob.event(self.event)).organiser)


if __name__ == "__main__":
    unittest.main(verbosity=2)
