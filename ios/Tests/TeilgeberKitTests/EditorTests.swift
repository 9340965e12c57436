import Teilgeber
import Testing

@testable import TeilgeberKit

/// A text that others write into as well, and whose disk may be full.
private actor SharedText: EditedText {
  private(set) var text: String
  private var isFull = false
  private var refusals = 0

  init(_ text: String) {
    self.text = text
  }

  func others(write text: String) { self.text = text }
  func fill(_ full: Bool) { isFull = full }
  func refuse(times: Int) { refusals = times }

  func read() -> String { text }

  func write(_ splice: Splice) throws {
    guard !isFull else { throw CoreError.FreeSpace(message: "") }
    guard refusals == 0 else {
      refusals -= 1
      throw CoreError.ReadAgain(message: "")
    }
    text = text.applying(splice)
  }
}

@MainActor
@Suite(.timeLimit(.minutes(3)))
struct EditorTests {
  @Test(arguments: [
    // What was there, what others made of it, what is typed here, and what both see.
    ("one", "zero one", "one two", "zero one two"),
    ("one", "one two", "zero one", "zero one two"),
    ("a b c", "a c", "a b c d", "a c d"),
    ("ab", "xy", "pq", "xypq"),
    ("🦊", "🦊🦊", "a🦊", "a🦊🦊"),
  ])
  func bothEditsStay(before: String, theirs: String, mine: String, both: String) async throws {
    let shared = SharedText(before)
    let editor = Editor(shared)
    try await editor.refresh()
    editor.text = mine
    await shared.others(write: theirs)
    await editor.save()
    #expect(editor.text == both)
    #expect(await shared.text == both)
    #expect(editor.state == .saved)
  }

  @Test func whatOthersWriteShowsWhileNothingIsTyped() async throws {
    let shared = SharedText("one")
    let editor = Editor(shared)
    try await editor.refresh()
    await shared.others(write: "one two")
    try await editor.refresh()
    #expect(editor.text == "one two")
    #expect(editor.state == .saved)
  }

  @Test func itNeverSaysSavedOfWhatIsNot() async throws {
    let shared = SharedText("")
    let editor = Editor(shared)
    await shared.fill(true)
    editor.text = "important"
    await editor.save()
    #expect(editor.word == Phrase("error.FreeSpace"))
    #expect(editor.text == "important")
    await shared.fill(false)
    await editor.save()
    #expect(editor.word == Phrase("editor.saved"))
    #expect(await shared.text == "important")
  }

  @Test func aTextThatChangedMeanwhileIsReadAgain() async throws {
    let shared = SharedText("one")
    let editor = Editor(shared)
    try await editor.refresh()
    await shared.refuse(times: 2)
    editor.text = "one two"
    await editor.save()
    #expect(await shared.text == "one two")
  }
}
