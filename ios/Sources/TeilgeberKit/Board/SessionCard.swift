import Teilgeber

/// A room as on its door: a letter and one of eight hues.
public struct RoomSign: Hashable, Sendable {
  public static let hues = 8

  public let name: String
  public let letter: String
  public let hue: Int

  init(name: String, letter: String?, at index: Int) {
    self.name = name
    self.letter = letter ?? String(name.prefix(1)).uppercased()
    hue = index % Self.hues
  }
}

/// A session as a card on the wall.
public struct SessionCard: Identifiable, Hashable, Sendable {
  public let session: Id
  public let title: String
  public let room: RoomSign?
  public let start: Millis?
  public let end: Millis?
  /// As in `11:00–11:45`.
  public let times: String?
  public let policy: Policy
  public let level: Level?
  public let tags: [Tag]
  public let starred: Bool
  public let locked: Bool
  public let hidden: Bool
  /// Whether somebody must settle where it is, or what stands there.
  public internal(set) var inConflict = false

  public var id: String { "\(session) \(room?.name ?? "") \(start ?? 0)" }

  /// What may be told of it outside, where that is not all.
  public var policySign: Phrase? {
    switch policy {
    case .open: nil
    case .chathamHouse: Phrase("policy.chathamHouse")
    case .offTheRecord: Phrase("policy.offTheRecord")
    }
  }
}

extension SessionCard {
  init(_ item: BoardItem, rooms: [RoomSign], moments: Moments) {
    let place = item.placement
    session = item.session.id
    title = item.session.session.title
    room = place.map { place in
      rooms.first { $0.name == place.room } ?? RoomSign(name: place.room, letter: nil, at: 0)
    }
    start = place?.start
    end = place?.end
    times = place.map { "\(moments.time($0.start))–\(moments.time($0.end))" }
    policy = item.session.session.policy ?? .open
    level = item.session.session.level
    tags = item.session.session.tags
    starred = item.starred
    locked = item.locked
    hidden = item.session.hidden
  }
}

extension Placement {
  /// When it ends.
  var end: Millis { start + Millis(minutes) * 60_000 }

  func overlaps(_ other: Placement) -> Bool {
    room == other.room && start < other.end && other.start < end
  }
}

extension EventRecord {
  /// The rooms as on their doors.
  public var signs: [RoomSign] {
    (event?.rooms ?? []).enumerated().map {
      RoomSign(name: $0.element.name, letter: $0.element.letter, at: $0.offset)
    }
  }

  /// Its times, where it is.
  public var moments: Moments { Moments(zone: event?.timeZone) }
}
