import Teilgeber
import Testing

@testable import TeilgeberKit

@MainActor
@Suite(.timeLimit(.minutes(3)))
struct MeTests {
  @Test func toWidenTakesAPreviewAndToNarrowIsImmediate() async throws {
    let ada = try await Phone("Ada")
    let me = MeModel(desk: ada.desk)
    try await ada.showing({ await me.run() }, until: { me.isRead })
    #expect(await me.change { $0.bio = "bees" })
    await me.show(.name, to: .contacts)
    #expect(me.widening?.card.name == "Ada")
    #expect(me.widening?.card.bio == "")
    #expect(try await ada.device.cardSeenBy(reader: .contacts).name == nil)
    let promised = me.widening?.card
    await me.confirm()
    #expect(me.widening == nil)
    #expect(try await ada.device.cardSeenBy(reader: .contacts) == promised)

    await me.show(.name, to: .me)
    #expect(me.widening == nil)
    #expect(try await ada.device.cardSeenBy(reader: .contacts).name == nil)
  }

  @Test(arguments: Audience.all)
  func thePreviewIsWhatTheCoreShows(reader: Audience) async throws {
    let ada = try await Phone("Ada")
    let profile = Profile(
      name: "Ada", nameFor: .everyone, hashtags: [Interest(tag: "bees", level: .expert)],
      hashtagsFor: .event, bio: "hums", bioFor: .contacts, links: ["https://example.org"],
      linksFor: .me, photoConsent: .yes, photoConsentFor: .event)
    try await ada.device.setProfile(profile: profile)
    let card = try await ada.device.cardSeenBy(reader: reader)
    #expect(try await ada.device.profile().seen(by: reader) == card)
  }

  @Test func whatChangedBeforeTheSecondTapIsShownAgain() async throws {
    let ada = try await Phone("Ada")
    let me = MeModel(desk: ada.desk)
    try await ada.showing({ await me.run() }, until: { me.isRead })
    await me.show(.name, to: .event)
    #expect(await me.change { $0.name = "Ada L." })
    await me.confirm()
    #expect(me.widening?.card.name == "Ada L.")
    #expect(try await ada.device.cardSeenBy(reader: .event).name == nil)
    await me.confirm()
    #expect(try await ada.device.cardSeenBy(reader: .event).name == "Ada L.")
  }

  @Test func toAppearTakesTheSecondTapOnExactlyWhatOthersSee() async throws {
    let (ada, bob) = (try await Phone("Ada"), try await Phone("Bob"))
    var profile = try await ada.device.profile()
    profile.nameFor = .event
    try await ada.device.setProfile(profile: profile)
    let id = try await ada.camp()
    let event = EventModel(desk: ada.desk)
    try await ada.showing({ await event.run() }, until: { event.isRead })
    await event.wantToAppear()
    #expect(event.preview?.card.name == "Ada")
    try await bob.joins(id, of: ada)
    #expect(try await bob.desk.people(of: id).isEmpty)
    await event.appear()
    try await bob.sync(ada)
    #expect(
      try await bob.desk.people(of: id).map(\.card) == [
        try await ada.device.cardSeenBy(reader: .event)
      ])
    await event.disappear()
    try await bob.sync(ada)
    #expect(try await bob.desk.people(of: id).isEmpty)

    await event.invite()
    #expect(event.code != nil)
    _ = try await ada.device.writePost(event: id, post: NewPost(text: "hello"))
    await event.withdrawAll()
    #expect(ada.desk.undo.says?.key == "undo.withdraw")
    try await ada.desk.undo.undo()
    let posts = try await ada.device.posts(event: id, filter: PostFilter(), before: nil, limit: 9)
    #expect(posts.count == 1)
    #expect(await event.leave())
    #expect(try await ada.device.events().isEmpty)
  }
}
