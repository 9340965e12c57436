#if canImport(SwiftUI)
  import SwiftUI
  import Teilgeber
  import TeilgeberKit

  struct PeopleScreen: View {
    @State private var model: PeopleModel
    private let desk: Desk

    init(desk: Desk) {
      self.desk = desk
      _model = State(initialValue: PeopleModel(desk: desk))
    }

    var body: some View {
      List {
        if model.isEmpty { Text("ui.people.empty") }
        if !model.requests.isEmpty {
          Section("ui.people.requests") {
            ForEach(model.requests, id: \.person) { request in
              SeenCard(card: request.card)
              Button("ui.people.accept") { Task { await model.accept(request) } }
              Button("ui.people.decline") { Task { await model.decline(request) } }
            }
          }
        }
        people("ui.people.here", model.metHere)
        people("ui.people.before", model.metBefore)
        people("ui.people.others", model.others)
      }
      .navigationTitle("ui.people")
      .task { await model.run() }
    }

    private func people(_ title: LocalizedStringKey, _ people: [PeopleModel.Entry]) -> some View {
      Section(title) {
        ForEach(people) { person in
          NavigationLink {
            PersonScreen(desk: desk, person: person.id)
          } label: {
            VStack(alignment: .leading, spacing: 4) {
              if let name = person.name {
                Text(verbatim: name).font(.headline)
              } else {
                Text("ui.people.nameless").font(.headline)
              }
              ForEach(person.hashtags, id: \.self) { Text(verbatim: "#\($0)").font(.footnote) }
              if let hint = person.hint { Text(hint).font(.footnote) }
            }
          }
        }
      }
    }
  }

  struct PersonScreen: View {
    @State private var model: PersonModel

    init(desk: Desk, person: Id) {
      _model = State(initialValue: PersonModel(desk: desk, person: person))
    }

    var body: some View {
      List {
        if let card = model.card { SeenCard(card: card) }
        ForEach(model.meetings, id: \.self) { Text($0).font(.footnote) }
        if let contact = model.contact {
          TextField("ui.met.memo", text: $model.memo)
          Button("ui.person.save") { Task { _ = await model.saveMemo() } }
          Section("ui.person.promises") {
            ForEach(contact.promises, id: \.self) { promise in
              Text(verbatim: promise.text)
              if !promise.kept {
                Button("ui.person.kept") { Task { await model.keep(promise) } }
              }
            }
            WriteLine(prompt: "ui.met.promise", act: "ui.met.add") {
              await model.promise($0, by: .mine)
            }
          }
        }
        ForEach(model.sessions, id: \.id) { Text(verbatim: $0.session.title) }
        ForEach(model.posts, id: \.id) { PostView(post: $0) }
        Section {
          if model.quiet == nil {
            Button("ui.person.mute") { Task { await model.be(.mute) } }
            Button("ui.person.block") { Task { await model.be(.block) } }
          } else {
            Button("ui.person.unmute") { Task { await model.be(nil) } }
          }
          if model.contact != nil {
            Button("ui.person.remove", role: .destructive) { Task { _ = await model.remove() } }
          }
        }
      }
      .navigationTitle(model.name ?? "")
      .task { await model.run() }
    }
  }
#endif
