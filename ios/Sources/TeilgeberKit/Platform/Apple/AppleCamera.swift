#if canImport(AVFoundation) && os(iOS)
  import AVFoundation

  /// The back camera, as pictures of brightness for the core's own decoder. Never built or run here.
  public struct AppleCamera: Camera {
    public init() {}

    public func pictures() -> AsyncThrowingStream<Picture, any Error> {
      AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
        let starting = Task {
          guard await AVCaptureDevice.requestAccess(for: .video),
            let eye = Eye(continuation)
          else { return continuation.finish(throwing: CameraRefused()) }
          continuation.onTermination = { _ in eye.stop() }
          eye.start()
        }
        continuation.onTermination = { _ in starting.cancel() }
      }
    }
  }

  /// A running camera. Everything of it is done on its own queue.
  private final class Eye: NSObject, AVCaptureVideoDataOutputSampleBufferDelegate,
    @unchecked Sendable
  {
    private let continuation: AsyncThrowingStream<Picture, any Error>.Continuation
    private let session = AVCaptureSession()
    private let queue = DispatchQueue(label: "camera")

    init?(_ continuation: AsyncThrowingStream<Picture, any Error>.Continuation) {
      self.continuation = continuation
      super.init()
      guard let device = AVCaptureDevice.default(for: .video),
        let input = try? AVCaptureDeviceInput(device: device), session.canAddInput(input)
      else { return nil }
      let output = AVCaptureVideoDataOutput()
      // The first plane of this format is brightness alone.
      output.videoSettings = [
        kCVPixelBufferPixelFormatTypeKey as String:
          kCVPixelFormatType_420YpCbCr8BiPlanarFullRange
      ]
      output.alwaysDiscardsLateVideoFrames = true
      output.setSampleBufferDelegate(self, queue: queue)
      guard session.canAddOutput(output) else { return nil }
      session.addInput(input)
      session.addOutput(output)
    }

    func start() { queue.async { self.session.startRunning() } }
    func stop() { queue.async { self.session.stopRunning() } }

    func captureOutput(
      _ output: AVCaptureOutput, didOutput buffer: CMSampleBuffer, from: AVCaptureConnection
    ) {
      guard let image = CMSampleBufferGetImageBuffer(buffer) else { return }
      CVPixelBufferLockBaseAddress(image, .readOnly)
      defer { CVPixelBufferUnlockBaseAddress(image, .readOnly) }
      guard let start = CVPixelBufferGetBaseAddressOfPlane(image, 0) else { return }
      let height = CVPixelBufferGetHeightOfPlane(image, 0)
      let stride = CVPixelBufferGetBytesPerRowOfPlane(image, 0)
      continuation.yield(
        Picture(
          width: UInt32(CVPixelBufferGetWidthOfPlane(image, 0)), height: UInt32(height),
          stride: UInt32(stride), luma: Data(bytes: start, count: stride * height)))
    }
  }
#endif
