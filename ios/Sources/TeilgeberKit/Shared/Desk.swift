import Foundation
import Observation
import Teilgeber

/// What all models work with: the device, the time, the event that is looked at, what can be undone, and what went
/// wrong last.
@MainActor
@Observable
public final class Desk {
  public let device: Device
  public let undo: Undo
  /// What went wrong last; the screen shows it until it is put away.
  public var problem: Phrase?
  /// The event that is looked at.
  public private(set) var event: Id?

  private let clock: @Sendable () -> Date
  private let memory: Memory

  public init(
    device: Device, memory: Memory, clock: @escaping @Sendable () -> Date = { Date() },
    sleep: @escaping Undo.Sleep = { try await Task.sleep(for: .milliseconds($0)) }
  ) {
    self.device = device
    self.memory = memory
    self.clock = clock
    event = memory.event
    undo = Undo(device: device, sleep: sleep)
  }

  public var now: Millis { clock().millis }

  /// Looks at another event from now on, also after a restart.
  public func look(at event: Id?) {
    self.event = event
    memory.event = event
  }

  /// The event that is looked at, or else the latest one; none as long as there is none.
  public func currentEvent() async throws -> EventRecord? {
    let events = try await device.events()
    let current = events.first { $0.id == event } ?? events.first
    if event != current?.id { look(at: current?.id) }
    return current
  }

  /// Does something; what goes wrong is shown, and nothing else changes. Says whether it went well.
  @discardableResult
  public func attempt(_ action: () async throws -> Void) async -> Bool {
    do {
      try await action()
      problem = nil
      return true
    } catch is CancellationError {
      return false
    } catch {
      problem = Phrase(error)
      return false
    }
  }

  /// Reads at once and after each change, until the task of the screen ends.
  public func watch(
    _ filter: Filter = Filter(), read: @MainActor () async throws -> Void
  ) async {
    await attempt {
      try await device.watch(filter) {
        do {
          try await read()
        } catch CoreError.NotHere {
          // It was erased while it was looked at; the screen that lists it says so.
        }
      }
    }
  }
}
