import Foundation
import Teilgeber
import Testing

@testable import TeilgeberKit

@MainActor
@Suite(.timeLimit(.minutes(3)))
struct NoteTests {
  @Test func whatSaysSavedIsThereAfterAKill() async throws {
    let ada = try await Phone("ada")
    let note = NoteModel(desk: ada.desk)
    #expect(await note.id() == nil)
    note.editor.text = "Merging 🦊"
    #expect(note.editor.word == Phrase("editor.saving"))
    try await until { note.editor.state == .saved }
    note.editor.text = "Merging 🦊 offline"
    await note.editor.save()
    #expect(note.editor.word == Phrase("editor.saved"))

    let again = try await ada.killed()
    let notes = NotesModel(desk: again.desk)
    try await again.showing({ await notes.run() }, until: { notes.isRead })
    #expect(notes.sections.flatMap(\.notes).map(\.title) == ["Merging 🦊 offline"])
    let id = try #require(await note.id())
    #expect(try await again.device.noteText(id: id) == "Merging 🦊 offline")
  }

  @Test func anErasedNoteComesBackForTenSecondsAndNotAfter() async throws {
    let ada = try await Phone("ada")
    let id = try await ada.device.createNote(note: Note(text: "mine"))
    let notes = NotesModel(desk: ada.desk)
    await notes.erase(id)
    #expect(notes.isEmpty)
    #expect(ada.desk.undo.says == Phrase("undo.note"))
    try await ada.desk.undo.undo()
    #expect(ada.desk.undo.says == nil)
    #expect(try await ada.device.noteText(id: id) == "mine")

    await notes.erase(id)
    ada.naps.end()
    try await until { ada.desk.undo.says == nil }
    try await ada.desk.undo.undo()
    await notes.choose(nil)
    #expect(notes.isEmpty)
  }

  @Test func notesAreListedByWhereTheyBelongAndByTag() async throws {
    let ada = try await Phone("ada")
    let event = try await ada.camp()
    _ = try await ada.device.createNote(note: Note(text: "alone", tags: ["crdt"]))
    _ = try await ada.device.createNote(note: Note(text: "there", event: event))
    let notes = NotesModel(desk: ada.desk)
    await notes.choose(nil)
    #expect(Set(notes.sections.map(\.title)) == ["Mill", nil])
    #expect(notes.tags == ["crdt"])
    await notes.choose("crdt")
    #expect(notes.sections.flatMap(\.notes).map(\.title) == ["alone"])

    await notes.anchor("ask Bob")
    let anchor = try #require(notes.anchors.first)
    await notes.finish(anchor)
    #expect(notes.anchors.isEmpty)
    try await ada.desk.undo.undo()
    await notes.choose(nil)
    #expect(notes.anchors.map(\.anchor.words) == ["ask Bob"])
  }

  @Test func aChecklistIsTickedInTheText() async throws {
    let note = NoteModel(desk: try await Phone("ada").desk)
    note.editor.text = "Bring"
    note.append(.item)
    note.editor.text += "coffee"
    note.tick(line: 1)
    #expect(note.editor.text == "Bring\n- [x] coffee")
    note.tick(line: 1)
    note.tick(line: 0)
    note.tick(line: 9)
    #expect(note.editor.text == "Bring\n- [ ] coffee")
  }

  @Test func twoWriteInOnePadAndBothStay() async throws {
    let (ada, bob) = (try await Phone("ada"), try await Phone("bob"))
    let event = try await ada.camp()
    let session = try await ada.device.pitchSession(event: event, session: Session(title: "Pads"))
    let here = SessionModel(desk: ada.desk, id: session)
    here.pad.text = "Hello"
    await here.pad.save()
    try await bob.joins(event, of: ada)
    let there = SessionModel(desk: bob.desk, id: session)
    try await bob.showing({ await there.run() }, until: { there.pad.text == "Hello" })
    here.pad.text = "Hello from Ada"
    there.pad.text = "Bob says: Hello"
    await here.pad.save()
    await there.pad.save()
    try await bob.sync(ada)
    try await here.pad.refresh()
    try await there.pad.refresh()
    #expect(here.pad.text == "Bob says: Hello from Ada")
    #expect(there.pad.text == here.pad.text)
  }
}
