import Foundation
import Observation
import Teilgeber

/// Instead of "are you sure": what was done last can be undone for ten seconds.
@MainActor
@Observable
public final class Undo {
  /// Waits so many milliseconds.
  public typealias Sleep = @Sendable (UInt64) async throws -> Void

  /// How long something can be undone, in milliseconds: as long as the core waits.
  public static let time: UInt64 = 10_000

  /// What can be undone now, in words.
  public private(set) var says: Phrase?

  private let device: Device
  private let sleep: Sleep
  private var undoing: (@MainActor () async throws -> Void)?
  private var ending: Task<Void, Never>?

  init(device: Device, sleep: @escaping Sleep) {
    self.device = device
    self.sleep = sleep
  }

  /// Takes a thing out of all lists at once, and erases it when it can no longer be undone, also where the app is
  /// killed before.
  public func erase(_ kind: Kind, _ id: Id, says: Phrase) async throws {
    let pending = try await device.eraseSoon(kind: kind, id: id)
    offer(says) { [device] in try await device.undo(pending: pending) }
  }

  /// Something was done that `undoing` takes back.
  public func offer(_ says: Phrase, undoing: @escaping @MainActor () async throws -> Void) {
    ending?.cancel()
    self.says = says
    self.undoing = undoing
    ending = Task { [weak self, sleep, device] in
      guard (try? await sleep(Self.time)) != nil else { return }
      self?.forget()
      // What cannot be erased for want of space is erased later.
      try? await device.tidy()
    }
  }

  /// Takes it back.
  public func undo() async throws {
    let undoing = undoing
    ending?.cancel()
    forget()
    try await undoing?()
  }

  private func forget() {
    says = nil
    undoing = nil
  }
}
