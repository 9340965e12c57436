import Foundation
import Teilgeber
import Testing

@testable import TeilgeberKit

@MainActor
@Suite(.timeLimit(.minutes(3)))
struct WallTests {
  @Test func wordsFromTheOtherRoomsComeByRoomAndAreMutedOrTakenBack() async throws {
    let (ada, bob) = (try await Phone("Ada"), try await Phone("Bob"))
    let event = try await ada.camp()
    let session = try await ada.device.pitchSession(event: event, session: Session(title: "Bees"))
    let posts = PostsModel(desk: ada.desk)
    try await ada.showing({ await posts.run() }, until: { posts.isRead })
    #expect(posts.isEmpty)
    #expect(await posts.post("The coffee is ready"))
    #expect(await posts.post("They dance", about: .session(session)))
    #expect(posts.walls.map(\.title) == [nil, "Bees"])
    #expect(await posts.post("", about: nil) == false)
    ada.desk.problem = nil

    try await bob.joins(event, of: ada)
    let there = PostsModel(desk: bob.desk)
    try await bob.showing({ await there.run() }, until: { there.walls.count == 2 })
    let dance = try #require(there.walls.last?.posts.first)
    #expect(await there.post("And hum", reply: dance))
    #expect(there.walls.last?.posts.map(\.post.text) == ["They dance", "And hum"])
    await there.mute(dance)
    #expect(there.walls.flatMap(\.posts).map(\.mine) == [true])
    try await bob.desk.undo.undo()
    try await bob.showing({ await there.run() }, until: { there.walls.count == 2 })

    let mine = try #require(there.walls.flatMap(\.posts).first { $0.mine })
    #expect(await there.edit(mine, text: "And hum loudly"))
    await there.erase(mine)
    #expect(there.walls.flatMap(\.posts).count == 2)
    try await bob.desk.undo.undo()
    try await bob.sync(ada)
    try await ada.showing({ await posts.run() }, until: { posts.walls.last?.posts.count == 2 })
  }

  @Test func aSeatIsAskedForAndGivenOverASync() async throws {
    let (ada, bob) = (try await Phone("Ada"), try await Phone("Bob"))
    let event = try await ada.camp()
    let here = OffersModel(desk: ada.desk)
    await here.choose(nil)
    #expect(here.isEmpty)
    let ride = Offering.ride(
      from: "Mill", to: "Ulm", when: Date().millis + 7_200_000, places: 2)
    #expect(await here.make(ride, text: "by the river"))
    try await bob.joins(event, of: ada)
    let there = OffersModel(desk: bob.desk)
    await there.choose(.ride)
    let offer = try #require(there.days.first?.offers.first)
    #expect(offer.offer.title == Phrase("offers.ride", "Mill", "Ulm"))
    #expect(there.left(offer) == Phrase("offers.free", 2))
    #expect(await there.ask(offer, places: 2, word: "please"))
    #expect(bob.desk.problem == nil)
    try await bob.sync(ada)
    await here.choose(nil)
    let request = try #require(here.asked.first)
    await here.answer(request, yes: true)
    #expect(here.asked.isEmpty)
    try await bob.sync(ada)
    await there.choose(.ride)
    #expect(there.mine.map { there.state($0) } == [Phrase("offers.yes")])
    #expect(there.days.first?.offers.first.map { there.left($0) } == Phrase("offers.full"))
  }

  @Test func topicsStandSideBySideAndHintAtPeople() async throws {
    let (ada, bob) = (try await Phone("Ada"), try await Phone("Bob"))
    let event = try await ada.camp()
    let topics = TopicsModel(desk: ada.desk)
    #expect(await topics.say("Bees", .offer, level: .much))
    var profile = try await ada.device.profile()
    profile.nameFor = .event
    try await ada.device.setProfile(profile: profile)
    try await ada.device.appearIn(event: event, appear: true)
    try await bob.joins(event, of: ada)
    let there = TopicsModel(desk: bob.desk)
    #expect(await there.say("bees", .want))
    #expect(there.topics.map(\.offeredBy.count) == [1])
    let people = PeopleModel(desk: bob.desk)
    try await bob.showing({ await people.run() }, until: { !people.others.isEmpty })
    #expect(people.others.map(\.hint?.key) == ["people.offers"])
    await there.drop(try #require(there.mine.first))
    #expect(there.mine.isEmpty)
    try await bob.desk.undo.undo()
    #expect(there.mine.map(\.stance) == [.want])
  }

  @Test func allIsSearched() async throws {
    let ada = try await Phone("Ada")
    _ = try await ada.device.createNote(note: Note(text: "Bees hum"))
    let search = SearchModel(desk: ada.desk)
    search.query = " hum "
    await search.search()
    #expect(search.hits.map(\.kind) == [.note])
    search.query = "silence"
    await search.search()
    #expect(search.isEmpty)
    search.query = ""
    await search.search()
    #expect(!search.isEmpty)
  }
}
