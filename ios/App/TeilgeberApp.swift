import SwiftUI
import TeilgeberKit
import TeilgeberScreens

@main
struct TeilgeberApp: App {
  @Environment(\.scenePhase) private var phase
  @State private var model = AppModel(
    home: URL.applicationSupportDirectory.appending(path: "teilgeber"),
    platform: Platform(camera: AppleCamera(), discovery: AppleDiscovery(), radio: AppleRadio()))

  var body: some Scene {
    WindowGroup {
      RootScreen(app: model)
    }
    .onChange(of: phase) { _, phase in
      Task { await model.scene(isActive: phase == .active) }
    }
  }
}
