import Observation
import Teilgeber

/// What others see of me, field by field, each with its audience.
@MainActor
@Observable
public final class MeModel {
  /// A field that is to be shown to more people, and exactly what these will see then.
  public struct Widening: Hashable {
    public let field: Field
    public let audience: Audience
    public let card: Card
  }

  public private(set) var profile = Profile.blank
  /// Waits for the one more tap.
  public private(set) var widening: Widening?
  public private(set) var isRead = false

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    await desk.watch(Filter(kinds: [.profile])) {
      profile = try await desk.device.profile()
      isRead = true
    }
  }

  /// Makes the profile say something else, for the same people as before.
  public func change(_ edit: (inout Profile) -> Void) async -> Bool {
    var changed = profile
    edit(&changed)
    for field in Field.all { changed.show(field, to: profile.audience(of: field)) }
    return await save(changed)
  }

  /// Shows a field to others. To fewer: at once. To more: after one more tap on what they will see.
  public func show(_ field: Field, to audience: Audience) async {
    var changed = profile
    changed.show(field, to: audience)
    if audience.isWider(than: profile.audience(of: field)) {
      widening = Widening(field: field, audience: audience, card: changed.seen(by: audience))
    } else {
      widening = nil
      _ = await save(changed)
    }
  }

  /// The one more tap.
  public func confirm() async {
    guard let widening else { return }
    var changed = profile
    changed.show(widening.field, to: widening.audience)
    guard changed.seen(by: widening.audience) == widening.card else {
      // What was changed meanwhile has to be seen first.
      return await show(widening.field, to: widening.audience)
    }
    if await save(changed) { self.widening = nil }
  }

  public func dismiss() {
    widening = nil
  }

  private func save(_ changed: Profile) async -> Bool {
    await desk.attempt {
      try await desk.device.setProfile(profile: changed)
      profile = try await desk.device.profile()
    }
  }
}
