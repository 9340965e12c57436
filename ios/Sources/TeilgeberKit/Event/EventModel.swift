import Observation
import Teilgeber

/// The event: what it is, how others get in, and what I share here.
@MainActor
@Observable
public final class EventModel {
  public private(set) var events: [EventRecord] = []
  public private(set) var event: EventRecord?
  /// The code that lets others in.
  public private(set) var code: QrModules?
  /// Exactly what others see of me, or will see once I appear.
  public private(set) var preview: Preview?
  public private(set) var sharesStars = false
  /// What was taken back, and on how many devices it is known.
  public private(set) var withdrawn: Phrase?
  public private(set) var isRead = false

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    await desk.watch { try await read() }
  }

  /// Founds an event; nobody else knows of it before they are given its code.
  public func found(_ new: Event) async -> Bool {
    await desk.attempt {
      desk.look(at: try await desk.device.createEvent(event: new))
      try await read()
    }
  }

  public func join(_ code: String) async -> Bool {
    await desk.attempt {
      desk.look(at: try await desk.device.join(code: code).event)
      try await read()
    }
  }

  public func look(at event: Id) async {
    desk.look(at: event)
    await desk.attempt { try await read() }
  }

  /// Draws the code. Whoever has it can read all of the event.
  public func invite() async {
    await desk.attempt {
      guard let event else { return }
      code = try qrModules(text: try await desk.device.joinCode(event: event.id, addresses: []))
    }
  }

  public func putAwayCode() {
    code = nil
  }

  /// To be seen takes one more tap, on exactly what others will see: this shows it.
  public func wantToAppear() async {
    await desk.attempt {
      guard let event else { return }
      preview = try await desk.device.previewIn(event: event.id)
    }
  }

  public func dismissPreview() {
    preview = nil
  }

  /// The one more tap.
  public func appear() async {
    guard let shown = preview else { return }
    await desk.attempt {
      // What was changed meanwhile has to be seen first.
      let current = try await desk.device.previewIn(event: shown.event)
      guard current == shown else {
        preview = current
        return
      }
      try await desk.device.appearIn(event: shown.event, appear: true)
      preview = nil
      try await read()
    }
  }

  /// Not to be seen any more is immediate.
  public func disappear() async {
    await desk.attempt {
      guard let event else { return }
      try await desk.device.appearIn(event: event.id, appear: false)
      try await read()
    }
  }

  public func shareStars(_ share: Bool) async {
    await desk.attempt {
      guard let event else { return }
      try await desk.device.shareStars(event: event.id, share: share)
      try await read()
    }
  }

  /// Takes back all that I alone wrote here, with ten seconds to undo.
  public func withdrawAll() async {
    await desk.attempt {
      guard let event else { return }
      let device = desk.device
      let withdrawing = try await device.eraseEventSoon(event: event.id)
      desk.undo.offer(Phrase("undo.withdraw", .number(withdrawing.things.count))) {
        try await device.undo(pending: withdrawing.pending)
      }
      try await read()
    }
  }

  /// Leaves it for good. The screen asks once before.
  public func leave() async -> Bool {
    await desk.attempt {
      guard let event else { return }
      try await desk.device.leave(event: event.id)
      desk.look(at: nil)
      try await read()
    }
  }

  /// How long this phone holds it, in words.
  public var held: Phrase? {
    switch event?.held {
    case .kept, nil: nil
    case .until(let day): Phrase("event.until", .text(day))
    case .fadesOn(let day): Phrase("event.fadesOn", .text(day))
    case .faded(let day): Phrase("event.faded", .text(day))
    }
  }

  private func read() async throws {
    let device = desk.device
    event = try await desk.currentEvent()
    events = try await device.events()
    if let event {
      sharesStars = try await device.sharesStars(event: event.id)
      withdrawn = try await device.withdrawnFrom(event: event.id).map {
        Phrase("event.withdrawn", .number(Int($0.things)), .number(Int($0.places.devices)))
      }
    }
    isRead = true
  }
}
