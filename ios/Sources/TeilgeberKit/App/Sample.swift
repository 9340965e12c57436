import Foundation
import Teilgeber

/// A camp with made-up people in it, in a core of its own: for previews.
@MainActor
public enum Sample {
  /// A desk at which the camp is looked at, on its first morning.
  public static func desk() async throws -> Desk {
    let home = FileManager.default.temporaryDirectory.appending(path: "sample-\(UUID())")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let device = try await Device.open(config: Config(home: home.path))
    let morning = Date(timeIntervalSince1970: 1_795_341_000)
    let desk = Desk(device: device, memory: Memory(folder: home), clock: { morning })
    try await device.setProfile(
      profile: Profile(
        name: "Ada", nameFor: .event, hashtags: [Interest(tag: "bees", level: .expert)],
        hashtagsFor: .event, bio: "Keeps bees on a roof", bioFor: .contacts, linksFor: .me,
        photoConsentFor: .me))
    let start = morning.millis - 600_000
    let slots = (0..<3).map { Slot(start: start + Millis($0) * 3_600_000, minutes: 45) }
    let event = try await device.createEvent(
      event: Event(
        name: "Mill", first: "2026-11-22", last: "2026-11-22", timeZone: "Europe/Berlin",
        rooms: [Room(name: "Barn", letter: "B"), Room(name: "Attic", letter: "A")], slots: slots))
    desk.look(at: event)
    let titles = [
      "Bees on roofs", "Offline first", "Eine Session mit einem wirklich sehr langen Titel",
    ]
    for (title, slot) in zip(titles, slots) {
      let session = try await device.pitchSession(event: event, session: Session(title: title))
      try await device.placeSession(
        id: session, place: Placement(room: "Barn", start: slot.start, minutes: 45))
      try await device.star(session: session, star: true)
    }
    _ = try await device.writePost(event: event, post: NewPost(text: "The coffee is ready"))
    _ = try await device.createNote(note: Note(text: "Ask about hives", event: event))
    _ = try await device.addAnchor(anchor: Anchor(words: "Visit the roof"))
    return desk
  }
}
