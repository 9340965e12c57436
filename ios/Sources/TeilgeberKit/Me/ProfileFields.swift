import Teilgeber

extension Field {
  /// All fields, in the order in which they are shown.
  public static let all: [Field] = [.name] + offered
}

extension Profile {
  static let blank = Profile(
    nameFor: .me, hashtagsFor: .me, bioFor: .me, linksFor: .me, photoConsentFor: .me)

  /// For whom a field is.
  public func audience(of field: Field) -> Audience {
    switch field {
    case .name: nameFor
    case .hashtags: hashtagsFor
    case .bio: bioFor
    case .links: linksFor
    case .photoConsent: photoConsentFor
    }
  }

  mutating func show(_ field: Field, to audience: Audience) {
    switch field {
    case .name: nameFor = audience
    case .hashtags: hashtagsFor = audience
    case .bio: bioFor = audience
    case .links: linksFor = audience
    case .photoConsent: photoConsentFor = audience
    }
  }

  /// The card as one will see it who stands as `reader`, before it is saved; the core's `cardSeenBy` after.
  func seen(by reader: Audience) -> Card {
    let shows = { (field: Field) in !reader.isWider(than: audience(of: field)) }
    return Card(
      name: shows(.name) ? name : nil,
      hashtags: shows(.hashtags) ? hashtags : [],
      bio: shows(.bio) ? bio : "",
      links: shows(.links) ? links : [],
      photoConsent: shows(.photoConsent) ? photoConsent ?? .no : .no)
  }
}
