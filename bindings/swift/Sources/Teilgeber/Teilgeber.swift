/// Teilgeber for Swift: `let device = try await Device.open(config: Config(home: path))`.
///
/// All of the generated module is here, with what Swift expects beside it: streams of what changes, a sync
/// that ends with its task, codes for errors, dates, and splices from one text to the next.
@_exported import TeilgeberCore
