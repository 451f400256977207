import Listings

/// Findings with what made them, as a file: a line each of engine and analysis, then CSV.
struct FindingsGolden {
    let engine: String
    let analysis: String
    let findings: [Row]

    /// What does not depend on the file, the run or the pipeline's fingerprint.
    struct Row: Equatable {
        static let columns = [
            "scan", "kind", "label", "confidence", "raw_confidence", "x", "y", "width", "height", "centroid_x",
            "centroid_y", "area_px", "area_um2",
        ]
        let fields: [String]

        /// Whether it is the same thing, seen by another processor: the box to 2 pixels, the confidence to 0.02, the area
        /// to 4 pixels and 2 %.
        func isNearly(_ other: Row) -> Bool {
            func isNear(_ column: Int, _ tolerance: Double) -> Bool {
                guard let a = Double(fields[column]), let b = Double(other.fields[column]) else {
                    return fields[column] == other.fields[column]
                }
                return abs(a - b) <= tolerance
            }
            return fields[..<3] == other.fields[..<3] && isNear(3, 0.02) && (5...8).allSatisfy { isNear($0, 2) }
                && isNear(11, 4 + 0.02 * (Double(fields[11]) ?? 0))
        }
    }

    /// - Parameter version: what `--version` prints.
    init(version: String, findings: [Row]) {
        let lines = version.split(separator: "\n").map(String.init)
        engine = lines.first { $0.hasPrefix("engine: ") } ?? ""
        analysis = lines.first { $0.hasPrefix("analysis: ") } ?? ""
        self.findings = findings
    }

    init(text: String) throws {
        let lines = text.split(separator: "\n", maxSplits: 2).map(String.init)
        self.init(version: lines.prefix(2).joined(separator: "\n"), findings: try Self.findings(inExport: lines[2]))
    }

    static func findings(inExport csv: String) throws -> [Row] {
        try CSVTable(parsing: Array(csv.utf8), required: Row.columns).records.map { record in
            Row(fields: Row.columns.map { record[$0] ?? "" })
        }
    }

    var text: String {
        ([engine, analysis, Row.columns.joined(separator: ",")] + findings.map { $0.fields.joined(separator: ",") })
            .joined(separator: "\n") + "\n"
    }
}
