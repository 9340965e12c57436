#if canImport(SwiftUI) && DEBUG
  import SwiftUI
  import TeilgeberKit

  /// A screen at the desk of the sample, once that is there.
  private struct Sampled<Screen: View>: View {
    @ViewBuilder let screen: (Desk) -> Screen
    @State private var desk: Desk?

    var body: some View {
      NavigationStack {
        if let desk { screen(desk) } else { ProgressView() }
      }
      .task { desk = try? await Sample.desk() }
    }
  }

  struct TodayPreview: PreviewProvider {
    static var previews: some View { Sampled { TodayScreen(desk: $0) } }
  }

  struct BoardPreview: PreviewProvider {
    static var previews: some View { Sampled { BoardScreen(desk: $0) } }
  }

  struct NotesPreview: PreviewProvider {
    static var previews: some View { Sampled { NotesScreen(desk: $0) } }
  }

  struct PostsPreview: PreviewProvider {
    static var previews: some View { Sampled { PostsScreen(desk: $0) } }
  }

  struct PeoplePreview: PreviewProvider {
    static var previews: some View { Sampled { PeopleScreen(desk: $0) } }
  }

  struct EventPreview: PreviewProvider {
    static var previews: some View { Sampled { EventScreen(desk: $0) } }
  }

  struct MePreview: PreviewProvider {
    static var previews: some View { Sampled { MeScreen(desk: $0) } }
  }
#endif
