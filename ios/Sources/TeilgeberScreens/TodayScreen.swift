#if canImport(SwiftUI)
  import SwiftUI
  import TeilgeberKit

  struct TodayScreen: View {
    @State private var model: TodayModel
    private let desk: Desk

    init(desk: Desk) {
      self.desk = desk
      _model = State(initialValue: TodayModel(desk: desk))
    }

    var body: some View {
      List {
        if model.hasNoEvent { Text("ui.today.noEvent") }
        ForEach(model.notices) { notice in
          HStack(spacing: 8) {
            Text(notice.says).foregroundStyle(Color("Tape"))
            if !notice.isConflict {
              Button("ui.today.seen") { Task { await model.seen(notice) } }
            }
          }
        }
        cards("ui.today.now", model.now)
        cards("ui.today.mine", model.mine)
        cards("ui.today.next", model.next)
        Section("ui.today.words") {
          ForEach(model.posts, id: \.id) { PostView(post: $0) }
          NavigationLink {
            PostsScreen(desk: desk)
          } label: {
            Text("ui.today.words")
          }
        }
        Section("ui.today.open") {
          ForEach(model.due, id: \.id) { Text(verbatim: $0.anchor.words) }
          ForEach(model.promises, id: \.promise.text) {
            Text(verbatim: "\($0.name): \($0.promise.text)")
          }
        }
      }
      .safeAreaInset(edge: .bottom) {
        NavigationLink {
          NoteScreen(model: NoteModel(desk: desk, event: model.event?.id))
        } label: {
          Text("ui.today.note").font(.headline)
        }
      }
      .navigationTitle(model.event?.name ?? "")
      .task { await model.run() }
    }

    private func cards(_ title: LocalizedStringKey, _ cards: [SessionCard]) -> some View {
      Section(title) {
        ForEach(cards) { card in
          NavigationLink {
            SessionScreen(desk: desk, id: card.session)
          } label: {
            CardView(card: card, left: model.left(card))
          }
        }
      }
    }
  }
#endif
