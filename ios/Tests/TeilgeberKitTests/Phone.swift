import Foundation
import Teilgeber
import Testing

@testable import TeilgeberKit

/// A phone in a test: a home in a folder of its own, a clock that stands, a real core.
@MainActor
final class Phone {
  /// Sunday morning in the camp, at 10:50 there.
  nonisolated static let morning: Millis = 1_795_341_000_000

  let desk: Desk
  let home: URL
  let memory: Memory
  let naps = Naps()

  var device: Device { desk.device }

  init(_ name: String, at home: URL? = nil) async throws {
    self.home =
      home ?? FileManager.default.temporaryDirectory.appending(path: "kit-\(UUID())/\(name)")
    try FileManager.default.createDirectory(at: self.home, withIntermediateDirectories: true)
    memory = Memory(folder: self.home)
    let device = try await Device.open(config: Config(home: self.home.path))
    desk = Desk(
      device: device, memory: memory, clock: { Date(millis: Phone.morning) }, sleep: naps.sleep)
    var profile = try await device.profile()
    profile.name = name.isEmpty ? nil : name
    try await device.setProfile(profile: profile)
  }

  /// What a restart finds after the app was killed at this moment: the files as they are, nothing shut.
  func killed() async throws -> Phone {
    let copy = home.deletingLastPathComponent().appending(path: "after-\(UUID())")
    try FileManager.default.copyItem(at: home, to: copy)
    return try await Phone("again", at: copy)
  }

  /// Founds an event with two rooms and two slots, the first of which has begun.
  func camp() async throws -> Id {
    let slots = [0, 1].map {
      Slot(start: Phone.morning - 600_000 + Millis($0) * 3_600_000, minutes: 45)
    }
    let event = Event(
      name: "Mill", first: "2026-11-21", last: "2026-11-22", timeZone: "Europe/Berlin",
      rooms: [Room(name: "Barn", letter: "B"), Room(name: "Attic", letter: "A")], slots: slots)
    let id = try await device.createEvent(event: event)
    desk.look(at: id)
    return id
  }

  func joins(_ event: Id, of founder: Phone) async throws {
    let code = try await founder.device.joinCode(event: event, addresses: [])
    _ = try await device.join(code: code)
    desk.look(at: event)
    try await sync(founder)
  }

  /// Over a real socket, until both know the same.
  func sync(_ other: Phone) async throws {
    let links = try await other.device.keepLinks(config: LinksConfig(listen: .at("127.0.0.1:0")))
    let address = try #require(try links.standing().address)
    _ = try await device.syncWith(address: address)
    try await links.stop()
  }

  /// Runs what a screen runs until something holds.
  func showing(_ run: @escaping @MainActor () async -> Void, until holds: () async -> Bool)
    async throws
  {
    let screen = Task { await run() }
    try await TeilgeberKitTests.until { await holds() || desk.problem != nil }
    screen.cancel()
    await screen.value
    #expect(desk.problem == nil)
  }
}

/// Waits until something is so; the suite's time limit ends it.
func until(
  isolation: isolated (any Actor)? = #isolation, _ holds: () async throws -> Bool
) async throws {
  while try await !holds() { try await Task.sleep(for: .milliseconds(10)) }
}

/// Sleep that ends when the test says so.
final class Naps: @unchecked Sendable {
  private let lock = NSLock()
  private var isOver = false

  var sleep: Undo.Sleep {
    { _ in
      while !self.lock.withLock({ self.isOver }) { try await Task.sleep(for: .milliseconds(5)) }
    }
  }

  func end() {
    lock.withLock { isOver = true }
  }
}

/// A camera that sees these codes, one after the other, and then nothing.
struct FakeCamera: Camera {
  let seen: @Sendable () -> [String]

  func pictures() -> AsyncThrowingStream<Picture, any Error> {
    let seen = seen()
    return AsyncThrowingStream { continuation in
      continuation.yield(Picture(width: 8, height: 8, stride: 8, luma: Data(count: 64)))
      do {
        for text in seen { continuation.yield(try Picture(of: text)) }
      } catch {
        continuation.finish(throwing: error)
      }
    }
  }
}

struct RefusedCamera: Camera {
  func pictures() -> AsyncThrowingStream<Picture, any Error> {
    AsyncThrowingStream { $0.finish(throwing: CameraRefused()) }
  }
}

/// A network in which all who announce themselves see each other, once it is there.
actor FakeNetwork {
  private var isThere = false
  private var announced: [String: UInt16] = [:]
  private var watching: [AsyncStream<Sighting>.Continuation] = []

  func comes() {
    isThere = true
    for one in watching { tell(one) }
  }

  func announce(_ tag: String, _ port: UInt16) {
    announced[tag] = port
    for one in watching { tell(one) }
  }

  func watch(_ continuation: AsyncStream<Sighting>.Continuation) {
    watching.append(continuation)
    tell(continuation)
  }

  private func tell(_ one: AsyncStream<Sighting>.Continuation) {
    guard isThere else { return }
    for (tag, port) in announced { one.yield(.found(tag: tag, addresses: ["127.0.0.1:\(port)"])) }
  }
}

struct FakeDiscovery: Discovery {
  let network: FakeNetwork

  func announce(tag: String, port: UInt16) async {
    await network.announce(tag, port)
  }

  func sightings() -> AsyncStream<Sighting> {
    let (stream, continuation) = AsyncStream.makeStream(of: Sighting.self)
    Task { await network.watch(continuation) }
    return stream
  }
}

struct NoRadio: Radio {
  func streams() -> AsyncStream<OpenedStream> { AsyncStream { _ in } }
}

extension Platform {
  static func fake(
    _ network: FakeNetwork = FakeNetwork(), camera: any Camera = RefusedCamera()
  ) -> Platform {
    Platform(
      camera: camera, discovery: FakeDiscovery(network: network), radio: NoRadio(),
      listen: .at("127.0.0.1:0"))
  }
}

extension Picture {
  /// A text as a code, as a camera sees it: four pixels for each module, and a margin.
  init(of text: String) throws {
    let code = try qrModules(text: text)
    let modules = Int(code.side)
    let side = (modules + 8) * 4
    var luma = Data(repeating: 255, count: side * side)
    for (at, dark) in code.dark.enumerated() where dark == 1 {
      let (x, y) = ((at % modules + 4) * 4, (at / modules + 4) * 4)
      for row in y..<(y + 4) { for column in x..<(x + 4) { luma[row * side + column] = 0 } }
    }
    self.init(width: UInt32(side), height: UInt32(side), stride: UInt32(side), luma: luma)
  }
}
