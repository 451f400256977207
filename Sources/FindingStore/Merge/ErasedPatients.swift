import Findings
import GRDB
import Listings

/// The patients that were erased from a database, or from those that were merged into it, by the marks that audit chains keep.
struct ErasedPatients {
    /// A mark has a key of its own, so that it tells the patient in whichever chain it is.
    fileprivate struct Erasure: Hashable {
        let mark: PatientMark
        /// A text in the form of all moments.
        let at: String
    }

    private var erasures: Set<Erasure> = []

    init(_ db: Database) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT at, details FROM audit WHERE event IN ('deletion', 'merge') ORDER BY seq")
        while let row = try rows.next() {
            guard case .object(let members)? = try? JSONValue(parsing: try row.text("details")) else { continue }
            for member in members {
                switch (member.name, member.value) {
                case ("patient", let value):
                    if let mark = PatientMark(value) { erasures.insert(Erasure(mark: mark, at: try row.text("at"))) }
                case ("erased", .array(let values)): erasures.formUnion(values.compactMap(Erasure.init))
                default: break
                }
            }
        }
    }

    var isEmpty: Bool { erasures.isEmpty }

    /// For the entry of a merge.
    var json: JSONValue { .array(erasures.sorted { $0.at < $1.at }.map(\.json)) }

    mutating func formUnion(_ other: ErasedPatients) { erasures.formUnion(other.erasures) }

    func subtracting(_ other: ErasedPatients) -> ErasedPatients {
        var rest = self
        rest.erasures.subtract(other.erasures)
        return rest
    }

    func contains(_ patient: String) -> Bool { erasures.contains { $0.mark.matches(patient) } }

    /// How many of the patients would come back: those of whom a run saw a file before they were erased. Whom a run saw
    /// after that only was let in again by whoever left the files there.
    private func count(among patients: [SeenPatient]) -> Int {
        patients.count { patient in
            erasures.contains { patient.firstSeen < $0.at && $0.mark.matches(patient.name) }
        }
    }

    /// - Throws: `unusable` for a database with patients that would come back.
    func check(_ source: VerifiedSource, at path: String) throws(StoreError) {
        let count = count(among: source.patients)
        guard count > 0 else { return }
        throw StoreError(
            .unusable(.erasedPatients),
            "\(path.printable) holds \(people(count)) erased from the merged database, or from another that is merged: erase "
                + "them there too (`scanreport forget --patient ID --database` it), then merge it")
    }

    /// - Parameter patients: of the merged database.
    /// - Throws: `unusable` where it holds patients that were erased from the source at that path.
    func check(merged patients: [SeenPatient], at path: String) throws(StoreError) {
        let count = count(among: patients)
        guard count > 0 else { return }
        throw StoreError(
            .unusable(.erasedPatients),
            "the merged database holds \(people(count)) erased from \(path.printable): erase them in the merged database "
                + "too (`scanreport forget --patient ID --database` it), then merge")
    }

    private func people(_ count: Int) -> String {
        count == 1 ? "a patient that was" : "\(count) patients that were"
    }
}

extension ErasedPatients.Erasure {
    init?(_ value: JSONValue) {
        guard case .object(let members) = value,
            let mark = members.first(where: { $0.name == "patient" }).flatMap({ PatientMark($0.value) }),
            case .text(let text)? = members.first(where: { $0.name == "at" })?.value, let at = Timestamp(text)
        else { return nil }
        self.init(mark: mark, at: at.description)
    }

    var json: JSONValue { .object(["at": .text(at), "patient": mark.json]) }
}
