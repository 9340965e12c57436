import Observation
import Teilgeber

/// Rides, beds and others, by day.
@MainActor
@Observable
public final class OffersModel {
  /// What holds on one day.
  public struct DayOffers: Identifiable, Hashable {
    public let day: String
    public let offers: [OfferRecord]

    public var id: String { day }
  }

  public private(set) var event: EventRecord?
  public private(set) var days: [DayOffers] = []
  /// Who asks for what I offer, and waits.
  public private(set) var asked: [SeatRecord] = []
  public private(set) var mine: [SeatRecord] = []
  public private(set) var isRead = false
  public var kind: OfferKind?

  public var isEmpty: Bool { isRead && kind == nil && days.isEmpty }

  private let desk: Desk

  public init(desk: Desk) {
    self.desk = desk
  }

  public func run() async {
    await desk.watch(Filter(kinds: [.offer, .seatRequest, .event])) { try await read() }
  }

  public func choose(_ kind: OfferKind?) async {
    self.kind = kind
    await desk.attempt { try await read() }
  }

  /// Offers something; everybody in the event sees it. It holds as long as such a thing usually does.
  public func make(_ offering: Offering, text: String) async -> Bool {
    await desk.attempt {
      guard let event else { return }
      let until = try await desk.device.offerEnds(event: event.id, offering: offering)
      _ = try await desk.device.makeOffer(
        event: event.id, offer: Offer(offering: offering, text: text, until: until))
      try await read()
    }
  }

  public func withdraw(_ offer: OfferRecord) async {
    await desk.attempt {
      try await desk.undo.erase(.offer, offer.id, says: Phrase("undo.offer"))
      try await read()
    }
  }

  public func ask(_ offer: OfferRecord, places: UInt8, word: String) async -> Bool {
    await desk.attempt {
      _ = try await desk.device.askForSeat(offer: offer.id, places: places, word: word)
      try await read()
    }
  }

  public func answer(_ request: SeatRecord, yes: Bool) async {
    await desk.attempt {
      try await desk.device.answerSeat(request: request.id, yes: yes)
      try await read()
    }
  }

  /// How many places are left, in words.
  public func left(_ offer: OfferRecord) -> Phrase? {
    offer.free.map { $0 == 0 ? Phrase("offers.full") : Phrase("offers.free", .number(Int($0))) }
  }

  /// What became of a request, in words.
  public func state(_ request: SeatRecord) -> Phrase {
    switch request.state {
    case .asked: Phrase("offers.asked")
    case .yes: Phrase("offers.yes")
    case .no: Phrase("offers.no")
    case .withdrawn: Phrase("offers.withdrawn")
    case .over: Phrase("offers.over")
    }
  }

  private func read() async throws {
    event = try await desk.currentEvent()
    guard let event else {
      isRead = true
      return
    }
    let device = desk.device
    let offers = try await device.offers(
      event: event.id, filter: OfferFilter(kind: kind), now: desk.now)
    var days: [DayOffers] = []
    for offer in offers {
      let day = event.moments.day(offer.offer.begins)
      let before = days.last?.day == day ? days.removeLast().offers : []
      days.append(DayOffers(day: day, offers: before + [offer]))
    }
    self.days = days
    asked = try await device.seatRequestsToMe(event: event.id).filter { $0.state == .asked }
    mine = try await device.mySeatRequests(event: event.id)
    isRead = true
  }
}

extension Offer {
  /// The day under which it is listed.
  var begins: Millis {
    if case .ride(_, _, let when, _) = offering { return when }
    return until
  }

  /// What it is, in words.
  public var title: Phrase {
    switch offering {
    case .ride(let from, let to, _, _): Phrase("offers.ride", .text(from), .text(to))
    case .bed(let from, let until, _): Phrase("offers.bed", .text(from), .text(until))
    case .tip(let title), .other(let title, _): Phrase("offers.other", .text(title))
    }
  }
}
