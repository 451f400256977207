import Findings
import FoundationEssentials
import GRDB
import Listings

extension FindingStore {
    /// Erases a patient: the files, the scans that nobody else has, their analyses, findings and reviews, and the backups
    /// of older schemas. The audit chain says so, without the patient's id. Then the file is written anew, without what
    /// was deleted. Takes twice the database's size on the disk meanwhile.
    ///
    /// Where the last part is cut short, the same call does it again.
    ///
    /// - Returns: nil where neither the database holds such a patient, nor one of that id was ever erased from it, or from
    ///   one that was merged into it.
    /// - Throws: `busy` where a reader keeps the old pages: what was deleted is no row any more, but still in the file.
    public func forget(patient: String) throws(StoreError) -> Erasure? {
        // First, while it is known which findings go: where the rest is cut short, the same call goes on.
        let findings = try read { db in try ErasurePlan(patient: patient, db)?.findings(db) }
        let reviews = try findings.map { findings throws(StoreError) in try eraseReviews(of: findings) } ?? 0
        let plan = try write { db in
            let plan = try ErasurePlan(patient: patient, db)
            try plan?.carryOut(db)
            return plan
        }
        if plan == nil {
            guard try wasErased(patient) else { return nil }
        }
        try rewriteFile()
        let backups = try schema.removeBackups(of: path)
        return Erasure(plan, reviews: reviews, removedBackups: backups)
    }

    private func wasErased(_ patient: String) throws(StoreError) -> Bool {
        try read { db in
            let erased = try ErasedPatients(db)
            return erased.contains(patient) || erased.contains(Patient.id(writtenAs: patient))
        }
    }

    /// Leaves no deleted row in the file's free space, nor in the log.
    private func rewriteFile() throws(StoreError) {
        do {
            try database.inDatabase { db in
                // In memory, the copy that SQLite makes would be as large as the database.
                try db.execute(sql: "PRAGMA temp_store = FILE")
                defer { try? db.execute(sql: "PRAGMA temp_store = MEMORY") }
                try db.execute(sql: "VACUUM")
                let checkpoint = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                guard try checkpoint?.integer("busy") == 0 else {
                    throw StoreError(
                        .busy,
                        "the patient is erased, but another process still reads the pages of before: try again later")
                }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

extension Erasure {
    fileprivate init(_ plan: ErasurePlan?, reviews: Int, removedBackups: Int) {
        self.init(
            scans: plan?.scans.count ?? 0, analyses: plan?.analyses.count ?? 0, findings: plan?.findingCount ?? 0,
            reviews: reviews,
            files: plan?.sightings.count ?? 0, keptScans: plan?.keptScanCount ?? 0,
            redactedRuns: plan?.redactions.count ?? 0, removedBackups: removedBackups)
    }
}
