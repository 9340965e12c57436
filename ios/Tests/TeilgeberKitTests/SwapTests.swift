import Foundation
import Teilgeber
import Testing

@testable import TeilgeberKit

@MainActor
@Suite(.timeLimit(.minutes(3)))
struct SwapTests {
  @Test func twoPhonesHeldTogetherSwapOfflineAndTheAnswerArrives() async throws {
    let (ada, bob) = (try await Phone("Ada"), try await Phone("Bob"))
    let event = try await ada.camp()
    try await bob.joins(event, of: ada)
    var profile = try await bob.device.profile()
    profile.nameFor = .contacts
    try await bob.device.setProfile(profile: profile)

    let shown = SwapModel(desk: ada.desk, camera: RefusedCamera())
    await shown.show()
    #expect(shown.code != nil)
    #expect(shown.gives == [Phrase("swap.gives.name")])
    await shown.toggle(.bio)
    #expect(shown.gives.count == 2)
    let text = try await ada.device.showCode(fields: [], event: event).text

    let scan = SwapModel(desk: bob.desk, camera: FakeCamera { [text] })
    await scan.look()
    guard case .met(let person) = scan.outcome else {
      Issue.record("nobody was met")
      return
    }
    let met = MetModel(desk: bob.desk, person: person)
    try await bob.showing({ await met.run() }, until: { met.met != nil })
    #expect(met.contact?.name == "Ada")
    #expect(met.met?.key == "met.at.event")
    met.memo = "knows bees"
    met.promise = "send the link"
    #expect(await met.addAndAnswer())
    #expect(met.way == Phrase("met.way.event"))
    #expect(try await bob.device.contact(person: person).contact.memo == "knows bees")

    try await bob.sync(ada)
    try await until { try await ada.device.contacts().map(\.contact.name) == ["Bob"] }
    let people = PeopleModel(desk: bob.desk)
    try await bob.showing({ await people.run() }, until: { people.isRead })
    #expect(people.metHere.map(\.name) == ["Ada"])

    let card = PersonModel(desk: bob.desk, person: person)
    try await bob.showing({ await card.run() }, until: { card.contact != nil })
    let promise = try #require(card.contact?.promises.first)
    await card.keep(promise)
    #expect(card.contact?.promises.map(\.kept) == [true])
    await card.be(.mute)
    #expect(card.quiet == .mute)
    try await bob.desk.undo.undo()
    #expect(card.quiet == nil)
    #expect(await card.remove())
    try await bob.desk.undo.undo()
    #expect(try await bob.device.contact(person: person).contact.memo == "knows bees")
  }

  @Test func withoutANameThereIsNoCodeUntilThereIsOne() async throws {
    let ada = try await Phone("")
    let swap = SwapModel(desk: ada.desk, camera: RefusedCamera())
    await swap.show()
    #expect(swap.needsName)
    #expect(swap.code == nil)
    await swap.name("Ada")
    #expect(!swap.needsName)
    #expect(swap.code != nil)
    #expect(await swap.badge() != nil)
  }

  @Test func aRefusedCameraLeavesTheCodeAndTyping() async throws {
    let (ada, bob) = (try await Phone("Ada"), try await Phone("Bob"))
    let swap = SwapModel(desk: bob.desk, camera: RefusedCamera())
    await swap.run()
    #expect(swap.eye == .refused)
    #expect(bob.desk.problem == nil)
    let event = try await ada.camp()
    let code = try await ada.device.joinCode(event: event, addresses: [])
    await swap.open(try Picture(of: code))
    #expect(swap.outcome == .other(code))
    #expect(await swap.join())
    #expect(bob.desk.event == event)
    await swap.take("no code")
    #expect(bob.desk.problem == Phrase("error.ScanAgain"))
    await swap.take(try await bob.device.showCode(fields: [], event: nil).text)
    #expect(bob.desk.problem == Phrase("error.OwnCode"))
  }
}
