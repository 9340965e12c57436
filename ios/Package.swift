// swift-tools-version: 6.0
import PackageDescription

let package = Package(
  name: "TeilgeberApp",
  defaultLocalization: "en",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [
    .library(name: "TeilgeberKit", targets: ["TeilgeberKit"])
  ],
  dependencies: [.package(name: "Teilgeber", path: "../bindings/swift")],
  targets: [
    .target(
      name: "TeilgeberKit", dependencies: [.product(name: "Teilgeber", package: "Teilgeber")]),
    .testTarget(name: "TeilgeberKitTests", dependencies: ["TeilgeberKit"]),
  ]
)
