import Exports
import FindingStore
import Findings
import Listings

/// Pages that people look at: a night, and each of its patients, as static files in a folder. `index.html` comes last, so that
/// where it is, all of them are.
///
/// No name of a file, and no link, says who a patient is: pages are numbered in the order of the listing. Patient by patient,
/// from one view of the database: memory does not grow with the number of scans, but for a line of each.
public struct Report: Sendable {
    /// What the audit chain calls it.
    public static let name = "report"

    private let folder: String

    public init(folder: String) {
        self.folder = folder
    }

    /// - Throws: `ExportError`, or `StoreError` where the database cannot be read.
    public func write(_ question: ExportQuestion) throws {
        try createFolder(folder)
        EarlierReport.remove(from: folder)
        try question.store.snapshot {
            var pages = try ReportPages(question, folder: folder)
            try pages.write()
        }
    }
}
