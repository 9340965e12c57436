import Observation
import Teilgeber

/// What runs now, what I go to next, the last words from the other rooms.
@MainActor
@Observable
public final class TodayModel {
  /// Something about a session that I starred.
  public struct Notice: Identifiable, Hashable {
    public let session: Id
    public let says: Phrase
    public let isConflict: Bool

    public var id: String { "\(session) \(isConflict)" }
  }

  /// How many of the last words are shown.
  static let words: UInt32 = 5

  public private(set) var event: EventRecord?
  public private(set) var now: [SessionCard] = []
  /// What I go to next: what I starred or pitched and that is not over.
  public private(set) var mine: [SessionCard] = []
  public private(set) var next: [SessionCard] = []
  public private(set) var notices: [Notice] = []
  public private(set) var posts: [PostRecord] = []
  public private(set) var due: [AnchorRecord] = []
  public private(set) var promises: [OpenPromise] = []
  public private(set) var isRead = false

  /// No event yet: join, create, or just take notes.
  public var hasNoEvent: Bool { isRead && event == nil }

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    await desk.watch { try await read() }
  }

  /// The time left, in words.
  public func left(_ card: SessionCard) -> Phrase? {
    guard let start = card.start, let end = card.end, let event else { return nil }
    return event.moments.left(start: start, end: end, now: desk.now)
  }

  /// I have seen where a session went.
  public func seen(_ notice: Notice) async {
    await desk.attempt {
      try await desk.device.seenMove(session: notice.session)
      try await read()
    }
  }

  private func read() async throws {
    let device = desk.device
    event = try await desk.currentEvent()
    let open = try await device.openThings(now: desk.now)
    (due, promises) = (open.due, open.promises)
    if let event {
      let board = try await device.nowNext(event: event.id, now: desk.now)
      let cards = { (items: [BoardItem]) in
        items.map { SessionCard($0, rooms: event.signs, moments: event.moments) }
      }
      (now, next, mine) = (cards(board.now), cards(board.next), cards(board.mine))
      notices = try await device.moves(event: event.id).map { Notice($0, event: event) }
      posts = try await device.posts(
        event: event.id, filter: PostFilter(), before: nil, limit: Self.words)
    } else {
      (now, next, mine, notices, posts) = ([], [], [], [], [])
    }
    isRead = true
  }
}

extension TodayModel.Notice {
  init(_ news: StarNews, event: EventRecord) {
    switch news {
    case .moved(let session, let title, _, let to):
      self.session = session
      isConflict = false
      says =
        if let to {
          Phrase(
            "today.moved", .text(title), .text(to.room), .text(event.moments.time(to.start)))
        } else {
          Phrase("today.off", .text(title))
        }
    case .conflict(let session, let title, _):
      self.session = session
      isConflict = true
      says = Phrase("today.conflict", .text(title))
    }
  }
}
