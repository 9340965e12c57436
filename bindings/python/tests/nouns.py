"""Each thing of an event, said by one person and read by another, over the installed wheel: what is crossed on the
way shows here. Who writes another binding finds each call used once."""

import asyncio
import datetime
import pathlib
import tempfile
import unittest

from teilgeber import (
    Audience, Config, Device, Emergence, Error, Event, Experience, LinksConfig, Offer, OfferFilter, OfferKind,
    Offering, Placement, Profile, SeatState, Session, Stance,
)

DAY = datetime.datetime.now(datetime.UTC).replace(hour=9, minute=0, second=0, microsecond=0) + datetime.timedelta(days=7)
"""The first morning of the event: what is past cannot be asked for."""

FIRST, LAST = str(DAY.date()), str(DAY.date() + datetime.timedelta(days=1))

START = int(DAY.timestamp()) * 1000

HOUR = 3_600_000


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
        links = await self.enterAsyncContext(await self.ada.keep_links(LinksConfig(listen="127.0.0.1:0")))
        self.address = links.standing().address
        await self.sync()

    async def device(self, name):
        return await self.enterAsyncContext(await Device.open(Config(home=str(pathlib.Path(self.folder) / name))))

    async def call(self, device, name):
        event, me = Audience.EVENT, Audience.ME
        await device.set_profile(
            Profile(name=name, name_for=event, hashtags_for=me, bio_for=me, links_for=me, photo_consent_for=me)
        )

    async def sync(self):
        await self.bob.sync_with(self.address)

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
        with self.assertRaises(Error.NotHere):
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
        with self.assertRaises(Error.NoPlaceLeft):
            await self.ada.edit_offer(offer, Offer(offering=Offering.RIDE("Berlin", "Mill", START, 1), until=START))
        await self.sync()
        [granted] = await self.bob.my_seat_requests(self.event)
        self.assertEqual((granted.state, granted.granted, granted.mine), (SeatState.YES, 2, True))
        self.assertEqual((await self.bob.offer(offer)).free, 0)
        await self.bob.withdraw_seat(seat)
        self.assertEqual((await self.bob.offer(offer)).free, 2)
        await self.ada.withdraw_offer(offer)
        with self.assertRaises(Error.NotHere):
            await self.ada.offer(offer)


if __name__ == "__main__":
    unittest.main(verbosity=2)
