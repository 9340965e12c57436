import Foundation
import TeilgeberCore

/// A stream of bytes to one other phone that the system opened: Multipeer, Bluetooth, or another. In order, and
/// nothing lost while it lasts.
public protocol LentStream: Sendable {
  /// The most bytes that `send` takes at once.
  var mtu: UInt32 { get }
  /// Sends a chunk; returns when the next may come.
  func send(_ chunk: Data) async throws
  /// What came next; none when the other side closed it.
  func receive() async throws -> Data?
  /// Closes it, and ends a `send` and a `receive` that wait.
  func close()
}

extension Links {
  /// Lends the core a stream until either side ends it, or the task is cancelled. `initiator` is whether this side
  /// opened it: exactly one of both is.
  ///
  /// Errors: `Invalid` for an MTU of 0, `Shut`, and what receiving throws.
  public func lend(_ stream: some LentStream, initiator: Bool) async throws {
    let (chunks, continuation) = AsyncStream.makeStream(of: Data.self)
    let link = try linkOpened(
      native: QueuesChunks(continuation), initiator: initiator, mtu: stream.mtu)
    await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          link.writable(credit: Self.ahead)
          for await chunk in chunks {
            guard (try? await stream.send(chunk)) != nil else { break }
            link.writable(credit: 1)
          }
          stream.close()
        }
        group.addTask {
          while let bytes = try? await stream.receive() {
            guard (try? await link.received(bytes: bytes)) != nil else { break }
          }
          await link.closed()
          continuation.finish()
        }
      }
    } onCancel: {
      stream.close()
    }
    try Task.checkCancellation()
  }

  /// Chunks that may wait to be sent: so the radio never waits for the core.
  private static let ahead: UInt32 = 4
}

/// Holds no more than the credit that was given.
private final class QueuesChunks: NativeLink {
  private let continuation: AsyncStream<Data>.Continuation

  init(_ continuation: AsyncStream<Data>.Continuation) {
    self.continuation = continuation
  }

  func send(chunk: Data) {
    continuation.yield(chunk)
  }

  func end() {
    continuation.finish()
  }
}
