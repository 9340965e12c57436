import Foundation
import Teilgeber
import Testing

/// The scenario that every binding plays, in Swift.
@Suite(.timeLimit(.minutes(3)))
struct ConformanceTests {
  let story: Story

  init() throws {
    story = try Story()
  }

  @Test func aNoteIsTypedAndFoundAndIsThereAfterARestart() async throws {
    let first = try await story.device("ada")
    #expect(first.opened() == .new)
    let note = try await first.createNote(note: Note(text: "Merging 🦊", tags: ["crdt"]))
    try await first.spliceNote(
      id: note, unit: .scalars, splices: [Splice(at: 9, delete: 0, insert: " offline")])
    try await first.spliceNote(
      id: note, unit: .utf16, splices: [Splice(at: 0, delete: 7, insert: "Talking")])
    await first.shut()

    let ada = try await story.device("ada")
    #expect(ada.opened() == .existing)
    #expect(try await ada.noteText(id: note) == "Talking 🦊 offline")
    let headlines = try await ada.notes(filter: NoteFilter(tag: "crdt"), after: nil, limit: 10)
    #expect(headlines.map(\.id) == [note])
    let hits = try await ada.search(query: "offl", narrow: Narrow(), limit: 10)
    #expect(hits.map(\.kind) == [.note])
    #expect(hits.map(\.id) == [note])
    let places = try await ada.places(kind: .note, id: note)
    #expect(places == Places(devices: 0, hubs: 0, others: false))
  }

  @Test func errorsAreCodesAndLeaveAllAsItWas() async throws {
    let ada = try await story.device("ada")
    await refuses("OtherProgramHasIt") { _ = try await story.device("ada") }
    await refuses("Invalid") { _ = try await ada.note(id: "no id") }
    await refuses("NotHere") { _ = try await ada.note(id: String(repeating: "0", count: 64)) }
    await refuses("ScanAgain") { _ = try await ada.join(code: "no code") }
    await refuses("ShowName") { _ = try await ada.showCode(fields: [], event: nil) }
    await refuses("CheckAddress") { _ = try await ada.sync(with: "127.0.0.1:1") }
    let note = try await ada.createNote(note: Note(text: "short"))
    await refuses("ReadAgain") {
      try await ada.spliceNote(
        id: note, unit: .scalars, splices: [Splice(at: 9, delete: 0, insert: "!")])
    }
    #expect(try await ada.noteText(id: note) == "short")
    await ada.shut()
    await refuses("Shut") { _ = try await ada.me() }
    await refuses("Shut") { _ = try ada.changes() }
  }

  @Test func twoDevicesSwapByAPictureAndSyncOverARealSocket() async throws {
    let (ada, bob) = (try await story.device("ada"), try await story.device("bob"))
    let camp = try await Camp(ada)

    // Offline: bob joins by a code and scans ada's from a picture before anything has passed.
    try await bob.setProfile(profile: .of("Bob", for: .contacts))
    let joined = try await bob.join(
      code: try seen(try await ada.joinCode(event: camp.event, addresses: [])))
    #expect(joined.name == "Mill")
    let shown = try await ada.showCode(fields: [], event: camp.event)
    let person = try await bob.scan(code: try seen(shown.text), met: MetAt(place: "at the stairs"))
    _ = try await bob.answer(person: person)
    #expect(try await bob.contact(person: person).contact.confirmed == false)

    try await ada.keepingLinks(LinksConfig(listen: .at("127.0.0.1:0"))) { links in
      let address = try #require(try links.standing().address)
      let report = try await bob.sync(with: address)
      #expect(report.bytesReceived > 0)
      #expect(report.spaces.contains { $0.space == camp.event && $0.outcome == .same })
    }
    try await camp.isWhole(at: bob)
    #expect(try await ada.contacts().map(\.contact.name) == ["Bob"])
    let places = try await ada.places(kind: .session, id: camp.session)
    #expect(places.devices == 1 || places.others)
  }

  @Test func whatIsWrittenPassesOverALentLinkWithNewsOfIt() async throws {
    let (ada, bob) = (try await story.device("ada"), try await story.device("bob"))
    let camp = try await Camp(ada)
    _ = try await bob.join(code: try await ada.joinCode(event: camp.event, addresses: []))

    let (atAda, atBob) = Wire.pair()
    try await ada.keepingLinks { here in
      try await bob.keepingLinks { there in
        let lending = Task {
          async let out: Void = here.lend(atAda, initiator: true)
          async let back: Void = there.lend(atBob, initiator: false)
          _ = try? await (out, back)
        }
        try await until {
          let posts = try await bob.posts(
            event: camp.event, filter: PostFilter(), before: nil, limit: 9)
          return posts.count == 1
        }
        try await camp.isWhole(at: bob)

        let changes = try bob.changes(Filter(kinds: [.post]))
        _ = try await ada.writePost(event: camp.event, post: NewPost(text: "And there is cake"))
        let news = await changes.first { _ in true }
        #expect(news?.changes.map(\.kind) == [.post])

        let standing = try here.standing()
        #expect(standing.links.map(\.rung) == [.radio])
        var situations: [Situation] = []
        for await standing in try here.standings() {
          situations.append(standing.situation)
          if standing.situation == .same { break }
        }
        #expect(situations.last == .same)
        lending.cancel()
        await lending.value
      }
    }
    #expect(atAda.longest > 0)
    #expect(max(atAda.longest, atBob.longest) <= Wire.smallest)
  }

  @Test func strangeBytesEndTheLinkAndNothingElse() async throws {
    let ada = try await story.device("ada")
    try await ada.keepingLinks { links in
      let (ours, theirs) = Wire.pair()
      let lending = Task { try await links.lend(ours, initiator: false) }
      var random = SystemRandomNumberGenerator()
      while !ours.isClosed {
        let bytes = (0..<512).map { _ in UInt8.random(in: 0...255, using: &random) }
        try? await theirs.send(Data(bytes))
      }
      try await lending.value
      _ = try await ada.createNote(note: Note(text: "still here"))
    }
  }

  @Test func bytesPassByCodesThatFollowOneAnother() throws {
    let payload = Data((0..<1_500).map { _ in UInt8.random(in: 0...255) })
    let (sender, receiver) = (try AnimatedQrSender(payload: payload), AnimatedQrReceiver())
    var number: UInt16 = 0
    while !receiver.progress().isDone {
      let picture = Luma(sender.frame(number: number))
      if number != 1 {  // One that the camera missed.
        _ = receiver.takeLuma(
          width: picture.side, height: picture.side, stride: picture.side, luma: picture.bytes)
      }
      number += 1
    }
    #expect(receiver.payload() == payload)
  }
}

/// An event that somebody has filled a little.
struct Camp {
  let event: Id
  let session: Id
  private let start: Millis = 1_795_255_200_000

  init(_ founder: Device) async throws {
    try await founder.setProfile(profile: .of("Ada", for: .event))
    event = try await founder.createEvent(event: .mill)
    try await founder.appearIn(event: event, appear: true)
    session = try await founder.pitchSession(event: event, session: Session(title: "Offline first"))
    try await founder.placeSession(
      id: session, place: Placement(room: "Barn", start: start, minutes: 45))
    try await founder.splicePad(
      session: session, unit: .scalars, splices: [Splice(at: 0, delete: 0, insert: "Hello")])
    _ = try await founder.writePost(event: event, post: NewPost(text: "The coffee is ready"))
  }

  func isWhole(at guest: Device) async throws {
    let board = try await guest.board(event: event, part: Part())
    #expect(board.map(\.session.session.title) == ["Offline first"])
    #expect(board.map(\.placement?.room) == ["Barn"])
    let now = try await guest.nowNext(event: event, now: start)
    #expect(now.now.map(\.session.id) == [session])
    #expect(try await guest.pad(session: session).text == "Hello")
    let people = try await guest.participants(event: event, after: nil, limit: 9).people()
    #expect(people.map(\.card.name) == ["Ada"])
    let posts = try await guest.posts(event: event, filter: PostFilter(), before: nil, limit: 9)
    #expect(posts.map(\.post.text) == ["The coffee is ready"])
  }
}
