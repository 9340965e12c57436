import Observation
import Teilgeber

/// After a scan: the person's card, where we met, a line for a memo.
@MainActor
@Observable
public final class MetModel {
  public private(set) var contact: Contact?
  /// Where we met, in words.
  public private(set) var met: Phrase?
  /// How the answer gets there; none before it was given.
  public private(set) var way: Phrase?
  public var memo = ""
  public var promise = ""

  public let person: Id
  private let desk: Desk

  public init(desk: Desk, person: Id) {
    self.desk = desk
    self.person = person
  }

  public func run() async {
    await desk.watch(Filter(kinds: [.contact])) {
      let contact = try await desk.device.contact(person: person).contact
      if self.contact == nil { memo = contact.memo }
      self.contact = contact
      if let meeting = contact.meetings.last { met = try await desk.says(meeting) }
    }
  }

  /// Keeps what was written down. Says whether the screen closes.
  public func add() async -> Bool {
    await desk.attempt {
      var contact = try await desk.device.contact(person: person).contact
      contact.memo = memo
      if !promise.isEmpty {
        contact.promises.append(Promise(by: .mine, text: promise, made: desk.now, kept: false))
      }
      try await desk.device.setContact(contact: contact)
      promise = ""
    }
  }

  /// Keeps it, and gives them my card, as my contacts see it.
  public func addAndAnswer() async -> Bool {
    guard await add() else { return false }
    return await desk.attempt {
      switch try await desk.device.answer(person: person) {
      case .event: way = Phrase("met.way.event")
      case .directLink: way = Phrase("met.way.directLink")
      }
    }
  }

  /// It was a mistake: the contact goes, with ten seconds to undo.
  public func discard() async -> Bool {
    await desk.attempt { try await desk.remove(person) }
  }
}

extension Desk {
  /// Where and when we met, in words.
  func says(_ meeting: Meeting) async throws -> Phrase {
    let event = try? await device.event(event: meeting.event ?? "")
    let moments = event?.moments ?? Moments(zone: nil)
    let day = Phrase.Value.text(moments.day(meeting.when))
    var session: SessionRecord?
    if let id = meeting.session { session = try? await device.session(id: id) }
    switch (meeting.place ?? session?.session.title, event?.name) {
    case (let place?, let event?): return Phrase("met.at.both", day, .text(place), .text(event))
    case (let place?, nil): return Phrase("met.at.place", day, .text(place))
    case (nil, let event?): return Phrase("met.at.event", day, .text(event))
    case (nil, nil): return Phrase("met.at.day", day)
    }
  }

  /// Takes somebody out of my contacts, with ten seconds to undo. What I gave them stays with them.
  func remove(_ person: Id) async throws {
    try await undo.erase(.contact, person, says: Phrase("undo.contact"))
  }

  /// All who appear in an event.
  func people(of event: Id) async throws -> [Participant] {
    var page = try await device.participants(event: event, after: nil, limit: Self.page)
    var all = page.people()
    while page.people().count == Int(Self.page) {
      page = try await device.participants(event: event, after: page, limit: Self.page)
      all += page.people()
    }
    return all
  }

  private static let page: UInt32 = 500
}
