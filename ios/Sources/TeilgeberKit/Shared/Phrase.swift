import Foundation
import Teilgeber

/// Words for a person, as the key under which the strings catalogue has them in each language.
public struct Phrase: Hashable, Sendable {
  /// Something to put in.
  public enum Value: Hashable, Sendable {
    case text(String)
    case number(Int)
  }

  public let key: String
  public let values: [Value]

  public init(_ key: String, _ values: Value...) {
    self.key = key
    self.values = values
  }
}

extension Phrase {
  /// What happened, what is safe, and what to do. What the core says of it in English is for the log.
  public init(_ error: any Error) {
    switch error {
    case let error as CoreError: self.init("error.\(error.code)")
    case is CameraRefused: self = Phrase("error.camera")
    default: self.init("error.Report")
    }
  }
}

extension Phrase.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral value: String) {
    self = .text(value)
  }

  public init(integerLiteral value: Int) {
    self = .number(value)
  }
}
