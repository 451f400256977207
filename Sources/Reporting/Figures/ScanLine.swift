import Findings

/// What the page of the night says of one scan; small, for there are a hundred thousand.
struct ScanLine {
    /// The page of its patient, with the place in it.
    let link: String
    let patient: String
    let scan: String
    let status: String
    let label: String?
    let confidence: Double?
    let failure: AnalysisFailure?
    let remarks: [String]
    let quality: [String: Double]
}

/// A patient's line on the page of the night.
struct PatientLine {
    let page: String
    let patient: String
    var scans = 0
    var failed = 0
    var withoutTissue = 0
    var rejected = 0
    /// Of scans by their grade.
    var labels: [String: Int] = [:]
    var outlines = 0

    mutating func add(_ line: ScanLine, outlines: Int) {
        scans += 1
        self.outlines += outlines
        switch line.status {
        case "failed": failed += 1
        case AnalysisResult.Status.noTissue.rawValue: withoutTissue += 1
        case AnalysisResult.Status.rejected.rawValue: rejected += 1
        default: if let label = line.label { labels[label, default: 0] += 1 }
        }
    }
}
