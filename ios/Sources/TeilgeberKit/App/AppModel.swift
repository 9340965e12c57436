import Foundation
import Observation
import Teilgeber

/// The app: opens the device, and has what every screen needs.
@MainActor
@Observable
public final class AppModel {
  /// How far it is.
  public enum State {
    case opening
    /// "What shall people call you?"
    case first(Desk)
    case ready(Desk)
    /// What happened, what is safe, and what to do.
    case failed(Phrase)
  }

  public private(set) var state = State.opening
  /// What opening had to salvage, once.
  public private(set) var salvaged: Phrase?
  public private(set) var keeper: Keeper?
  public let platform: Platform

  /// What the screens work with, once the app is ready.
  public var desk: Desk? {
    if case .ready(let desk) = state { desk } else { nil }
  }

  private let home: URL
  private let memory: Memory
  private let clock: @Sendable () -> Date

  public init(
    home: URL, platform: Platform, clock: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.home = home
    self.platform = platform
    self.clock = clock
    memory = Memory(folder: home)
  }

  /// Opens the device and keeps links until the task ends: for the `.task` of the app's first screen.
  public func run() async {
    do {
      try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
      let device = try await Device.open(config: Config(home: home.path))
      if case .salvaged(_, let entries, let lost) = device.opened() {
        salvaged = Phrase("app.salvaged", .number(Int(entries)), .number(Int(lost)))
      }
      let desk = Desk(device: device, memory: memory, clock: clock)
      state = memory.welcomed ? .ready(desk) : .first(desk)
      let keeper = Keeper(
        device: device, memory: memory, discovery: platform.discovery, radio: platform.radio,
        listen: platform.listen)
      self.keeper = keeper
      await desk.attempt { try await keeper.run() }
      await device.shut()
    } catch {
      state = .failed(Phrase(error))
    }
  }

  /// "Start", or "later" without a name. Works with nothing filled in.
  public func start(name: String) async {
    guard case .first(let desk) = state else { return }
    let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
    let named = await desk.attempt {
      guard !name.isEmpty else { return }
      var profile = try await desk.device.profile()
      profile.name = name
      try await desk.device.setProfile(profile: profile)
    }
    guard named else { return }
    memory.welcomed = true
    state = .ready(desk)
  }

  /// The app is in front, or no longer.
  public func scene(isActive: Bool) async {
    guard case .ready(let desk) = state else { return }
    await desk.attempt { try keeper?.scene(isActive: isActive) }
  }

  public func putAwaySalvaged() {
    salvaged = nil
  }
}
