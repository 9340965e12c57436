#if canImport(SwiftUI)
  import SwiftUI
  import Teilgeber
  import TeilgeberKit

  /// The wall as a list by time: what it becomes with large type, and always on a small phone.
  struct BoardScreen: View {
    @State private var model: BoardModel
    @State private var isPitching = false
    private let desk: Desk

    init(desk: Desk) {
      self.desk = desk
      _model = State(initialValue: BoardModel(desk: desk))
    }

    var body: some View {
      List {
        HStack(spacing: 8) {
          ForEach(model.days, id: \.self) { day in
            Button(action: { Task { await model.choose { $0.day = day } } }) {
              Text(verbatim: day)
            }
          }
          Toggle("ui.board.starred", isOn: starred)
        }
        if model.isEmpty { Text("ui.board.empty") }
        ForEach(model.rows) { row in
          Section(row.time) {
            if model.nowLine.map({ $0 < model.rows.count && model.rows[$0].id == row.id }) == true {
              Text("ui.board.now").font(.footnote).foregroundStyle(Color("Marker"))
            }
            ForEach(row.cards) { link($0) }
          }
        }
        if !model.waiting.isEmpty {
          Section("ui.board.waiting") { ForEach(model.waiting) { link($0) } }
        }
      }
      .safeAreaInset(edge: .bottom) { Button("ui.board.pitch") { isPitching = true } }
      .sheet(isPresented: $isPitching) {
        PitchScreen(model: model) { isPitching = false }
      }
      .navigationTitle("ui.board")
      .task { await model.run() }
    }

    private var starred: Binding<Bool> {
      Binding(
        get: { model.onlyStarred },
        set: { on in Task { await model.choose { $0.onlyStarred = on } } })
    }

    private func link(_ card: SessionCard) -> some View {
      NavigationLink {
        SessionScreen(desk: desk, id: card.session)
      } label: {
        CardView(card: card, left: nil)
      }
    }
  }

  struct PitchScreen: View {
    let model: BoardModel
    let done: () -> Void
    @State private var title = ""
    @State private var about = ""

    var body: some View {
      Form {
        TextField("ui.board.title", text: $title)
        TextField("ui.board.about", text: $about)
        if let free = model.firstFree, let moments = model.event?.moments {
          Text(Phrase("ui.board.free", .text(free.room.name), .text(moments.time(free.start))))
        }
        Button("ui.board.pitch") {
          Task {
            let session = Session(title: title, about: about)
            if await model.pitch(session, at: model.firstFree) { done() }
          }
        }
        .disabled(title.isEmpty)
        Button("ui.cancel", role: .cancel) { done() }
      }
    }
  }

  struct SessionScreen: View {
    @State private var model: SessionModel

    init(desk: Desk, id: Id) {
      _model = State(initialValue: SessionModel(desk: desk, id: id))
    }

    var body: some View {
      List {
        if model.isGone { Text("ui.session.gone") }
        ForEach(model.cards) { CardView(card: $0, left: nil) }
        if let pitcher = model.pitcher { Text(verbatim: pitcher).font(.footnote) }
        if let session = model.session { Text(verbatim: session.session.about).font(.body) }
        Button(model.starred ? "ui.session.unstar" : "ui.session.star") {
          Task { await model.star() }
        }
        NavigationLink {
          NoteScreen(model: model.newNote())
        } label: {
          Text("ui.session.note")
        }
        if let closed = model.closed {
          Text(closed).foregroundStyle(Color("Stop"))
        } else {
          NavigationLink {
            EditorView(editor: model.pad)
          } label: {
            Text("ui.session.together")
          }
          WriteLine(prompt: "ui.session.post", act: "ui.posts.send") { await model.post($0) }
        }
        ForEach(model.posts, id: \.id) { PostView(post: $0) }
        if !model.fans.isEmpty {
          Section("ui.session.fans") {
            ForEach(model.fans, id: \.person) { Text(verbatim: $0.name ?? "") }
          }
        }
      }
      .navigationTitle(model.session?.session.title ?? "")
      .task { await model.run() }
    }
  }
#endif
