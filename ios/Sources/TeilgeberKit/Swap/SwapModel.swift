import Foundation
import Observation
import Teilgeber

/// My code above, the camera below: two hold their phones together.
@MainActor
@Observable
public final class SwapModel {
  /// What the camera does.
  public enum Eye: Hashable {
    case off
    case looking
    /// The person, or the phone, does not let it: type, or open a picture.
    case refused
  }

  /// What was scanned.
  public enum Outcome: Hashable {
    /// A person, who is a contact now.
    case met(Id)
    /// A code that is not a person's: it may be that of an event.
    case other(String)
  }

  /// The code to draw; none without a name to show.
  public private(set) var code: QrModules?
  /// What the code gives away, in words.
  public private(set) var gives: [Phrase] = []
  /// Which fields are on the code beside the name.
  public private(set) var fields: Set<Field> = []
  /// A code shows a name, and there is none yet.
  public private(set) var needsName = false
  public private(set) var eye = Eye.off
  public private(set) var outcome: Outcome?

  private let desk: Desk
  private let camera: any Camera
  private var showing: Showing?
  private var session: Id?

  public init(desk: Desk, camera: any Camera, session: Id? = nil) {
    self.desk = desk
    self.camera = camera
    self.session = session
  }

  /// Shows the code and looks for others, until the task of the screen ends.
  public func run() async {
    await show()
    await look()
    await hide()
  }

  /// Draws a new code, with what is chosen.
  public func show() async {
    await hide()
    await desk.attempt {
      let event = try await desk.currentEvent()
      do {
        let shown = try await desk.device.showCode(
          fields: Field.offered.filter(fields.contains), event: event?.id)
        showing = shown
        code = try qrModules(text: shown.text)
        needsName = false
      } catch CoreError.ShowName {
        (code, needsName) = (nil, true)
      }
      gives = [Phrase("swap.gives.name")] + Field.offered.filter(fields.contains).map(\.given)
    }
  }

  /// Puts a field on the code, or takes it off.
  public func toggle(_ field: Field) async {
    fields.formSymmetricDifference([field])
    await show()
  }

  /// Sets the name that the code shows: to whom it is shown else stays as it is.
  public func name(_ name: String) async {
    await desk.attempt {
      var profile = try await desk.device.profile()
      profile.name = name
      try await desk.device.setProfile(profile: profile)
    }
    await show()
  }

  /// Looks through the camera until something is found or the task ends.
  public func look() async {
    do {
      eye = .looking
      for try await picture in camera.pictures() {
        guard let text = try picture.codes().first else { continue }
        await take(text)
        if outcome != nil { break }
      }
      if eye == .looking { eye = .off }
    } catch is CancellationError {
      eye = .off
    } catch {
      eye = .refused
      if !(error is CameraRefused) { desk.problem = Phrase(error) }
    }
  }

  /// A picture that was opened instead.
  public func open(_ picture: Picture) async {
    await desk.attempt {
      guard let text = try picture.codes().first else {
        desk.problem = Phrase("swap.noCode")
        return
      }
      await take(text)
    }
  }

  /// A code that was read or typed.
  public func take(_ text: String) async {
    await desk.attempt {
      do {
        let event = try await desk.currentEvent()
        let met = MetAt(event: event?.id, session: session, place: nil)
        outcome = .met(try await desk.device.scan(code: text, met: met))
      } catch CoreError.OtherCode {
        outcome = .other(text)
      }
    }
  }

  /// Joins the event that the code is for. Says whether it was one.
  public func join() async -> Bool {
    guard case .other(let text) = outcome else { return false }
    return await desk.attempt {
      let joined = try await desk.device.join(code: text)
      desk.look(at: joined.event)
      outcome = nil
    }
  }

  /// Goes on to the next code.
  public func putAway() {
    outcome = nil
  }

  /// The code for a badge, to print.
  public func badge() async -> QrModules? {
    var drawn: QrModules?
    await desk.attempt { drawn = try qrModules(text: try await desk.device.badgeCode()) }
    return drawn
  }

  private func hide() async {
    guard let showing else { return }
    self.showing = nil
    code = nil
    // A code that is hidden already needs no hiding.
    try? await desk.device.hideCode(showing: showing.id)
  }
}

extension Field {
  /// What may be put on a code beside the name.
  public static let offered: [Field] = [.hashtags, .bio, .links, .photoConsent]

  public var title: Phrase {
    switch self {
    case .name: Phrase("field.name")
    case .hashtags: Phrase("field.hashtags")
    case .bio: Phrase("field.bio")
    case .links: Phrase("field.links")
    case .photoConsent: Phrase("field.photoConsent")
    }
  }

  var given: Phrase {
    switch self {
    case .name: Phrase("swap.gives.name")
    case .hashtags: Phrase("swap.gives.hashtags")
    case .bio: Phrase("swap.gives.bio")
    case .links: Phrase("swap.gives.links")
    case .photoConsent: Phrase("swap.gives.photoConsent")
    }
  }
}
