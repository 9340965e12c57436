#if canImport(SwiftUI)
  import SwiftUI
  import TeilgeberKit

  /// The whole app: its first run, or the bar of five.
  public struct RootScreen: View {
    private let app: AppModel

    public init(app: AppModel) {
      self.app = app
    }

    public var body: some View {
      Group {
        switch app.state {
        case .opening: Text("ui.opening")
        case .first: FirstRunScreen(app: app)
        case .ready(let desk): MainScreen(app: app, desk: desk)
        case .failed(let why): Text(why).padding(16)
        }
      }
      .tint(Color("Marker"))
      .task { await app.run() }
      .alert("ui.salvaged", isPresented: shown(app.salvaged) { app.putAwaySalvaged() }) {
        Button("ui.ok") { app.putAwaySalvaged() }
      } message: {
        if let salvaged = app.salvaged { Text(salvaged) }
      }
    }
  }

  /// "What shall people call you?"
  struct FirstRunScreen: View {
    let app: AppModel
    @State private var name = ""

    var body: some View {
      VStack(spacing: 16) {
        Text("ui.first.ask").font(.title)
        TextField("ui.first.name", text: $name)
        Button("ui.first.start") { Task { await app.start(name: name) } }.disabled(name.isEmpty)
        Button("ui.first.later") { Task { await app.start(name: "") } }
      }
      .padding(16)
    }
  }

  /// The bar of five, the sync line, and what can be undone.
  struct MainScreen: View {
    let app: AppModel
    let desk: Desk

    var body: some View {
      TabView {
        tab { TodayScreen(desk: desk) }.tabItem { Label("ui.today", systemImage: "sun.max") }
        tab { BoardScreen(desk: desk) }.tabItem {
          Label("ui.board", systemImage: "square.grid.2x2")
        }
        tab { SwapScreen(desk: desk, camera: app.platform.camera) }
          .tabItem { Label("ui.swap", systemImage: "qrcode") }
        tab { PeopleScreen(desk: desk) }.tabItem { Label("ui.people", systemImage: "person.2") }
        tab { NotesScreen(desk: desk) }.tabItem { Label("ui.notes", systemImage: "note.text") }
      }
      .safeAreaInset(edge: .bottom) {
        if let says = desk.undo.says {
          HStack(spacing: 8) {
            Text(says)
            Button("ui.undo") { Task { await desk.attempt { try await desk.undo.undo() } } }
          }
          .padding(16)
        }
      }
      .alert("ui.problem", isPresented: shown(desk.problem) { desk.problem = nil }) {
        Button("ui.ok") { desk.problem = nil }
      } message: {
        if let problem = desk.problem { Text(problem) }
      }
    }

    private func tab(@ViewBuilder _ content: () -> some View) -> some View {
      NavigationStack {
        content()
          .safeAreaInset(edge: .top) {
            if let keeper = app.keeper {
              NavigationLink {
                SyncScreen(desk: desk, keeper: keeper)
              } label: {
                Text(keeper.line).font(.footnote).foregroundStyle(Color("FadedInk"))
              }
            }
          }
          .toolbar {
            NavigationLink {
              SearchScreen(desk: desk)
            } label: {
              Label("ui.search", systemImage: "magnifyingglass")
            }
            NavigationLink {
              OffersScreen(desk: desk)
            } label: {
              Label("ui.offers", systemImage: "car")
            }
            NavigationLink {
              EventScreen(desk: desk)
            } label: {
              Label("ui.event", systemImage: "tent")
            }
            NavigationLink {
              MeScreen(desk: desk)
            } label: {
              Label("ui.me", systemImage: "person.crop.circle")
            }
          }
      }
    }
  }

  /// Whether something is there to be shown, and what puts it away.
  func shown<T>(_ value: T?, putAway: @escaping () -> Void) -> Binding<Bool> {
    let isThere = value != nil
    return Binding(get: { isThere }, set: { if !$0 { putAway() } })
  }
#endif
