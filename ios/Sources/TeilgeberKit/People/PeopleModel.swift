import Observation
import Teilgeber

/// Met here, met before, everyone else, by name.
@MainActor
@Observable
public final class PeopleModel {
  /// Somebody in a list.
  public struct Entry: Identifiable, Hashable {
    public let id: Id
    public let name: String?
    public let hashtags: [String]
    /// Why they are worth a look: what they want and I offer, or the other way.
    public internal(set) var hint: Phrase?
  }

  public private(set) var event: EventRecord?
  public private(set) var metHere: [Entry] = []
  public private(set) var metBefore: [Entry] = []
  public private(set) var others: [Entry] = []
  public private(set) var requests: [Request] = []
  public private(set) var isRead = false

  /// Nobody has shared a profile yet; the screen says how to be the first.
  public var isEmpty: Bool {
    isRead && metHere.isEmpty && metBefore.isEmpty && others.isEmpty && requests.isEmpty
  }

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    let kinds: [Kind] = [.card, .contact, .event, .topics, .muted]
    await desk.watch(Filter(kinds: kinds)) { try await read() }
  }

  /// Makes who asked a contact, and gives them my card.
  public func accept(_ request: Request) async {
    await desk.attempt {
      switch request.wants {
      case .contact: _ = try await desk.device.accept(person: request.person)
      case .card: _ = try await desk.device.giveCard(person: request.person)
      }
      try await read()
    }
  }

  public func decline(_ request: Request) async {
    await desk.attempt {
      try await desk.device.decline(person: request.person)
      try await read()
    }
  }

  private func read() async throws {
    let device = desk.device
    event = try await desk.currentEvent()
    requests = try await device.requests()
    let contacts = try await device.contacts().map(\.contact)
    let me = try await device.me().person
    let here = event?.id
    let met = Set(
      contacts.filter { $0.meetings.contains { $0.event != nil && $0.event == here } }
        .map(\.person))
    metHere = contacts.filter { met.contains($0.person) }.map(Entry.init)
    var known = met.union([me])
    var before = contacts.filter { !met.contains($0.person) }.map(Entry.init)
    var appearing: [Participant] = []
    if let event {
      appearing = try await desk.people(of: event.id)
      let again = try await device.metIn(event: event.id)
      let cards = Dictionary(
        appearing.map { ($0.person, $0.card) }, uniquingKeysWith: { first, _ in first })
      before += again.filter { one in
        !known.contains(one.person) && !before.contains { $0.id == one.person }
      }.map { Entry(id: $0.person, name: $0.name, card: cards[$0.person]) }
    }
    metBefore = before
    known.formUnion(before.map(\.id))
    others = appearing.filter { !known.contains($0.person) }
      .map { Entry(id: $0.person, name: $0.card.name, card: $0.card) }
    if let event { try await hint(in: event.id) }
    isRead = true
  }

  /// Says who wants what I offer, and who offers what I want.
  private func hint(in event: Id) async throws {
    var hints: [Id: Phrase] = [:]
    for topic in try await desk.device.topics(event: event) {
      switch topic.mine {
      case .offer:
        for who in topic.wantedBy { hints[who.person] = Phrase("people.wants", .text(topic.topic)) }
      case .want:
        for who in topic.offeredBy {
          hints[who.person] = Phrase("people.offers", .text(topic.topic))
        }
      case nil: break
      }
    }
    let hinted = { (entry: Entry) in
      var entry = entry
      entry.hint = hints[entry.id]
      return entry
    }
    (metHere, metBefore, others) = (
      metHere.map(hinted), metBefore.map(hinted), others.map(hinted)
    )
  }
}

extension PeopleModel.Entry {
  init(_ contact: Contact) {
    self.init(id: contact.person, name: contact.name, card: contact.card)
  }

  init(id: Id, name: String?, card: Card?) {
    self.init(id: id, name: name, hashtags: card?.hashtags.map(\.tag) ?? [], hint: nil)
  }
}
