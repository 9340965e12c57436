#if canImport(SwiftUI)
  import SwiftUI
  import TeilgeberKit

  struct SyncScreen: View {
    @State private var model: SyncModel
    @State private var address = ""
    private let desk: Desk

    init(desk: Desk, keeper: Keeper) {
      self.desk = desk
      _model = State(initialValue: SyncModel(desk: desk, keeper: keeper))
    }

    var body: some View {
      List {
        Text(model.says)
        ForEach(model.ladder) { step in
          HStack(spacing: 8) {
            Label(step.title.text, systemImage: step.works ? "checkmark" : "minus")
            if step.works { Text("ui.sync.works").font(.footnote) }
          }
        }
        if !model.near.isEmpty {
          Section("ui.sync.near") { ForEach(model.near, id: \.self) { Text(verbatim: $0) } }
        }
        switch model.help {
        case .resume: Button("ui.sync.resume") { Task { await model.resume() } }
        case .showCode, .joinEvent:
          NavigationLink {
            EventScreen(desk: desk)
          } label: {
            Text("ui.event.invite")
          }
        case .none, .wait, .updateApp: EmptyView()
        }
        if !model.isPaused { Button("ui.sync.pause") { Task { await model.pause() } } }
        if let mine = model.address { Text(Phrase("ui.sync.mine", .text(mine))).font(.footnote) }
        TextField("ui.sync.address", text: $address)
          .onSubmit { Task { await model.dial(address) } }
      }
      .navigationTitle("ui.sync")
      .task { await model.run() }
    }
  }
#endif
