import Teilgeber

/// The quiet line under the top bar. It never says more than is known.
public enum SyncLine {
  public static func says(_ standing: Standing?) -> Phrase {
    guard let standing else { return Phrase("sync.line.onlyHere") }
    let near = Phrase.Value.number(standing.links.count)
    return switch standing.situation {
    case .paused: Phrase("sync.line.paused")
    case .looking: Phrase("sync.line.looking")
    case .alone: Phrase("sync.line.alone")
    case .blocked: Phrase("sync.line.blocked")
    case .strangers: Phrase("sync.line.strangers")
    case .otherVersion: Phrase("sync.line.otherVersion")
    case .passing: Phrase("sync.line.passing", near)
    case .same: Phrase("sync.line.same", near)
    case .resting: Phrase("sync.line.resting")
    case .spent: Phrase("sync.line.spent")
    }
  }
}
