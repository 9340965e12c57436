// Just enough of SwiftUI to type-check the screens on Linux: names and types, no behaviour. A screen that needs more
// of it adds the declaration here; Xcode, which has the real one, stays the judge of how SwiftUI is used.

@_exported import Foundation
@_exported import Observation

@MainActor @preconcurrency
public protocol View {
  associatedtype Body: View
  @ViewBuilder var body: Body { get }
}

extension Never: View {
  public var body: Never { fatalError() }
}

/// What every stub shows: nothing.
public protocol Stub: View where Body == Never {}
extension Stub {
  public var body: Never { fatalError() }
}

public struct EmptyView: Stub {
  public nonisolated init() {}
}
public struct TupleView<each V: View>: Stub {
  init(_ views: repeat each V) {}
}
public struct EitherView<A: View, B: View>: Stub {}

extension Optional: View where Wrapped: View {
  public var body: Never { fatalError() }
}

@resultBuilder
@MainActor
public enum ViewBuilder {
  public static func buildBlock() -> EmptyView { EmptyView() }
  public static func buildBlock<V: View>(_ view: V) -> V { view }
  public static func buildBlock<each V: View>(_ views: repeat each V) -> TupleView<repeat each V> {
    TupleView(repeat each views)
  }
  public static func buildIf<V: View>(_ view: V?) -> V? { view }
  public static func buildEither<A: View, B: View>(first: A) -> EitherView<A, B> { EitherView() }
  public static func buildEither<A: View, B: View>(second: B) -> EitherView<A, B> { EitherView() }
}

@propertyWrapper
@dynamicMemberLookup
public struct Binding<Value> {
  public init(get: @escaping () -> Value, set: @escaping (Value) -> Void) {}
  public init() {}
  public var wrappedValue: Value {
    get { fatalError() }
    nonmutating set {}
  }
  public var projectedValue: Binding<Value> { self }
  public subscript<V>(dynamicMember path: WritableKeyPath<Value, V>) -> Binding<V> { Binding<V>() }
}

@propertyWrapper
public struct State<Value> {
  public init(wrappedValue: Value) {}
  public init(initialValue: Value) {}
  public var wrappedValue: Value {
    get { fatalError() }
    nonmutating set {}
  }
  public var projectedValue: Binding<Value> { Binding() }
}

@propertyWrapper
@dynamicMemberLookup
public struct Bindable<Value> {
  public init(wrappedValue: Value) {}
  public init(_ value: Value) {}
  public var wrappedValue: Value { fatalError() }
  public var projectedValue: Bindable<Value> { self }
  public subscript<V>(dynamicMember path: ReferenceWritableKeyPath<Value, V>) -> Binding<V> {
    Binding()
  }
}

public protocol App {
  associatedtype Body: Scene
  @MainActor var body: Body { get }
}
@MainActor public protocol Scene {}
public struct WindowGroup: Scene {
  public init(@ViewBuilder content: () -> some View) {}
}
public enum ScenePhase { case active, inactive, background }

public struct LocalizedStringKey: ExpressibleByStringInterpolation, Sendable {
  public init(stringLiteral value: String) {}
}
public struct Color: Stub, Sendable {
  public init(_ name: String) {}
}
public struct Font: Sendable {
  public enum Weight: Sendable { case semibold }
  public static let title = Font()
  public static let headline = Font()
  public static let body = Font()
  public static let footnote = Font()
}
public struct Image: Stub {
  public init(systemName: String) {}
}
public struct Text: Stub {
  public init(_ key: LocalizedStringKey) {}
  @_disfavoredOverload public init(_ text: some StringProtocol) {}
  public init(verbatim: String) {}
}
public struct Label: Stub {
  public init(_ key: LocalizedStringKey, systemImage: String) {}
  @_disfavoredOverload public init(_ text: some StringProtocol, systemImage: String) {}
}
public enum ButtonRole { case destructive, cancel }
public struct Button: Stub {
  public init(
    _ key: LocalizedStringKey, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void
  ) {}
  public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> some View) {}
}
public struct TextField: Stub {
  public init(_ key: LocalizedStringKey, text: Binding<String>) {}
}
public struct TextEditor: Stub {
  public init(text: Binding<String>) {}
}
public struct Toggle: Stub {
  public init(_ key: LocalizedStringKey, isOn: Binding<Bool>) {}
}
public struct Menu: Stub {
  public init(@ViewBuilder content: () -> some View, @ViewBuilder label: () -> some View) {}
}
public struct Spacer: Stub {
  public init() {}
}
public struct ProgressView: Stub {
  public init() {}
}
public enum HorizontalAlignment { case leading, center, trailing }
public struct VStack: Stub {
  public init(
    alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil,
    @ViewBuilder content: () -> some View
  ) {}
}
public struct HStack: Stub {
  public init(spacing: CGFloat? = nil, @ViewBuilder content: () -> some View) {}
}
public struct Group: Stub {
  public init(@ViewBuilder content: () -> some View) {}
}
public struct List: Stub {
  public init(@ViewBuilder content: () -> some View) {}
}
public struct Form: Stub {
  public init(@ViewBuilder content: () -> some View) {}
}
public struct Section: Stub {
  public init(_ key: LocalizedStringKey, @ViewBuilder content: () -> some View) {}
  @_disfavoredOverload
  public init(_ title: some StringProtocol, @ViewBuilder content: () -> some View) {}
  public init(@ViewBuilder content: () -> some View) {}
}
public struct ForEach: Stub {
  public init<Data: RandomAccessCollection>(
    _ data: Data, @ViewBuilder content: @escaping (Data.Element) -> some View
  ) where Data.Element: Identifiable {}
  public init<Data: RandomAccessCollection, ID: Hashable>(
    _ data: Data, id: KeyPath<Data.Element, ID>,
    @ViewBuilder content: @escaping (Data.Element) -> some View
  ) {}
}
public struct NavigationStack: Stub {
  public init(@ViewBuilder root: () -> some View) {}
}
public struct NavigationLink: Stub {
  public init(@ViewBuilder destination: () -> some View, @ViewBuilder label: () -> some View) {}
}
public struct TabView: Stub {
  public init(@ViewBuilder content: () -> some View) {}
}
public struct Path {
  public mutating func addRect(_ rect: CGRect) {}
  public init(_ draw: (inout Path) -> Void) {}
}
public protocol Shape: View, Sendable {
  func path(in rect: CGRect) -> Path
}
extension Shape {
  public var body: Never { fatalError() }
  public func fill(_ color: Color) -> some View { self }
}
public enum VerticalEdge { case top, bottom }
public enum ContentMode { case fit }
public struct EdgeSet: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }
  public static let all = EdgeSet(rawValue: 1)
  public static let horizontal = EdgeSet(rawValue: 2)
}

extension View {
  public func font(_ font: Font) -> some View { self }
  public func fontWeight(_ weight: Font.Weight) -> some View { self }
  public func foregroundStyle(_ color: Color) -> some View { self }
  public func background(_ color: Color) -> some View { self }
  public func tint(_ color: Color) -> some View { self }
  public func padding(_ length: CGFloat) -> some View { self }
  public func padding(_ edges: EdgeSet, _ length: CGFloat) -> some View { self }
  public func frame(minWidth: CGFloat? = nil, minHeight: CGFloat? = nil) -> some View { self }
  public func aspectRatio(_ ratio: CGFloat, contentMode: ContentMode) -> some View { self }
  public func disabled(_ isDisabled: Bool) -> some View { self }
  public func accessibilityLabel(_ key: LocalizedStringKey) -> some View { self }
  @_disfavoredOverload
  public func accessibilityLabel(_ text: some StringProtocol) -> some View { self }
  public func accessibilityHidden(_ hidden: Bool) -> some View { self }
  public func safeAreaInset(edge: VerticalEdge, @ViewBuilder content: () -> some View) -> some View
  { self }
  public func onSubmit(_ action: @escaping () -> Void) -> some View { self }
  public func onDisappear(perform: @escaping () -> Void) -> some View { self }
  public func navigationTitle(_ key: LocalizedStringKey) -> some View { self }
  @_disfavoredOverload public func navigationTitle(_ title: some StringProtocol) -> some View {
    self
  }
  public func tabItem(@ViewBuilder _ label: () -> some View) -> some View { self }
  public func toolbar(@ViewBuilder content: () -> some View) -> some View { self }
  public func sheet(
    isPresented: Binding<Bool>, @ViewBuilder content: @escaping () -> some View
  ) -> some View { self }
  public func alert(
    _ key: LocalizedStringKey, isPresented: Binding<Bool>, @ViewBuilder actions: () -> some View,
    @ViewBuilder message: () -> some View
  ) -> some View { self }
  public func task(_ action: @escaping @MainActor @Sendable () async -> Void) -> some View { self }
  public func task<T: Equatable>(
    id: T, _ action: @escaping @MainActor @Sendable () async -> Void
  ) -> some View { self }
}

@MainActor @preconcurrency
public protocol PreviewProvider {
  associatedtype Previews: View
  @ViewBuilder static var previews: Previews { get }
}
