import Findings
import GRDB
import Listings

/// A database that is to be merged, held against whoever would write it.
struct MergeSource {
    let file: DatabaseFile
    /// Of its audit chain.
    let head: ContentHash
    private let lock: HeldLock?

    /// - Throws: `busy` where a run writes it; `missing`, or `unusable` for what is no database with an audit chain.
    init(at path: String) throws(StoreError) {
        let store = try FindingStore.openForReading(at: path)
        file = try DatabaseFile(at: path)
        lock = try MergeSource.lock(file)
        guard store.schema.version >= Schema.firstWithAudit else {
            throw StoreError(
                .unusable(.unfinished),
                "\(path.printable) has no audit chain so far: any `run --database` on it begins one, then merge it")
        }
        head = try store.read { try AuditChain.head($0).hash }
        try store.close()
    }

    /// Nobody writes where no writer has ever left its lock, or where none can.
    private static func lock(_ file: DatabaseFile) throws(StoreError) -> HeldLock? {
        guard try DatabaseFile(at: WriterLock.path(of: file.path)).exists else { return nil }
        do throws(StoreError) {
            return HeldLock(try WriterLock(database: file.path, briefly: false))
        } catch  where error.kind == .cannotCreate {
            return nil
        }
    }

    /// Reads every row of it.
    ///
    /// - Parameter copy: where a copy is made of one that cannot be attached as it is, and an older one brought up to date.
    /// - Throws: `unusable` for what the audit chain does not vouch for, or is not at its end.
    func verified(copy: DatabaseFile) throws(StoreError) -> VerifiedSource {
        let store = try FindingStore.openForReading(at: file.path)
        let name = file.path.printable
        guard try !store.read({ try CatalogueInspection.isRunOpen($0) }) else {
            throw StoreError(
                .unusable(.unfinished),
                "\(name) is not finished: its last run, or merge, was cut short; do that again, then merge it")
        }
        if let first = try store.verify().irregularities.first {
            throw StoreError(
                .unusable(.damaged),
                "\(name) is not what its audit chain vouches for: \(first.place): \(first.problem) (`scanreport verify "
                    + "--database` lists all)")
        }
        let runs = try SourceRun.all(of: store)
        let (patients, erased) = try store.read { (try SeenPatient.all(in: $0), try ErasedPatients($0)) }
        var attached = file
        var attachedHead = head
        let isOlder = store.schema.version < Schema.current.version
        // A log without its index can be read by a connection that reads nothing else.
        if isOlder || ReadingMode(of: file) == .unindexedLog {
            try store.backUp(to: copy.path)
            if isOlder {
                let current = try FindingStore.openForWriting(at: copy.path)
                attachedHead = try current.read { try AuditChain.head($0).hash }
                try current.close()
            }
            attached = copy
        }
        try store.close()
        return VerifiedSource(
            location: ReadingMode(of: attached).readOnlyLocation(of: attached), attachedHead: attachedHead, head: head,
            runs: runs, patients: patients, erased: erased)
    }
}

/// A database of which every row is what its audit chain vouches for.
struct VerifiedSource {
    /// For ATTACH.
    let location: String
    /// Of the chain in what is attached.
    let attachedHead: ContentHash
    /// Of the chain in the database itself.
    let head: ContentHash
    /// By number.
    let runs: [SourceRun]
    let patients: [SeenPatient]
    let erased: ErasedPatients
}

/// A patient of a database, and since when.
struct SeenPatient {
    let name: String
    /// When the first run that saw a file of theirs began: a text in the form of all moments.
    let firstSeen: String

    static func all(in db: Database) throws -> [SeenPatient] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT p.name, min(r.started_at) AS first_seen
                FROM sightings v JOIN patients p ON p.id = v.patient_id JOIN runs r ON r.id = v.first_run_id GROUP BY p.id
                """
        ).map { SeenPatient(name: try $0.text("name"), firstSeen: try $0.text("first_seen")) }
    }
}
