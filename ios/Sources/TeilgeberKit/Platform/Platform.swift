import Foundation
import Teilgeber

/// What the phone's system gives. Everything that cannot be tried without a phone stands behind these.
public struct Platform: Sendable {
  public let camera: any Camera
  public let discovery: any Discovery
  public let radio: any Radio
  /// Where the device listens.
  public let listen: Listen

  public init(
    camera: any Camera, discovery: any Discovery, radio: any Radio, listen: Listen = .everywhere(0)
  ) {
    self.camera = camera
    self.discovery = discovery
    self.radio = radio
    self.listen = listen
  }
}

/// A picture of brightness alone: `height` rows of `width` bytes, each beginning `stride` bytes after the one before.
public struct Picture: Hashable, Sendable {
  public let width: UInt32
  public let height: UInt32
  public let stride: UInt32
  public let luma: Data

  public init(width: UInt32, height: UInt32, stride: UInt32, luma: Data) {
    self.width = width
    self.height = height
    self.stride = stride
    self.luma = luma
  }

  /// The codes that are in it.
  public func codes() throws -> [String] {
    try qrReadLuma(width: width, height: height, stride: stride, luma: luma)
  }
}

/// Nobody may look through the camera: the person said no, or there is none.
public struct CameraRefused: Error {
  public init() {}
}

/// The camera.
public protocol Camera: Sendable {
  /// What it sees, as long as it is read; the latest picture where the reader is slow.
  ///
  /// Errors: `CameraRefused`.
  func pictures() -> AsyncThrowingStream<Picture, any Error>
}

/// Who announces themselves in the network.
public enum Sighting: Hashable, Sendable {
  case found(tag: String, addresses: [SocketAddr])
  case lost(tag: String)
}

/// The system's browser for services.
public protocol Discovery: Sendable {
  /// Announces this device from now on, by this tag alone.
  func announce(tag: String, port: UInt16) async
  /// Who is seen, as long as it is read.
  func sightings() -> AsyncStream<Sighting>
}

/// A stream that the phone opened to another one.
public struct OpenedStream: Sendable {
  public let stream: any LentStream
  /// Whether this side opened it: exactly one of both did.
  public let initiator: Bool

  public init(stream: any LentStream, initiator: Bool) {
    self.stream = stream
    self.initiator = initiator
  }
}

/// Radios that need no network: Multipeer and the like.
public protocol Radio: Sendable {
  /// The streams that were opened, as long as it is read.
  func streams() -> AsyncStream<OpenedStream>
}
