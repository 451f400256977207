import Findings

/// Says whom each scan is of: the manifest where it names the scan, then the pattern where it matches, then the
/// name of the folder that holds the scan.
public struct PatientAssignment {
    private let manifest: Manifest?
    private let pattern: PatientPattern?

    public init(manifest: Manifest? = nil, pattern: PatientPattern? = nil) {
        self.manifest = manifest
        self.pattern = pattern
    }

    /// Never empty; more than one where the manifest names the scan for several patients.
    func patients(of scan: DiscoveredScan) -> [Patient] {
        let named = manifest?.entries(for: scan).compactMap(\.patient) ?? []
        guard named.isEmpty else {
            var seen: Set<String> = []
            return named.filter { seen.insert($0).inserted }.map { Patient(id: $0, source: .manifest) }
        }
        return [unnamedPatient(path: scan.path, folder: scan.folder)]
    }

    /// Whom an input that could not be reached would have been of.
    func patient(of input: UnreachableInput) -> Patient {
        unnamedPatient(path: input.path, folder: input.folder)
    }

    /// In micrometres per level-0 pixel, where the manifest gives it.
    func spacing(of scan: DiscoveredScan) -> Double? {
        manifest?.entries(for: scan).lazy.compactMap(\.spacing).first
    }

    /// How many rows of the manifest name none of the scans.
    func unmatchedRows(_ scans: [DiscoveredScan]) -> Int {
        manifest?.unmatchedRows(scans) ?? 0
    }

    private func unnamedPatient(path: String, folder: String) -> Patient {
        if let id = pattern?.patient(in: path) { return Patient(id: id, source: .pattern) }
        return Patient(id: folder, source: .folder)
    }
}
