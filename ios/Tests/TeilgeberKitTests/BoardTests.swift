import Foundation
import Teilgeber
import Testing

@testable import TeilgeberKit

@MainActor
@Suite(.timeLimit(.minutes(3)))
struct BoardTests {
  @Test func anEmptyWallMarksTheFirstFreePlaceAndASessionTakesIt() async throws {
    let ada = try await Phone("ada")
    _ = try await ada.camp()
    let board = BoardModel(desk: ada.desk)
    await board.choose { _ in }
    #expect(board.isEmpty)
    #expect(board.rooms.map(\.letter) == ["B", "A"])
    #expect(board.rows.count == 2)
    #expect(board.nowLine == 1)
    let free = try #require(board.firstFree)
    #expect(free.room.name == "Barn")
    #expect(free.start > Phone.morning)

    #expect(await board.pitch(Session(title: "Offline first", tags: ["crdt"]), at: free))
    #expect(!board.isEmpty)
    #expect(board.rows[1].cells[0].map(\.title) == ["Offline first"])
    #expect(board.firstFree?.room.name == "Attic")
    #expect(board.tags == ["crdt"])
    #expect(await board.pitch(Session(title: "Somewhere"), at: nil))
    #expect(board.waiting.map(\.title) == ["Somewhere"])
  }

  @Test func starsAndFiltersChooseAndAMoveIsUndone() async throws {
    let ada = try await Phone("ada")
    _ = try await ada.camp()
    let board = BoardModel(desk: ada.desk)
    await board.choose { _ in }
    let free = try #require(board.firstFree)
    _ = await board.pitch(Session(title: "One", level: .expert), at: free)
    _ = await board.pitch(Session(title: "Two", tags: ["b"]), at: board.firstFree)
    let one = try #require(board.rows[1].cards.first { $0.title == "One" })
    await board.star(one)
    await board.choose { $0.onlyStarred = true }
    #expect(board.rows.flatMap(\.cards).map(\.title) == ["One"])
    await board.choose {
      $0.onlyStarred = false
      $0.tag = "b"
    }
    #expect(board.rows.flatMap(\.cards).map(\.title) == ["Two"])
    await board.choose {
      $0.tag = nil
      $0.level = .expert
    }
    #expect(board.rows.flatMap(\.cards).map(\.starred) == [true])
    await board.choose { $0.level = nil }

    await board.move(one, to: nil)
    #expect(board.waiting.map(\.title) == ["One"])
    try await ada.desk.undo.undo()
    await board.choose { _ in }
    #expect(board.waiting.isEmpty)
  }

  @Test func twoWhoClaimOneRoomSeeItOnBothPhonesUntilOneMoves() async throws {
    let (ada, bob) = (try await Phone("ada"), try await Phone("bob"))
    let event = try await ada.camp()
    try await bob.joins(event, of: ada)
    let (here, there) = (BoardModel(desk: ada.desk), BoardModel(desk: bob.desk))
    await here.choose { _ in }
    await there.choose { _ in }
    #expect(here.firstFree == there.firstFree)
    _ = await here.pitch(Session(title: "Ada's"), at: here.firstFree)
    _ = await there.pitch(Session(title: "Bob's"), at: there.firstFree)
    try await bob.sync(ada)
    await here.choose { _ in }
    await there.choose { _ in }
    for board in [here, there] {
      #expect(board.rows[1].cells[0].map(\.inConflict) == [true, true])
    }
    let mine = try #require(there.rows[1].cells[0].first { $0.title == "Bob's" })
    await there.move(mine, to: there.firstFree)
    try await bob.sync(ada)
    await here.choose { _ in }
    #expect(here.rows[1].cards.map(\.inConflict) == [false, false])
  }

  @Test func todayTellsWhatRunsWhatIsMineAndWhatMoved() async throws {
    let ada = try await Phone("ada")
    let today = TodayModel(desk: ada.desk)
    try await ada.showing({ await today.run() }, until: { today.isRead })
    #expect(today.hasNoEvent)

    let event = try await ada.camp()
    let running = try await ada.device.pitchSession(event: event, session: Session(title: "Runs"))
    let later = try await ada.device.pitchSession(event: event, session: Session(title: "Later"))
    let start = Phone.morning - 600_000
    try await ada.device.placeSession(
      id: running, place: Placement(room: "Barn", start: start, minutes: 45))
    try await ada.device.placeSession(
      id: later, place: Placement(room: "Attic", start: start + 3_600_000, minutes: 45))
    try await ada.device.star(session: later, star: true)
    try await ada.showing({ await today.run() }, until: { today.now.count == 1 })
    #expect(today.now.map { today.left($0) } == [Phrase("time.left.minutes", 35)])
    let next = try #require(today.mine.first { $0.title == "Later" })
    #expect(today.left(next) == Phrase("time.in.minutes", 50))

    let bob = try await Phone("bob")
    try await bob.joins(event, of: ada)
    try await bob.device.placeSession(
      id: later, place: Placement(room: "Barn", start: start + 3_600_000, minutes: 45))
    try await bob.sync(ada)
    try await ada.showing({ await today.run() }, until: { !today.notices.isEmpty })
    let notice = try #require(today.notices.first)
    #expect(notice.says.key == "today.moved")
    #expect(notice.says.values.prefix(2) == ["Later", "Barn"])
    await today.seen(notice)
    #expect(today.notices.isEmpty)
  }

  @Test func offTheRecordOffersNoPadAndSaysWhy() async throws {
    let ada = try await Phone("ada")
    let event = try await ada.camp()
    let session = try await ada.device.pitchSession(
      event: event, session: Session(title: "Quiet", policy: .offTheRecord))
    let model = SessionModel(desk: ada.desk, id: session)
    try await ada.showing({ await model.run() }, until: { model.session != nil })
    #expect(model.closed == Phrase("session.offTheRecord"))
    #expect(await model.post("said") == false)
    #expect(ada.desk.problem == Phrase("error.OffTheRecord"))
    #expect(await model.erase())
    try await ada.desk.undo.undo()
    #expect(try await ada.device.session(id: session).session.title == "Quiet")
  }

  @Test func theSampleFillsTheScreensThatPreviewsShow() async throws {
    let desk = try await Sample.desk()
    let board = BoardModel(desk: desk)
    await board.choose { _ in }
    #expect(board.rows.map(\.cards.count) == [1, 1, 1])
    let notes = NotesModel(desk: desk)
    await notes.choose(nil)
    #expect(notes.sections.map(\.title) == ["Mill"])
    #expect(notes.anchors.count == 1)
    #expect(desk.problem == nil)
  }
}
