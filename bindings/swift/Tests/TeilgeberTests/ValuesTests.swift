import Foundation
import Teilgeber
import Testing

struct ValuesTests {
  @Test(arguments: [
    ("", "a"), ("a", ""), ("abc", "abXc"), ("aaa", "aa"), ("aa", "aaa"), ("🦊 fox", "🦊🦊 fox"),
    ("e", "e\u{301}"), ("one two", "one 2 two"), ("same tail", "tail"),
  ])
  func aSpliceMakesTheNewTextOfTheOld(old: String, new: String) throws {
    let splice = try #require(Splice.between(old, new))
    var scalars = Array(old.unicodeScalars)
    let end = Int(splice.at + splice.delete)
    scalars.replaceSubrange(Int(splice.at)..<end, with: Array(splice.insert.unicodeScalars))
    #expect(scalars == Array(new.unicodeScalars))
  }

  @Test func whatIsTheSameNeedsNoSplice() {
    #expect(Splice.between("same 🦊", "same 🦊") == nil)
    #expect(Splice.between("", "") == nil)
  }

  @Test func momentsAreDates() {
    #expect(Date(millis: 1_795_255_200_123).millis == 1_795_255_200_123)
    #expect(Date(timeIntervalSince1970: -5).millis == 0)
  }
}
