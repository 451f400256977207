import Findings
import GRDB
import Listings

/// What a database says of itself, held against its audit chain and its schema.
public struct StoreVerification: Sendable, Hashable {
    /// Those of the file, of the chain, then those of rows in the order of the chain; the first thousand.
    public let irregularities: [Irregularity]
    public let auditEntries: Int
    /// The hash of the chain's last entry. Noted somewhere else, it shows later that no entry before it was changed.
    public let head: ContentHash?
    public let analyses: Int
    public let findings: Int
    /// What could not be checked, and why: one sentence each.
    public let remarks: [String]
}

extension FindingStore {
    /// Reads every row again: whether the file is sound, the schema this program's, the chain unbroken, and every row
    /// what its entry vouches for. One consistent view; a batch may go on meanwhile.
    ///
    /// - Parameter earlierHead: a head that the chain had at some time.
    /// - Throws: where the file cannot be read at all. What is damaged is an irregularity.
    public func verify(earlierHead: ContentHash? = nil) throws(StoreError) -> StoreVerification {
        try read { db in
            var irregularities = Irregularities()
            var remarks: [String] = []
            try irregularities.collect { try FileInspection(schema: schema).inspect(db, &$0) }
            var chain = ChainInspection()
            if schema.version >= Schema.firstWithAudit {
                try irregularities.collect { try chain.inspect(db, earlierHead: earlierHead, &$0) }
                try irregularities.collect { try RowInspection(db, schema: schema).inspect(&$0) }
                try irregularities.collect { remarks += try CatalogueInspection.inspect(db, &$0) }
            } else {
                remarks.append("the database has no audit chain so far: the next run begins one")
            }
            try irregularities.collect { try FindingIDInspection.inspect(db, &$0) }
            return StoreVerification(
                irregularities: irregularities.list, auditEntries: chain.entryCount, head: chain.head,
                analyses: irregularities.count("analyses", db), findings: irregularities.count("findings", db),
                remarks: remarks)
        }
    }
}

/// The irregularities so far.
struct Irregularities {
    private(set) var list: [Irregularity] = []
    private static let limit = 1000

    mutating func note(_ place: String, _ problem: String) {
        guard list.count < Self.limit else { return }
        let isLast = list.count == Self.limit - 1
        list.append(
            isLast ? Irregularity("further rows", "there is more that is not listed") : Irregularity(place, problem))
    }

    /// Goes on with the next inspection where a damaged file ends one.
    mutating func collect(_ inspection: (inout Irregularities) throws -> Void) throws {
        do {
            try inspection(&self)
        } catch let error as DamagedRow {
            note("database", "a value in column \(error.column) is impossible")
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_FORMAT, .SQLITE_NOTADB, .SQLITE_TOOBIG:
                note("database", (error.message ?? error.resultCode.description).printable)
            default: throw error
            }
        }
    }

    /// 0 for a table that cannot be read.
    fileprivate func count(_ table: String, _ db: Database) -> Int {
        (try? Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)")) ?? 0
    }
}
