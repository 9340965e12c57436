import Observation
import Teilgeber

/// A session: what it is, and what belongs to it.
@MainActor
@Observable
public final class SessionModel {
  public private(set) var session: SessionRecord?
  public private(set) var cards: [SessionCard] = []
  public private(set) var pitcher: String?
  public private(set) var isMine = false
  public private(set) var starred = false
  /// Who shows that they look forward to it.
  public private(set) var fans: [Fan] = []
  public private(set) var posts: [PostRecord] = []
  public private(set) var notes: [NoteHeadline] = []
  /// Who wrote in the shared notes.
  public private(set) var authors: [PadAuthor] = []
  /// It was erased while it was looked at.
  public private(set) var isGone = false
  /// The shared notes.
  public let pad: Editor

  public let id: Id
  private let desk: Desk

  public init(desk: Desk, id: Id) {
    self.desk = desk
    self.id = id
    pad = Editor(PadText(device: desk.device, session: id))
  }

  /// Why nothing is written down for others here; none where it may be.
  public var closed: Phrase? {
    session?.session.policy == .offTheRecord ? Phrase("session.offTheRecord") : nil
  }

  public func run() async {
    let kinds: [Kind] = [.session, .placement, .starred, .stars, .post, .pad, .note, .card]
    await desk.watch(Filter(kinds: kinds)) { try await read() }
  }

  public func star() async {
    await desk.attempt {
      try await desk.device.star(session: id, star: !starred)
      try await read()
    }
  }

  /// Says something that everybody in the event sees.
  public func post(_ text: String) async -> Bool {
    await desk.attempt {
      guard let session else { return }
      _ = try await desk.device.writePost(
        event: session.event, post: NewPost(text: text, about: .session(id)))
      try await read()
    }
  }

  /// Holds on to the session, to pick it up again.
  public func anchor(_ words: String, due: Day? = nil) async -> Bool {
    await desk.attempt {
      _ = try await desk.device.addAnchor(
        anchor: Anchor(words: words, holds: .session(id), due: due))
    }
  }

  /// A new note that belongs to the session.
  public func newNote() -> NoteModel {
    NoteModel(desk: desk, event: session?.event, session: id)
  }

  /// Makes it say something else.
  public func edit(_ changed: Session) async -> Bool {
    await desk.attempt {
      try await desk.device.editSession(id: id, session: changed)
      try await read()
    }
  }

  /// Takes it off the wall and erases it, with ten seconds to undo.
  public func erase() async -> Bool {
    await desk.attempt {
      try await desk.undo.erase(.session, id, says: Phrase("undo.session"))
    }
  }

  private func read() async throws {
    let device = desk.device
    let record: SessionRecord
    do {
      record = try await device.session(id: id)
    } catch CoreError.NotHere {
      isGone = true
      return
    }
    let event = try await device.event(event: record.event)
    let board = try await device.board(event: event.id, part: Part())
    let mine = board.filter { $0.session.id == id }
    cards = mine.map { SessionCard($0, rooms: event.signs, moments: event.moments) }
    starred = mine.first?.starred ?? false
    isMine = record.pitcher == (try await device.me()).person
    pitcher = try await name(of: record.pitcher, in: event.id)
    fans = try await device.starredBy(session: id)
    posts = try await device.posts(
      event: event.id, filter: PostFilter(session: id), before: nil, limit: 50)
    notes = try await device.notes(
      filter: NoteFilter(session: id), after: nil, limit: NotesModel.page)
    session = record
    if closed == nil {
      authors = try await device.pad(session: id).authors
      try await pad.refresh()
    }
  }

  private func name(of person: Id?, in event: Id) async throws -> String? {
    guard let person else { return nil }
    if let known = try? await desk.device.contact(person: person) { return known.contact.name }
    return try await desk.people(of: event).first { $0.person == person }?.card.name
  }
}

private struct PadText: EditedText {
  let device: Device
  let session: Id

  func read() async throws -> String {
    try await device.padText(session: session)
  }

  func write(_ splice: Splice) async throws {
    try await device.splicePad(session: session, unit: .scalars, splices: [splice])
  }
}
