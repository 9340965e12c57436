// swift-tools-version: 6.0
import PackageDescription

// On Linux the screens are type-checked against a stub of SwiftUI.
#if os(Linux)
  let stubs = [Target.target(name: "SwiftUI", path: "Stubs/SwiftUI")]
#else
  let stubs: [Target] = []
#endif

let package = Package(
  name: "TeilgeberApp",
  defaultLocalization: "en",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [
    .library(name: "TeilgeberKit", targets: ["TeilgeberKit"]),
    .library(name: "TeilgeberScreens", targets: ["TeilgeberScreens"]),
  ],
  dependencies: [.package(name: "Teilgeber", path: "../bindings/swift")],
  targets: [
    .target(
      name: "TeilgeberKit", dependencies: [.product(name: "Teilgeber", package: "Teilgeber")]),
    .target(
      name: "TeilgeberScreens",
      dependencies: ["TeilgeberKit"] + stubs.map { .byName(name: $0.name) }),
    .testTarget(name: "TeilgeberKitTests", dependencies: ["TeilgeberKit"]),
  ] + stubs
)
