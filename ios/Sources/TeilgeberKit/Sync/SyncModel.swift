import Observation
import Teilgeber

/// Which rung of the ladder works, who is near, and the one thing that would help now.
@MainActor
@Observable
public final class SyncModel {
  /// A rung of the ladder.
  public struct Step: Identifiable, Hashable {
    public let title: Phrase
    /// How many links stand on it.
    public let links: Int

    public var id: String { title.key }
    public var works: Bool { links > 0 }
  }

  /// What would help.
  public enum Help: Hashable {
    /// Nothing needs doing.
    case none
    case wait
    case resume
    /// Show a code, so that another phone finds this one.
    case showCode
    /// Join the same event.
    case joinEvent
    case updateApp
  }

  /// Who is near and shows themselves, by name.
  public private(set) var near: [String] = []

  private let desk: Desk
  private let keeper: Keeper

  public init(desk: Desk, keeper: Keeper) {
    self.desk = desk
    self.keeper = keeper
  }

  /// Reads who is near each time that the links change.
  public func run() async {
    var last: [Id]?
    while !Task.isCancelled {
      let people = keeper.standing?.links.compactMap(\.person) ?? []
      if people != last {
        last = people
        near = await names(of: people)
      }
      try? await Task.sleep(for: .milliseconds(500))
    }
  }

  public var says: Phrase {
    guard let standing = keeper.standing else { return Phrase("sync.says.off") }
    if let hindrance = standing.hindrance {
      return switch hindrance {
      case .noNetwork: Phrase("sync.says.noNetwork")
      case .notAllowed: Phrase("sync.says.notAllowed")
      case .flooded: Phrase("sync.says.flooded")
      }
    }
    return switch standing.situation {
    case .paused: Phrase("sync.says.paused")
    case .looking: Phrase("sync.says.looking")
    case .alone: Phrase("sync.says.alone")
    case .blocked: Phrase("sync.says.blocked")
    case .strangers: Phrase("sync.says.strangers")
    case .otherVersion: Phrase("sync.says.otherVersion")
    case .passing: Phrase("sync.says.passing")
    case .same: Phrase("sync.says.same")
    case .resting: Phrase("sync.says.resting")
    case .spent: Phrase("sync.says.spent")
    }
  }

  public var help: Help {
    switch keeper.standing?.situation {
    case .paused: .resume
    case .looking: .wait
    case .alone, .blocked: .showCode
    case .strangers: .joinEvent
    case .otherVersion: .updateApp
    case .passing, .same, .resting, .spent, nil: .none
    }
  }

  public var ladder: [Step] {
    let links = keeper.standing?.links ?? []
    let on = { (rung: Rung) in links.filter { $0.rung == rung }.count }
    return [
      Step(title: Phrase("sync.rung.network"), links: on(.network)),
      Step(title: Phrase("sync.rung.internet"), links: on(.internet)),
      Step(title: Phrase("sync.rung.radio"), links: on(.radio)),
    ]
  }

  public var isPaused: Bool { keeper.isPaused }

  public func pause() async {
    await desk.attempt { try keeper.pause() }
  }

  public func resume() async {
    await desk.attempt { try keeper.resume() }
  }

  /// Dials an address that was typed.
  public func dial(_ address: String) async {
    await desk.attempt { try keeper.dial(address) }
  }

  /// Where this phone listens, to type it on the other one.
  public var address: SocketAddr? { keeper.standing?.address }

  private func names(of people: [Id]) async -> [String] {
    var names: [String] = []
    for person in people {
      if let contact = try? await desk.device.contact(person: person) {
        names.append(contact.contact.name)
      }
    }
    return names
  }
}
