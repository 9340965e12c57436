import Foundation
import Teilgeber
import Testing

@Suite(.timeLimit(.minutes(3)))
struct CancelTests {
  let story: Story

  init() throws {
    story = try Story()
  }

  @Test func aSyncThatIsCancelledEndsAndLetsGoOfTheHome() async throws {
    let ada = try await story.device("ada")
    let silent = try Silence()
    let syncing = Task { try await ada.sync(with: silent.address) }
    try await Task.sleep(for: .milliseconds(200))
    syncing.cancel()
    await #expect(throws: CancellationError.self) { _ = try await syncing.value }
    // Nothing holds the home any more: it can be opened again.
    await ada.shut()
    try await until { await opens("ada") }
  }

  @Test func whatIsCancelledBeforeItBeginsDoesNotBegin() async throws {
    let ada = try await story.device("ada")
    let syncing = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await ada.sync(with: "127.0.0.1:1")
    }
    await #expect(throws: CancellationError.self) { _ = try await syncing.value }
  }

  @Test func aWriteThatIsCancelledIsDoneAllTheSame() async throws {
    let ada = try await story.device("ada")
    let writing = Task { try await ada.createNote(note: Note(text: "written all the same")) }
    writing.cancel()
    let note = try await writing.value
    #expect(try await ada.noteText(id: note) == "written all the same")
  }

  @Test func linksAreLetGoOfWhenWhatUsedThemThrows() async throws {
    let ada = try await story.device("ada")
    await #expect(throws: Closed.self) {
      try await ada.keepingLinks { _ in throw Closed() }
    }
    await ada.shut()
    try await until { await opens("ada") }
  }

  @Test func hundredsOfDevicesOpenedAndShutLeakNoThreadsOrFiles() async throws {
    await (try await story.device("ada")).shut()
    let (threads, files) = (try running("task"), try running("fd"))
    for _ in 0..<300 {
      await (try await story.device("ada")).shut()
    }
    #expect(try running("task") < threads + 24)
    #expect(try running("fd") < files + 24)
  }

  private func opens(_ name: String) async -> Bool {
    guard let device = try? await story.device(name) else { return false }
    await device.shut()
    return true
  }
}

/// A socket that takes a link and says nothing.
final class Silence: Sendable {
  let address: SocketAddr
  private let socket: Int32

  init() throws {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var at = sockaddr_in()
    at.sin_family = sa_family_t(AF_INET)
    at.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listening = [
      withSockaddr(&at) { bind(socket, $0, length) },
      listen(socket, 1),
      withSockaddr(&at) { getsockname(socket, $0, &length) },
    ]
    guard listening == [0, 0, 0] else { throw Closed() }
    self.socket = socket
    address = "127.0.0.1:\(UInt16(bigEndian: at.sin_port))"
  }

  deinit {
    close(socket)
  }
}

private func withSockaddr<T>(
  _ at: inout sockaddr_in, _ use: (UnsafeMutablePointer<sockaddr>) -> T
) -> T {
  withUnsafeMutablePointer(to: &at) { at in
    at.withMemoryRebound(to: sockaddr.self, capacity: 1, use)
  }
}
