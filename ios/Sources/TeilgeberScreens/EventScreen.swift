#if canImport(SwiftUI)
  import SwiftUI
  import TeilgeberKit

  struct EventScreen: View {
    @State private var model: EventModel
    @State private var isLeaving = false

    init(desk: Desk) {
      _model = State(initialValue: EventModel(desk: desk))
    }

    var body: some View {
      List {
        if model.event == nil {
          WriteLine(prompt: "ui.swap.type", act: "ui.swap.yes") { await model.join($0) }
        }
        ForEach(model.events, id: \.id) { event in
          Button(action: { Task { await model.look(at: event.id) } }) { Text(verbatim: event.name) }
        }
        if let held = model.held { Text(held).font(.footnote) }
        if let event = model.event {
          Button("ui.event.invite") { Task { await model.invite() } }
          if let code = model.code {
            Text("ui.event.code")
            QrView(code: code)
            Button("ui.ok") { model.putAwayCode() }
          }
          if event.appearing {
            Button("ui.event.disappear") { Task { await model.disappear() } }
          } else {
            Button("ui.event.appear") { Task { await model.wantToAppear() } }
          }
          if let preview = model.preview {
            Section("ui.event.preview") {
              SeenCard(card: preview.card)
              Button("ui.event.appear") { Task { await model.appear() } }
              Button("ui.cancel") { model.dismissPreview() }
            }
          }
          Toggle(
            "ui.event.stars",
            isOn: Binding(
              get: { model.sharesStars }, set: { on in Task { await model.shareStars(on) } }))
          Button("ui.event.withdraw") { Task { await model.withdrawAll() } }
          if let withdrawn = model.withdrawn { Text(withdrawn).font(.footnote) }
          Button("ui.event.leave", role: .destructive) { isLeaving = true }
        }
      }
      .alert("ui.event.leave", isPresented: $isLeaving) {
        Button("ui.event.leave", role: .destructive) { Task { _ = await model.leave() } }
        Button("ui.cancel", role: .cancel) {}
      } message: {
        Text("ui.event.leave.ask")
      }
      .navigationTitle(model.event?.name ?? "")
      .task { await model.run() }
    }
  }
#endif
