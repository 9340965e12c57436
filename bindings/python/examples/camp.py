"""A small barcamp: `python3 bindings/python/examples/camp.py`, once the wheel is installed (`tests/run python`).

To be read from the top, as a notebook is. Ada organises, Bob comes. Each of them has a device, here two folders.
"""

import asyncio
import datetime
import tempfile

from teilgeber import (
    About, Audience, Config, Device, Event, Filter, Kind, LinksConfig, Listen, MetAt, Narrow, NewPost, Note, Placement,
    PostFilter, Profile, Room, Session, Splice, TextUnit, news,
)

TODAY = datetime.datetime.now(datetime.UTC).replace(minute=0, second=0, microsecond=0)


async def main(folder: str) -> None:
    async with (
        await Device.open(Config(home=f"{folder}/ada")) as ada,
        await Device.open(Config(home=f"{folder}/bob")) as bob,
    ):
        # Nothing of a profile is shown that its person did not share: here the name, to those of the event.
        for device, name in ((ada, "Ada"), (bob, "Bob")):
            me, event = Audience.ME, Audience.EVENT
            await device.set_profile(
                Profile(name=name, name_for=event, hashtags_for=me, bio_for=me, links_for=me, photo_consent_for=me)
            )

        # Ada founds the event, and its code is all that Bob needs.
        day = str(TODAY.date())
        mill = Event(name="Mill Camp", first=day, last=day, time_zone="UTC", rooms=[Room(name="Barn", letter="B")])
        camp = await ada.create_event(mill)
        await bob.join(await ada.join_code(camp, []))
        for device in (ada, bob):
            await device.appear_in(camp, True)

        # A session on the wall, in an hour.
        bread = await ada.pitch_session(camp, Session(title="Bread and time"))
        start = int((TODAY + datetime.timedelta(hours=1)).timestamp()) * 1000
        await ada.place_session(bread, Placement(room="Barn", start=start, minutes=45))

        # Bob is offline all the while. Now they meet, and what each of them says is at the other's at once.
        async with await ada.keep_links(LinksConfig(listen=Listen.AT("127.0.0.1:0"))) as links:
            address = links.standing().address
            assert address is not None, "who listens has an address"
            report = await bob.sync_with(address)
            print(f"Bob received {sum(space.received for space in report.spaces)} entries.")
            board = await bob.now_next(camp, None)
            print("Next:", ", ".join(item.session.session.title for item in board.next))

            # Bob scans the code on Ada's screen. She is a contact from now on, without any network.
            showing = await ada.show_code([], camp)
            contact = await bob.scan(showing.text, MetAt(event=camp, place="at the oven"))
            await bob.answer(contact)

            # A note of one's own, a line in the pad that everybody shares, a word on the wall.
            await bob.create_note(Note(text="Feed the starter twice a day.", session=bread))
            await bob.splice_pad(bread, TextUnit.SCALARS, [Splice(at=0, delete=0, insert="Flour, water, salt.\n")])
            async with news(ada, Filter(kinds=[Kind.POST])) as changes:
                await bob.write_post(camp, NewPost(text="The crust sings", about=About.SESSION(bread)))
                await bob.sync_with(address)
                await anext(changes)

        for post in await ada.posts(camp, PostFilter(session=bread), None, 10):
            print(f"{post.name}: {post.post.text}")
        print("The pad:", (await ada.pad_text(bread)).strip())
        print("Ada's contacts:", ", ".join(met.contact.name for met in await ada.contacts()))
        print("Bob finds:", ", ".join(hit.title for hit in await bob.search("starter", Narrow(), 5)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(main(home))
