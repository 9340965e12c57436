import TeilgeberCore

extension Device {
  /// Syncs with the device at `address` until both know the same. Where the task is cancelled the link ends; what
  /// came before stays.
  ///
  /// Errors: as `syncWith`, and `CancellationError`.
  public func sync(with address: SocketAddr) async throws -> SyncReport {
    try Task.checkCancellation()
    let syncing = try beginSync(address: address)
    // To cancel a task in Swift does not cancel what Rust does for it.
    return try await withTaskCancellationHandler {
      do {
        return try await syncing.finished()
      } catch CoreError.Shut where Task.isCancelled {
        throw CancellationError()
      }
    } onCancel: {
      syncing.end()
    }
  }

  /// Keeps links while `body` runs, and has let go of them when this returns or throws.
  ///
  /// Errors: as `keepLinks`, and what `body` throws.
  public func keepingLinks<T: Sendable>(
    _ config: LinksConfig = LinksConfig(), _ body: @Sendable (Links) async throws -> T
  ) async throws -> T {
    let links = try await keepLinks(config: config)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(links))
    } catch {
      result = .failure(error)
    }
    try await links.stop()
    return try result.get()
  }
}
