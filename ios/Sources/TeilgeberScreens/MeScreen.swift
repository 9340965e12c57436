#if canImport(SwiftUI)
  import SwiftUI
  import Teilgeber
  import TeilgeberKit

  /// What others see, field by field.
  struct MeScreen: View {
    @State private var model: MeModel

    init(desk: Desk) {
      _model = State(initialValue: MeModel(desk: desk))
    }

    var body: some View {
      List {
        ForEach(Field.all, id: \.self) { field in
          Section(field.title.text) {
            words(field)
            Menu {
              ForEach(Audience.all, id: \.self) { audience in
                Button(action: { Task { await model.show(field, to: audience) } }) {
                  AudienceLabel(audience: audience)
                }
              }
            } label: {
              AudienceLabel(audience: model.profile.audience(of: field))
            }
            if let widening = model.widening, widening.field == field {
              Text("ui.me.preview").font(.footnote)
              SeenCard(card: widening.card)
              Button("ui.me.show") { Task { await model.confirm() } }
              Button("ui.cancel") { model.dismiss() }
            }
          }
        }
      }
      .navigationTitle("ui.me")
      .task { await model.run() }
    }

    @ViewBuilder private func words(_ field: Field) -> some View {
      switch field {
      case .name:
        Text(verbatim: model.profile.name ?? "")
        WriteLine(prompt: "ui.first.name", act: "ui.person.save") { name in
          await model.change { $0.name = name }
        }
      case .bio:
        Text(verbatim: model.profile.bio)
        WriteLine(prompt: "field.bio", act: "ui.person.save") { bio in
          await model.change { $0.bio = bio }
        }
      case .hashtags:
        ForEach(model.profile.hashtags, id: \.tag) { Text(verbatim: "#\($0.tag)") }
      case .links:
        ForEach(model.profile.links, id: \.self) { Text(verbatim: $0) }
      case .photoConsent: EmptyView()
      }
    }
  }

  struct SearchScreen: View {
    @State private var model: SearchModel

    init(desk: Desk) {
      _model = State(initialValue: SearchModel(desk: desk))
    }

    var body: some View {
      List {
        TextField("ui.search", text: $model.query)
        if model.isEmpty { Text("ui.search.empty") }
        ForEach(model.hits, id: \.id) { hit in
          VStack(alignment: .leading, spacing: 4) {
            Text(verbatim: hit.title).font(.headline)
            Text(verbatim: hit.snippet.map(\.text).joined()).font(.footnote)
          }
        }
      }
      .navigationTitle("ui.search")
      .task(id: model.query) { await model.search() }
    }
  }
#endif
