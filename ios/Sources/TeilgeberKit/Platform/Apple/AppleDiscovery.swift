#if canImport(Network)
  import Foundation
  import Network
  import Teilgeber

  /// Bonjour by the system: raw multicast would need an entitlement. Never built or run here.
  public actor AppleDiscovery: Discovery {
    /// The kind of service. It stands in the app's Info.plist, too.
    static let service = "_teilgeber._tcp"

    private var service: NetService?

    public init() {}

    /// The core listens itself, so that only the name is announced.
    public func announce(tag: String, port: UInt16) {
      service?.stop()
      service = NetService(domain: "", type: Self.service, name: tag, port: Int32(port))
      service?.publish()
    }

    public nonisolated func sightings() -> AsyncStream<Sighting> {
      AsyncStream { continuation in
        let queue = DispatchQueue(label: "discovery")
        let browser = NWBrowser(for: .bonjour(type: Self.service, domain: nil), using: .tcp)
        browser.browseResultsChangedHandler = { _, changes in
          for change in changes {
            switch change {
            case .added(let result), .changed(_, let result, _):
              Self.resolve(result.endpoint, on: queue) { continuation.yield($0) }
            case .removed(let result):
              if case .service(let tag, _, _, _) = result.endpoint {
                continuation.yield(.lost(tag: tag))
              }
            default: break
            }
          }
        }
        browser.start(queue: queue)
        continuation.onTermination = { _ in browser.cancel() }
      }
    }

    /// A browser gives names; an address is known once a connection is ready.
    private static func resolve(
      _ endpoint: NWEndpoint, on queue: DispatchQueue,
      found: @escaping @Sendable (Sighting) -> Void
    ) {
      guard case .service(let tag, _, _, _) = endpoint else { return }
      let connection = NWConnection(to: endpoint, using: .tcp)
      connection.stateUpdateHandler = { state in
        switch state {
        case .ready:
          if case .hostPort(let host, let port) = connection.currentPath?.remoteEndpoint {
            found(.found(tag: tag, addresses: [address(host, port)]))
          }
          connection.cancel()
        case .waiting, .failed: connection.cancel()
        default: break
        }
      }
      connection.start(queue: queue)
    }

    private static func address(_ host: NWEndpoint.Host, _ port: NWEndpoint.Port) -> SocketAddr {
      switch host {
      case .ipv6(let address): "[\(address)]:\(port)"
      default: "\(host):\(port)"
      }
    }
  }
#endif
