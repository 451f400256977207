import FindingStore
import Findings
import Listings

/// Under which names patients, scans and moments are on the pages.
package struct ReportNames {
    let pseudonyms: Pseudonyms?

    package init(pseudonyms: Pseudonyms?) {
        self.pseudonyms = pseudonyms
    }

    func patient(_ id: String) -> String { pseudonyms?.patient(id) ?? id }

    func path(_ path: String) -> String { pseudonyms?.path(path) ?? path }

    func scan(_ sha256: ContentHash) -> String { (pseudonyms?.scan(sha256) ?? sha256).hexadecimal }

    /// The day or, under pseudonyms, the year.
    func day(_ moment: Timestamp) -> String { pseudonyms == nil ? moment.day : String(moment.day.prefix(4)) }

    func minute(_ moment: Timestamp) -> String { pseudonyms == nil ? moment.minute : String(moment.day.prefix(4)) }
}

/// Words of the database in those of people.
package enum Words {
    package static func failure(_ code: AnalysisFailure.Code) -> String {
        switch code {
        case .malformed: "The file is damaged"
        case .unsupported: "The file, or what it shows, is of a kind that is not supported"
        case .limit: "The file asks for more than the limits allow"
        case .inputOutput: "The file could not be read"
        case .changed: "The file changed while it was read"
        case .unknownSpacing: "The file does not tell its spacing"
        case .degenerateOutput: "The network's answer is not believable"
        case .outOfMemory: "The analysis needed more memory than it may have"
        case .timeout: "The analysis took too long"
        case .crashed: "The analysis crashed"
        case .killed: "The analysis was ended from outside"
        case .protocol: "The worker's answer was refused"
        case .defect: "A defect of the program"
        }
    }

    package static func spacing(_ source: RecordedSpacing.Source) -> String {
        switch source {
        case .manifest: "from the manifest"
        case .assumed: "ASSUMED: nobody measured it"
        case .unknown: "unknown"
        case .magnification: "estimated from the magnification"
        case .resolutionTags: "from the file's resolution tags"
        default: "from the file (\(source.rawValue))"
        }
    }

    package static func ending(_ ending: RunEnding?) -> String {
        switch ending {
        case .completed: "came to its end"
        case .deadline: "stopped at its deadline"
        case .interrupted: "was interrupted"
        case nil: "has not ended, or was killed"
        }
    }
}
