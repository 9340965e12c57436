#if canImport(SwiftUI)
  import SwiftUI
  import Teilgeber
  import TeilgeberKit

  extension Phrase {
    /// The words in the person's language.
    var text: String {
      let arguments: [any CVarArg] = values.map { value in
        switch value {
        case .text(let text): text as NSString
        case .number(let number): number
        }
      }
      return String(
        format: NSLocalizedString(key, comment: ""), locale: .current, arguments: arguments)
    }
  }

  extension Text {
    init(_ phrase: Phrase) {
      self.init(verbatim: phrase.text)
    }
  }

  /// A room letter as on its door, with its name beside the hue.
  struct RoomLabel: View {
    let room: RoomSign

    var body: some View {
      HStack(spacing: 4) {
        Text(verbatim: room.letter).font(.title).foregroundStyle(Color("Room\(room.hue)"))
        Text(verbatim: room.name).font(.footnote).foregroundStyle(Color("FadedInk"))
      }
    }
  }

  /// A session as a card on the wall.
  struct CardView: View {
    let card: SessionCard
    let left: Phrase?

    var body: some View {
      VStack(alignment: .leading, spacing: 4) {
        if let room = card.room { RoomLabel(room: room) }
        Text(verbatim: card.title).font(.headline).foregroundStyle(Color("Ink"))
        if let times = card.times { Text(verbatim: times).font(.footnote) }
        if let left { Text(left).font(.footnote).foregroundStyle(Color("Marker")) }
        if let policy = card.policySign { Text(policy).font(.footnote) }
        if card.inConflict {
          Text("ui.board.conflict").foregroundStyle(Color("Tape")).background(Color("OnTape"))
        }
      }
      .frame(minHeight: 48)
    }
  }

  /// For whom something is.
  struct AudienceLabel: View {
    let audience: Audience

    var body: some View {
      let sign = AudienceSign(audience)
      Label(sign.title.text, systemImage: sign.symbol)
        .font(.footnote)
        .accessibilityLabel(sign.sentence.text)
    }
  }

  /// A code, dark on light whatever the system's colours are.
  struct QrView: View {
    let code: QrModules

    var body: some View {
      QrShape(side: Int(code.side), dark: code.dark)
        .fill(Color("Code"))
        .aspectRatio(1, contentMode: .fit)
        .padding(16)
        .background(Color("CodeGround"))
    }
  }

  private struct QrShape: Shape {
    let side: Int
    let dark: Data

    func path(in rect: CGRect) -> Path {
      let module = rect.width / CGFloat(side)
      return Path { path in
        for (at, isDark) in dark.enumerated() where isDark == 1 {
          path.addRect(
            CGRect(
              x: CGFloat(at % side) * module, y: CGFloat(at / side) * module, width: module,
              height: module))
        }
      }
    }
  }

  /// What another person sees of a card.
  struct SeenCard: View {
    let card: Card

    var body: some View {
      VStack(alignment: .leading, spacing: 4) {
        if let name = card.name {
          Text(verbatim: name).font(.headline)
        } else {
          Text("ui.people.nameless").font(.headline)
        }
        ForEach(card.hashtags, id: \.tag) { Text(verbatim: "#\($0.tag)").font(.footnote) }
        Text(verbatim: card.bio).font(.body)
        ForEach(card.links, id: \.self) { Text(verbatim: $0).font(.footnote) }
      }
    }
  }

  /// A post on the wall.
  struct PostView: View {
    let post: PostRecord

    var body: some View {
      VStack(alignment: .leading, spacing: 4) {
        Text(verbatim: post.name ?? "").font(.footnote).foregroundStyle(Color("FadedInk"))
        Text(verbatim: post.post.text).font(.body)
      }
    }
  }

  /// A line that a person writes, and the act that sends it.
  struct WriteLine: View {
    let prompt: LocalizedStringKey
    let act: LocalizedStringKey
    let send: @MainActor (String) async -> Bool
    @State private var text = ""

    var body: some View {
      HStack(spacing: 8) {
        TextField(prompt, text: $text)
        Button(act) { Task { if await send(text) { text = "" } } }.disabled(text.isEmpty)
      }
      .frame(minHeight: 48)
    }
  }
#endif
