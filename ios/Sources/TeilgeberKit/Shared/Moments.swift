import Foundation
import Teilgeber

/// Times as a person reads them: where the event is, in the person's own way of writing them.
public struct Moments: Sendable {
  private let zone: Foundation.TimeZone
  private let locale: Locale

  public init(zone: String?, locale: Locale = .current) {
    self.zone = zone.flatMap { Foundation.TimeZone(identifier: $0) } ?? .current
    self.locale = locale
  }

  /// The time of day: `11:00`.
  public func time(_ at: Millis) -> String {
    Date(millis: at).formatted(style(.init(time: .shortened)))
  }

  /// The day: `Saturday, 21 November`.
  public func day(_ at: Millis) -> String {
    Date(millis: at).formatted(style(.init().weekday(.wide).day().month(.wide)))
  }

  /// The day as the core writes it: `2026-11-21`.
  public func isoDay(_ at: Millis) -> Day {
    var style = Date.ISO8601FormatStyle(timeZone: zone)
    style = style.year().month().day()
    return Date(millis: at).formatted(style)
  }

  /// How long until `start`, or until `end` where it runs.
  public func left(start: Millis, end: Millis, now: Millis) -> Phrase {
    if now < start {
      return switch Span(start - now) {
      case .minutes(let count): Phrase("time.in.minutes", .number(count))
      case .hours(let count): Phrase("time.in.hours", .number(count))
      case .days(let count): Phrase("time.in.days", .number(count))
      }
    }
    guard now < end else { return Phrase("time.over") }
    return switch Span(end - now) {
    case .minutes(let count): Phrase("time.left.minutes", .number(count))
    case .hours(let count): Phrase("time.left.hours", .number(count))
    case .days(let count): Phrase("time.left.days", .number(count))
    }
  }

  /// How long something is, as exactly as people say it.
  private enum Span {
    case minutes(Int)
    case hours(Int)
    case days(Int)

    init(_ millis: Millis) {
      let minutes = Int((millis + 59_999) / 60_000)
      let hours = (minutes + 30) / 60
      switch minutes {
      case ...90: self = .minutes(minutes)
      case ..<(36 * 60): self = .hours(hours)
      default: self = .days((hours + 12) / 24)
      }
    }
  }

  private func style(_ style: Date.FormatStyle) -> Date.FormatStyle {
    var style = style.locale(locale)
    style.timeZone = zone
    return style
  }
}
