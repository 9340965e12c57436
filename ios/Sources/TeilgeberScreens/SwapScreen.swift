#if canImport(SwiftUI)
  import SwiftUI
  import Teilgeber
  import TeilgeberKit

  /// My code above, the camera below.
  struct SwapScreen: View {
    @State private var model: SwapModel
    @State private var name = ""
    @State private var typed = ""
    private let desk: Desk

    init(desk: Desk, camera: any TeilgeberKit.Camera) {
      self.desk = desk
      _model = State(initialValue: SwapModel(desk: desk, camera: camera))
    }

    var body: some View {
      List {
        if let code = model.code {
          QrView(code: code)
          Section("ui.swap.gives") {
            ForEach(model.gives, id: \.self) { Text($0).font(.footnote) }
            ForEach(Field.offered, id: \.self) { field in
              Button(action: { Task { await model.toggle(field) } }) {
                Label(
                  field.title.text,
                  systemImage: model.fields.contains(field) ? "checkmark.circle" : "circle")
              }
            }
          }
        }
        if model.needsName {
          Text("ui.swap.needsName")
          TextField("ui.first.name", text: $name)
          Button("ui.ok") { Task { await model.name(name) } }.disabled(name.isEmpty)
        }
        Section {
          switch model.eye {
          case .looking: Text("ui.swap.looking")
          case .refused: Text("ui.swap.refused")
          case .off: EmptyView()
          }
          TextField("ui.swap.type", text: $typed)
          Button("ui.ok") { Task { await model.take(typed) } }.disabled(typed.isEmpty)
        }
        switch model.outcome {
        case .met(let person): MetScreen(desk: desk, person: person) { model.putAway() }
        case .other:
          Text("ui.swap.join")
          Button("ui.swap.yes") { Task { _ = await model.join() } }
          Button("ui.cancel") { model.putAway() }
        case nil: EmptyView()
        }
      }
      .navigationTitle("ui.swap")
      .task { await model.run() }
    }
  }

  /// After a scan.
  struct MetScreen: View {
    @State private var model: MetModel
    private let done: () -> Void

    init(desk: Desk, person: Id, done: @escaping () -> Void) {
      _model = State(initialValue: MetModel(desk: desk, person: person))
      self.done = done
    }

    var body: some View {
      Section {
        if let card = model.contact?.card { SeenCard(card: card) }
        if let met = model.met { Text(met).font(.footnote) }
        TextField("ui.met.memo", text: $model.memo)
        TextField("ui.met.promise", text: $model.promise)
        if let way = model.way { Text(way).font(.footnote) }
        Button("ui.met.answer") { Task { _ = await model.addAndAnswer() } }
        Button("ui.met.add") { Task { if await model.add() { done() } } }
        Button("ui.met.discard", role: .cancel) { Task { if await model.discard() { done() } } }
      }
      .task { await model.run() }
    }
  }
#endif
