import Foundation
import Observation
import Teilgeber

/// The note editor: the text, and nothing else. A new note is there from its first words on.
@MainActor
@Observable
public final class NoteModel {
  public let editor: Editor
  public private(set) var tags: [Tag] = []

  private let desk: Desk
  private let note: NoteText

  /// Opens a note, or an empty one that belongs to what is given.
  public init(
    desk: Desk, id: Id? = nil, event: Id? = nil, session: Id? = nil,
    sleep: @escaping Undo.Sleep = { try await Task.sleep(for: .milliseconds($0)) }
  ) {
    self.desk = desk
    note = NoteText(device: desk.device, id: id, event: event, session: session)
    editor = Editor(note, sleep: sleep)
  }

  /// Which note it is; none before its first words.
  public func id() async -> Id? { await note.id }

  /// For the `.task` of the screen.
  public func run() async {
    await desk.watch(Filter(kinds: [.note])) { [editor, note] in
      try await editor.refresh()
      if let id = await note.id { tags = try await desk.device.note(id: id).note.tags }
    }
  }

  /// Puts words at the end, on a line of their own: an item to tick off, a heading.
  public func append(_ form: Form) {
    let line = editor.text.isEmpty || editor.text.hasSuffix("\n") ? "" : "\n"
    editor.text += line + form.mark
  }

  /// Ticks an item off, or not.
  public func tick(line number: Int) {
    var lines = editor.text.components(separatedBy: "\n")
    guard lines.indices.contains(number) else { return }
    let (open, done) = (Form.item.mark, "- [x] ")
    let line = lines[number]
    if line.hasPrefix(open) {
      lines[number] = done + line.dropFirst(open.count)
    } else if line.hasPrefix(done) {
      lines[number] = open + line.dropFirst(done.count)
    }
    editor.text = lines.joined(separator: "\n")
  }

  public func tag(_ tags: [Tag]) async {
    await desk.attempt {
      await editor.save()
      guard let id = await note.id else { return }
      var changed = try await desk.device.note(id: id).note
      changed.tags = tags
      try await desk.device.setNote(id: id, note: changed)
      self.tags = tags
    }
  }

  /// Erases it, with ten seconds to undo. Says whether the editor closes.
  public func erase() async -> Bool {
    await desk.attempt {
      await editor.save()
      guard let id = await note.id else { return }
      try await desk.undo.erase(.note, id, says: Phrase("undo.note"))
    }
  }

  /// What can be put into a text.
  public enum Form: CaseIterable, Sendable {
    case item
    case heading

    var mark: String {
      switch self {
      case .item: "- [ ] "
      case .heading: "## "
      }
    }
  }
}

/// A note's text, which begins to be there with the first words.
private actor NoteText: EditedText {
  private(set) var id: Id?
  private let device: Device
  private let event: Id?
  private let session: Id?

  init(device: Device, id: Id?, event: Id?, session: Id?) {
    self.device = device
    self.id = id
    self.event = event
    self.session = session
  }

  func read() async throws -> String {
    guard let id else { return "" }
    return try await device.noteText(id: id)
  }

  func write(_ splice: Splice) async throws {
    if let id {
      try await device.spliceNote(id: id, unit: .scalars, splices: [splice])
    } else {
      id = try await device.createNote(
        note: Note(text: splice.insert, event: event, session: session))
    }
  }
}
