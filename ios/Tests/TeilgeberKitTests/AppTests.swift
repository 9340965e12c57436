import Foundation
import Teilgeber
import Testing

@testable import TeilgeberKit

@MainActor
@Suite(.timeLimit(.minutes(3)))
struct AppTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: "app-\(UUID())")

  @Test func theFirstRunWorksWithNothingFilledInAndIsAskedOnce() async throws {
    let app = AppModel(home: folder, platform: .fake())
    let running = Task { await app.run() }
    try await until { if case .first = app.state { true } else { false } }
    await app.start(name: "  ")
    let desk = try #require(app.desk)
    #expect(try await desk.device.me().name == nil)
    running.cancel()
    await running.value

    let again = AppModel(home: folder, platform: .fake())
    let second = Task { await again.run() }
    try await until { again.desk != nil }
    let other = AppModel(home: folder, platform: .fake())
    await other.run()
    guard case .failed(let why) = other.state else {
      Issue.record("two apps in one home")
      return
    }
    #expect(why == Phrase("error.OtherProgramHasIt"))
    second.cancel()
    await second.value
  }

  @Test func twoAppsThatSeeEachOtherSyncPauseAndGoOn() async throws {
    let network = FakeNetwork()
    let (ada, bob) = (try await started("ada", network), try await started("bob", network))
    let desk = try #require(ada.app.desk)
    let event = try await desk.device.createEvent(
      event: Event(
        name: "Mill", first: "2026-11-21", last: "2026-11-22", timeZone: "Europe/Berlin"))
    let joined = EventModel(desk: try #require(bob.app.desk))
    #expect(await joined.join(try await desk.device.joinCode(event: event, addresses: [])))
    _ = try await desk.device.writePost(event: event, post: NewPost(text: "hello"))
    await network.comes()
    let there = try #require(bob.app.desk?.device)
    try await until { try await posts(there, event) == ["hello"] }
    try await until { bob.app.keeper?.standing?.links.map(\.rung) == [.network] }
    let sync = SyncModel(desk: desk, keeper: try #require(ada.app.keeper))
    #expect(sync.ladder.map(\.works) == [true, false, false])
    #expect(sync.help == .none)

    // In the background its links end; in front it goes on by itself.
    await bob.app.scene(isActive: false)
    try await until { bob.app.keeper?.standing?.situation == .paused }
    _ = try await desk.device.writePost(event: event, post: NewPost(text: "again"))
    await bob.app.scene(isActive: true)
    try await until { try await posts(there, event) == ["hello", "again"] }

    // What a person paused stays so, in front and after a restart.
    await sync.pause()
    #expect(sync.isPaused)
    await ada.app.scene(isActive: true)
    try await until { ada.app.keeper?.line == Phrase("sync.line.paused") }
    #expect(sync.help == .resume)
    await sync.resume()
    try await until { ada.app.keeper?.line.key != "sync.line.paused" }
    for one in [ada, bob] {
      one.running.cancel()
      await one.running.value
    }
  }

  @Test(arguments: [
    (Situation.paused, "paused"), (.looking, "looking"), (.alone, "alone"), (.blocked, "blocked"),
    (.strangers, "strangers"), (.otherVersion, "otherVersion"), (.passing, "passing"),
    (.same, "same"), (.resting, "resting"), (.spent, "spent"),
  ])
  func theLineSaysNoMoreThanIsKnown(situation: Situation, word: String) {
    let link = NearLink(rung: .network, same: true, person: nil)
    let standing = Standing(
      situation: situation, links: [link, link], address: nil, hindrance: nil)
    #expect(SyncLine.says(standing).key == "sync.line.\(word)")
    #expect(SyncLine.says(nil) == Phrase("sync.line.onlyHere"))
  }

  private func started(_ name: String, _ network: FakeNetwork) async throws
    -> (app: AppModel, running: Task<Void, Never>)
  {
    let app = AppModel(home: folder.appending(path: name), platform: .fake(network))
    let running = Task { await app.run() }
    try await until { if case .first = app.state { true } else { false } }
    await app.start(name: name)
    return (app, running)
  }

  private func posts(_ device: Device, _ event: Id) async throws -> [String] {
    try await device.posts(event: event, filter: PostFilter(), before: nil, limit: 9)
      .map(\.post.text)
  }
}
