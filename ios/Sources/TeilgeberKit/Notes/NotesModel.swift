import Observation
import Teilgeber

/// Notes by event and session, open anchors on top.
@MainActor
@Observable
public final class NotesModel {
  /// What belongs together.
  public struct Section: Identifiable, Hashable {
    public let event: Id?
    public let session: Id?
    /// Its event and session by name; none: what belongs to no event.
    public let title: String?
    public let notes: [NoteHeadline]

    public var id: String { "\(event ?? "") \(session ?? "")" }
  }

  /// So many are read at once.
  static let page: UInt32 = 500

  public private(set) var anchors: [AnchorRecord] = []
  public private(set) var sections: [Section] = []
  /// All tags of the notes, to choose by.
  public private(set) var tags: [Tag] = []
  public private(set) var isRead = false
  /// Only notes with this tag.
  public var tag: Tag?

  /// Nothing is written down yet: the screen shows an open note.
  public var isEmpty: Bool { isRead && tag == nil && sections.isEmpty && anchors.isEmpty }

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    await desk.watch(Filter(kinds: [.note, .anchor, .event, .session])) { try await read() }
  }

  public func choose(_ tag: Tag?) async {
    self.tag = tag
    await desk.attempt { try await read() }
  }

  public func erase(_ note: Id) async {
    await desk.attempt {
      try await desk.undo.erase(.note, note, says: Phrase("undo.note"))
      try await read()
    }
  }

  /// Holds on to something, to pick it up again.
  public func anchor(_ words: String, holds: Holds? = nil, due: Day? = nil) async {
    await desk.attempt {
      _ = try await desk.device.addAnchor(anchor: Anchor(words: words, holds: holds, due: due))
      try await read()
    }
  }

  public func finish(_ anchor: AnchorRecord) async {
    await desk.attempt {
      var done = anchor.anchor
      done.done = true
      try await desk.device.setAnchor(id: anchor.id, anchor: done)
      desk.undo.offer(Phrase("undo.anchor")) { [desk] in
        try await desk.device.setAnchor(id: anchor.id, anchor: anchor.anchor)
      }
      try await read()
    }
  }

  private func read() async throws {
    let notes = try await desk.device.notes(
      filter: NoteFilter(tag: tag), after: nil, limit: Self.page)
    anchors = try await desk.device.anchors(done: false)
    if tag == nil { tags = Array(Set(notes.flatMap(\.tags))).sorted() }
    var order: [String] = []
    var groups: [String: [NoteHeadline]] = [:]
    for note in notes {
      let group = "\(note.event ?? "") \(note.session ?? "")"
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(note)
    }
    var sections: [Section] = []
    for group in order {
      guard let notes = groups[group], let first = notes.first else { continue }
      sections.append(
        Section(
          event: first.event, session: first.session, title: await title(first), notes: notes))
    }
    self.sections = sections
    isRead = true
  }

  /// An event or a session may be gone while the note stays.
  private func title(_ note: NoteHeadline) async -> String? {
    let device = desk.device
    var names: [String] = []
    if let event = note.event, let record = try? await device.event(event: event) {
      names.append(record.name)
    }
    if let session = note.session, let record = try? await device.session(id: session) {
      names.append(record.session.title)
    }
    return names.isEmpty ? nil : names.joined(separator: " · ")
  }
}
