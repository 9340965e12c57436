#if canImport(MultipeerConnectivity)
  import Foundation
  import MultipeerConnectivity
  import Teilgeber

  /// Multipeer: phones of one maker without any network. It announces a name that is made anew at each start, and
  /// nothing of the person. Deprecated by its maker, and the way until there is another. Never built or run here.
  public final class AppleRadio: NSObject, Radio, @unchecked Sendable {
    private static let service = "teilgeber"

    private let me = MCPeerID(displayName: String(UUID().uuidString.prefix(8)))
    private let lock = NSLock()
    private var sessions: [MCPeerID: MultipeerStream] = [:]
    private var opened: AsyncStream<OpenedStream>.Continuation?
    private lazy var advertiser = MCNearbyServiceAdvertiser(
      peer: me, discoveryInfo: nil, serviceType: Self.service)
    private lazy var browser = MCNearbyServiceBrowser(peer: me, serviceType: Self.service)

    public func streams() -> AsyncStream<OpenedStream> {
      AsyncStream { continuation in
        lock.withLock { opened = continuation }
        advertiser.delegate = self
        browser.delegate = self
        advertiser.startAdvertisingPeer()
        browser.startBrowsingForPeers()
        continuation.onTermination = { [self] _ in
          advertiser.stopAdvertisingPeer()
          browser.stopBrowsingForPeers()
          let open = lock.withLock { Array(sessions.values) }
          for stream in open { stream.close() }
        }
      }
    }

    /// The lower name invites, so that exactly one of both does.
    private func stream(to peer: MCPeerID) -> MultipeerStream {
      let initiator = me.displayName < peer.displayName
      let stream = MultipeerStream(me: me, peer: peer) { [weak self] stream in
        guard let opened = self?.lock.withLock({ self?.opened }) else { return }
        opened.yield(OpenedStream(stream: stream, initiator: initiator))
      }
      lock.withLock { sessions[peer] = stream }
      return stream
    }
  }

  extension AppleRadio: MCNearbyServiceAdvertiserDelegate, MCNearbyServiceBrowserDelegate {
    public func advertiser(
      _: MCNearbyServiceAdvertiser, didReceiveInvitationFromPeer peer: MCPeerID,
      withContext _: Data?, invitationHandler: @escaping (Bool, MCSession?) -> Void
    ) {
      // Who it is shows over the link: nothing is taken on trust here.
      invitationHandler(true, stream(to: peer).session)
    }

    public func browser(
      _ browser: MCNearbyServiceBrowser, foundPeer peer: MCPeerID,
      withDiscoveryInfo _: [String: String]?
    ) {
      guard me.displayName < peer.displayName else { return }
      browser.invitePeer(peer, to: stream(to: peer).session, withContext: nil, timeout: 20)
    }

    public func browser(_: MCNearbyServiceBrowser, lostPeer peer: MCPeerID) {
      lock.withLock { sessions.removeValue(forKey: peer) }?.close()
    }
  }

  /// One session with one other phone.
  private final class MultipeerStream: NSObject, LentStream, MCSessionDelegate, @unchecked Sendable
  {
    let mtu: UInt32 = 16_384
    let session: MCSession
    private let peer: MCPeerID
    private let connected: @Sendable (MultipeerStream) -> Void
    private let chunks: AsyncStream<Data>
    private let entry: AsyncStream<Data>.Continuation

    init(me: MCPeerID, peer: MCPeerID, connected: @escaping @Sendable (MultipeerStream) -> Void) {
      self.peer = peer
      self.connected = connected
      session = MCSession(peer: me, securityIdentity: nil, encryptionPreference: .required)
      (chunks, entry) = AsyncStream.makeStream(of: Data.self)
      super.init()
      session.delegate = self
    }

    func send(_ chunk: Data) async throws {
      try session.send(chunk, toPeers: [peer], with: .reliable)
    }

    func receive() async throws -> Data? {
      await chunks.first { _ in true }
    }

    func close() {
      session.disconnect()
      entry.finish()
    }

    func session(_: MCSession, peer _: MCPeerID, didChange state: MCSessionState) {
      switch state {
      case .connected: connected(self)
      case .notConnected: entry.finish()
      default: break
      }
    }

    func session(_: MCSession, didReceive data: Data, fromPeer _: MCPeerID) {
      entry.yield(data)
    }

    func session(_: MCSession, didReceive _: InputStream, withName _: String, fromPeer _: MCPeerID)
    {}
    func session(
      _: MCSession, didStartReceivingResourceWithName _: String, fromPeer _: MCPeerID,
      with _: Progress
    ) {}
    func session(
      _: MCSession, didFinishReceivingResourceWithName _: String, fromPeer _: MCPeerID, at _: URL?,
      withError _: (any Error)?
    ) {}
  }
#endif
