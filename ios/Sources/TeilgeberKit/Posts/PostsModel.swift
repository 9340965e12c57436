import Observation
import Teilgeber

/// From the other rooms: short texts by room, the newest last.
@MainActor
@Observable
public final class PostsModel {
  /// What was said about one session, or about none.
  public struct Wall: Identifiable, Hashable {
    public let session: Id?
    public let title: String?
    public let room: RoomSign?
    public let posts: [PostRecord]

    public var id: String { session ?? "" }
  }

  /// So many are shown at first, and with each "earlier".
  static let page: UInt32 = 100

  public private(set) var event: EventRecord?
  public private(set) var walls: [Wall] = []
  public private(set) var isRead = false
  /// Whether there are earlier ones.
  public private(set) var hasMore = false

  /// Quiet in the other rooms.
  public var isEmpty: Bool { isRead && walls.isEmpty }

  private let desk: Desk
  private var limit = page

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    await desk.watch(Filter(kinds: [.post, .session, .placement, .muted, .event])) {
      try await read()
    }
  }

  public func earlier() async {
    limit += Self.page
    await desk.attempt { try await read() }
  }

  /// Says something that everybody in the event sees. Says whether it stands.
  public func post(_ text: String, about: About? = nil, reply: PostRecord? = nil) async -> Bool {
    await desk.attempt {
      guard let event else { return }
      let post = NewPost(text: text, about: about ?? reply?.post.about, replyTo: reply?.id)
      _ = try await desk.device.writePost(event: event.id, post: post)
      try await read()
    }
  }

  public func edit(_ post: PostRecord, text: String) async -> Bool {
    await desk.attempt {
      var changed = post.post
      changed.text = text
      try await desk.device.editPost(id: post.id, post: changed)
      try await read()
    }
  }

  public func erase(_ post: PostRecord) async {
    await desk.attempt {
      try await desk.undo.erase(.post, post.id, says: Phrase("undo.post"))
      try await read()
    }
  }

  /// Leaves out what somebody posts, for me alone.
  public func mute(_ post: PostRecord) async {
    await desk.attempt {
      let device = desk.device
      try await device.mute(person: post.author)
      desk.undo.offer(Phrase("undo.quiet")) { try await device.unmute(person: post.author) }
      try await read()
    }
  }

  private func read() async throws {
    event = try await desk.currentEvent()
    guard let event else {
      isRead = true
      return
    }
    let posts = try await desk.device.posts(
      event: event.id, filter: PostFilter(), before: nil, limit: limit)
    hasMore = posts.count == Int(limit)
    let board = try await desk.device.board(event: event.id, part: Part())
    let sessions = Dictionary(
      board.map { ($0.session.id, $0) }, uniquingKeysWith: { first, _ in first })
    var order: [Id?] = []
    var groups: [Id?: [PostRecord]] = [:]
    for post in posts {
      var session: Id?
      if case .session(let id) = post.post.about { session = id }
      if groups[session] == nil { order.append(session) }
      groups[session, default: []].append(post)
    }
    walls = order.map { session in
      let card = session.flatMap { sessions[$0] }
        .map { SessionCard($0, rooms: event.signs, moments: event.moments) }
      return Wall(
        session: session, title: card?.title, room: card?.room, posts: groups[session] ?? [])
    }
    isRead = true
  }
}
