import Foundation
import TeilgeberCore

extension Date {
  /// A moment as the core writes it.
  public init(millis: Millis) {
    self.init(timeIntervalSince1970: Double(millis) / 1_000)
  }

  /// As the core writes it; what is before 1970 is 1970.
  public var millis: Millis {
    Millis(max(0, (timeIntervalSince1970 * 1_000).rounded()))
  }
}

extension Splice {
  /// The one splice that makes `new` of `old`, counted in scalars; none where they are the same. An editor that
  /// only knows the text before and after sends this.
  public static func between(_ old: String, _ new: String) -> Splice? {
    let (old, new) = (Array(old.unicodeScalars), Array(new.unicodeScalars))
    let shorter = min(old.count, new.count)
    var head = 0
    while head < shorter, old[head] == new[head] { head += 1 }
    var tail = 0
    while tail < shorter - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] {
      tail += 1
    }
    guard head + tail < max(old.count, new.count) else { return nil }
    var inserted = String.UnicodeScalarView()
    inserted.append(contentsOf: new[head..<(new.count - tail)])
    return Splice(
      at: UInt32(head), delete: UInt32(old.count - head - tail), insert: String(inserted))
  }
}
