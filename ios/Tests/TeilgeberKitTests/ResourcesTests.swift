import Foundation
import Testing

@testable import TeilgeberKit

/// What the app's catalogues hold, read as Xcode will read them.
struct ResourcesTests {
  static let package = URL(filePath: #filePath).appending(path: "../../..").standardized
  static let resources = package.appending(path: "App/Resources")

  /// Texts, and on what they stand.
  static let pairs: [(String, String)] =
    [
      ("Ink", "Paper"), ("Ink", "Card"), ("FadedInk", "Paper"), ("FadedInk", "Card"),
      ("OnMarker", "Marker"), ("Marker", "Paper"), ("Marker", "Card"), ("Tape", "OnTape"),
      ("Stop", "Paper"), ("Stop", "Card"),
    ] + (0..<RoomSign.hues).map { ("Room\($0)", "Card") }

  @Test func everyKeyThatIsUsedHasWordsInBothLanguages() throws {
    let words = try Words(Self.resources.appending(path: "Localizable.xcstrings"))
    var used = try Self.keys(in: "Sources")
    #expect(used.count > 100)
    used.formUnion(try Self.codes().map { "error.\($0)" })
    for key in used.sorted() {
      for language in ["de", "en"] {
        #expect(!words.forms(of: key, in: language).isEmpty, "\(key) has no words in \(language)")
      }
    }
    #expect(Set(words.keys).subtracting(used) == [], "nobody uses these")
  }

  @Test func bothLanguagesPutTheSameThingsIn() throws {
    let words = try Words(Self.resources.appending(path: "Localizable.xcstrings"))
    for key in words.keys {
      let all = ["de", "en"].flatMap { words.forms(of: key, in: $0) }
      #expect(Set(all.map(Words.places)).count == 1, "\(key): \(all)")
      #expect(!all.contains { $0.contains("!") || $0.isEmpty }, "\(key): \(all)")
    }
  }

  @Test(arguments: ResourcesTests.pairs)
  func textsAreReadable(text: String, ground: String) throws {
    for dark in [false, true] {
      let contrast = try Self.light(text, dark).contrast(to: Self.light(ground, dark))
      #expect(contrast >= 4.5, "\(text) on \(ground), dark: \(dark): \(contrast)")
    }
  }

  /// Keys of phrases, and those that screens show as they are.
  private static func keys(in folder: String) throws -> Set<String> {
    let phrase = /Phrase\(\s*"(?<key>[A-Za-z.]+)"/
    let shown = /"(?<key>ui\.[A-Za-z.]+)"/
    var keys: Set<String> = []
    let files = FileManager.default.enumerator(
      at: package.appending(path: folder), includingPropertiesForKeys: nil)
    for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      keys.formUnion(text.matches(of: phrase).map { String($0.key) })
      keys.formUnion(text.matches(of: shown).map { String($0.key) })
    }
    return keys
  }

  /// What the core can refuse with.
  private static func codes() throws -> [String] {
    let generated = package.appending(
      path: "../bindings/swift/generated/swift/TeilgeberCore/TeilgeberCore.swift")
    let text = try String(contentsOf: generated, encoding: .utf8)
    let start = try #require(text.range(of: "enum CoreError"))
    let end = try #require(text.range(of: "\n}", range: start.upperBound..<text.endIndex))
    let codes = text[start.upperBound..<end.lowerBound].matches(of: /case (?<code>[A-Z]\w+)\(/)
    #expect(codes.count > 20)
    return codes.map { String($0.code) }
  }

  private static func light(_ name: String, _ dark: Bool) throws -> Double {
    let file = resources.appending(path: "Assets.xcassets/\(name).colorset/Contents.json")
    let set = try JSONDecoder().decode(ColorSet.self, from: Data(contentsOf: file))
    let entry = try #require(set.colors.first { ($0.appearances != nil) == dark })
    return try entry.color.luminance()
  }
}

/// A strings catalogue.
private struct Words {
  private let strings: [String: Any]

  init(_ file: URL) throws {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    strings = try #require(json?["strings"] as? [String: Any])
  }

  var keys: [String] { Array(strings.keys) }

  /// What it says: one form, or those of one and of several.
  func forms(of key: String, in language: String) -> [String] {
    let entry = strings[key] as? [String: Any]
    let texts = entry?["localizations"] as? [String: Any]
    let text = texts?[language] as? [String: Any]
    if let one = Self.value(text) { return [one] }
    let plural = (text?["variations"] as? [String: Any])?["plural"] as? [String: Any]
    let forms = ["one", "other"].compactMap { Self.value(plural?[$0] as? [String: Any]) }
    return forms.count == 2 ? forms : []
  }

  /// What is put in, by place.
  static func places(_ text: String) -> [String] {
    text.matches(of: /%(\d\$)?(lld|@)/).map { String($0.0) }.sorted()
  }

  private static func value(_ unit: [String: Any]?) -> String? {
    (unit?["stringUnit"] as? [String: Any])?["value"] as? String
  }
}

private struct ColorSet: Decodable {
  struct Entry: Decodable {
    struct Color: Decodable {
      let components: [String: String]

      /// Relative luminance as WCAG has it.
      func luminance() throws -> Double {
        let weights = ["red": 0.2126, "green": 0.7152, "blue": 0.0722]
        return try weights.reduce(0) { sum, weight in
          let hex = try #require(components[weight.key]?.dropFirst(2))
          let value = Double(try #require(Int(hex, radix: 16))) / 255
          let linear = value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
          return sum + weight.value * linear
        }
      }
    }

    let color: Color
    let appearances: [[String: String]]?
  }

  let colors: [Entry]
}

extension Double {
  fileprivate func contrast(to other: Double) -> Double {
    (max(self, other) + 0.05) / (min(self, other) + 0.05)
  }
}
