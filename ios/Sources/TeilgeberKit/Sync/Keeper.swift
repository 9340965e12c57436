import Foundation
import Observation
import Teilgeber

/// Keeps links as long as the app is in front, with whoever the phone's system finds.
@MainActor
@Observable
public final class Keeper {
  /// Where this device stands; none while nothing is kept.
  public private(set) var standing: Standing?

  /// The line under the top bar.
  public var line: Phrase { SyncLine.says(standing) }

  private let device: Device
  private let memory: Memory
  private let discovery: any Discovery
  private let radio: any Radio
  private let listen: Listen
  private var links: Links?

  public init(
    device: Device, memory: Memory, discovery: any Discovery, radio: any Radio,
    listen: Listen = .everywhere(0)
  ) {
    self.device = device
    self.memory = memory
    self.discovery = discovery
    self.radio = radio
    self.listen = listen
  }

  /// Keeps links until the task ends. What it throws is shown; the notes go on without.
  public func run() async throws {
    let links = try await device.keepLinks(config: LinksConfig(listen: listen))
    self.links = links
    if memory.paused { try links.pause() }
    let following = Task { try await follow(links) }
    let finding = Task { try await find(links) }
    let lending = Task { await lend(links) }
    await withTaskCancellationHandler {
      // Where the standings end, so do the links.
      _ = try? await following.value
    } onCancel: {
      following.cancel()
    }
    finding.cancel()
    lending.cancel()
    _ = await (finding.result, lending.result)
    self.links = nil
    standing = nil
    try await links.stop()
  }

  /// Whether the person wants no links for now.
  public var isPaused: Bool { memory.paused }

  /// Closes all links until the person goes on.
  public func pause() throws {
    memory.paused = true
    try links?.pause()
  }

  public func resume() throws {
    memory.paused = false
    try links?.resume()
  }

  /// The app went to the background, where the system ends its sockets, or came back.
  public func scene(isActive: Bool) throws {
    guard !memory.paused else { return }
    if isActive { try links?.resume() } else { try links?.pause() }
  }

  public func networkChanged() throws {
    try links?.networkChanged()
  }

  /// Dials whoever is at an address that was typed or scanned.
  public func dial(_ address: SocketAddr) throws {
    _ = try links?.addHost(addresses: [address], rung: .network)
  }

  private func follow(_ links: Links) async throws {
    var announced: UInt16?
    for await standing in try links.standings() {
      self.standing = standing
      let port = standing.address.flatMap { $0.split(separator: ":").last }.flatMap { UInt16($0) }
      if port != announced, let port {
        announced = port
        await discovery.announce(tag: try links.tag(), port: port)
      }
    }
  }

  private func find(_ links: Links) async throws {
    for await sighting in discovery.sightings() {
      switch sighting {
      case .found(let tag, let addresses): try links.found(tag: tag, addresses: addresses)
      case .lost(let tag): try links.lost(tag: tag)
      }
    }
  }

  private func lend(_ links: Links) async {
    await withTaskGroup(of: Void.self) { group in
      for await opened in radio.streams() {
        // A stream that breaks is opened again by whoever finds the other.
        group.addTask { try? await links.lend(opened.stream, initiator: opened.initiator) }
      }
    }
  }
}
