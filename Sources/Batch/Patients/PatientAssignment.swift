import Findings

/// Says whom each scan is of: the manifest where it names the scan, then the pattern where it matches, then the
/// name of the folder that holds the scan.
public struct PatientAssignment {
    private let manifest: Manifest?
    private let pattern: PatientPattern?
    private let isStrict: Bool

    /// - Parameter isStrict: whether the manifest has to name every scan, and nothing else.
    public init(manifest: Manifest? = nil, pattern: PatientPattern? = nil, isStrict: Bool = false) {
        self.manifest = manifest
        self.pattern = pattern
        self.isStrict = isStrict
    }

    /// Whether one scan's patient depends on what other scans there are.
    var needsAllScans: Bool { manifest != nil }

    /// What is known of the scans, in their order.
    struct Assigned {
        /// Of each scan, never empty; more than one where the manifest names the scan for several patients.
        var patients: [[Patient]]
        /// In micrometres per level-0 pixel, where the manifest gives it.
        var spacings: [Double?]
        /// What a person should know of the manifest.
        var notices: [Notice] = []
    }

    /// - Throws: `unusableManifest` where the manifest and the scans are to be the same and are not.
    func assigned(to scans: [DiscoveredScan]) throws(BatchError) -> Assigned {
        guard let manifest else {
            return Assigned(
                patients: scans.map { [unnamedPatient(of: $0)] },
                spacings: Array(repeating: nil, count: scans.count))
        }
        let match = ManifestMatch(manifest, scans)
        var assigned = Assigned(
            patients: zip(scans, match.rows).map { scan, rows in
                let ids = distinct(rows.compactMap(\.patient))
                return ids.isEmpty
                    ? [unnamedPatient(of: scan)]
                    : ids.map { Patient(id: $0, source: .manifest) }
            },
            spacings: match.rows.map { $0.lazy.compactMap(\.spacing).first })
        assigned.notices = notices(of: match, manifest, scans)
        if isStrict, let problem = assigned.notices.first(where: \.kind.needsSomebody) {
            throw BatchError(.unusableManifest, "nothing was started (--manifest-strict): \(problem.sentence)")
        }
        return assigned
    }

    /// Whom an input that could not be reached would have been of.
    func patient(of input: UnreachableInput) -> Patient {
        unnamedPatient(path: input.path, folder: input.folder)
    }

    private func notices(of match: ManifestMatch, _ manifest: Manifest, _ scans: [DiscoveredScan]) -> [Notice] {
        func lines(_ rows: [ManifestRow]) -> [String] { rows.map { "line \($0.line)" } }
        func marks(_ isMeant: ([ManifestRow]) -> Bool) -> [String] {
            zip(scans, match.rows).filter { isMeant($1) }.map { $0.0.mark }
        }
        // A manifest without any patient is a list of spacings.
        let namesPatients = manifest.rows.contains { $0.patient != nil }
        let several = match.rows.filter { distinct($0.compactMap(\.patient)).count > 1 }.flatMap(\.self)
        return [
            Notice(.rowOfNoScan, lines(match.unmatched)),
            Notice(.rowOfSeveralScans, lines(match.ambiguous)),
            Notice(.scanOfNoRow, marks(\.isEmpty)),
            Notice(.rowOfNoPatient, marks { namesPatients && !$0.isEmpty && $0.allSatisfy { $0.patient == nil } }),
            Notice(.rowsOfSeveralPatients, lines(several)),
            Notice(.rowMatchedByName, lines(match.matchedByName)),
            Notice(.patientsAlike, lines(alike(match.rows))),
            Notice(.patientsOfSpreadsheet, lines(doubtful(match.rows))),
        ].compactMap(\.self)
    }

    /// The first row of each patient whose id looks like another's.
    private func alike(_ rows: [[ManifestRow]]) -> [ManifestRow] {
        Dictionary(grouping: firstRows(rows), by: { Patient.likeness(ofID: $0.key) }).values
            .filter { $0.count > 1 }.joined().map(\.value).sorted { $0.line < $1.line }
    }

    /// The first row of each patient whose id a spreadsheet may have changed.
    private func doubtful(_ rows: [[ManifestRow]]) -> [ManifestRow] {
        let first = firstRows(rows)
        return SpreadsheetDoubt.doubtful(Set(first.keys)).compactMap { first[$0] }.sorted { $0.line < $1.line }
    }

    /// By patient.
    private func firstRows(_ rows: [[ManifestRow]]) -> [String: ManifestRow] {
        var first: [String: ManifestRow] = [:]
        for row in rows.joined() {
            guard let patient = row.patient else { continue }
            if let known = first[patient], known.line <= row.line { continue }
            first[patient] = row
        }
        return first
    }

    /// Where no manifest names the scan.
    func unnamedPatient(of scan: DiscoveredScan) -> Patient {
        unnamedPatient(path: scan.path, folder: scan.folder)
    }

    private func unnamedPatient(path: ScanPath, folder: String) -> Patient {
        if let id = pattern?.patient(in: path.text) { return Patient(id: id, source: .pattern) }
        let id = Patient.id(writtenAs: folder)
        return Patient(id: id.isEmpty ? folder : id, source: .folder)
    }
}

/// Each once, in the order in which they came.
private func distinct(_ ids: [String]) -> [String] {
    var seen: Set<String> = []
    return ids.filter { seen.insert($0).inserted }
}
