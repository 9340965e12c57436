// swift-tools-version: 6.0
import PackageDescription

// "host": the library that cargo built for this machine; "xcframework": the one for Apple's
// platforms. What is usual here is right for `swift test` on Linux and for Xcode.
#if os(Linux)
  let usualLibrary = "host"
#else
  let usualLibrary = "xcframework"
#endif
let onHost = (Context.environment["TEILGEBER_LIBRARY"] ?? usualLibrary) == "host"
let libraries = "\(Context.packageDirectory)/generated/lib"
let hostLibrary: [LinkerSetting] = [
  .linkedLibrary("teilgeber_ffi"),
  .unsafeFlags(["-L\(libraries)", "-Xlinker", "-rpath", "-Xlinker", libraries]),
  // Debian's libswiftObservation.so lacks a symbol that nothing calls.
  .unsafeFlags(["-Xlinker", "--allow-shlib-undefined"], .when(platforms: [.linux])),
]

let package = Package(
  name: "Teilgeber",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [.library(name: "Teilgeber", targets: ["Teilgeber"])],
  targets: [
    onHost
      ? .systemLibrary(name: "TeilgeberCoreFFI", path: "generated/swift/TeilgeberCoreFFI")
      : .binaryTarget(name: "TeilgeberCoreFFI", path: "TeilgeberCoreFFI.xcframework"),
    .target(
      name: "TeilgeberCore",  // written by bindings/generate
      dependencies: ["TeilgeberCoreFFI"],
      path: "generated/swift/TeilgeberCore",
      linkerSettings: onHost ? hostLibrary : []
    ),
    .target(name: "Teilgeber", dependencies: ["TeilgeberCore"]),
    .testTarget(name: "TeilgeberTests", dependencies: ["Teilgeber"]),
  ]
)
