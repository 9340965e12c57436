import TeilgeberCore

extension CoreError {
  /// The name of what went wrong, as in `NotHere`: by it an app finds the words for it in its person's language.
  /// What `message` says is for the log.
  public var code: String {
    // The name of the case, so that a new one needs no line here.
    Mirror(reflecting: self).children.first?.label ?? String(describing: self)
  }
}
