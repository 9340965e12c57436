#if canImport(SwiftUI)
  import SwiftUI
  import TeilgeberKit

  struct NotesScreen: View {
    @State private var model: NotesModel
    private let desk: Desk

    init(desk: Desk) {
      self.desk = desk
      _model = State(initialValue: NotesModel(desk: desk))
    }

    var body: some View {
      List {
        if !model.anchors.isEmpty {
          Section("ui.notes.anchors") {
            ForEach(model.anchors, id: \.id) { anchor in
              Button(action: { Task { await model.finish(anchor) } }) {
                Label(anchor.anchor.words, systemImage: "circle")
              }
            }
          }
        }
        ForEach(model.tags, id: \.self) { tag in
          Button(action: { Task { await model.choose(model.tag == tag ? nil : tag) } }) {
            Text(verbatim: "#\(tag)")
          }
        }
        ForEach(model.sections) { section in
          Section {
            if let title = section.title {
              Text(verbatim: title).font(.footnote)
            } else {
              Text("ui.notes.alone").font(.footnote)
            }
            ForEach(section.notes, id: \.id) { note in
              NavigationLink {
                NoteScreen(model: NoteModel(desk: desk, id: note.id))
              } label: {
                if let title = note.title {
                  Text(verbatim: title).font(.headline)
                } else {
                  Text("ui.notes.untitled").font(.headline)
                }
              }
            }
          }
        }
      }
      .safeAreaInset(edge: .bottom) {
        NavigationLink {
          NoteScreen(model: NoteModel(desk: desk))
        } label: {
          Text("ui.notes.new").font(.headline)
        }
      }
      .navigationTitle("ui.notes")
      .task { await model.run() }
    }
  }

  /// The text, and nothing else.
  struct NoteScreen: View {
    @State var model: NoteModel
    @State private var isErased = false

    var body: some View {
      EditorView(editor: model.editor)
        .disabled(isErased)
        .toolbar {
          Button("ui.notes.item") { model.append(.item) }
          Button("ui.notes.heading") { model.append(.heading) }
          Button("ui.notes.erase", role: .destructive) { Task { isErased = await model.erase() } }
        }
        .task { await model.run() }
    }
  }

  /// A text, and whether it is saved.
  struct EditorView: View {
    @Bindable var editor: Editor

    var body: some View {
      VStack(alignment: .leading, spacing: 4) {
        Text(editor.word).font(.footnote).foregroundStyle(Color("FadedInk"))
        TextEditor(text: $editor.text).font(.body)
      }
      .padding(16)
      .onDisappear { Task { await editor.save() } }
    }
  }
#endif
