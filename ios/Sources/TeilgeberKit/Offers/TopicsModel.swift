import Observation
import Teilgeber

/// Topics offered and wanted, side by side.
@MainActor
@Observable
public final class TopicsModel {
  public private(set) var topics: [TopicRecord] = []
  /// Those that ask for a session.
  public private(set) var emerging: [EmergentTopic] = []
  public private(set) var mine: [Topic] = []
  public private(set) var isRead = false

  public var isEmpty: Bool { isRead && topics.isEmpty }

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    await desk.watch(Filter(kinds: [.topics, .event])) { try await read() }
  }

  /// Says what I have to do with a topic; everybody in the event sees it. Also "me too".
  public func say(_ topic: String, _ stance: Stance, level: Experience? = nil) async -> Bool {
    await desk.attempt {
      guard let event = try await desk.currentEvent() else { return }
      switch stance {
      case .offer:
        try await desk.device.offerTopic(event: event.id, topic: topic, level: level)
      case .want:
        try await desk.device.wantTopic(event: event.id, topic: topic, level: level)
      }
      try await read()
    }
  }

  /// Takes back what I said of a topic.
  public func drop(_ topic: Topic) async {
    await desk.attempt {
      guard let event = try await desk.currentEvent() else { return }
      try await desk.device.dropTopic(event: event.id, topic: topic.topic)
      desk.undo.offer(Phrase("undo.topic", .text(topic.topic))) {
        _ = await self.say(topic.topic, topic.stance, level: topic.level)
      }
      try await read()
    }
  }

  private func read() async throws {
    if let event = try await desk.currentEvent() {
      topics = try await desk.device.topics(event: event.id)
      emerging = try await desk.device.emergentTopics(event: event.id)
      mine = try await desk.device.myTopics(event: event.id)
    }
    isRead = true
  }
}

extension Emergence {
  /// Why a topic asks for a session.
  public var says: Phrase {
    switch self {
    case .wantedBySeveral: Phrase("topics.wantedBySeveral")
    case .offeredBySeveral: Phrase("topics.offeredBySeveral")
    case .nobodyOffers: Phrase("topics.nobodyOffers")
    }
  }
}
