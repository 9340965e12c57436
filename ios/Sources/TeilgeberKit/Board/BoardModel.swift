import Observation
import Teilgeber

/// The wall: rooms beside each other, times below each other.
@MainActor
@Observable
public final class BoardModel {
  /// What is on the wall of one day at one time.
  public struct Row: Identifiable, Hashable {
    public let start: Millis
    public let time: String
    /// For each room what stands there; several overlap.
    public let cells: [[SessionCard]]

    public var id: Millis { start }
    /// Those that stand anywhere.
    public var cards: [SessionCard] { cells.flatMap { $0 } }
  }

  /// A free place, to pitch into.
  public struct Place: Hashable {
    public let room: RoomSign
    public let start: Millis
    public let minutes: Minutes
  }

  public private(set) var event: EventRecord?
  public private(set) var rooms: [RoomSign] = []
  public private(set) var days: [Day] = []
  public private(set) var rows: [Row] = []
  /// Pitched, and without a place.
  public private(set) var waiting: [SessionCard] = []
  public private(set) var tags: [Tag] = []
  /// The first place at which nothing stands, from now on.
  public private(set) var firstFree: Place?
  public private(set) var isRead = false

  public var day: Day?
  public var tag: Tag?
  public var level: Level?
  public var onlyStarred = false

  /// An empty wall, with the first free place marked.
  public var isEmpty: Bool {
    isRead && event != nil && !isFiltered && waiting.isEmpty && rows.allSatisfy(\.cards.isEmpty)
  }

  public var isFiltered: Bool { tag != nil || level != nil || onlyStarred }

  /// Above which row the line of now is drawn; none on another day.
  public var nowLine: Int? {
    guard let event, day == event.moments.isoDay(desk.now) else { return nil }
    return rows.firstIndex { $0.start > desk.now } ?? rows.count
  }

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    await desk.watch(Filter(kinds: [.event, .session, .placement, .starred])) { try await read() }
  }

  /// Reads again what a filter chooses.
  public func choose(_ change: (BoardModel) -> Void) async {
    change(self)
    await desk.attempt { try await read() }
  }

  public func star(_ card: SessionCard) async {
    await desk.attempt {
      try await desk.device.star(session: card.session, star: !card.starred)
      try await read()
    }
  }

  /// Pitches a session, and puts it where it is to be, if that is known. Says whether it stands.
  public func pitch(_ session: Session, at place: Place?) async -> Bool {
    await desk.attempt {
      guard let event else { return }
      let id = try await desk.device.pitchSession(event: event.id, session: session)
      if let place {
        try await desk.device.placeSession(id: id, place: Placement(place))
      }
      try await read()
    }
  }

  /// Puts a session elsewhere, or takes it off. Settles what was claimed twice.
  public func move(_ card: SessionCard, to place: Place?) async {
    await desk.attempt {
      let device = desk.device
      let before = try await device.placesOf(session: card.session)
      try await device.placeSession(id: card.session, place: place.map(Placement.init))
      if before.count == 1 {
        desk.undo.offer(Phrase("undo.move", .text(card.title))) {
          try await device.placeSession(id: card.session, place: before.first)
        }
      }
      try await read()
    }
  }

  private func read() async throws {
    event = try await desk.currentEvent()
    guard let event else {
      (rooms, days, rows, waiting, firstFree, isRead) = ([], [], [], [], nil, true)
      return
    }
    let all = try await desk.device.board(event: event.id, part: Part())
    let part = Part(tag: tag, level: level, starred: onlyStarred)
    let chosen =
      isFiltered ? try await desk.device.board(event: event.id, part: part) : all
    rooms = Self.rooms(of: event, on: all)
    tags = Array(Set(all.flatMap(\.session.session.tags))).sorted()
    let slots = event.event?.slots ?? []
    let starts = slots.map(\.start) + all.compactMap(\.placement?.start)
    days = Array(Set(starts.map(event.moments.isoDay))).sorted()
    if day.map(days.contains) != true {
      let today = event.moments.isoDay(desk.now)
      day = days.first { $0 >= today } ?? days.last
    }
    let onDay = Set(starts.filter { event.moments.isoDay($0) == day }).sorted()
    let unsettled = try await desk.device.conflicts(event: event.id).flatMap(\.sessions)
    let cards = Self.cards(chosen, event: event, rooms: rooms, unsettled: Set(unsettled))
    rows = onDay.map { start in
      let cells = rooms.map { room in
        cards.filter { $0.start == start && $0.room?.name == room.name }
      }
      return Row(start: start, time: event.moments.time(start), cells: cells)
    }
    waiting = cards.filter { $0.start == nil }
    firstFree = Self.firstFree(slots: slots, rooms: rooms, taken: all, now: desk.now)
    isRead = true
  }

  /// The rooms of the event, and those where something stands all the same.
  private static func rooms(of event: EventRecord, on board: [BoardItem]) -> [RoomSign] {
    let known = event.signs
    let others = Set(board.compactMap(\.placement?.room)).subtracting(known.map(\.name)).sorted()
    return known
      + others.enumerated().map {
        RoomSign(name: $0.element, letter: nil, at: known.count + $0.offset)
      }
  }

  private static func cards(
    _ items: [BoardItem], event: EventRecord, rooms: [RoomSign], unsettled: Set<Id>
  ) -> [SessionCard] {
    items.map { item in
      var card = SessionCard(item, rooms: rooms, moments: event.moments)
      card.inConflict = unsettled.contains(item.session.id)
      return card
    }
  }

  private static func firstFree(
    slots: [Slot], rooms: [RoomSign], taken: [BoardItem], now: Millis
  ) -> Place? {
    let placements = taken.compactMap(\.placement)
    let coming = slots.filter { $0.start >= now }
    for slot in (coming.isEmpty ? slots : coming).sorted(by: { $0.start < $1.start }) {
      for room in rooms {
        let place = Place(room: room, start: slot.start, minutes: slot.minutes)
        if !placements.contains(where: { $0.overlaps(Placement(place)) }) { return place }
      }
    }
    return nil
  }
}

extension Placement {
  init(_ place: BoardModel.Place) {
    self.init(room: place.room.name, start: place.start, minutes: place.minutes)
  }
}

extension Conflict {
  /// Those whose place somebody must settle.
  var sessions: [Id] {
    switch self {
    case .claims(let session, _): [session]
    case .overlap(let sessions, _): sessions
    }
  }
}
