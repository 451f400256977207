import Findings
import GRDB
import Listings

/// The patients that were erased from a database, by the marks that its audit chain keeps of them.
struct ErasedPatients {
    private let marks: [(mark: PatientMark, at: String)]

    init(_ db: Database) throws {
        marks = try Row.fetchAll(db, sql: "SELECT at, details FROM audit WHERE event = 'deletion'").compactMap { row in
            guard case .object(let members)? = try? JSONValue(parsing: try row.text("details")),
                let mark = members.first(where: { $0.name == "patient" }).flatMap({ PatientMark($0.value) })
            else { return nil }
            return (mark, try row.text("at"))
        }
    }

    func contains(_ patient: String) -> Bool { marks.contains { $0.mark.matches(patient) } }

    /// How many of the patients would come back: those of whom a run saw a file before they were erased. Whom a run saw
    /// after that only was let in again by whoever left the files there.
    func count(among patients: [SourcePatient]) -> Int {
        marks.isEmpty
            ? 0
            : patients.count { patient in marks.contains { patient.firstSeen < $0.at && $0.mark.matches(patient.name) }
            }
    }

    /// - Throws: `unusable` for a database with patients that would come back.
    func check(_ source: VerifiedSource, at path: String) throws(StoreError) {
        let count = count(among: source.patients)
        guard count > 0 else { return }
        let whom = count == 1 ? "a patient that was" : "\(count) patients that were"
        throw StoreError(
            .unusable(.erasedPatients),
            "\(path.printable) holds \(whom) erased from the merged database: erase them there too (`scanreport forget "
                + "--patient ID --database` it), then merge it")
    }
}
