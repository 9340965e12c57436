import Foundation
import Teilgeber
import Testing

/// What the tests of the scenario share: homes in a folder of their own, and codes as a camera sees them.
final class Story: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "teilgeber-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  func device(_ name: String) async throws -> Device {
    try await Device.open(config: Config(home: folder.appending(path: name).path))
  }
}

extension Profile {
  static func of(_ name: String, for audience: Audience) -> Profile {
    Profile(
      name: name, nameFor: audience, hashtagsFor: .me, bioFor: .me, linksFor: .me,
      photoConsentFor: .me)
  }
}

extension Event {
  static let mill = Event(
    name: "Mill", first: "2026-11-21", last: "2026-11-22", timeZone: "Europe/Berlin")
}

/// A picture of brightness alone.
struct Luma {
  let side: UInt32
  let bytes: Data

  /// A code as a camera sees it: four pixels for each module, and a margin.
  init(_ code: QrModules, scale: Int = 4, margin: Int = 4) {
    let modules = Int(code.side)
    let side = (modules + 2 * margin) * scale
    var bytes = [UInt8](repeating: 255, count: side * side)
    for (at, dark) in code.dark.enumerated() where dark == 1 {
      let (x, y) = ((at % modules + margin) * scale, (at / modules + margin) * scale)
      for row in y..<(y + scale) {
        for column in x..<(x + scale) { bytes[row * side + column] = 0 }
      }
    }
    self.side = UInt32(side)
    self.bytes = Data(bytes)
  }

  func codes() throws -> [String] {
    try qrReadLuma(width: side, height: side, stride: side, luma: bytes)
  }
}

/// Shows a text as a code and reads it as a camera would.
func seen(_ text: String) throws -> String {
  try #require(try Luma(qrModules(text: text)).codes().first)
}

/// Waits until something is so; the test's own time limit ends it.
func until(
  isolation: isolated (any Actor)? = #isolation, _ holds: () async throws -> Bool
) async throws {
  while try await !holds() { try await Task.sleep(for: .milliseconds(20)) }
}

/// That the core refuses with this code.
func refuses(
  _ code: String, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ call: () async throws -> Void
) async {
  do {
    try await call()
    Issue.record("it did not refuse with \(code)", sourceLocation: sourceLocation)
  } catch let error as CoreError {
    #expect(error.code == code, comment, sourceLocation: sourceLocation)
  } catch {
    Issue.record(error, comment, sourceLocation: sourceLocation)
  }
}
