#if canImport(SwiftUI)
  import SwiftUI
  import TeilgeberKit

  /// From the other rooms.
  struct PostsScreen: View {
    @State private var model: PostsModel

    init(desk: Desk) {
      _model = State(initialValue: PostsModel(desk: desk))
    }

    var body: some View {
      List {
        if model.isEmpty { Text("ui.posts.empty") }
        if model.hasMore { Button("ui.posts.earlier") { Task { await model.earlier() } } }
        ForEach(model.walls) { wall in
          Section {
            if let room = wall.room { RoomLabel(room: room) }
            if let title = wall.title {
              Text(verbatim: title).font(.headline)
            } else {
              Text("ui.posts.everyone").font(.headline)
            }
            ForEach(wall.posts, id: \.id) { post in
              PostView(post: post)
              if post.mine {
                Button("ui.posts.erase") { Task { await model.erase(post) } }
              } else {
                Button("ui.posts.mute") { Task { await model.mute(post) } }
              }
            }
          }
        }
      }
      .safeAreaInset(edge: .bottom) {
        WriteLine(prompt: "ui.posts.write", act: "ui.posts.send") { await model.post($0) }
      }
      .navigationTitle("ui.today.words")
      .task { await model.run() }
    }
  }
#endif
