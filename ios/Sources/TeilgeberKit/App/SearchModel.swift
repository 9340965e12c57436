import Foundation
import Observation
import Teilgeber

/// Searches everything.
@MainActor
@Observable
public final class SearchModel {
  static let limit: UInt32 = 50

  public var query = ""
  public private(set) var hits: [Hit] = []
  /// For what the hits are.
  public private(set) var searched = ""

  public var isEmpty: Bool { !searched.isEmpty && hits.isEmpty }

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  /// Looks for what is typed: for the `.task(id: query)` of the screen.
  public func search() async {
    let asked = query.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !asked.isEmpty else {
      (hits, searched) = ([], "")
      return
    }
    await desk.attempt {
      let found = try await desk.device.search(query: asked, narrow: Narrow(), limit: Self.limit)
      guard !Task.isCancelled else { return }
      (hits, searched) = (found, asked)
    }
  }
}
