import Foundation
import Teilgeber
import Testing

@testable import Teilgeber

@Suite(.timeLimit(.minutes(3)))
struct ObserveTests {
  let story: Story

  init() throws {
    story = try Story()
  }

  @Test func aReaderThatIsSlowMissesNothing() async throws {
    let ada = try await story.device("ada")
    let changes = try ada.changes(Filter(kinds: [.note]))
    var written: Set<Id> = []
    for number in 0..<40 {
      written.insert(try await ada.createNote(note: Note(text: "note \(number)")))
    }
    var told: Set<Id> = []
    for await news in changes {
      told.formUnion(news.changes.map(\.id))
      if told.isSuperset(of: written) { break }
    }
    #expect(told == written)
  }

  @Test func whatIsUnreadIsJoinedAndTooMuchOfItIsEverything() {
    let change = { (number: Int) in Change(kind: .note, space: "s", id: "\(number)") }
    let one = News(changes: [change(1), change(2)], everything: false)
    let two = News(changes: [change(2), change(3)], everything: false)
    #expect(one.joined(with: two).changes == [change(1), change(2), change(3)])
    #expect(one.joined(with: News(changes: [], everything: true)).everything)
    let many = News(changes: (0..<News.listed).map(change), everything: false)
    #expect(many.joined(with: one) == many)
    let more = many.joined(with: News(changes: [change(-1)], everything: false))
    #expect(more == News(changes: [], everything: true))
  }

  @Test func aStreamEndsWithTheTaskThatReadsIt() async throws {
    let ada = try await story.device("ada")
    let changes = try ada.changes()
    let reading = Task {
      var count = 0
      for await _ in changes { count += 1 }
      return count
    }
    _ = try await ada.createNote(note: Note(text: "told"))
    reading.cancel()
    #expect(await reading.value <= 1)
    _ = try await ada.createNote(note: Note(text: "not told"))
  }

  @MainActor
  @Test func aScreenWatchesOnTheMainActorUntilItIsGone() async throws {
    let ada = try await story.device("ada")
    var titles: [String?] = []
    let watching = Task { @MainActor in
      try await ada.watch(Filter(kinds: [.note])) {
        titles = try await ada.notes(filter: NoteFilter(), after: nil, limit: 10).map(\.title)
      }
    }
    _ = try await ada.createNote(note: Note(text: "seen"))
    try await until { titles == ["seen"] }
    watching.cancel()
    try await watching.value
    _ = try await ada.createNote(note: Note(text: "unseen"))
    try await Task.sleep(for: .milliseconds(200))
    #expect(titles == ["seen"])
  }

  @Test func thousandsOfObserversEndAndTakeNoThreads() async throws {
    let ada = try await story.device("ada")
    let threads = try running("task")
    let many = try (0..<10_000).map { _ in try ada.changes(Filter(kinds: [.event])) }
    #expect(try running("task") < threads + 24)
    #expect(many.count == 10_000)
    let still = try ada.changes()
    _ = try await ada.createNote(note: Note(text: "told"))
    #expect(await still.first { _ in true }?.changes.count == 1)
  }
}

/// How many threads (`task`) or open files (`fd`) this process has.
func running(_ what: String) throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(what)").count
}
