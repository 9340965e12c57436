import Observation
import Teilgeber

/// A person: what they show, where and when we met, what was promised, what they do here.
@MainActor
@Observable
public final class PersonModel {
  /// What they show, as far as it came here.
  public private(set) var card: Card?
  /// What I hold of them; none where they are no contact.
  public private(set) var contact: Contact?
  public private(set) var name: String?
  public private(set) var meetings: [Phrase] = []
  public private(set) var sessions: [SessionRecord] = []
  public private(set) var posts: [PostRecord] = []
  public private(set) var quiet: Quiet?
  public private(set) var follows = false
  public var memo = ""

  public let person: Id
  private let desk: Desk

  public init(desk: Desk, person: Id) {
    self.desk = desk
    self.person = person
  }

  public func run() async {
    await desk.watch(Filter(kinds: [.card, .contact, .session, .post, .muted])) {
      try await read()
    }
  }

  public func saveMemo() async -> Bool {
    await change { $0.memo = memo }
  }

  public func promise(_ text: String, by: Whose) async -> Bool {
    let made = desk.now
    return await change {
      $0.promises.append(Promise(by: by, text: text, made: made, kept: false))
    }
  }

  public func keep(_ promise: Promise) async {
    await change { contact in
      guard let at = contact.promises.firstIndex(of: promise) else { return }
      contact.promises[at].kept = true
    }
  }

  /// Asks for their card, so that what they show stays up to date.
  public func askForCard() async -> Bool {
    await desk.attempt { _ = try await desk.device.askForCard(person: person) }
  }

  public func follow(_ on: Bool) async {
    await desk.attempt {
      if on {
        try await desk.device.follow(person: person)
      } else {
        try await desk.device.unfollow(person: person)
      }
      try await read()
    }
  }

  /// Mutes or blocks, at once and for me alone; nil ends it.
  public func be(_ quiet: Quiet?) async {
    await desk.attempt {
      let before = self.quiet
      try await set(quiet)
      if quiet != nil {
        desk.undo.offer(Phrase("undo.quiet")) { try await self.set(before) }
      }
    }
  }

  /// Takes them out of my contacts, with ten seconds to undo.
  public func remove() async -> Bool {
    await desk.attempt { try await desk.remove(person) }
  }

  private func set(_ quiet: Quiet?) async throws {
    switch quiet {
    case .mute: try await desk.device.mute(person: person)
    case .block: try await desk.device.block(person: person)
    case nil: try await desk.device.unmute(person: person)
    }
    try await read()
  }

  @discardableResult
  private func change(_ edit: (inout Contact) -> Void) async -> Bool {
    await desk.attempt {
      var contact = try await desk.device.contact(person: person).contact
      edit(&contact)
      try await desk.device.setContact(contact: contact)
      try await read()
    }
  }

  private func read() async throws {
    let device = desk.device
    do {
      let held = try await device.contact(person: person).contact
      if contact == nil { memo = held.memo }
      contact = held
    } catch CoreError.NotHere {
      contact = nil
    }
    quiet = try await device.muted().first { $0.person == person }?.quiet
    follows = try await device.following().contains { $0.contact.person == person }
    var meetings: [Phrase] = []
    for meeting in contact?.meetings ?? [] { meetings.append(try await desk.says(meeting)) }
    self.meetings = meetings
    card = contact?.card
    if let event = try await desk.currentEvent() {
      let here = try await desk.people(of: event.id).first { $0.person == person }?.card
      card = here ?? card
      sessions = try await device.sessions(event: event.id).filter { $0.pitcher == person }
      posts = try await device.posts(
        event: event.id, filter: PostFilter(author: person), before: nil, limit: 20)
    }
    name = contact?.name ?? card?.name
  }
}
