import Teilgeber

/// For whom something is: the same sign everywhere, and a sentence that says who that is.
public struct AudienceSign: Hashable, Sendable {
  public let audience: Audience

  public init(_ audience: Audience) {
    self.audience = audience
  }

  /// The name of the system's symbol.
  public var symbol: String {
    switch audience {
    case .me: "lock"
    case .contacts: "person.2"
    case .event: "building.columns"
    case .everyone: "globe"
    }
  }

  public var title: Phrase {
    switch audience {
    case .me: Phrase("audience.me")
    case .contacts: Phrase("audience.contacts")
    case .event: Phrase("audience.event")
    case .everyone: Phrase("audience.everyone")
    }
  }

  public var sentence: Phrase {
    switch audience {
    case .me: Phrase("audience.me.says")
    case .contacts: Phrase("audience.contacts.says")
    case .event: Phrase("audience.event.says")
    case .everyone: Phrase("audience.everyone.says")
    }
  }
}

extension Audience {
  /// From the fewest to the most; each includes those before it.
  public static let all: [Audience] = [.me, .contacts, .event, .everyone]

  var width: Int { Self.all.firstIndex(of: self) ?? 0 }

  /// Whether more people see it than with `other`.
  public func isWider(than other: Audience) -> Bool { width > other.width }
}
