import TeilgeberCore

extension Device {
  /// What changes from now on. Read the present state after this call, and no change goes unseen: what comes while
  /// nobody reads is told in one piece. It ends with the task that reads it, or when the stream is let go.
  ///
  /// Errors: `Shut`.
  public func changes(_ filter: Filter = Filter()) throws -> AsyncStream<News> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: News.self, bufferingPolicy: .bufferingNewest(1))
    let subscription = try observe(filter: filter, listener: HandsOnNews(continuation))
    continuation.onTermination = { _ in subscription.end() }
    return stream
  }

  /// Reads at once, and again after each change, on the main actor, until the task that runs this is cancelled:
  /// for the `.task` of a screen.
  ///
  /// Errors: `Shut`, and what `read` throws.
  @MainActor
  public func watch(
    _ filter: Filter = Filter(), read: @MainActor () async throws -> Void
  ) async throws {
    let changes = try changes(filter)
    try await read()
    for await _ in changes {
      try await read()
    }
  }
}

extension Links {
  /// Where the device stands: now, and each time that it changes. Who reads slowly sees the latest only.
  ///
  /// Errors: `Shut`.
  public func standings() throws -> AsyncStream<Standing> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Standing.self, bufferingPolicy: .bufferingNewest(1))
    let subscription = try watch(listener: HandsOnStanding(continuation))
    continuation.onTermination = { _ in subscription.end() }
    return stream
  }
}

extension News {
  /// So many changes are listed at most. Beyond, to read everything again costs less than to look them up.
  static let listed = 1_000

  /// Both as one, each thing once.
  func joined(with later: News) -> News {
    let known = Set(changes)
    let all = changes + later.changes.filter { !known.contains($0) }
    guard all.count <= Self.listed else { return News(changes: [], everything: true) }
    return News(changes: all, everything: everything || later.everything)
  }
}

/// Hands news from the core's thread into a stream that holds one piece of it.
final class HandsOnNews: ChangeListener {
  private let continuation: AsyncStream<News>.Continuation

  init(_ continuation: AsyncStream<News>.Continuation) {
    self.continuation = continuation
  }

  func changed(news: News) {
    guard case .dropped(let unread) = continuation.yield(news) else { return }
    // The core calls once at a time, so this takes the place of what was just put there; where the reader was
    // quicker, it is told twice, which does no harm.
    continuation.yield(unread.joined(with: news))
  }
}

private final class HandsOnStanding: LinksListener {
  private let continuation: AsyncStream<Standing>.Continuation

  init(_ continuation: AsyncStream<Standing>.Continuation) {
    self.continuation = continuation
  }

  func stands(standing: Standing) {
    continuation.yield(standing)
  }
}
