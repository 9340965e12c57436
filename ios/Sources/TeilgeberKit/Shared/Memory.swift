import Foundation
import Teilgeber

/// What the app remembers beside the core's home, of this phone alone: a small file.
@MainActor
public final class Memory {
  private struct Kept: Codable {
    var event: Id?
    var welcomed = false
    var paused = false
  }

  private let file: URL
  private var kept: Kept

  /// What cannot be read is begun anew: nothing in it is anybody's work.
  public init(folder: URL) {
    file = folder.appending(path: "app.json")
    let data = try? Data(contentsOf: file)
    kept = data.flatMap { try? JSONDecoder().decode(Kept.self, from: $0) } ?? Kept()
  }

  /// The event that is looked at.
  public var event: Id? {
    get { kept.event }
    set { keep { $0.event = newValue } }
  }

  /// Whether the first screen was answered.
  public var welcomed: Bool {
    get { kept.welcomed }
    set { keep { $0.welcomed = newValue } }
  }

  /// Whether the person wants no links for now.
  public var paused: Bool {
    get { kept.paused }
    set { keep { $0.paused = newValue } }
  }

  private func keep(_ change: (inout Kept) -> Void) {
    change(&kept)
    // Where there is no space for it, the app asks again at the next start.
    try? JSONEncoder().encode(kept).write(to: file, options: .atomic)
  }
}
