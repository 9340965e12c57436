#if canImport(SwiftUI)
  import SwiftUI
  import TeilgeberKit

  /// Rides, beds and others by day, then topics.
  struct OffersScreen: View {
    @State private var offers: OffersModel
    @State private var topics: TopicsModel
    @State private var topic = ""

    init(desk: Desk) {
      _offers = State(initialValue: OffersModel(desk: desk))
      _topics = State(initialValue: TopicsModel(desk: desk))
    }

    var body: some View {
      List {
        if offers.isEmpty { Text("ui.offers.empty") }
        ForEach(offers.days) { day in
          Section(day.day) {
            ForEach(day.offers, id: \.id) { offer in
              Text(offer.offer.title).font(.headline)
              Text(verbatim: offer.offer.text)
              if let left = offers.left(offer) { Text(left).font(.footnote) }
              if !offer.mine, offer.free ?? 0 > 0 {
                Button("ui.offers.ask") {
                  Task { _ = await offers.ask(offer, places: 1, word: "") }
                }
              }
            }
          }
        }
        ForEach(offers.mine, id: \.id) { Text(offers.state($0)).font(.footnote) }
        if !offers.asked.isEmpty {
          Section("ui.offers.asking") {
            ForEach(offers.asked, id: \.id) { request in
              Text(verbatim: "\(request.name ?? ""): \(request.word)")
              Button("ui.offers.yes") { Task { await offers.answer(request, yes: true) } }
              Button("ui.offers.no") { Task { await offers.answer(request, yes: false) } }
            }
          }
        }
        topicList
      }
      .navigationTitle("ui.offers")
      .task { await offers.run() }
      .task { await topics.run() }
    }

    @ViewBuilder private var topicList: some View {
      if topics.isEmpty { Text("ui.topics.empty") }
      Section {
        TextField("ui.topics.topic", text: $topic)
        Button("ui.topics.offer") { Task { if await topics.say(topic, .offer) { topic = "" } } }
          .disabled(topic.isEmpty)
        Button("ui.topics.want") { Task { if await topics.say(topic, .want) { topic = "" } } }
          .disabled(topic.isEmpty)
      }
      ForEach(topics.emerging, id: \.topic.topic) { emerging in
        Text(verbatim: emerging.topic.topic).font(.headline)
        ForEach(emerging.why, id: \.self) { Text($0.says).font(.footnote) }
      }
      ForEach(topics.topics, id: \.topic) { topic in
        Section(topic.topic) {
          Text("ui.topics.offered").font(.footnote)
          ForEach(topic.offeredBy, id: \.person) { Text(verbatim: $0.name ?? "") }
          Text("ui.topics.wanted").font(.footnote)
          ForEach(topic.wantedBy, id: \.person) { Text(verbatim: $0.name ?? "") }
        }
      }
    }
  }
#endif
