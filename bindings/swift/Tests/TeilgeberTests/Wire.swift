import Foundation
import Teilgeber

struct Closed: Error {}

/// One end of a radio in memory: what is sent here is received at the other end.
final class Wire: LentStream {
  /// The smallest that Bluetooth on an iPhone gives.
  static let smallest = 185

  let mtu = UInt32(Wire.smallest)
  private let out: Pipe
  private let back: Pipe

  static func pair() -> (Wire, Wire) {
    let (there, here) = (Pipe(), Pipe())
    return (Wire(out: there, back: here), Wire(out: here, back: there))
  }

  private init(out: Pipe, back: Pipe) {
    (self.out, self.back) = (out, back)
  }

  /// The longest chunk that was sent here.
  var longest: Int { out.longest }

  var isClosed: Bool { out.isClosed }

  func send(_ chunk: Data) async throws {
    guard !isClosed else { throw Closed() }
    out.put(chunk)
    await Task.yield()
  }

  func receive() async throws -> Data? {
    await back.take()
  }

  func close() {
    out.close()
    back.close()
  }
}

/// Chunks on their way.
private final class Pipe: Sendable {
  private let chunks: AsyncStream<Data>
  private let entry: AsyncStream<Data>.Continuation
  private let state = Guarded((longest: 0, closed: false))

  init() {
    (chunks, entry) = AsyncStream.makeStream(of: Data.self)
  }

  var longest: Int { state.with { $0.longest } }
  var isClosed: Bool { state.with { $0.closed } }

  func put(_ chunk: Data) {
    state.with { $0.longest = max($0.longest, chunk.count) }
    entry.yield(chunk)
  }

  func take() async -> Data? {
    await chunks.first { _ in true }
  }

  func close() {
    state.with { $0.closed = true }
    entry.finish()
  }
}

/// A value that one thread at a time may touch.
final class Guarded<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) {
    self.value = value
  }

  func with<T>(_ use: (inout Value) throws -> T) rethrows -> T {
    try lock.withLock { try use(&value) }
  }
}
