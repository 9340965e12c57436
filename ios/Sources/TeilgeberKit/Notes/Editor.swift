import Observation
import Teilgeber

/// A text that the core keeps and an editor shows.
public protocol EditedText: Sendable {
  /// The text as it was typed and merged.
  func read() async throws -> String
  /// Changes it; positions are counted in scalars. Where this returns, it is on disk.
  func write(_ splice: Splice) async throws
}

/// What stands in an editor, and whether it is saved. It saves at a pause, and takes in what others write.
@MainActor
@Observable
public final class Editor {
  /// Where the text is.
  public enum State: Hashable {
    case saved
    case saving
    case failed(Phrase)
  }

  /// How long a pause is, in milliseconds: short enough that a kill costs a word at most.
  public static let pause: UInt64 = 400

  /// What the person sees and types.
  public var text = "" {
    didSet { if text != oldValue { typed() } }
  }
  public private(set) var state = State.saved

  /// The state in one word.
  public var word: Phrase {
    switch state {
    case .saved: Phrase("editor.saved")
    case .saving: Phrase("editor.saving")
    case .failed(let why): why
    }
  }

  private let edited: any EditedText
  private let sleep: Undo.Sleep
  /// What the core had when both were last the same.
  private var base = ""
  private var pausing: Task<Void, Never>?
  private var isWriting = false

  public init(
    _ edited: any EditedText,
    sleep: @escaping Undo.Sleep = { try await Task.sleep(for: .milliseconds($0)) }
  ) {
    self.edited = edited
    self.sleep = sleep
  }

  /// Shows what the core has, with what was typed here and not saved yet.
  public func refresh() async throws {
    guard !isWriting else { return }
    let current = try await edited.read()
    guard !isWriting else { return }
    take(current)
  }

  /// Saves what was typed. Call it on leaving, too.
  public func save() async {
    pausing?.cancel()
    guard !isWriting else { return }
    isWriting = true
    defer { isWriting = false }
    do {
      // Another round for what is typed, or comes from others, meanwhile.
      while text != base {
        state = .saving
        take(try await edited.read())
        guard let splice = Splice.between(base, text) else { break }
        let written = text
        do {
          try await edited.write(splice)
          base = written
        } catch CoreError.ReadAgain {
          continue
        }
      }
      state = .saved
    } catch {
      state = .failed(Phrase(error))
    }
  }

  private func typed() {
    guard text != base else { return }
    state = .saving
    pausing?.cancel()
    pausing = Task { [weak self, sleep] in
      guard (try? await sleep(Self.pause)) != nil else { return }
      await self?.save()
    }
  }

  /// Puts what was typed here upon what the core has now.
  private func take(_ current: String) {
    guard current != base else { return }
    let mine = Splice.between(base, text)
    let theirs = Splice.between(base, current)
    base = current
    guard let mine, let theirs else {
      text = mine == nil ? current : text
      return
    }
    text = current.applying(mine.after(theirs))
  }
}

extension Splice {
  /// The same edit in the text that `other` has left. Where both touch the same words, what is inserted stands
  /// behind, and nothing of `other` goes.
  func after(_ other: Splice) -> Splice {
    let added = UInt32(other.insert.unicodeScalars.count)
    if at + delete <= other.at { return self }
    if at >= other.at + other.delete {
      return Splice(at: at - other.delete + added, delete: delete, insert: insert)
    }
    return Splice(at: other.at + added, delete: 0, insert: insert)
  }
}

extension String {
  func applying(_ splice: Splice) -> String {
    var scalars = Array(unicodeScalars)
    let start = min(Int(splice.at), scalars.count)
    let end = min(start + Int(splice.delete), scalars.count)
    scalars.replaceSubrange(start..<end, with: splice.insert.unicodeScalars)
    var view = UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
