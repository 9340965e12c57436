"""Counts what a schedule holds, with Python's own parsers: a second opinion for the importer.

Usage: schedule_oracle.py FILE...    Prints one JSON object per line.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime


def events_of_xml(path):
    root = ElementTree.parse(path).getroot()
    days = root.findall("day")
    rooms, events = [], []
    for room in (room for day in days for room in day.findall("room")):
        rooms.append(room.get("name"))
        for event in room.findall("event"):
            events.append({
                "guid": event.get("guid"),
                "title": event.findtext("title"),
                "date": event.findtext("date"),
                "duration": event.findtext("duration"),
                "persons": [(person.get("id"), person.text) for person in event.iter("person")],
            })
    return len(days), rooms, events


def events_of_json(path):
    with open(path, encoding="utf-8") as file:
        conference = json.load(file)["schedule"]["conference"]
    rooms, events = [room["name"] for room in conference.get("rooms", [])], []
    for day in conference["days"]:
        for room, talks in day["rooms"].items():
            rooms.append(room)
            for talk in talks:
                persons = [(str(person["id"]), person["public_name"]) for person in talk["persons"]]
                events.append({**talk, "persons": persons})
    return len(conference["days"]), rooms, events


def minutes(duration):
    hours, minutes = duration.split(":")
    return int(hours) * 60 + int(minutes)


for path in sys.argv[1:]:
    days, rooms, events = (events_of_xml if path.endswith(".xml") else events_of_json)(path)
    print(json.dumps({
        "days": days,
        "rooms": len(set(rooms)),
        "talks": len(events),
        "persons": len({person for event in events for person in event["persons"]}),
        "minutes": sum(minutes(event["duration"]) for event in events),
        "starts": sorted(int(datetime.fromisoformat(event["date"]).timestamp() * 1000) for event in events),
        "titles": sorted(" ".join(event["title"].split()) for event in events),
        "guids": sorted(event["guid"].lower() for event in events),
    }))
